"""The style test's rules about the text itself: banned calls, sizes, leftovers."""

import ast
import re

from tree import Finding

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 70

# What is banned, why, the pattern, where it is all the same at home. Patterns meet code only, without
# comments and literals.
BANNED_IN_CPP = [
    ("a raw clock (time comes from base/clock.h, or inside events)",
     r"\b(system_clock|steady_clock|high_resolution_clock|clock_gettime|gettimeofday)\b|\bstd::time\(",
     r"^routerd/(base/clock|ctl/)|^load-tests/|^tests/"),
    ("sleeping (wait for an event or for a condition)",
     r"\b(sleep_for|sleep_until|usleep|nanosleep)\b|(?<![\w.])sleep\(", None),
    ("chance that no seed can repeat", r"\brandom_device\b|(?<![\w.>])s?rand\(", None),
    ("chance (it comes inside events)", r"\b(mt19937(_64)?|default_random_engine|minstd_rand0?)\b",
     r"^routerd/sim/|^load-tests/|^tests/"),
    ("starting another program", r"(?<![\w.>:])(std::)?(system|popen)\(", r"^tests/"),
    ("printing from a library (return it, or log it)",
     r"(?<!\w)(std::)?(printf|fprintf|puts|fputs|putchar)\(|\bstd::(cout|cerr|clog)\b",
     r"^routerd/(daemon|ctl)/|^load-tests/|^tests/"),
    ("a thread here", r"\bstd::(jthread|async\()|\bstd::thread(?!::)\b|\bpthread_create\b",
     r"^routerd/(engine|daemon|api|publish)/|^load-tests/|^tests/"),
]
BANNED_IN_SCRIPTS = [
    ("sleeping (wait for an event or for a condition)",
     r"\btime\.sleep\(|\basyncio\.sleep\(|\bPromise\([^;]*setTimeout\(|^\s*sleep\s"),
]
# Put together from halves, so that this file does not find itself.
LEFTOVER = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.}])/(wo" r"rk|ro" r"ot|ho" r"me)/")
REGISTRY = re.compile(r"registry\.npm" r"js|registry\.yarn" r"pkg|deb\.deb" r"ian\.org|py" r"pi\.org"
                      r"|python" r"hosted\.org|proxy\.go" r"lang|cra" r"tes\.io")


def check_banned_calls(tree):
    for path in tree.matching(r"\.(h|cc)$"):
        for what, pattern, home in BANNED_IN_CPP:
            if home and re.search(home, path):
                continue
            for number, line in enumerate(tree.code(path), 1):
                if re.search(pattern, line):
                    yield Finding(path, number, what)
    for path in tree.matching(r"\.(py|js|sh)$|^dev$|^\.ci/"):
        for what, pattern in BANNED_IN_SCRIPTS:
            for number, line in enumerate(tree.lines(path), 1):
                if re.search(pattern, line):
                    yield Finding(path, number, what)


def check_file_sizes(tree):
    for path in tree.matching(r"\.(h|cc|py|js|proto)$|^dev$|CMakeLists\.txt$"):
        if (size := len(tree.lines(path))) > MAX_FILE_LINES:
            yield Finding(path, 0, f"{size} lines; more than {MAX_FILE_LINES} hold a second idea")


def check_cpp_functions(tree):
    """A function at file or namespace scope ends with a } in the first column."""
    for path in tree.matching(r"\.(h|cc)$"):
        start = None
        for number, line in enumerate(tree.code(path), 1):
            if re.match(r"[A-Za-z~\[]", line) and not re.match(r"(namespace|extern)\b", line):
                start = number
                kind = line
            elif line.startswith("}") and start is not None:
                is_type = re.match(r"(class|struct|enum|union|constexpr .*=|const .*=)", kind)
                if not is_type and not line.startswith("};") and number - start > MAX_FUNCTION_LINES:
                    yield Finding(path, start, f"a function of {number - start + 1} lines")
                start = None


def check_python(tree):
    for path in tree.matching(r"\.py$"):
        for node in ast.walk(ast.parse(tree.text(path), path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if (size := node.end_lineno - node.lineno + 1) > MAX_FUNCTION_LINES:
                    yield Finding(path, node.lineno, f"a function of {size} lines")


def check_headers(tree):
    for path in tree.matching(r"\.h$"):
        directives = [line for line in tree.lines(path) if line.startswith("#")]
        if not directives or directives[0] != "#pragma once":
            yield Finding(path, 1, "a header starts with #pragma once")
        declares = re.sub(r"(?m)^\s*#(?:.*\\\n)*.*$", "", "\n".join(tree.code(path))).strip()
        if (folder := re.match(r"routerd/(\w+)/", path)) and declares:
            # What everybody uses stands in routerd itself.
            space = "routerd" if folder[1] == "base" else f"routerd::{folder[1]}"
            if not re.search(rf"^namespace {space}\b", tree.text(path), re.MULTILINE):
                yield Finding(path, 1, f"what routerd/{folder[1]} declares is in namespace {space}")


def check_names(tree):
    for path in tree.matching(r"\.(c|cc|cpp|cxx|h|hh|hpp)$"):
        if not re.fullmatch(r"[a-z0-9_]+\.(h|cc)", path.split("/")[-1]):
            yield Finding(path, 0, "C++ files are called snake_case.h or snake_case.cc")


def check_leftovers(tree):
    for path in tree:
        for number, line in enumerate(tree.lines(path), 1):
            if LEFTOVER.search(line):
                yield Finding(path, number, "left open in the text: finish it or file it")
            if MACHINE_PATH.search(line):
                yield Finding(path, number, "a path of one machine")
            if REGISTRY.search(line):
                yield Finding(path, number, "a package registry's host; the machine's own settings name it")


RULES = [
    check_banned_calls, check_file_sizes, check_cpp_functions, check_python, check_headers, check_names,
    check_leftovers,
]
