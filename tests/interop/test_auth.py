"""icecat-local lets in what botocore signs, however odd, and refuses the rest in AWS's own words."""
import base64
import datetime
import hashlib
import http.client
import io
import json
import re
import urllib.parse
import xml.etree.ElementTree
import zlib

import botocore.auth
import botocore.awsrequest
import botocore.client
import botocore.credentials
import botocore.exceptions
import botocore.httpchecksum
import pytest

HELLO = b"hello, cat"
EMPTY_JSON = b"{}"
ODD_KEYS = [
    "plain", "a b", "a+b", "a%2Fb", "a%20b", "/leading", "double//slash///", "./.././dots/..", "tilde~", "q?a=b&c",
    "#hash", "semi;colon", "a=b", "dollar$()!*'@:,", "\u00e9\u00df\u732b", "\U0001f431", "[brackets]{}|^`\"<>\\",
]


class Reply:
    def __init__(self, answer):
        self.status = answer.status
        self.headers = answer.headers
        self.body = answer.read()

    @property
    def code(self):
        """The error's code, from S3's XML or from a JSON service."""
        if self.body.startswith(b"{"):
            return json.loads(self.body)["__type"].rpartition("#")[2]
        return self.xml().findtext("Code")

    @property
    def message(self):
        if self.body.startswith(b"{"):
            return json.loads(self.body)["message"]
        return self.xml().findtext("Message")

    def xml(self):
        return xml.etree.ElementTree.fromstring(self.body)


class Signer:
    """Signs by botocore, sends by http.client: what is on the wire is what the test says."""

    def __init__(self, local):
        self.url = local.env["AWS_ENDPOINT_URL"]
        self.host = urllib.parse.urlsplit(self.url).netloc
        self.region = local.env["AWS_REGION"]
        self.bucket = local.env["S3BUCKET_SOURCE"]
        self.keys = botocore.credentials.Credentials(local.env["AWS_ACCESS_KEY_ID"],
                                                     local.env["AWS_SECRET_ACCESS_KEY"])

    def with_keys(self, key_id=None, secret=None, token=None):
        self.keys = botocore.credentials.Credentials(key_id or self.keys.access_key, secret or self.keys.secret_key,
                                                     token)
        return self

    def request(self, method, target, body=b"", headers=None, context=None):
        request = botocore.awsrequest.AWSRequest(method=method, url=self.url + target, data=body, headers=headers or {})
        request.context.update(context or {})
        return request

    def sign(self, method, target, body=b"", headers=None, context=None):
        request = self.request(method, target, body, headers, context)
        botocore.auth.S3SigV4Auth(self.keys, "s3", self.region).add_auth(request)
        return request

    def sign_json(self, target, body=EMPTY_JSON, service="dynamodb"):
        headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.0"}
        request = self.request("POST", "/", body, headers)
        botocore.auth.SigV4Auth(self.keys, service, self.region).add_auth(request)
        return request

    def presign(self, method, target, expires=60, headers=None):
        request = self.request(method, target, headers=headers)
        botocore.auth.S3SigV4QueryAuth(self.keys, "s3", self.region, expires=expires).add_auth(request)
        return request

    def send(self, request, body=None, headers=None):
        """Send a signed request; @headers replaces, None removes."""
        target = request.url[len(self.url):]
        lines = dict(request.headers.items())
        lines.update(headers or {})
        body = body if body is not None else request.data
        connection = http.client.HTTPConnection(self.host, timeout=30)
        try:
            connection.putrequest(request.method, target, skip_accept_encoding=True)
            for name, value in lines.items():
                if value is not None:
                    connection.putheader(name, value)
            if "Content-Length" not in lines:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def put(self, key, body=HELLO, headers=None):
        return self.send(self.sign("PUT", self.target(key), body, headers))

    def target(self, key, query=""):
        return f"/{self.bucket}/{urllib.parse.quote(key, safe='/~')}{query}"


@pytest.fixture
def signer(local):
    return Signer(local)


@pytest.fixture
def set_clock(monkeypatch):
    """set_clock(seconds): botocore signs with a clock that is so much ahead."""

    def set_to(seconds):
        now = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
        monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: now)

    return set_to


# ---- what comes in

@pytest.mark.parametrize("key", ODD_KEYS)
def test_odd_keys_are_signed_as_they_are_sent(signer, key):
    assert signer.put(key).status == 200
    answer = signer.send(signer.sign("GET", signer.target(key)))
    assert (answer.status, answer.body) == (200, HELLO)
    answer = signer.send(signer.presign("GET", signer.target(key)))
    assert (answer.status, answer.body) == (200, HELLO)


