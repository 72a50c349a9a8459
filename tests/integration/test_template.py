"""The template of the deployment: rules of its own, what it allows against what the code asks, a stack in moto."""
import functools
import json
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "examples/lambda/template.yaml"
DEPLOY = ROOT / "examples/lambda/deploy.sh"
sys.path.insert(0, str(ROOT / "tests/interop"))

DAYS = 14
BUCKETS = ("BucketSource", "BucketDest", "BucketFail")


@functools.cache
def template():
    """The template as cfn-lint reads it: short forms (!Ref) become long ones."""
    from cfnlint.decode import cfn_yaml
    return json.loads(json.dumps(cfn_yaml.load(str(TEMPLATE))))


def resource(name):
    return template()["Resources"][name]["Properties"]


def of_type(kind):
    return {name: each for name, each in template()["Resources"].items() if each["Type"] == kind}


# ---- rules


def test_cfn_lint_is_content():
    done = subprocess.run([str(pathlib.Path(sys.executable).with_name("cfn-lint")), "--", str(TEMPLATE)],
                          capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("name", BUCKETS)
def test_buckets_are_private_encrypted_and_expire(name):
    bucket = resource(name)
    assert set(bucket["PublicAccessBlockConfiguration"].values()) in ({True}, {"true"})
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], int(rule["ExpirationInDays"])) == ("Enabled", DAYS)
    (policy,) = [each["Properties"] for each in of_type("AWS::S3::BucketPolicy").values()
                 if each["Properties"]["Bucket"] == {"Ref": name}]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert template()["Resources"][name]["DeletionPolicy"] == "Retain"


def events(name):
    return {each["Event"] for each in resource(name)["NotificationConfiguration"]["QueueConfigurations"]}


def test_the_functions_own_deletes_are_no_events():
    """A removal in the source bucket is the end of every move; it must never come back."""
    assert events("BucketSource") == {"s3:ObjectCreated:*"}
    assert events("BucketDest") == events("BucketFail") == {"s3:ObjectRemoved:*", "s3:LifecycleExpiration:*"}


def test_b01_records_live_as_long_as_objects():
    variables = resource("Function")["Environment"]["Variables"]
    assert int(variables["dynamoDBTTL"]) == DAYS * 86400
    ttl = resource("Table")["TimeToLiveSpecification"]
    assert (ttl["AttributeName"], ttl["Enabled"]) == ("ttl", True)


def test_the_table_has_the_contracts_keys():
    table = resource("Table")

    def keys(schema):
        return {each["KeyType"]: each["AttributeName"] for each in schema}

    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    assert keys(table["KeySchema"]) == {"HASH": "batch_id", "RANGE": "img_fprint"}
    assert (types["batch_id"], types["img_fprint"], types["upload_ts"]) == ("N", "S", "N")
    assert {each["IndexName"]: keys(each["KeySchema"]) for each in table["GlobalSecondaryIndexes"]} == {
        "GSI2": {"HASH": "client_id", "RANGE": "upload_ts"},
        "GSI4": {"HASH": "batch_id", "RANGE": "op_status"},
        "GSI5": {"HASH": "rek_iscat", "RANGE": "upload_ts"}}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_b28_an_index_has_what_a_search_shows_and_no_more():
    """Two values are the whole partition key of GSI5: what is written to it is kept small."""
    source = (ROOT / "lib/pipeline/results_read.c").read_text()
    macro = re.search(r"#define BASE_ATTRIBUTES((?:.*\\\n)+.*\n)", source).group(1)
    shown = set(re.findall(r"[a-z_0-9]{3,}", "".join(re.findall(r'"([^"]*)"', macro))))
    assert {"img_fprint", "labels", "ttl"} <= shown and not {"rek_resp", "logs"} & shown
    table = resource("Table")
    primary = {each["AttributeName"] for each in table["KeySchema"]}
    for index in table["GlobalSecondaryIndexes"]:
        keys = primary | {each["AttributeName"] for each in index["KeySchema"]}
        assert index["Projection"]["ProjectionType"] == "INCLUDE"
        assert set(index["Projection"]["NonKeyAttributes"]) == shown - keys, index["IndexName"]
        assert len(index["Projection"]["NonKeyAttributes"]) <= 20


