"""submit, result, results and wait against icecat-local: batches that go well, and all that does not."""
import base64
import contextlib
import csv
import fcntl
import hashlib
import io
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import struct
import subprocess
import termios
import time

import pytest
from conftest import Local, binary
from icecat_command import CLOSED, KEYS, Command, check, environment, program

SAMPLES = pathlib.Path(__file__).parents[2] / "examples/samples"
EXPECTED = {
    name: (status, verdict)
    for name, status, verdict, _ in csv.reader(
        (line for line in (SAMPLES / "expected.tsv").read_text().splitlines() if not line.startswith("#")),
        delimiter="\t")
}
SOUND = sorted(name for name, (status, _) in EXPECTED.items() if status == "ok")
WORDS = {"cat": "cat", "none": "not cat", "refused": "rejected"}
ORIGINAL_KEYS = ["client_id", "batch_id", "s3bucket_source", "s3_key", "original_file_name", "upload_time",
                 "img_fprint", "epoch_timestamp"]
BATCH = 1744377772


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """icecat-local that runs the function of this build."""
    function = binary().parents[1] / "lambda/bootstrap"
    if not function.is_file():
        pytest.skip(f"{function} is not built")
    running = Local(tmp_path_factory.mktemp("stack") / "data", "--bootstrap", function).start()
    yield running
    assert running.stop() == 0


class Client(Command):
    """icecat with what a server exported; no output may have its secret key."""

    def __init__(self, folder, server):
        super().__init__(folder)
        self.env = {**server.env, "ICECAT_CLIENT_ID": "tester", "AWS_MAX_ATTEMPTS": "2"}

    def __call__(self, *args, stdin=b"", **changes):
        env = {n: v for n, v in {**self.env, **changes}.items() if v is not None}
        result = super().__call__(*map(str, args), stdin=stdin, **env)
        assert self.env["AWS_SECRET_ACCESS_KEY"] not in result.out + result.err
        return result

    def begin(self, *args):
        return self.start(*map(str, args), **self.env)

    def batch_files(self, pattern="*_batch-*[0-9].json"):
        return sorted((self.folder / "logs").glob(pattern))


@pytest.fixture
def icecat(tmp_path, stack):
    return Client(tmp_path, stack)


@pytest.fixture
def lone(tmp_path, local):
    """The same without a function: nothing is ever judged."""
    return Client(tmp_path, local)


@pytest.fixture(scope="module")
def submitted(tmp_path_factory, stack):
    """The samples, submitted once for all tests that only read."""
    client = Client(tmp_path_factory.mktemp("submitted"), stack)
    client.done = client("submit", "--folder", SAMPLES, "--wait", "--wait-timeout", 120)
    client.file, = client.batch_files()
    client.records = json.loads(client.file.read_text())
    client.id = client.records[0]["batch_id"].removeprefix("batch-")
    return client


def rows(text):
    head, *lines = text.splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"))) for line in lines]


def verdicts(text):
    return {pathlib.Path(row["file"]).name: row["verdict"] for row in rows(text)}


def fingerprint(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def folder_of(path, *names):
    path.mkdir()
    for name in names:
        shutil.copy(SAMPLES / name, path)
    return path


def variants(folder, count):
    """Sound images that all differ: what follows the end of a PNG is allowed."""
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}.png").write_bytes((SAMPLES / "owl.png").read_bytes() + b"%d" % number)
    return folder


# ---- a batch that goes well -----------------------------------------------------------------


def test_every_sample_gets_its_verdict(submitted):
    assert submitted.done.code == 3  # three samples are no sound images
    assert verdicts(submitted.done.out) == {name: WORDS[verdict] for name, (_, verdict) in EXPECTED.items()}
    for row in rows(submitted.done.out):
        assert row["fingerprint"] == fingerprint(SAMPLES / pathlib.Path(row["file"]).name)
        assert bool(row["reason"]) == (row["verdict"] == "rejected")
        assert row["labels"].startswith("Cat ") == (row["verdict"] == "cat")