@pytest.mark.parametrize("query", [
    "?list-type=2", "?list-type=2&prefix=a%2Bb", "?prefix=&list-type=2", "?list-type=2&max-keys=2&delimiter=%2F",
    "?list-type=2&prefix=%C3%A9%20~", "?list-type=2&x=2&x=1&x=10&X=0&x", "?location",
])
def test_queries_are_sorted_alike(signer, query):
    assert signer.send(signer.sign("GET", f"/{signer.bucket}{query}")).status == 200
    assert signer.send(signer.presign("GET", f"/{signer.bucket}{query}")).status == 200


def test_header_values_are_folded_alike(signer):
    headers = {"x-amz-meta-a": "  b   c\t d ", "x-amz-meta-empty": "", "Content-Type": "text/plain; a=\"b  c\""}
    assert signer.put("folded", headers=headers).status == 200
    answer = signer.send(signer.sign("HEAD", signer.target("folded")))
    assert answer.status == 200
    assert answer.headers["x-amz-meta-a"].split() == ["b", "c", "d"]


def test_an_unsigned_payload_comes_in(signer):
    no_hash = {"client_config": botocore.client.Config(s3={"payload_signing_enabled": False})}
    request = signer.sign("PUT", signer.target("unsigned"), HELLO, context=no_hash)
    assert request.headers["X-Amz-Content-SHA256"] == "UNSIGNED-PAYLOAD"
    assert signer.send(request).status == 200
    assert signer.send(request, body=b"changed").status == 200


def test_json_services_come_in(signer):
    answer = signer.send(signer.sign_json("DynamoDB_20120810.ListTables"))
    assert answer.status == 200, answer.body
    assert "TableNames" in json.loads(answer.body)


