"""Real servers for the integration tests: each is started on a free loopback port, and stopped by its
process. Nothing sleeps: waiting is a blocking read, or a condition asked again until a deadline."""

import atexit
import json
import os
import queue
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

BUILD = os.environ["ROUTERD_BUILD"]
SOURCE = os.environ["ROUTERD_SOURCE"]
ROUTERD = os.path.join(BUILD, "routerd/daemon/routerd")
ROUTERCTL = os.path.join(BUILD, "routerd/ctl/routerctl")
LOAD = os.path.join(BUILD, "load-tests/routerd-load")
PATIENCE_S = 60  # far beyond what anything here takes; only a failure waits so long


def make_stubs(folder):
    protos = sorted(os.listdir(os.path.join(SOURCE, "proto/routerd/v1")))
    subprocess.run(
        ["protoc", "-I", os.path.join(SOURCE, "proto"), "--python_out", folder,
         "--grpc_python_out", folder,
         "--plugin=protoc-gen-grpc_python=" + shutil.which("grpc_python_plugin")]
        + ["routerd/v1/" + name for name in protos if name.endswith(".proto")],
        check=True)


STUBS = tempfile.mkdtemp(prefix="routerd-stubs-")
atexit.register(shutil.rmtree, STUBS, ignore_errors=True)
make_stubs(STUBS)
sys.path.insert(0, STUBS)

import grpc  # noqa: E402
from routerd.v1 import agent_desktop_pb2, agent_desktop_pb2_grpc  # noqa: E402
from routerd.v1 import contact_gateway_pb2, contact_gateway_pb2_grpc  # noqa: E402
from routerd.v1 import session_pb2  # noqa: E402


