"""icecat-local among clients that mean harm or are broken: it answers or hangs up, and goes on."""
import json
import os
import re
import resource
import socket
import struct
import time
import urllib.request

import pytest

MIB = 1024 * 1024
GET = b"GET /_icecat/status HTTP/1.1\r\nHost: 127.0.0.1\r\n"
PUT = b"PUT /bucket/key HTTP/1.1\r\nHost: 127.0.0.1\r\n"
CHUNKED = PUT + b"Transfer-Encoding: chunked\r\n\r\n"


def address(local):
    host, port = local.url.split("//")[1].split(":")
    return host, int(port)


def is_well(local):
    with urllib.request.urlopen(local.url + "/_icecat/status", timeout=10) as answer:
        assert json.load(answer)["version"]
    assert local.process.poll() is None, local.log_text()[-4000:]


def talk(local, data, half_close=True):
    """Everything that comes back for these bytes, up to the end of the connection."""
    with socket.create_connection(address(local), timeout=10) as raw:
        got = b""
        try:
            raw.sendall(data)
            if half_close:
                raw.shutdown(socket.SHUT_WR)
            while piece := raw.recv(65536):
                got += piece
        except TimeoutError:
            raise
        except OSError:
            pass  # reset, broken or no longer connected: the server has closed it
        return got


def status_of(got):
    return int(got.split(b" ", 2)[1]) if got.startswith(b"HTTP/1.") else None


