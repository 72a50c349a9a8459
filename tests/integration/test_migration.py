"""Old and new side by side, as docs/migration.md promises: each client with each function, and the table's repair.

The old client and the old function are told here by what they put on the wire: keys, items, files.
"""
import datetime
import functools
import hashlib
import importlib.util
import json
import pathlib
import re
import subprocess
import sys
import time

import boto3
import pytest

import pictures
from conftest import Local, binary
from icecat_command import Command

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/interop"))
SAMPLES = ROOT / "examples/samples"
PATIENCE_S = 30


class OldClient:
    """bulkanalyse and bulkresults: one plain put and one row for each file, one GetItem for each row."""

    def __init__(self, local, folder, debug=False):
        self.s3, self.table = local.client("s3"), local.client("dynamodb")
        self.bucket, self.table_name = local.env["S3BUCKET_SOURCE"], local.env["DYNAMODB_TABLE_NAME"]
        self.name, self.ending = "oldclient123", "-debug.png" if debug else ".jpg"
        (folder / "logs").mkdir(exist_ok=True)
        self.logs = folder / "logs"

    def submit(self, *files):
        now = int(time.time())
        hour = datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y-%m-%d-%H")
        rows = []
        for file in files:
            fingerprint = hashlib.sha256(file.read_bytes()).hexdigest()
            key = f"{fingerprint}/{self.name}/batch-{now}/{hour}/{now}{self.ending}"
            self.s3.put_object(Bucket=self.bucket, Key=key, Body=file.read_bytes())
            rows.append({"client_id": self.name, "batch_id": f"batch-{now}", "s3bucket_source": self.bucket, "s3_key": key,
                         "original_file_name": file.name, "upload_time": hour, "img_fprint": fingerprint,
                         "epoch_timestamp": now})
        batch = self.logs / f"{self.name}_batch-{now}.json"
        batch.write_text(json.dumps(rows, indent=4))
        return batch

    def results(self, batch):
        """Items as the old client flattened them, by file name; without those that have no item."""
        found = {}
        for row in json.loads(batch.read_text()):
            key = {"batch_id": {"N": row["batch_id"].replace("batch-", "")}, "img_fprint": {"S": row["img_fprint"]}}
            item = self.table.get_item(TableName=self.table_name, Key=key).get("Item")
            if item:
                found[row["original_file_name"]] = {name: next(iter(value.values())) for name, value in item.items()}
        return found

    def finished(self, batch):
        deadline = time.monotonic() + PATIENCE_S
        count = len(json.loads(batch.read_text()))
        while time.monotonic() < deadline:
            found = self.results(batch)
            if len(found) == count and all(item["op_status"] != "pending" for item in found.values()):
                return found
            time.sleep(0.1)
        raise AssertionError(f"not finished: {found}")


class NewClient(Command):
    def __init__(self, folder, local):
        super().__init__(folder)
        self.env = {**local.env, "ICECAT_CLIENT_ID": "newclient"}

    def __call__(self, *words, **changes):
        return super().__call__(*map(str, words), **{**self.env, **changes})


@pytest.fixture(scope="module")
def new_function(tmp_path_factory):
    """A stack that runs the function of this build."""
    program = binary().parents[1] / "lambda/bootstrap"
    if not program.is_file():
        pytest.skip(f"{program} is not built")
    local = Local(tmp_path_factory.mktemp("new") / "data", "--bootstrap", program).start()
    yield local
    assert local.stop() == 0


