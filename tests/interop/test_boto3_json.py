"""boto3 as it is installed against icecat-local: SSM, DynamoDB and DetectLabels, nothing but the address set."""
import base64
import concurrent.futures
import email.utils
import hashlib
import http.client
import json
import os
import pathlib
import signal
import socket
import stat
import subprocess
import time
import urllib.request
import zlib

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.exceptions
import pytest

from conftest import binary

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples/samples"
PREFIX = "/stablecaps/dev/cat-wrangler/"
NAMES = ["AWS_REGION", "FUNC_BULKIMG_ANALYSER_NAME", "S3BUCKET_SOURCE", "S3BUCKET_DEST", "S3BUCKET_FAIL",
         "DYNAMODB_TABLE_NAME"]


def code_of(info):
    return info.value.response["Error"]["Code"]


@pytest.fixture
def detector(local):
    """For tests that need pictures to be looked at."""
    if json.load(urllib.request.urlopen(local.url + "/_icecat/status"))["detector"] == "none":
        pytest.skip("icecat-local was built without a detector")


# ---- SSM

def test_init_writes_the_parameters_that_it_exports(local):
    answer = local.client("ssm").get_parameters(Names=[PREFIX + name for name in NAMES] + [PREFIX + "NONE"],
                                                WithDecryption=True)
    found = {one["Name"][len(PREFIX):]: one["Value"] for one in answer["Parameters"]}
    assert found == {name: local.env[name] for name in NAMES}
    assert answer["InvalidParameters"] == [PREFIX + "NONE"]


def test_parameters_are_put_read_listed_and_deleted(local):
    ssm = local.client("ssm")
    assert ssm.put_parameter(Name="/t/e", Value="wért\u2603", Type="String")["Version"] == 1
    assert ssm.get_parameter(Name="/t/e")["Parameter"]["Value"] == "wért\u2603"
    with pytest.raises(ssm.exceptions.ParameterAlreadyExists):
        ssm.put_parameter(Name="/t/e", Value="2", Type="String")
    assert ssm.put_parameter(Name="/t/e", Value="2", Type="String", Overwrite=True)["Version"] == 2
    for number in range(12):
        ssm.put_parameter(Name=f"/t/p/{number:02}", Value="v", Type="String")
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path="/t", Recursive=True)
    assert len([one for page in pages for one in page["Parameters"]]) == 13
    ssm.delete_parameter(Name="/t/e")
    with pytest.raises(ssm.exceptions.ParameterNotFound):
        ssm.get_parameter(Name="/t/e")
    assert ssm.delete_parameters(Names=["/t/p/00", "/t/e"])["InvalidParameters"] == ["/t/e"]


# ---- DynamoDB

