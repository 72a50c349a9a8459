"""Fixtures of tests/conftest.py for the package that is installed: icecat-local with the real bootstrap."""
import importlib.util
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "bindings/python"


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


load("canaries", ROOT / "tests/canaries.py")
icecat_local = load("icecat_local", ROOT / "tests/conftest.py")
load("pictures", ROOT / "tests/pictures.py")
load("builds", ROOT / "tests/builds.py")
load("cdef", PACKAGE / "cdef.py")
local = icecat_local.local
start_local = icecat_local.start_local
no_profile = icecat_local.no_profile


def bootstrap():
    path = icecat_local.binary().parents[1] / "lambda/bootstrap"
    if not path.is_file():
        pytest.skip(f"{path} is not built")
    return path


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """One icecat-local with the function, for all tests of a file."""
    running = icecat_local.Local(tmp_path_factory.mktemp("stack") / "data", "--bootstrap", bootstrap()).start()
    yield running
    assert running.stop() == 0


def settings_of(running):
    """Keywords of a client of an icecat-local."""
    return {
        "region": running.env["AWS_REGION"], "endpoint_url": running.url,
        "access_key_id": running.env["AWS_ACCESS_KEY_ID"],
        "secret_access_key": running.env["AWS_SECRET_ACCESS_KEY"], "bucket": running.env["S3BUCKET_SOURCE"],
        "table": running.env["DYNAMODB_TABLE_NAME"], "client_id": "tester",
    }


@pytest.fixture
def settings():
    return settings_of


def start_python(code, environment, **arguments):
    """Another Python with this package."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return subprocess.Popen([sys.executable, "-c", code], env={**kept, **environment, "ICECAT_CLIENT_ID": "tester"},
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/", **arguments)


@pytest.fixture
def run_python():
    """run_python(code, environment) gives the exit code, standard output and standard error."""

    def run(code, environment):
        with start_python(code, environment) as process:
            output, errors = process.communicate(timeout=120)
        return process.returncode, output, errors

    return run
