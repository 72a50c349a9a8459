"""Roles against moto server: an STS that nobody here wrote, and services that check its keys."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from moto_server import REGION, MotoServer

ICECAT = Path(os.environ["ICECAT_BUILD_DIR"]) / "examples/cli/icecat"
SAMPLE = Path(__file__).parents[2] / "examples/samples/tabby.jpg"
ALLOW = {"Version": "2012-10-17",
         "Statement": [{"Effect": "Allow", "Action": ["rekognition:*", "sts:*"], "Resource": "*"}]}
TRUST = {"Version": "2012-10-17",
         "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    server = MotoServer(tmp_path_factory.mktemp("moto") / "log")
    try:
        iam = server.client("iam")
        server.roles = {}
        for name in ("first", "second"):
            role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]
            iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(ALLOW))
            server.roles[name] = role["Arn"]
        server.make_user()
        iam.put_user_policy(UserName="tester", PolicyName="sts", PolicyDocument=json.dumps(ALLOW))
        server.require_signatures(True)
        yield server
    finally:
        server.stop()


def detect(server, folder, text, **changes):
    (folder / ".aws").mkdir(exist_ok=True)
    (folder / ".aws/config").write_text(text)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "AWS_ENDPOINT_URL": server.url,
                   "AWS_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true",
                   "AWS_MAX_ATTEMPTS": "1", **changes}
    return subprocess.run([ICECAT, "detect", str(SAMPLE)], cwd=folder, env=environment,
                          capture_output=True, text=True, timeout=60)


def profiles(server):
    return (f"[profile last]\nrole_arn = {server.roles['second']}\nsource_profile = mid\n"
            f"[profile mid]\nrole_arn = {server.roles['first']}\nsource_profile = base\n"
            f"[profile base]\naws_access_key_id = {server.key_id}\n"
            f"aws_secret_access_key = {server.secret}\n")


def test_keys_of_two_roles_behind_each_other_are_accepted(moto, tmp_path):
    done = detect(moto, tmp_path, profiles(moto), AWS_PROFILE="last")
    assert done.returncode == 0, done.stderr


def test_a_wrong_secret_is_refused_by_sts(moto, tmp_path):
    text = profiles(moto).replace(moto.secret, "wrong" * 8)
    done = detect(moto, tmp_path, text, AWS_PROFILE="last")
    assert done.returncode == 4
    assert "STS refuses AssumeRole" in done.stderr and "SignatureDoesNotMatch" in done.stderr
    assert "wrong" not in done.stderr