def test_the_queue_gives_the_function_its_time():
    queue, function, source = resource("Queue"), resource("Function"), resource("EventSource")
    assert int(queue["VisibilityTimeout"]) >= 6 * int(function["Timeout"])
    assert int(queue["RedrivePolicy"]["maxReceiveCount"]) >= 5
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["DeadLetters", "Arn"]}
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["ScalingConfig"]["MaximumConcurrency"] == {"Ref": "MaximumConcurrency"}
    assert "ReservedConcurrentExecutions" not in function
    assert (function["Runtime"], function["Architectures"]) == ("provided.al2023", [{"Ref": "Architecture"}])


def test_every_alarm_tells_the_topic_and_watches_something_there():
    alarms = of_type("AWS::CloudWatch::Alarm")
    watched = {(each["Properties"]["Namespace"], each["Properties"]["MetricName"]) for each in alarms.values()}
    assert {("AWS/SQS", "ApproximateNumberOfMessagesVisible"), ("AWS/SQS", "ApproximateAgeOfOldestMessage"),
            ("AWS/Lambda", "Errors"), ("AWS/Lambda", "Throttles")} <= watched
    for each in alarms.values():
        assert each["Properties"]["AlarmActions"] == [
            {"Fn::If": ["HasAlarmTopic", {"Ref": "AlarmTopicArn"}, {"Ref": "AWS::NoValue"}]}]


def test_the_dashboard_names_the_metrics_that_the_function_writes():
    source = (ROOT / "examples/lambda/metrics.c").read_text()
    written = set(re.findall(r'^\s*\{ "(\w+)", metrics->', source, re.M)) | {"Latency"}
    body = resource("Dashboard")["DashboardBody"]["Fn::Sub"]
    shown = json.loads(re.sub(r"\$\{[^}]*\}", "x", body))
    names = {metric[1] for widget in shown["widgets"] for metric in widget["properties"]["metrics"]
             if len(metric) > 1 and isinstance(metric[1], str)}
    assert len(written) == 8
    assert written <= names


def test_the_environment_is_what_the_function_reads():
    source = (ROOT / "examples/lambda/settings.c").read_text()
    read = set(re.findall(r'"((?:s3bucket|dynamoDB|rek)\w+)"', source))
    given = set(resource("Function")["Environment"]["Variables"])
    assert given <= read
    assert {"s3bucketSource", "s3bucketDest", "s3bucketFail", "dynamoDBTableName"} <= given


def test_parameters_have_the_names_that_the_command_reads():
    wanted = re.findall(r'SETTING\(\w+, "(\w+)",[^)]*?, SHOW_\w+,\s*1,', (ROOT / "examples/cli/config.def").read_text())
    names = {each["Properties"]["Name"]["Fn::Sub"] for each in of_type("AWS::SSM::Parameter").values()}
    assert len(wanted) >= 3
    assert {"${ParameterPrefix}" + name for name in wanted} <= names
    assert template()["Parameters"]["ParameterPrefix"]["Default"] == "/stablecaps/dev/cat-wrangler/"


# ---- permissions against calls

# Submission builds its requests itself, to send many at once.
CALL = re.compile(r"\b(?:icecat|ic)_(s3|dynamodb|rekognition|ssm)_(\w+)\(")
SAME = {"put_request": "put_object"}
# What an operation of S3 needs beside the action of its own name.
S3_ACTIONS = {"head_object": {"s3:GetObject"}, "copy_object": {"s3:GetObject", "s3:PutObject"},
              "get_object": {"s3:GetObject"}, "put_object": {"s3:PutObject"}, "delete_object": {"s3:DeleteObject"}}
OPERATIONS = {"batch_get": "BatchGetItem", "detect_labels_s3": "DetectLabels", "get_parameters": "GetParameters"}


