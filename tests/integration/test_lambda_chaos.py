"""Whatever is killed, repeated or mixed up: one final record, and the object in one bucket."""
import concurrent.futures
import contextlib
import http.client
import http.server
import json
import os
import pathlib
import random
import signal
import threading
import time
import urllib.parse
import urllib.request

import pictures
import pytest
from lambda_program import Function, program, put_event
from runtime_api import RuntimeApi

SEED = int(os.environ.get("ICECAT_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 32)
FUNCTIONS = 8
DELIVERIES = 10
IMAGES = 8
STEPS = 6  # requests of one undisturbed image


class Wire:
    """What is between a function and AWS: every request passes here, and `cut` says where one is killed."""

    def __init__(self, upstream, cut):
        self.upstream = urllib.parse.urlsplit(upstream)
        self.cut = cut  # called with the number of the request; None, "before" or "after"
        self.kill = lambda: None
        self.count = 0
        self.operations = []
        wire = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *arguments):
                pass

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def relay(self):
                wire.relay(self)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = relay

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def relay(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.count += 1
        target = handler.headers.get("X-Amz-Target", handler.command)
        self.operations.append(target.rsplit(".", 1)[-1])
        cut = self.cut(self.count)
        if cut == "before":
            self._end(handler)
            return
        status, headers, answer = self._ask(handler, body)
        if cut == "after":
            self._end(handler)
            return
        handler.send_response_only(status)
        for name, value in headers:
            if name.lower() != "transfer-encoding":
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer)

    def _ask(self, handler, body):
        upstream = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port, timeout=30)
        upstream.putrequest(handler.command, handler.path, skip_host=True, skip_accept_encoding=True)
        for name, value in handler.headers.items():
            upstream.putheader(name, value)
        upstream.endheaders(body)
        response = upstream.getresponse()
        answer = response.status, response.getheaders(), response.read()
        upstream.close()
        return answer

    def _end(self, handler):
        self.kill()
        handler.close_connection = True

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Worker:
    """One sandbox: a Runtime API, the function's process, and the wire; a killed process is replaced."""

    def __init__(self, local, folder, cut):
        self.api = RuntimeApi()
        self.wire = Wire(local.url, cut)
        self.wire.kill = self.kill
        self.deaths = 0
        self.log = folder
        self.changes = {
            "s3bucketSource": local.env["S3BUCKET_SOURCE"], "s3bucketDest": local.env["S3BUCKET_DEST"],
            "s3bucketFail": local.env["S3BUCKET_FAIL"], "dynamoDBTableName": local.env["DYNAMODB_TABLE_NAME"],
            "AWS_ACCESS_KEY_ID": local.env["AWS_ACCESS_KEY_ID"], "AWS_REGION": local.env["AWS_REGION"],
            "AWS_SECRET_ACCESS_KEY": local.env["AWS_SECRET_ACCESS_KEY"], "AWS_ENDPOINT_URL": self.wire.url}
        self.function = None
        self.start()

    def start(self):
        self.function = Function(self.log, self.api.address, **self.changes)

    def kill(self):
        """SIGKILL, and a new process that gets the same event."""
        self.deaths += 1
        self.function.end()
        self.start()

    def deliver(self, event):
        self.api.invoke(event)
        return self.api.answer()

    def close(self):
        self.api.close()
        self.function.end()
        self.wire.close()


@pytest.fixture
def worker(local, tmp_path):
    """worker(cut) starts one more."""
    started = []

    def start(cut=lambda number: None):
        started.append(Worker(local, tmp_path / f"worker-{len(started)}.log", cut))
        return started[-1]

    yield start
    for each in started:
        each.close()


def upload(local, data, batch):
    key = pictures.key_of(data, batch)
    local.client("s3").put_object(Bucket=local.env["S3BUCKET_SOURCE"], Key=key, Body=data)
    return key


def assert_settled(local, data, batch, key):
    """One record, final, that names the one bucket where the object is."""
    good = data[:2] == b"\xff\xd8"
    record = pictures.record_of(local.client("dynamodb"), local.env["DYNAMODB_TABLE_NAME"], data, batch)
    bucket = local.env["S3BUCKET_DEST" if good else "S3BUCKET_FAIL"]
    assert record is not None, f"seed {SEED}"
    found = record["op_status"], record["s3img_key"], record.get("rek_iscat")
    assert found == ("success" if good else "fail", f"{bucket}/{key}", "True" if good else None), f"seed {SEED}"
    s3 = local.client("s3")
    places = [name for name in ("SOURCE", "DEST", "FAIL") if key in pictures.keys_in(s3, local.env[f"S3BUCKET_{name}"])]
    assert places == ["DEST" if good else "FAIL"], f"seed {SEED}"


@pytest.mark.parametrize("good", [True, False], ids=["picture", "text"])
def test_killed_at_every_step(local, worker, good):
    """Before a request has its effect, and after it but before the answer."""
    plan = {}
    one = worker(lambda number: plan.get(number))
    batch = pictures.batch_id()
    number = 0
    for step in range(1, (STEPS if good else STEPS - 1) + 1):
        for when in ("before", "after"):
            number += 1
            data = pictures.variant(pictures.sample("tabby.jpg"), number) if good else b"no picture %d" % number
            key = upload(local, data, batch)
            plan[one.wire.count + step] = when
            deaths = one.deaths
            assert one.deliver(put_event(local.env["S3BUCKET_SOURCE"], key))[0] == "response", (step, when)
            assert one.deaths == deaths + 1, (step, when)
            assert_settled(local, data, batch, key)


