"""Secrets in every place where there can be one, with everything that can be told told; and the watch that looks for them.

conftest.py watches all tests of this folder in the same way; these make the most noise they can.
"""
import base64
import json
import subprocess
import sys

import pytest

import canaries
from fault_server import Fault, FaultServer
from icecat_command import KEYS, SECRET, TOKEN, Command, environment, program
from loopback_tls import Authority, Proxy, Server
from small_pictures import small_pictures

PASSWORD = "canary-password-51c0de"
LOUD = ("-v", "-v", "-v", "--debug")


# ---- the watch -------------------------------------------------------------------------------------

@pytest.fixture
def elsewhere(tmp_path_factory):
    """Not in the folder that is watched for this test, too."""
    return tmp_path_factory.mktemp("elsewhere")


def watched(elsewhere, script, name="icecat", arguments=(), **named):
    """A script of the test's own, taken for one of our programs."""
    folder, build = elsewhere / "work", elsewhere / "build"
    folder.mkdir(parents=True)
    build.mkdir()
    (build / name).write_text(f"#!{sys.executable}\nimport sys\n{script}\n")
    (build / name).chmod(0o755)
    watch = canaries.Watch(folder, build)
    popen = canaries.watching(watch)
    (folder / "given").write_text(f"key = {SECRET}\n")
    popen([build / name, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, **named).communicate()
    return watch


LEAKS = {
    "stdout": f"print({SECRET!r})",
    "stderr": f"print('x' + {TOKEN!r}, file=sys.stderr)",
    "base64": f"print({base64.b64encode(b'user:' + PASSWORD.encode()).decode()!r})",
    "base64 elsewhere": f"print({base64.b64encode(b'users:' + PASSWORD.encode()).decode()!r})",
    "a signature": f"print('X-Amz-Signature=' + 'ab' * 32)",
    "a file": f"open('new', 'w').write({SECRET!r})",
    "bytes that are no text": f"sys.stdout.buffer.write(b'\\xff\\0' + {SECRET.encode()!r})",
}


@pytest.mark.parametrize("name", LEAKS)
def test_the_watch_sees(elsewhere, name):
    with pytest.raises(AssertionError):
        watched(elsewhere, LEAKS[name]).check()


def test_the_watch_knows_what_was_given(elsewhere):
    watched(elsewhere, "print('nothing')").check()


def test_the_urls_of_presign_and_the_exports_of_icecat_local_are_meant(elsewhere):
    watched(elsewhere / "one", LEAKS["a signature"], arguments=["presign"]).check()
    watched(elsewhere / "two", LEAKS["stdout"], name="icecat-local").check()


# ---- the programs ----------------------------------------------------------------------------------

def echo(method, path, headers, body):
    """What a service says that repeats all it was given, as S3 does when a signature or a token is wrong."""
    said = "\n".join(f"{name.lower()}:{value}" for name, value in headers.items())
    token = headers.get("x-amz-security-token", "")
    return 403, {}, (f"<Error><Code>SignatureDoesNotMatch</Code><Message>wrong token {token} of you</Message>"
                     f"<Token-0>{token}</Token-0><StringToSign>{said}</StringToSign>"
                     f"<CanonicalRequest>{said}</CanonicalRequest></Error>").encode()


def echo_json(method, path, headers, body):
    if "X-Amz-Target" not in headers:
        return echo(method, path, headers, body)
    token = headers.get("x-amz-security-token", "")
    return 400, {"x-amzn-requestid": token}, json.dumps(
        {"__type": f"InvalidSignatureException:{token}", "message": f"{token} is no token"}).encode()


COMMANDS = (
    ("config",), ("doctor", "--json"), ("doctor",), ("submit", "pets"), ("submit", "pets", "-o", "ndjson"),
    ("results", "--batchid", "1744377772000000"), ("result", "-p", "ab" * 32, "--batchid", "1744377772000000"),
    ("detect", "pets/000000.png"), ("detect", "s3://cats/a.png"), ("presign", "get", "s3://cats/a.png"), ("version",),
)


@pytest.fixture
def icecat(tmp_path):
    small_pictures(tmp_path / "pets", 3, equal_every=0)
    return Command(tmp_path)


ENV = {**KEYS, "AWS_SESSION_TOKEN": TOKEN, "S3BUCKET_SOURCE": "cats", "DYNAMODB_TABLE_NAME": "cats", "ICECAT_CLIENT_ID": "me"}


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_server_that_repeats_everything_is_not_repeated(icecat, words):
    with Server(echo_json) as server:
        done = run(icecat, words, AWS_ENDPOINT_URL=server.url)
    if words[0] in ("submit", "detect", "results"):
        assert server.requests and done.returncode != 0


def run(icecat, words, **changes):
    return subprocess.run([program(), *words, *LOUD], cwd=icecat.folder, env=environment(icecat.folder, {**ENV, **changes}),
                          capture_output=True, timeout=60)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_password_of_a_proxy_is_the_proxys(icecat, tmp_path, words):
    """It reaches the proxy, and nobody else: neither a reader of the logs nor the server."""
    authority = Authority(tmp_path)
    pem = authority.issue("far", hosts=("far.example.test",))
    with Server(echo_json, pem) as server, Proxy(server.port) as proxy:
        url = proxy.url.replace("http://", f"http://me:{PASSWORD}@")
        run(icecat, words, AWS_ENDPOINT_URL="https://far.example.test", AWS_CA_BUNDLE=str(authority.path), HTTPS_PROXY=url)
        if words[0] in ("submit", "detect", "results"):
            coded = base64.b64encode(f"me:{PASSWORD}".encode()).decode()
            assert any(coded in head for head in proxy.heads)
        for _, _, headers, _ in server.requests:
            assert "Proxy-Authorization" not in headers
    run(icecat, words, AWS_ENDPOINT_URL="https://far.example.test", HTTPS_PROXY=f"http://me:{PASSWORD}@127.0.0.1:9")
    run(icecat, words, AWS_ENDPOINT_URL="https://far.example.test", HTTPS_PROXY=f"http://me:{PASSWORD}@[no proxy")
    run(icecat, (*words, "--proxy", f"http://me:{PASSWORD}@127.0.0.1:9"), AWS_ENDPOINT_URL="http://far.example.test")


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_secrets_in_places_where_they_do_not_belong(icecat, words):
    """In an address, in a file that is malformed, in the output of a program that fails to say keys."""
    run(icecat, words, AWS_ENDPOINT_URL=f"http://me:{PASSWORD}@127.0.0.1:9")
    (icecat.folder / "config").write_text(f"[default]\naws_secret_access_key {SECRET}\n[broken {SECRET}\n")
    run(icecat, words, AWS_CONFIG_FILE="config", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    (icecat.folder / "config").write_text(
        "[default]\ncredential_process = printf '%s' '{\"Version\": 1, \"SecretAccessKey\": \"" + SECRET + "\", \"SessionToken\": 7}'\n")
    run(icecat, words, AWS_CONFIG_FILE="config", AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    run(icecat, words, AWS_SECRET_ACCESS_KEY=SECRET + "\n", AWS_SESSION_TOKEN=TOKEN + "\x01")


@pytest.mark.parametrize("broken", (b"", b"HTTP/1.1 200 OK\r\n", b"noise\r\n", b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
                         ids=("nothing", "half", "noise", "500"))
def test_a_broken_wire_makes_nobody_tell(icecat, broken):
    with FaultServer(Fault(broken, closes=True)) as server:
        for words in COMMANDS:
            run(icecat, words, AWS_ENDPOINT_URL=server.url)
