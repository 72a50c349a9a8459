"""Batch files: as the icecat command writes and reads them, and journals that outlive the process."""
import dataclasses
import datetime
import json
import os
import pathlib
import subprocess
import threading

import icecat
import pictures
import pytest
from conftest import bootstrap, start_python

WHEN = datetime.datetime(2025, 4, 11, 13, 9, 32, tzinfo=datetime.timezone.utc)
ONE = icecat.BatchRecord(
    batch_id=1744377772123456, client_id="tester", bucket="cats", key="k" * 20, file_name="Kätzchen 1.jpg",
    fingerprint="a" * 64, uploaded_at=WHEN, upload_hour="2025-04-11-13", path="photos/Kätzchen 1.jpg", size=5,
    etag='"e"')
TWO = dataclasses.replace(ONE, fingerprint="b" * 64, duplicate_of="photos/Kätzchen 1.jpg", etag=None)


def test_a_batch_file_comes_back_as_it_went(tmp_path):
    path = tmp_path / "batch.json"
    with icecat.BatchFile() as file:
        for each in (ONE, TWO):
            file.add(each)
        assert len(file) == 2 and list(file) == [ONE, TWO] and file[-1] == TWO
        file.save(path)
    again = icecat.BatchFile.load(path)
    assert list(again) == [ONE, TWO] and again.batch_id == ONE.batch_id
    assert again.fingerprints == (ONE.fingerprint, TWO.fingerprint)
    first, _ = json.loads(path.read_text())
    assert list(first)[:8] == ["client_id", "batch_id", "s3bucket_source", "s3_key", "original_file_name",
                               "upload_time", "img_fprint", "epoch_timestamp"]
    assert first["batch_id"] == "batch-1744377772123456" and first["epoch_timestamp"] == int(WHEN.timestamp())
    with pytest.raises(IndexError):
        again[2]
    with pytest.raises(IndexError):
        again[-3]


def test_a_name_that_is_no_text_survives(tmp_path):
    name = os.fsdecode(b"k\xe4tzchen.jpg")
    file = icecat.BatchFile()
    file.add(dataclasses.replace(ONE, file_name=name, path=name))
    file.save(tmp_path / "batch.json")
    again, = icecat.BatchFile.load(tmp_path / "batch.json")
    assert again.path == again.file_name == name


def test_a_journal_outlives_a_killed_process(tmp_path):
    journal = tmp_path / "batch.json.journal"
    with start_python(f"""
import icecat, os, signal
file = icecat.BatchFile()
file.note("a plan")
file.journal({str(journal)!r}, durable=False)
file.add(icecat.{ONE!r})
os.kill(os.getpid(), signal.SIGKILL)
""".replace("datetime.datetime(", "__import__('datetime').datetime(").replace(
            "datetime.timezone", "__import__('datetime').timezone"), {}) as process:
        process.communicate(timeout=60)
    assert process.returncode == -9
    with icecat.BatchFile.resume(journal) as file:
        assert list(file) == [ONE] and file.notes == ("a plan",)
        file.add(TWO)
        file.sync()
        with pytest.raises(icecat.FileError):
            icecat.BatchFile().journal(journal)
        file.save(tmp_path / "batch.json")
    assert not journal.exists() and len(icecat.BatchFile.load(tmp_path / "batch.json")) == 2


def test_what_is_wrong_is_told(tmp_path):
    with pytest.raises(icecat.FileError):
        icecat.BatchFile.load(tmp_path / "none")
    (tmp_path / "text").write_text("no batch")
    with pytest.raises(icecat.ConfigError):
        icecat.BatchFile.load(tmp_path / "text")
    file = icecat.BatchFile()
    with pytest.raises(icecat.ArgumentError, match="no record"):
        _ = file.batch_id
    with pytest.raises(icecat.LimitError):
        file.note("x" * 40000)
    with pytest.raises(icecat.ArgumentError, match="zero"):
        file.add(dataclasses.replace(ONE, key="a\0b"))
    file.close()
    file.close()
    for call in (lambda: len(file), lambda: file.add(ONE), lambda: file.save("x"), lambda: file[0], lambda: file.notes):
        with pytest.raises(icecat.ArgumentError, match="closed"):
            call()


def test_threads_share_a_batch_file(tmp_path):
    file = icecat.BatchFile()
    file.journal(tmp_path / "journal", durable=False)

    def work(part):
        for number in range(200):
            file.add(dataclasses.replace(ONE, fingerprint=f"{part:02}{number:062}"))
            assert file[0].client_id == "tester" and len(file.notes) == 0

    threads = [threading.Thread(target=work, args=(part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(file.fingerprints)) == len(file) == 1600


def test_python_and_the_command_read_each_others_files(stack, settings, tmp_path):
    """Python submits and keeps a journal; the command reads its file. The command submits; Python waits for its file."""
    command = bootstrap().parents[1] / "cli/icecat"
    if not command.is_file():
        pytest.skip(f"{command} is not built")
    paths = [pictures.SAMPLES / name for name in ("tabby.jpg", "dog.jpg", "notes.png", "tabby.jpg")]
    with icecat.Client(**settings(stack)) as client, icecat.BatchFile() as file:
        file.journal(tmp_path / "ours.json.journal")

        def keep(each):
            if each.key:
                file.add(icecat.BatchRecord.of(each, stack.env["S3BUCKET_SOURCE"], each.index + 1))

        report = client.submit_many(paths, on_settled=keep)
        with pytest.raises(icecat.ArgumentError, match="rejected"):
            icecat.BatchRecord.of(next(each for each in report if each.action == "rejected"), "b")
        file.save(tmp_path / "ours.json")
        saved = icecat.BatchFile.load(tmp_path / "ours.json")  # in the order of the positions
        assert len(saved) == 3 and saved[2].duplicate_of == str(paths[0])
        list(client.wait(report, timeout=60))

        def run(*words):
            done = subprocess.run([command, *words, "-o", "json", "--no-config"], cwd=tmp_path, capture_output=True,
                                  env={**stack.env, "ICECAT_CLIENT_ID": "tester", "PATH": os.environ["PATH"],
                                       **{name: os.environ[name] for name in ("ASAN_OPTIONS",) if name in os.environ}},
                                  timeout=60, check=False)
            return json.loads(done.stdout)

        found = run("results", "-b", str(tmp_path / "ours.json"), "--no-write")
        assert [(pathlib.Path(each["file"]).name, each["verdict"]) for each in found["results"]] == [
            ("tabby.jpg", "cat"), ("dog.jpg", "not-cat"), ("tabby.jpg", "cat")]
        theirs = icecat.BatchFile.load(tmp_path / run("submit", *map(str, paths[:2]))["batch_file"])
        assert {each.is_cat for each in client.wait(theirs, timeout=60)} == {True, False}
        assert {each.file_name for each in client.results(theirs)} == {"tabby.jpg", "dog.jpg"}
