"""The real Lambda program against a scripted Runtime API, with icecat-local as AWS behind it."""
import json
import socket
import time

import pictures
import pytest
from lambda_program import CLOSED, SECRET, Function, put_event
from runtime_api import BASE, RuntimeApi

@pytest.fixture
def api():
    running = RuntimeApi()
    yield running
    running.close()


@pytest.fixture
def start(api, tmp_path):
    """start(NAME=value...) starts the function; None leaves a variable out."""
    started = []

    def run(**changes):
        function = Function(tmp_path / f"function-{len(started)}.log", changes.pop("api", api.address), **changes)
        started.append(function)
        return function

    yield run
    for function in started:
        function.end()
        assert SECRET not in function.text()


TEST_EVENT = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "cats-in"}
NOTHING_TO_DO = {"processed": 0, "refused": 0, "forgotten": 0, "ignored": 1}


def key():
    return pictures.key_of(b"a picture", pictures.batch_id())


# ---- start


def test_missing_variables_are_an_init_error(api, start):
    function = start(s3bucketDest=None, dynamoDBTableName="")
    kind, request = api.answer()
    assert (kind, request.method, request.path) == ("init", "POST", BASE + "/init/error")
    assert request.headers["Lambda-Runtime-Function-Error-Type"] == "Function.InvalidConfiguration"
    assert request.headers["Content-Type"] == "application/json"
    assert request.json == {
        "errorMessage": "s3bucketDest is not set; dynamoDBTableName is not set",
        "errorType": "Function.InvalidConfiguration", "stackTrace": []}
    assert function.exit_code() == 1
    assert api.kinds() == ["error"]


@pytest.mark.parametrize("changes", [
    {"s3bucketDest": "cats-in"}, {"s3bucketFail": "cats-in"}, {"s3bucketFail": "cats-out"},
    {"s3bucketSource": "No Bucket"}, {"dynamoDBTTL": "two weeks"}, {"rekMinConfidence": "101"},
    {"AWS_REGION": None},
])
def test_wrong_settings_are_an_init_error(api, start, changes):
    function = start(**changes)
    kind, request = api.answer()
    assert kind == "init"
    assert request.json["errorType"] == "Function.InvalidConfiguration"
    assert request.json["errorMessage"]
    assert function.exit_code() == 1
    assert api.of_kind("next") == []


@pytest.mark.parametrize("address", [None, "", "127.0.0.1", "127.0.0.1:80/x", "user@127.0.0.1:80"])
def test_without_a_runtime_api_it_says_so(start, address):
    function = start(api=address)
    assert function.exit_code() == 1
    assert function.text().startswith("bootstrap: AWS_LAMBDA_RUNTIME_API")


# ---- invocations


def test_response_is_exact_and_the_connection_is_kept(api, start):
    start()
    ids = [api.invoke(TEST_EVENT) for _ in range(3)]
    for request_id in ids:
        kind, request = api.answer()
        assert (kind, request.method) == ("response", "POST")
        assert request.path == f"{BASE}/invocation/{request_id}/response"
        assert request.headers["Content-Type"] == "application/json"
        assert "Expect" not in request.headers
        assert "Lambda-Runtime-Function-Response-Mode" not in request.headers
        assert request.json == NOTHING_TO_DO
    assert len({request.connection for request in api.requests}) == 1


def test_error_is_exact_and_the_loop_goes_on(api, start):
    start()
    request_id = api.invoke(b"no json")
    kind, request = api.answer()
    assert (kind, request.path) == ("error", f"{BASE}/invocation/{request_id}/error")
    assert request.headers["Lambda-Runtime-Function-Error-Type"] == "Function.InvalidEvent"
    assert request.headers["Content-Type"] == "application/json"
    assert request.json == {"errorMessage": "the event is not JSON", "errorType": "Function.InvalidEvent",
                            "stackTrace": []}
    api.invoke(TEST_EVENT)
    assert api.answer()[0] == "response"


