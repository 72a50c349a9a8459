"""The scenario with the icecat command: python runner_cli.py ICECAT SCENARIO FOLDER. See README.md."""
import base64
import json
import os
import pathlib
import subprocess
import sys

SOUND = ("cat", "not cat")
# Where the command's documents have words of their own.
FORMATS = {"heif": "heic"}
ACTIONS = {"uploaded": "submitted", "skipped": "duplicate", "rejected": "rejected", "failed": "failed"}


class Command:
    """icecat in a folder where it may write, with the settings that everything has in its environment."""

    def __init__(self, program, folder, scenario):
        self.program, self.folder = program, folder
        self.environment = {**os.environ, "ICECAT_CLIENT_ID": scenario["client_id"],
                            "AWS_MAX_ATTEMPTS": str(scenario["max_attempts"])}

    def __call__(self, *arguments, **environment):
        done = subprocess.run([self.program, *map(str, arguments), "-o", "json", "--no-config"], cwd=self.folder,
                              env={**self.environment, **environment}, capture_output=True, check=False)
        if not done.stdout:
            return json.loads(done.stderr.decode().splitlines()[-1])
        return json.loads(done.stdout)


def name_of(entry, name="file"):
    path = base64.b64decode(entry[f"{name}_b64"]).decode() if f"{name}_b64" in entry else entry.get(name, "")
    return os.path.basename(path)


def status_of(entry):
    return entry["error"]["name"] if "error" in entry else "ICECAT_OK"


def checked(document):
    images = [{"file": name_of(each), "format": FORMATS.get(each["format"], each["format"]),
               "reason": each.get("reason", "none"), "status": status_of(each)} for each in document["files"]]
    return sorted(images, key=lambda image: image["file"])


def submitted(document):
    images = [{"file": name_of(each), "action": ACTIONS[each["action"]],
               "fingerprint": each.get("record", each)["img_fprint"], "status": status_of(each),
               "duplicate_of": name_of(each.get("record", {}), "duplicate_of")} for each in document["items"]]
    counts = document["counts"]
    return {"images": sorted(images, key=lambda image: image["file"]),
            "counts": {"total": counts["total"], "submitted": counts["uploaded"], "duplicate": counts["skipped"],
                       "rejected": counts["rejected"], "failed": counts["failed"]}}


def judged(document):
    answers = {each["img_fprint"]: {
        "fingerprint": each["img_fprint"], "state": each["status"], "is_cat": each["verdict"] == "cat",
        "confidence": -1 if each["confidence"] is None else each["confidence"],
        "labels": [label["name"] for label in each.get("labels", [])],
        "fail_code": each.get("error", {}).get("aws_code", ""), "bucket": each["s3img_key"].partition("/")[0]}
        for each in document["results"]}
    return [answers[fingerprint] for fingerprint in sorted(answers)]


def failure(document):
    error = document.get("error", {"name": "ICECAT_OK"})
    return {"status": error["name"], "aws_code": error.get("aws_code", ""),
            "http_status": error.get("http_status", 0), "retryable": error["retryable"]}


def run(icecat, scenario, folder):
    paths = [folder / picture["file"] for picture in scenario["pictures"]]
    unsound = [folder / picture["file"] for picture in scenario["pictures"] if picture["kind"] not in SOUND]
    sent = icecat("submit", *paths)
    verdicts = icecat("wait", "-b", sent["batch_file"], "--wait-timeout", scenario["wait_s"])
    forced = icecat("submit", "--no-validate", *unsound)
    refusals = icecat("wait", "-b", forced["batch_file"], "--wait-timeout", scenario["wait_s"])
    batch = sent["batch_id"]
    return {"checked": checked(icecat("validate", *paths)), "submitted": submitted(sent), "judged": judged(verdicts),
            "forced": submitted(forced), "refused": judged(refusals),
            "absent": failure(icecat("result", "-b", batch, "-p", "0" * 64)),
            "wrong_key": failure(icecat("results", "--batchid", batch, AWS_SECRET_ACCESS_KEY="wrong"))}


if __name__ == "__main__":
    asked = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
    pictures = pathlib.Path(sys.argv[3]).resolve()
    command = Command(sys.argv[1], pictures.parent, asked)
    json.dump(run(command, asked, pictures), sys.stdout, sort_keys=True)