def test_the_table_has_the_keys_and_indexes_of_the_python_system(local):
    dynamodb = local.client("dynamodb")
    table = dynamodb.describe_table(TableName=local.env["DYNAMODB_TABLE_NAME"])["Table"]
    keys = {index["IndexName"]: [key["AttributeName"] for key in index["KeySchema"]]
            for index in table["GlobalSecondaryIndexes"]}
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["batch_id", "img_fprint"]
    assert keys == {"GSI1": ["batch_id", "upload_ts"], "GSI2": ["client_id", "upload_ts"],
                    "GSI3": ["batch_id", "client_id"], "GSI4": ["batch_id", "op_status"],
                    "GSI5": ["rek_iscat", "upload_ts"]}
    ttl = dynamodb.describe_time_to_live(TableName=local.env["DYNAMODB_TABLE_NAME"])["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "ttl"}


def item(batch, fingerprint, status):
    return {"batch_id": {"N": str(batch)}, "img_fprint": {"S": fingerprint}, "op_status": {"S": status}}


def test_items_are_put_found_and_refused(local):
    dynamodb = local.client("dynamodb")
    table = local.env["DYNAMODB_TABLE_NAME"]
    dynamodb.put_item(TableName=table, Item=item(7, "aa", "pending"))
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.put_item(TableName=table, Item=item(7, "aa", "success"),
                          ConditionExpression="attribute_not_exists(batch_id)")
    found = dynamodb.query(TableName=table, IndexName="GSI4",
                           KeyConditionExpression="batch_id = :b AND op_status = :s",
                           ExpressionAttributeValues={":b": {"N": "7"}, ":s": {"S": "pending"}})
    assert found["Items"] == [item(7, "aa", "pending")]
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        dynamodb.get_item(TableName="none", Key={"a": {"S": "b"}})


def test_the_checksum_is_that_of_the_body(local):
    """botocore itself checks x-amz-crc32 and retries; here it must never have to."""
    seen = []
    dynamodb = local.client("dynamodb")
    dynamodb.meta.events.register("before-parse.dynamodb.*",
                                  lambda response_dict, **_: seen.append(response_dict))
    answer = dynamodb.list_tables()
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0
    assert int(seen[0]["headers"]["x-amz-crc32"]) == zlib.crc32(seen[0]["body"])
    assert seen[0]["headers"]["content-type"] == "application/x-amz-json-1.0"
    assert answer["ResponseMetadata"]["RequestId"]


# ---- Rekognition

def test_a_cat_is_seen_and_a_lake_has_none(local, detector):
    rekognition = local.client("rekognition")
    answer = rekognition.detect_labels(Image={"Bytes": (SAMPLES / "tabby.jpg").read_bytes()}, MaxLabels=10,
                                       MinConfidence=75)
    cat = next(label for label in answer["Labels"] if label["Name"] == "Cat")
    assert answer["LabelModelVersion"] == "3.0"
    assert 75 <= cat["Confidence"] <= 100
    assert {"Name", "Confidence", "Instances", "Parents", "Aliases", "Categories"} == set(cat)
    assert set(cat["Instances"][0]["BoundingBox"]) == {"Width", "Height", "Left", "Top"}
    assert {"Name": "Animal"} in cat["Parents"]
    answer = rekognition.detect_labels(Image={"Bytes": (SAMPLES / "lake.jpg").read_bytes()}, MinConfidence=75)
    assert "Cat" not in [label["Name"] for label in answer["Labels"]]


def test_label_files_answer_first(start_local, tmp_path):
    picture = (SAMPLES / "lake.jpg").read_bytes()
    labels = tmp_path / "labels.json"
    labels.write_text(json.dumps({hashlib.sha256(picture).hexdigest(): [{"Name": "Heron", "Confidence": 91.5}]}))
    rekognition = start_local("--labels", labels).client("rekognition")
    answer = rekognition.detect_labels(Image={"Bytes": picture})
    assert [(label["Name"], label["Confidence"]) for label in answer["Labels"]] == [("Heron", 91.5)]


def test_pictures_that_the_service_refuses(local):
    rekognition = local.once("rekognition")
    for image, wanted in [
            ({"Bytes": b"GIF89a not for Rekognition"}, "InvalidImageFormatException"),
            ({"Bytes": (SAMPLES / "tabby.jpg").read_bytes()[:9000]}, "InvalidImageFormatException"),
            ({"Bytes": bytes(5242881)}, "ImageTooLargeException"),
            ({"S3Object": {"Bucket": local.env["S3BUCKET_SOURCE"], "Name": "none"}}, "InvalidS3ObjectException"),
            ({}, "InvalidParameterException")]:
        with pytest.raises(botocore.exceptions.ClientError) as info:
            rekognition.detect_labels(Image=image)
        assert code_of(info) == wanted


def test_objects_are_looked_at_where_they_are(local, detector):
    s3 = local.client("s3")
    bucket = local.env["S3BUCKET_SOURCE"]
    s3.put_object(Bucket=bucket, Key="a b/lake+é.jpg", Body=(SAMPLES / "lake.jpg").read_bytes())
    answer = local.client("rekognition").detect_labels(
        Image={"S3Object": {"Bucket": bucket, "Name": "a b/lake+é.jpg"}})
    assert answer["LabelModelVersion"] == "3.0"


def test_uploads_do_not_wait_for_the_detector(start_local, detector):
    """One worker and a queue of pictures: other requests are answered long before the last picture is."""
    one = start_local("--workers", "1")
    picture = (SAMPLES / "tabby.jpg").read_bytes()
    rekognition = one.client("rekognition")
    ssm = one.client("ssm")
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        looks = [threads.submit(rekognition.detect_labels, Image={"Bytes": picture}) for _ in range(8)]
        while not any(look.done() for look in looks):
            time.sleep(0.001)
        ssm.get_parameter(Name=PREFIX + "AWS_REGION")
        assert not all(look.done() for look in looks)
        assert all(look.result()["LabelModelVersion"] == "3.0" for look in looks)


# ---- signatures

@pytest.mark.parametrize("service, call", [
    ("ssm", lambda client: client.get_parameter(Name="/x")),
    ("dynamodb", lambda client: client.list_tables()),
    ("rekognition", lambda client: client.detect_labels(Image={"Bytes": b"x"}))])
def test_only_the_right_secret_signs(local, service, call):
    with pytest.raises(botocore.exceptions.ClientError) as info:
        call(local.once(service, aws_secret_access_key="wrong" * 8))
    assert code_of(info) == "InvalidSignatureException"
    message = info.value.response["Error"]["Message"]
    assert "\n\nThe Canonical String for this request should have been\n'POST\n/\n\n" in message
    assert "\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n" in message
    with pytest.raises(botocore.exceptions.ClientError) as info:
        call(local.once(service, aws_access_key_id="ICECATUNKNOWN"))
    assert code_of(info) == "UnrecognizedClientException"


def test_s3_shows_what_it_signed(local):
    with pytest.raises(botocore.exceptions.ClientError) as info:
        local.once("s3", aws_secret_access_key="wrong" * 8).list_buckets()
    assert code_of(info) == "SignatureDoesNotMatch"
    assert info.value.response["Error"]["StringToSign"].startswith("AWS4-HMAC-SHA256\n")
    assert info.value.response["Error"]["CanonicalRequest"].startswith("GET\n/\n")


def test_the_date_tells_the_offset_of_the_clock(start_local):
    """The clock is an hour ahead: a request is refused, and the Date tells by how much to correct."""
    ahead = start_local("--clock-offset", 3600)
    with pytest.raises(botocore.exceptions.ClientError) as info:
        ahead.once("ssm").get_parameter(Name=PREFIX + "AWS_REGION")
    assert code_of(info) == "InvalidSignatureException"
    date = email.utils.parsedate_to_datetime(info.value.response["ResponseMetadata"]["HTTPHeaders"]["date"])
    assert 3590 < date.timestamp() - time.time() < 3610


# ---- the program

def test_a_restart_keeps_keys_and_data(start_local, tmp_path):
    first = start_local(data=tmp_path / "kept")
    first.client("ssm").put_parameter(Name="/kept", Value="1", Type="String")
    before = dict(first.env)
    assert first.stop(signal.SIGINT) == 0
    second = start_local(data=tmp_path / "kept")
    assert second.client("ssm").get_parameter(Name="/kept")["Parameter"]["Value"] == "1"
    changed = {name for name in before if before[name] != second.env[name]}
    assert changed <= {"AWS_ENDPOINT_URL"}


def test_a_kill_loses_nothing(start_local, tmp_path):
    first = start_local(data=tmp_path / "kept")
    for number in range(50):
        first.client("ssm").put_parameter(Name=f"/kept/{number}", Value="1", Type="String")
    assert first.stop(signal.SIGKILL) == -signal.SIGKILL
    second = start_local(data=tmp_path / "kept")
    pages = second.client("ssm").get_paginator("get_parameters_by_path").paginate(Path="/kept")
    assert len([one for page in pages for one in page["Parameters"]]) == 50


def run(*options):
    return subprocess.run([str(binary()), *map(str, options)], capture_output=True, text=True, timeout=30)


def test_a_folder_in_use_is_refused(local):
    second = run("--data", local.data)
    assert second.returncode == 1
    assert f"process {local.process.pid}, uses this folder" in second.stderr
    assert second.stderr.count("\n") == 1
    assert second.stdout == ""


def test_wrong_command_lines_end_with_2(tmp_path):
    far = [["--host", host] for host in ("0.0.0.0", "::", "192.0.2.1", "127.0.0.1.test", "localhost.test", "")]
    for options in (["--nothing"], *far, ["--port", "x"], ["word"]):
        wrong = run("--data", tmp_path / "none", *options)
        assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)
    assert not (tmp_path / "none").exists()
    assert run("--version").stdout.startswith("icecat-local ")
    assert "--bootstrap" in run("--help").stdout


