"""The S3 of icecat-local as boto3 and the aws command see it, with no setting but address, keys and region."""
import base64
import hashlib
import io
import os
import urllib.error
import urllib.request
import zlib

import boto3
import botocore.exceptions
import pytest

MIB = 1024 * 1024
ODD_KEYS = [
    "plain.jpg", "with space.jpg", "a+b.jpg", "ünï/cødé 🐱.jpg", "a//b", "/leading", "trailing/", "..", "a/../b", "./c",
    "~tilde~", "100%.jpg", "%41.jpg", "q?x=1&y=2#frag", "semi;colon,comma", "quote'\"back\\slash", "<tag>&amp;", "tab\there",
    "line\nbreak", "k" * 1024,
]


def code_of(caught):
    return caught.value.response["Error"]["Code"]


def status_of(caught):
    return caught.value.response["ResponseMetadata"]["HTTPStatusCode"]


def noise(size, seed=1):
    """Bytes that are the same in every run and that no part repeats."""
    return hashlib.shake_128(str(seed).encode()).digest(size)


@pytest.fixture(scope="module")
def s3(local):
    return local.client("s3")


@pytest.fixture
def bucket(s3, request):
    name = "t-" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:20]
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    return name


# ---- the client


def test_put_get_and_head_with_metadata(s3, bucket):
    put = s3.put_object(Bucket=bucket, Key="tom.jpg", Body=b"hello", ContentType="image/jpeg", CacheControl="no-cache",
                        ContentDisposition="inline", ContentEncoding="gzip", ContentLanguage="de",
                        Metadata={"Original-File-Name": "tom%20cat.jpg", "n": "1"})
    assert put["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
    assert put["ChecksumCRC32"] == base64.b64encode(zlib.crc32(b"hello").to_bytes(4, "big")).decode()
    got = s3.get_object(Bucket=bucket, Key="tom.jpg")
    assert got["Body"].read() == b"hello"
    head = s3.head_object(Bucket=bucket, Key="tom.jpg")
    for answer in (got, head):
        assert answer["ContentType"] == "image/jpeg"
        assert answer["ContentLength"] == 5
        assert answer["CacheControl"] == "no-cache"
        assert answer["ContentDisposition"] == "inline"
        assert answer["ContentEncoding"] == "gzip"
        assert answer["ContentLanguage"] == "de"
        assert answer["Metadata"] == {"original-file-name": "tom%20cat.jpg", "n": "1"}
        assert answer["ResponseMetadata"]["RequestId"]
    changed = s3.get_object(Bucket=bucket, Key="tom.jpg", ResponseContentType="text/plain",
                            ResponseContentDisposition='attachment; filename="a.txt"')
    assert changed["ContentType"] == "text/plain"
    assert changed["ContentDisposition"] == 'attachment; filename="a.txt"'


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_checksums_go_in_and_come_out(local, s3, bucket, algorithm):
    given = {"CRC32": "y/Q5Jg==", "CRC32C": "4waSgw==", "CRC64NVME": "rosUhgp5mIg=",
             "SHA1": base64.b64encode(hashlib.sha1(b"123456789").digest()).decode(),
             "SHA256": base64.b64encode(hashlib.sha256(b"123456789").digest()).decode()}[algorithm]
    field = f"Checksum{algorithm}"
    assert s3.put_object(Bucket=bucket, Key="k", Body=b"123456789", **{field: given})[field] == given
    head = s3.head_object(Bucket=bucket, Key="k", ChecksumMode="ENABLED")
    assert head[field] == given
    assert head["ChecksumType"] == "FULL_OBJECT"
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        local.once("s3").put_object(Bucket=bucket, Key="k", Body=b"12345678X", **{field: given})
    assert (status_of(caught), code_of(caught)) == (400, "BadDigest")
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"123456789"


def test_odd_keys(s3, bucket):
    for key in ODD_KEYS:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode())
    for key in ODD_KEYS:
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == key.encode(), key
    listed = [item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert listed == sorted(ODD_KEYS, key=str.encode)
    listed = [item["Key"] for item in s3.list_objects(Bucket=bucket)["Contents"]]
    assert listed == sorted(ODD_KEYS, key=str.encode)
    for key in ODD_KEYS:
        if len(key) < 1000:
            s3.copy_object(Bucket=bucket, Key="copy/" + key, CopySource={"Bucket": bucket, "Key": key})
            assert s3.get_object(Bucket=bucket, Key="copy/" + key)["Body"].read() == key.encode(), key
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in ODD_KEYS]})
    assert "Errors" not in answer
    assert [item["Key"] for item in answer["Deleted"]] == ODD_KEYS
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.put_object(Bucket=bucket, Key="k" * 1025, Body=b"")
    assert code_of(caught) == "KeyTooLongError"


