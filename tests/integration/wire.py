"""Calls of the library from a program, whose servers misbehave, and what good answers look like."""
import itertools
import json
import subprocess

import pytest

from conftest import binary
from icecat_command import KEYS, environment

RETRYABLE = {"E_RESOLVE", "E_CONNECT", "E_TRANSFER", "E_TIMEOUT", "E_THROTTLED", "E_UNAVAILABLE"}
PROMPT_MS = 2000  # what is told at once is told within this time, on a busy machine too
MOST_KB = 300000  # resident, with a sanitizer

S3, DYNAMODB = ("put", "get", "head", "copy", "delete"), ("get-item", "put-item", "query", "batch-get")
JSON = (*DYNAMODB, "labels", "parameter")
ALL = (*S3, *JSON)


def wire_call(operation, url, count=1, attempts=1, **changes):
    """What `count` calls in a row said."""
    program = binary().parents[2] / "tests/wire/wire_call"
    if not program.is_file():
        pytest.skip(f"{program} is not built")
    env = environment("/nonexistent", {**KEYS, "AWS_ENDPOINT_URL": url, "AWS_MAX_ATTEMPTS": str(attempts), **changes})
    done = subprocess.run([program, operation, str(count)], env=env, capture_output=True, text=True, timeout=150)
    assert (done.returncode, done.stderr) == (0, "")
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(said) == count
    for one in said:
        assert one["retryable"] == (one["status"] in RETRYABLE), one
    return said


def endless(begin, piece):
    """After `begin`, the same piece for ever."""
    many = piece * (8192 // len(piece) + 1)
    return lambda: itertools.chain([begin], itertools.repeat(many))


def head(*lines, status=b"HTTP/1.1 200 OK", body=b""):
    return b"\r\n".join((status, *lines)) + b"\r\n\r\n" + body


def answer(body=b"", status=b"200 OK", *headers):
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


ITEM = b'{"img_fprint":{"S":"ab"},"batch_id":{"N":"1"}}'
GOOD = {
    "put": answer(b"", b"200 OK", b'ETag: "e"', b"x-amz-request-id: R1"),
    "get": answer(b"bytes of a picture", b"200 OK", b'ETag: "e"'),
    "head": b'HTTP/1.1 200 OK\r\nContent-Length: 18\r\nETag: "e"\r\n\r\n',
    "copy": answer(b'<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>'),
    "delete": b"HTTP/1.1 204 No Content\r\nx-amz-request-id: R1\r\n\r\n",
    "get-item": answer(b'{"Item":%s}' % ITEM),
    "put-item": answer(b"{}"),
    "query": answer(b'{"Count":1,"Items":[%s]}' % ITEM),
    "batch-get": answer(b'{"Responses":{"verdicts":[%s]},"UnprocessedKeys":{}}' % ITEM),
    "labels": answer(b'{"Labels":[{"Name":"Cat","Confidence":98.5}]}'),
    "parameter": answer(b'{"Parameters":[{"Name":"/cats/table","Value":"verdicts"}],"InvalidParameters":[]}'),
}


def last(whole):
    """The answer of a server that says that it closes; else the next request may go to a connection that is closing."""
    return whole.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)
