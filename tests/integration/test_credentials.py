"""Every source of credentials that asks a server, through the real transport, against loopback."""
import datetime
import hashlib
import http.server
import json
import re
import socket
import urllib.parse

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from PIL import Image

from icecat_command import SECRET, TOKEN, Command, Loopback

ANSWER = {"Labels": [], "LabelModelVersion": "3.0"}


def hour_from_now():
    end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    return end.strftime("%Y-%m-%dT%H:%M:%SZ")


def role_document(key_id):
    return json.dumps({"Code": "Success", "AccessKeyId": key_id, "SecretAccessKey": SECRET,
                       "Token": TOKEN, "Expiration": hour_from_now()}).encode()


def sts_document(action, key_id):
    return (f"<{action}Response><{action}Result><Credentials><AccessKeyId>{key_id}</AccessKeyId>"
            f"<SecretAccessKey>{SECRET}</SecretAccessKey><SessionToken>{TOKEN}</SessionToken>"
            f"<Expiration>{hour_from_now()}</Expiration></Credentials></{action}Result>"
            f"</{action}Response>").encode()


class Cloud(Loopback):
    """All services on one port. `routes` maps "METHOD path" to (status, body) or to a function."""

    def __init__(self, routes=()):
        self.routes, self.requests = dict(routes), []
        self.routes.setdefault("POST /", self.service)
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): text for name, text in self.headers.items()}
                outer.requests.append((self.command, self.path, headers, body))
                route = outer.routes.get(f"{self.command} {self.path.partition('?')[0]}", (404, b""))
                status, data = route(self.headers, body) if callable(route) else route
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = answer

            def log_message(self, *args):
                pass

        super().__init__(Handler)

    @staticmethod
    def service(headers, body):
        """DetectLabels, or an action of STS."""
        if "X-Amz-Target" in headers:
            return 200, json.dumps(ANSWER).encode()
        action = urllib.parse.parse_qs(body.decode())["Action"][0]
        return 200, sts_document(action, "ASIASTS")

    def paths(self):
        return [f"{method} {path}" for method, path, _, _ in self.requests]

    def signer(self):
        """Who signed the last request, and its token."""
        headers = self.requests[-1][2]
        return (re.search(r"Credential=([^/]+)/", headers["authorization"])[1],
                headers.get("x-amz-security-token"))


@pytest.fixture
def icecat(tmp_path):
    Image.new("RGB", (120, 100), 90).save(tmp_path / "a.jpg", "JPEG")
    return Command(tmp_path)


def detect(icecat, cloud, **env):
    return icecat("detect", "a.jpg", AWS_REGION="eu-west-1", AWS_ENDPOINT_URL=cloud.url,
                  AWS_MAX_ATTEMPTS="1", **env)


def instance(token=b"imds-token"):
    base = "/latest/meta-data/iam/security-credentials/"
    return {"PUT /latest/api/token": (200, token), f"GET {base}": (200, b"my-role"),
            f"GET {base}my-role": (200, role_document("ASIAIMDS"))}


def test_an_instance_is_asked_directly_although_a_proxy_is_set(icecat):
    # The proxy only knows DetectLabels; libcurl hands it the whole URL.
    with Cloud(instance()) as imds, Cloud() as proxy:
        proxy.routes["POST http://rekognition.test/"] = proxy.service
        result = icecat("detect", "a.jpg", AWS_REGION="eu-west-1", AWS_MAX_ATTEMPTS="1",
                        AWS_ENDPOINT_URL="http://rekognition.test", http_proxy=proxy.url,
                        AWS_EC2_METADATA_DISABLED="false",
                        AWS_EC2_METADATA_SERVICE_ENDPOINT=imds.url)
        assert result.code == 0, result.err
        assert len(imds.requests) == 3 and len(proxy.requests) == 1
        assert proxy.signer() == ("ASIAIMDS", TOKEN)
        assert imds.requests[0][2]["x-aws-ec2-metadata-token-ttl-seconds"] == "21600"
        assert imds.requests[2][2]["x-aws-ec2-metadata-token"] == "imds-token"


