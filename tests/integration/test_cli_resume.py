"""submit --resume, --skip-known and --known: what is done already is not done again."""
import json
import os
import shutil
import signal
import time

import pytest
from icecat_command import Command
from small_pictures import small_png, small_pictures

SAMPLES_HEAD = '{"icecat_journal": 1}\n'


class Client(Command):
    def __init__(self, folder, server, name="resumer"):
        super().__init__(folder)
        self.env = {**server.env, "ICECAT_CLIENT_ID": name}

    def __call__(self, *args, **changes):
        result = super().__call__(*map(str, args), **{**self.env, **changes})
        assert self.env["AWS_SECRET_ACCESS_KEY"] not in result.out + result.err
        return result

    def begin(self, *args):
        return self.start(*map(str, args), **self.env)

    def journals(self):
        return sorted((self.folder / "logs").glob("*.journal"))

    def batch(self):
        batch, = (self.folder / "logs").glob("*_batch-*[0-9].json")
        return batch

    def records(self):
        return json.loads(self.batch().read_text())


def rows(text):
    head, *lines = text.splitlines()
    return [dict(zip(head.split("\t"), line.split("\t"))) for line in lines]


@pytest.fixture
def slow(tmp_path, start_local):
    client = Client(tmp_path, start_local("--latency-ms", 100))
    small_pictures(tmp_path / "pets", 40)
    return client


def interrupt(client, *args, least=3, number=signal.SIGINT):
    """Begin a submission and end it by a signal once it has some records; its journal."""
    running = client.begin("submit", "pets", "-j", 2, *args)
    end = time.monotonic() + 30
    while not client.journals() or client.journals()[0].read_bytes().count(b'\n{"client_id"') < least:
        assert time.monotonic() < end, "no records within 30 s"
        time.sleep(0.02)
    running.send_signal(number)
    _, err = running.communicate(timeout=30)
    assert f"icecat submit --resume ./logs/{client.journals()[0].name}" in err.decode() or number == signal.SIGKILL
    return client.journals()[0]


def test_the_journal_says_all(slow):
    """Options that decide what is uploaded come from the journal, not from who resumes it."""
    journal = interrupt(slow, "-d", "--keys", "compat", number=signal.SIGKILL)
    done = slow("submit", "--resume", journal, ICECAT_CLIENT_ID="somebody-else", S3BUCKET_SOURCE="elsewhere")
    assert done.code == 0, done.err
    records = slow.records()
    assert {record["client_id"] for record in records} == {"resumer"}
    assert {record["s3bucket_source"] for record in records} == {slow.env["S3BUCKET_SOURCE"]}
    assert all(record["s3_key"].endswith("-debug.png") for record in records)
    assert len({record["epoch_timestamp"] for record in records}) == 1
    assert [record["path"] for record in records] == sorted(f"pets/{i:06}.png" for i in range(40))


def test_equal_images_stay_one(slow):
    journal = interrupt(slow)
    assert slow("submit", "--resume", journal).code == 0
    records = slow.records()
    by_print = {}
    for record in records:
        first = by_print.setdefault(record["img_fprint"], record)
        assert record["s3_key"] == first["s3_key"]
        assert record.get("duplicate_of") == (None if record is first else first["path"])
    assert len(by_print) < len(records) == 40


def test_a_torn_line_is_no_obstacle(slow):
    journal = interrupt(slow, number=signal.SIGKILL)
    with open(journal, "ab") as file:
        file.write(b'{"client_id": "resum')
    assert slow("submit", "--resume", journal).code == 0
    assert len(slow.records()) == 40


def test_damage_is_told(slow):
    journal = interrupt(slow, number=signal.SIGKILL)
    text = journal.read_bytes().replace(b'{"client_id"', b'{"client_xx"', 1)
    journal.write_bytes(text)
    done = slow("submit", "--resume", journal)
    assert done.code == 5 and "client_id" in done.err and journal.read_bytes() == text


def test_one_writer_at_a_time(slow):
    running = slow.begin("submit", "pets", "-j", 1)
    end = time.monotonic() + 30
    while not slow.journals():
        assert time.monotonic() < end
        time.sleep(0.02)
    done = slow("submit", "--resume", slow.journals()[0])
    assert done.code == 1 and "another program" in done.err
    running.communicate(timeout=60)
    assert running.returncode == 0 and len(slow.records()) == 40


def test_what_has_ended_is_left_alone(slow):
    assert slow("submit", "pets", "-j", 20).code == 0
    before = slow.batch().read_bytes()
    for name in (slow.batch(), f"{slow.batch()}.journal"):
        done = slow("submit", "--resume", name)
        assert done.code == 0 and "nothing is left to do" in done.err and len(rows(done.out)) == 40
    assert slow.batch().read_bytes() == before


def test_a_failure_of_all_can_be_gone_on_with(slow):
    journal = interrupt(slow)
    refused = slow("submit", "--resume", journal, AWS_SECRET_ACCESS_KEY="x" * 40)
    assert refused.code == 3 and "SignatureDoesNotMatch" in refused.err and "--resume" in refused.err
    assert journal.exists()
    assert slow("submit", "--resume", journal).code == 0 and len(slow.records()) == 40


def test_files_are_named_from_where_it_began(slow, tmp_path):
    journal = interrupt(slow)
    elsewhere = Client(tmp_path / "elsewhere", slow_server(slow))
    elsewhere.folder.mkdir()
    done = elsewhere("submit", "--resume", journal)
    assert done.code == 5 and str(tmp_path) in done.err