def test_the_batch_file_is_the_original_s(submitted):
    text = submitted.file.read_text()
    records = json.loads(text)
    assert json.dumps(records, indent=4) == text
    check(records, "batch_file")
    assert sorted(record["original_file_name"] for record in records) == SOUND
    for record in records:
        assert list(record)[:8] == ORIGINAL_KEYS
        assert isinstance(record["epoch_timestamp"], int)
        key = record["s3_key"].split("/")
        assert key[:4] == [record["img_fprint"], "tester", record["batch_id"], record["upload_time"]]
        assert key[4] == f"{record['epoch_timestamp']}.{record['original_file_name'][-3:]}"
        assert record["upload_time"] == time.strftime("%Y-%m-%d-%H", time.gmtime(record["epoch_timestamp"]))
    assert submitted.file.name == f"tester_{records[0]['batch_id']}.json"
    assert submitted.file.parent.stat().st_mode & 0o777 == 0o700
    assert not list(submitted.file.parent.glob("*.journal"))


def test_the_results_file_is_the_original_s(submitted):
    items = json.loads(submitted.file.with_name(submitted.file.stem + "-results.json").read_text())
    assert sorted(item["original_file_name"] for item in items) == SOUND
    for item in items:
        assert all(isinstance(value, str) for value in item.values())
        assert item["op_status"] == "success" and "Labels" in json.loads(item["rek_resp"])
        assert item["rek_iscat"] == str(EXPECTED[item["original_file_name"]][1] == "cat")


def test_results_by_file_id_and_latest(submitted, tmp_path):
    by_file = submitted("results", "-b", submitted.file)
    by_id = submitted("results", "--batchid", submitted.id)
    latest = submitted("bulkresults", "--latest", "--sort", "file")
    assert by_file.code == by_id.code == latest.code == 0
    assert verdicts(by_file.out) == verdicts(by_id.out) == verdicts(latest.out)
    assert len(rows(by_file.out)) == len(SOUND)
    elsewhere = submitted("results", "--batchid", submitted.id, "--logs-dir", tmp_path)
    assert verdicts(elsewhere.out) == verdicts(by_id.out)  # the table knows the names too
    assert not list(tmp_path.iterdir())


def test_results_documents_fit_the_schema(submitted):
    document = submitted("results", "-b", submitted.file, "--json").json("results_doc")
    assert document["batch_id"] == int(submitted.id) and len(document["results"]) == len(SOUND)
    assert document["counts"]["cat"] == 7 and document["counts"]["not_cat"] == 6
    *results, summary = submitted("results", "-b", submitted.file, "-o", "ndjson").events()
    assert [event["result"] for event in results] == document["results"]
    assert summary["type"] == "summary" and summary["exit_code"] == 0


def test_only_and_sort(submitted):
    cats = submitted("results", "-b", submitted.file, "--only", "cat", "--sort", "confidence", "--no-write")
    confidences = [float(row["confidence"]) for row in rows(cats.out)]
    assert len(confidences) == 7 and confidences == sorted(confidences, reverse=True)


def test_csv(submitted):
    result = submitted("results", "-b", submitted.file, "-o", "csv", "--no-write")
    table = list(csv.DictReader(io.StringIO(result.out, newline="")))
    assert {row["verdict"] for row in table} == {"cat", "not cat"} and len(table) == len(SOUND)
    assert result.out_bytes.count(b"\r\n") == len(table) + 1


