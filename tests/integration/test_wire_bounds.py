"""Servers that are slow, refuse, or are not there: what each call says, and that its time is kept."""
import contextlib
import datetime
import itertools
import os
import socket
import ssl
import subprocess
import time

import pytest

from conftest import binary
from fault_server import Fault, FaultServer
from loopback_tls import Authority
from wire import GOOD, PROMPT_MS, answer, head, last, wire_call

LONG = bool(os.environ.get("ICECAT_LONG"))
LATE_MS = 1000  # of a busy machine
BIG = {"WIRE_BODY": str(64 << 20)}  # more than the buffers of a connection take


def check(said, status, least_ms=0, most_ms=PROMPT_MS):
    assert said["status"] == status, said
    assert least_ms <= said["ms"] <= most_ms + LATE_MS, said


# ---- slow ------------------------------------------------------------------------------------------

def drip(piece, begin=b""):
    return lambda: itertools.chain([begin], itertools.repeat(piece))


# Servers that would hold a call for ever.
SLOW = {
    "says nothing": (Fault(silent=True), ("put", "get-item", "labels", "parameter"), {}),
    "answers byte by byte": (Fault(answer(b"x" * 1000), write_s=0.05), ("get", "query"), {}),
    "never ends its head": (Fault(drip(b"x: y\r\n", b"HTTP/1.1 200 OK\r\n"), write_s=0.05), ("head", "put-item"), {}),
    "continues byte by byte": (Fault(drip(b"HTTP/1.1 100 Continue\r\n\r\n"), write_s=0.05), ("put",), {}),
    "ends its head and says no more": (Fault(head(b"Content-Length: 10"), give=None), ("get", "batch-get"), {}),
    "reads byte by byte": (Fault(GOOD["put"], read_s=0.05), ("put",), BIG),
}


def slow_cases():
    return [pytest.param(fault, operation, changes, id=f"{name}-{operation}")
            for name, (fault, operations, changes) in SLOW.items() for operation in operations]


@pytest.mark.parametrize("fault, operation, changes", slow_cases())
def test_the_deadline_is_kept(fault, operation, changes):
    with FaultServer(fault) as server:
        said, = wire_call(operation, server.url, attempts=5, WIRE_TIMEOUT_MS="400", **changes)
    check(said, "E_DEADLINE", 400, 400)


STALLS = {
    "says nothing": (Fault(silent=True), {}),
    "stops reading": (Fault(read_s=30), BIG),
    **({"stops in its answer": (Fault(head(b"Content-Length: 10", body=b"half")), {})} if LONG else {}),
}


@pytest.mark.parametrize("name", STALLS)
def test_an_attempt_that_stalls_is_given_up(name):
    fault, changes = STALLS[name]
    with FaultServer(fault) as server:
        said, = wire_call("put", server.url, WIRE_STALL_MS="1000", **changes)
    check(said, "E_TIMEOUT", 1000, 6000)  # libcurl takes the mean of five seconds


@contextlib.contextmanager
def full_queue():
    """The address of a server that accepts nobody and whose queue is full."""
    with contextlib.ExitStack() as crowd:
        listener = crowd.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = crowd.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        time.sleep(0.05)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_who_does_not_accept_is_given_up():
    with full_queue() as url:
        said, again = wire_call("put", url, 2, WIRE_CONNECT_MS="300")
        check(said, "E_TIMEOUT", 300, 300)
        check(again, "E_TIMEOUT", 300, 300)
        said, = wire_call("put", url, WIRE_TIMEOUT_MS="300")
        check(said, "E_DEADLINE", 300, 300)


# ---- refusals, again and again ---------------------------------------------------------------------

SLOW_DOWN = answer(b"<Error><Code>SlowDown</Code></Error>", b"503 Slow Down")
THROTTLE = answer(b'{"__type":"ProvisionedThroughputExceededException"}', b"400 Bad")


def test_a_failing_service_is_asked_as_often_as_allowed():
    with FaultServer(Fault(answer(b"", b"503 Down"))) as server:
        said, = wire_call("put", server.url, attempts=5)
        assert (said["attempts"], len(server.requests)) == (5, 5)
        assert said["message"].startswith("after 5 attempts: ")
    check(said, "E_UNAVAILABLE", 0, 50 + 100 + 200 + 400)