def until(what, condition, seconds=PATIENCE_S):
    """The first true value of condition(), for what nobody can be told of: it is asked again and again
    until the deadline, with a pause of 20 ms in between. The deadline is no measure of speed."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError("not within %d s: %s" % (seconds, what))
        pause.wait(0.02)


class Process:
    """A server under test; its output is kept and shown when a test fails."""

    def __init__(self, arguments, ready, env=None):
        self.arguments = arguments
        self.output = []
        self.process = subprocess.Popen(arguments, stdout=subprocess.PIPE, env=env,
                                        stderr=subprocess.STDOUT, text=True, errors="replace")
        is_ready = threading.Event()

        def read():
            for line in self.process.stdout:
                self.output.append(line)
                if ready(line):
                    is_ready.set()
            is_ready.set()

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()
        if not is_ready.wait(PATIENCE_S) or self.process.poll() is not None:
            self.kill()
            raise RuntimeError("%s did not start:\n%s" % (arguments[0], "".join(self.output)))

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        code = self.process.wait(PATIENCE_S)
        self.reader.join(PATIENCE_S)
        self.process.stdout.close()
        return code

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        return self.wait()

    def stop(self):
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.wait()


class HeldPort:
    """A port for a server that cannot choose one. It stays bound, so that nobody else gets it until that
    server listens on it: with SO_REUSEADDR two may be bound, and one of them may listen."""

    def __init__(self):
        self.held = socket.socket()
        self.held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.held.bind(("127.0.0.1", 0))
        self.number = self.held.getsockname()[1]

    def close(self):
        self.held.close()


class Redis:
    """A redis-server on a Unix socket in a folder of its own: no port to collide on."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "redis.sock")
        self.folder = folder
        self.start()

    def start(self):
        self.process = Process(
            ["redis-server", "--port", "0", "--unixsocket", self.path, "--save", "",
             "--appendonly", "no", "--dir", self.folder],
            lambda line: "eady to accept connections" in line)

    def ask(self, *words):
        """One command over RESP, one answer: text, number, list or None."""
        return self.ask_all([words])[0]

    def ask_all(self, commands):
        """Commands one after the other on one connection, and their answers."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(PATIENCE_S)
            s.connect(self.path)
            with s.makefile("rb") as answer:
                answers = []
                for words in commands:
                    parts = [b"*%d\r\n" % len(words)]
                    for word in words:
                        data = str(word).encode()
                        parts.append(b"$%d\r\n%s\r\n" % (len(data), data))
                    s.sendall(b"".join(parts))
                    answers.append(self._read(answer))
                return answers

    def _read(self, answer):
        line = answer.readline().rstrip(b"\r\n")
        kind, rest = line[:1], line[1:]
        if kind == b"-":
            raise RuntimeError(rest.decode())
        if kind == b"+":
            return rest.decode()
        if kind == b":":
            return int(rest)
        if kind == b"$":
            if int(rest) < 0:
                return None
            data = answer.read(int(rest) + 2)
            return data[:-2].decode()
        return [self._read(answer) for _ in range(int(rest))]

    def hash(self, key):
        return self.hashes([key])[0]

    def hashes(self, keys):
        return [dict(zip(flat[::2], flat[1::2]))
                for flat in self.ask_all([("HGETALL", key) for key in keys])]


class Daemon:
    """routerd itself, on ports of its own choosing."""

    def __init__(self, folder, policy, *flags, before=()):
        """`before`: the words of a program that runs it."""
        state = os.path.join(folder, "state")
        os.makedirs(state, mode=0o700, exist_ok=True)
        fifo = os.path.join(folder, "ports")
        if os.path.exists(fifo):
            os.remove(fifo)
        os.mkfifo(fifo, 0o600)
        arguments = [ROUTERD, "--policy", policy, "--state-dir", state, "--grpc", "127.0.0.1:0",
                     "--http", "127.0.0.1:0", "--ports-file", fifo] + list(flags)
        self.process = Process(list(before) + arguments, lambda line: True)
        # Opened without waiting, so that a daemon which ends instead of serving is noticed.
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        text = b""
        while not text.endswith(b"}") and not text.endswith(b"}\n"):
            if self.process.process.poll() is not None:
                raise RuntimeError("routerd ended:\n" + "".join(self.process.output))
            if select.select([reader], [], [], 0.2)[0]:
                text += os.read(reader, 4096)
        os.close(reader)
        ports = json.loads(text)
        self.grpc = "127.0.0.1:%d" % ports["grpc"]
        self.http = "127.0.0.1:%d" % ports["http"]

    def ctl(self, *words, check=True):
        result = subprocess.run([ROUTERCTL, "--address", self.grpc, *words], timeout=PATIENCE_S,
                                capture_output=True, text=True)
        if check and result.returncode != 0:
            raise AssertionError("routerctl %s: %s" % (" ".join(words), result.stderr))
        return result

    def get(self, path):
        try:
            with urllib.request.urlopen("http://%s%s" % (self.http, path), timeout=PATIENCE_S) as r:
                return r.status, r.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


class Prometheus:
    """A real Prometheus that scrapes the daemon four times a second."""

    def __init__(self, folder, target):
        config = os.path.join(folder, "prometheus.yml")
        with open(config, "w", encoding="utf-8") as f:
            f.write("global: {scrape_interval: 250ms, scrape_timeout: 250ms}\n"
                    "scrape_configs:\n- job_name: routerd\n  static_configs:\n"
                    "  - targets: ['%s']\n" % target)
        port = HeldPort()
        self.address = "127.0.0.1:%d" % port.number
        self.process = Process(
            ["prometheus", "--config.file", config, "--storage.tsdb.path",
             os.path.join(folder, "tsdb"), "--web.listen-address", self.address],
            lambda line: "Server is ready to receive web requests" in line)
        port.close()

    def query(self, expression):
        url = "http://%s/api/v1/query?%s" % (self.address,
                                             urllib.parse.urlencode({"query": expression}))
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:
            return json.load(answer)["data"]["result"]

    def value(self, expression):
        result = self.query(expression)
        return float(result[0]["value"][1]) if result else None


class Session:
    """A client's stream, as a gateway or desktop developer would write it. `before`: the stream whose
    session it takes up again, from the last frame that came there."""

    def __init__(self, call, frame, command, client, before=None):
        self.out = queue.Queue()
        self.got = queue.Queue()
        self.frame, self.command = frame, command
        hello = session_pb2.Hello(client=client)
        if before:
            hello.session_id, hello.last_seen = before.welcome.session_id, before.seen
            hello.cursor = before.cursor
        self.out.put(frame(hello=hello))
        self.stream = call(iter(self.out.get, None))
        first = next(self.stream)
        self.welcome, self.cursor = first.welcome, first.cursor
        self.seen = before.seen if before and self.welcome.resumed else 0
        self.sent = before.sent if before else 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        try:
            for frame in self.stream:
                for result in frame.results:
                    self.got.put(result)
                for event in frame.events:
                    self.got.put(event)
                self.seen = frame.number or self.seen
                self.cursor = frame.cursor
        except grpc.RpcError as error:
            self.got.put(error)

    def send(self, **what):
        """Sends a command; returns the number that is its request id."""
        self.sent += 1
        command = self.command(**what)
        getattr(command, command.WhichOneof("command")).header.request_id = str(self.sent)
        self.out.put(self.frame(number=self.sent, acked=self.seen, commands=[command]))
        return self.sent

    def next(self, kind):
        """The next event of this kind; what comes before it is passed over, failures are not."""
        while True:
            thing = self.got.get(timeout=PATIENCE_S)
            if isinstance(thing, Exception):
                raise thing
            if hasattr(thing, "status"):
                if thing.status.code != 0:
                    raise AssertionError(thing.status.message)
            elif thing.WhichOneof("event") == kind:
                return getattr(thing, kind)

    def close(self):
        self.out.put(None)

    def end(self):
        """Everything that came and was not asked for, once the stream has ended, however it did."""
        things = []
        while not things or not isinstance(things[-1], Exception):
            things.append(self.got.get(timeout=PATIENCE_S))
        return things[:-1]


def gateway(channel, client, before=None):
    stub = contact_gateway_pb2_grpc.ContactGatewayServiceStub(channel)
    return Session(stub.OpenGatewaySession, contact_gateway_pb2.OpenGatewaySessionRequest,
                   contact_gateway_pb2.GatewayCommand, client, before)


def desktop(channel, client, before=None):
    stub = agent_desktop_pb2_grpc.AgentDesktopServiceStub(channel)
    return Session(stub.OpenDesktopSession, agent_desktop_pb2.OpenDesktopSessionRequest,
                   agent_desktop_pb2.DesktopCommand, client, before)


class Case(unittest.TestCase):
    """A test with a folder of its own; servers it starts are stopped however it ends."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="routerd-test-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def redis(self):
        redis = Redis(self.folder)
        self.addCleanup(lambda: redis.process.kill())
        return redis

    def daemon(self, policy, *flags, before=()):
        if not policy.startswith("/"):
            policy = os.path.join(SOURCE, policy)
        daemon = Daemon(self.folder, policy, *flags, before=before)
        self.addCleanup(daemon.process.kill)
        return daemon

    def prometheus(self, daemon):
        prometheus = Prometheus(self.folder, daemon.http)
        self.addCleanup(prometheus.process.kill)
        return prometheus

    def channel(self, daemon):
        channel = grpc.insecure_channel(daemon.grpc)
        self.addCleanup(channel.close)
        return channel
