"""icecat detect and -s ssm against a scripted AWS."""
import hashlib
import json
import signal
import threading
import time

import pytest
from PIL import Image

from icecat_command import KEYS, Command, ScriptedAws


@pytest.fixture
def icecat(tmp_path):
    return Command(tmp_path)


def label(name, confidence, parents=(), boxes=()):
    return {"Name": name, "Confidence": confidence, "Parents": [{"Name": each} for each in parents],
            "Aliases": [], "Categories": [],
            "Instances": [{"BoundingBox": {"Left": 0.1, "Top": 0.2, "Width": 0.3, "Height": 0.4},
                           "Confidence": each} for each in boxes]}


CAT = {"Labels": [label("Animal", 99.5), label("Kitten", 98.25, ["Animal", "Cat"], [97.5]),
                  label("Cat", 98.25, ["Animal"])], "LabelModelVersion": "3.0"}
DOG = {"Labels": [label("Dog", 91.0, ["Animal"])], "LabelModelVersion": "3.0"}


def picture(path, form="JPEG", size=(120, 100)):
    Image.new("RGB", size, 90).save(path, form)
    return path


def env(aws, **more):
    return {**KEYS, "AWS_ENDPOINT_URL": aws.url, **more}


def test_detect_document(icecat):
    path = picture(icecat.folder / "a.jpg")
    with ScriptedAws({"DetectLabels": CAT}) as aws:
        result = icecat("detect", "a.jpg", "--json", **env(aws))
    assert result.code == 0 and result.err == ""
    document = result.json("detect_doc")
    item = document["items"][0]
    assert document["label"] == "Cat"
    assert (item["status"], item["verdict"], item["confidence"]) == ("success", "cat", 98.25)
    assert item["img_fprint"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [each["name"] for each in item["labels"]] == ["Animal", "Kitten", "Cat"]
    assert item["labels"][1]["parents"] == ["Animal", "Cat"]
    assert item["labels"][1]["boxes"] == [
        {"left": 0.1, "top": 0.2, "width": 0.3, "height": 0.4, "confidence": 97.5}]
    assert json.loads(aws.requests[0][1])["MinConfidence"] == 75


def test_every_label_is_looked_at_but_few_are_shown(icecat):
    picture(icecat.folder / "a.jpg")
    with ScriptedAws({"DetectLabels": CAT}) as aws:
        result = icecat("detect", "a.jpg", "--json", "--max-labels", "1", **env(aws))
    item = result.json("detect_doc")["items"][0]
    assert item["verdict"] == "cat" and [each["name"] for each in item["labels"]] == ["Animal"]


@pytest.mark.parametrize("words,verdict", [
    (["--label", "cat"], "cat"), (["--label", "Kit", "--match", "substring"], "kit"),
    (["--label", "Kit"], "not-kit"), (["--label", "animal", "--match", "exact"], "animal"),
    (["--label", "Dog"], "not-dog"),
])
def test_labels_are_compared_as_asked(icecat, words, verdict):
    picture(icecat.folder / "a.jpg")
    with ScriptedAws({"DetectLabels": CAT}) as aws:
        result = icecat("detect", "a.jpg", "--json", *words, **env(aws))
    assert result.json("detect_doc")["items"][0]["verdict"] == verdict


def test_the_verdict_may_be_the_exit_code(icecat):
    picture(icecat.folder / "a.jpg")
    with ScriptedAws({"DetectLabels": DOG}) as aws:
        assert icecat("detect", "a.jpg", **env(aws)).code == 0
        result = icecat("detect", "a.jpg", "--exit-verdict", **env(aws))
        assert icecat("detect", "a.jpg", "--exit-verdict", "--label", "Dog", **env(aws)).code == 0
    assert result.code == 11
    assert result.out.splitlines()[1].split("\t") == ["not cat", "91.0", "a.jpg", "Dog 91.0", ""]


def test_what_is_no_image_costs_nothing(icecat):
    (icecat.folder / "text.jpg").write_text("no image")
    with ScriptedAws({"DetectLabels": CAT}) as aws:
        result = icecat("detect", "text.jpg", **env(aws))
        assert result.code == 9 and "text.jpg" in result.err
        assert aws.requests == []
        assert icecat("detect", "text.jpg", "--no-validate", **env(aws)).code == 0
    assert aws.operations() == ["DetectLabels"]


def test_an_image_over_5_mib_is_refused_with_a_way_out(icecat):
    path = picture(icecat.folder / "big.jpg")
    path.write_bytes(path.read_bytes() + bytes(5 * 1024 * 1024))
    with ScriptedAws({"DetectLabels": CAT}) as aws:
        result = icecat("detect", "big.jpg", "--json", **env(aws))
    assert result.code == 9 and aws.requests == []
    assert "s3://BUCKET/KEY" in result.json("detect_doc")["items"][0]["error"]["message"]


def test_an_image_of_exactly_5_mib_is_sent(icecat):
    path = picture(icecat.folder / "big.jpg")
    path.write_bytes(path.read_bytes() + bytes(5 * 1024 * 1024 - path.stat().st_size))
    with ScriptedAws({"DetectLabels": CAT}) as aws:
        assert icecat("detect", "big.jpg", **env(aws)).code == 0


def test_an_object_of_a_bucket(icecat):
    data = picture(icecat.folder / "a.png", "PNG").read_bytes()
    key = "ab" * 32 + "/me/batch-1744377772/2025-04-11-13/1744377772.png"
    with ScriptedAws({"DetectLabels": CAT, f"GET /cats-in/{key}": data}) as aws:
        result = icecat("detect", f"s3://cats-in/{key}", "--json", **env(aws))
        assert result.code == 0
        item = result.json("detect_doc")["items"][0]
        assert item["img_fprint"] == "ab" * 32 and item["verdict"] == "cat"
    assert json.loads(aws.requests[1][1])["Image"] == {
        "S3Object": {"Bucket": "cats-in", "Name": key}}


def test_an_object_that_is_no_image_costs_nothing(icecat):
    with ScriptedAws({"DetectLabels": CAT, "GET /cats-in/a.jpg": b"RIFF\0\0\0\0WEBPVP8 "}) as aws:
        result = icecat("detect", "s3://cats-in/a.jpg", **env(aws))
    assert result.code == 9 and aws.operations() == ["GET /cats-in/a.jpg"]


@pytest.mark.parametrize("address", ["s3://", "s3://cats-in", "s3://cats-in/", "s3:///a.jpg"])
def test_an_address_without_bucket_or_key_is_a_usage_error(icecat, address):
    result = icecat("detect", address, **KEYS)
    assert result.code == 2 and "not s3://BUCKET/KEY" in result.err


def test_some_of_several_is_exit_code_3(icecat):
    picture(icecat.folder / "a.jpg")
    (icecat.folder / "b.jpg").write_bytes(b"")
    with ScriptedAws({"DetectLabels": CAT}) as aws:
        result = icecat("detect", "b.jpg", "a.jpg", "-o", "ndjson", **env(aws))
    events = result.events()
    assert result.code == 3
    assert [each["type"] for each in events] == ["result", "result", "summary"]
    assert [each["result"]["status"] for each in events[:2]] == ["rejected", "success"]


def test_refused_keys_end_it_at_once(icecat):
    for name in ("a.jpg", "b.jpg"):
        picture(icecat.folder / name)
    with ScriptedAws({"DetectLabels": 403}) as aws:
        result = icecat("detect", "a.jpg", "b.jpg", "--json", **env(aws))
    assert result.code == 4 and len(aws.requests) == 1
    assert result.exit_error()["code"] == 4


def test_a_dry_run_asks_nothing(icecat):
    picture(icecat.folder / "a.jpg")
    with ScriptedAws({"DetectLabels": CAT}) as aws:
        result = icecat("detect", "-n", "a.jpg", "--json", **env(aws))
    assert result.code == 0 and aws.requests == []
    assert result.json("detect_doc")["items"][0]["status"] == "pending"


def test_a_signal_ends_a_request(icecat):
    picture(icecat.folder / "a.jpg")
    asked, end = threading.Event(), threading.Event()

    def never(body):
        asked.set()
        end.wait(60)
        return CAT

    with ScriptedAws({"DetectLabels": never}) as aws:
        process = icecat.start("detect", "a.jpg", **env(aws))
        assert asked.wait(30)
        process.send_signal(signal.SIGINT)
        begun = time.monotonic()
        _, err = process.communicate(timeout=30)
        took = time.monotonic() - begun
        end.set()
    assert process.returncode == 130 and took < 5
    assert err == b""


# ---- -s ssm ---------------------------------------------------------------------------------


def parameters(**values):
    def answer(body):
        found = [name for name in body["Names"] if name in values]
        return {"Parameters": [{"Name": name, "Type": "String", "Value": values[name]}
                               for name in found],
                "InvalidParameters": [name for name in body["Names"] if name not in values]}

    return answer


def settings(result):
    return {each["name"]: (each["value"], each["origin"])
            for each in result.json("config_doc")["settings"]}


PREFIX = "/stablecaps/dev/cat-wrangler/"


@pytest.mark.parametrize("word", ["ssm", "SSM", "Ssm"])
def test_c17_settings_come_from_ssm_however_it_is_written(icecat, word):
    values = parameters(**{PREFIX + "S3BUCKET_SOURCE": "cats-in", PREFIX + "AWS_REGION": "xx-1",
                           PREFIX + "DYNAMODB_TABLE_NAME": "cats"})
    with ScriptedAws({"GetParameters": values}) as aws:
        got = settings(icecat("-s", word, "config", "--json", **env(aws)))
    assert got["S3BUCKET_SOURCE"] == ("cats-in", f"ssm {PREFIX}S3BUCKET_SOURCE")
    assert got["DYNAMODB_TABLE_NAME"] == ("cats", f"ssm {PREFIX}DYNAMODB_TABLE_NAME")
    assert got["AWS_REGION"] == ("eu-west-1", "environment")  # C15: a wrong one there does no harm
    assert json.loads(aws.requests[0][1])["WithDecryption"] is True


@pytest.mark.parametrize("words,prefix", [
    (["--stage", "prod"], "/stablecaps/prod/cat-wrangler/"),
    (["--ssm-prefix", "", "--stage="], PREFIX),
    (["--ssm-prefix", "/mine"], "/mine/"), (["--ssm-prefix=mine/too/"], "/mine/too/"),
])
def test_c16_stage_and_prefix_can_be_set(icecat, words, prefix):
    with ScriptedAws({"GetParameters": parameters(**{prefix + "S3BUCKET_SOURCE": "b"})}) as aws:
        got = settings(icecat("-s", "ssm", *words, "config", "--json", **env(aws)))
    assert got["S3BUCKET_SOURCE"] == ("b", f"ssm {prefix}S3BUCKET_SOURCE")


def test_c23_ssm_without_any_parameter_is_exit_code_5(icecat):
    with ScriptedAws({"GetParameters": parameters()}) as aws:
        result = icecat("-s", "ssm", "config", **env(aws))
    assert result.code == 5 and PREFIX in result.err


def test_c23_ssm_that_refuses_is_exit_code_4(icecat):
    with ScriptedAws({"GetParameters": 403}) as aws:
        assert icecat("-s", "ssm", "config", **env(aws)).code == 4