def screen(client, *args, columns=80, **changes):
    """What a terminal of such a width is sent."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = environment(client.folder, {**client.env, "TERM": "xterm", **changes})
    running = subprocess.Popen([program(), *map(str, args)], cwd=client.folder, env=env, stdin=subprocess.DEVNULL,
                               stdout=slave, stderr=slave)
    os.close(slave)
    chunks = []
    with contextlib.suppress(OSError):  # EIO: the other side is closed
        while chunk := os.read(master, 65536):
            chunks.append(chunk)
    os.close(master)
    assert running.wait(60) == 0
    return b"".join(chunks).decode()


def test_a_terminal_gets_a_table_that_fits(submitted):
    args = ["results", "-b", submitted.file, "--no-write"]
    plain = screen(submitted, *args, NO_COLOR="1")
    lines = plain.splitlines()
    assert "\x1b" not in plain and lines[0].split() == ["verdict", "conf", "file", "fingerprint", "labels"]
    assert all(len(line) <= 80 and not line.endswith(" ") for line in lines)
    assert all(record["img_fprint"][:12] in plain for record in submitted.records)
    assert lines[-1].startswith(f" {len(SOUND)} files: 7 cat, 6 not cat   batch {submitted.id}")
    wide = screen(submitted, *args, "--wide", NO_COLOR="1")
    assert all(record["img_fprint"] in wide for record in submitted.records)
    assert "\x1b[32mcat\x1b[0m" in screen(submitted, *args)


def test_a_terminal_gets_a_bar_that_goes_away(icecat):
    sent = screen(icecat, "submit", folder_of(icecat.folder / "pets", "owl.png"), columns=100)
    before, _, after = sent.rpartition("\r\x1b[K")
    assert "uploading 1/1 files" in before and "uploading" not in after


def test_one_result(submitted):
    print_of_tabby = fingerprint(SAMPLES / "tabby.jpg")
    for args in (["-p", print_of_tabby], ["-p", print_of_tabby[:8]], ["--file", SAMPLES / "tabby.jpg"]):
        result = submitted("result", "-b", submitted.id, *args)
        assert result.code == 0
        assert [(row["verdict"], row["fingerprint"], row["file"]) for row in rows(result.out)] == [
            ("cat", print_of_tabby, "tabby.jpg")]  # C10: the file is known
    document = submitted("result", "-b", f"batch-{submitted.id}", "-p", print_of_tabby, "-o", "json")
    assert document.json("results_doc")["results"][0]["s3img_key"].startswith("icecat-dest/")
    gate = submitted("result", "-b", submitted.id, "--file", SAMPLES / "dog.jpg", "--exit-verdict")
    assert gate.code == 11


def test_wait_finds_all_done(submitted):
    result = submitted("wait", "-b", submitted.file, "--no-write")
    assert result.code == 0 and len(rows(result.out)) == len(SOUND)


def test_events_of_a_submission(icecat):
    result = icecat("submit", SAMPLES, "--wait", "-o", "ndjson")
    start, *events, summary = result.events()
    assert result.code == summary["exit_code"] == 3 and result.err == ""
    assert start["files"] == len(EXPECTED) and start["command"] == "submit"
    assert start["bytes"] == sum((SAMPLES / name).stat().st_size for name in EXPECTED)
    items = [event for event in events if event["type"] == "item"]
    assert sorted(item["action"] for item in items) == ["rejected"] * 3 + ["uploaded"] * len(SOUND)
    assert len([event for event in events if event["type"] == "result"]) == len(EXPECTED)
    batch, = icecat.batch_files()
    recorded = [item["record"] for item in items if "record" in item]
    assert sorted(recorded, key=lambda record: record["path"]) == json.loads(batch.read_text())


def test_document_of_a_submission(icecat):
    document = icecat("submit", SAMPLES, "-o", "json").json("submit_doc")
    assert document["counts"] == {"total": 16, "uploaded": 13, "skipped": 0, "rejected": 3, "failed": 0,
                                  "bytes": sum((SAMPLES / name).stat().st_size for name in SOUND)}
    assert document["exit_code"] == 3 and not document["dry_run"]
    assert (icecat.folder / document["batch_file"]).is_file()
    assert {item["img_fprint"] for item in document["items"] if item["action"] == "rejected"} == {
        hashlib.sha256((SAMPLES / name).read_bytes()).hexdigest() for name in set(EXPECTED) - set(SOUND)}


def test_equal_files_are_uploaded_once(icecat):
    """C5: one object, one item, and both names in the batch file and in the results."""
    folder = folder_of(icecat.folder / "pets", "tabby.jpg")
    shutil.copy(folder / "tabby.jpg", folder / "again.jpg")
    result = icecat("submit", folder, "--wait")
    assert result.code == 0
    assert verdicts(result.out) == {"again.jpg": "cat", "tabby.jpg": "cat"}
    first, second = json.loads(icecat.batch_files()[0].read_text())
    assert first["img_fprint"] == second["img_fprint"] and first["s3_key"] == second["s3_key"]
    assert second["duplicate_of"] == first["path"] and second["upload_time"] == first["upload_time"]
    assert second["epoch_timestamp"] == first["epoch_timestamp"]


def test_debug_keeps_the_logs_of_every_image(icecat):
    """C12, C3."""
    folder = folder_of(icecat.folder / "pets", "tabby.jpg", "dog.jpg")
    result = icecat("-d", "bulkanalyse", "-f", folder, "--wait")
    assert result.code == 0
    batch, = icecat.batch_files()
    logs = json.loads(batch.with_name(batch.stem + "-debug-logs.json").read_text())
    assert set(logs) == {fingerprint(folder / "tabby.jpg"), fingerprint(folder / "dog.jpg")}
    assert all(lines and all(isinstance(line, str) for line in lines) for lines in logs.values())
    assert all("-debug." in record["s3_key"] for record in json.loads(batch.read_text()))


def test_compat_keys(lone):
    folder = folder_of(lone.folder / "pets", "owl.png")
    assert lone("submit", folder, "--keys", "compat").code == 0
    assert json.loads(lone.batch_files()[0].read_text())[0]["s3_key"].endswith(".jpg")


def test_one_batch_of_two_submissions(lone):
    """The second keeps what the first recorded."""
    lone("submit", folder_of(lone.folder / "a", "owl.png"), "--batchid", BATCH)
    lone("submit", folder_of(lone.folder / "b", "dog.jpg"), "--batchid", f"batch-{BATCH}")
    batch, = lone.batch_files()
    assert batch.name == f"tester_batch-{BATCH}.json"
    assert [record["original_file_name"] for record in json.loads(batch.read_text())] == ["owl.png", "dog.jpg"]


# ---- which files ----------------------------------------------------------------------------


def test_filters_and_lists(lone):
    folder = folder_of(lone.folder / "pets", "owl.png", "dog.jpg", "notes.png")
    (folder / "cache").mkdir()
    shutil.copy(SAMPLES / "lake.jpg", folder / "cache/lake.JPG")
    (folder / "read me.txt").write_text("no picture")

    def taken(*args, **more):
        out = lone("submit", "-n", "-o", "ndjson", *args, **more).events()
        return [os.path.basename(event["file"]) for event in out if event["type"] == "item"]

    assert taken(folder) == ["lake.JPG", "dog.jpg", "notes.png", "owl.png"]
    assert taken(folder, "--exclude", "cache", "--exclude", "n*") == ["dog.jpg", "owl.png"]
    assert taken(folder, "--include", "cache/**") == ["lake.JPG"]
    assert taken("--files-from", "-", "-0", stdin=b"pets/owl.png\0pets/dog.jpg\0") == ["owl.png", "dog.jpg"]
    assert taken("--files-from", "-", stdin=b"pets/read me.txt\n") == ["read me.txt"]


def test_names_that_are_not_utf8(lone):
    name = b"pets/caf\xe9.png"
    (lone.folder / "pets").mkdir()
    shutil.copy(SAMPLES / "owl.png", lone.folder / os.fsdecode(name))
    item = lone("submit", "pets", "-o", "json").json("submit_doc")["items"][0]
    assert item["file"] == "pets/caf\ufffd.png" and base64.b64decode(item["file_b64"]) == name
    batch, = lone.batch_files()
    assert json.loads(batch.read_text())[0]["original_file_name"] == "caf\udce9.png"
    result = lone("results", "-b", batch, "--allow-pending")
    assert result.code == 0 and b"caf\xe9.png" in result.out_bytes


def test_dry_run_touches_nothing(tmp_path):
    result = Command(tmp_path)("submit", "-n", str(SAMPLES), "-o", "json", **KEYS)
    document = result.json("submit_doc")
    assert result.code == 3 and document["dry_run"] and document["counts"]["uploaded"] == 0
    assert sorted(item["action"] for item in document["items"]) == ["rejected"] * 3 + ["would-upload"] * 13
    assert not list(tmp_path.iterdir())


def test_no_validate_sends_what_it_is_given(lone):
    folder = folder_of(lone.folder / "pets", "notes.png")
    assert lone("submit", folder).code == 9
    assert lone("submit", folder, "--no-validate").code == 0


def test_skip_invalid(lone):
    folder = folder_of(lone.folder / "pets", "notes.png", "owl.png")
    assert lone("submit", folder).code == 3
    assert lone("submit", folder, "--skip-invalid").code == 0
    (folder / "owl.png").unlink()
    assert lone("submit", folder, "--skip-invalid").code == 9  # nothing at all was sound


# ---- states ---------------------------------------------------------------------------------


def item_of(record, **attributes):
    item = {"batch_id": {"N": record["batch_id"].removeprefix("batch-")},
            "img_fprint": {"S": record["img_fprint"]}, "client_id": {"S": record["client_id"]},
            "s3img_key": {"S": f"{record['s3bucket_source']}/{record['s3_key']}"}}
    return {**item, **{name: {"S": value} for name, value in attributes.items()}}


@pytest.fixture
def mixed(lone, local):
    """A batch with an image in every state: the records are as the Python function wrote them."""
    folder = folder_of(lone.folder / "pets", "tabby.jpg", "dog.jpg", "owl.png", "lake.jpg", "house.jpg")
    assert lone("submit", folder).code == 0
    lone.file, = lone.batch_files()
    by_name = {record["original_file_name"]: record for record in json.loads(lone.file.read_text())}
    answer = {"Labels": [{"Name": "Cat", "Confidence": 98.5}, {"Name": "Animal", "Confidence": 97}]}
    items = [
        item_of(by_name["tabby.jpg"], op_status="success", rek_iscat="True", rek_resp=json.dumps(answer, indent=4)),
        item_of(by_name["dog.jpg"], op_status="success", rek_iscat="False"),
        item_of(by_name["owl.png"], op_status="pending"),
        item_of(by_name["lake.jpg"], op_status="fail", fail_code="InvalidImageFormatException", fail_reason="no"),
    ]
    for item in items:
        local.client("dynamodb").put_item(TableName=local.env["DYNAMODB_TABLE_NAME"], Item=item)
    return lone


STATES = {"tabby.jpg": "cat", "dog.jpg": "not cat", "owl.png": "pending", "lake.jpg": "failed",
          "house.jpg": "missing"}


def test_states_are_told_apart(mixed):
    """C11, C10."""
    result = mixed("results", "-b", mixed.file)
    assert result.code == 8 and verdicts(result.out) == STATES
    assert "1 pending, 1 without a record" in result.err and f"-b {mixed.file}" in result.err
    by_name = {pathlib.Path(row["file"]).name: row for row in rows(result.out)}
    assert by_name["tabby.jpg"]["labels"] == "Cat 98.5, Animal 97.0"
    assert by_name["lake.jpg"]["reason"] == "no"
    allowed = mixed("results", "-b", mixed.file, "--allow-pending", "-o", "json")
    document = allowed.json("results_doc")
    assert allowed.code == document["exit_code"] == 3  # one has failed
    counts = {"total": 5, "cat": 1, "not_cat": 1, "pending": 1, "failed": 1, "missing": 1, "rejected": 0}
    assert document["counts"] == counts
    failed, = [each for each in document["results"] if each["status"] == "fail"]
    assert failed["error"]["aws_code"] == "InvalidImageFormatException"
    items = json.loads(mixed.file.with_name(mixed.file.stem + "-results.json").read_text())
    assert len(items) == 4  # what has no record is left out, as the original does


def test_wait_ends_at_its_deadline(mixed):
    begun = time.monotonic()
    result = mixed("wait", "-b", mixed.file, "--wait-timeout", "1")
    assert result.code == 8 and verdicts(result.out) == STATES
    assert 0.4 <= time.monotonic() - begun < 20


def test_one_result_in_each_state(mixed):
    codes = {"tabby.jpg": 0, "owl.png": 8, "lake.jpg": 9, "house.jpg": 6}
    batch = json.loads(mixed.file.read_text())[0]["batch_id"]
    for name, code in codes.items():
        result = mixed("result", "-b", batch, "--file", SAMPLES / name)
        assert result.code == code, (name, result.err)
        assert (result.out == "") == (code == 6)
        assert code != 6 or "has no record" in result.err


def test_results_never_replace_their_batch_file(mixed):
    """C8."""
    for name in ("batch", "batch.json.txt", ".json"):
        copy = mixed.folder / name
        shutil.copy(mixed.file, copy)
        assert mixed("results", "-b", name).code == 8
        assert copy.read_bytes() == mixed.file.read_bytes()
        assert len(json.loads((mixed.folder / f"{name}-results.json").read_text())) == 4


def test_batch_ids_that_are_numbers(mixed):
    """C9."""
    records = json.loads(mixed.file.read_text())
    for record in records:
        record["batch_id"] = int(record["batch_id"].removeprefix("batch-"))
    (mixed.folder / "numbers.json").write_text(json.dumps(records))
    assert verdicts(mixed("results", "-b", "numbers.json").out) == STATES


def test_a_batch_of_the_python_client(lone, local):
    """Its 8 fields, its 10-digit id, nothing else."""
    record = dict(zip(ORIGINAL_KEYS, ["stablecaps900", f"batch-{BATCH}", "icecat-source",
                                      f"{'a1' * 32}/stablecaps900/batch-{BATCH}/2025-04-11-13/{BATCH}.jpg",
                                      "kitten.webp.png", "2025-04-11-13", "a1" * 32, BATCH]))
    (lone.folder / "old.json").write_text(json.dumps([record], indent=4))
    local.client("dynamodb").put_item(TableName=local.env["DYNAMODB_TABLE_NAME"],
                                      Item=item_of(record, op_status="success", rek_iscat="True"))
    result = lone("results", "-b", "old.json")
    assert result.code == 0 and verdicts(result.out) == {"kitten.webp.png": "cat"}
    (lone.folder / "logs").mkdir()
    shutil.copy(lone.folder / "old.json", lone.folder / f"logs/stablecaps900_batch-{BATCH}.json")
    one = lone("result", "-b", BATCH, "-p", "a1a1")
    assert one.code == 0 and verdicts(one.out) == {"kitten.webp.png": "cat"}  # C10


def test_an_empty_batch_file(lone):
    (lone.folder / "empty.json").write_text("[]")
    document = lone("results", "-b", "empty.json", "-o", "json")
    assert document.code == 0 and document.json("results_doc")["results"] == []
    assert "no record" in lone("results", "-b", "empty.json").err


def test_more_images_than_one_request_takes(lone):
    """C7: pages of keys, not one request for each image."""
    variants(lone.folder / "pets", 230)
    assert lone("submit", "pets").code == 0
    result = lone("results", "--latest", "--allow-pending", "-o", "json", "-vv")
    document = result.json("results_doc")
    assert document["counts"]["total"] == document["counts"]["missing"] == 230
    assert len({each["img_fprint"] for each in document["results"]}) == 230
    assert result.err.count("BatchGetItem") < 20


# ---- interruptions --------------------------------------------------------------------------


def recorded_in(journal):
    """Records of a journal: lines that are no notes."""
    return sum(line.startswith(b'{"client_id"') for line in journal.read_bytes().splitlines())


def wait_for_records(client, least):
    """The journal, once it has so many records."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        journals = client.batch_files("*.journal")
        if journals and recorded_in(journals[0]) >= least:
            return journals[0]
        time.sleep(0.02)
    pytest.fail("no record in a journal within 30 s")


