"""Sample pictures, and the object keys that a submission writes."""
import hashlib
import itertools
import pathlib
import time

SAMPLES = pathlib.Path(__file__).resolve().parent.parent / "examples" / "samples"

_numbers = itertools.count(1)


def sample(name):
    return (SAMPLES / name).read_bytes()


def variant(data, number):
    """Another file with the same pixels: a JPEG with a comment after its first marker."""
    assert data[:2] == b"\xff\xd8"
    text = b"number %08d" % number
    return data[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + data[2:]


def batch_id():
    """A batch of its own for every call."""
    return int(time.time()) * 1_000_000 + next(_numbers)


def key_of(data, batch, client="tester", extension="jpg"):
    seconds = batch // 1_000_000
    hour = time.strftime("%Y-%m-%d-%H", time.gmtime(seconds))
    return f"{hashlib.sha256(data).hexdigest()}/{client}/batch-{batch}/{hour}/{seconds}.{extension}"


def record_of(client, table, data, batch, consistent=True):
    """The record of a picture as plain texts, or None."""
    answer = client.get_item(
        TableName=table, ConsistentRead=consistent,
        Key={"batch_id": {"N": str(batch)}, "img_fprint": {"S": hashlib.sha256(data).hexdigest()}})
    item = answer.get("Item")
    return item and {name: next(iter(value.values())) for name, value in item.items()}


def keys_in(client, bucket):
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {item["Key"] for page in pages for item in page.get("Contents", [])}