def operations():
    """Function of the library -> actions that it needs; from the declarations, for those that send requests."""
    found = {}
    for service in ("s3", "dynamodb", "rekognition", "ssm"):
        header = (ROOT / f"include/icecat/{service}.h").read_text()
        for name in re.findall(rf"ICECAT_API icecat_status\s+icecat_{service}_(\w+)\(\s*icecat_client \*", header):
            operation = OPERATIONS.get(name) or "".join(part.capitalize() for part in name.split("_"))
            actions = S3_ACTIONS.get(name, set()) if service == "s3" else {f"{service}:{operation}"}
            found[service, name] = actions
    return found


def asked(*patterns):
    known = operations()
    actions = set()
    for pattern in patterns:
        files = list(ROOT.glob(pattern))
        assert files, pattern
        for file in files:
            for service, name in CALL.findall(file.read_text()):
                actions |= known.get((service, SAME.get(name, name)), set())
    return actions


def test_operations_are_those_of_the_services():
    """The table above is complete, and an operation's name is one that the library sends."""
    sent = "".join(file.read_text() for file in (ROOT / "lib/services").glob("*.c"))
    assert len(operations()) >= 14
    for (service, name), actions in operations().items():
        assert actions or name == "presign", name
        if service != "s3":
            (action,) = actions
            assert f'"{action.split(":")[1]}"' in sent, action


def allowed(statements):
    found = {}
    for statement in statements:
        assert statement["Effect"] == "Allow"
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            assert "*" not in action
            found[action] = statement["Resource"]
    return found


def test_the_role_allows_exactly_what_the_function_asks():
    (policy,) = resource("Role")["Policies"]
    role = allowed(policy["PolicyDocument"]["Statement"])
    code = asked("lib/pipeline/process*.c", "examples/lambda/*.c")
    poller = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
    runtime = {"logs:CreateLogStream", "logs:PutLogEvents"}
    assert set(role) == code | poller | runtime | {"s3:ListBucket"}
    assert {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "s3:DeleteObject"} <= code
    wide = [action for action, resource in role.items() if resource == "*"]
    assert wide == ["rekognition:DetectLabels"]


def test_b26_no_acl_is_needed():
    """The Python function needed s3:PutObjectAcl, and buckets with ACLs."""
    assert "Acl:" not in TEMPLATE.read_text() and "ObjectAcl" not in TEMPLATE.read_text()
    for file in list((ROOT / "lib").rglob("*.c")) + list((ROOT / "examples/lambda").glob("*.c")):
        assert "x-amz-acl" not in file.read_text().lower(), file


def test_the_clients_policy_allows_exactly_what_the_command_asks():
    client = allowed(resource("ClientPolicy")["PolicyDocument"]["Statement"])
    code = asked("lib/pipeline/submit*.c", "lib/pipeline/results*.c", "lib/pipeline/wait.c", "examples/cli/ssm_config.c")
    assert set(client) == code
    assert set(allowed(resource("DetectPolicy")["PolicyDocument"]["Statement"])) == {"rekognition:DetectLabels"}
    assert template()["Resources"]["DetectPolicy"]["Condition"] == "MayDetect"


# ---- a stack


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    from moto_server import MotoServer
    server = MotoServer(tmp_path_factory.mktemp("moto") / "moto.log")
    yield server
    server.stop()