@pytest.fixture
def slow(tmp_path, start_local):
    client = Client(tmp_path, start_local("--latency-ms", 150))
    client.pets = variants(tmp_path / "pets", 60)
    return client


def test_progress_events(slow):
    events = slow("submit", slow.pets, "-j", "8", "-o", "ndjson").events()
    told = [event for event in events if event["type"] == "progress"]
    assert told and all(event["files"] == 60 for event in told)
    done = [event["files_done"] for event in told]
    assert done == sorted(set(done)) and events[-1]["counts"]["uploaded"] == 60


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_keeps_the_journal(slow, number, code):
    running = slow.begin("submit", slow.pets, "-j", 1)
    journal = wait_for_records(slow, 2)
    running.send_signal(number)
    out, err = running.communicate(timeout=30)
    assert running.returncode == code
    assert f"icecat submit --resume ./logs/{journal.name}" in err.decode()
    assert f"icecat results -b ./logs/{journal.name}" in err.decode()
    assert not slow.batch_files()
    result = slow("results", "-b", journal)
    uploaded = [row for row in rows(out.decode()) if row["action"] == "uploaded"]
    assert result.code == 8 and len(rows(result.out)) == len(uploaded) >= 2
    rest = slow("submit", "--resume", journal, "-j", 20)
    assert rest.code == 0 and len(rows(rest.out)) == 60
    assert len(json.loads(slow.batch_files()[0].read_text())) == 60 and not slow.batch_files("*.journal")


