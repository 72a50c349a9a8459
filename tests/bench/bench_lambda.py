#!/usr/bin/env python3
"""Start, memory and work of the Lambda function, beside a Python function of the original's shape.

    bench_lambda.py --zip build/lambda/x86_64/bootstrap.zip --local build/release/examples/local/icecat-local

Start: from fork to the first request for an event, median. The rest: after --events pictures, each with
all calls of AWS, which icecat-local answers on the same machine.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "integration")]

import pictures  # noqa: E402
from conftest import Local  # noqa: E402
from lambda_program import put_event  # noqa: E402
from runtime_api import RuntimeApi  # noqa: E402


def start_ms(command, environment):
    """One start, until it asks for an event."""
    api = RuntimeApi()
    began = time.monotonic()
    process = subprocess.Popen(command, env={**environment, "AWS_LAMBDA_RUNTIME_API": api.address},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not api.requests:
        time.sleep(0.0002)
        assert process.poll() is None, "ended at its start"
    took = (api.requests[0].at - began) * 1000
    process.kill()
    process.wait()
    api.close()
    return took


def peak_kb(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    raise LookupError(pid)


def cpu_ms(pid):
    """Time on a processor, of all threads."""
    tasks = pathlib.Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e6


def work(command, environment, local, events):
    """(peak of memory in kB after the start, the same after the work, ms of processor and of time per event)"""
    api = RuntimeApi()
    process = subprocess.Popen(command, env={**environment, "AWS_LAMBDA_RUNTIME_API": api.address},
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    api.invoke({"Event": "s3:TestEvent"})
    api.answer()
    idle = peak_kb(process.pid)
    batch, s3, source = pictures.batch_id(), local.client("s3"), local.env["S3BUCKET_SOURCE"]
    keys = []
    for number in range(events + 1):
        data = pictures.variant(pictures.sample("tabby.jpg"), number)
        keys.append(pictures.key_of(data, batch))
        s3.put_object(Bucket=source, Key=keys[-1], Body=data)
    api.invoke(put_event(source, keys[0]))  # connections are made
    assert api.answer()[0] == "response"
    cpu, began = cpu_ms(process.pid), time.monotonic()
    for key in keys[1:]:
        api.invoke(put_event(source, key))
        assert api.answer()[0] == "response"
    result = idle, peak_kb(process.pid), (cpu_ms(process.pid) - cpu) / events, (time.monotonic() - began) * 1000 / events
    process.kill()
    process.wait()
    api.close()
    return result


def measure(name, command, environment, local, options):
    starts = [start_ms(command, environment) for _ in range(options.starts)]
    idle, busy, cpu, wall = work(command, environment, local, options.events)
    median = statistics.median(starts)
    print(f"{name:<22} start {median:8.2f} ms (least {min(starts):.2f})  RSS {idle / 1024:6.1f} MB, "
          f"after {options.events} pictures {busy / 1024:6.1f} MB  CPU {cpu:7.2f} ms, wall {wall:7.1f} ms per picture")
    return median, idle


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--zip", type=pathlib.Path, required=True)
    parser.add_argument("--local", type=pathlib.Path, required=True)
    parser.add_argument("--starts", type=int, default=50)
    parser.add_argument("--events", type=int, default=30)
    options = parser.parse_args()
    os.environ["ICECAT_BUILD_DIR"] = str(options.local.resolve().parents[2])
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(options.zip) as archive:
            archive.extract("bootstrap", folder)
        bootstrap = pathlib.Path(folder) / "bootstrap"
        bootstrap.chmod(0o755)
        local = Local(pathlib.Path(folder) / "data").start()
        environment = {"PATH": os.environ["PATH"], "AWS_REGION": local.env["AWS_REGION"], "AWS_DEFAULT_REGION": local.env["AWS_REGION"],
                       "s3bucketSource": local.env["S3BUCKET_SOURCE"], "s3bucketDest": local.env["S3BUCKET_DEST"],
                       "s3bucketFail": local.env["S3BUCKET_FAIL"], "dynamoDBTableName": local.env["DYNAMODB_TABLE_NAME"]}
        environment |= {name: local.env[name] for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}
        try:
            ours, memory = measure("bootstrap", [str(bootstrap)], environment, local, options)
            theirs, other = measure("python, boto3", [sys.executable, str(HERE / "lambda_handler_boto3.py")], environment, local, options)
        finally:
            local.stop()
    print(f"{'python / bootstrap':<22} start {theirs / ours:8.1f} x, RSS {other / memory:.1f} x")
    print(f"{'zip':<22} {options.zip.stat().st_size / 1e6:.2f} MB")
    targets = {"start <= 10 ms": ours <= 10, "RSS <= 12 MB": memory <= 12 * 1024, "zip <= 3 MB": options.zip.stat().st_size <= 3e6,
               "start ratio >= 50": theirs / ours >= 50}
    for target, met in targets.items():
        print(f"{target:<22} {'met' if met else 'MISSED'}")
    return 0 if all(targets.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
