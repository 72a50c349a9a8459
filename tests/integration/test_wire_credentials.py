"""Services that give keys, and misbehave: what a call says that needs the keys, and how long it takes.

Nothing is asked of S3 without keys, and no message shows any.
"""
import datetime
import json

import pytest

from fault_server import Fault, FaultServer
from icecat_command import SECRET, TOKEN
from wire import GOOD, answer, endless, head, wire_call

OK_LINE = b"HTTP/1.1 200 OK\r\n"
IMDS_ROLES = b"/latest/meta-data/iam/security-credentials/"


def until(**change):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**change)).strftime("%Y-%m-%dT%H:%M:%SZ")


def document(**changes):
    """Keys in JSON; None leaves a member out."""
    keys = {"AccessKeyId": "ASIACANARY", "SecretAccessKey": SECRET, "Token": TOKEN, "Expiration": until(hours=1), **changes}
    return json.dumps({name: value for name, value in keys.items() if value is not None}).encode()


def sts(**changes):
    keys = {"AccessKeyId": "ASIACANARY", "SecretAccessKey": SECRET, "SessionToken": TOKEN, "Expiration": until(hours=1), **changes}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in keys.items() if value is not None)
    return f"<R><Credentials>{inside}</Credentials></R>".encode()


class Source:
    """How a source is chosen, and which requests before the one for keys are answered well."""

    def __init__(self, name, good, **env):
        self.name, self.good, self.env = name, good, env

    def settings(self, url, folder):
        (folder / "jwt").write_text("raw.token\n")
        (folder / "config").write_text(
            "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n"
            f"[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = {SECRET}\n")
        env = {name: value.format(url=url, folder=folder) for name, value in self.env.items()}
        return {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_CONFIG_FILE": str(folder / "config"), **env}


CONTAINER = Source("container", document, AWS_CONTAINER_CREDENTIALS_FULL_URI="{url}/creds", AWS_CONTAINER_AUTHORIZATION_TOKEN=TOKEN)
IMDS = Source("imds", document, AWS_EC2_METADATA_DISABLED="false", AWS_EC2_METADATA_SERVICE_ENDPOINT="{url}")
ROLE = Source("role", sts, AWS_PROFILE="role", AWS_ENDPOINT_URL_STS="{url}")
WEB = Source("web", sts, AWS_ROLE_ARN="arn:aws:iam::1:role/web", AWS_WEB_IDENTITY_TOKEN_FILE="{folder}/jwt", AWS_ENDPOINT_URL_STS="{url}")
SOURCES = (CONTAINER, IMDS, ROLE, WEB)
SET_UP = (CONTAINER, ROLE, WEB)  # a machine may have no instance service; the others are wanted when they are set up
DOCUMENTS = (CONTAINER, IMDS)
STS = (ROLE, WEB)


class Keys(FaultServer):
    """Answers requests for keys with `whole`, those that come before them well."""

    def __init__(self, whole, **changes):
        super().__init__(Fault(whole, closes=True, **changes))

    def answer_to(self, request, fault):
        if b"PUT /latest/api/token" in request:
            return answer(b"imds-token")
        if request.startswith(b"GET " + IMDS_ROLES + b" "):
            return answer(b"my-role")
        return fault.answer


def ask(source, whole, folder, timeout_ms=6000, **changes):
    """What a call says whose keys come as `whole`; S3 itself is well."""
    with Keys(whole, **changes) as keys, FaultServer(Fault(GOOD["put"])) as s3:
        said, = wire_call("put", s3.url, WIRE_TIMEOUT_MS=str(timeout_ms), **source.settings(keys.url, folder))
        assert len(s3.requests) == (1 if said["status"] == "OK" else 0)
    assert SECRET not in str(said) and TOKEN not in str(said), said
    assert said["message"].isprintable()
    return said


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_good_keys_are_taken(source, tmp_path):
    assert ask(source, answer(source.good()), tmp_path)["status"] == "OK"


# The fault: what comes back, from which sources, what a call says.
BAD, NONE = "E_BAD_CREDENTIALS", "E_NO_CREDENTIALS"
FAULTS = {
    "nothing": (b"", (CONTAINER,), "E_TRANSFER"),
    "half a head": (OK_LINE + b"Content-Le", (ROLE,), "E_TRANSFER"),
    "half a document": (head(b"Content-Length: 999", body=sts()), (WEB,), "E_TRANSFER"),
    "no HTTP": (b"220 mail.test\r\n", SET_UP, "E_PROTOCOL"),
    "nothing from an instance": (b"", (IMDS,), NONE),
    "half a document from an instance": (head(b"Content-Length: 999", body=document()), (IMDS,), NONE),
    "no HTTP from an instance": (b"220 mail.test\r\n", (IMDS,), NONE),
    "403 from an instance": (answer(b"", b"403 No"), (IMDS,), NONE),
    "a redirect from an instance": (answer(b"", b"302 Go", b"Location: http://127.0.0.1:9/"), (IMDS,), NONE),
    "headers without end": (endless(OK_LINE, b"x: y\r\n"), SOURCES, "E_LIMIT"),
    "100 Continue for ever": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), SOURCES, "E_LIMIT"),
    "a body without end": (endless(head(), b"y"), SOURCES, "E_LIMIT"),
    "an empty body": (answer(), DOCUMENTS, BAD),
    "an empty body of STS": (answer(), STS, "E_PROTOCOL"),
    "a page": (answer(b"<html>Welcome</html>"), DOCUMENTS, BAD),
    "a page of STS": (answer(b"<html>Welcome</html>"), STS, "E_PROTOCOL"),
    "deep JSON": (answer(b"[" * 50000), DOCUMENTS, BAD),
    "deep XML": (answer(b"<a>" * 20000), STS, "E_PROTOCOL"),
    "NUL bytes": (answer(bytes(1000)), DOCUMENTS, BAD),
    "NUL bytes of STS": (answer(bytes(1000)), STS, "E_PROTOCOL"),
    "no secret": (answer(document(SecretAccessKey=None)), DOCUMENTS, BAD),
    "no token": (answer(document(Token=None)), DOCUMENTS, BAD),
    "no end": (answer(document(Expiration=None)), DOCUMENTS, BAD),
    "no token of STS": (answer(sts(SessionToken=None)), STS, "E_PROTOCOL"),
    "no end of STS": (answer(sts(Expiration=None)), STS, "E_PROTOCOL"),
    "a secret that is a number": (answer(document(SecretAccessKey=7)), DOCUMENTS, BAD),
    "a token that is an array": (answer(document(Token=[TOKEN])), DOCUMENTS, BAD),
    "an end that is no time": (answer(document(Expiration="soon")), DOCUMENTS, BAD),
    "an end that is no time of STS": (answer(sts(Expiration="soon")), STS, "E_PROTOCOL"),
    "a line break in the token": (answer(document(Token="a\r\nx-injected: 1")), DOCUMENTS, BAD),
    "a line break in the id of STS": (answer(sts(AccessKeyId="a&#10;x: 1")), STS, BAD),
    "an id that is no UTF-8": (answer(document().replace(b"ASIACANARY", b"AS\xff\xfe")), DOCUMENTS, BAD),
    "keys that have ended": (answer(document(Expiration=until(hours=-1))), (CONTAINER,), BAD),
    "keys of STS that have ended": (answer(sts(Expiration=until(hours=-1))), STS, BAD),
    "403": (answer(b"", b"403 No"), SET_UP, "E_ACCESS"),
    "a redirect": (answer(b"", b"302 Go", b"Location: http://127.0.0.1:9/"), SET_UP, "E_ACCESS"),
    "a refusal with a code": (answer(b"<E><Code>ExpiredTokenException</Code></E>", b"400 Bad"), STS, "E_AUTH"),
    "a refusal with escapes": (answer(b"<E><Code>A\x1b[2J</Code><Message>\x1b]0;x\x07</Message></E>", b"400 Bad"), STS, "E_ACCESS"),
    "500": (answer(b"", b"500 No"), (WEB,), "E_UNAVAILABLE"),
    "429": (answer(b"", b"429 Slow"), (CONTAINER,), "E_THROTTLED"),
}


@pytest.mark.parametrize("whole, source, status", [
    pytest.param(whole, source, status, id=f"{name}-{source.name}")
    for name, (whole, sources, status) in FAULTS.items() for source in sources])
def test_what_is_no_source_of_keys(whole, source, status, tmp_path):
    said = ask(source, whole, tmp_path)
    assert said["status"] == status, said
    assert said["ms"] < 4000


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_deadline_of_the_call_is_that_of_its_keys(source, tmp_path):
    said = ask(source, b"", tmp_path, timeout_ms=300, silent=True)
    assert said["status"] == "E_DEADLINE" and 300 <= said["ms"] < 1300, said
