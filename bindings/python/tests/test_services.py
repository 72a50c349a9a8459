"""The whole way through icecat-local: pictures, verdicts, objects, items, errors, threads and memory."""
import concurrent.futures
import datetime
import hashlib
import logging
import os
import pathlib
import time
import urllib.request

import icecat
import pictures
import pytest

CATS = {}
for _line in (pictures.SAMPLES / "expected.tsv").read_text().splitlines():
    if not _line.startswith("#"):
        _name, _, _verdict, _ = _line.split("\t")
        CATS[_name] = {"cat": True, "none": False, "refused": None}[_verdict]
JUDGED = {name: verdict for name, verdict in CATS.items() if verdict is not None}


@pytest.fixture
def client(stack, settings):
    with icecat.Client(**settings(stack)) as made:
        yield made


def test_the_samples_get_their_verdicts(client):
    counts, looks, told = [], [], []
    report = client.submit_many((pictures.SAMPLES / name for name in CATS), progress=counts.append,
                                on_settled=told.append)
    assert [each.file_name for each in report if each.action == "rejected"] and list(report) == told
    assert {each.file_name for each in report if each.action == "submitted"} == set(JUDGED)
    assert report.counts.total == len(CATS) and report.counts.submitted == len(JUDGED) and counts[-1] == report.counts
    with pytest.raises(icecat.ValidationError):
        report.raise_for_failures()
    found = {each.file_name: each for each in
             client.wait(report, timeout=90, progress=lambda done, total: looks.append((done, total)))}
    assert {name: each.is_cat for name, each in found.items()} == JUDGED
    assert looks[-1] == (len(JUDGED), len(JUDGED))
    tabby = found["tabby.jpg"]
    assert tabby.state == "success" and tabby.confidence > 50 and tabby.judged_at >= tabby.uploaded_at
    assert "Cat" in [label.name for label in tabby.labels] and tabby.client_id == "tester"
    assert client.result(report, tabby.fingerprint[:10]).file_name == "tabby.jpg"
    assert {each.fingerprint for each in client.results(f"batch-{report.batch_id}")} == set(report.fingerprints)


def test_results_are_found_by_what_is_known_of_them(client):
    report = client.submit_many([pictures.SAMPLES / "siamese.png", pictures.SAMPLES / "teapot.png"])
    list(client.wait(report, timeout=60))

    def names(**wanted):
        return {each.file_name for each in client.search(**wanted) if each.batch_id == report.batch_id}

    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.timezone.utc)
    assert names(batch=report) == {"siamese.png", "teapot.png"} == names(client_id="tester", since=now - day)
    assert names(batch=report, is_cat=True) == {"siamese.png"} and names(is_cat=False) == {"teapot.png"}
    assert names(batch=report, state="pending") == set() == names(client_id="tester", until=now - day)
    assert len(list(client.search(batch=report, max_results=1))) == 1
    for wrong in ({}, {"batch": report, "state": "x"}, {"batch": report, "since": datetime.datetime(2020, 1, 1)}):
        with pytest.raises(icecat.ArgumentError):
            client.search(**wrong)


def test_one_picture_from_memory(client):
    data = pictures.variant(pictures.sample("dog.jpg"), 1)
    sent = client.submit(memoryview(data), file_name="Hündchen.jpg")
    assert sent.fingerprint == hashlib.sha256(data).hexdigest() and sent.key.startswith(sent.fingerprint)
    result, = client.wait(sent, timeout=60)
    assert result.is_cat is False and result.file_name == "Hündchen.jpg"
    assert client.result(sent).is_cat is False
    with open(pictures.SAMPLES / "owl.png", "rb") as file:
        assert client.submit(file, batch=sent).file_name == "owl.png"


def test_what_is_no_image_is_not_sent(client):
    with pytest.raises(icecat.ValidationError):
        client.submit(b"no image")
    with pytest.raises(FileNotFoundError):
        client.submit("/nowhere.jpg")
    with pytest.raises(icecat.ValidationError) as caught:
        client.submit_many([pictures.SAMPLES / "notes.png"])
    assert caught.value.report.counts.rejected == 1 and not caught.value.report.fingerprints


