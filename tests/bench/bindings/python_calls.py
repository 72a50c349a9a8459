#!/usr/bin/env python3
"""What the Python package costs over C, and beside boto3 and the icecat command, each in the same run.

Usage: python_calls.py BUILD_DIR [--quick] [--only pure|network|submit]

Needs the package and boto3. CPU times are those of the process, all its threads; rounds of the languages take turns,
and the best counts, because what disturbs a round only ever adds. No number is a test: the output is tables for
docs/benchmarks.md.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile
import time
import timeit

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import submit  # noqa: E402  (tests/bench/submit.py)

SAMPLE = HERE.parents[2] / "examples/samples/tabby.jpg"
KEYS = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "wJalrXUtnFEMI"}
ROUNDS = 5

# Each prints lines of "name nanoseconds", as bench_calls does.
NETWORK = """
import os, sys, threading, time
count, bucket, body = int(sys.argv[2]), os.environ["S3BUCKET_DEST"], bytes(10000)
def many(name, call):
    call()
    start = time.process_time_ns()
    for _ in range(count):
        call()
    print(name, (time.process_time_ns() - start) // count)
def icecat_calls():
    import icecat
    with icecat.Client() as client:
        many("put", lambda: client.put_object(bucket, "bench/python", body))
        many("get", lambda: client.get_object(bucket, "bench/python").data)
def boto3_calls():
    import boto3
    s3 = boto3.client("s3")
    many("put", lambda: s3.put_object(Bucket=bucket, Key="bench/boto3", Body=body))
    many("get", lambda: s3.get_object(Bucket=bucket, Key="bench/boto3")["Body"].read())
if sys.argv[1] == "thread":
    thread = threading.Thread(target=icecat_calls)
    thread.start()
    thread.join()
else:
    {"main": icecat_calls, "boto3": boto3_calls}[sys.argv[1]]()
"""
SUBMIT = """
import os, sys, time, icecat
paths = sorted(os.path.join(sys.argv[2], name) for name in os.listdir(sys.argv[2]))
with icecat.Client(client_id="bench") as client:
    started = time.perf_counter()
    if sys.argv[1] == "list":
        report = client.submit_many(paths)
    elif sys.argv[1] == "generator":
        report = client.submit_many(iter(paths))
    elif sys.argv[1] == "callbacks":
        report = client.submit_many(iter(paths), progress=bool, on_settled=bool)
    else:
        for path in paths:
            client.submit(path)
    print(time.perf_counter() - started)
"""


def microseconds(function, calls=2000, rounds=9):
    """As bench_calls counts: the median of rounds, CPU time."""
    times = sorted(timeit.repeat(function, number=calls, repeat=rounds, timer=time.process_time))
    return times[rounds // 2] / calls * 1e6


def lines(command, env=None):
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return {name: int(value) / 1000 for name, value in map(str.split, done.stdout.splitlines())}


def bench_pure(build):
    import boto3
    import icecat

    data, body = SAMPLE.read_bytes(), b'{"TableName":"cats"}'
    client = icecat.Client(region="eu-west-1", **KEYS)
    s3 = boto3.client("s3", region_name="eu-west-1", aws_access_key_id="AKIDEXAMPLE",
                      aws_secret_access_key="wJalrXUtnFEMI", config=boto3.session.Config(signature_version="s3v4"))
    calls = {
        "validate": lambda: icecat.validate(data),
        "sign": lambda: icecat.sign("POST", "https://dynamodb.eu-west-1.amazonaws.com/", region="eu-west-1",
                                    service="dynamodb", body=body, time=1440938160, **KEYS),
        "presign": lambda: client.presign_get("bucket", "some/key.jpg"),
        "region": lambda: client.region,
    }
    peers = {"presign": lambda: s3.generate_presigned_url("get_object", {"Bucket": "bucket", "Key": "some/key.jpg"})}
    print("\n| call | C, us | Python, us | over C, us | boto3, us | boto3 / Python |\n| --- | --- | --- | --- | --- | --- |")
    for name, call in calls.items():
        rounds = []
        for _ in range(ROUNDS):
            c = lines([build / "tests/bench/bench_calls", "pure", SAMPLE])[name]
            rounds.append((microseconds(call), c))
        python, c = min(rounds)
        peer = microseconds(peers[name], 200) if name in peers else None
        print(f"| {name} | {c:.2f} | {python:.2f} | {python - c:.2f} | "
              + (f"{peer:.0f} | {peer / python:.0f} |" if peer else "| |"), flush=True)
    client.close()


def bench_network(build, work, count):
    best = {}
    with submit.server(build, work) as (env, _):
        for _ in range(ROUNDS):
            runs = {"C": lines([build / "tests/bench/bench_calls", "network", str(count)], env)}
            for name, mode in (("Python, main thread", "main"), ("Python, another thread", "thread"), ("boto3", "boto3")):
                runs[name] = lines([sys.executable, "-c", NETWORK, mode, str(count)], env)
            for name, run in runs.items():
                for call, took in run.items():
                    best[name, call] = min(best.get((name, call), took), took)
    print(f"\n| {count} calls, 10 kB | put, CPU us | over C | get, CPU us | over C |\n| --- | --- | --- | --- | --- |")
    for name in runs:
        put, get = best[name, "put"], best[name, "get"]
        print(f"| {name} | {put:.0f} | {put - best['C', 'put']:.0f} | {get:.0f} | {get - best['C', 'get']:.0f} |")


def bench_submit(build, work, count):
    folder = submit.make_folder(work / "images", count, 100_000)
    python = [sys.executable, "-c"]
    clients = {
        "icecat submit": [build / "examples/cli/icecat", "submit", folder, "-q", "-j", submit.JOBS],
        "Python, submit_many of a list": [*python, SUBMIT, "list", folder],
        "Python, submit_many of a generator": [*python, SUBMIT, "generator", folder],
        "Python, submit_many with callbacks": [*python, SUBMIT, "callbacks", folder],
        "Python, submit in a loop": [*python, SUBMIT, "loop", folder],
        "boto3 upload_file, 10 threads": [*python, submit.THREADS, folder],
    }
    for title, with_service in ((f"{count:,} images of 100 kB to icecat-local", submit.server),
                                (f"{count:,} images of 100 kB to a server that only reads", submit.sink)):
        best, calls = {}, {}
        for _ in range(ROUNDS):
            for name, command in clients.items():
                with with_service(build, work) as (first, second):
                    run = submit.measure(build, command, first if isinstance(first, dict) else second, work)
                best[name] = min(best.get(name, run), run)
                if SUBMIT in command:
                    took = float((work / "output").read_text())
                    calls[name] = min(calls.get(name, took), took)
        print(f"\n| {title} | program, images/s | of the command's | the call, images/s | of the command's "
              "| CPU us an image | peak MB |\n| --- | --- | --- | --- | --- | --- | --- |")
        command_s = best["icecat submit"][0]
        for name, (wall, cpu, peak) in best.items():
            call = f"{count / calls[name]:,.0f} | {command_s / calls[name]:.2f}" if name in calls else " | "
            print(f"| {name} | {count / wall:,.0f} | {command_s / wall:.2f} | {call} | {cpu / count * 1e6:,.0f} | "
                  f"{peak / 1e6:.1f} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="a tenth of the calls")
    parser.add_argument("--only", choices=["pure", "network", "submit"])
    arguments = parser.parse_args()
    build, tenth = arguments.build.resolve(), 10 if arguments.quick else 1
    with tempfile.TemporaryDirectory() as name:
        if arguments.only in (None, "pure"):
            bench_pure(build)
        if arguments.only in (None, "network"):
            bench_network(build, pathlib.Path(name), 2000 // tenth)
        if arguments.only in (None, "submit"):
            bench_submit(build, pathlib.Path(name), 2000 // tenth)


if __name__ == "__main__":
    main()