def test_a_missing_bootstrap_is_a_clear_error(tmp_path):
    none = run("--data", tmp_path / "data", "--bootstrap", tmp_path / "none")
    assert (none.returncode, none.stdout) == (1, "")
    assert str(tmp_path / "none") in none.stderr.splitlines()[-1]


def test_a_taken_port_is_a_clear_error(local, tmp_path):
    port = local.url.rsplit(":", 1)[1]
    second = run("--data", tmp_path / "other", "--port", port)
    assert second.returncode == 1
    assert f"port {port}" in second.stderr


def test_no_secret_is_in_the_log_and_files_are_private(local):
    local.client("ssm").get_parameter(Name=PREFIX + "AWS_REGION")
    assert "AmazonSSM.GetParameter 200" in local.log_text()
    assert local.env["AWS_SECRET_ACCESS_KEY"] not in local.log_text()
    assert stat.S_IMODE(os.stat(local.data).st_mode) == 0o700
    for path in pathlib.Path(local.data).iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path


def connect(local):
    return http.client.HTTPConnection(local.url.split("//")[1], timeout=30)


def test_the_status_page(local):
    with urllib.request.urlopen(local.url + "/_icecat/status") as answer:
        status = json.load(answer)
    assert status["backlog"] == 0 and status["deadLetters"] == 0 and status["function"] is False
    assert json.load(urllib.request.urlopen(local.url + "/_icecat/dead-letters")) == []