@pytest.fixture
def deploy(moto, tmp_path):
    """deploy(*arguments) runs deploy.sh against moto; its lines come back."""
    zip_file = tmp_path / "bootstrap.zip"
    zip_file.write_bytes(b"PK\x05\x06" + b"\0" * 18)

    def run(*arguments, code=0):
        environment = {"PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(tmp_path),
                       "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-central-1",
                       "AWS_ENDPOINT_URL": moto.url, "AWS_PAGER": ""}
        done = subprocess.run([str(DEPLOY), *arguments], env=environment, capture_output=True, text=True, timeout=150, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stderr

    run.zip = zip_file
    return run


def client(moto, service):
    import boto3
    return boto3.client(service, endpoint_url=moto.url, region_name="eu-central-1",
                        aws_access_key_id="key", aws_secret_access_key="secret")


UNKNOWN_TO_MOTO = {"AWS::CloudWatch::Alarm", "AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"}


def stack_of(moto, name):
    (stack,) = client(moto, "cloudformation").describe_stacks(StackName=name)["Stacks"]
    return stack


def code_key(moto):
    return {each["ParameterKey"]: each["ParameterValue"] for each in stack_of(moto, "icecat")["Parameters"]}["CodeKey"]


def variables(moto, function="icecat-bulkimg-analyse"):
    return client(moto, "lambda").get_function_configuration(FunctionName=function)["Environment"]["Variables"]


def test_deploy_makes_the_stack_updates_it_and_rolls_back(moto, deploy):
    """One script from nothing to the stack. moto ignores alarms and policies, so these are checked above."""
    deploy("--zip", str(deploy.zip), "Label=Dog")
    first = code_key(moto)
    assert first.startswith("bootstrap-arm64-")
    resources = client(moto, "cloudformation").describe_stack_resources(StackName="icecat")["StackResources"]
    made = {each.get("LogicalResourceId") for each in resources} - {None}
    assert made == {name for name, each in template()["Resources"].items()
                    if each["Type"] not in UNKNOWN_TO_MOTO} - {"DetectPolicy"}
    (mapping,) = client(moto, "lambda").list_event_source_mappings(FunctionName="icecat-bulkimg-analyse")["EventSourceMappings"]
    assert mapping["EventSourceArn"].endswith(":icecat-bulkimg-analyse")
    found = client(moto, "ssm").get_parameters_by_path(Path="/stablecaps/dev/cat-wrangler/")["Parameters"]
    settings = {each["Name"].rsplit("/", 1)[1]: each["Value"] for each in found}
    assert settings["S3BUCKET_SOURCE"] == variables(moto)["s3bucketSource"] == "icecat-123456789012-eu-central-1-source"
    table = client(moto, "dynamodb").describe_table(TableName=settings["DYNAMODB_TABLE_NAME"])["Table"]
    assert {each["IndexName"] for each in table["GlobalSecondaryIndexes"]} == {"GSI2", "GSI4", "GSI5"}

    deploy.zip.write_bytes(b"PK\x05\x06" + b"\0" * 16 + b"\1\0!")
    deploy("--zip", str(deploy.zip), "--architecture", "x86_64")
    assert code_key(moto).startswith("bootstrap-x86_64-")
    assert variables(moto)["rekLabel"] == "Dog"  # what a stack was given, it keeps
    assert first in deploy("--versions")
    deploy("--code-key", first)
    assert code_key(moto) == first
    assert "no version" in deploy("--code-key", "bootstrap-arm64-0.zip", code=1)


def test_a_stack_tells_the_names_that_its_users_need(moto, deploy):
    deploy("--stack", "other", "--zip", str(deploy.zip), "TableName=other", "FunctionName=other",
           "ParameterPrefix=/other/", "ClientMayDetect=true")
    bucket, parameters = "other-123456789012-eu-central-1-code", {"BucketPrefix": "third", "TableName": "third"}
    parameters |= {"CodeBucket": bucket, "FunctionName": "third", "ParameterPrefix": "/third/"}
    parameters["CodeKey"] = client(moto, "s3").list_objects_v2(Bucket=bucket)["Contents"][0]["Key"]
    client(moto, "cloudformation").create_stack(  # moto forgets the outputs of a stack that deploy makes
        StackName="third", TemplateBody=TEMPLATE.read_text(), Capabilities=["CAPABILITY_IAM"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()])
    told = {each["OutputKey"]: each["OutputValue"] for each in stack_of(moto, "third")["Outputs"]}
    assert (told["BucketSource"], told["TableName"], told["FunctionName"]) == ("third-source", "third", "third")
    assert told["ClientPolicyArn"].startswith("arn:aws:iam::") and told["DeadLettersUrl"].endswith("/third-dead")


@pytest.mark.parametrize("arguments, text", [
    (["--stack", "Icecat"], "small letters"), (["--architecture", "mips"], "arm64 or x86_64"),
    (["--zip", "a", "--code-key", "b"], "exclude"), (["--what"], "unknown argument"), (["--stack"], "needs a value"),
])
def test_deploy_refuses_wrong_arguments(deploy, arguments, text):
    assert text in deploy(*arguments, code=1)
