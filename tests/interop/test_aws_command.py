"""The aws command as a user types it after eval: DynamoDB, Rekognition and SSM without a special setting."""
import json
import types

from pictures import SAMPLES, batch_id


def test_the_table_is_described_written_and_queried(aws, local):
    table = local.env["DYNAMODB_TABLE_NAME"]
    described = json.loads(aws("dynamodb", "describe-table", "--table-name", table))["Table"]
    assert [key["AttributeName"] for key in described["KeySchema"]] == ["batch_id", "img_fprint"]
    batch = str(batch_id())
    for name in ("a", "b"):
        aws("dynamodb", "put-item", "--table-name", table, "--item",
            json.dumps({"batch_id": {"N": batch}, "img_fprint": {"S": name}, "op_status": {"S": "pending"}}))
    answer = json.loads(aws(
        "dynamodb", "query", "--table-name", table, "--key-condition-expression", "batch_id = :b",
        "--expression-attribute-values", json.dumps({":b": {"N": batch}})))
    assert [item["img_fprint"]["S"] for item in answer["Items"]] == ["a", "b"]
    assert answer["Count"] == 2


def test_labels_are_detected_in_a_file_and_in_an_object(aws, local):
    picture = SAMPLES / "tabby.jpg"
    labels = json.loads(aws("rekognition", "detect-labels", "--image-bytes", f"fileb://{picture}"))["Labels"]
    assert labels[0]["Name"] == "Cat"
    bucket = local.env["S3BUCKET_SOURCE"]
    aws("s3", "cp", picture, f"s3://{bucket}/by-hand.jpg")
    image = json.dumps({"S3Object": {"Bucket": bucket, "Name": "by-hand.jpg"}})
    assert json.loads(aws("rekognition", "detect-labels", "--image", image))["Labels"] == labels


def test_the_settings_of_the_pipeline_are_parameters(aws, local):
    name = "/stablecaps/dev/cat-wrangler/DYNAMODB_TABLE_NAME"
    answer = json.loads(aws("ssm", "get-parameters", "--names", name, "/nobody/knows"))
    assert [p["Value"] for p in answer["Parameters"]] == [local.env["DYNAMODB_TABLE_NAME"]]
    assert answer["InvalidParameters"] == ["/nobody/knows"]


def test_a_wrong_secret_is_refused_by_every_service(aws_of, local):
    stranger = types.SimpleNamespace(
        env={**local.env, "AWS_SECRET_ACCESS_KEY": "wrong"}, url=local.url, log_text=local.log_text)
    aws = aws_of(stranger)
    table = local.env["DYNAMODB_TABLE_NAME"]
    assert "SignatureDoesNotMatch" in aws("s3api", "list-buckets", code=255)
    assert "InvalidSignatureException" in aws("dynamodb", "describe-table", "--table-name", table, code=255)
    assert "InvalidSignatureException" in aws("ssm", "get-parameter", "--name", "/a", code=255)
