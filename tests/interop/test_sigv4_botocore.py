"""Signatures of chance requests, byte for byte those of botocore: S3 and other services, headers and query.

What botocore cannot sign as the rules say stays out: a path that ends in a dot segment (it drops the slash),
a query that is not strictly encoded (it signs it as it is); in a presigned request a body (it becomes the
query) and repeated parameters (it drops them)."""
import datetime
import json
import os
import pathlib
import random
import subprocess
import time
from urllib.parse import quote

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import pytest

COUNT = 10000
PRESIGN, CONTENT_SHA256 = 4, 8  # ICECAT_SIGV4_... of sigv4.h
LETTERS = "abzAZ09-._~ /+%&=?#:@!$'()*,;[]\"<>\\^`{|}\u00e9\u1234\U0001f408"
VALUE_LETTERS = "abzAZ09-._~ /+%&=?#:@!$'()*,;\"  \t\u00e9\u1234\U0001f408"
SERVICES = ["s3", "s3", "dynamodb", "rekognition", "ssm", "execute-api", "service"]
HOSTS = ["example.com", "bucket.s3.eu-west-1.amazonaws.com", "localhost:4566", "127.0.0.1:9000",
         "[::1]", "[2001:db8::1]:8443", "example.com:444"]


def program():
    build = os.environ.get("ICECAT_BUILD_DIR")
    path = pathlib.Path(build or "/nonexistent") / "tests/interop/sign_lines"
    if not path.is_file():
        pytest.skip(f"{path} is not built")
    return path


def word(chance, letters, most, least=0):
    return "".join(chance.choice(letters) for _ in range(chance.randint(least, most)))


def make_path(chance, service):
    segments = [word(chance, LETTERS.replace("/", ""), 12) for _ in range(chance.randint(0, 6))]
    if service == "s3":
        segments = [chance.choice([segment, segment, "", ".", ".."]) for segment in segments]
    else:
        segments = [chance.choice([segment, segment, segment, "", ".", ".."]) for segment in segments]
    path = "/" + "/".join(quote(segment, safe="-_.~") for segment in segments)
    if service != "s3" and path.rsplit("/", 1)[1] in (".", ".."):
        path += "/x"
    return path


def make_query(chance, is_presigned):
    parameters = []
    for _ in range(chance.choice([0, 0, 1, 2, 5, 20])):
        name = quote(word(chance, LETTERS, 8, 1), safe="-_.~")
        value = quote(word(chance, LETTERS, 12), safe="-_.~")
        if is_presigned and any(name == known.partition("=")[0] for known in parameters):
            continue
        parameters.append(name if not value and chance.random() < 0.5 else f"{name}={value}")
        if not is_presigned and chance.random() < 0.3:
            parameters.append(f"{name}={quote(word(chance, LETTERS, 3), safe='-_.~')}")
    return "&".join(parameters)


def make_headers(chance):
    headers = []
    for _ in range(chance.choice([0, 1, 3, 8])):
        name = chance.choice(["content-type", "X-Amz-Meta-", "x-amz-meta-", "x-", "Range", "Cache-Control",
                              "User-Agent", "Expect", "TE", "x-amzn-trace-id"])
        if name.endswith("-"):
            name += word(chance, "abcXYZ019-", 6, 1)
        headers.append([name, word(chance, VALUE_LETTERS, 30)])
        if chance.random() < 0.2:
            headers.append([name.swapcase(), word(chance, VALUE_LETTERS, 10)])
    return headers


def make_request(chance):
    service = chance.choice(SERVICES)
    is_presigned = chance.random() < 0.5
    payload = word(chance, LETTERS, 40) if not is_presigned and chance.random() < 0.5 else ""
    unsigned = not is_presigned and service != "s3" and chance.random() < 0.2
    flags = PRESIGN if is_presigned else CONTENT_SHA256 if service == "s3" or unsigned else 0
    return {
        "method": chance.choice(["GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS"]),
        "host": chance.choice(HOSTS),
        "path": make_path(chance, service),
        "query": make_query(chance, is_presigned),
        "headers": make_headers(chance),
        "payload": payload,
        "payload_hash": "UNSIGNED-PAYLOAD" if unsigned or (is_presigned and service == "s3") else None,
        "region": chance.choice(["us-east-1", "eu-west-1", "cn-north-1"]),
        "service": service,
        "unix_s": chance.randint(1, 4102444799),
        "expires_s": chance.randint(1, 604800) if is_presigned else 0,
        "flags": flags,
        "access_key_id": "AKID" + word(chance, "ABC0123456789", 16, 1),
        "secret_access_key": word(chance, "abcABC0123+/", 40, 1),
        "session_token": word(chance, "abcABC0123+/=", 400, 1) if chance.random() < 0.4 else None,
    }


def sign_by_botocore(request, monkeypatch):
    keys = botocore.credentials.Credentials(request["access_key_id"], request["secret_access_key"],
                                            request["session_token"])
    query = f"?{request['query']}" if request["query"] else ""
    other = botocore.awsrequest.AWSRequest(method=request["method"], data=request["payload"].encode(),
                                           url=f"https://{request['host']}{request['path']}{query}")
    for name, value in [["host", request["host"]], *request["headers"]]:
        other.headers.add_header(name, value)
    other.context["payload_signing_enabled"] = request["payload_hash"] is None
    when = datetime.datetime.fromtimestamp(request["unix_s"], datetime.timezone.utc)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: when)
    is_s3, expires = request["service"] == "s3", request["expires_s"]
    if expires:
        signer = (botocore.auth.S3SigV4QueryAuth if is_s3 else botocore.auth.SigV4QueryAuth)(
            keys, request["service"], request["region"], expires=expires)
    else:
        signer = (botocore.auth.S3SigV4Auth if is_s3 else botocore.auth.SigV4Auth)(
            keys, request["service"], request["region"])
    texts = []
    original = signer.canonical_request
    signer.canonical_request = lambda given: texts.append(original(given)) or texts[-1]
    signer.add_auth(other)
    signed = other.url if expires else other.headers["Authorization"]
    return signed.rpartition("Signature=")[2], texts[0]


def line_of(request):
    ours = {name: value for name, value in request.items() if value is not None and name != "host"}
    ours["headers"] = [["host", request["host"]], *request["headers"]]
    return json.dumps(ours)


def test_chance_requests_are_signed_as_botocore_does(monkeypatch):
    seed = int(os.environ.get("ICECAT_TEST_SEED", time.time_ns() % 2**32))
    chance = random.Random(seed)
    requests = [make_request(chance) for _ in range(COUNT)]
    done = subprocess.run([program()], input="\n".join(map(line_of, requests)), capture_output=True,
                          text=True, timeout=120)
    assert done.returncode == 0, f"ICECAT_TEST_SEED={seed}: {done.stderr}"
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == COUNT
    for index, (request, answer) in enumerate(zip(requests, answers)):
        signature, canonical = sign_by_botocore(request, monkeypatch)
        assert answer.get("signature") == signature, (
            f"ICECAT_TEST_SEED={seed}, request {index}: {json.dumps(request)}\n{answer.get('error', '')}\n"
            f"--- ours\n{answer.get('canonical_request')}\n--- botocore\n{canonical}")
    kinds = {(request["service"] == "s3", request["expires_s"] > 0) for request in requests}
    assert len(kinds) == 4