def test_known_pictures_are_not_sent_and_not_waited_for(client):
    report = client.submit_many([pictures.SAMPLES / "dog.jpg"], is_known=lambda fingerprint: len(fingerprint) == 64)
    assert report.counts.known == 1 and report.counts.submitted == 0
    assert not list(client.wait(report, timeout=5)) and not list(client.results(report))
    assert not list(client.results(report.batch_id, fingerprints=[]))


@pytest.mark.parametrize("paths, told", [(list, 3), (iter, 3), (tuple, 3)])
def test_paths_before_a_wrong_one_are_sent(client, paths, told):
    good = [pictures.SAMPLES / name for name in ("dog.jpg", "owl.png", "tabby.jpg")]
    seen = []
    with pytest.raises(TypeError, match="paths"):
        client.submit_many(paths([*good, b"bytes", good[0]]), on_settled=seen.append)
    assert len(seen) <= told
    for wrong in (good[0], str(good[0]), b"x"):
        with pytest.raises(TypeError, match="iterable"):
            client.submit_many(wrong)


def test_a_slow_iterable_is_not_waited_for(client, tmp_path):
    """What was given is sent while the next path is still being made."""
    settled = []

    def slowly():
        for number in range(3):
            path = tmp_path / f"{number}.jpg"
            path.write_bytes(pictures.variant(pictures.sample("dog.jpg"), 900 + number))
            yield path
            time.sleep(0.05)

    report = client.submit_many(slowly(), on_settled=settled.append)
    assert report.counts.submitted == 3 and [each.index for each in sorted(settled, key=lambda s: s.index)] == [0, 1, 2]


def test_names_that_are_no_text(client, tmp_path):
    """A Latin-1 name of a file: paths come back as they went, and the record has the name as far as text can."""
    path = os.path.join(os.fsencode(tmp_path), b"k\xe4tzchen.jpg")
    with open(path, "wb") as file:
        file.write(pictures.variant(pictures.sample("tabby.jpg"), 77))
    name = os.fsdecode(path)
    assert icecat.validate(name).ok and icecat.validate(pathlib.Path(name)).ok
    sent, = client.submit_many([name])
    assert sent.path == name and sent.file_name == os.path.basename(name) and os.path.exists(sent.path)
    assert client.submit(name).path == name
    assert next(client.wait(sent, timeout=60)).is_cat
    with pytest.raises(icecat.ArgumentError, match="zero"):
        icecat.validate("a\0b")
    with pytest.raises(icecat.ArgumentError, match="zero"):
        client.submit_many(["a\0b"])


def test_what_the_function_does_can_be_done_here(local, settings):
    """Without a function: process() judges and moves, forget() removes the record of an object that is gone."""
    with icecat.Client(**settings(local), bucket_dest=local.env["S3BUCKET_DEST"],
                       bucket_fail=local.env["S3BUCKET_FAIL"]) as client:
        cat = client.submit(pictures.SAMPLES / "tabby.jpg")
        done = client.process(local.env["S3BUCKET_SOURCE"], cat.key)
        assert done.action == "judged" and done.is_cat and done.confidence > 50 and done.label_count >= 1
        assert (done.batch_id, done.fingerprint, done.fail_code) == (cat.batch_id, cat.fingerprint, "")
        assert client.process(local.env["S3BUCKET_SOURCE"], cat.key).action == "judged-before"
        found = client.result(cat)
        assert found.is_cat and found.object == f"{local.env['S3BUCKET_DEST']}/{cat.key}"
        bad = client.submit(b"no picture", file_name="x.jpg", validate=False)
        refused = client.process(local.env["S3BUCKET_SOURCE"], bad.key)
        assert refused.action == "refused" and refused.fail_code and client.result(bad).state == "fail"
        client.put_object(local.env["S3BUCKET_SOURCE"], "foreign/key", b"x")
        with pytest.raises(icecat.ObjectKeyError):
            client.process(local.env["S3BUCKET_SOURCE"], "foreign/key")
        with pytest.raises(icecat.ConfigError):
            client.process("another", cat.key)
        assert not client.forget(local.env["S3BUCKET_DEST"], cat.key)
        client.delete_object(local.env["S3BUCKET_DEST"], cat.key)
        assert client.forget(local.env["S3BUCKET_DEST"], cat.key)
        with pytest.raises(icecat.NotFoundError):
            client.result(cat)


