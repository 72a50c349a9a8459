"""icecat-local as a fixture: started on a free port with a data folder of its own, stopped by its pid."""
import os
import pathlib
import selectors
import shlex
import signal
import subprocess
import sys
import time

import boto3
import botocore.config
import pytest

import canaries

# A shell starts background jobs with SIGINT ignored, and programs inherit that; tests send SIGINT.
signal.signal(signal.SIGINT, signal.default_int_handler)

START_S = 30
STOP_S = 20
LAST_EXPORT = "DYNAMODB_TABLE_NAME"


def binary():
    build = os.environ.get("ICECAT_BUILD_DIR")
    if not build:
        pytest.skip("ICECAT_BUILD_DIR is not set: it names the build folder that has icecat-local")
    path = pathlib.Path(build) / "examples/local/icecat-local"
    if not path.is_file():
        pytest.skip(f"{path} is not built")
    return path


class Local:
    """A running icecat-local; `env` has what it exported."""

    def __init__(self, data, *options):
        self.data = data
        self.options = [str(option) for option in options]
        self.env = {}
        self.process = None

    def start(self):
        self.env = {}
        self.log = open(f"{self.data}.log", "ab")
        self.process = subprocess.Popen(
            [str(binary()), "--data", str(self.data), "--init", "-v", *self.options],
            stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL,
            env={k: v for k, v in os.environ.items() if not k.startswith("AWS_")})
        try:
            self._read_exports()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        return self

    def _read_exports(self):
        deadline = time.monotonic() + START_S
        pending = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while LAST_EXPORT not in self.env:
                assert selector.select(deadline - time.monotonic()), f"no exports in {START_S} s\n{self.log_text()}"
                chunk = os.read(self.process.stdout.fileno(), 65536)
                assert chunk, f"ended at its start with {self.process.wait()}\n{self.log_text()}"
                *lines, pending = (pending + chunk).split(b"\n")
                for line in lines:
                    word, assignment = shlex.split(line.decode())
                    assert word == "export"
                    name, value = assignment.split("=", 1)
                    self.env[name] = value
        canaries.register(self.env["AWS_SECRET_ACCESS_KEY"], self.data)

    def log_text(self):
        return pathlib.Path(f"{self.data}.log").read_text(errors="replace")

    @property
    def url(self):
        return self.env["AWS_ENDPOINT_URL"]

    def client(self, service, **changes):
        """A boto3 client as a user has it after eval: only keys, region and address."""
        arguments = {
            "endpoint_url": self.url,
            "region_name": self.env["AWS_REGION"],
            "aws_access_key_id": self.env["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": self.env["AWS_SECRET_ACCESS_KEY"],
        }
        arguments.update(changes)
        return boto3.session.Session().client(service, **arguments)

    def once(self, service, **changes):
        """A client that does not retry, to see the first answer."""
        return self.client(service, config=botocore.config.Config(retries={"max_attempts": 0}), **changes)

    def stop(self, number=signal.SIGTERM):
        """End it by its pid; returns the exit code (negative: the signal)."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            code = self.process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            pytest.fail(f"icecat-local did not end within {STOP_S} s of signal {number}\n{self.log_text()}")
        self.process.stdout.close()
        self.log.close()
        self.process = None
        canaries.check(self.log_text().encode(), f"the log of {self.data}")
        return code


@pytest.fixture(autouse=True)
def no_profile(monkeypatch, tmp_path):
    """Nothing of the user's own AWS settings may reach a test."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(autouse=True)
def no_secret_is_told(monkeypatch, tmp_path):
    """What our programs print, and leave in the test's folder, has no secret; see canaries.py."""
    watch = canaries.Watch(tmp_path, os.environ.get("ICECAT_BUILD_DIR", ""))
    monkeypatch.setattr(subprocess, "Popen", canaries.watching(watch))
    yield
    watch.check()


@pytest.fixture
def start_local(tmp_path):
    """start_local(*options, data=FOLDER) starts one more; all are stopped after the test."""
    running = []

    def start(*options, data=None):
        local = Local(data or tmp_path / f"local-{len(running)}", *options)
        running.append(local)
        return local.start()

    yield start
    for local in running:
        local.stop()


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """One icecat-local for all tests of a file."""
    running = Local(tmp_path_factory.mktemp("icecat-local") / "data").start()
    yield running
    assert running.stop() == 0


@pytest.fixture
def aws_of(tmp_path):
    """aws_of(local)("s3", "ls", ...) runs the aws command; its standard output comes back."""

    def of(local):
        program = pathlib.Path(sys.executable).with_name("aws")
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true", "LC_ALL": "C.UTF-8",
            "AWS_ACCESS_KEY_ID": local.env["AWS_ACCESS_KEY_ID"],
            "AWS_SECRET_ACCESS_KEY": local.env["AWS_SECRET_ACCESS_KEY"],
            "AWS_DEFAULT_REGION": local.env["AWS_REGION"], "AWS_ENDPOINT_URL": local.url,
        }

        def run(*arguments, code=0, stdin=None):
            done = subprocess.run([sys.executable, str(program), *map(str, arguments)], env=environment, input=stdin,
                                  capture_output=True, timeout=120, check=False)
            assert done.returncode == code, done.stderr.decode() + local.log_text()[-2000:]
            return done.stdout.decode() if code == 0 else done.stderr.decode()

        return run

    return of


@pytest.fixture
def aws(local, aws_of):
    return aws_of(local)
