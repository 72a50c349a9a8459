"""What each call says of each thing that can go wrong on the wire, and how long it takes to say so.

The tables are the evidence for docs/errors.md: a line is a fault, the calls that meet it, and the status. A status that
may be retried is retried here too, and the call is good once the server is.

ICECAT_LONG=1 ends connections after every single byte; the ordinary run after every seventeenth.
"""
import gzip
import os

import pytest

from fault_server import Fault, FaultServer
from wire import ALL, GOOD, JSON, MOST_KB, PROMPT_MS, S3, answer, endless, head, last, wire_call

STRIDE = 1 if os.environ.get("ICECAT_LONG") else 17


@pytest.mark.parametrize("operation", ALL)
def test_the_good_answer_is_good(operation):
    with FaultServer(Fault(GOOD[operation])) as server:
        said = wire_call(operation, server.url, count=3)
    assert [one["status"] for one in said] == ["OK"] * 3
    assert server.connections == 1  # it was kept


# ---- the connection ends ---------------------------------------------------------------------------

def request_length(operation):
    with FaultServer(Fault(GOOD[operation])) as server:
        wire_call(operation, server.url)
    head, body = server.requests[0]
    return len(head) + 4 + len(body)


@pytest.mark.parametrize("operation", ("put", "get-item"))
def test_a_reset_after_any_byte_of_the_request(operation):
    """Each call is reset once, is told so when it may not try again, and is carried out when it may."""
    places = range(0, request_length(operation), STRIDE)
    with FaultServer(lambda number: Fault(take=places[number])) as server:
        for one, place in zip(wire_call(operation, server.url, len(places)), places):
            # Before the first byte it may look as if there was no connection.
            assert one["status"] in ("E_TRANSFER", *(("E_CONNECT",) if place == 0 else ())), (place, one)
            assert one["ms"] < PROMPT_MS
        assert server.requests == []
    with FaultServer(lambda number: Fault(last(GOOD[operation]), take=None if number % 2 else places[number // 2],
                                          closes=True)) as server:
        for one, place in zip(wire_call(operation, server.url, len(places), attempts=2), places):
            assert one["status"] == "OK", (place, one)
        assert len(server.requests) == len(places)


@pytest.mark.parametrize("operation", ALL)
@pytest.mark.parametrize("ends", ("reset", "in order"))
def test_the_end_after_any_byte_of_the_answer(operation, ends):
    """Half an answer never passes for a whole one."""
    whole = GOOD[operation]
    places = range(1, len(whole), STRIDE if operation != "put" else 1)
    cut = [Fault(whole, give=place, ends_with_reset=ends == "reset") for place in places]
    with FaultServer(lambda number: cut[number]) as server:
        for one, place in zip(wire_call(operation, server.url, len(places)), places):
            assert one["status"] == "E_TRANSFER", (whole[:place], one)
            assert one["ms"] < PROMPT_MS
        assert len(server.requests) == len(places)
    with FaultServer(lambda number: Fault(last(whole), closes=True) if number % 2 else cut[number // 2]) as server:
        for one, place in zip(wire_call(operation, server.url, len(places), attempts=2), places):
            assert one["status"] == "OK", (whole[:place], one)


# ---- answers that are none -------------------------------------------------------------------------

OK_LINE = b"HTTP/1.1 200 OK\r\n"
CHUNKED = b"Transfer-Encoding: chunked"
GZIP = b"Content-Encoding: gzip"
BOMB = gzip.compress(bytes(64 << 20))  # 64 MB in 64 kB
BODIES = ("get", *JSON)                # who reads a body

# The fault: what comes back, which calls, what they say.
HEADS = {
    "nothing": (b"", ALL, "E_TRANSFER"),
    "another protocol": (b"220 mail.test ESMTP\r\n", ALL, "E_PROTOCOL"),
    "an alert of TLS": (b"\x15\x03\x01\x00\x02\x02\x46", ALL, "E_PROTOCOL"),
    "noise": (bytes(range(256)) * 40, ALL, "E_PROTOCOL"),
    "a version of HTTP that is none": (head(status=b"HTTP/9.9 200 OK"), ALL, "E_PROTOCOL"),
    "a status that is none": (head(status=b"HTTP/1.1 -20 OK"), ALL, "E_PROTOCOL"),
    "a status alone": (head(), ("put", "get", "copy", *JSON), "E_PROTOCOL"),
    "a switch of protocols": (head(b"Upgrade: h2c", status=b"HTTP/1.1 101 Switching"), ALL, "E_TRANSFER"),
    "a line of 1 MB": (head(b"x: " + b"y" * 1048576), ALL, "E_LIMIT"),
    "200 headers": (head(*(b"x-%d: y" % i for i in range(200)), b"Content-Length: 0"), ALL, "E_LIMIT"),
    "headers without end": (endless(OK_LINE, b"x: y\r\n"), ALL, "E_LIMIT"),
    "lines without end": (endless(OK_LINE, b"no header\r\n"), ALL, "E_PROTOCOL"),
    "a line without end": (endless(OK_LINE + b"x: ", b"y"), ALL, "E_LIMIT"),
    "100 Continue for ever": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), ALL, "E_LIMIT"),
    "102 Processing for ever": (endless(b"", b"HTTP/1.1 102 Processing\r\nx: y\r\n\r\n"), ALL, "E_LIMIT"),
    "three hints and an answer": (b"HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n" * 3 + GOOD["put"], ("put",), "OK"),
    "a length that is no number": (head(b"Content-Length: many"), ALL, "E_PROTOCOL"),
    "a negative length": (head(b"Content-Length: -1"), ALL, "E_PROTOCOL"),
    "a length over 64 bits": (head(b"Content-Length: 99999999999999999999"), ("put", *BODIES), "E_PROTOCOL"),
    "a length that is too long": (head(b"Content-Length: 99", body=b'{"Items":[]}'), BODIES, "E_TRANSFER"),
    "a length that is too short": (head(b"Content-Length: 10", body=b'{"Items":[]}'), JSON, "E_PROTOCOL"),
    "no length": (head(b'ETag: "e"', body=b"half a pict"), ("get",), "E_PROTOCOL"),
    "an unknown transfer encoding": (head(b"Transfer-Encoding: nonsense", body=b"{}"), ("put", *BODIES), "E_PROTOCOL"),
    "a chunk that is no number": (head(CHUNKED, body=b"zz\r\nab\r\n0\r\n\r\n"), BODIES, "E_TRANSFER"),
    "a chunk over 64 bits": (head(CHUNKED, body=b"f" * 40 + b"\r\nab"), BODIES, "E_TRANSFER"),
    "chunks that end early": (head(CHUNKED, body=b"5\r\n{}"), BODIES, "E_TRANSFER"),
    "chunks without end": (endless(head(CHUNKED), b"2000\r\n" + b"y" * 8192 + b"\r\n"), ("get", "labels"), "E_LIMIT"),
    "a body without end": (endless(head(), b"y"), ("get", "labels"), "E_LIMIT"),
    "a gzip bomb": (answer(BOMB, b"200 OK", GZIP), JSON, "E_PROTOCOL"),
    "a gzip bomb as an object": (answer(BOMB, b"200 OK", GZIP), ("get",), "OK"),
    "a page for signing in": (answer(b"<html>Welcome to the hotel</html>"), ("put", "copy", "delete", *JSON), "E_PROTOCOL"),
}

DEEP, WIDE = b"[" * 100000, b"[" + b"0," * 2000000 + b"0]"
TEXT = b'{"Item":{"a":{"S":"%s"}},"Items":[{"a":{"S":"%s"}}]}'

# Bodies of good answers that are not the operation's.
DOCUMENTS = {
    "nothing": (b"", JSON, "E_PROTOCOL"),
    "an array": (b"[]", JSON, "E_PROTOCOL"),
    "a number": (b"7", JSON, "E_PROTOCOL"),
    "null": (b"null", JSON, "E_PROTOCOL"),
    "XML": (b"<Error><Code>x</Code></Error>", JSON, "E_PROTOCOL"),
    "half an object": (b'{"Item":{"a":{"S":"b"}', JSON, "E_PROTOCOL"),
    "an object and more": (b"{} {}", JSON, "E_PROTOCOL"),
    "a comment": (b"{/* */}", JSON, "E_PROTOCOL"),
    "UTF-16": ('{"Items":[]}'.encode("utf-16"), JSON, "E_PROTOCOL"),
    "NUL bytes": (bytes(1000), JSON, "E_PROTOCOL"),
    "an object with a NUL byte behind it": (b"{}\0", JSON, "E_PROTOCOL"),
    "100,000 arrays in one another": (DEEP, JSON, "E_PROTOCOL"),
    "100,000 objects in one another": (b'{"a":' * 100000, JSON, "E_PROTOCOL"),
    "two million values": (WIDE, JSON, "E_PROTOCOL"),
    "40 MB": (b'{"a":"' + b"x" * (40 << 20) + b'"}', JSON, "E_LIMIT"),
    "another object": (b'{"a":1}', ("query", "batch-get", "labels", "parameter"), "E_PROTOCOL"),
    "an item that is a text": (b'{"Item":"a","Items":"a"}', ("get-item", "query"), "E_PROTOCOL"),
    "an item without types": (b'{"Item":{"a":"b"},"Items":[{"a":"b"}]}', ("get-item", "query"), "E_PROTOCOL"),
    "an item with two types": (b'{"Item":{"a":{"S":"b","N":"1"}}}', ("get-item",), "E_PROTOCOL"),
    "an unknown type": (b'{"Item":{"a":{"X":"b"}}}', ("get-item",), "E_PROTOCOL"),
    "items of wrong types": (b'{"Items":[1,"a",null]}', ("query",), "E_PROTOCOL"),
    "responses that are a text": (b'{"Responses":"a"}', ("batch-get",), "E_PROTOCOL"),
    "responses of wrong types": (b'{"Responses":{"verdicts":{"a":1}}}', ("batch-get",), "E_PROTOCOL"),
    "keys left of a wrong type": (b'{"Responses":{},"UnprocessedKeys":7}', ("batch-get",), "E_PROTOCOL"),
    "labels that are a text": (b'{"Labels":"Cat"}', ("labels",), "E_PROTOCOL"),
    "a label without a name": (b'{"Labels":[{"Confidence":1}]}', ("labels",), "E_PROTOCOL"),
    "a confidence that is a text": (b'{"Labels":[{"Name":"Cat","Confidence":"1"}]}', ("labels",), "E_PROTOCOL"),
    "a confidence without end": (b'{"Labels":[{"Name":"Cat","Confidence":1e999}]}', ("labels",), "E_PROTOCOL"),
    "parameters that are a text": (b'{"Parameters":"a"}', ("parameter",), "E_PROTOCOL"),
    "a parameter without a value": (b'{"Parameters":[{"Name":"a"}]}', ("parameter",), "E_PROTOCOL"),
    "a value that is a number": (b'{"Parameters":[{"Name":"a","Value":1}]}', ("parameter",), "E_PROTOCOL"),
    "too many parameters": (b'{"Parameters":[%s]}' % b",".join([b'{"Name":"a","Value":"b"}'] * 2000), ("parameter",), "E_PROTOCOL"),
    "a NUL byte in a text": (TEXT % (b"a\0b", b"a\0b"), ("get-item", "query"), "E_PROTOCOL"),
    "bytes that are no UTF-8": (TEXT % (b"\xff\xfe", b"\xff\xfe"), ("get-item", "query"), "E_PROTOCOL"),
    "half a surrogate pair": (TEXT % (b"\\ud800", b"\\ud800"), ("get-item", "query"), "E_PROTOCOL"),
    "a copy that is none": (b"<Other/>", ("copy",), "E_PROTOCOL"),
    "a copy that failed": (b"<Error><Code>InternalError</Code></Error>", ("copy",), "E_UNAVAILABLE"),
    "a copy that was refused": (b"<Error><Code>AccessDenied</Code></Error>", ("copy",), "E_ACCESS"),
}

XML = b"<?xml version=\"1.0\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
LAUGHS = b'<!DOCTYPE e [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><Error><Code>NoSuchKey</Code><Message>&b;</Message></Error>'

# Bodies of a refusal, and what is made of it: the code when there is one, else the number.
REFUSALS = {
    "nothing": (b"404 None", b"", ALL, "E_NOT_FOUND"),
    "a code": (b"404 None", XML % (b"NoSuchBucket", b"none"), S3, "E_NOT_FOUND"),
    "a code of JSON": (b"400 Bad", b'{"__type":"a#ThrottlingException","message":"slow"}', JSON, "E_THROTTLED"),
    "a code that is a number": (b"400 Bad", b'{"__type":7,"message":[]}', JSON, "E_SERVICE"),
    "an unknown code": (b"400 Bad", XML % (b"Strange", b"x"), S3, "E_SERVICE"),
    "a code of 1 MB": (b"400 Bad", XML % (b"x" * 60000, b"y"), S3, "E_SERVICE"),
    "a refusal of 1 MB": (b"400 Bad", XML % (b"NoSuchKey", b"y" * 1048576), ("put", "delete"), "E_NOT_FOUND"),
    "a refusal of 40 MB": (b"400 Bad", XML % (b"NoSuchKey", b"y" * (40 << 20)), ("put", "delete"), "E_LIMIT"),
    "deep XML": (b"400 Bad", b"<a>" * 20000, S3, "E_SERVICE"),
    "deep JSON": (b"400 Bad", b'{"__type":' * 10000, JSON, "E_SERVICE"),
    "half a refusal": (b"403 No", b"<Error><Code>AccessDen", S3, "E_ACCESS"),
    "entities": (b"404 None", LAUGHS, S3, "E_NOT_FOUND"),
    "NUL bytes": (b"400 Bad", XML % (b"No\0SuchKey", b"\0\0"), S3, "E_SERVICE"),
    "bytes that are no UTF-8": (b"400 Bad", XML % (b"\xff\xfe", b"\xff\xfe\x80"), S3, "E_SERVICE"),
    "escapes of a terminal": (b"400 Bad", XML % (b"A\x1b[2J", b"\x1b]0;owned\x07"), S3, "E_SERVICE"),
    "a page": (b"502 Bad Gateway", b"<html><h1>Bad</h1></html>", ALL, "E_UNAVAILABLE"),
    "slow down": (b"503 Slow", XML % (b"SlowDown", b"x"), S3, "E_THROTTLED"),
    "too many requests": (b"429 Slow", b"", ALL, "E_THROTTLED"),
    "a proxy that wants a password": (b"407 Proxy", b"", ALL, "E_CONFIG"),
    "a redirect to nowhere": (b"307 Go", b"", ALL, "E_REGION"),
    "a status of 999": (b"999 No", b"", ALL, "E_SERVICE"),
}


def run_cases(operation, cases):
    """One call for each case, on a connection of its own; what was not as the table says comes back."""
    faults = [Fault(whole, closes=True) for _, whole, _ in cases]
    with FaultServer(lambda number: faults[number]) as server:
        said = wire_call(operation, server.url, len(cases))
    for one in said:
        assert one["message"].isprintable(), one
    return [f"{name}: {status} was expected, not {one}" for (name, _, status), one in zip(cases, said)
            if one["status"] != status or one["ms"] > PROMPT_MS or one["kb"] > MOST_KB]


@pytest.mark.parametrize("operation", ALL)
def test_what_is_no_answer(operation):
    assert run_cases(operation, [(name, whole, status) for name, (whole, who, status) in HEADS.items()
                                 if operation in who]) == []


@pytest.mark.parametrize("operation", ("copy", *JSON))
def test_documents_that_are_not_the_operations(operation):
    assert run_cases(operation, [(name, answer(body), status) for name, (body, who, status) in DOCUMENTS.items()
                                 if operation in who]) == []


@pytest.mark.parametrize("operation", ALL)
def test_what_is_made_of_a_refusal(operation):
    cases = [(name, answer(b"" if operation == "head" else body, line), status)
             for name, (line, body, who, status) in REFUSALS.items()
             if operation in who and (operation != "head" or not body)]
    assert run_cases(operation, cases) == []
