"""What a table, a service, a batch file or a folder names: it is shown, and is never an order to a terminal or a path."""
import contextlib
import fcntl
import html.parser
import json
import os
import pathlib
import pty
import re
import struct
import subprocess
import termios

import pytest

from icecat_command import KEYS, Command, ScriptedAws, environment, program
from report_batch import picture
from small_pictures import small_png

BATCH = 1744377772000000
# Titles, colours, the clipboard, a device report, the cursor, C1 controls, lines, what turns the direction, a NUL, markup.
EVIL = ("\x1b]0;owned\x07", "\x1b[31mred", "\x1b]52;c;b3duZWQ=\x07", "\x1b[6n", "\x1b[2J\x1b[1;1H", "\x9b2J", "\x85next", "\r\nforged: line",
        "\u202egpj.exe", "\u2066x\u2069", "\u2028", "\b\b\b", "\x7f", "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "../../../../etc/passwd")
ALL_EVIL = "".join(EVIL)
OWN = re.compile(r"\x1b\[[0-9;]*m|\r\x1b\[K")  # colours, and the bar that goes away
BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def forms(words):
    """A command in its own form, and in those that are for programs."""
    return [words, *((*words, "-o", form) for form in ("plain", "csv", "json", "ndjson"))]


def on_a_terminal(folder, *words, **env):
    """What a terminal is sent, and the exit code."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    running = subprocess.Popen([program(), *map(str, words)], cwd=folder, stdin=subprocess.DEVNULL, stdout=slave, stderr=slave,
                               env=environment(folder, {**KEYS, "TERM": "xterm", "ICECAT_CLIENT_ID": "me", **env}))
    os.close(slave)
    sent = b""
    with contextlib.suppress(OSError):  # EIO: the other side is closed
        while chunk := os.read(master, 65536):
            sent += chunk
    os.close(master)
    return sent.decode("utf-8"), running.wait(60)


def check_tame(sent):
    """Only what the command itself sends to steer a terminal."""
    rest = OWN.sub("", sent.replace("\r\n", "\n"))
    found = BAD.search(rest)
    assert found is None, rest[max(0, found.start() - 60):found.end() + 20]


def item(number, text):
    return {"batch_id": {"N": str(BATCH)}, "img_fprint": {"S": f"{number:064x}"}, "client_id": {"S": text}, "file_name": {"S": text},
            "s3img_key": {"S": text}, "op_status": {"S": "fail" if number % 2 else "success"}, "fail_code": {"S": text},
            "fail_reason": {"S": text}, "rek_iscat": {"S": "True"}, "rek_confidence": {"N": "98.5"}, "upload_ts": {"N": "1744377772"},
            "labels": {"S": json.dumps([{"name": text, "confidence": 98.5, "parents": [text], "boxes": []}])},
            "logs": {"S": json.dumps([text])}, text[:200]: {"S": text}}


@pytest.fixture
def table():
    items = [item(number, text) for number, text in enumerate((*EVIL, ALL_EVIL))]

    def batch_get(request):
        wanted = [int(key["img_fprint"]["S"], 16) for key in request["RequestItems"]["cats"]["Keys"]]
        return {"Responses": {"cats": [items[number] for number in wanted]}, "UnprocessedKeys": {}}

    def query(request):
        found = items[-1:] if "begins_with" in request["KeyConditionExpression"] else items
        return {"Count": len(found), "Items": found}

    with ScriptedAws({"Query": query, "GetItem": {"Item": items[-1]}, "BatchGetItem": batch_get}) as aws:
        yield {"AWS_ENDPOINT_URL": aws.url, "DYNAMODB_TABLE_NAME": "cats", "S3BUCKET_SOURCE": "pets"}


COMMANDS = (("results", "--batchid", BATCH), ("results", "--batchid", BATCH, "--wide", "-v", "-v"), ("result", "--batchid", BATCH, "-p", "0000"),
            ("wait", "--batchid", BATCH, "--wait-timeout", "1"), ("results", "--batchid", BATCH, "--debug"))


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(map(str, words)))
def test_items_of_a_table_do_not_steer_a_terminal(tmp_path, table, words):
    for form in forms(words):
        sent, code = on_a_terminal(tmp_path, *form, **table)
        assert code in (0, 3, 8) and "owned" in sent, sent
        check_tame(sent)


@pytest.mark.parametrize("form", ("plain", "json", "ndjson"))
@pytest.mark.parametrize("words", COMMANDS[:3], ids=lambda words: " ".join(map(str, words)))
def test_items_of_a_table_do_not_break_a_format(tmp_path, table, words, form):
    done = Command(tmp_path)(*map(str, words), "-o", form, **{**KEYS, **table, "ICECAT_CLIENT_ID": "me"})
    if form == "plain":
        check_tame(done.out)
    else:
        assert done.out, done.err
        for line in [done.out] if form == "json" else done.out.split("\n")[:-1]:
            json.loads(line)
        assert "\x1b" not in done.out and "\r" not in done.out
    check_tame(done.err)


def test_labels_of_a_service_do_not_steer_a_terminal(tmp_path):
    (tmp_path / "a.png").write_bytes(picture(1))
    labels = [{"Name": text, "Confidence": 98.5, "Parents": [{"Name": text}], "Instances": []} for text in (*EVIL, ALL_EVIL)]
    with ScriptedAws({"DetectLabels": {"Labels": labels}}) as aws:
        sent, code = on_a_terminal(tmp_path, "detect", "a.png", AWS_ENDPOINT_URL=aws.url)
        assert code == 0
        check_tame(sent)


def test_refusals_of_a_service_do_not_steer_a_terminal(tmp_path):
    (tmp_path / "a.png").write_bytes(picture(1))
    with ScriptedAws({}) as aws:
        aws.answers["DetectLabels"] = lambda body: {"__type": ALL_EVIL, "Labels": ALL_EVIL, "message": ALL_EVIL}
        check_tame(on_a_terminal(tmp_path, "detect", "a.png", "-v", "-v", AWS_ENDPOINT_URL=aws.url)[0])
    for word in EVIL:
        if "\0" not in word:
            check_tame(on_a_terminal(tmp_path, "detect", f"s3://{word}/{word}", AWS_ENDPOINT_URL="http://127.0.0.1:9")[0])
            check_tame(on_a_terminal(tmp_path, word)[0])
            check_tame(on_a_terminal(tmp_path, "config", AWS_PROFILE=word, S3BUCKET_SOURCE=word)[0])


def evil_names():
    for number, word in enumerate(EVIL):
        name = word.replace("/", "_")
        yield number, f"{name}.png"
    yield 97, b"\xff\xfe\xc3\x28.png".decode("utf-8", "surrogateescape")
    yield 98, "-o json.png"
    yield 99, "$(touch owned);`touch owned`.png"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pets").mkdir()
    for number, name in evil_names():
        (tmp_path / "pets" / name).write_bytes(small_png(number))
    (tmp_path / "pets" / "\x1b]0;owned\x07").mkdir()
    (tmp_path / "pets" / "\x1b]0;owned\x07" / "no picture\x1b[6n.png").write_bytes(b"no picture")
    return tmp_path


FOLDER_COMMANDS = (("validate", "pets"), ("submit", "pets", "--dry-run"), ("submit", "pets"), ("submit", "pets", "--wait", "--wait-timeout", "1"),
                   ("detect", "pets"), ("results", "--latest"), ("report", "--latest"), ("report", "--latest", "--output-file", "-", "--format", "csv"))


@pytest.mark.parametrize("words", FOLDER_COMMANDS, ids=" ".join)
def test_names_of_files_do_not_steer_a_terminal(folder, local, words):
    if words[0] in ("results", "report"):
        Command(folder)("submit", "pets", "-q", **{**local.env, "ICECAT_CLIENT_ID": "me"})
    for form in forms(words) if words[0] in ("validate", "detect", "results") else [words]:
        sent, _ = on_a_terminal(folder, *form, "-v", "-v", **local.env)
        assert "owned" in sent or words == ("report", "--latest"), sent
        check_tame(sent)
    assert not (folder / "owned").exists()


# ---- paths -----------------------------------------------------------------------------------------

class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.scripts = 0

    def handle_starttag(self, tag, attrs):
        self.scripts += tag == "script" or any(name.startswith("on") for name, _ in attrs)


PATHS = ("../../../../../../etc/passwd", "/etc/passwd", "/dev/zero", "/proc/self/environ", "/proc/self/mem", "pipe", ".", "..", "/",
         "a" * 5000, "link-to-secret", "\x1b[2J", "%s%n")


def record(number, path):
    return {"client_id": "me", "batch_id": f"batch-{BATCH}", "s3bucket_source": "pets", "s3_key": f"../../{path}",
            "original_file_name": path, "upload_time": "2025-04-11-13", "img_fprint": f"{number:064x}",
            "epoch_timestamp": 1744377772, "path": path, "size": 5}


def tree(folder):
    return {path for path in pathlib.Path(folder).rglob("*")}


@pytest.mark.parametrize("words", (("report", "-b"), ("report", "--images", ".", "-b"), ("results", "-b"), ("wait", "--wait-timeout", "1", "-b"),
                                   ("submit", "--resume"), ("submit", "pets", "--known")), ids=" ".join)
def test_paths_in_a_batch_file_are_not_followed_to_anything(tmp_path, table, words):
    """No device is read, no pipe is waited for, no file is shown, and nothing is written outside of the folder."""
    work = tmp_path / "above" / "work"
    (work / "pets").mkdir(parents=True)
    (work / "pets" / "a.png").write_bytes(small_png(1))
    os.mkfifo(work / "pipe")
    (tmp_path / "secret.png").write_bytes(small_png(2) + b"top secret")
    (work / "link-to-secret").symlink_to(tmp_path / "secret.png")
    (work / f"me_batch-{BATCH}.json").write_text(json.dumps([record(number, path) for number, path in enumerate(PATHS)]))
    before = tree(tmp_path)
    done = Command(work)(*words, f"me_batch-{BATCH}.json", **{**KEYS, **table, "ICECAT_CLIENT_ID": "me"})
    check_tame(done.out)
    check_tame(done.err)
    made = tree(tmp_path) - before
    assert all(work in path.parents for path in made), made
    for path in made:
        if path.is_file():
            data = path.read_bytes()
            assert b"top secret" not in data and b"root:" not in data
            if path.suffix == ".html":
                tags = Tags()
                tags.feed(data.decode())
                assert tags.scripts == 0 and b"data:image/jpeg" not in data


@pytest.mark.parametrize("name", ("../../evil", "a/b", "..", "/tmp/evil", "a\x1b[2J", "a\nb"))
def test_a_client_id_is_no_path(tmp_path, local, name):
    work = tmp_path / "above" / "work"
    (work / "pets").mkdir(parents=True)
    (work / "pets" / "a.png").write_bytes(small_png(1))
    before = tree(tmp_path)
    done = Command(work)("submit", "pets", "--client-id", name, **local.env)
    assert done.code in (2, 5), done.err
    assert tree(tmp_path) == before
    check_tame(done.err)


# ---- files that are written ------------------------------------------------------------------------

@pytest.fixture
def victim(tmp_path):
    (tmp_path / "victim").write_text("mine\n")
    yield tmp_path / "victim"
    assert (tmp_path / "victim").read_text() == "mine\n"


WRITTEN = {
    "a report": ("report.html", ("report", "-b", f"me_batch-{BATCH}.json")),
    "results": (f"me_batch-{BATCH}-results.json", ("results", "-b", f"me_batch-{BATCH}.json")),
    "logs": (f"me_batch-{BATCH}-debug-logs.json", ("results", "-b", f"me_batch-{BATCH}.json", "--debug")),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_link_in_the_place_of_a_file_is_replaced_and_not_followed(tmp_path, table, victim, name):
    """Somebody who may write to the folder has put it there, to have another file overwritten."""
    file, words = WRITTEN[name]
    (tmp_path / f"me_batch-{BATCH}.json").write_text(json.dumps([record(0, "a.png")]))
    (tmp_path / file).symlink_to(victim)
    done = Command(tmp_path)(*words, **{**KEYS, **table, "ICECAT_CLIENT_ID": "me"})
    assert (tmp_path / file).is_file() and not (tmp_path / file).is_symlink(), done.err


def test_a_link_in_the_place_of_a_batch_file_or_a_journal_is_not_followed(tmp_path, local, victim):
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "a.png").write_bytes(small_png(1))
    (tmp_path / "logs").mkdir()
    env = {**local.env, "ICECAT_CLIENT_ID": "me"}
    for target in (victim, tmp_path / "new"):
        journal = tmp_path / f"logs/me_batch-{BATCH}.json.journal"
        journal.symlink_to(target)
        done = Command(tmp_path)("submit", "pets", "--batchid", str(BATCH), **env)
        assert done.code != 0 and "journal" in done.err and journal.is_symlink()
        journal.unlink()
    assert not (tmp_path / "new").exists()
    # The batch file's own name: what it leads to is no batch file, and is left alone.
    (tmp_path / f"logs/me_batch-{BATCH}.json").symlink_to(victim)
    assert Command(tmp_path)("submit", "pets", "--batchid", str(BATCH), **env).code != 0
    (tmp_path / f"logs/me_batch-{BATCH}.json").unlink()
    (tmp_path / f"logs/me_batch-{BATCH}.json").symlink_to(tmp_path / "new")
    assert Command(tmp_path)("submit", "pets", "--batchid", str(BATCH), **env).code == 0
    assert not (tmp_path / "new").exists() and not (tmp_path / f"logs/me_batch-{BATCH}.json").is_symlink()


@pytest.mark.parametrize("mask, mode", ((0o022, 0o644), (0o077, 0o600)))
def test_files_have_the_users_mode_in_a_folder_that_is_the_users_alone(tmp_path, local, mask, mode):
    (tmp_path / "pets").mkdir()
    (tmp_path / "pets" / "a.png").write_bytes(small_png(1))
    before = os.umask(mask)
    try:
        done = Command(tmp_path)("submit", "pets", **{**local.env, "ICECAT_CLIENT_ID": "me"})
    finally:
        os.umask(before)
    assert done.code == 0, done.err
    made = list((tmp_path / "logs").iterdir())
    assert made and all(path.stat().st_mode & 0o777 == mode for path in made)
    assert (tmp_path / "logs").stat().st_mode & 0o777 == 0o700