def slow_server(client):
    class Server:
        env = {name: value for name, value in client.env.items() if name != "ICECAT_CLIENT_ID"}
    return Server


@pytest.mark.parametrize("args, words", [
    (["pets"], "takes no files"), (["-f", "pets"], "--folder"), (["--keys", "compat"], "--keys"),
    (["--batchid", "1744377772"], "--batchid"), (["-n"], "--dry-run"), (["--skip-known"], "--skip-known"),
])
def test_the_journal_is_not_contradicted(slow, args, words):
    done = slow("submit", "--resume", "j", *args)
    assert done.code == 2 and words in done.err


def test_what_cannot_be_resumed(slow):
    assert slow("submit", "--resume", "nowhere").code == 1
    (slow.folder / "plan.json.journal").write_text(SAMPLES_HEAD)
    done = slow("submit", "--resume", "plan.json")
    assert done.code == 5 and "no plan" in done.err
    (slow.folder / "text.json.journal").write_text("no journal\n")
    assert slow("submit", "--resume", "text.json").code == 5
    (slow.folder / "later.json.journal").write_text(SAMPLES_HEAD + '{"note": "plan 2"}\n')
    assert "release" in slow("submit", "--resume", "later.json").err


def test_every_whole_part_of_a_plan_is_read_or_refused(slow):
    """Whatever lines of the plan are missing: it is told, or what is left is done."""
    journal = interrupt(slow, number=signal.SIGKILL)
    lines = journal.read_bytes().splitlines(keepends=True)
    for missing in range(1, 9):
        name = slow.folder / f"cut{missing}.json.journal"
        name.write_bytes(b"".join(lines[:missing] + lines[missing + 1:]))
        done = slow("submit", "--resume", name, "-j", 20)
        assert done.code in (0, 3, 5), done.err


# ---- known images ---------------------------------------------------------------------------


def judge(client, local, verdicts):
    """Records as the function writes them."""
    for record in client.records():
        verdict = verdicts.get(record["original_file_name"])
        if verdict is None or record.get("duplicate_of"):
            continue
        local.client("dynamodb").put_item(TableName=local.env["DYNAMODB_TABLE_NAME"], Item={
            "batch_id": {"N": record["batch_id"].removeprefix("batch-")}, "img_fprint": {"S": record["img_fprint"]},
            "client_id": {"S": record["client_id"]}, "upload_ts": {"N": str(record["epoch_timestamp"])},
            "s3img_key": {"S": "b/" + record["s3_key"]}, "rek_confidence": {"N": "91.5"},
            **({"op_status": {"S": "success"}, "rek_iscat": {"S": verdict}} if verdict else
               {"op_status": {"S": "fail"}})})


@pytest.fixture
def judged(tmp_path, local):
    """Five images of which two are judged, and one could not be."""
    client = Client(tmp_path, local, f"known-{os.urandom(4).hex()}")
    small_pictures(tmp_path / "pets", 5, equal_every=0)
    assert client("submit", "pets").code == 0
    judge(client, local, {"000000.png": "True", "000001.png": "False", "000002.png": ""})
    client.first = client.batch()
    shutil.move(client.first, tmp_path / "first.json")
    return client


@pytest.mark.parametrize("args", [["--skip-known"], ["--known", "first.json"],
                                  ["--skip-known", "--known", "first.json"]])
def test_known_images_are_not_uploaded_again(judged, args):
    (judged.folder / "pets/new.png").write_bytes(small_png(77))
    done = judged("submit", "pets", *args)
    assert done.code == 0, done.err
    actions = {os.path.basename(row["file"]): (row["action"], row["note"]) for row in rows(done.out)}
    first = json.loads((judged.folder / "first.json").read_text())[0]["batch_id"].removeprefix("batch-")
    assert actions["000000.png"] == ("known", f"cat, says batch {first}")
    assert actions["000001.png"] == ("known", f"not cat, says batch {first}")
    assert {name for name, (action, _) in actions.items() if action == "uploaded"} == {
        "000002.png", "000003.png", "000004.png", "new.png"}
    assert len(judged.records()) == 4


def test_known_images_in_documents_and_verdicts(judged):
    document = judged("submit", "pets", "--skip-known", "-o", "json").json("submit_doc")
    assert document["counts"]["known"] == 2 and document["counts"]["uploaded"] == 3
    known = [item for item in document["items"] if item["action"] == "known"]
    assert sorted(item["verdict"] for item in known) == ["cat", "not-cat"]
    waited = judged("submit", "pets/000000.png", "pets/000001.png", "--skip-known", "--wait")
    assert waited.code == 0
    assert [row["verdict"] for row in rows(waited.out)] == ["cat", "not cat"]


def test_another_client_knows_nothing(judged):
    done = judged("submit", "pets", "--skip-known", ICECAT_CLIENT_ID="newcomer")
    assert {row["action"] for row in rows(done.out)} == {"uploaded"}


def test_known_needs_a_table_and_a_file(judged):
    done = judged("submit", "pets", "--known", "nowhere.json")
    assert done.code == 1 and "nowhere.json" in done.err and not judged.journals()
    env = {name: value for name, value in judged.env.items() if name != "DYNAMODB_TABLE_NAME"}
    bare = Command(judged.folder)("submit", "pets", "--skip-known", **env)
    assert bare.code == 5 and "--skip-known" in bare.err