def test_one_image_asks_six_requests(local, worker):
    """The steps that the test above counts."""
    one = worker()
    data = pictures.variant(pictures.sample("tabby.jpg"), 1000)
    batch = pictures.batch_id()
    one.deliver(put_event(local.env["S3BUCKET_SOURCE"], upload(local, data, batch)))
    assert one.wire.operations == ["GET", "PutItem", "DetectLabels", "PUT", "UpdateItem", "DELETE"]


def events_of(local, key):
    """Ten deliveries, and removals that are old or our own: none of them may cost the record."""
    source, dest, fail = (local.env[f"S3BUCKET_{name}"] for name in ("SOURCE", "DEST", "FAIL"))
    return [put_event(source, key)] * DELIVERIES + [
        put_event(source, key, "ObjectRemoved:Delete"), put_event(dest, key, "ObjectCreated:Copy"),
        put_event(dest, key, "ObjectRemoved:Delete"), put_event(fail, key, "ObjectRemoved:Delete")]


def test_random_deaths_and_deliveries(local, worker):
    """Eight functions at once, each event ten times, in any order; processes die, AWS throttles."""
    print(f"seed {SEED}; repeat with ICECAT_SEED={SEED}")
    chance = random.Random(SEED)
    lock = threading.Lock()

    def cut(number):
        with lock:
            return chance.choice(["before", "after"]) if chance.random() < 0.05 else None

    batch = pictures.batch_id()
    files = [pictures.variant(pictures.sample("tabby.jpg"), number) for number in range(IMAGES - 2)]
    files += [b"no picture", b"<html>neither"]
    keys = [upload(local, data, batch) for data in files]
    deliveries = [event for key in keys for event in events_of(local, key)]
    chance.shuffle(deliveries)
    workers = [worker(cut) for _ in range(FUNCTIONS)]

    def work(number):
        for event in deliveries[number::FUNCTIONS]:
            workers[number].deliver(event)

    with concurrent.futures.ThreadPoolExecutor(FUNCTIONS) as pool:
        list(pool.map(work, range(FUNCTIONS)))
    assert sum(each.deaths for each in workers) > 0, f"seed {SEED}"
    # What failed is delivered again, as the queue would.
    last = worker()
    for key in keys:
        assert last.deliver(put_event(local.env["S3BUCKET_SOURCE"], key))[0] == "response", f"seed {SEED}"
    for data, key in zip(files, keys):
        assert_settled(local, data, batch, key)
    table = local.client("dynamodb").query(
        TableName=local.env["DYNAMODB_TABLE_NAME"], KeyConditionExpression="batch_id = :b",
        ExpressionAttributeValues={":b": {"N": str(batch)}})
    assert table["Count"] == len(files), f"seed {SEED}"


# ---- the whole chain


def children(pid):
    return [int(word) for word in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def status(stack):
    with urllib.request.urlopen(f"{stack.url}/_icecat/status", timeout=10) as answer:
        return json.load(answer)


def wait_until_idle(stack):
    end = time.monotonic() + 50
    while status(stack)["backlog"] != 0:
        assert time.monotonic() < end, f"seed {SEED}\n{stack.log_text()[-4000:]}"
        time.sleep(0.05)


def kill_some(stack, chance):
    """SIGKILL processes of the function, one at a time, while there is work."""
    killed = 0
    while killed < 6 and status(stack)["backlog"] != 0:
        alive = children(stack.process.pid)
        if alive:
            with contextlib.suppress(ProcessLookupError):
                os.kill(chance.choice(alive), signal.SIGKILL)
                killed += 1
        time.sleep(chance.uniform(0.02, 0.2))


def test_the_chain_with_duplicates_disorder_and_deaths(start_local):
    """icecat-local's own queue: events twice and last first, eight functions, some of them killed, AWS in trouble."""
    print(f"seed {SEED}; repeat with ICECAT_SEED={SEED}")
    chance = random.Random(SEED)
    faults = ["events:duplicate:10", "events:reorder:10", "rekognition:throttle:3", "dynamodb:unavailable:2", "s3:slow:3:80"]
    stack = start_local("--bootstrap", program(), "--workers", FUNCTIONS, *[word for fault in faults for word in ("--fault", fault)])
    batch = pictures.batch_id()
    files = [pictures.variant(pictures.sample("tabby.jpg"), number) for number in range(12)] + [b"no picture", b"<html>"]
    keys = [upload(stack, data, batch) for data in files]
    kill_some(stack, chance)
    wait_until_idle(stack)
    # An event whose every attempt was killed is a dead letter, and can be put back.
    urllib.request.urlopen(urllib.request.Request(f"{stack.url}/_icecat/redrive", method="POST"), timeout=10).close()
    wait_until_idle(stack)
    assert status(stack)["deadLetters"] == 0, f"seed {SEED}"
    for data, key in zip(files, keys):
        assert_settled(stack, data, batch, key)
