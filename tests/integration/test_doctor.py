"""icecat doctor and icecat config: against icecat-local, and against what is broken."""

import pathlib

import pytest

from icecat_command import KEYS, SECRET, TOKEN, Command


@pytest.fixture
def icecat(tmp_path):
    return Command(tmp_path)


def checks_of(result):
    return {check["id"]: check for check in result.json("doctor_doc")["checks"]}


def test_all_is_well_with_icecat_local(icecat, local):
    result = icecat("doctor", "--json", "--strict", "--write-test", "--probe-rekognition", **local.env)
    assert result.code == 0, result.out
    checks = checks_of(result)
    assert {check["state"] for check in checks.values()} == {"ok"}
    assert "icecat-source is there" in checks["bucket"]["message"]
    assert "from environment" in checks["credentials"]["message"]
    for name in ("bucket", "table", "write", "rekognition"):
        assert checks[name]["ms"] >= 0
    left = local.client("s3").list_objects_v2(Bucket=local.env["S3BUCKET_SOURCE"], Prefix="icecat-doctor/")
    assert left["KeyCount"] == 0


def test_without_write_test_nothing_is_written(icecat, local):
    result = icecat("doctor", "--json", **local.env)
    assert "write" not in checks_of(result)


def test_text_has_a_line_for_each_check_and_a_tally(icecat, local):
    result = icecat("doctor", **local.env)
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0].startswith("ok    build         icecat ")
    assert lines[-1] == "11 ok, 0 warnings, 0 failures, 1 skipped"


@pytest.mark.parametrize("changes, options, failed, code, words, fix", [
    ({}, ["--table", "gone"], "table", 6, "ResourceNotFoundException", "icecat config"),
    ({}, ["--bucket", "gone-bucket"], "bucket", 6, "NoSuchBucket", "icecat config"),
    ({"AWS_SECRET_ACCESS_KEY": "wrong"}, [], "bucket", 4, "SignatureDoesNotMatch", "keys"),
    ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, ["--max-attempts", "1"], "bucket", 7, "127.0.0.1", "network"),
    ({"AWS_REGION": "", "AWS_DEFAULT_REGION": ""}, [], "profile", 5, "region none", "--region"),
    ({"AWS_PROFILE": "gone"}, [], "profile", 5, 'profile "gone"', "icecat config"),
    ({}, ["-s", "gone.env"], "config", 5, "gone.env", "icecat config"),
])
def test_what_is_broken_is_named_with_what_to_do(icecat, local, changes, options, failed, code, words, fix):
    result = icecat("doctor", "--json", *options, **{**local.env, **changes})
    checks = checks_of(result)
    assert checks[failed]["state"] == "fail"
    assert words in checks[failed]["message"]
    assert fix in checks[failed]["fix"]
    first = next(check for check in result.json("doctor_doc")["checks"] if check["state"] == "fail")
    assert first["id"] == failed
    assert result.code == code