def test_ranges(s3, bucket):
    s3.put_object(Bucket=bucket, Key="k", Body=b"0123456789")
    part = s3.get_object(Bucket=bucket, Key="k", Range="bytes=2-4")
    assert part["Body"].read() == b"234"
    assert part["ContentRange"] == "bytes 2-4/10"
    assert s3.get_object(Bucket=bucket, Key="k", Range="bytes=-3")["Body"].read() == b"789"
    assert s3.get_object(Bucket=bucket, Key="k", Range="bytes=8-99")["Body"].read() == b"89"
    assert s3.head_object(Bucket=bucket, Key="k", Range="bytes=2-4")["ContentLength"] == 3
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.get_object(Bucket=bucket, Key="k", Range="bytes=10-")
    assert code_of(caught) == "InvalidRange"
    assert status_of(caught) == 416


def test_conditional_writes(s3, bucket):
    first = s3.put_object(Bucket=bucket, Key="k", Body=b"one", IfNoneMatch="*")
    for condition in ({"IfNoneMatch": "*"}, {"IfMatch": '"0123"'}):
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            s3.put_object(Bucket=bucket, Key="k", Body=b"two", **condition)
        assert code_of(caught) == "PreconditionFailed"
        assert status_of(caught) == 412
    s3.put_object(Bucket=bucket, Key="k", Body=b"two", IfMatch=first["ETag"])
    assert s3.get_object(Bucket=bucket, Key="k")["Body"].read() == b"two"
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.get_object(Bucket=bucket, Key="k", IfMatch=first["ETag"])
    assert status_of(caught) == 412
    head = s3.head_object(Bucket=bucket, Key="k")
    for condition in ({"IfNoneMatch": head["ETag"]}, {"IfModifiedSince": head["LastModified"]}):
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            s3.get_object(Bucket=bucket, Key="k", **condition)
        assert status_of(caught) == 304


def test_absent_things(s3, bucket):
    with pytest.raises(s3.exceptions.NoSuchKey) as caught:
        s3.get_object(Bucket=bucket, Key="none")
    assert caught.value.response["Error"]["Key"] == "none"
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.head_object(Bucket=bucket, Key="none")
    assert code_of(caught) == "404"
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.list_objects_v2(Bucket="no-such-bucket")
    assert s3.delete_object(Bucket=bucket, Key="none")["ResponseMetadata"]["HTTPStatusCode"] == 204