def test_rekognition_answers_directly(client):
    found = client.detect_labels(pictures.SAMPLES / "tabby.jpg")
    assert found.is_cat and found.confidence > 50 and '"Labels"' in found.response
    cat = next(label for label in found.labels if label.name == "Cat")
    assert cat.boxes and 0 <= cat.boxes[0].left < 1
    assert not client.detect_labels(pictures.SAMPLES / "tabby.jpg", label="Zebra").is_cat
    with pytest.raises(icecat.ValidationError) as caught:
        client.detect_labels(b"x" * 200)
    assert caught.value.aws_code == "InvalidImageFormatException" and caught.value.http_status == 400


def test_objects(client, stack):
    bucket = stack.env["S3BUCKET_DEST"]
    put = client.put_object(bucket, "a b/ü", b"0123456789", content_type="text/plain", metadata={"who": "me"})
    got = client.get_object(bucket, "a b/ü")
    assert (got.data, got.size, got.etag, got.content_type, got.metadata("who"), got.header("x-none")) == (
        b"0123456789", 10, put.etag, "text/plain", "me", None)
    assert got.headers["content-type"] == "text/plain" and got.headers["x-amz-meta-who"] == "me"
    assert client.get_object(bucket, "a b/ü", start=2, length=3).data == b"234"
    with pytest.raises(icecat.PreconditionError):
        client.put_object(bucket, "a b/ü", b"", if_none_match=True)
    client.copy_object(bucket, "a b/ü", bucket, "copy")
    assert client.head_object(bucket, "copy").metadata("who") == "me"
    client.copy_object(bucket, "a b/ü", bucket, "bare", metadata={})
    assert client.head_object(bucket, "bare").metadata("who") is None
    assert client.head_object(bucket, "copy").size == 10 and client.head_object(bucket, "copy").data == b""
    with urllib.request.urlopen(str(client.presign_get(bucket, "copy", expires=60))) as answer:
        assert answer.read() == b"0123456789"
    url = client.presign_put(bucket, "put", content_type="text/x")
    urllib.request.urlopen(urllib.request.Request(url.url, b"new", {"Content-Type": "text/x"}, method="PUT")).close()
    assert client.get_object(bucket, "put").data == b"new" and abs(url.expires_at.timestamp() - time.time() - 900) < 60
    client.delete_object(bucket, "copy")
    with pytest.raises(icecat.NotFoundError) as caught:
        client.get_object(bucket, "copy")
    assert caught.value.aws_code == "NoSuchKey" and caught.value.http_status == 404 and caught.value.request_id
    with pytest.raises(icecat.ArgumentError, match="604800"):
        client.presign_get(bucket, "x", expires=604801)


def test_items(client, stack):
    table, key = stack.env["DYNAMODB_TABLE_NAME"], {"batch_id": icecat.new_batch_id(), "img_fprint": "f" * 64}
    client.put_item(table, {**key, "n": 1, "yes": True})
    assert client.get_item(table, key, consistent=True) == {**key, "n": 1, "yes": True}
    with pytest.raises(icecat.PreconditionError) as caught:
        client.put_item(table, {**key, "n": 2}, condition="attribute_not_exists(batch_id)")
    assert caught.value.item["n"] == 1 and caught.value.aws_code == "ConditionalCheckFailedException"
    assert client.update_item(table, key, "SET #n = :n", names={"#n": "n"}, values={":n": 3})["n"] == 3
    assert [each["n"] for each in client.query(table, "batch_id = :b", values={":b": key["batch_id"]})] == [3]
    assert [each["n"] for each in client.batch_get(table, [key, {**key, "img_fprint": "none"}])] == [3]
    client.delete_item(table, key)
    assert client.get_item(table, key) is None
    with pytest.raises(icecat.NotFoundError):
        client.get_item("no-such-table", key)


def test_settings_from_ssm(stack, settings):
    with icecat.Client.from_ssm(**{name: value for name, value in settings(stack).items()
                                   if name not in ("bucket", "table")}) as client:
        sent = client.submit(pictures.SAMPLES / "dog.jpg")
        assert next(client.wait(sent, timeout=60)).is_cat is False
    with pytest.raises(icecat.ConfigError, match="/none/"):
        icecat.Client.from_ssm("none", **settings(stack))