def test_a_table_with_other_keys_is_found_out(icecat, local):
    table = local.client("dynamodb")
    table.create_table(TableName="other", BillingMode="PAY_PER_REQUEST",
                       AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                       KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    result = icecat("doctor", "--json", "--table", "other", **local.env)
    check = checks_of(result)["table"]
    assert check["state"] == "fail"
    assert "batch_id (N)" in check["fix"]


def test_no_keys_says_where_they_were_looked_for(icecat):
    result = icecat("doctor", "--json", AWS_REGION="eu-west-1", AWS_EC2_METADATA_DISABLED="true")
    check = checks_of(result)["credentials"]
    assert check["state"] == "fail"
    assert result.code == 4
    for source in ("environment", "AWS_ACCESS_KEY_ID", "imds"):
        assert source in check["message"]


def test_offline_sends_nothing(icecat):
    checks = checks_of(icecat("doctor", "--json", "--offline", **{**KEYS, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}))
    assert checks["credentials"] == {"id": "credentials", "state": "skip", "message": "--offline"}


def test_strict_makes_a_warning_count(icecat):
    warned = icecat("doctor", "--offline", **KEYS)  # no bucket
    assert warned.code == 0 and "S3BUCKET_SOURCE is not set" in warned.out
    assert icecat("doctor", "--offline", "--strict", **KEYS).code == 1


def test_a_misspelt_setting_in_a_file_is_pointed_out(icecat, tmp_path):
    known = "S3BUCKET_SOURCE=cats-in\nDYNAMODB_TABLE_NAME=cats\nFUNC_BULKIMG_ANALYSER_NAME=f\nAWS_REGION=eu-central-1\n"
    (tmp_path / "good.env").write_text(known)
    (tmp_path / "bad.env").write_text(known + "S3BUCKET_SORUCE=cats\n")
    assert checks_of(icecat("doctor", "--offline", "--json", "-s", "good.env"))["config"]["state"] == "ok"
    check = checks_of(icecat("doctor", "--offline", "--json", "-s", "bad.env"))["config"]
    assert check["state"] == "warn"
    assert check["message"] == "./bad.env:5: S3BUCKET_SORUCE is no setting of icecat"


def test_unfinished_batches_and_a_folder_that_cannot_be_written(icecat, tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "me_batch-1744377772000001.json.journal").write_text('{"icecat_journal": 1}\n')
    (logs / "notes.json.journal").write_text("")
    checks = checks_of(icecat("doctor", "--json", "--offline", **KEYS))
    assert checks["batches"]["state"] == "warn"
    assert "1 batches" in checks["batches"]["message"] or "1 batch" in checks["batches"]["message"]
    assert "me_batch-1744377772000001" in checks["batches"]["message"]
    (tmp_path / "file").write_text("")
    result = icecat("doctor", "--json", "--offline", "--logs-dir", "file/x", **KEYS)
    assert checks_of(result)["logs-dir"]["state"] in ("ok", "fail")


def test_http_proxy_in_capitals_is_not_read(icecat):
    checks = checks_of(icecat("doctor", "--json", "--offline", **KEYS, HTTP_PROXY="http://proxy.test:1"))
    assert checks["proxy-name"]["state"] == "warn"


def test_csv_is_refused(icecat):
    assert icecat("doctor", "-o", "csv", **KEYS).code == 2


# ---- config --------------------------------------------------------------------------------------

PROFILES = """
[default]
region = eu-west-2
[profile dev]
region = eu-west-3
max_attempts = 5
retry_mode = adaptive
services = here
s3 =
  addressing_style = path
[services here]
s3 =
  endpoint_url = http://s3.test:1
"""


def settings_of(result):
    return {row["name"]: row for row in result.json("config_doc")["settings"]}


@pytest.fixture
def home(tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/config").write_text(PROFILES)
    return tmp_path


def test_config_tells_what_a_profile_says_and_which_file(icecat, home):
    rows = settings_of(icecat("config", "--json", "--profile", "dev"))
    origin = f"{home}/.aws/config profile dev"
    assert (rows["AWS_PROFILE"]["value"], rows["AWS_PROFILE"]["origin"]) == ("dev", "--profile")
    assert (rows["AWS_REGION"]["value"], rows["AWS_REGION"]["origin"]) == ("eu-west-3", origin)
    assert (rows["AWS_MAX_ATTEMPTS"]["value"], rows["AWS_MAX_ATTEMPTS"]["origin"]) == ("5", origin)
    assert rows["AWS_RETRY_MODE"]["value"] == "adaptive"
    assert rows["s3 addressing_style"]["value"] == "path"
    assert rows["AWS_ENDPOINT_URL_S3"]["origin"] == f"{home}/.aws/config services here"
    assert rows["AWS_ENDPOINT_URL_SSM"]["value"] is None
    rows = settings_of(icecat("config", "--json"))
    assert rows["AWS_REGION"]["value"] == "eu-west-2"


def test_config_prefers_options_then_the_environment(icecat, home):
    rows = settings_of(icecat("config", "--json", "--region", "us-east-2", AWS_PROFILE="dev",
                              AWS_MAX_ATTEMPTS="2"))
    assert (rows["AWS_REGION"]["value"], rows["AWS_REGION"]["origin"]) == ("us-east-2", "--region")
    assert rows["AWS_MAX_ATTEMPTS"]["origin"] == "environment"


def test_config_tells_what_it_can_when_a_file_is_broken(icecat, home):
    (home / ".aws/config").write_text("[default\nregion = x\n")
    result = icecat("config", "--json", AWS_REGION="eu-west-1")
    assert result.code == 5
    assert settings_of(result)["AWS_REGION"]["value"] == "eu-west-1"
    assert f"{home}/.aws/config:1" in result.err


def test_a_profile_signs_and_ignored_endpoints_are_ignored(icecat, local, home):
    (home / ".aws/config").write_text(
        f"[profile here]\nregion = {local.env['AWS_REGION']}\nendpoint_url = {local.url}\n")
    (home / ".aws/credentials").write_text(
        f"[here]\naws_access_key_id = {local.env['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key = {local.env['AWS_SECRET_ACCESS_KEY']}\n")
    names = {name: local.env[name] for name in ("S3BUCKET_SOURCE", "DYNAMODB_TABLE_NAME")}
    # The keys of the environment are others: a profile that is asked for goes first.
    result = icecat("doctor", "--json", "--profile", "here", AWS_ACCESS_KEY_ID="AKIDOTHER0123456789",
                    AWS_SECRET_ACCESS_KEY=SECRET, AWS_SESSION_TOKEN=TOKEN, **names)
    assert result.code == 0, result.out
    checks = checks_of(result)
    assert (checks["bucket"]["state"], checks["table"]["state"]) == ("ok", "ok")
    assert "profile here (--profile)" in checks["profile"]["message"]
    rows = settings_of(icecat("config", "--json", "--profile", "here", AWS_ENDPOINT_URL_SSM="http://e:1",
                              AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true"))
    assert rows["AWS_ENDPOINT_URL_S3"]["value"] is None


def test_every_setting_that_is_shown_is_in_the_page(icecat):
    page = (pathlib.Path(__file__).parents[2] / "docs/configuration.md").read_text()
    for name in settings_of(icecat("config", "--json")):
        assert name.split()[-1] in page, name