def test_an_instance_that_is_silent_ends_with_exit_code_4_and_the_hop_limit(icecat):
    with socket.socket() as silent, Cloud() as cloud:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        result = detect(icecat, cloud, AWS_EC2_METADATA_DISABLED="false",
                        AWS_EC2_METADATA_SERVICE_ENDPOINT=f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert result.code == 4
    assert "no credentials" in result.err and "hop limit" in result.err
    assert cloud.requests == []


def test_a_container_gives_keys_for_its_token_file(icecat):
    (icecat.folder / "token").write_text("Bearer abc\n")
    with Cloud({"GET /creds": (200, role_document("ASIACONT"))}) as cloud:
        result = detect(icecat, cloud, AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{cloud.url}/creds?id=1",
                        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(icecat.folder / "token"))
        assert result.code == 0, result.err
        assert cloud.paths() == ["GET /creds?id=1", "POST /"]
        assert cloud.requests[0][2]["authorization"] == "Bearer abc"
        assert cloud.signer() == ("ASIACONT", TOKEN)


def test_a_redirect_of_a_container_is_not_followed(icecat):
    with Cloud() as other, Cloud() as cloud:
        cloud.routes["GET /creds"] = (302, b"")
        result = detect(icecat, cloud, AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{cloud.url}/creds",
                        AWS_CONTAINER_AUTHORIZATION_TOKEN=TOKEN)
        assert result.code == 4 and "HTTP 302" in result.err
        assert other.requests == []


def test_web_identity_is_not_signed(icecat):
    (icecat.folder / "jwt").write_text("raw.token\n")
    with Cloud() as cloud:
        result = detect(icecat, cloud, AWS_ROLE_ARN="arn:aws:iam::1:role/web",
                        AWS_WEB_IDENTITY_TOKEN_FILE=str(icecat.folder / "jwt"))
        assert result.code == 0, result.err
        _, _, headers, body = cloud.requests[0]
        assert "authorization" not in headers
        assert urllib.parse.parse_qs(body.decode())["WebIdentityToken"] == ["raw.token"]
        assert cloud.signer() == ("ASIASTS", TOKEN)


def write_profile(icecat, text):
    folder = icecat.folder / ".aws"
    folder.mkdir(exist_ok=True)
    (folder / "config").write_text(text)


ROLE = f"""[profile role]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = base
role_session_name = test
[profile base]
aws_access_key_id = AKIDBASE
aws_secret_access_key = {SECRET}
"""


def test_a_role_is_assumed_with_a_signature_that_botocore_would_make(icecat):
    write_profile(icecat, ROLE)
    with Cloud() as cloud:
        result = detect(icecat, cloud, AWS_PROFILE="role")
        assert result.code == 0, result.err
        assert cloud.signer() == ("ASIASTS", TOKEN)
        _, path, headers, body = cloud.requests[0]
    request = AWSRequest("POST", cloud.url + path, headers={
        "content-type": headers["content-type"], "host": headers["host"]}, data=body)
    stamp = headers["x-amz-date"]
    request.context["timestamp"] = stamp
    request.headers["X-Amz-Date"] = stamp
    signer = SigV4Auth(Credentials("AKIDBASE", SECRET), "sts", "eu-west-1")
    text = signer.string_to_sign(request, signer.canonical_request(request))
    assert headers["authorization"].endswith("Signature=" + signer.signature(text, request))


def test_sso_needs_a_token_that_has_not_ended(icecat):
    write_profile(icecat, "[profile s]\nsso_session = corp\nsso_account_id = 1\n"
                          "sso_role_name = r\n[sso-session corp]\nsso_region = eu-west-1\n"
                          "sso_start_url = https://corp.example/start\n")
    cache = icecat.folder / ".aws/sso/cache"
    cache.mkdir(parents=True)
    cache = cache / (hashlib.sha1(b"corp").hexdigest() + ".json")
    end = int(datetime.datetime.now().timestamp() + 3600) * 1000
    keys = {"roleCredentials": {"accessKeyId": "ASIASSO", "secretAccessKey": SECRET,
                                "sessionToken": TOKEN, "expiration": end}}
    with Cloud({"GET /federation/credentials": (200, json.dumps(keys).encode())}) as cloud:
        cache.write_text(json.dumps({"accessToken": "bearer", "expiresAt": "2020-01-01T00:00:00Z"}))
        result = detect(icecat, cloud, AWS_PROFILE="s")
        assert result.code == 4 and "aws sso login --profile s" in result.err
        assert cloud.requests == []
        cache.write_text(json.dumps({"accessToken": "bearer", "expiresAt": hour_from_now()}))
        result = detect(icecat, cloud, AWS_PROFILE="s")
        assert result.code == 0, result.err
        assert cloud.paths()[0] == "GET /federation/credentials?role_name=r&account_id=1"
        assert cloud.requests[0][2]["x-amz-sso_bearer_token"] == "bearer"
        assert cloud.signer() == ("ASIASSO", TOKEN)


PROFILES = {
    "static": "[profile p]\naws_access_key_id = AKIDSTATIC\naws_secret_access_key = s/+=\n",
    "spaced": "[profile p]\naws_access_key_id=AKIDTIGHT\naws_secret_access_key   =   s\n\n# end\n",
    "quoted": "[profile \"p\"]\naws_access_key_id = AKIDQUOTED\naws_secret_access_key = s\n",
    "twice": "[profile q]\nregion = x\n[profile p]\nAWS_ACCESS_KEY_ID = AKIDCASE\n"
             "aws_secret_access_key = s\n",
    "nested": "[profile p]\ns3 =\n  aws_access_key_id = WRONG\naws_access_key_id = AKIDNESTED\n"
              "aws_secret_access_key = s\n",
    "process": "[profile p]\ncredential_process = printf '%s' '{\"Version\": 1, \"AccessKeyId\": "
               "\"AKIDPROCESS\", \"SecretAccessKey\": \"s\"}'\n",
}


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_means_the_same_to_boto3(icecat, monkeypatch, name):
    write_profile(icecat, PROFILES[name])
    monkeypatch.setenv("AWS_CONFIG_FILE", str(icecat.folder / ".aws/config"))
    theirs = boto3.session.Session(profile_name="p").get_credentials().get_frozen_credentials()
    with Cloud() as cloud:
        result = detect(icecat, cloud, AWS_PROFILE="p")
        assert result.code == 0, result.err
        assert cloud.signer() == (theirs.access_key, theirs.token)
    assert theirs.access_key.startswith("AKID")
