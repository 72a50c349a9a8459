"""Certificates, proxies, a wrong clock and buckets elsewhere, through the command and real sockets."""
import email.utils
import re
import time
import datetime

import pytest

from icecat_command import KEYS, TOKEN, Command
from loopback_tls import Authority, Proxy, Server

E_NETWORK = 7
NO_KEY = b"<Error><Code>NoSuchKey</Code><Message>none</Message></Error>"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def icecat(tmp_path):
    return Command(tmp_path)


def good(method, path, headers, body):
    return (200, {}, b"{}") if method == "POST" else (404, {}, NO_KEY)


def doctor(icecat, *options, code=0, **changes):
    env = {**KEYS, "AWS_SESSION_TOKEN": TOKEN, "S3BUCKET_SOURCE": "pets", "DYNAMODB_TABLE_NAME": "cats",
           **changes}
    result = icecat("doctor", "--json", *options, **env)
    document = result.json("doctor_doc")
    assert result.code == code, document
    assert document["ok"] == (code == 0)
    return {check["id"]: check for check in document["checks"]}


def states(checks, *names):
    return [checks[name]["state"] for name in names]


# ---- TLS -----------------------------------------------------------------------------------------

def test_a_server_of_a_known_authority_is_trusted(icecat, authority):
    with Server(good, authority.issue("good")) as server:
        checks = doctor(icecat, AWS_ENDPOINT_URL=server.url, AWS_CA_BUNDLE=str(authority.path))
        assert states(checks, "bucket", "table", "ca") == ["ok", "ok", "ok"]
        assert str(authority.path) in checks["ca"]["message"]
        assert server.requests


@pytest.mark.parametrize("name, made", [
    ("expired", {"ends": -datetime.timedelta(days=1)}),
    ("wrong-host", {"hosts": ("other.test",)}),
    ("self-signed", {"self_signed": True}),
])
def test_bad_certificates_are_refused_before_anything_is_sent(icecat, authority, name, made):
    with Server(good, authority.issue(name, **made)) as server:
        checks = doctor(icecat, code=E_NETWORK, AWS_ENDPOINT_URL=server.url,
                        AWS_CA_BUNDLE=str(authority.path), AWS_MAX_ATTEMPTS="3")
        assert states(checks, "bucket", "table") == ["fail", "fail"]
        assert "certificate" in checks["bucket"]["message"]
        assert "127.0.0.1" in checks["bucket"]["message"]
        assert "attempts" not in checks["bucket"]["message"]  # another attempt could not help
        assert "--ca-bundle" in checks["bucket"]["fix"]
        assert server.requests == []


def test_an_unknown_authority_is_refused(icecat, authority):
    with Server(good, authority.issue("unknown")) as server:
        checks = doctor(icecat, code=E_NETWORK, AWS_ENDPOINT_URL=server.url)
        assert "certificate" in checks["bucket"]["message"]
        assert server.requests == []


def test_plain_http_on_a_tls_port_and_the_other_way(icecat, authority):
    with Server(good) as plain:
        checks = doctor(icecat, code=E_NETWORK, AWS_ENDPOINT_URL=f"https://127.0.0.1:{plain.port}")
        assert checks["bucket"]["state"] == "fail"
    with Server(good, authority.issue("tls-only")) as server:
        checks = doctor(icecat, code=E_NETWORK, AWS_ENDPOINT_URL=f"http://127.0.0.1:{server.port}")
        assert checks["bucket"]["state"] == "fail"
        assert server.requests == []


def test_a_ca_bundle_that_is_not_there_is_named(icecat):
    checks = doctor(icecat, "--offline", code=5, AWS_CA_BUNDLE="/nonexistent/ca.pem")
    assert checks["ca"]["state"] == "fail"
    assert "/nonexistent/ca.pem (environment)" in checks["ca"]["message"]


# ---- proxies -------------------------------------------------------------------------------------

FAR = "https://service.example.test"


@pytest.mark.parametrize("how", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "option"])
def test_https_goes_through_the_proxy_and_tells_it_no_secret(icecat, authority, how):
    pem = authority.issue(f"far-{how}", hosts=("service.example.test",))
    with Server(good, pem) as server, Proxy(server.port) as proxy:
        options = ("--proxy", proxy.url) if how == "option" else ()
        changes = {} if how == "option" else {how: proxy.url}
        checks = doctor(icecat, *options, AWS_ENDPOINT_URL=FAR, AWS_CA_BUNDLE=str(authority.path), **changes)
        assert states(checks, "bucket", "table") == ["ok", "ok"]
        assert proxy.heads[0].startswith("CONNECT service.example.test:443 HTTP/1.1\r\n")
        for head in proxy.heads:
            assert TOKEN not in head and "uthorization" not in head and "x-amz" not in head.lower()
        assert any("X-Amz-Security-Token" in r[2] or "x-amz-security-token" in r[2] for r in server.requests)


