"""Four threads submit 300 pictures through one client while the function judges them, and the services fail."""
import hashlib
import json
import os
import pathlib
import subprocess
import time

import pictures
import pytest
from conftest import binary

COUNT = 300
THREADS = 4
CONNECTIONS = 16
SUCCESS = "2"
FAULTS = ("s3:throttle:15", "s3:reset:8", "s3:unavailable:4", "dynamodb:throttle:6", "dynamodb:reset:3",
          "rekognition:throttle:5")


def shared_client():
    """The program of this build, or another build's, e.g. with ThreadSanitizer."""
    path = pathlib.Path(os.environ.get("ICECAT_SHARED_CLIENT") or binary().parents[2] / "tests/threads/shared_client")
    if not path.is_file():
        pytest.skip(f"{path} is not built")
    return path


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """Paths of pictures, each with its own bytes, and what is in them: every third is a cat."""
    folder = tmp_path_factory.mktemp("pictures")
    data = pictures.sample("dog.jpg")
    labels, cats, paths = {}, {}, []
    for number in range(COUNT):
        path = folder / f"{number:03d}.jpg"
        path.write_bytes(pictures.variant(data, number))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        cats[digest] = number % 3 == 0
        labels[digest] = [{"Name": "Cat" if cats[digest] else "Dog", "Confidence": 95.5, "Parents": ["Animal"]}]
        paths.append(path)
    answers = folder / "labels.json"
    answers.write_text(json.dumps(labels))
    return paths, cats, answers


def test_every_verdict_arrives_through_a_client_that_threads_share(start_local, batch):
    paths, cats, answers = batch
    function = binary().parents[1] / "lambda/bootstrap"
    if not function.is_file():
        pytest.skip(f"{function} is not built")
    program = shared_client()
    faults = [word for fault in FAULTS for word in ("--fault", fault)]
    local = start_local("--bootstrap", function, "--labels", answers, *faults)
    # Options of the sanitizers come from the caller: what they find must reach the exit code.
    env = {**{n: v for n, v in os.environ.items() if not n.startswith("AWS_")}, **local.env}
    result = subprocess.run([program, str(THREADS), str(CONNECTIONS), *map(str, paths)], env=env, text=True,
                            capture_output=True, timeout=240)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    got = [line.split() for line in result.stdout.splitlines()]
    assert {(fingerprint, state) for fingerprint, state, _ in got} == {(each, SUCCESS) for each in cats}
    assert len(got) == COUNT
    assert {fingerprint: verdict == "1" for fingerprint, _, verdict in got} == cats
    s3 = local.client("s3")
    deadline = time.monotonic() + 30
    while pictures.keys_in(s3, local.env["S3BUCKET_SOURCE"]):  # deleted after the verdict is written
        assert time.monotonic() < deadline, "objects are left in the source bucket"
        time.sleep(0.1)
    assert len(pictures.keys_in(s3, local.env["S3BUCKET_DEST"])) == COUNT