@pytest.mark.parametrize("operation, refusal", [("put", SLOW_DOWN), ("put-item", THROTTLE)])
def test_a_throttle_ends_with_the_attempts_or_the_time(operation, refusal):
    with FaultServer(Fault(refusal)) as server:
        said, = wire_call(operation, server.url, attempts=2)
        check(said, "E_THROTTLED", 0, 1000)
        assert (said["attempts"], len(server.requests)) == (2, 2)
        # Its own failure says more than the deadline would, and comes as soon as that is clear.
        said, = wire_call(operation, server.url, attempts=100, WIRE_TIMEOUT_MS="500")
        check(said, "E_THROTTLED", 0, 500)


def test_a_long_pause_that_the_service_asks_for_is_not_waited_beyond_the_deadline():
    with FaultServer(Fault(answer(b"", b"503 Slow", b"Retry-After: 3600"))) as server:
        said, = wire_call("get", server.url, attempts=3, WIRE_TIMEOUT_MS="2000")
    check(said, "E_UNAVAILABLE", 0, 100)


def test_a_broken_service_uses_up_the_retries_of_all_calls():
    """500 tokens, 14 for each retry: then each call fails at its first attempt."""
    with FaultServer(Fault(answer(b"", b"500 No"))) as server:
        said = wire_call("put", server.url, count=30, attempts=3)
        assert len(server.requests) == 30 + 500 // 14
    assert [one["attempts"] for one in said[-5:]] == [1] * 5


# ---- names and proxies -----------------------------------------------------------------------------

NO_NAME = "http://" + "a" * 64 + ".test"  # a label of 64 letters: no name server is asked
SQUID = b"HTTP/1.1 %s\r\nContent-Length: 3\r\nProxy-Authenticate: Basic realm=x\r\nConnection: close\r\n\r\nno\n"
FAR, FAR_TLS = "http://far.test", "https://far.test"


def test_a_name_without_an_address():
    said, = wire_call("put", NO_NAME)
    check(said, "E_RESOLVE")


# How the proxy answers, where the call goes, what it says.
PROXIES = {
    "wants a password, http": (SQUID % b"407 Who", FAR, "E_CONFIG"),
    "wants a password, https": (SQUID % b"407 Who", FAR_TLS, "E_CONFIG"),
    "forbids, http": (SQUID % b"403 No", FAR, "E_ACCESS"),
    "forbids, https": (SQUID % b"403 No", FAR_TLS, "E_CONNECT"),
    "cannot connect, http": (SQUID % b"503 Gone", FAR, "E_UNAVAILABLE"),
    "cannot connect, https": (SQUID % b"503 Gone", FAR_TLS, "E_CONNECT"),
    "is gone, http": (b"", FAR, "E_TRANSFER"),
    "is gone, https": (b"", FAR_TLS, "E_TRANSFER"),
    "connects and is gone": (b"HTTP/1.1 200 OK\r\n\r\n", FAR_TLS, "E_CONNECT"),
    "connects to something else": (b"HTTP/1.1 200 OK\r\n\r\nSSH-2.0-x\r\n", FAR_TLS, "E_TLS"),
    "speaks no HTTP": (b"SSH-2.0-x\r\n", FAR_TLS, "E_TRANSFER"),
}


@pytest.mark.parametrize("name", PROXIES)
def test_what_a_proxy_says(name):
    whole, url, status = PROXIES[name]
    with FaultServer(Fault(whole, closes=True)) as proxy:
        said, = wire_call("put", url, http_proxy=proxy.url, HTTPS_PROXY=proxy.url)
    check(said, status)
    if status == "E_CONFIG":
        assert "proxy" in said["message"]


@pytest.mark.parametrize("proxy, status", [("http://127.0.0.1:9", "E_CONNECT"), (NO_NAME, "E_RESOLVE")])
@pytest.mark.parametrize("url", [FAR, FAR_TLS])
def test_a_proxy_that_is_not_there(proxy, status, url):
    said, = wire_call("get-item", url, http_proxy=proxy, HTTPS_PROXY=proxy)
    check(said, status)


# ---- TLS -------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


def context_of(pem, **changes):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    for name, value in changes.items():
        setattr(context, name, value)
    return context


CERTIFICATES = {
    "good": ({}, "OK"),
    "expired": ({"ends": -datetime.timedelta(days=1)}, "E_TLS"),
    "another host": ({"hosts": ("other.test",)}, "E_TLS"),
    "self-signed": ({"self_signed": True}, "E_TLS"),
}


