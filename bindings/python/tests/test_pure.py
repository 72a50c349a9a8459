"""What needs no service: the surface, images, signatures, settings and errors."""
import concurrent.futures
import datetime
import decimal
import io
import pathlib
import pickle
import re
import subprocess
import sys

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import cdef
import icecat
import icecat._icecat
import pictures
import pytest
from icecat import items
from icecat.settings import parse_dotenv

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCES = "".join(path.read_text() for path in (ROOT / "bindings/python/icecat").glob("*.py"))


def test_every_function_of_the_headers_is_wrapped_or_has_a_reason_not_to_be():
    headers = set(re.findall(r"\b(icecat_\w+)\(", re.sub(
        r"/\*.*?\*/|#define (?:[^\n]*\\\n)*[^\n]*", "", "".join(
            path.read_text() for path in (ROOT / "include/icecat").glob("*.h")), flags=re.S)))
    known = set(cdef.functions(ROOT / "include"))
    assert known == headers
    offered = {name for name in dir(icecat._icecat.lib) if name.startswith("icecat_") and name in known}
    skipped = {name for name in known if name in cdef.NOT_WRAPPED or cdef.INIT.match(name)}
    assert offered | skipped == known and not offered & skipped
    assert set(cdef.NOT_WRAPPED) <= known
    unused = {name for name in offered if not re.search(rf"\blib\.{name}\b", SOURCES)}
    assert not unused


def test_every_status_has_a_class():
    statuses = {getattr(icecat._icecat.lib, name) for name in dir(icecat._icecat.lib) if name.startswith("ICECAT_E_")}
    generic = {"ICECAT_E_SIGNATURE"}  # of the calls for servers
    assert {icecat.IcecatError("", status=status).name
            for status in statuses - set(icecat.errors._CLASSES)} == generic


def test_every_exported_name_exists():
    assert all(hasattr(icecat, name) for name in icecat.__all__)


@pytest.mark.parametrize("give", [str, pathlib.Path, lambda path: path.read_bytes(), lambda path: path.open("rb"),
                                  lambda path: memoryview(path.read_bytes()),
                                  lambda path: io.BytesIO(path.read_bytes())])
def test_validate_takes_paths_bytes_and_files(give):
    info = icecat.validate(give(pictures.SAMPLES / "tabby.jpg"))
    assert info.ok and info.error is None and info.format == "jpeg" and info.content_type == "image/jpeg"
    assert min(info.width, info.height) >= 80 and info.size == (pictures.SAMPLES / "tabby.jpg").stat().st_size
    info.raise_if_refused()


@pytest.mark.parametrize("name, kind, reason", [("daisy.jpg", "webp", None), ("half-a-kitten.png", "png", None)])
def test_validate_tells_why_an_image_is_refused(name, kind, reason):
    info = icecat.validate(pictures.SAMPLES / name)
    assert not info.ok and info.format == kind and info.reason != "none"
    with pytest.raises(icecat.ValidationError) as caught:
        info.raise_if_refused()
    assert isinstance(caught.value, ValueError) and caught.value.message


def test_validate_applies_the_limits_that_are_asked_for():
    data = pictures.sample("tabby.jpg")
    assert icecat.validate(data, max_bytes=100).error.name == "ICECAT_E_IMAGE_LIMIT"
    assert icecat.validate(data, min_side=9000).reason == "too-small"
    assert "tail-unseen" in icecat.validate(data[:65536], total_bytes=len(data) + 65536).warnings or len(data) < 65536
    with pytest.raises(ValueError, match="profile"):
        icecat.validate(data, profile="x")


def test_a_file_that_is_not_there_is_an_oserror():
    with pytest.raises(icecat.FileError) as caught:
        icecat.validate("/nowhere/cat.jpg")
    assert isinstance(caught.value, OSError) and "/nowhere/cat.jpg" in str(caught.value)
    with pytest.raises(TypeError, match="binary"):
        icecat.validate(io.StringIO("x"))


