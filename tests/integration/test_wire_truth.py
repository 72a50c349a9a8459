"""A submission whose connections end after every so many bytes: what was acknowledged is there, and there once.

The command speaks with icecat-local and its function through a proxy that ends each third connection at another place,
in a request or in an answer. ICECAT_LONG=1: at every place.
"""
import json
import os
import subprocess
import time

import pytest
from conftest import Local, binary
from fault_server import CuttingProxy
from icecat_command import environment, program
from pictures import keys_in
from small_pictures import small_pictures

COUNT = 60
REQUEST, ANSWER = 1800, 500  # about the bytes of a put and of its answer
STEP = 1 if os.environ.get("ICECAT_LONG") else 23
PARTIAL = 3


def cuts(begin):
    """After how many bytes the connections end: by turns in a request, in an answer, and never."""
    def cut_of(number):
        place = begin + number // 3 * STEP
        return ((place % REQUEST or 1, None), (None, place % ANSWER or 1), (None, None))[number % 3]
    return cut_of


def start(tmp_path_factory, *options):
    """icecat-local with its function."""
    function = binary().parents[1] / "lambda/bootstrap"
    if not function.is_file():
        pytest.skip(f"{function} is not built")
    return Local(tmp_path_factory.mktemp("truth") / "data", "--bootstrap", function, *options).start()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    running = start(tmp_path_factory)
    yield running
    assert running.stop() == 0


class Batch:
    def __init__(self, folder, server, number):
        self.folder, self.server = folder, server
        self.id = 1744377772000000 + number
        self.file = folder / f"logs/wire_batch-{self.id}.json"

    def icecat(self, *arguments, expected=(0,), **changes):
        env = environment(self.folder, {**self.server.env, "ICECAT_CLIENT_ID": "wire", **changes})
        done = subprocess.run([program(), *map(str, arguments)], cwd=self.folder, env=env, capture_output=True, timeout=120)
        assert done.returncode in expected, done.stderr.decode()
        return done

    def keys(self):
        """The keys of this batch, in all three buckets; one that is there twice is counted twice."""
        s3 = self.server.client("s3")
        return sorted(key for bucket in ("SOURCE", "DEST", "FAIL")
                      for key in keys_in(s3, self.server.env[f"S3BUCKET_{bucket}"]) if f"/batch-{self.id}/" in key)

    def items(self):
        """(fingerprint, state) of each record of the table."""
        answer = self.server.client("dynamodb").query(
            TableName=self.server.env["DYNAMODB_TABLE_NAME"], KeyConditionExpression="batch_id = :b",
            ExpressionAttributeValues={":b": {"N": str(self.id)}})
        return sorted((item["img_fprint"]["S"], item["op_status"]["S"]) for item in answer["Items"])


def check_all_there_once(batch, fingerprints, may_have_more=False):
    """One judged record and one object of each; more only where a put was made whose answer was lost."""
    batch.icecat("wait", "-b", batch.file, "-q", "--wait-timeout", 60)
    deadline = time.monotonic() + 30
    while True:  # an object is moved after its verdict is written
        items, keys = dict(batch.items()), [key.split("/")[0] for key in batch.keys()]
        if set(items) == set(keys) and set(items.values()) == {"success"} and len(keys) == len(items):
            break
        assert time.monotonic() < deadline, (items, keys)
        time.sleep(0.1)
    assert set(fingerprints) <= set(items) and len(set(fingerprints)) == len(fingerprints)
    assert may_have_more or len(items) == len(fingerprints)


def port_of(server):
    return int(server.url.rpartition(":")[2])


def prints_of(records):
    return sorted(record["img_fprint"] for record in records)


@pytest.mark.parametrize("begin", range(0, REQUEST, 120) if STEP == 1 else (0, 700))
def test_retries_lose_nothing_and_send_nothing_twice(tmp_path, server, begin):
    small_pictures(tmp_path / "pets", COUNT, equal_every=0)
    batch = Batch(tmp_path, server, begin)
    with CuttingProxy(port_of(server), cuts(begin)) as proxy:
        batch.icecat("submit", "pets", "--batchid", batch.id, "-q", AWS_ENDPOINT_URL=proxy.url, AWS_MAX_ATTEMPTS="20")
        assert proxy.cuts >= 10
    records = json.loads(batch.file.read_text())
    assert len(records) == COUNT
    check_all_there_once(batch, prints_of(records))


def test_answers_that_are_lost_or_cut_make_nothing_twice(tmp_path, tmp_path_factory):
    """The faults of icecat-local do the work and then say so, badly; the command and the function meet them alike."""
    faults = ("s3:lost:10%", "s3:cut:10%", "dynamodb:lost:10%", "dynamodb:cut:10%", "rekognition:cut:20%")
    server = start(tmp_path_factory, *(word for fault in faults for word in ("--fault", fault)))
    small_pictures(tmp_path / "pets", COUNT, equal_every=0)
    batch = Batch(tmp_path, server, 3)
    batch.icecat("submit", "pets", "--batchid", batch.id, "-q", AWS_MAX_ATTEMPTS="20")
    check_all_there_once(batch, prints_of(json.loads(batch.file.read_text())))
    assert server.stop() == 0


def test_a_page_for_signing_in_is_no_upload(tmp_path, start_local):
    small_pictures(tmp_path / "pets", 3, equal_every=0)
    server = start_local("--fault", "s3:page:1")
    batch = Batch(tmp_path, server, 4)
    done = batch.icecat("submit", "pets", "--batchid", batch.id, "-o", "json", expected=(PARTIAL,))
    said = json.loads(done.stdout)
    assert (said["counts"]["uploaded"], said["counts"]["failed"]) == (2, 1)
    assert len(batch.keys()) == 2


def test_what_failed_is_told_and_what_was_acknowledged_is_there(tmp_path, server):
    """Without retries. A put whose answer was lost is told as failed, and is sent again when all are submitted again; what was
    acknowledged is not."""
    small_pictures(tmp_path / "pets", COUNT, equal_every=0)
    batch, again = Batch(tmp_path, server, 1), Batch(tmp_path, server, 2)
    with CuttingProxy(port_of(server), cuts(300)) as proxy:
        done = batch.icecat("submit", "pets", "--batchid", batch.id, "-o", "json", expected=(PARTIAL,),
                            AWS_ENDPOINT_URL=proxy.url, AWS_MAX_ATTEMPTS="1")
        assert proxy.cuts >= 5
    said = json.loads(done.stdout)
    acknowledged = prints_of(json.loads(batch.file.read_text()))
    assert 0 < len(acknowledged) < COUNT
    assert said["counts"]["failed"] == COUNT - len(acknowledged)
    check_all_there_once(batch, acknowledged, may_have_more=True)
    batch.icecat("submit", "pets", "--batchid", again.id, "--known", batch.file, "-q")
    rest = prints_of(json.loads(again.file.read_text()))
    assert sorted(acknowledged + rest) == sorted({*acknowledged, *rest}) and len(acknowledged + rest) == COUNT
    check_all_there_once(again, rest)
