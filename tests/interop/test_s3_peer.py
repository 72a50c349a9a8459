"""The library's S3 calls against OpenStack Swift: a server that others wrote and that verifies signatures."""
import os
import pathlib
import subprocess
import urllib.error
import urllib.request

import boto3
import botocore.config
import pytest

from swift_server import KEY_ID, REGION, SECRET, SwiftServer

BUCKET = "cats"
KEYS = ["plain.jpg", "a b/c  d.jpg", "a+b+.jpg", "100%25 %zz%.jpg", "~tilde~/~", "caf\u00e9/\u00fc.jpg",
        "\U0001f408\U0001f408\u200d\u2b1b.jpg", "=&?#;:@!$'()*,[]", "deep/" * 20 + "end", "trailing/"]
AUTH_CODE = 4


def built(name):
    build = os.environ.get("ICECAT_BUILD_DIR")
    path = pathlib.Path(build or "/nonexistent") / name
    if not path.is_file():
        pytest.skip(f"{path} is not built")
    return path


@pytest.fixture(scope="module")
def swift(tmp_path_factory):
    built("tests/interop/s3_call")
    server = SwiftServer(tmp_path_factory.mktemp("swift"))
    try:
        client(server).create_bucket(Bucket=BUCKET,
                                     CreateBucketConfiguration={"LocationConstraint": REGION})
        yield server
    finally:
        server.stop()


def client(server):
    """boto3, to see from another side what was stored."""
    return boto3.session.Session().client(
        "s3", endpoint_url=server.url, region_name=REGION, aws_access_key_id=KEY_ID,
        aws_secret_access_key=SECRET, config=botocore.config.Config(retries={"max_attempts": 1}))


@pytest.fixture
def run(swift):
    def run(program, *words, body=b"", **changes):
        env = {"PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET,
               "AWS_REGION": REGION, "AWS_ENDPOINT_URL": swift.url, **changes}
        return subprocess.run([built(program), *words], input=body, capture_output=True, env=env, timeout=60)

    return run


def good(done):
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.mark.parametrize("key", KEYS)
def test_an_object_goes_there_and_back(run, swift, key):
    body = f"cat {key}".encode()
    good(run("tests/interop/s3_call", "put", BUCKET, key, body=body))
    assert client(swift).get_object(Bucket=BUCKET, Key=key)["Body"].read() == body
    assert good(run("tests/interop/s3_call", "get", BUCKET, key)) == body
    assert int(good(run("tests/interop/s3_call", "head", BUCKET, key))) == len(body)
    copy = f"copy of {key}"
    good(run("tests/interop/s3_call", "copy", BUCKET, key, copy))
    assert client(swift).get_object(Bucket=BUCKET, Key=copy)["Body"].read() == body
    for each in (key, copy):
        good(run("tests/interop/s3_call", "delete", BUCKET, each))
    assert run("tests/interop/s3_call", "get", BUCKET, key).returncode == 6
    names = [each["Key"] for each in client(swift).list_objects_v2(Bucket=BUCKET).get("Contents", [])]
    assert key not in names and copy not in names


def test_a_wrong_secret_is_refused_and_explained(run):
    done = run("tests/interop/s3_call", "put", BUCKET, "k", body=b"x", AWS_SECRET_ACCESS_KEY="canary-wrong")
    message = done.stderr.decode()
    assert done.returncode == AUTH_CODE and "SignatureDoesNotMatch (HTTP 403)" in message
    assert message.endswith("the secret access key is not the one of this access key id: check it for a slip "
                            "or a rotation\n")
    assert "canary" not in message


@pytest.mark.parametrize("key", KEYS)
def test_a_presigned_url_puts_and_gets(run, key):
    def url(method):
        return good(run("examples/cli/icecat", "presign", method, f"s3://{BUCKET}/{key}")).decode().strip()

    request = urllib.request.Request(url("put"), data=b"presigned", method="PUT",
                                     headers={"Content-Type": "image/jpeg"})
    assert urllib.request.urlopen(request, timeout=30).status == 200
    assert urllib.request.urlopen(url("get"), timeout=30).read() == b"presigned"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url("put"), timeout=30)  # a GET with the URL of a PUT
    assert refused.value.code == 403
