"""The files that the style test looks at, and what it says about them."""

import dataclasses
import functools
import pathlib
import re

SKIPPED = {".git", "build", "node_modules", "__pycache__"}


@dataclasses.dataclass(frozen=True)
class Finding:
    """line 0 = the file or folder as a whole"""

    path: str
    line: int
    what: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.what}" if self.line else f"{self.path}: {self.what}"


class Tree:
    """The project's text files, by their path below the root; read once each."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self._paths = sorted(self._walk(self.root))
        self._set = set(self._paths)

    def _walk(self, folder):
        for path in folder.iterdir():
            if path.name in SKIPPED or path.is_symlink():
                continue
            if path.is_dir():
                yield from self._walk(path)
            elif b"\0" not in path.read_bytes()[:4096]:
                yield path.relative_to(self.root).as_posix()

    def __iter__(self):
        return iter(self._paths)

    def __len__(self):
        return len(self._paths)

    def __contains__(self, path):
        return path in self._set

    def matching(self, pattern):
        """The paths in which the pattern is found."""
        found = re.compile(pattern)
        return [path for path in self._paths if found.search(path)]

    @functools.cache  # pylint: disable=method-cache-max-size-none
    def text(self, path):
        return (self.root / path).read_text(encoding="utf-8", errors="replace")

    def lines(self, path):
        return self.text(path).splitlines()

    @functools.cache  # pylint: disable=method-cache-max-size-none
    def code(self, path):
        """The lines of a C++ file without what stands in comments and literals."""
        return strip_cpp(self.text(path)).splitlines()


NOT_CODE = re.compile(
    r'R"(?P<mark>[^()\s\\]*)\(.*?\)(?P=mark)"'      # raw string
    r"|//[^\n]*"
    r"|/\*.*?\*/"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.[^'\n]*|[^'\\\n])'",  # not the ' of 1'000
    re.DOTALL)


def strip_cpp(text):
    """Blanks comments and literals; every line keeps its number."""
    return NOT_CODE.sub(lambda match: "\n" * match[0].count("\n"), text)