def test_signatures_are_those_of_botocore():
    when = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    url, body = "https://dynamodb.eu-west-1.amazonaws.com/", b'{"TableName":"cats"}'
    headers = {"X-Amz-Target": "DynamoDB_20120810.Query", "Content-Type": "application/x-amz-json-1.0"}
    credentials = botocore.credentials.Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI", "token/+=")
    signer = botocore.auth.SigV4Auth(credentials, "dynamodb", "eu-west-1")
    request = botocore.awsrequest.AWSRequest("POST", url, headers=dict(headers), data=body)
    signer.add_auth(request)
    time = datetime.datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(
        tzinfo=datetime.timezone.utc)
    ours = icecat.sign("POST", url, region="eu-west-1", service="dynamodb", access_key_id="AKIDEXAMPLE",
                       secret_access_key="wJalrXUtnFEMI", session_token="token/+=", headers=headers, body=body,
                       time=time)
    assert ours.headers["authorization"] == request.headers["Authorization"]
    assert ours.headers["x-amz-security-token"] == "token/+="
    assert abs((time - when).total_seconds()) < 60


def test_a_presigned_url_is_signed_for_the_time_that_is_given():
    made = icecat.sign("GET", "https://b.s3.eu-west-1.amazonaws.com/a%20b?versionId=1", region="eu-west-1",
                       service="s3", access_key_id="A", secret_access_key="S", time=1440938160, presign_seconds=60)
    assert "X-Amz-Date=20150830T123600Z" in made.url and "X-Amz-Expires=60" in made.url and not made.headers
    assert made.payload_hash == icecat.UNSIGNED_PAYLOAD and made.url.count("?") == 1


def test_sign_refuses_what_cannot_be_signed():
    keys = {"region": "r", "service": "s3", "access_key_id": "A", "secret_access_key": "S"}
    for wrong in ({"url": "/no-host"}, {"url": "https://h/", "presign_seconds": 604801},
                  {"url": "https://h/", "headers": {"x": "a\0b"}},
                  {"url": "https://h/", "time": datetime.datetime(2020, 1, 1)}):
        with pytest.raises(icecat.ArgumentError):
            icecat.sign("GET", **keys, **wrong)


def test_items_come_back_as_they_went():
    item = {"s": "Ü", "b": True, "n": -5, "big": 10**30, "d": decimal.Decimal("1.25"), "f": False}
    assert items.to_dict(items.to_native(item)) == item
    with pytest.raises(TypeError, match="float"):
        items.to_native({"x": 1.5})
    nested = {"L": [{"N": "1"}, {"M": {"k": {"NULL": True}}}, {"SS": ["a"]}, {"B": "aGk="}]}
    assert items._typed(nested) == [1, {"k": None}, {"a"}, b"hi"]


def test_errors_survive_pickling_and_read_like_those_of_botocore():
    error = icecat.NotFoundError("no bucket", status=83, http_status=404, aws_code="NoSuchBucket", request_id="R",
                                 attempts=2)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is icecat.NotFoundError and isinstance(again, LookupError) and str(again) == "no bucket"
    assert again.response["Error"] == {"Code": "NoSuchBucket", "Message": "no bucket"}
    assert again.response["ResponseMetadata"] == {"RequestId": "R", "HTTPStatusCode": 404, "RetryAttempts": 1}
    assert again.name == "ICECAT_E_NOT_FOUND"


def test_a_client_needs_a_region_and_knows_its_settings():
    with pytest.raises(icecat.ConfigError, match="region"):
        icecat.Client()
    with pytest.raises(TypeError, match="regoin"):
        icecat.Client(regoin="x")
    with pytest.raises(icecat.ArgumentError):
        icecat.Client(region="eu-west-1", max_attempts=101)
    with pytest.raises(icecat.ArgumentError, match="max_connections"):
        icecat.Client(region="eu-west-1", max_connections=-1)
    with pytest.raises(icecat.ArgumentError, match="stall_timeout"):
        icecat.Client(region="eu-west-1", stall_timeout=-1)