def test_copies(s3, bucket):
    s3.put_object(Bucket=bucket, Key="a", Body=b"hello", ContentType="image/png", Metadata={"n": "1"})
    copied = s3.copy_object(Bucket=bucket, Key="b", CopySource=f"{bucket}/a")
    assert copied["CopyObjectResult"]["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
    head = s3.head_object(Bucket=bucket, Key="b")
    assert (head["ContentType"], head["Metadata"]) == ("image/png", {"n": "1"})
    s3.copy_object(Bucket=bucket, Key="b", CopySource=f"/{bucket}/b", MetadataDirective="REPLACE", Metadata={"m": "2"})
    head = s3.head_object(Bucket=bucket, Key="b")
    assert (head["ContentType"], head["Metadata"]) == ("binary/octet-stream", {"m": "2"})
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.copy_object(Bucket=bucket, Key="b", CopySource=f"{bucket}/b")
    assert code_of(caught) == "InvalidRequest"


def test_buckets(s3, bucket):
    assert bucket in [item["Name"] for item in s3.list_buckets()["Buckets"]]
    assert s3.head_bucket(Bucket=bucket)["BucketRegion"] == s3.meta.region_name
    location = s3.get_bucket_location(Bucket=bucket)["LocationConstraint"]
    assert location == (None if s3.meta.region_name == "us-east-1" else s3.meta.region_name)
    with pytest.raises(s3.exceptions.BucketAlreadyOwnedByYou):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.create_bucket(Bucket="elsewhere", CreateBucketConfiguration={"LocationConstraint": "ap-south-1"})
    assert code_of(caught) == "IllegalLocationConstraintException"
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.delete_bucket(Bucket=bucket)
    assert code_of(caught) == "BucketNotEmpty"
    s3.delete_object(Bucket=bucket, Key="k")
    s3.delete_bucket(Bucket=bucket)
    s3.get_waiter("bucket_not_exists").wait(Bucket=bucket, WaiterConfig={"MaxAttempts": 1})


def test_probes(s3, bucket):
    assert "Status" not in s3.get_bucket_versioning(Bucket=bucket)
    assert s3.get_bucket_acl(Bucket=bucket)["Grants"][0]["Permission"] == "FULL_CONTROL"
    for call, code in ((s3.get_bucket_tagging, "NoSuchTagSet"), (s3.get_bucket_cors, "NoSuchCORSConfiguration"),
                       (s3.get_bucket_policy, "NoSuchBucketPolicy"),
                       (s3.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration"),
                       (s3.get_bucket_encryption, "ServerSideEncryptionConfigurationNotFoundError"),
                       (s3.get_object_lock_configuration, "ObjectLockConfigurationNotFoundError"),
                       (s3.get_public_access_block, "NoSuchPublicAccessBlockConfiguration")):
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            call(Bucket=bucket)
        assert code_of(caught) == code
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.put_object(Bucket=bucket, Key="k", Body=b"", ServerSideEncryption="AES256")
    assert code_of(caught) == "NotImplemented"


def test_pages(s3, bucket):
    keys = [f"{folder}/{number:02}" for folder in "abc" for number in range(15)]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=b"")
    for operation in ("list_objects_v2", "list_objects"):
        pages = s3.get_paginator(operation).paginate(Bucket=bucket, PaginationConfig={"PageSize": 7})
        assert [item["Key"] for page in pages for item in page["Contents"]] == keys
        pages = list(s3.get_paginator(operation).paginate(Bucket=bucket, Delimiter="/", PaginationConfig={"PageSize": 2}))
        assert [item["Prefix"] for page in pages for item in page["CommonPrefixes"]] == ["a/", "b/", "c/"]
        assert len(pages) == 2


def test_multipart_by_hand(s3, bucket):
    first, second = noise(5 * MIB), b"end"
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k", Metadata={"n": "1"})["UploadId"]
    assert [item["UploadId"] for item in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]] == [upload]
    parts = []
    for number, body in enumerate((first, second), 1):
        etag = s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=number, Body=body)["ETag"]
        parts.append({"PartNumber": number, "ETag": etag})
    listed = s3.list_parts(Bucket=bucket, Key="k", UploadId=upload)["Parts"]
    assert [(item["PartNumber"], item["ETag"], item["Size"]) for item in listed] == [
        (1, parts[0]["ETag"], 5 * MIB), (2, parts[1]["ETag"], 3)]
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": parts[::-1]})
    assert code_of(caught) in ("InvalidPartOrder", "EntityTooSmall")
    done = s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": parts})
    digests = b"".join(hashlib.md5(body).digest() for body in (first, second))
    assert done["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-2"'
    got = s3.get_object(Bucket=bucket, Key="k")
    assert got["Metadata"] == {"n": "1"}
    assert got["Body"].read() == first + second
    upload = s3.create_multipart_upload(Bucket=bucket, Key="other")["UploadId"]
    s3.abort_multipart_upload(Bucket=bucket, Key="other", UploadId=upload)
    with pytest.raises(s3.exceptions.NoSuchUpload):
        s3.list_parts(Bucket=bucket, Key="other", UploadId=upload)


def test_transfers_of_20_mb(s3, bucket, tmp_path):
    body = noise(20 * MIB)
    (tmp_path / "in").write_bytes(body)
    s3.upload_file(str(tmp_path / "in"), bucket, "file", ExtraArgs={"ContentType": "image/jpeg"})
    head = s3.head_object(Bucket=bucket, Key="file")
    assert (head["ContentLength"], head["ContentType"]) == (len(body), "image/jpeg")
    assert head["ETag"].endswith('-3"')
    s3.download_file(bucket, "file", str(tmp_path / "out"))
    assert (tmp_path / "out").read_bytes() == body
    s3.copy({"Bucket": bucket, "Key": "file"}, bucket, "copy")
    got = io.BytesIO()
    s3.download_fileobj(bucket, "copy", got)
    assert got.getvalue() == body


class Stream(io.RawIOBase):
    """Bytes that can be read once and not sought, as from a pipe."""

    def __init__(self, body):
        super().__init__()
        self._body = io.BytesIO(body)

    def readable(self):
        return True

    def readinto(self, buffer):
        return self._body.readinto(buffer)


@pytest.mark.parametrize("size", [0, 10, 9 * MIB])
def test_upload_of_a_stream(s3, bucket, size):
    body = noise(size, seed=2)
    s3.upload_fileobj(Stream(body), bucket, "stream")
    assert s3.get_object(Bucket=bucket, Key="stream")["Body"].read() == body


def test_presigned(local):
    client = local.client("s3")
    name = client.list_buckets()["Buckets"][0]["Name"]
    client.put_object(Bucket=name, Key="a b+ü.txt", Body=b"hello")
    url = client.generate_presigned_url("get_object", Params={"Bucket": name, "Key": "a b+ü.txt",
                                                              "ResponseContentType": "text/html"}, ExpiresIn=60)
    with urllib.request.urlopen(url, timeout=10) as answer:
        assert answer.read() == b"hello"
        assert answer.headers["Content-Type"] == "text/html"
    url = client.generate_presigned_url("put_object", Params={"Bucket": name, "Key": "up"}, ExpiresIn=60)
    with urllib.request.urlopen(urllib.request.Request(url, data=b"sent", method="PUT"), timeout=10) as answer:
        assert answer.status == 200
    assert client.get_object(Bucket=name, Key="up")["Body"].read() == b"sent"
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url.replace("/up?", "/other?"), timeout=10)
    with caught.value:
        assert caught.value.code == 403
        assert b"<Code>SignatureDoesNotMatch</Code>" in caught.value.read()


