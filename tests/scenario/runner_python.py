"""The scenario in Python: python runner_python.py SCENARIO FOLDER. See README.md."""
import json
import os
import pathlib
import sys

import icecat

SOUND = ("cat", "not cat")


def status_of(error):
    return "ICECAT_OK" if error is None else error.name


def checked(path):
    info = icecat.validate(path)
    return {"file": path.name, "format": info.format, "reason": info.reason, "status": status_of(info.error)}


def submitted(report):
    counts = report.counts
    images = [{"file": each.file_name, "action": each.action, "fingerprint": each.fingerprint,
               "status": status_of(each.error),
               "duplicate_of": os.path.basename(each.duplicate_of) if each.duplicate_of else ""}
              for each in report]
    return {"images": sorted(images, key=lambda image: image["file"]),
            "counts": {name: getattr(counts, name)
                       for name in ("total", "submitted", "duplicate", "rejected", "failed")}}


def judged(results):
    answers = [{"fingerprint": each.fingerprint, "state": each.state, "is_cat": bool(each.is_cat),
                "confidence": -1 if each.confidence is None else each.confidence,
                "labels": [label.name for label in each.labels], "fail_code": each.fail_code,
                "bucket": each.object.partition("/")[0]} for each in results]
    return sorted(answers, key=lambda answer: answer["fingerprint"])


def failure(call):
    try:
        call()
    except icecat.IcecatError as error:
        return {"status": error.name, "aws_code": error.aws_code, "http_status": error.http_status,
                "retryable": error.retryable}
    return {"status": "ICECAT_OK"}


def run(scenario, folder):
    paths = [folder / picture["file"] for picture in scenario["pictures"]]
    unsound = [folder / picture["file"] for picture in scenario["pictures"] if picture["kind"] not in SOUND]
    with icecat.Client(client_id=scenario["client_id"], max_attempts=scenario["max_attempts"]) as client:
        report = client.submit_many(paths)
        verdicts = judged(client.wait(report, timeout=scenario["wait_s"]))
        forced = client.submit_many(unsound, validate=False)
        refusals = judged(client.wait(forced, timeout=scenario["wait_s"]))
        absent = failure(lambda: client.result(report, "0" * 64))
    with icecat.Client(access_key_id=os.environ["AWS_ACCESS_KEY_ID"], secret_access_key="wrong",
                       client_id=scenario["client_id"]) as client:
        wrong_key = failure(lambda: list(client.results(report.batch_id)))
    return {"checked": sorted(map(checked, paths), key=lambda image: image["file"]), "submitted": submitted(report),
            "judged": verdicts, "forced": submitted(forced), "refused": refusals, "absent": absent,
            "wrong_key": wrong_key}


if __name__ == "__main__":
    asked = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    json.dump(run(asked, pathlib.Path(sys.argv[2])), sys.stdout, sort_keys=True)