def test_a_call_needs_no_thread(monkeypatch):
    def refuse(*_):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("_thread.start_new_thread", refuse)
    with icecat.Client(region="eu-west-1", endpoint_url="http://127.0.0.1:1", access_key_id="A",
                       secret_access_key="S", bucket="bucket", client_id="tester", max_attempts=1) as client:
        with pytest.raises(icecat.NetworkError):
            client.get_object("bucket", "key")
        with pytest.raises(icecat.NetworkError) as caught:
            client.submit_many([pictures.SAMPLES / "dog.jpg"], progress=bool)
    assert caught.value.report.counts.failed == 1


def test_an_unclosed_client_warns_and_a_closed_one_refuses():
    client = icecat.Client(region="eu-west-1")
    assert client.region == "eu-west-1" and client.endpoint("s3").startswith("https://s3")
    with pytest.warns(ResourceWarning, match="unclosed"):
        del client
    with icecat.Client(region="eu-west-1") as client:
        pass
    client.close()
    with pytest.raises(icecat.ArgumentError, match="closed"):
        client.get_object("b", "k")


def test_a_forked_child_must_make_its_own_client(run_python):
    code, output, errors = run_python("""
import icecat, os, sys
client = icecat.Client(region="eu-west-1")
child = os.fork()
if child == 0:
    try:
        client.get_object("b", "k")
    except icecat.ArgumentError as error:
        print(error)
    with icecat.Client(region="eu-west-1") as own:
        print(own.region)
    client.close()
    sys.stdout.flush()
    os._exit(0)
_, status = os.waitpid(child, 0)
client.close()
sys.exit(os.waitstatus_to_exitcode(status))
""", {})
    assert code == 0, errors
    assert output.splitlines() == ["the client was made before fork(): make another one in the child process",
                                   "eu-west-1"]


def test_dotenv_is_read_by_the_rules_of_the_command(tmp_path, monkeypatch):
    document = "\ufeffexport A = 1 # x\r\nB='a\\'b ${C}'\nC=\"x\\ny\" # z\n# c\n\nD=a#b\nA=2\nE=\n"
    assert parse_dotenv(document) == {"A": "2", "B": "a'b ${C}", "C": "x\ny", "D": "a#b", "E": ""}
    for wrong in ("A", "A='b", "A='b' c", "1A=b", "A=${B}"):
        with pytest.raises(icecat.ConfigError, match="^f:2: ") as caught:
            parse_dotenv("X=1\n" + wrong + "\n", "f")
        assert "'b" not in str(caught.value)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config").mkdir()
    (tmp_path / "config/prod").write_text("AWS_REGION=eu-west-3\nS3BUCKET_SOURCE=cats\n")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    with icecat.Client.from_dotenv("prod") as client:
        assert client.region == "eu-west-3"
    with icecat.Client.from_dotenv("prod", region="us-east-1") as client:
        assert client.region == "us-east-1"
    with pytest.raises(icecat.ConfigError, match="config/none"):
        icecat.Client.from_dotenv("none")


def test_pure_functions_may_be_called_by_threads():
    data = pictures.sample("tabby.jpg")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        assert all(info.ok for info in pool.map(icecat.validate, [data] * 200))


def test_the_module_tells_what_it_runs_on():
    done = subprocess.run([sys.executable, "-m", "icecat"], capture_output=True, text=True, cwd="/", check=False)
    rows = dict(line.split(None, 1) for line in done.stdout.splitlines())
    assert rows["libicecat"] == icecat.__version__ and {"libcurl", "openssl", "cjson", "certificates"} <= set(rows)
    assert done.returncode == (0 if icecat.find_ca_bundle() else 1)