def test_old_signatures_are_refused_as_aws_does(start_local):
    """In the regions that are older than SigV4, boto3 presigns with SigV2 when nothing is set."""
    older = start_local("--region", "eu-west-1")
    client = older.client("s3")
    url = client.generate_presigned_url("get_object", Params={"Bucket": older.env["S3BUCKET_SOURCE"], "Key": "k"})
    assert "AWSAccessKeyId=" in url
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url, timeout=10)
    with caught.value:
        assert caught.value.code == 400
        assert b"<Message>The authorization mechanism you have provided is not supported. Please use " \
               b"AWS4-HMAC-SHA256.</Message>" in caught.value.read()


def test_aws_s3_presign(aws):
    aws("s3", "mb", "s3://presign-bucket")
    aws("s3", "cp", "-", "s3://presign-bucket/piped", stdin=b"from a pipe")
    with urllib.request.urlopen(aws("s3", "presign", "s3://presign-bucket/piped").strip(), timeout=10) as answer:
        assert answer.read() == b"from a pipe"


def test_kept_over_a_restart(start_local, tmp_path):
    body = noise(9 * MIB, seed=3)
    running = start_local(data=tmp_path / "kept")
    client = running.client("s3")
    name = client.list_buckets()["Buckets"][0]["Name"]
    client.upload_fileobj(io.BytesIO(body), name, "kept.bin", ExtraArgs={"Metadata": {"n": "1"}})
    running.stop(9)
    client = running.start().client("s3")
    got = client.get_object(Bucket=name, Key="kept.bin")
    assert got["Body"].read() == body
    assert got["Metadata"] == {"n": "1"}


# ---- the resource


def test_resource(local):
    resource = boto3.session.Session().resource(
        "s3", endpoint_url=local.url, region_name=local.env["AWS_REGION"],
        aws_access_key_id=local.env["AWS_ACCESS_KEY_ID"], aws_secret_access_key=local.env["AWS_SECRET_ACCESS_KEY"])
    bucket = resource.create_bucket(Bucket="resource-bucket", CreateBucketConfiguration={
        "LocationConstraint": local.env["AWS_REGION"]})
    for number in range(12):
        bucket.put_object(Key=f"x/{number:02}", Body=str(number).encode())
    assert [item.key for item in bucket.objects.filter(Prefix="x/1")] == ["x/10", "x/11"]
    thing = bucket.Object("x/03")
    assert (thing.content_length, thing.get()["Body"].read()) == (1, b"3")
    bucket.Object("y").copy_from(CopySource={"Bucket": bucket.name, "Key": "x/03"})
    thing.delete()
    assert sum(1 for _ in bucket.objects.page_size(5)) == 12
    bucket.objects.delete()
    assert list(bucket.objects.all()) == []
    bucket.delete()


