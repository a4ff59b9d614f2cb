#!/usr/bin/python3
"""The public API keeps its promises: every command in both forms, words and times alike everywhere.

Reads the environment variables SOURCE_DIR and DESCRIPTORS (a FileDescriptorSet of all .proto files).
"""

import os
import pathlib
import re
import unittest

from google.protobuf import descriptor_pb2

SOURCE = pathlib.Path(os.environ["SOURCE_DIR"])
PROTO = SOURCE / "proto"
PACKAGE = ".routerd.v1."
FIELD = descriptor_pb2.FieldDescriptorProto

# Commands that are also sent in a session: service → (frame's command, frame's result).
SESSIONS = {
    "ContactGatewayService": ("GatewayCommand", "GatewayCommandResult"),
    "AgentDesktopService": ("DesktopCommand", "DesktopCommandResult"),
}

# Words of the core → the enumeration that speaks of the same thing.
CORE_WORDS = {
    "ContactState": "ContactState",
    "VisitOutcome": "VisitOutcome",
    "OfferOutcome": "OfferOutcome",
    "EndReason": "EndReason",
    "Presence": "AgentPresence",
    "ItemState": "ItemState",
    "ShownState": "AgentShownState",
    "ConnectFailure": "ConnectFailedCause",
}


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def load():
    files = descriptor_pb2.FileDescriptorSet()
    files.ParseFromString(pathlib.Path(os.environ["DESCRIPTORS"]).read_bytes())
    return [f for f in files.file if f.package == "routerd.v1"]


FILES = load()
MESSAGES = {m.name: m for f in FILES for m in f.message_type}
ENUMS = {e.name: e for f in FILES for e in f.enum_type}
SERVICES = {s.name: s for f in FILES for s in f.service}


class Files(unittest.TestCase):
    def test_every_file_is_built(self):
        built = {f.name for f in FILES}
        there = {str(p.relative_to(PROTO)) for p in PROTO.glob("routerd/v1/*.proto")}
        self.assertEqual(built, there)


class Commands(unittest.TestCase):
    def unary(self, service):
        return [m for m in SERVICES[service].method
                if not m.client_streaming and not m.server_streaming]

    def test_every_unary_command_can_be_sent_in_a_session(self):
        for service, (command, result) in SESSIONS.items():
            sent = {f.name: f.type_name for f in MESSAGES[command].field}
            answered = {f.name: f.type_name for f in MESSAGES[result].field
                        if f.HasField("oneof_index")}
            self.assertEqual(
                sent, {snake(m.name): m.input_type for m in self.unary(service)}, service)
            self.assertEqual(
                answered, {snake(m.name): m.output_type for m in self.unary(service)}, service)

    def test_every_request_says_first_who_asks(self):
        for service in SERVICES.values():
            for method in service.method:
                if method.client_streaming:
                    continue
                first = MESSAGES[method.input_type[len(PACKAGE):]].field[0]
                self.assertEqual((first.name, first.number, first.type_name),
                                 ("header", 1, PACKAGE + "RequestHeader"), method.name)

    def test_every_answer_says_where_it_stands(self):
        without = {"CheckPolicy"}  # looks at a text, not at the state
        for service in SERVICES.values():
            for method in service.method:
                if method.client_streaming or method.name in without:
                    continue
                first = MESSAGES[method.output_type[len(PACKAGE):]].field[0]
                self.assertEqual((first.name, first.number, first.type_name),
                                 ("position", 1, PACKAGE + "Position"), method.name)

    def test_what_is_not_implemented_is_listed_in_the_readme(self):
        text = (PROTO / "README.md").read_text()
        listed = text[text.index("## Not implemented yet"):]
        for file in FILES:
            for location in file.source_code_info.location:
                if list(location.path[:1]) != [6] or len(location.path) != 4:
                    continue
                if "UNIMPLEMENTED in" not in " ".join(location.leading_comments.split()):
                    continue
                method = file.service[location.path[1]].method[location.path[3]]
                self.assertIn(f"`{method.name}`", listed)


class Times(unittest.TestCase):
    # Timestamps and durations are for people's reads; what sessions carry are plain numbers.
    WITH_TIMESTAMPS = {"routerd/v1/operations.proto", "routerd/v1/overrides.proto",
                       "routerd/v1/resources.proto"}

    def test_timestamps_only_in_operations(self):
        for file in FILES:
            uses = {d for d in file.dependency if d.startswith("google/")}
            if file.name not in self.WITH_TIMESTAMPS:
                self.assertFalse(uses, file.name)

    def test_names_say_the_unit(self):
        for name, message in MESSAGES.items():
            for field in message.field:
                where = f"{name}.{field.name}"
                if field.type_name == ".google.protobuf.Timestamp":
                    self.assertRegex(field.name, r"^time$|_time$", where)
                if re.search(r"_unix_ms$|_ms$", field.name):
                    self.assertEqual(field.type, FIELD.TYPE_INT64, where)
                self.assertNotRegex(field.name, r"_(seconds|sec|s|millis|us|ns)$", where)


class Words(unittest.TestCase):
    def core_words(self, enum):
        text = (SOURCE / "routerd/core/vocabulary.h").read_text()
        body = re.search(rf"enum class {enum} : [\w:]+ {{(.*?)}};", text, re.DOTALL).group(1)
        body = re.sub(r"//[^\n]*", "", body)
        return [snake(w.strip()[1:]) for w in body.split(",") if w.strip()]

    def test_the_core_speaks_the_same_words(self):
        for core, public in CORE_WORDS.items():
            prefix = snake(public).upper() + "_"
            words = {v.name[len(prefix):].lower() for v in ENUMS[public].value}
            missing = [w for w in self.core_words(core) if w not in words]
            self.assertFalse(missing, f"{public} has no word for these of core::{core}")


class Errors(unittest.TestCase):
    # How the router's code names a reason, besides the core's words for a refusal.
    GIVEN = re.compile(r'(?:WithReason\(|Unavailable\(|(?:Failed|Refuse)\(\s*Code::\w+,\s*)"([a-z_]+)"')

    def given(self):
        reasons = set()
        for folder in ("engine", "api"):
            for path in (SOURCE / "routerd" / folder).glob("*.[ch]*"):
                reasons.update(self.GIVEN.findall(path.read_text()))
        names = (SOURCE / "routerd/core/vocabulary.cc").read_text()
        names = names[names.index("Name(Refusal"):]
        reasons.update(re.findall(r'"([a-z_]+)"', names[:names.index("};")]))
        # No refusals at all, and those that Arrive answers OK with `refused_by`.
        return reasons - {"none", "queue_full", "queue_closed", "contact_limit"}

    def test_every_reason_of_an_error_is_in_the_readmes_table(self):
        text = (PROTO / "README.md").read_text()
        table = text[text.index("## Errors"):text.index("## Limits")]
        told = set(re.findall(r"`([a-z_]+)`", table))
        given = self.given()
        self.assertGreater(len(given), 20)
        self.assertFalse(given - told, "reasons that the table does not have")


if __name__ == "__main__":
    unittest.main()