def test_a_killed_submission_loses_no_record(slow, stack):
    """C1."""
    running = slow.begin("submit", slow.pets, "-j", 1)
    journal = wait_for_records(slow, 3)
    running.kill()
    running.communicate(timeout=30)
    result = slow("results", "--latest", "-o", "json")
    assert result.code == 8 and result.json("results_doc")["counts"]["total"] >= 3
    again = slow("submit", slow.pets, "--batchid", journal.name.split("batch-")[1].split(".")[0])
    assert again.code == 1 and "exists already" in again.err


def test_a_reader_that_hangs_up(submitted):
    running = submitted.begin("results", "-b", submitted.file, "--no-write", "-q")
    running.stdout.close()
    assert running.wait(30) == 141
    assert running.stderr.read() == b""


# ---- bad input ------------------------------------------------------------------------------


@pytest.fixture
def one(lone):
    folder_of(lone.folder / "pets", "owl.png")
    return lone


BAD = {
    "no account": ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, [], 4, "credentials"),
    "half an account": ({"AWS_ACCESS_KEY_ID": None}, [], 4, "AWS_ACCESS_KEY_ID is not"),
    "wrong key": ({}, ["env-secret"], 4, "SignatureDoesNotMatch"),
    "expired token": ({"AWS_SESSION_TOKEN": "expired"}, [], 4, "ExpiredToken"),
    "no bucket": ({"S3BUCKET_SOURCE": None}, [], 5, "S3BUCKET_SOURCE"),
    "no table": ({"DYNAMODB_TABLE_NAME": None}, ["--wait"], 5, "DYNAMODB_TABLE_NAME"),
    "no region": ({"AWS_REGION": None, "AWS_DEFAULT_REGION": None}, [], 5, "region"),
    "missing bucket": ({}, ["--bucket", "no-such-bucket"], 6, "NoSuchBucket"),
    "missing table": ({}, ["--wait", "--table", "no-such-table"], 6, "no-such-table"),
    "server is down": ({"AWS_ENDPOINT_URL": CLOSED}, [], 7, "127.0.0.1"),
    "bad client id": ({"ICECAT_CLIENT_ID": "a/b"}, [], 5, "a/b"),
    "bad batch id": ({}, ["--batchid", "12"], 2, "10 to 16 digits"),
    "bad keys": ({}, ["--keys", "best"], 2, "typed, compat"),
    "bad progress": ({}, ["--progress", "some"], 2, "auto, bar, plain, none"),
    "bad size": ({}, ["--max-size", "big"], 2, "--max-size"),
    "bad time": ({}, ["--wait", "--wait-timeout", "soon"], 2, "--wait-timeout"),
    "logs in a file": ({}, ["--logs-dir", "pets/owl.png"], 1, "pets/owl.png"),
    "logs where nobody may write": ({}, ["--logs-dir", "/proc/self"], 1, "/proc/self"),
}