# ---- the aws command


def test_aws_s3(aws, tmp_path):
    small, large = tmp_path / "small file.txt", tmp_path / "large.bin"
    small.write_bytes(b"hello")
    large.write_bytes(noise(20 * MIB, seed=4))
    aws("s3", "mb", "s3://cli-bucket")
    aws("s3", "cp", small, "s3://cli-bucket/dir/small file.txt", "--metadata", "n=1")
    aws("s3", "cp", large, "s3://cli-bucket/large.bin")
    assert "large.bin" in aws("s3", "ls", "s3://cli-bucket")
    assert "PRE dir/" in aws("s3", "ls", "s3://cli-bucket")
    assert "5 dir/small file.txt" in aws("s3", "ls", "s3://cli-bucket", "--recursive")
    aws("s3", "cp", "s3://cli-bucket/large.bin", tmp_path / "back.bin")
    assert (tmp_path / "back.bin").read_bytes() == large.read_bytes()
    aws("s3", "cp", "s3://cli-bucket/large.bin", "s3://cli-bucket/copy.bin")
    aws("s3", "mv", "s3://cli-bucket/copy.bin", "s3://cli-bucket/moved.bin")
    assert aws("s3", "cp", "s3://cli-bucket/dir/small file.txt", "-") == "hello"
    aws("s3", "cp", "-", "s3://cli-bucket/piped", stdin=b"from a pipe")
    assert aws("s3", "cp", "s3://cli-bucket/piped", "-") == "from a pipe"
    assert "BucketNotEmpty" in aws("s3", "rb", "s3://cli-bucket", code=1)
    aws("s3", "rm", "s3://cli-bucket", "--recursive")
    assert aws("s3", "ls", "s3://cli-bucket") == ""
    aws("s3", "rb", "s3://cli-bucket")
    assert "NoSuchBucket" in aws("s3", "ls", "s3://cli-bucket", code=255)


def test_aws_s3_sync(aws, tmp_path):
    tree = tmp_path / "tree"
    for name in ("a.txt", "sub/b c.txt", "sub/deep/ü+.txt"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(name)
        os.utime(tree / name, (1_700_000_000, 1_700_000_000))  # S3 tells whole seconds: a newer file would go again
    aws("s3", "mb", "s3://sync-bucket")
    assert aws("s3", "sync", tree, "s3://sync-bucket/x").count("upload:") == 3
    assert aws("s3", "sync", tree, "s3://sync-bucket/x") == ""
    assert aws("s3", "sync", "s3://sync-bucket/x", tmp_path / "back").count("download:") == 3
    assert (tmp_path / "back/sub/deep/ü+.txt").read_text() == "sub/deep/ü+.txt"
    (tree / "a.txt").unlink()
    assert "delete:" in aws("s3", "sync", tree, "s3://sync-bucket/x", "--delete")
    aws("s3", "rb", "s3://sync-bucket", "--force")


def test_aws_s3api(aws, tmp_path):
    (tmp_path / "in").write_bytes(b"0123456789")
    where = ("--bucket", "api-bucket", "--key", "k")
    aws("s3", "mb", "s3://api-bucket")
    aws("s3api", "put-object", *where, "--body", tmp_path / "in", "--metadata", "n=1", "--content-type", "image/png")
    assert '"image/png"' in aws("s3api", "head-object", *where)
    assert '"bytes 2-4/10"' in aws("s3api", "get-object", *where, "--range", "bytes=2-4", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"234"
    assert "PreconditionFailed" in aws("s3api", "put-object", *where, "--body", tmp_path / "in", "--if-none-match", "*",
                                       code=255)
    aws("s3api", "copy-object", "--bucket", "api-bucket", "--key", "c", "--copy-source", "api-bucket/k")
    listed = aws("s3api", "list-objects-v2", "--bucket", "api-bucket", "--query", "Contents[].Key", "--output", "text")
    assert listed.split() == ["c", "k"]
    aws("s3api", "delete-objects", "--bucket", "api-bucket", "--delete", "Objects=[{Key=c},{Key=k}]")
    aws("s3api", "wait", "object-not-exists", *where)
    aws("s3api", "delete-bucket", "--bucket", "api-bucket")