def test_http_as_clients_speak_it(local):
    connection = connect(local)
    # HEAD has the length and no body, and the connection goes on.
    connection.request("HEAD", "/_icecat/status")
    answer = connection.getresponse()
    length = int(answer.headers["Content-Length"])
    assert answer.read() == b"" and length > 0
    kept = connection.sock
    connection.request("GET", "/_icecat/status")
    answer = connection.getresponse()
    assert len(answer.read()) == length
    assert connection.sock is kept
    assert answer.headers["Date"].endswith(" GMT")
    for method in ("OPTIONS", "PATCH", "DELETE"):
        connection.request(method, "/_icecat/status")
        answer = connection.getresponse()
        assert answer.status == 404
        answer.read()


def test_each_service_names_the_request_its_own_way(local):
    for service, target in (("dynamodb", "DynamoDB_20120810.ListTables"), ("ssm", "AmazonSSM.GetParameter"),
                            ("rekognition", "RekognitionService.DetectLabels"), ("s3", None)):
        connection = connect(local)
        connection.request("POST" if target else "GET", "/", headers={"X-Amz-Target": target} if target else {})
        headers = connection.getresponse().headers
        json_ids = ["x-amzn-RequestId"] if target else []
        s3_ids = [] if target else ["x-amz-request-id", "x-amz-id-2"]
        assert [name for name in ("x-amzn-RequestId", "x-amz-request-id", "x-amz-id-2") if headers[name]] == \
            json_ids + s3_ids, service


def test_names_of_init_are_kept(start_local, tmp_path):
    data = tmp_path / "named"
    chosen = {"--table": "my-table", "--bucket-source": "my-source", "--bucket-dest": "my-dest", "--region": "eu-north-1",
              "--bucket-fail": "my-fail", "--function": "my-function"}
    one = start_local(*(word for pair in chosen.items() for word in pair), data=data)
    first = dict(one.env)
    assert first["DYNAMODB_TABLE_NAME"] == "my-table" and first["AWS_REGION"] == "eu-north-1"
    assert one.stop() == 0
    one.options = []
    again = dict(one.start().env)
    assert {**again, "AWS_ENDPOINT_URL": first["AWS_ENDPOINT_URL"]} == first
    assert one.stop() == 0
    one.options = ["--table", "other-table"]
    assert one.start().env == {**again, "DYNAMODB_TABLE_NAME": "other-table", "AWS_ENDPOINT_URL": one.url}


def test_bodies_wait_for_the_100(local):
    """curl and boto3 send "Expect: 100-continue" and hold the body back until they are told to go on."""
    host = local.url.split("//")[1]
    with socket.create_connection(host.split(":"), timeout=30) as raw:
        raw.sendall(f"PUT /b/k HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n"
                    "Expect: 100-continue\r\n\r\n".encode())
        assert raw.recv(1000).startswith(b"HTTP/1.1 100 ")
        raw.sendall(b"abc")
        # The answer is that of S3: nothing was signed.
        assert raw.recv(1000).startswith(b"HTTP/1.1 403 ")


def test_a_body_over_the_limit_is_refused(local):
    connection = connect(local)
    connection.request("PUT", "/bucket/key", body=b"x" * (64 * 1024 * 1024 + 1))
    assert connection.getresponse().status == 413


def test_faults_are_those_of_the_services(start_local, detector):
    one = start_local("--fault", "ssm:throttle:1", "--fault=dynamodb:throttle:1", "--fault=s3:throttle:1",
                      "--fault=rekognition:unavailable:1")
    calls = {
        "ssm": (lambda client: client.get_parameter(Name=PREFIX + "AWS_REGION"), "ThrottlingException"),
        "dynamodb": (lambda client: client.list_tables(), "ProvisionedThroughputExceededException"),
        "s3": (lambda client: client.list_buckets(), "SlowDown"),
        "rekognition": (lambda client: client.detect_labels(Image={"Bytes": (SAMPLES / "lake.jpg").read_bytes()}),
                        "InternalServerError"),
    }
    for service, (call, code) in calls.items():
        with pytest.raises(botocore.exceptions.ClientError) as info:
            call(one.once(service))
        assert code_of(info) == code
        call(one.once(service))