def test_errors_name_their_cause(stack, settings):
    with icecat.Client(**{**settings(stack), "secret_access_key": "wrong"}) as client:
        with pytest.raises(icecat.AuthError) as caught:
            client.get_object(stack.env["S3BUCKET_SOURCE"], "x")
    assert caught.value.aws_code == "SignatureDoesNotMatch"
    assert isinstance(caught.value, icecat.CredentialsError) and not caught.value.retryable
    with icecat.Client(**{**settings(stack), "endpoint_url": "http://127.0.0.1:1", "max_attempts": 1}) as client:
        with pytest.raises(icecat.NetworkError) as caught:
            client.get_object("bucket", "key")
    assert isinstance(caught.value, OSError) and caught.value.retryable and caught.value.curl_code
    with icecat.Client(**{**settings(stack), "bucket": None}) as client:
        with pytest.raises(icecat.ConfigError, match="bucket"):
            client.submit(pictures.SAMPLES / "dog.jpg")


def test_a_wait_that_runs_out_of_time_has_what_there_is(client):
    with pytest.raises(icecat.NotReadyError) as caught:
        client.wait(icecat.new_batch_id(), fingerprints=["a" * 64], timeout=0.3)
    assert [each.state for each in caught.value.results] == ["missing"] and caught.value.retryable


def raises(error):
    def function(*_):
        raise error

    return function


@pytest.mark.parametrize("thread", [False, True])
def test_exceptions_of_callbacks_are_carried_through(client, thread):
    def every_way():
        paths = [pictures.SAMPLES / "dog.jpg"]
        for wrong in ({"progress": raises(KeyError("mine"))}, {"on_settled": raises(KeyError("mine"))},
                      {"is_known": raises(KeyError("mine"))}):
            with pytest.raises(KeyError, match="mine"):
                client.submit_many(paths, **wrong)
        with pytest.raises(KeyError, match="mine"):
            client.submit_many(map(raises(KeyError("mine")), paths))
        with pytest.raises(TypeError, match="paths"):
            client.submit_many([b"bytes"])
        with pytest.raises(KeyError, match="mine"):
            client.wait(icecat.new_batch_id(), fingerprints=["a" * 64], progress=raises(KeyError("mine")))

    if thread:
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            pool.submit(every_way).result(60)
    else:
        every_way()


def test_a_token_ends_a_call(client):
    token = icecat.Cancel()
    started = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.wait, icecat.new_batch_id(), fingerprints=["a" * 64], cancel=token)
        time.sleep(0.3)
        token.fire()
        with pytest.raises(icecat.CancelledError):
            waiting.result(10)
    assert time.monotonic() - started < 5 and token.is_fired


def test_a_call_that_stops_leaves_the_token_of_others_alone(client):
    token = icecat.Cancel()
    with pytest.raises(KeyError):
        client.submit_many([pictures.SAMPLES / "dog.jpg"], progress=raises(KeyError("mine")), cancel=token)
    assert not token.is_fired
    assert client.head_object("icecat-dest", client.put_object("icecat-dest", "t", b"x", cancel=token) and "t",
                              cancel=token).size == 1
    token.fire()
    with pytest.raises(icecat.CancelledError):
        client.head_object("icecat-dest", "t", cancel=token)


def test_threads_share_a_client(client, tmp_path):
    data = pictures.sample("dog.jpg")
    batch = icecat.new_batch_id()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda n: client.submit(pictures.variant(data, 100 + n), batch=batch), range(40)))
    assert len({each.fingerprint for each in sent}) == 40
    found = list(client.wait(batch, fingerprints=[each.fingerprint for each in sent], timeout=90))
    assert [each.fingerprint for each in found] == [each.fingerprint for each in sent]
    assert {each.state for each in found} == {"success"}


def test_closing_does_not_pull_the_client_from_under_a_call(stack, settings):
    client = icecat.Client(**settings(stack))
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.wait, icecat.new_batch_id(), fingerprints=["a" * 64], timeout=1)
        time.sleep(0.2)
        client.close()
        with pytest.raises(icecat.NotReadyError):
            waiting.result(10)


def test_the_log_goes_to_a_logger(stack, settings, caplog):
    caplog.set_level(logging.DEBUG, "cats")
    with icecat.Client(**settings(stack), logger=logging.getLogger("cats"), log_level=logging.DEBUG) as client:
        client.head_object(stack.env["S3BUCKET_DEST"], client.put_object(stack.env["S3BUCKET_DEST"], "l", b"x") and "l")
    assert caplog.records and stack.env["AWS_SECRET_ACCESS_KEY"] not in caplog.text
