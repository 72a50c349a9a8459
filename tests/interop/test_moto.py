"""The command against moto server, with its authentication switched on."""

import hashlib
import json
import os
import subprocess
from pathlib import Path

import pytest

from moto_server import REGION, MotoServer

BUILD = Path(os.environ["ICECAT_BUILD_DIR"])
ICECAT = BUILD / "examples/cli/icecat"
SAMPLES = Path(__file__).parents[2] / "examples/samples"
PREFIX = "/stablecaps/dev/cat-wrangler/"
TABLE = "cats"
SETTINGS = {
    "S3BUCKET_SOURCE": "cats-source",
    "S3BUCKET_DEST": "cats-dest",
    "S3BUCKET_FAIL": "cats-fail",
    "DYNAMODB_TABLE_NAME": TABLE,
    "FUNC_BULKIMG_ANALYSER_NAME": "analyser",
    "AWS_REGION": REGION,
}


def make_resources(server):
    s3, dynamodb, ssm = (server.client(name) for name in ("s3", "dynamodb", "ssm"))
    for name in ("S3BUCKET_SOURCE", "S3BUCKET_DEST", "S3BUCKET_FAIL"):
        s3.create_bucket(Bucket=SETTINGS[name])
    dynamodb.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "batch_id", "AttributeType": "N"},
            {"AttributeName": "img_fprint", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "batch_id", "KeyType": "HASH"},
            {"AttributeName": "img_fprint", "KeyType": "RANGE"},
        ],
    )
    for name, value in SETTINGS.items():
        ssm.put_parameter(Name=PREFIX + name, Value=value, Type="String")


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    server = MotoServer(tmp_path_factory.mktemp("moto") / "log")
    try:
        make_resources(server)
        server.make_user()
        yield server
    finally:
        server.stop()


@pytest.fixture
def signed(moto):
    """moto with signatures checked for the time of one test."""
    moto.require_signatures(True)
    yield moto
    moto.require_signatures(False)


def run(server, folder, *arguments, **changes):
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": server.key_id,
        "AWS_SECRET_ACCESS_KEY": server.secret,
        "AWS_MAX_ATTEMPTS": "2",
        "ICECAT_CLIENT_ID": "interop",
        **SETTINGS,
        **changes,
    }
    return subprocess.run(
        [ICECAT, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def submit(server, folder, *arguments, **changes):
    done = run(server, folder, "submit", "-o", "json", *arguments, **changes)
    files = sorted((folder / "logs").glob("*.json")) if (folder / "logs").exists() else []
    return done, (json.loads(files[-1].read_text()) if files else [])


def test_submit_is_accepted_by_a_server_that_checks_signatures(signed, tmp_path):
    done, batch = submit(signed, tmp_path, str(SAMPLES / "tabby.jpg"), str(SAMPLES / "siamese.png"))
    assert done.returncode == 0, done.stderr
    assert len(batch) == 2
    signed.require_signatures(False)
    s3 = signed.client("s3")
    for record in batch:
        stored = s3.get_object(Bucket=record["s3bucket_source"], Key=record["s3_key"])
        body = stored["Body"].read()
        original = (SAMPLES / record["original_file_name"]).read_bytes()
        assert body == original
        assert record["img_fprint"] == hashlib.sha256(original).hexdigest()
        assert record["s3_key"].startswith(record["img_fprint"] + "/interop/" + record["batch_id"])
        assert stored["Metadata"]["original-file-name"] == record["original_file_name"]
    kinds = {Path(r["original_file_name"]).suffix: Path(r["s3_key"]).suffix for r in batch}
    assert kinds == {".jpg": ".jpg", ".png": ".png"}


def test_a_wrong_secret_is_refused_and_said_so(signed, tmp_path):
    done, batch = submit(
        signed, tmp_path, str(SAMPLES / "tabby.jpg"), AWS_SECRET_ACCESS_KEY="wrong" * 8
    )
    assert done.returncode == 4
    assert "SignatureDoesNotMatch" in done.stderr
    assert batch == []
    assert "wrongwrong" not in done.stderr + done.stdout


def test_settings_come_from_ssm(signed, tmp_path):
    empty = {name: "" for name in SETTINGS if name != "AWS_REGION"}
    done = run(signed, tmp_path, "-s", "ssm", "submit", str(SAMPLES / "tabby.jpg"), **empty)
    assert done.returncode == 0, done.stderr


def test_results_of_a_table_that_the_python_system_wrote(signed, tmp_path):
    signed.require_signatures(False)
    rekognition = {
        "Labels": [{"Name": "Cat", "Confidence": 98.25, "Parents": [{"Name": "Animal"}]}],
        "ResponseMetadata": {"HTTPStatusCode": 200},
    }
    table = signed.client("dynamodb")
    batch = 1744377772
    for number, status, cat in ((1, "success", "True"), (2, "success", "False"), (3, "fail", None)):
        item = {
            "batch_id": {"N": str(batch)},
            "img_fprint": {"S": hashlib.sha256(bytes([number])).hexdigest()},
            "client_id": {"S": "stablecaps900"},
            "s3img_key": {"S": "cats-dest/x"},
            "op_status": {"S": status},
            "current_date": {"S": "2025-04-11-13"},
            "upload_ts": {"N": "1744377772"},
            "ttl": {"N": "1209600"},
        }
        if cat is not None:
            item["rek_iscat"] = {"S": cat}
            item["rek_resp"] = {"S": json.dumps(rekognition if cat == "True" else {"Labels": []}, indent=4)}
            item["rek_ts"] = {"N": "1744377775"}
        table.put_item(TableName=TABLE, Item=item)
    signed.require_signatures(True)
    done = run(signed, tmp_path, "results", "--batchid", str(batch), "-o", "json", "--no-write")
    assert done.returncode == 3, done.stderr  # one of the three has failed
    document = json.loads(done.stdout)
    by_status = sorted((row["status"], row["verdict"]) for row in document["results"])
    assert [pair[0] for pair in by_status] == ["fail", "success", "success"]
    assert {row["verdict"] for row in document["results"]} == {"cat", "not-cat", None}
    assert document["counts"]["cat"] == 1
    one = run(signed, tmp_path, "result", "-b", str(batch), "-p",
              hashlib.sha256(bytes([1])).hexdigest()[:12], "-o", "json")
    assert one.returncode == 0, one.stderr
    assert '"Cat"' in one.stdout


def test_a_batch_over_several_pages_is_read_whole(signed, tmp_path):
    signed.require_signatures(False)
    table = signed.client("dynamodb")
    batch = 1744377773
    for number in range(30):
        table.put_item(
            TableName=TABLE,
            Item={
                "batch_id": {"N": str(batch)},
                "img_fprint": {"S": hashlib.sha256(f"page {number}".encode()).hexdigest()},
                "client_id": {"S": "interop"},
                "op_status": {"S": "success"},
                "rek_iscat": {"S": "False"},
                "logs": {"S": "x" * 100_000},
            },
        )
    signed.require_signatures(True)
    done = run(signed, tmp_path, "results", "--batchid", str(batch), "-o", "json", "--no-write")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["total"] == 30