def post(local, page, body):
    connection = connect(local)
    connection.request("POST", "/_icecat/" + page, body=body)
    return connection.getresponse().status


def test_faults_can_be_asked_for_while_it_runs(local):
    ssm = local.once("ssm")
    assert post(local, "faults", "any:reset:1") == 200
    with pytest.raises(botocore.exceptions.ConnectionClosedError):
        ssm.get_parameter(Name=PREFIX + "AWS_REGION")
    assert post(local, "faults", "ssm:unavailable:2") == 200
    assert local.client("ssm").get_parameter(Name=PREFIX + "AWS_REGION")["ResponseMetadata"]["RetryAttempts"] == 2
    for wrong in ("", "ssm", "ssm:throttle", "ssm:throttle:", "ssm:throttle:-1", "ssm:wrong:1", "lambda:reset:1"):
        assert post(local, "faults", wrong) == 400


def test_answers_that_are_lost_or_cut_are_those_of_work_that_was_done(local):
    ssm = local.once("ssm")
    for kind in ("lost", "cut"):
        assert post(local, "faults", f"ssm:{kind}:1") == 200
        with pytest.raises(botocore.exceptions.HTTPClientError):
            ssm.put_parameter(Name=PREFIX + kind, Value="x", Type="String")
        assert ssm.get_parameter(Name=PREFIX + kind)["Parameter"]["Value"] == "x"


def test_a_page_for_signing_in_is_an_answer_of_nobody(local):
    assert post(local, "faults", "any:page:1") == 200
    connection = connect(local)
    connection.request("PUT", "/bucket/key", body=b"x")
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Type"), answer.getheader("ETag")) == (200, "text/html", None)
    assert b"Sign in" in answer.read()


def test_slow_answers_are_late_and_right(start_local):
    one = start_local("--fault", "ssm:slow:1:400")
    ssm = one.once("ssm")
    took = []
    for _ in range(2):
        began = time.monotonic()
        ssm.get_parameter(Name=PREFIX + "AWS_REGION")
        took.append(time.monotonic() - began)
    assert took[0] >= 0.4 > took[1]
    assert post(one, "faults", "s3:slow:1:300") == 200
    began = time.monotonic()
    one.once("s3").list_buckets()
    assert time.monotonic() - began >= 0.3


def test_latency_is_added(start_local):
    slow = start_local("--latency-ms", 300)
    began = time.monotonic()
    slow.client("ssm").get_parameter(Name=PREFIX + "AWS_REGION")
    assert time.monotonic() - began >= 0.3


def signed(local, service, target, body):
    """Headers of a request that botocore signed, for sending it by hand."""
    request = botocore.awsrequest.AWSRequest("POST", local.url + "/", data=body, headers={
        "X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"})
    credentials = botocore.credentials.Credentials(local.env["AWS_ACCESS_KEY_ID"],
                                                   local.env["AWS_SECRET_ACCESS_KEY"])
    botocore.auth.SigV4Auth(credentials, service, local.env["AWS_REGION"]).add_auth(request)
    return dict(request.headers.items())


def start_look(local):
    body = json.dumps({"Image": {"Bytes": base64.b64encode((SAMPLES / "tabby.jpg").read_bytes()).decode()}})
    connection = connect(local)
    connection.request("POST", "/", body=body,
                       headers=signed(local, "rekognition", "RekognitionService.DetectLabels", body))
    return connection


def test_clients_that_hang_up_do_no_harm(start_local, detector):
    one = start_local("--workers", "1")
    looks = [start_look(one) for _ in range(6)]
    assert looks[0].getresponse().status == 200
    for connection in looks:
        connection.close()
    # Behind all of theirs in the queue.
    assert start_look(one).getresponse().status == 200


def test_looks_end_in_order_at_the_end(start_local, detector):
    """What is looked at is answered, what waits is told to come again, and the program ends by itself."""
    one = start_local("--workers", "1")
    first = start_look(one)
    looks = [start_look(one) for _ in range(6)]
    assert first.getresponse().status == 200
    assert one.stop() == 0
    for look in looks:
        answer = json.load(look.getresponse())
        assert answer.get("Code", "seen") in ("seen", "ProvisionedThroughputExceededException"), answer


def test_status_pages_are_for_this_machine(local):
    connection = connect(local)
    for host in ("evil.example", "localhost.evil.example", "127.evil.example"):
        connection.request("GET", "/_icecat/dead-letters", headers={"Host": host})
        answer = connection.getresponse()
        assert answer.status == 403
        answer.read()
    connection.request("POST", "/_icecat/redrive", headers={"Origin": "http://evil.example"})
    assert connection.getresponse().status == 404
