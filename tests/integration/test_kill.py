"""A submission that is killed again and again at random moments ends as if it had not been.

ICECAT_LONG=1 kills 200 times, in submissions of 1,000 images. ICECAT_SEED repeats a run.
"""
import json
import os
import random
import re
import subprocess
import time

import pytest
from conftest import Local
from icecat_command import environment, program
from small_pictures import small_pictures

LONG = bool(os.environ.get("ICECAT_LONG"))
KILLS, IMAGES = (200, 1000) if LONG else (20, 300)
SEED = int(os.environ.get("ICECAT_SEED", time.time_ns() % 1_000_000))
PUT = re.compile(r"PUT \S*?/([0-9a-f]{64})/")
PARTIAL = 3  # some files are no pictures


@pytest.fixture(scope="module")
def faulty(tmp_path_factory):
    """A server that is slow, of which each twentieth request fails, in three ways by turns."""
    running = Local(tmp_path_factory.mktemp("faulty") / "data", "--latency-ms", 40, "--fault", "s3:unavailable:2%",
                    "--fault", "s3:throttle:2%", "--fault", "s3:reset:1%").start()
    yield running
    assert running.stop() == 0


class Submission:
    """One batch, in a folder of its own."""

    def __init__(self, folder, server, number):
        self.folder, self.server = folder, server
        self.batch = 1744377772000000 + number
        self.env = environment(folder, {**server.env, "ICECAT_CLIENT_ID": f"killed{number}"})
        self.file = folder / f"logs/killed{number}_batch-{self.batch}.json"
        self.journal = self.file.with_name(self.file.name + ".journal")

    def command(self):
        if self.journal.exists() or self.file.exists():
            return [program(), "submit", "--resume", str(self.file), "-q"]
        return [program(), "submit", "pets", "--batchid", str(self.batch), "-q"]

    def run(self):
        return subprocess.run(self.command(), cwd=self.folder, env=self.env, capture_output=True, text=True, timeout=120)

    def run_for(self, seconds):
        """True when it was killed, False when it had ended before."""
        # The kill before may have come between the last write and the end; then there is nothing left to do.
        expected = (0, PARTIAL) if self.file.exists() else (PARTIAL,)
        running = subprocess.Popen(self.command(), cwd=self.folder, env=self.env, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE)
        try:
            _, err = running.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            running.kill()
            running.communicate()
            return True
        assert running.returncode in expected, err.decode()
        return False

    def recorded(self):
        """Fingerprints whose records are whole lines of the journal."""
        if not self.journal.exists():
            return set()
        *lines, _ = self.journal.read_bytes().split(b"\n")
        return {json.loads(line)["img_fprint"] for line in lines if line.startswith(b'{"client_id"')}

    def objects(self):
        pages = self.server.client("s3").get_paginator("list_objects_v2").paginate(
            Bucket=self.server.env["S3BUCKET_SOURCE"])
        return sorted(item["Key"] for page in pages for item in page.get("Contents", [])
                      if f"/batch-{self.batch}/" in item["Key"])

    def text(self):
        """The batch file, without what differs between two runs: whose, when, which."""
        text = self.file.read_text()
        record = json.loads(text)[0]
        for value, name in ((str(self.batch), "BATCH"), (str(record["epoch_timestamp"]), "EPOCH"),
                            (record["upload_time"], "HOUR"), (record["client_id"], "CLIENT")):
            text = text.replace(value, name)
        return text


def kill_until_done(submission, random_seconds, most):
    """How often it was killed before it ended. What was recorded is never sent again."""
    kills = 0
    while kills < most:
        recorded = submission.recorded()
        begin = len(submission.server.log_text())
        was_killed = submission.run_for(random_seconds())
        sent = set(PUT.findall(submission.server.log_text()[begin:]))
        assert not sent & recorded
        kills += was_killed
        if not was_killed:
            break
    return kills


def test_killed_submissions_end_as_others_do(tmp_path, faulty):
    print(f"ICECAT_SEED={SEED}")
    chance = random.Random(SEED)
    pets = small_pictures(tmp_path / "pets", IMAGES, broken_every=97)
    submissions, kills = [], 0
    undisturbed = None
    while kills < KILLS or undisturbed is None:
        number = len(submissions)
        folder = tmp_path / f"run{number}"
        folder.mkdir()
        (folder / "pets").symlink_to(pets)
        submission = Submission(folder, faulty, number)
        submissions.append(submission)
        if number == 0:
            done = submission.run()
            assert done.returncode == PARTIAL, done.stderr
            undisturbed = submission.text()
            assert len(json.loads(submission.file.read_text())) == IMAGES - IMAGES // 97
            continue
        kills += kill_until_done(submission, lambda: chance.uniform(0.01, 0.4), KILLS - kills)
        last = submission.run()
        assert last.returncode in (0, PARTIAL), last.stderr
        assert submission.text() == undisturbed
        assert not submission.journal.exists()
    for submission in submissions:
        keys = sorted({record["s3_key"] for record in json.loads(submission.file.read_text())})
        assert submission.objects() == keys  # nothing is lost, and nothing is there twice
    print(f"{kills} kills in {len(submissions) - 1} submissions")
    assert kills == KILLS
