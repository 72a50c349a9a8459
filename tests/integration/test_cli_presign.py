"""icecat presign: URLs that icecat-local verifies, used by a client that knows nothing of signatures."""
import hashlib
import time
import urllib.error
import urllib.request

import pytest

from icecat_command import KEYS, TOKEN, Command

BUCKET = "presign-cats"


@pytest.fixture
def icecat(tmp_path):
    return Command(tmp_path)


@pytest.fixture(scope="module")
def server(local):
    local.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": local.env["AWS_REGION"]})
    return local


def send(method, url, body=None, **headers):
    request = urllib.request.Request(url, data=body, method=method,
                                     headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read()


@pytest.mark.parametrize("key", ["k.jpg", "a b+c/%41~.jpg", "caf\u00e9/\U0001f408.jpg"])
def test_urls_put_and_get(icecat, server, key):
    address = f"s3://{BUCKET}/{key}"
    put = icecat("presign", "put", address, **server.env)
    assert put.code == 0 and put.err == "" and put.out.count("\n") == 1
    assert send("PUT", put.out.strip(), b"meow", Content_Type="image/jpeg")[0] == 200
    get = icecat("presign", "GET", address, "--expires", "60", **server.env)
    assert "X-Amz-Expires=60&" in get.out
    assert send("GET", get.out.strip()) == (200, b"meow")
    assert send("PUT", get.out.strip(), b"other")[0] == 403
    assert server.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read() == b"meow"


def test_a_put_is_bound_to_type_and_bytes(icecat, server):
    digest = hashlib.sha256(b"meow").hexdigest()
    document = icecat("presign", "put", f"s3://{BUCKET}/bound", "--content-type", "image/png", "--sha256", digest,
                      "--json", **server.env).json("presign_doc")
    assert document["method"] == "PUT"
    assert document["signed_headers"] == {"content-type": "image/png", "x-amz-content-sha256": digest}
    assert 895 <= document["expires_at"] - time.time() <= 900
    good = {"Content_Type": "image/png", "x_amz_content_sha256": digest}
    assert send("PUT", document["url"], b"meow", **{**good, "Content_Type": "text/html"})[0] == 403
    assert send("PUT", document["url"], b"other", **good)[0] == 400
    assert send("PUT", document["url"], b"meow", Content_Type="image/png")[0] == 403
    assert send("PUT", document["url"], b"meow", **good)[0] == 200


def test_the_headers_to_send_are_told_on_stderr(icecat):
    done = icecat("presign", "put", "s3://cats/k", "--content-type", "image/png", **KEYS)
    assert done.code == 0 and done.out.startswith("http://127.0.0.1:9/cats/k?")
    assert done.err == "icecat: send it with the header Content-Type: image/png\n"


def test_no_server_is_asked(icecat):
    done = icecat("presign", "get", "s3://cats/k", "--json", **KEYS)  # nothing listens there
    assert done.json("presign_doc")["signed_headers"] == {}


def test_keys_that_end_before_the_url_are_warned_of(icecat):
    end = int(time.time()) + 300
    keys = {**KEYS, "AWS_SESSION_TOKEN": "end-of-" + "token",
            "AWS_CREDENTIAL_EXPIRATION": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(end))}
    done = icecat("presign", "get", "s3://cats/k", "--expires", "3600", **keys)
    assert done.code == 0 and "X-Amz-Security-Token=end-of-token" in done.out
    assert done.err == "icecat: warning: the access keys expire before the URL would; it ends with them\n"
    assert icecat("presign", "get", "s3://cats/k", "--json", **keys).json("presign_doc")["expires_at"] <= end
    assert TOKEN not in done.err


@pytest.mark.parametrize("words,sentence", [
    ([], "presign needs put or get, and s3://BUCKET/KEY"),
    (["get"], "presign needs put or get, and s3://BUCKET/KEY"),
    (["delete", "s3://b/k"], 'presign needs put or get, not "delete"'),
    (["get", "s3://cats/k", "--expires", "0"], "--expires must be a whole number from 1 to 604800"),
    (["get", "s3://cats/k", "--expires", "604801"], "--expires must be a whole number from 1 to 604800"),
    (["get", "s3://cats/k", "--content-type", "a/b"], "--content-type and --sha256 are for put"),
    (["put", "s3://cats/k", "--sha256", "E3"], "--sha256 must be 64 lower-case hex digits"),
    (["put", "s3://cats/k", "-o", "csv"], "presign has no csv output"),
])
def test_usage_errors(icecat, words, sentence):
    done = icecat("presign", *words, **KEYS)
    assert (done.code, done.out) == (2, "") and sentence in done.err


@pytest.mark.parametrize("address", ["cats/k", "s3://cats", "s3://cats/", "s3:///k", "s3://No_Bucket/k"])
def test_addresses_that_are_none(icecat, address):
    done = icecat("presign", "get", address, **KEYS)
    assert done.code == 2 and done.out == "" and len(done.err.splitlines()) == 1


def test_a_refused_signature_is_explained(icecat, server):
    env = {**server.env, "AWS_SECRET_ACCESS_KEY": "canary-of-a-wrong-secret"}
    done = icecat("detect", f"s3://{BUCKET}/k.jpg", **env)
    assert done.code == 4
    assert "SignatureDoesNotMatch" in done.err + done.out
    assert "the secret access key is not the one of this access key id" in done.err + done.out
    assert "canary" not in done.err + done.out