def test_next_waits_without_a_timeout_and_without_a_proxy(api, start):
    function = start(http_proxy=CLOSED, HTTP_PROXY=CLOSED, ALL_PROXY=CLOSED)
    time.sleep(3)  # longer than the time to connect
    assert function.process.poll() is None
    api.invoke(TEST_EVENT)
    assert api.answer()[1].json == NOTHING_TO_DO
    assert api.kinds()[:2] == ["next", "response"]


def test_other_buckets_and_removals_are_ignored(api, start):
    """Its own copies into the other buckets must never be work again; AWS is not called (it is closed)."""
    start()
    for event in (put_event("cats-out", key()), put_event("cats-bad", key(), "ObjectCreated:Copy"),
                  put_event("cats-in", key(), "ObjectRemoved:Delete")):
        api.invoke(event)
        assert api.answer()[1].json == NOTHING_TO_DO


def test_queue_messages_fail_one_by_one(api, start):
    start()
    api.invoke({"Records": [
        {"messageId": "good", "eventSource": "aws:sqs", "body": json.dumps(TEST_EVENT)},
        {"messageId": "bad", "eventSource": "aws:sqs", "body": "no json"},
        {"messageId": "later", "eventSource": "aws:sqs", "body": json.dumps(put_event("cats-in", key()))}]})
    kind, request = api.answer()
    assert kind == "response"
    assert request.json == {"batchItemFailures": [{"itemIdentifier": "bad"}, {"itemIdentifier": "later"}]}


def test_unreachable_service_fails_the_invocation(api, start):
    start()
    api.invoke(put_event("cats-in", key()))
    kind, request = api.answer()
    assert kind == "error"
    assert request.json["errorType"] == "Function.ProcessingFailed"


def test_no_work_begins_after_the_deadline(api, start):
    start()
    api.invoke(put_event("cats-in", key()), timeout_s=0.5)
    kind, request = api.answer()
    assert kind == "error"
    assert request.json["errorType"] == "Function.OutOfTime"
    assert "too little time" in request.json["errorMessage"]


def test_a_silent_service_is_left_before_the_deadline(api, start):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start(AWS_ENDPOINT_URL="http://127.0.0.1:%d" % silent.getsockname()[1])
        began = time.time()
        api.invoke(put_event("cats-in", key()), timeout_s=3)
        kind, request = api.answer()
        assert time.time() - began < 3
    assert kind == "error"
    assert request.json["errorType"] == "Function.OutOfTime"


def test_too_large_an_event_is_answered(api, start):
    start()
    api.invoke(b'{"Records":[]}' + b" " * (8 << 20))
    kind, request = api.answer()
    assert kind == "error"
    assert request.json["errorType"] == "Function.EventTooLarge"
    api.invoke(TEST_EVENT)
    assert api.answer()[0] == "response"


# ---- faults of the Runtime API


@pytest.mark.parametrize("fault", ["close", "truncate"])
def test_broken_next_is_asked_again(api, start, fault):
    api.faults["next"] = [fault]
    request_id = api.invoke(TEST_EVENT)
    start()
    kind, request = api.answer()
    assert (kind, request.path) == ("response", f"{BASE}/invocation/{request_id}/response")
    assert api.kinds()[:2] == ["next", "next"]


def test_broken_response_is_sent_again(api, start):
    api.faults["response"] = ["close"]
    start()
    api.invoke(TEST_EVENT)
    assert api.answer()[1].json == NOTHING_TO_DO
    assert len(api.of_kind("response")) == 2


@pytest.mark.parametrize("kind", ["next", "response"])
def test_a_container_error_ends_it(api, start, kind):
    api.faults[kind] = [500]
    api.invoke(TEST_EVENT)
    function = start()
    began = time.monotonic()
    assert function.exit_code() == 1
    assert time.monotonic() - began < 5
    assert "500" in function.lines()[-1]["message"]
    assert api.kinds()[-1] == kind and len(api.of_kind(kind)) == 1


def test_too_large_a_response_becomes_an_error(api, start):
    api.faults["response"] = [413]
    start()
    api.invoke(TEST_EVENT)
    kind, request = api.answer()
    assert kind == "error"
    assert request.json["errorType"] == "Function.AnswerTooLarge"