@pytest.fixture
def old_function(local, monkeypatch):
    """old_function(*keys) has the Python function judge them, one event each."""
    names = {"s3bucketSource": "S3BUCKET_SOURCE", "s3bucketDest": "S3BUCKET_DEST", "s3bucketFail": "S3BUCKET_FAIL",
             "dynamoDBTableName": "DYNAMODB_TABLE_NAME"}
    for name, value in {**local.env, **{old: local.env[new] for old, new in names.items()}}.items():
        monkeypatch.setenv(name, value)
    spec = importlib.util.spec_from_file_location("old_function", ROOT / "tests/bench/lambda_handler_boto3.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda *keys: [module.run({"Records": [{"s3": {"object": {"key": key}}}]}) for key in keys]


def rows_of(result):
    header, *lines = result.out.splitlines()
    return {pathlib.Path(row["file"]).name: row for row in
            (dict(zip(header.split("\t"), line.split("\t"))) for line in lines)}


def test_the_old_client_with_the_new_function(new_function, tmp_path):
    old = OldClient(new_function, tmp_path)
    batch = old.submit(SAMPLES / "tabby.jpg", SAMPLES / "owl.png", SAMPLES / "daisy.jpg")
    found = old.finished(batch)
    assert {name: item.get("rek_iscat") for name, item in found.items()} == {
        "tabby.jpg": "True", "owl.png": "False", "daisy.jpg": None}  # a WebP
    assert found["tabby.jpg"]["op_status"] == "success" and found["daisy.jpg"]["op_status"] == "fail"
    assert found["tabby.jpg"]["s3img_key"].startswith(new_function.env["S3BUCKET_DEST"] + "/")
    assert found["daisy.jpg"]["s3img_key"].startswith(new_function.env["S3BUCKET_FAIL"] + "/")
    assert int(found["tabby.jpg"]["ttl"]) == int(found["tabby.jpg"]["upload_ts"]) + 14 * 86400
    assert json.loads(found["tabby.jpg"]["rek_resp"])["Labels"][0]["Name"] == "Cat"
    assert "file_name" not in found["tabby.jpg"]  # that client did not send it

    new = NewClient(tmp_path, new_function)
    read = rows_of(new("results", "-b", batch, "-o", "plain"))
    assert {name: row["verdict"] for name, row in read.items()} == {
        "tabby.jpg": "cat", "owl.png": "not cat", "daisy.jpg": "failed"}


def test_the_old_clients_debug_uploads_get_logs(new_function, tmp_path):
    old = OldClient(new_function, tmp_path, debug=True)
    # Bytes of their own: within one second that client's ids are the same.
    (tmp_path / "debug.jpg").write_bytes(pictures.variant(pictures.sample("tabby.jpg"), 7))
    item = old.finished(old.submit(tmp_path / "debug.jpg"))["debug.jpg"]
    lines = json.loads(item["logs"])
    assert lines and all(isinstance(line, str) for line in lines)


def test_the_new_client_with_the_old_function(local, old_function, tmp_path):
    new = NewClient(tmp_path, local)
    for name in ("tabby.jpg", "owl.png"):
        (tmp_path / name).write_bytes((SAMPLES / name).read_bytes())
    assert new("bulkanalyse", "-f", tmp_path).code == 0
    batch, = (tmp_path / "logs").glob("newclient_batch-*.json")
    records = json.loads(batch.read_text())
    old_function(*[record["s3_key"] for record in records])

    result = new("bulkresults", "-b", batch, "-o", "plain")
    assert result.code == 0
    assert {name: row["verdict"] for name, row in rows_of(result).items()} == {"tabby.jpg": "cat", "owl.png": "not cat"}
    one = new("result", "-b", records[0]["batch_id"], "-p", records[1]["img_fprint"], "-o", "json")
    document = json.loads(one.out)["results"][0]
    assert document["verdict"] == "cat" and document["labels"][0]["name"] == "Cat"
    assert document["ttl"] == document["upload_ts"] + 1209600  # what that function meant

    # And the old client reads the new client's file, and takes its items.
    found = OldClient(local, tmp_path).results(batch)
    assert {name: item["rek_iscat"] for name, item in found.items()} == {"tabby.jpg": "True", "owl.png": "False"}


@pytest.mark.parametrize("old, cat", [({"op_status": {"S": "success"}, "rek_iscat": {"S": "False"}}, "False"),
                                      ({"op_status": {"S": "fail"}}, "True")], ids=["judged", "failed"])
def test_the_new_function_meets_a_record_of_the_old_one(new_function, tmp_path, old, cat):
    """Its verdict stands, whatever is in the picture; its failure, which a throttle may have been, does not."""
    client = OldClient(new_function, tmp_path)
    data = pictures.variant(pictures.sample("tabby.jpg"), len(cat))
    fingerprint, batch = hashlib.sha256(data).hexdigest(), 1744370000 + len(cat)
    key = f"{fingerprint}/{client.name}/batch-{batch}/2025-04-11-13/{batch}.jpg"
    place = f"{new_function.env['S3BUCKET_DEST']}/{key}" if cat == "False" else f"{client.bucket}/{key}"
    item = {"batch_id": {"N": str(batch)}, "img_fprint": {"S": fingerprint}, "client_id": {"S": client.name},
            "s3img_key": {"S": place}, "upload_ts": {"N": str(batch)}, "ttl": {"N": "1209600"}, **old}
    client.table.put_item(TableName=client.table_name, Item=item)
    client.s3.put_object(Bucket=new_function.env["S3BUCKET_DEST"], Key=key, Body=data)
    client.s3.put_object(Bucket=client.bucket, Key=key, Body=data)
    deadline = time.monotonic() + PATIENCE_S
    while client.s3.list_objects_v2(Bucket=client.bucket, Prefix=fingerprint)["KeyCount"] != 0:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    after = client.table.get_item(TableName=client.table_name, Key={name: item[name] for name in ("batch_id", "img_fprint")})["Item"]
    assert after["rek_iscat"]["S"] == cat and after["op_status"]["S"] == "success"
    assert (after == item) == (cat == "False")


def program_of_the_page():
    return re.search(r"^```python\n(.*?)^```", (ROOT / "docs/migration.md").read_text(encoding="utf-8"), re.M | re.S).group(1)


def test_the_pages_program_mends_the_ttl_and_nothing_else(start_local, tmp_path):
    local = start_local()
    table = local.client("dynamodb")
    name = local.env["DYNAMODB_TABLE_NAME"]
    key = {"batch_id": {"N": "1744377772"}, "img_fprint": {"S": "c0" * 32}}
    new = {"batch_id": {"N": "1744377773"}, "img_fprint": {"S": "c1" * 32}, "upload_ts": {"N": "1744377773"},
           "ttl": {"N": "1745587373"}, "op_status": {"S": "success"}}
    table.put_item(TableName=name, Item={**key, "upload_ts": {"N": "1744377772"}, "ttl": {"N": "1209600"},
                                         "op_status": {"S": "success"}, "rek_iscat": {"S": "True"}})
    table.put_item(TableName=name, Item=new)
    for number in range(40):
        table.put_item(TableName=name, Item={"batch_id": {"N": "1744377774"}, "img_fprint": {"S": f"{number:064d}"},
                                             "upload_ts": {"N": "1744377774"}, "ttl": {"N": "1209600"}})
    assert "Limit=1000" in program_of_the_page()
    (tmp_path / "mend.py").write_text(program_of_the_page().replace("Limit=1000", "Limit=7"))
    env = {**local.env, "AWS_CONFIG_FILE": "/dev/null", "PATH": "/usr/bin:/bin"}
    for changed in ("41", "0"):
        done = subprocess.run([sys.executable, "mend.py", name], cwd=tmp_path, env=env, capture_output=True, text=True,
                              timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == f"{changed} records\n"
    item = table.get_item(TableName=name, Key=key)["Item"]
    assert item["ttl"] == {"N": str(1744377772 + 1209600)} and item["rek_iscat"] == {"S": "True"}
    other = table.get_item(TableName=name, Key={n: new[n] for n in ("batch_id", "img_fprint")})["Item"]
    assert other == new


def commands_of_the_page():
    """The commands of "In place", one text each."""
    text = (ROOT / "docs/migration.md").read_text(encoding="utf-8").split("\n## In place\n")[1].split("\n## ")[0]
    block = re.search(r"^```\n(.*?)^```", text, re.M | re.S).group(1)
    return re.sub(r"\\\n\s*", "", block).splitlines() + re.findall(r"`(aws s3api put-bucket[^`]*file://old.json)`", text)


def test_the_commands_of_the_page_change_the_function_and_back(tmp_path):
    """Against moto, which knows notifications and functions but runs none."""
    from moto_server import MotoServer
    server = MotoServer(tmp_path / "moto.log")
    try:
        make = functools.partial(boto3.client, endpoint_url=server.url, region_name="us-east-1", aws_access_key_id="key",
                                 aws_secret_access_key="secret")
        role = make("iam").create_role(RoleName="old", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        make("s3").create_bucket(Bucket="old-source")
        old = {"LambdaFunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:old", "Events": ["s3:ObjectCreated:*"], "Id": "x"}
        make("s3").put_bucket_notification_configuration(Bucket="old-source",
                                                         NotificationConfiguration={"LambdaFunctionConfigurations": [old]})
        (tmp_path / "bootstrap.zip").write_bytes(b"PK\x05\x06" + b"\0" * 18)
        given = {"build/lambda/x86_64/bootstrap.zip": str(tmp_path / "bootstrap.zip"), "FUNCTION-ARN": old["LambdaFunctionArn"][:-3] + "icecat",
                 "ROLE-ARN": role, "SOURCE": "old-source", "DEST": "old-dest", "FAIL": "old-fail", "TABLE": "old", "ACCOUNT": "123456789012"}
        env = {"PATH": f"{pathlib.Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(tmp_path), "AWS_PAGER": "", "AWS_DEFAULT_REGION": "us-east-1",
               "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL": server.url}
        pack, *commands, back = commands_of_the_page()
        assert (ROOT / pack.split()[0]).is_file() and len(commands) == 4
        seen = []
        for command in [*commands, back]:
            for name, value in given.items():
                command = command.replace(name, value)
            done = subprocess.run(["sh", "-c", command], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
            assert done.returncode == 0, done.stderr
            now = make("s3").get_bucket_notification_configuration(Bucket="old-source")["LambdaFunctionConfigurations"]
            seen.append([each["LambdaFunctionArn"].rpartition(":")[2] for each in now])
        assert seen == [["old"], ["old"], ["old"], ["icecat"], ["old"]]
        function = make("lambda").get_function_configuration(FunctionName="icecat")
        assert function["Environment"]["Variables"]["s3bucketSource"] == "old-source"
    finally:
        server.stop()


@pytest.mark.parametrize("letter, most", [("B", 30), ("C", 23), ("I", 6)])
def test_every_fault_has_its_line(letter, most):
    lines = re.findall(rf"^\| {letter}(\d+) \|", (ROOT / "docs/migration.md").read_text(encoding="utf-8"), re.M)
    assert [int(number) for number in lines] == list(range(1, most + 1))
