"""The icecat command as a test runs it, a schema check, and a scripted AWS."""
import http.server
import json
import os
import pathlib
import subprocess
import threading

import jsonschema
import pytest

SECRET = "canary-secret-7d1e40"
TOKEN = "canary-token-90ab12"
SCHEMA = json.loads((pathlib.Path(__file__).parent / "schema.json").read_text())
CLOSED = "http://127.0.0.1:9"  # nothing listens there

KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIDCANARY0123456789",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL": CLOSED,
    "AWS_MAX_ATTEMPTS": "1",
}


def program():
    build = os.environ.get("ICECAT_BUILD_DIR")
    if not build:
        pytest.skip("ICECAT_BUILD_DIR is not set: it names the build folder that has icecat")
    path = pathlib.Path(build) / "examples/cli/icecat"
    if not path.is_file():
        pytest.skip(f"{path} is not built")
    return str(path)


def environment(folder, changes):
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C",
           "AWS_EC2_METADATA_DISABLED": "true", "TMPDIR": str(folder)}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "LD_LIBRARY_PATH"):
        if name in os.environ:
            env[name] = os.environ[name]
    env.update(changes)
    return env


class Result:
    def __init__(self, done):
        self.code = done.returncode
        self.out_bytes, self.err_bytes = done.stdout, done.stderr
        self.out = done.stdout.decode("utf-8", "surrogateescape")
        self.err = done.stderr.decode("utf-8", "surrogateescape")

    def json(self, definition):
        """The one document on stdout, which must fit the schema."""
        document = json.loads(self.out_bytes.decode("utf-8"))
        check(document, definition)
        return document

    def events(self):
        """The events on stdout, each of which must fit the schema."""
        events = [json.loads(line) for line in self.out_bytes.decode("utf-8").splitlines()]
        for event in events:
            check(event, "event")
        return events

    def exit_error(self):
        """The one line of JSON on stderr."""
        event = json.loads(self.err_bytes.decode("utf-8"))
        check(event, "event")
        assert event["type"] == "exit_error"
        return event["error"]


def check(document, definition):
    jsonschema.Draft202012Validator({**SCHEMA, "$ref": f"#/$defs/{definition}"}).validate(document)


class Command:
    """icecat in an empty folder of its own, with an environment that has nothing of ours."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, *args, stdin=b"", **env):
        done = subprocess.run([program(), *args], input=stdin, capture_output=True, timeout=60,
                              cwd=self.folder, env=environment(self.folder, env))
        result = Result(done)
        for secret in (SECRET, TOKEN):
            assert secret.encode() not in done.stdout + done.stderr
        return result

    def start(self, *args, **env):
        return subprocess.Popen([program(), *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, cwd=self.folder,
                                env=environment(self.folder, env))


class Loopback:
    """A server on a free port of this machine, for the time of a with statement."""

    def __init__(self, handler, make=http.server.ThreadingHTTPServer):
        self.server = make(("127.0.0.1", 0), handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.server.shutdown()
        self.server.server_close()


class ScriptedAws(Loopback):
    """Answers each operation as told: a dict for JSON, bytes for an object, an int for a failure."""

    def __init__(self, answers):
        self.answers, self.requests = answers, []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
                operation = target or f"{self.command} {self.path}"
                outer.requests.append((operation, body))
                given = outer.answers.get(operation, 500)
                if callable(given):
                    given = given(json.loads(body))
                status, data = 200, given
                if isinstance(given, int):
                    status, data = given, {"__type": "Scripted", "message": "as told"}
                if isinstance(data, dict):
                    data = json.dumps(data).encode()
                if "Range" in self.headers and status == 200:
                    total, data = len(data), data[:65536]
                    status = 206
                    self.send_response(status)
                    self.send_header("Content-Range", f"bytes 0-{len(data) - 1}/{total}")
                else:
                    self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *args):
                pass

        super().__init__(Handler)

    def operations(self):
        return [operation for operation, _ in self.requests]