def test_a_bucket_in_another_region_is_found_there(one):
    result = one("submit", "pets", "-v", "--region", "us-west-2")
    assert result.code == 0, result.err
    assert re.search(r"bucket \S+ is in region eu-", result.err)


@pytest.mark.parametrize("name", BAD)
def test_bad_settings(one, name):
    changes, args, code, words = BAD[name]
    if args == ["env-secret"]:
        changes, args = {"AWS_SECRET_ACCESS_KEY": "x" * 40}, []
    result = one("submit", "pets", *args, **changes)
    assert result.code == code, result.err
    assert words in result.err and result.err.count("Traceback") == 0
    assert not one.batch_files("*.journal")
    as_json = one("submit", "pets", *args, "-o", "json", **changes)
    assert as_json.code == code
    error = json.loads(as_json.err.splitlines()[-1])
    check(error, "event")
    assert error["type"] == "exit_error" and error["error"]["code"] == code and words in error["error"]["message"]


def test_a_failure_of_all_stops_at_once(lone):
    """A token that has expired does not come back for the next thousand images."""
    variants(lone.folder / "pets", 40)
    result = lone("submit", "pets", "-j", "2", AWS_SESSION_TOKEN="expired")
    assert result.code == 4 and len(rows(result.out)) < 10 and "not tried" in result.err


