"""The shape of the Python function, for comparison: boto3, clients made at the start, ten calls for an image."""
import hashlib
import http.client
import json
import os
import time
import urllib.parse

import boto3

endpoint = os.environ["AWS_ENDPOINT_URL"]
s3 = boto3.client("s3", endpoint_url=endpoint)
rekognition = boto3.client("rekognition", endpoint_url=endpoint)
dynamodb = boto3.client("dynamodb", endpoint_url=endpoint)
SOURCE, DEST, FAIL = (os.environ[name] for name in ("s3bucketSource", "s3bucketDest", "s3bucketFail"))
TABLE = os.environ["dynamoDBTableName"]


def update(identity, **values):
    dynamodb.update_item(
        TableName=TABLE, Key=identity,
        UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
        ExpressionAttributeNames={f"#{name}": name for name in values},
        ExpressionAttributeValues={f":{name}": value for name, value in values.items()})


def run(event):
    key = urllib.parse.unquote_plus(event["Records"][0]["s3"]["object"]["key"])
    for bucket in (SOURCE, DEST, FAIL):
        s3.head_bucket(Bucket=bucket)
    fingerprint, client, batch, hour, _ = key.split("/")
    identity = {"batch_id": {"N": batch.removeprefix("batch-")}, "img_fprint": {"S": fingerprint}}
    now = str(int(time.time()))
    dynamodb.put_item(TableName=TABLE, Item={
        **identity, "client_id": {"S": client}, "s3img_key": {"S": f"{SOURCE}/{key}"}, "op_status": {"S": "pending"},
        "current_date": {"S": hour}, "upload_ts": {"N": now}, "ttl": {"N": "1209600"}})
    data = s3.get_object(Bucket=SOURCE, Key=key)["Body"].read()
    assert hashlib.sha256(data).hexdigest() == fingerprint
    answer = rekognition.detect_labels(Image={"Bytes": data}, MaxLabels=10, MinConfidence=75)
    is_cat = any(label["Name"].lower() == "cat" for label in answer["Labels"])
    update(identity, rek_resp={"S": json.dumps(answer, indent=4)}, rek_iscat={"S": str(is_cat)}, rek_ts={"N": now})
    s3.copy_object(CopySource={"Bucket": SOURCE, "Key": key}, Bucket=DEST, Key=key)
    s3.delete_object(Bucket=SOURCE, Key=key)
    update(identity, op_status={"S": "success"}, s3img_key={"S": f"{DEST}/{key}"})


def main():
    base = "/2018-06-01/runtime/invocation"
    api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        api.request("GET", f"{base}/next")
        answer = api.getresponse()
        event = json.loads(answer.read())
        if "Records" in event:
            run(event)
        api.request("POST", f"{base}/{answer.headers['Lambda-Runtime-Aws-Request-Id']}/response", b"{}")
        api.getresponse().read()


if __name__ == "__main__":
    main()