@pytest.mark.parametrize("name", CERTIFICATES)
@pytest.mark.parametrize("operation", ("put", "query"))
def test_certificates(authority, name, operation):
    """What is wrong is told at once, is not tried again, and nothing was sent."""
    made, status = CERTIFICATES[name]
    pem = authority.issue(name.replace(" ", "-"), **made)
    with FaultServer(Fault(GOOD[operation]), context_of(pem)) as server:
        said, = wire_call(operation, server.url.replace("http:", "https:"), attempts=3, AWS_CA_BUNDLE=str(authority.path))
        check(said, status)
        assert len(server.requests) == (1 if status == "OK" else 0)
        assert server.connections == 1
        said, = wire_call(operation, server.url.replace("http:", "https:"), attempts=3)  # the system's authorities
        check(said, "E_TLS")


@pytest.mark.parametrize("operation", ("put", "query"))
def test_tls_where_there_is_none_and_none_where_there_is(authority, operation):
    with FaultServer(Fault(b"HTTP/1.1 400 Bad\r\n\r\n", closes=True)) as server:
        said, = wire_call(operation, server.url.replace("http:", "https:"), WIRE_TIMEOUT_MS="300")
        check(said, "E_DEADLINE", 300, 300)  # each waits for the other
    with FaultServer(Fault(GOOD[operation]), context_of(authority.issue("tls"))) as server:
        said, = wire_call(operation, server.url)
        check(said, "E_TRANSFER")
        assert server.requests == []


class Plain(FaultServer):
    """Answers the first bytes, whatever they are."""

    def __init__(self, whole):
        super().__init__(lambda number: Fault(whole, take=None, closes=True, at_once=True))


@pytest.mark.parametrize("operation", ("put", "query"))
def test_an_http_server_on_a_tls_port(operation):
    with Plain(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as server:
        said, = wire_call(operation, server.url.replace("http:", "https:"), attempts=3)
    check(said, "E_TLS")


def old_tls(authority):
    context = context_of(authority.issue("old"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_versions_of_tls_are_refused_even_where_the_system_allows_them(authority, tmp_path):
    lax = tmp_path / "openssl.cnf"
    lax.write_text("openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n[c]\n"
                   "MinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n")
    with FaultServer(Fault(GOOD["put"]), old_tls(authority)) as server:
        said, = wire_call("put", server.url.replace("http:", "https:"), attempts=3, AWS_CA_BUNDLE=str(authority.path),
                          OPENSSL_CONF=str(lax))
        assert server.requests == []
    check(said, "E_TLS")


@pytest.mark.parametrize("ends", ("reset", "in order"))
def test_a_peer_that_is_gone_while_a_large_body_is_sent_raises_no_signal(authority, ends):
    """SIGPIPE has its default action in the program and would end it; with TLS, and without."""
    fault = Fault(take=100000, ends_with_reset=ends == "reset")
    for context in (None, context_of(authority.issue("gone"))):
        with FaultServer(fault, context) as server:
            url = server.url if context is None else server.url.replace("http:", "https:")
            for said in wire_call("put", url, count=10, AWS_CA_BUNDLE=str(authority.path), WIRE_BODY=str(8 << 20)):
                check(said, "E_TRANSFER")


def test_nothing_is_left_in_the_process_after_the_last_client_that_spoke_tls(authority):
    program = binary().parents[2] / "tests/threads/footprint"
    if not program.is_file():
        pytest.skip(f"{program} is not built")
    with FaultServer(Fault(GOOD["put"]), context_of(authority.issue("left"))) as server:
        done = subprocess.run([program, authority.path, server.url.replace("http:", "https:")], capture_output=True,
                              text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        assert len(server.requests) == 9


def test_a_connection_that_ends_in_the_handshake_may_be_tried_again(authority):
    """After any record of it; then the server is well."""
    context = context_of(authority.issue("cut"))
    places = range(0, 600, 1 if LONG else 97)

    def fault(number):
        return Fault(last(GOOD["put"]), closes=True, take_raw=None if number % 2 else places[number // 2])

    with FaultServer(fault, context) as server:
        for said in wire_call("put", server.url.replace("http:", "https:"), len(places), attempts=2,
                              AWS_CA_BUNDLE=str(authority.path)):
            check(said, "OK")
        assert len(server.requests) == len(places)