# What may come back: one of these states; None is an end without an answer.
MALFORMED = {
    "empty": (b"", {None}),
    "blank lines": (b"\r\n" * 1000, {None, 400}),
    "no HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)), {None, 400}),
    "HTTP 0.9": (b"GET /\r\n\r\n", {None, 400}),
    "another version": (b"GET / HTTP/9.9\r\n\r\n", {None, 400, 403, 505}),
    "not a version": (b"GET / HTTP/1.1.1.1\r\n\r\n", {None, 400}),
    "no method": (b" / HTTP/1.1\r\n\r\n", {None, 400, 501}),
    "another method": (b"BREW /_icecat/status HTTP/1.1\r\n\r\n", {None, 400, 501}),
    "no target": (b"GET HTTP/1.1\r\n\r\n", {None, 400}),
    "asterisk": (b"OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {400}),
    "authority": (b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {400, 403}),
    "absolute target": (b"GET http://evil.example/_icecat/status HTTP/1.1\r\nHost: evil.example\r\n\r\n", {400, 403}),
    "NUL in the target": (b"GET /_icecat/\x00status HTTP/1.1\r\n\r\n", {None, 400, 403, 404}),
    "control characters in the target": (b"GET /\x01\x1b[2J\x7f HTTP/1.1\r\n\r\n", {None, 400, 403}),
    "NUL as an escape": (b"GET /bucket/a%00b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {400, 403}),
    "broken escapes": (b"GET /bucket/%zz%2?%=%&=%%% HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {400, 403}),
    "dots": (b"GET /_icecat/../../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {400, 403, 404}),
    "a target of 60 KB": (b"GET /" + b"a" * 60000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", {None, 400, 403}),
    "a header of 1 MB": (GET + b"X: " + b"x" * MIB + b"\r\n\r\n", {None, 400, 413}),
    "headers without an end": (GET + b"X: y\r\n" * 100000, {None, 400, 413}),
    "10,000 headers": (GET + b"a:\r\n" * 10000 + b"\r\n", {None, 200, 400, 413}),
    "a header without a colon": (GET + b"no colon\r\n\r\n", {None, 400}),
    "a header without a name": (GET + b": value\r\n\r\n", {None, 200, 400}),
    "a folded header": (GET + b"X: a\r\n b\r\n\r\n", {None, 200, 400}),
    "a fold before any header": (b"GET / HTTP/1.1\r\n folded\r\n\r\n", {None, 400, 403}),
    "NUL in a header": (GET + b"X: a\x00b\r\n\r\n", {None, 200, 400}),
    "bare line feeds": (GET.replace(b"\r\n", b"\n") + b"\n", {None, 200, 400}),
    "a negative length": (PUT + b"Content-Length: -1\r\n\r\n", {None, 400}),
    "a length that is no number": (PUT + b"Content-Length: 0x10\r\n\r\n", {None, 400}),
    "a length over 64 bits": (PUT + b"Content-Length: 99999999999999999999\r\n\r\n", {None, 400, 413}),
    "a length of 8 EiB": (PUT + b"Content-Length: 9223372036854775807\r\n\r\nabc", {None, 413}),
    "two lengths": (PUT + b"Content-Length: 3\r\nContent-Length: 5\r\n\r\nabcde", {None, 400, 403}),
    "length and chunks": (PUT + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {None, 400, 403}),
    "a body that ends early": (PUT + b"Content-Length: 1000\r\n\r\nabc", {None, 400}),
    "a chunk that is no number": (CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n", {None, 400, 413}),
    "a negative chunk": (CHUNKED + b"-5\r\nabcde\r\n0\r\n\r\n", {None, 400, 413}),
    "a chunk of 16 EiB": (CHUNKED + b"ffffffffffffffff\r\nabc", {None, 400, 413}),
    "a chunk of 8 EiB": (CHUNKED + b"7fffffffffffffff\r\nabc", {None, 400, 413}),
    "two chunks over 64 bits": (CHUNKED + b"1\r\na\r\n7fffffffffffffff\r\nb", {None, 400, 413}),
    "a chunk over the limit": (CHUNKED + b"4000001\r\nabc", {None, 400, 413}),
    "a chunk without its line end": (CHUNKED + b"3\r\nabcdef\r\n0\r\n\r\n", {None, 400}),
    "a chunk line of 1 MB": (CHUNKED + b"1;" + b"x" * MIB + b"\r\na\r\n0\r\n\r\n", {None, 400, 403, 413}),
    "chunks that end early": (CHUNKED + b"5\r\nab", {None, 400}),
    "trailers without an end": (CHUNKED + b"0\r\n" + b"X: y\r\n" * 100000, {None, 400, 403, 413}),
    "an unknown expectation": (PUT + b"Expect: a miracle\r\nContent-Length: 3\r\n\r\nabc", {417}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_not_http(local, name):
    data, allowed = MALFORMED[name]
    got = talk(local, data)
    assert status_of(got) in allowed, got[:300]
    is_well(local)


def test_bodies_over_the_limit(local):
    """Without a 100 that would invite it, and without the memory for it."""
    length = b"Content-Length: %d\r\n\r\n" % (64 * MIB + 1)
    for data in (PUT + length, PUT + b"Expect: 100-continue\r\n" + length, b"POST / HTTP/1.1\r\n" + length):
        got = talk(local, data)
        assert status_of(got) in (413, None), got[:300]
        assert b" 100 " not in got
    is_well(local)


LAST = b"GET /_icecat/status HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def states(got):
    return [int(state) for state in re.findall(rb"HTTP/1\.1 (\d+) ", got)]


def test_many_requests_in_one_piece(local):
    got = talk(local, (GET + b"\r\n") * 299 + LAST, half_close=False)
    assert states(got) == [200] * 300
    # A refused one in the middle ends neither the order nor the program.
    got = talk(local, GET + b"\r\n" + b"GET /bucket HTTP/1.1\r\n\r\n" + LAST, half_close=False)
    assert states(got) == [200, 403, 200]
    is_well(local)


def test_a_burst_of_connections(local):
    """None of them has to try again, which takes a second each time the queue is full."""
    began = time.monotonic()
    crowd = [socket.create_connection(address(local), timeout=10) for _ in range(600)]
    assert time.monotonic() - began < 3
    for raw in crowd:
        raw.sendall(LAST)
    assert [raw.recv(15) for raw in crowd] == [b"HTTP/1.1 200 OK"] * 600
    for raw in crowd:
        raw.close()
    is_well(local)


def test_clients_that_vanish(local):
    """In every place of a request, politely or with a reset."""
    whole = CHUNKED + b"3\r\nabc\r\n0\r\n\r\n" + GET + b"\r\n"
    for at in range(0, len(whole), 3):
        raw = socket.create_connection(address(local), timeout=10)
        raw.sendall(whole[:at])
        if at % 2:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.close()
    is_well(local)


def test_slow_clients_hold_nobody(local):
    """100 bodies that come byte by byte, and answers that nobody reads; others are served at once."""
    slow = [socket.create_connection(address(local), timeout=10) for _ in range(100)]
    deaf = [socket.create_connection(address(local), timeout=10) for _ in range(20)]
    try:
        for raw in deaf:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            raw.sendall((GET + b"\r\n") * 50)
        for raw in slow:
            raw.sendall(PUT + b"Content-Length: 20\r\n\r\n")
        for byte in range(5):
            for raw in slow:
                raw.sendall(b"%d" % byte)
            began = time.monotonic()
            is_well(local)
            assert time.monotonic() - began < 2
    finally:
        for raw in slow + deaf:
            raw.close()
    is_well(local)


def cpu_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_more_connections_than_there_are_descriptors(start_local):
    """Those that do not fit wait, without work for the processor or lines in the log; then all goes on."""
    local = start_local()
    limit = len(os.listdir(f"/proc/{local.process.pid}/fd")) + 100
    resource.prlimit(local.process.pid, resource.RLIMIT_NOFILE, (limit, limit))
    crowd = []
    try:
        for _ in range(200):  # 100 are accepted, and the rest waits in the queue
            raw = socket.socket()
            raw.settimeout(10)
            crowd.append(raw)
            raw.connect(address(local))
        crowd[0].sendall(GET + b"\r\n")
        assert crowd[0].recv(100).startswith(b"HTTP/1.1 200 ")
        before = cpu_s(local.process.pid)
        time.sleep(1)  # the length of the measurement
        assert cpu_s(local.process.pid) - before < 0.5
        for raw in crowd[:120]:
            raw.close()
        crowd[-1].sendall(GET + b"\r\n")
        assert crowd[-1].recv(100).startswith(b"HTTP/1.1 200 ")
    finally:
        for raw in crowd:
            raw.close()
    is_well(local)
    assert len(local.log_text()) < 100000


def test_documents_that_never_end(local):
    """Signed, so that the parsers of the services see them."""
    ssm = local.once("ssm")
    for body in (b"[" * 200000, b'{"a":' * 100000, b'{"Name":"' + b"\\u0000" * 1000 + b'"}', b"\x00" * 1000, b"\xff" * 1000):
        ssm.meta.events.register_first("before-sign.*", lambda request, body=body, **_: setattr(request, "data", body),
                                       unique_id="hostile")
        with pytest.raises(ssm.exceptions.ClientError) as info:
            ssm.get_parameter(Name="x")
        assert info.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        ssm.meta.events.unregister("before-sign.*", unique_id="hostile")
    s3 = local.once("s3")
    for body in (b"<a>" * 100000, b"<!DOCTYPE x [<!ENTITY a 'b'>]><Delete>&a;</Delete>", b"<Delete>" + b"\x00" * 100, b""):
        s3.meta.events.register_first("before-sign.*", lambda request, body=body, **_: setattr(request, "data", body),
                                      unique_id="hostile")
        with pytest.raises(s3.exceptions.ClientError) as info:
            s3.delete_objects(Bucket=local.env["S3BUCKET_SOURCE"], Delete={"Objects": [{"Key": "k"}]})
        assert info.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        s3.meta.events.unregister("before-sign.*", unique_id="hostile")
    is_well(local)
