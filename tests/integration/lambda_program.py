"""The function's program, started with settings of a test, and the events that it gets."""
import json
import os
import pathlib
import subprocess

import pytest

EXIT_S = 15
SECRET = "canary-secret-2f1c8d"
CLOSED = "http://127.0.0.1:9"  # nothing listens: a call of AWS fails at once


def program():
    build = os.environ.get("ICECAT_BUILD_DIR")
    if not build:
        pytest.skip("ICECAT_BUILD_DIR is not set: it names the build folder that has bootstrap")
    path = pathlib.Path(build) / "examples/lambda/bootstrap"
    if not path.is_file():
        pytest.skip(f"{path} is not built")
    return path


SETTINGS = {
    "AWS_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "AKIDCANARY",
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_ENDPOINT_URL": CLOSED,
    "AWS_MAX_ATTEMPTS": "1",
    "s3bucketSource": "cats-in",
    "s3bucketDest": "cats-out",
    "s3bucketFail": "cats-bad",
    "dynamoDBTableName": "cats",
}


class Function:
    def __init__(self, log, api, **changes):
        env = {**SETTINGS, "AWS_LAMBDA_RUNTIME_API": api, **changes}
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen([str(program())], stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=output,
                                            env={n: v for n, v in env.items() if v is not None})

    def exit_code(self):
        return self.process.wait(EXIT_S)

    def text(self):
        return self.log.read_text()

    def all_lines(self):
        return [json.loads(line) for line in self.text().splitlines()]

    def lines(self):
        """One for each object or happening, without those of metrics."""
        return [line for line in self.all_lines() if "_aws" not in line]

    def metrics(self):
        return [line for line in self.all_lines() if "_aws" in line]

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def put_event(bucket, key, name="ObjectCreated:Put"):
    return {"Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "awsRegion": "eu-west-1",
        "eventTime": "2026-01-02T03:04:05.678Z", "eventName": name,
        "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": bucket}, "object": {"key": key, "size": 1}}}]}