def test_nothing_is_named(lone):
    result = lone("submit")
    assert result.code == 2 and "--folder" in result.err


def test_an_empty_folder(lone):
    (lone.folder / "empty").mkdir()
    result = lone("submit", "empty")
    assert result.code == 0 and "nothing to upload" in result.err
    assert lone("submit", "empty", "-o", "json").json("submit_doc")["items"] == []
    assert not (lone.folder / "logs").exists()


@pytest.mark.parametrize("extra", [[], ["--wait"]])
def test_only_what_cannot_be_read(lone, extra):
    result = lone("submit", "no-such-folder", *extra)
    assert result.code == 9 and "No such file or directory" in result.out
    assert rows(result.out)[0].get("verdict", "failed") == "failed"


def test_an_unreadable_file_beside_a_good_one(one):
    (one.folder / "pets/gone.png").symlink_to("nowhere")
    result = one("submit", "pets")
    assert result.code == 3
    assert [row["action"] for row in rows(result.out)] == ["failed", "uploaded"]


def test_fail_fast(lone):
    variants(lone.folder / "pets", 20)
    (lone.folder / "pets/000.png").unlink()
    (lone.folder / "pets/000.png").symlink_to("nowhere")
    result = lone("submit", "pets", "-j", "1", "--fail-fast")
    assert result.code in (3, 9) and "not tried" in result.err
    assert rows(result.out)[0]["action"] == "failed" and len(rows(result.out)) < 10


def test_max_size(one):
    result = one("submit", "pets", "--max-size", "1K")
    assert result.code == 9 and "over the limit of 1024" in result.out


