"""The fixtures of tests/conftest.py, for the tests of the Go package."""
import importlib.util
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def load(name, path):
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


load("canaries", ROOT / "tests/canaries.py")
icecat_local = load("icecat_local", ROOT / "tests/conftest.py")
start_local = icecat_local.start_local
no_profile = icecat_local.no_profile
