"""The fixtures of tests/conftest.py, for the tests of the Go package."""
import importlib.util
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[2] / "tests"
sys.path.append(str(TESTS))  # what it imports

_spec = importlib.util.spec_from_file_location("icecat_local", TESTS / "conftest.py")
icecat_local = importlib.util.module_from_spec(_spec)
sys.modules["icecat_local"] = icecat_local
_spec.loader.exec_module(icecat_local)
start_local = icecat_local.start_local
no_profile = icecat_local.no_profile