@pytest.mark.parametrize("status", [400, 403])
def test_a_refused_response_is_let_go(api, start, status):
    api.faults["response"] = [status]
    function = start()
    api.invoke(TEST_EVENT)
    assert api.answer()[0] == "response"  # the invocation is given again, and answered
    assert len(api.of_kind("response")) == 2
    assert function.process.poll() is None


def test_it_ends_with_the_runtime_api(api, start):
    function = start()
    api.invoke(TEST_EVENT)
    api.answer()
    api.close()
    assert function.exit_code() == 1
    assert function.lines()[-1]["level"] == "ERROR"


def test_an_unusable_request_id_ends_it(api, start):
    api.invoke(TEST_EVENT, Lambda_Runtime_Aws_Request_Id="../../init")
    function = start()
    assert function.exit_code() == 1
    assert api.kinds() == ["next"]


# ---- with AWS behind it


@pytest.fixture
def on_local(local, start):
    """The function with icecat-local's services; returns the names of its buckets and table."""
    names = {"s3bucketSource": local.env["S3BUCKET_SOURCE"], "s3bucketDest": local.env["S3BUCKET_DEST"],
             "s3bucketFail": local.env["S3BUCKET_FAIL"], "dynamoDBTableName": local.env["DYNAMODB_TABLE_NAME"]}
    access = {name: local.env[name] for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID",
                                                 "AWS_SECRET_ACCESS_KEY", "AWS_REGION")}

    def run(**changes):
        return start(**{**names, **access, **changes})

    run.source, run.dest, run.fail, run.table = names.values()
    return run


def upload(local, bucket, data, batch, **extra):
    object_key = pictures.key_of(data, batch)
    local.client("s3").put_object(Bucket=bucket, Key=object_key, Body=data, **extra)
    return object_key


def test_a_cat_is_judged_recorded_and_moved(api, local, on_local):
    data, batch = pictures.sample("tabby.jpg"), pictures.batch_id()
    object_key = upload(local, on_local.source, data, batch, ContentType="image/jpeg",
                        Metadata={"original-file-name": "my%20tabby.jpg"})
    function = on_local()
    api.invoke(put_event(on_local.source, object_key))
    kind, request = api.answer()
    assert (kind, request.json) == ("response", {"processed": 1, "refused": 0, "forgotten": 0, "ignored": 0})
    record = pictures.record_of(local.client("dynamodb"), on_local.table, data, batch)
    assert record["op_status"] == "success"
    assert record["rek_iscat"] == "True"
    assert record["client_id"] == "tester"
    assert record["file_name"] == "my tabby.jpg"
    assert record["s3img_key"] == f"{on_local.dest}/{object_key}"
    s3 = local.client("s3")
    assert object_key in pictures.keys_in(s3, on_local.dest)
    assert object_key not in pictures.keys_in(s3, on_local.source)
    line = [line for line in function.lines() if line.get("action")][-1]
    assert (line["action"], line["isCat"], line["key"]) == ("judged", True, object_key)


def test_a_duplicate_changes_nothing(api, local, on_local):
    data, batch = pictures.sample("dog.jpg"), pictures.batch_id()
    object_key = upload(local, on_local.source, data, batch)
    function = on_local()
    records = []
    for _ in range(3):
        api.invoke(put_event(on_local.source, object_key))
        assert api.answer()[1].json == {"processed": 1, "refused": 0, "forgotten": 0, "ignored": 0}
        records.append(pictures.record_of(local.client("dynamodb"), on_local.table, data, batch))
    assert records[0]["op_status"] == "success" and records[0]["rek_iscat"] == "False"
    assert records[0] == records[1] == records[2]
    assert [line["action"] for line in function.lines()] == ["judged", "judged-before", "judged-before"]
    assert object_key in pictures.keys_in(local.client("s3"), on_local.dest)


def test_a_text_is_refused_for_good(api, local, on_local):
    data, batch = b"this is no picture\n" * 20, pictures.batch_id()
    object_key = upload(local, on_local.source, data, batch)
    on_local()
    api.invoke(put_event(on_local.source, object_key))
    kind, request = api.answer()
    assert (kind, request.json) == ("response", {"processed": 1, "refused": 1, "forgotten": 0, "ignored": 0})
    record = pictures.record_of(local.client("dynamodb"), on_local.table, data, batch)
    assert record["op_status"] == "fail"
    assert record["fail_code"] and record["fail_reason"]
    assert record["s3img_key"] == f"{on_local.fail}/{object_key}"
    s3 = local.client("s3")
    assert object_key in pictures.keys_in(s3, on_local.fail)
    assert object_key not in pictures.keys_in(s3, on_local.source)