def test_no_proxy_goes_straight(icecat):
    with Server(good) as server, Proxy(server.port) as proxy:
        checks = doctor(icecat, AWS_ENDPOINT_URL=server.url, http_proxy=proxy.url, NO_PROXY="127.0.0.1")
        assert states(checks, "bucket", "table") == ["ok", "ok"]
        assert proxy.heads == []
        doctor(icecat, code=6, AWS_ENDPOINT_URL=server.url, http_proxy=proxy.url)
        assert proxy.heads[0].startswith(f"GET {server.url}/pets/")


def test_a_proxy_password_is_not_shown(icecat):
    result = icecat("config", **KEYS, HTTPS_PROXY="http://me:canary-secret-7d1e40@proxy.test:3128")
    assert "HTTPS_PROXY = http://***@proxy.test:3128   (environment HTTPS_PROXY)" in result.out
    checks = doctor(icecat, "--offline", "--proxy", "http://me:canary-secret-7d1e40@proxy.test:3128")
    assert checks["proxy"]["message"] == "--proxy http://***@proxy.test:3128"


# ---- clock ---------------------------------------------------------------------------------------

def clock_ahead(seconds):
    """A server whose clock is that much ahead, and which minds."""
    def answer(method, path, headers, body):
        now = time.time() + seconds
        stamp = datetime.datetime.strptime(headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
        stamp = stamp.replace(tzinfo=datetime.timezone.utc).timestamp()
        date = {"Date": email.utils.formatdate(now, usegmt=True)}
        if abs(stamp - now) > 300:
            return 403, date, b"<Error><Code>RequestTimeTooSkewed</Code></Error>"
        status, extra, data = good(method, path, headers, body)
        return status, {**date, **extra}, data
    return answer


@pytest.mark.parametrize("seconds", [3600, -7200])
def test_a_wrong_clock_is_corrected_by_a_verified_server(icecat, authority, seconds):
    with Server(clock_ahead(seconds), authority.issue(f"clock{seconds}")) as server:
        checks = doctor(icecat, AWS_ENDPOINT_URL=server.url, AWS_CA_BUNDLE=str(authority.path))
        assert states(checks, "bucket", "table", "clock") == ["ok", "ok", "warn"]
        said = int(re.match(r"(\d+) seconds", checks["clock"]["message"])[1])
        assert abs(said - abs(seconds)) < 30
        assert ("behind" in checks["clock"]["message"]) == (seconds > 0)
        assert len(server.requests) == 3  # one was refused; the others knew


def test_a_plain_server_is_not_believed(icecat):
    with Server(clock_ahead(3600)) as server:
        checks = doctor(icecat, code=4, AWS_ENDPOINT_URL=server.url)
        assert states(checks, "bucket", "table", "clock") == ["fail", "fail", "warn"]
        assert "RequestTimeTooSkewed" in checks["bucket"]["message"]
        assert len(server.requests) == 2


# ---- regions -------------------------------------------------------------------------------------

def test_a_bucket_elsewhere_is_signed_again_and_a_location_is_never_followed(icecat, authority):
    with Server(good) as elsewhere:
        def answer(method, path, headers, body):
            if "/eu-west-3/s3/" not in headers["Authorization"] and method != "POST":
                return 301, {"x-amz-bucket-region": "eu-west-3", "Location": elsewhere.url + path}, b""
            return good(method, path, headers, body)

        with Server(answer, authority.issue("region")) as server:
            checks = doctor(icecat, AWS_ENDPOINT_URL=server.url, AWS_CA_BUNDLE=str(authority.path))
            assert checks["bucket"]["state"] == "warn"
            assert "pets is in eu-west-3, but the region is eu-west-1" in checks["bucket"]["message"]
            assert "--region eu-west-3" in checks["bucket"]["fix"]
            assert [r[0] for r in server.requests] == ["GET", "GET", "POST"]
        assert elsewhere.requests == []


def test_a_redirect_without_a_region_is_an_error(icecat):
    with Server(good) as elsewhere:
        with Server(lambda *_: (307, {"Location": elsewhere.url}, b"")) as server:
            checks = doctor(icecat, code=5, AWS_ENDPOINT_URL=server.url)
            assert checks["bucket"]["state"] == "fail"
        assert elsewhere.requests == []
