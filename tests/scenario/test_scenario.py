"""One scenario through C, the icecat command and the bindings, each against an icecat-local that fails as the scenario
says: every language gives the answers that follow from the scenario, and all give the same."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
import scenario
from conftest import Local, binary

FOLDER = pathlib.Path(__file__).parent
FIFTY = scenario.load(scenario.FIFTY)
VERDICTS = {"cat": True, "not cat": False}
STATUSES = {"none": "ICECAT_OK", "foreign": "ICECAT_E_IMAGE_FORMAT", "too-small": "ICECAT_E_IMAGE_LIMIT"}


def built(path):
    program = pathlib.Path(os.environ["ICECAT_BUILD_DIR"]) / path
    if not program.is_file():
        pytest.skip(f"{program} is not built")
    return str(program)


def python_runner():
    if subprocess.run([sys.executable, "-c", "import icecat"], capture_output=True, check=False).returncode:
        pytest.skip("the Python package is not installed")
    return [sys.executable, str(FOLDER / "runner_python.py")]


def go_runner():
    """Built against the library of this build, which Go can link when no sanitizer is in it."""
    build = pathlib.Path(os.environ["ICECAT_BUILD_DIR"]).resolve()
    if shutil.which("go") is None:
        pytest.skip("Go is not installed: apt-get install golang-go")
    if re.search(r"^ICECAT_SANITIZER:\w+=.", (build / "CMakeCache.txt").read_text(), flags=re.M):
        pytest.skip("Go programs cannot be linked with a library that has a sanitizer")
    package = FOLDER.parents[1] / "bindings/go"
    program = build / "go/scenario"
    done = subprocess.run(["bash", "-c", f"set -e; cd {package}; . ./environment.sh {build}; go build -o {program} ./internal/scenario; "
                           "echo $LD_LIBRARY_PATH"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return ["env", f"LD_LIBRARY_PATH={done.stdout.strip()}", str(program)]


# The command of each language; SCENARIO and FOLDER are appended.
RUNNERS = {
    "c": lambda: [built("tests/scenario/scenario_runner_c")],
    "cli": lambda: [sys.executable, str(FOLDER / "runner_cli.py"), built("examples/cli/icecat")],
    "python": python_runner,
    "go": go_runner,
}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scenario") / "pictures"
    scenario.make_pictures(FIFTY, folder)
    return folder


def run(name, pictures, tmp_path):
    command = RUNNERS[name]()
    faults = [word for fault in FIFTY["faults"] for word in ("--fault", fault)]
    local = Local(tmp_path / "local", "--bootstrap", built("examples/lambda/bootstrap"), *faults).start()
    try:
        done = subprocess.run([*command, scenario.FIFTY, pictures], env={**os.environ, **local.env}, cwd=tmp_path,
                              capture_output=True, timeout=170, check=False)
        assert done.returncode == 0, done.stderr.decode()
        assert local.log_text().count(" 503 ") >= 8, "the faults did not come to the runner"
        assert local.env["AWS_SECRET_ACCESS_KEY"].encode() not in done.stdout + done.stderr
        return json.loads(done.stdout)
    finally:
        assert local.stop() == 0


@pytest.fixture(scope="module")
def answers():
    """What the first runner answered; the others must answer the same."""
    return {}


def of_kind(*kinds):
    return [picture for picture in FIFTY["pictures"] if picture["kind"] in kinds]


def fingerprint(picture):
    return hashlib.sha256(scenario.content(picture)).hexdigest()


@pytest.mark.parametrize("name", RUNNERS)
def test_every_language_gives_the_answers_of_the_scenario(name, pictures, answers, tmp_path):
    binary()
    answer = run(name, pictures, tmp_path)
    expect_headers(answer["checked"])
    expect_submissions(answer["submitted"])
    assert {each["fingerprint"]: (each["state"], each["is_cat"], each["bucket"]) for each in answer["judged"]} == {
        fingerprint(each): ("success", VERDICTS[each["kind"]], "icecat-dest") for each in of_kind(*VERDICTS)}
    for each in answer["judged"]:
        assert ("Cat" in each["labels"]) == each["is_cat"] == (each["confidence"] > 50)
    assert {(each["action"], each["status"]) for each in answer["forced"]["images"]} == {("submitted", "ICECAT_OK")}
    assert {each["fingerprint"]: (each["state"], each["fail_code"], each["bucket"]) for each in answer["refused"]} == {
        fingerprint(each): ("fail", each["reason"], "icecat-fail") for each in of_kind("refused", "foreign")}
    assert answer["absent"]["status"] == "ICECAT_E_NOT_FOUND" and not answer["absent"]["retryable"]
    assert answer["wrong_key"]["status"] == "ICECAT_E_AUTH" and answer["wrong_key"]["http_status"] == 400
    first = answers.setdefault("all", answer)
    assert answer == first


def expect_headers(checked):
    wanted = {each["file"]: (each["format"], each["reason"], STATUSES.get(each["reason"], "ICECAT_E_IMAGE_CORRUPT"))
              for each in FIFTY["pictures"]}
    assert {each["file"]: (each["format"], each["reason"], each["status"]) for each in checked} == wanted


def expect_submissions(submitted):
    seen, wanted = {}, {}
    for each in FIFTY["pictures"]:
        own = fingerprint(each)
        action = "rejected" if each["reason"] != "none" else "duplicate" if own in seen else "submitted"
        wanted[each["file"]] = (action, own, seen.get(own, "") if action == "duplicate" else "")
        seen.setdefault(own, each["file"])
    assert {each["file"]: (each["action"], each["fingerprint"], each["duplicate_of"])
            for each in submitted["images"]} == wanted
    assert submitted["counts"] == {"total": 50, "submitted": 27, "duplicate": 1, "rejected": 22, "failed": 0}