@pytest.mark.parametrize("text, words", [
    ('{"a": 1}', "byte 0"), ('[{"client_id": 1}]', "record 1"), ("[1", "record 1"),
    ('{"type": "object"}', "array"), ("\x7fELF", "byte 0"),
])
def test_batch_files_that_are_none(lone, text, words):
    (lone.folder / "bad.json").write_text(text)
    result = lone("results", "-b", "bad.json")
    assert result.code == 5 and "bad.json" in result.err and words in result.err
    assert lone("results", "-b", "bad.json", "-o", "json").exit_error()["code"] == 5
    assert (lone.folder / "bad.json").read_text() == text


def test_records_of_two_batches(lone):
    record = dict(zip(ORIGINAL_KEYS, ["a", f"batch-{BATCH}", "b", "k", "f.jpg", "2025-04-11-13", "a1" * 32, BATCH]))
    other = {**record, "batch_id": f"batch-{BATCH + 1}"}
    (lone.folder / "two.json").write_text(json.dumps([record, other]))
    result = lone("results", "-b", "two.json")
    assert result.code == 5 and str(BATCH + 1) in result.err


@pytest.mark.parametrize("args, code, words", [
    (["results"], 2, "needs one of"),
    (["results", "-b", "a", "--latest"], 2, "needs one of"),
    (["results", "-b", "no-such-file"], 1, "no-such-file"),
    (["results", "--batchid", "cat"], 2, "cat"),
    (["results", "--batchid", "1700000000"], 6, "no record"),
    (["results", "--latest"], 6, "logs"),
    (["results", "--latest", "--only", "dog"], 2, "not-cat"),
    (["results", "--latest", "--sort", "dog"], 2, "confidence"),
    (["wait", "--batchid", "1700000000", "--wait-timeout", "1"], 6, "no record"),
    (["result"], 2, "-b ID"),
    (["result", "-b", "1700000000"], 2, "-p HASH"),
    (["result", "-b", "1700000000", "-p", "abcd", "--file", "x"], 2, "-p HASH"),
    (["result", "-b", "1700000000", "-p", "xyz"], 2, "xyz"),
    (["result", "-b", "1700000000", "-p", "a" * 65], 2, "64 hex digits"),
    (["result", "-b", "1700000000", "-p", "abcd"], 6, "no record"),
    (["result", "-b", "1700000000", "--file", "no-such-file"], 1, "no-such-file"),
])
def test_bad_requests_for_results(lone, args, code, words):
    result = lone(*args)
    assert result.code == code and words in result.err and result.out == ""


class SmallDisk:
    """A file system of one page, where root may mount; else a limit on the size of files."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        self.is_mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(folder)],
                                         capture_output=True).returncode == 0

    def prefix(self):
        return [] if self.is_mounted else ["bash", "-c", 'trap "" XFSZ; ulimit -f 4; exec "$@"', "-"]

    def close(self):
        if self.is_mounted:
            subprocess.run(["umount", str(self.folder)], check=True)


@pytest.fixture
def small_disk(tmp_path):
    disk = SmallDisk(tmp_path / "logs")
    yield disk
    disk.close()


def test_a_full_disk_stops_in_time(lone, small_disk):
    """What was uploaded is recorded, but for one image, which is named."""
    variants(lone.folder / "pets", 40)
    environment = {"PATH": os.environ["PATH"], "HOME": str(lone.folder), **lone.env}
    done = subprocess.run([*small_disk.prefix(), program(), "submit", "pets", "-j", "1"], cwd=lone.folder,
                          capture_output=True, text=True, timeout=60, env=environment)
    assert done.returncode == 1, done.stderr
    assert "cannot write the journal" in done.stderr and "could not be recorded" in done.stderr
    uploaded = [row for row in rows(done.stdout) if row["action"] == "uploaded"]
    journal, = lone.batch_files("*.journal")
    assert 1 < len(uploaded) < 40 and recorded_in(journal) == len(uploaded)
    assert f"icecat submit --resume ./logs/{journal.name}" in done.stderr
    result = lone("results", "-b", journal, "--no-write")
    assert result.code == 8 and len(rows(result.out)) == len(uploaded)
    roomy = lone.folder / "roomy"  # the disk is full for ever; the journal goes on elsewhere
    roomy.mkdir()
    shutil.copy(journal, roomy)
    rest = lone("submit", "--resume", roomy / journal.name)
    assert rest.code == 0 and len(json.loads((roomy / journal.name.removesuffix(".journal")).read_text())) == 40
