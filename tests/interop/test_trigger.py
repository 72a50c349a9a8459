"""The whole chain on one machine: boto3 puts a picture, icecat-local runs the unmodified function."""
import concurrent.futures
import contextlib
import json
import os
import pathlib
import signal
import sqlite3
import threading
import time
import urllib.request

import botocore.config
import botocore.exceptions
import pictures
import pytest

PATIENCE_S = 60


@pytest.fixture
def start_stack(start_local):
    """start_stack(*options, data=FOLDER): icecat-local that runs the function of this build."""
    build = os.environ.get("ICECAT_BUILD_DIR")
    if not build:
        pytest.skip("ICECAT_BUILD_DIR is not set: it names the build folder that has the programs")
    function = pathlib.Path(build) / "examples/lambda/bootstrap"
    if not function.is_file():
        pytest.skip(f"{function} is not built")

    def start(*options, data=None):
        return start_local("--bootstrap", function, "--workers", 2, *options, data=data)

    return start


@pytest.fixture
def stack(start_stack):
    return start_stack()


def wait_for(condition, what, stack):
    """The first true answer of condition()."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.05)
    pytest.fail(f"not within {PATIENCE_S} s: {what}\n{stack.log_text()[-6000:]}")


def page(stack, name, method="GET"):
    request = urllib.request.Request(f"{stack.url}/_icecat/{name}", method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def wait_until_idle(stack):
    wait_for(lambda: page(stack, "status")["backlog"] == 0, "an empty queue", stack)


def put(stack, data, batch, extension="jpg"):
    key = pictures.key_of(data, batch, extension=extension)
    stack.client("s3").put_object(Bucket=stack.env["S3BUCKET_SOURCE"], Key=key, Body=data)
    return key


def record(stack, data, batch):
    return pictures.record_of(stack.client("dynamodb"), stack.env["DYNAMODB_TABLE_NAME"], data, batch)


def final_record(stack, data, batch):
    def look():
        found = record(stack, data, batch)
        return found if found and found["op_status"] != "pending" else None

    return wait_for(look, "a final record", stack)


def where(stack, key):
    """The names of the buckets that have the object: source, dest, fail."""
    s3 = stack.client("s3")
    return [name for name in ("SOURCE", "DEST", "FAIL")
            if key in pictures.keys_in(s3, stack.env[f"S3BUCKET_{name}"])]


def children(pid):
    return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid):
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] not in "ZX"


# ---- what users see


def test_pictures_are_judged_and_moved(stack):
    batch = pictures.batch_id()
    expected = {"tabby.jpg": "True", "siamese.png": "True", "dog.jpg": "False", "teapot.png": "False"}
    keys = {name: put(stack, pictures.sample(name), batch, name[-3:]) for name in expected}
    for name, is_cat in expected.items():
        found = final_record(stack, pictures.sample(name), batch)
        assert (name, found["op_status"], found["rek_iscat"]) == (name, "success", is_cat)
        assert found["s3img_key"] == f"{stack.env['S3BUCKET_DEST']}/{keys[name]}"
    wait_until_idle(stack)
    assert [where(stack, key) for key in keys.values()] == [["DEST"]] * len(keys)
    assert page(stack, "dead-letters") == []


def test_what_is_no_picture_fails(stack):
    batch = pictures.batch_id()
    texts = [b"only words\n" * 50, b"<html><body>403</body></html>", b""]
    for data in texts:
        key = put(stack, data, batch)
        found = final_record(stack, data, batch)
        assert found["op_status"] == "fail"
        assert found["fail_code"] and found["fail_reason"]
        wait_until_idle(stack)
        assert where(stack, key) == ["FAIL"]
    assert page(stack, "dead-letters") == []


def test_foreign_keys_are_put_aside(stack):
    """A key that needs every kind of escape in the event."""
    key = "holiday photos/a+b & 50%/\u00e9t\u00e9 \U0001f408.jpg"
    stack.client("s3").put_object(Bucket=stack.env["S3BUCKET_SOURCE"], Key=key, Body=pictures.sample("tabby.jpg"))
    wait_for(lambda: where(stack, key) == ["FAIL"], "the object in the fail bucket", stack)
    wait_until_idle(stack)
    assert page(stack, "dead-letters") == []


def test_duplicates_are_harmless(stack):
    batch = pictures.batch_id()
    data = pictures.sample("tabby.jpg")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        keys = set(pool.map(lambda _: put(stack, data, batch), range(8)))
    (key,) = keys
    first = final_record(stack, data, batch)
    put(stack, data, batch)
    wait_until_idle(stack)
    assert record(stack, data, batch) == first
    assert first["op_status"] == "success"
    assert where(stack, key) == ["DEST"]
    assert page(stack, "dead-letters") == []


def test_events_that_come_twice(start_stack):
    """S3 promises no less than once; every picture is judged once all the same."""
    stack = start_stack("--fault", "events:duplicate:2")
    batch = pictures.batch_id()
    data = pictures.sample("tabby.jpg"), pictures.sample("dog.jpg")
    keys = [put(stack, each, batch) for each in data]
    wait_until_idle(stack)
    assert [record(stack, each, batch)["op_status"] for each in data] == ["success", "success"]
    assert [where(stack, key) for key in keys] == [["DEST"], ["DEST"]]
    assert page(stack, "dead-letters") == []


def test_events_that_come_out_of_order(start_stack):
    """The last object that was put is the first one that the function moves away."""
    stack = start_stack("--workers", 1)
    s3 = stack.client("s3")
    request = urllib.request.Request(f"{stack.url}/_icecat/faults", method="POST", data=b"events:reorder:3")
    urllib.request.urlopen(request, timeout=10).close()
    for key in ("first", "second", "third"):
        s3.put_object(Bucket=stack.env["S3BUCKET_SOURCE"], Key=key, Body=b"only words")
    wait_until_idle(stack)
    prefix = f"DELETE /{stack.env['S3BUCKET_SOURCE']}/"
    moved = [line.split()[1].rsplit("/", 1)[1] for line in stack.log_text().splitlines() if line.startswith(prefix)]
    assert moved == ["third", "second", "first"]
    assert page(stack, "dead-letters") == []


# ---- failures


def test_dead_letters_are_visible_and_can_be_put_back(stack):
    batch = pictures.batch_id()
    data = pictures.sample("tabby.jpg")
    key = pictures.key_of(data, batch)
    table = stack.env["DYNAMODB_TABLE_NAME"]
    dynamodb = stack.client("dynamodb")
    identity = {"batch_id": {"N": str(batch)}, "img_fprint": {"S": key.split("/")[0]}}
    dynamodb.put_item(TableName=table, Item={**identity, "client_id": {"S": "another"}, "op_status": {"S": "pending"}})
    put(stack, data, batch)
    (letter,) = wait_for(lambda: page(stack, "dead-letters"), "a dead letter", stack)
    assert (letter["bucket"], letter["key"]) == (stack.env["S3BUCKET_SOURCE"], key)
    assert (letter["attempts"], letter["errorType"]) == (3, "Function.RecordCollision")
    assert letter["event"]["Records"][0]["s3"]["object"]["key"] == key
    status = page(stack, "status")
    assert (status["backlog"], status["deadLetters"]) == (0, 1)
    assert where(stack, key) == ["SOURCE"]

    dynamodb.delete_item(TableName=table, Key=identity)
    assert page(stack, "redrive", "POST") == {"moved": 1}
    assert final_record(stack, data, batch)["op_status"] == "success"
    wait_until_idle(stack)
    assert where(stack, key) == ["DEST"]
    assert page(stack, "dead-letters") == []


def test_a_function_that_dies_is_started_again(stack):
    """SIGKILL of every process, again and again, while pictures are worked on."""
    batch = pictures.batch_id()
    files = [pictures.variant(pictures.sample("tabby.jpg"), number) for number in range(6)]
    keys = [put(stack, data, batch) for data in files]
    dead = set()
    for _ in range(3):
        alive = wait_for(lambda: set(children(stack.process.pid)) - dead, "a new process", stack)
        for pid in alive:
            os.kill(pid, signal.SIGKILL)
        dead |= alive
    wait_until_idle(stack)
    # Every death may have hit the same event: then it is a dead letter, and can be put back.
    if page(stack, "dead-letters"):
        page(stack, "redrive", "POST")
        wait_until_idle(stack)
    assert page(stack, "dead-letters") == []
    for data, key in zip(files, keys):
        assert record(stack, data, batch)["op_status"] == "success"
        assert where(stack, key) == ["DEST"]


def upload_until_killed(stack, files, batch, kill_after):
    """Upload four at a time; SIGKILL at the answer number kill_after. What was acknowledged: {number: key}."""
    bucket = stack.env["S3BUCKET_SOURCE"]
    s3 = stack.client("s3", config=botocore.config.Config(retries={"max_attempts": 0}, max_pool_connections=4))
    acknowledged = {}
    lock = threading.Lock()

    def upload(number):
        key = pictures.key_of(files[number], batch)
        try:
            s3.put_object(Bucket=bucket, Key=key, Body=files[number])
        except botocore.exceptions.BotoCoreError:
            return  # the server was killed: nothing was promised
        with lock:
            acknowledged[number] = key
            if len(acknowledged) == kill_after:
                stack.process.kill()

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(upload, range(len(files))))
    return acknowledged


def events_left(folder):
    with contextlib.closing(sqlite3.connect(folder / "icecat-local.sqlite")) as database:
        return database.execute("SELECT count(*) FROM trigger_event").fetchone()[0]


def test_kill_loses_nothing_that_was_acknowledged(start_stack, tmp_path):
    folder = tmp_path / "killed"
    stack = start_stack(data=folder)
    batch = pictures.batch_id()
    files = [pictures.variant(pictures.sample("tabby.jpg"), number) for number in range(30)]
    functions = wait_for(lambda: len(children(stack.process.pid)) == 2 and children(stack.process.pid),
                         "two processes", stack)
    acknowledged = upload_until_killed(stack, files, batch, kill_after=12)
    assert stack.stop() == -signal.SIGKILL
    assert 12 <= len(acknowledged) < len(files)
    assert events_left(folder) > 0, "the kill was to come before all work was done"
    wait_for(lambda: not any(is_running(pid) for pid in functions), "the end of the function's processes", stack)

    again = start_stack(data=folder)
    wait_until_idle(again)
    for number, key in acknowledged.items():
        found = record(again, files[number], batch)
        assert (found["op_status"], found["rek_iscat"]) == ("success", "True")
    s3 = again.client("s3")
    assert set(acknowledged.values()) <= pictures.keys_in(s3, again.env["S3BUCKET_DEST"])
    assert pictures.keys_in(s3, again.env["S3BUCKET_SOURCE"]) == set()
    assert page(again, "dead-letters") == []


def test_stop_ends_the_function_too(start_stack):
    stack = start_stack()
    wait_for(lambda: len(children(stack.process.pid)) == 2, "two processes", stack)
    functions = children(stack.process.pid)
    assert stack.stop(signal.SIGTERM) == 0
    assert not any(is_running(pid) for pid in functions)