def framed(signer, key, body, checksum=None):
    """A body in aws-chunked framing with a trailer, made and signed by botocore."""
    wrapper = botocore.httpchecksum.AwsChunkedWrapper(io.BytesIO(body), botocore.httpchecksum.Crc32Checksum,
                                                      "x-amz-checksum-crc32", chunk_size=65536)
    wire = wrapper.read()
    if checksum:
        wire = re.sub(rb"(x-amz-checksum-crc32:)[^\r]*", rb"\1" + checksum, wire)
    headers = {"Content-Encoding": "aws-chunked", "X-Amz-Trailer": "x-amz-checksum-crc32",
               "X-Amz-Decoded-Content-Length": str(len(body)), "x-amz-sdk-checksum-algorithm": "CRC32"}
    context = {"checksum": {"request_algorithm": {"algorithm": "crc32", "in": "trailer",
                                                  "name": "x-amz-checksum-crc32"}}}
    request = signer.sign("PUT", signer.target(key), wire, headers, context)
    assert request.headers["X-Amz-Content-SHA256"] == "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
    return request


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 200000])
def test_chunks_with_a_trailer_are_unwrapped(signer, size):
    body = bytes(range(251)) * (size // 251 + 1)
    body = body[:size]
    answer = signer.send(framed(signer, f"chunked-{size}", body))
    assert answer.status == 200, answer.body
    answer = signer.send(signer.sign("GET", signer.target(f"chunked-{size}")))
    assert answer.body == body
    assert "aws-chunked" not in (answer.headers["Content-Encoding"] or "")


def hmac_sha256(key, text):
    return botocore.auth.hmac.new(key, text.encode(), hashlib.sha256).digest()


def signed_chunks(signer, request, pieces, trailer=None):
    """The same with a signature of every chunk, which botocore does not make."""
    date = request.headers["X-Amz-Date"]
    scope = f"{date[:8]}/{signer.region}/s3/aws4_request"
    key = ("AWS4" + signer.keys.secret_key).encode()
    for part in scope.split("/"):
        key = hmac_sha256(key, part)
    previous = request.headers["Authorization"].rpartition("=")[2]
    wire = b""
    for piece in [*pieces, b""]:
        text = "\n".join(["AWS4-HMAC-SHA256-PAYLOAD", date, scope, previous, hashlib.sha256(b"").hexdigest(),
                          hashlib.sha256(piece).hexdigest()])
        previous = hmac_sha256(key, text).hex()
        wire += b"%x;chunk-signature=%s\r\n" % (len(piece), previous.encode())
        wire += piece + b"\r\n" if piece else b""
    if trailer:
        text = "\n".join(["AWS4-HMAC-SHA256-TRAILER", date, scope, previous,
                          hashlib.sha256(trailer + b"\n").hexdigest()])
        wire += trailer + b"\r\nx-amz-trailer-signature:" + hmac_sha256(key, text).hex().encode() + b"\r\n"
    return wire + b"\r\n"


def chunk_request(signer, key, body, kind, more=None):
    """A request for signed chunks. botocore cannot say so, so its payload is set by hand."""
    auth = botocore.auth.S3SigV4Auth(signer.keys, "s3", signer.region)
    auth.payload = lambda request: kind
    headers = {"Content-Encoding": "aws-chunked", "X-Amz-Decoded-Content-Length": str(len(body)), **(more or {})}
    request = signer.request("PUT", signer.target(key), b"", headers)
    auth.add_auth(request)
    return request


def test_signed_chunks_are_verified_one_by_one(signer):
    pieces = [b"a" * 8192, b"b" * 9000, b"c"]
    body = b"".join(pieces)
    request = chunk_request(signer, "signed-chunks", body, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
    wire = signed_chunks(signer, request, pieces)
    assert signer.send(request, body=wire).status == 200
    assert signer.send(signer.sign("GET", signer.target("signed-chunks"))).body == body
    answer = signer.send(request, body=wire.replace(b"bbbb", b"bBbb", 1))
    assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")
    answer = signer.send(request, body=wire[:-4])
    assert (answer.status, answer.code) == (400, "IncompleteBody")


def test_a_signed_trailer_is_verified(signer):
    pieces = [b"a" * 8192, b"b"]
    body = b"".join(pieces)
    trailer = b"x-amz-checksum-crc32:" + base64.b64encode(zlib.crc32(body).to_bytes(4, "big"))
    request = chunk_request(signer, "signed-trailer", body, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
                            {"X-Amz-Trailer": "x-amz-checksum-crc32"})
    wire = signed_chunks(signer, request, pieces, trailer)
    answer = signer.send(request, body=wire)
    assert answer.status == 200, answer.body
    answer = signer.send(request, body=wire[:-6] + b"0" * 2 + wire[-4:])
    assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")


# ---- what does not, in S3's words

def test_s3_refuses_an_unsigned_request(signer):
    request = signer.request("GET", f"/{signer.bucket}?list-type=2")
    answer = signer.send(request)
    assert (answer.status, answer.code, answer.message) == (403, "AccessDenied", "Access Denied")
    assert answer.headers["x-amz-request-id"] == answer.xml().findtext("RequestId")


def test_s3_shows_what_it_signed_when_the_secret_is_wrong(signer):
    request = signer.with_keys(secret="another").sign("GET", signer.target("a b"))
    answer = signer.send(request)
    assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")
    canonical = answer.xml().findtext("CanonicalRequest")
    auth = botocore.auth.S3SigV4Auth(signer.keys, "s3", signer.region)
    del request.headers["Authorization"]
    assert canonical == auth.canonical_request(request)
    assert hashlib.sha256(canonical.encode()).hexdigest() in answer.xml().findtext("StringToSign")


def test_s3_refuses_what_changed_on_the_way(signer):
    request = signer.sign("PUT", signer.target("changed"), HELLO)
    answer = signer.send(request, body=b"hello, dog")
    assert (answer.status, answer.code) == (400, "XAmzContentSHA256Mismatch")
    assert signer.send(request, headers={"x-amz-acl": "public-read"}).code == "AccessDenied"
    request.url += "x"
    assert signer.send(request).code == "SignatureDoesNotMatch"
    assert signer.send(signer.sign("GET", signer.target("changed"))).status == 404


@pytest.mark.parametrize("seconds", [-1000, 1000])
def test_s3_refuses_a_wrong_clock(signer, set_clock, seconds):
    set_clock(seconds)
    answer = signer.send(signer.sign("GET", f"/{signer.bucket}?list-type=2"))
    assert (answer.status, answer.code) == (403, "RequestTimeTooSkewed")


@pytest.mark.parametrize("seconds", [-800, 800])
def test_a_clock_within_the_limit_is_no_fault(signer, set_clock, seconds):
    set_clock(seconds)
    assert signer.send(signer.sign("GET", f"/{signer.bucket}?list-type=2")).status == 200


def test_s3_names_the_region_it_expects(signer):
    right = signer.region
    signer.region = "mars-north-1"
    answer = signer.send(signer.sign("GET", f"/{signer.bucket}?list-type=2"))
    assert (answer.status, answer.code) == (400, "AuthorizationHeaderMalformed")
    assert f"the region 'mars-north-1' is wrong; expecting '{right}'" in answer.message
    assert answer.xml().findtext("Region") == right
    answer = signer.send(signer.presign("GET", signer.target("a")))
    assert (answer.status, answer.code) == (400, "AuthorizationQueryParametersError")


def test_s3_refuses_unknown_keys_and_tokens(signer):
    assert signer.send(signer.with_keys(token="expired-1").sign("GET", "/")).code == "ExpiredToken"
    assert signer.send(signer.with_keys(token="token").sign("GET", "/")).code == "InvalidToken"
    assert signer.send(signer.with_keys(token="token").presign("GET", "/")).code == "InvalidToken"
    answer = signer.send(signer.with_keys(key_id="AKIDNOBODY").sign("GET", "/"))
    assert (answer.status, answer.code) == (403, "InvalidAccessKeyId")


def test_a_presigned_request_ends(signer, set_clock):
    signer.put("presigned")
    set_clock(-120)
    assert signer.send(signer.presign("GET", signer.target("presigned"), expires=600)).body == HELLO
    answer = signer.send(signer.presign("GET", signer.target("presigned"), expires=60))
    assert (answer.status, answer.code, answer.message) == (403, "AccessDenied", "Request has expired")
    set_clock(0)
    request = signer.presign("GET", signer.target("presigned"))
    request.url = request.url.replace("X-Amz-Expires=60", "X-Amz-Expires=61")
    assert signer.send(request).code == "SignatureDoesNotMatch"
    request.url = request.url.replace("&X-Amz-Expires=61", "")
    assert signer.send(request).code == "AuthorizationQueryParametersError"


@pytest.mark.parametrize("headers, code", [
    ({"Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}, "BadDigest"),
    ({"Content-MD5": "no"}, "InvalidDigest"),
    ({"x-amz-checksum-crc32": "AAAAAA=="}, "BadDigest"),
    ({"x-amz-checksum-sha256": "AAAAAA=="}, "InvalidRequest"),
    ({"x-amz-sdk-checksum-algorithm": "CRC32"}, "InvalidRequest"),
])
def test_s3_refuses_wrong_checksums(signer, headers, code):
    answer = signer.put("checksum", headers=headers)
    assert (answer.status, answer.code) == (400, code)


def test_s3_refuses_a_wrong_trailer(signer):
    answer = signer.send(framed(signer, "wrong-trailer", HELLO, checksum=b"AAAAAA=="))
    assert (answer.status, answer.code) == (400, "BadDigest")
    assert answer.message == "The CRC32 you specified did not match the calculated checksum."


def test_a_missing_hash_is_named(signer):
    request = signer.request("GET", "/")
    botocore.auth.SigV4Auth(signer.keys, "s3", signer.region).add_auth(request)
    answer = signer.send(request)
    assert (answer.status, answer.code) == (400, "InvalidRequest")
    assert "x-amz-content-sha256" in answer.message


# ---- what does not, in the words of the JSON services

def test_json_services_refuse_with_their_own_codes(signer, set_clock):
    operation = "DynamoDB_20120810.ListTables"
    request = signer.sign_json(operation)
    answer = signer.send(request, body=b'{"Limit":1}')
    assert (answer.status, answer.code) == (400, "InvalidSignatureException")
    answer = signer.send(request, headers={"Authorization": None})
    assert (answer.status, answer.code) == (400, "MissingAuthenticationTokenException")
    answer = signer.send(request, headers={"Authorization": "AWS4-HMAC-SHA256 Signature=0"})
    assert (answer.status, answer.code) == (400, "IncompleteSignatureException")
    set_clock(-1000)
    answer = signer.send(signer.sign_json(operation))
    assert (answer.status, answer.code) == (400, "InvalidSignatureException")
    assert re.fullmatch(r"Signature expired: \w+ is now earlier than \w+ \(\w+ - 15 min\.\)", answer.message)
    set_clock(0)
    assert signer.send(signer.sign_json(operation, service="ssm")).status == 400
    assert signer.send(signer.with_keys(token="expired").sign_json(operation)).code == "ExpiredTokenException"
    assert signer.send(signer.with_keys(token="no").sign_json(operation)).code == "UnrecognizedClientException"


def test_boto3_knows_the_errors_by_name(local):
    client = local.client("dynamodb", aws_access_key_id="AKIDNOBODY", aws_secret_access_key="no")
    with pytest.raises(botocore.exceptions.ClientError) as info:
        client.list_tables()
    assert info.value.response["Error"]["Code"] == "UnrecognizedClientException"
    assert info.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