def test_a_foreign_key_goes_to_the_fail_bucket(api, local, on_local):
    s3 = local.client("s3")
    s3.put_object(Bucket=on_local.source, Key="holiday photos/a+b.jpg", Body=pictures.sample("tabby.jpg"),
                  ContentType="image/jpeg", Metadata={"album": "summer"})
    on_local()
    api.invoke(put_event(on_local.source, "holiday+photos/a%2Bb.jpg"))
    assert api.answer()[1].json == {"processed": 0, "refused": 1, "forgotten": 0, "ignored": 0}
    assert "holiday photos/a+b.jpg" in pictures.keys_in(s3, on_local.fail)
    assert "holiday photos/a+b.jpg" not in pictures.keys_in(s3, on_local.source)
    moved = s3.head_object(Bucket=on_local.fail, Key="holiday photos/a+b.jpg")
    assert (moved["ContentType"], moved["Metadata"]["album"]) == ("image/jpeg", "summer")
    assert "is not one of ours: it has fewer than 5 parts" in moved["Metadata"]["icecat-fail-reason"]


def judged(api, local, on_local, data):
    """A picture that the function has judged and moved: its key and batch."""
    batch = pictures.batch_id()
    object_key = upload(local, on_local.source, data, batch)
    api.invoke(put_event(on_local.source, object_key))
    assert api.answer()[1].json["processed"] == 1
    return object_key, batch


def test_a_record_goes_with_its_object(api, local, on_local):
    """Deleted by a person or by the lifecycle; its event may come twice, and late."""
    function = on_local(AWS_LAMBDA_FUNCTION_NAME="analyse")
    s3, dynamodb = local.client("s3"), local.client("dynamodb")
    for data, bucket, name in ((pictures.sample("siamese.png"), on_local.dest, "ObjectRemoved:Delete"),
                               (b"no picture, but expired", on_local.fail, "LifecycleExpiration:Delete")):
        object_key, batch = judged(api, local, on_local, data)
        removal = put_event(bucket, object_key, name)
        api.invoke(removal)  # too early, or of an earlier object of this name
        assert api.answer()[1].json["forgotten"] == 0
        assert pictures.record_of(dynamodb, on_local.table, data, batch)
        s3.delete_object(Bucket=bucket, Key=object_key)
        for expected in (1, 0):
            api.invoke(removal)
            assert api.answer()[1].json["forgotten"] == expected
        assert pictures.record_of(dynamodb, on_local.table, data, batch) is None
    assert [line["FunctionName"] for line in function.metrics()] == ["analyse"] * 4
    assert sum(line["Forgotten"] for line in function.metrics()) == 2


def test_our_own_delete_in_the_source_costs_no_record(api, local, on_local):
    on_local()
    data = pictures.sample("owl.png")
    object_key, batch = judged(api, local, on_local, data)
    api.invoke(put_event(on_local.source, object_key, "ObjectRemoved:Delete"))
    assert api.answer()[1].json == NOTHING_TO_DO
    assert pictures.record_of(local.client("dynamodb"), on_local.table, data, batch)["op_status"] == "success"


def test_wrong_credentials_fail_the_invocation_and_lose_nothing(api, local, on_local):
    data, batch = pictures.variant(pictures.sample("tabby.jpg"), 77), pictures.batch_id()
    object_key = upload(local, on_local.source, data, batch)
    on_local(AWS_SECRET_ACCESS_KEY=SECRET)
    api.invoke(put_event(on_local.source, object_key))
    kind, request = api.answer()
    assert kind == "error"
    assert request.json["errorType"] == "Function.AccessDenied"
    assert object_key in pictures.keys_in(local.client("s3"), on_local.source)
    assert pictures.record_of(local.client("dynamodb"), on_local.table, data, batch) is None
