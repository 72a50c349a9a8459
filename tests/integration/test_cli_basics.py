"""The icecat command without a server: help, settings, header checks, failures."""
import base64
import csv
import io
import json
import os
import re
import signal
import subprocess

import pytest
from PIL import Image

from icecat_command import CLOSED, KEYS, SECRET, TOKEN, Command, program

TOPICS = ["exit-codes", "environment", "config", "formats", "compat"]
COMMANDS = ["submit", "result", "results", "wait", "detect", "validate", "presign", "config", "help",
            "version"]


@pytest.fixture
def icecat(tmp_path):
    return Command(tmp_path)


def picture(path, form="JPEG", size=(120, 100), mode="RGB"):
    Image.new(mode, size, 90).save(path, form)
    return path


# ---- help and version -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", *COMMANDS, *TOPICS, "bulkanalyse", "bulkresults"])
def test_help_fits_80_columns(icecat, name):
    result = icecat("help", *filter(None, [name]))
    assert result.code == 0 and result.err == ""
    assert len(result.out.splitlines()) > 3
    assert max(map(len, result.out.splitlines())) <= 80


def test_help_lists_every_command_and_topic(icecat):
    text = icecat("help").out
    for name in [*COMMANDS, *TOPICS, "bulkanalyse", "bulkresults"]:
        assert re.search(rf"\b{name}\b", text)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_option_shows_the_command_s_help(icecat, command):
    assert icecat(command, "-h").out == icecat("--help", command).out
    assert icecat(command, "-h").out.startswith(f"icecat {command} - ")


def test_help_on_an_unknown_word_suggests(icecat):
    result = icecat("help", "exit-code")
    assert result.code == 2 and "did you mean exit-codes?" in result.err


def test_no_command_is_a_usage_error_with_the_help(icecat):
    result = icecat()
    assert result.code == 2 and result.out == "" and "Usage: icecat" in result.err


def test_version(icecat):
    document = icecat("version", "--json").json("version_doc")
    assert document["icecat"] == document["libicecat"]
    assert set(document["libraries"]) == {"libcurl", "openssl", "cjson", "libpng", "libjpeg-turbo"}
    assert all(document["libraries"].values())
    text = icecat("-V").out
    assert text.splitlines()[0] == f"icecat {document['icecat']}"
    assert f"libcurl {document['libraries']['libcurl']}" in text


# ---- usage errors ---------------------------------------------------------------------------


@pytest.mark.parametrize("words,sentence", [
    (["sumbit"], 'icecat: there is no command "sumbit"; did you mean submit? Try: icecat help'),
    (["submit", "--foldr", "x"],
     "icecat: unknown option --foldr; did you mean --folder? Try: icecat help submit"),
    (["validate"], "icecat: validate needs files or folders, or - for stdin. "
                   "Try: icecat help validate"),
    (["validate", "--max-size", "big", "x"],
     'icecat: --max-size must be a size like 500K or 5M, not "big". Try: icecat help validate'),
    (["validate", "-o", "yaml", "x"],
     "icecat: --output must be one of table, plain, json, ndjson, csv, auto; "
     'not "yaml". Try: icecat help validate'),
    (["version", "extra"],
     'icecat: version does not take "extra". Try: icecat help version'),
    (["detect"], "icecat: detect needs images, or s3://BUCKET/KEY. Try: icecat help detect"),
])
def test_usage_errors_are_one_line_and_exit_code_2(icecat, words, sentence):
    result = icecat(*words, **KEYS)
    assert (result.code, result.out, result.err) == (2, "", sentence + "\n")


def test_usage_errors_are_json_when_the_output_is(icecat):
    error = icecat("validate", "--bogus", "-o", "json").exit_error()
    assert error["code"] == 2 and error["name"] == "ICECAT_E_ARGUMENT"
    assert error["hint"] == "icecat help validate"


def test_hostile_words_do_not_reach_the_terminal(icecat):
    result = icecat("\x1b[31m\nx")
    assert result.code == 2
    assert "\x1b" not in result.err and result.err.count("\n") == 1
    assert "\\x1b[31m" in result.err


# ---- settings -------------------------------------------------------------------------------


def settings(result):
    return {each["name"]: each for each in result.json("config_doc")["settings"]}


def test_config_names_every_origin(icecat, tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / "config/prod.env").write_text("# x\nAWS_REGION = file-1\nS3BUCKET_SOURCE='cats-in'\n")
    (tmp_path / "config/client_id").write_text("stablecaps900")
    got = settings(icecat("-s", "prod.env", "config", "--json", "--table", "t", AWS_REGION="env-1",
                          AWS_CA_BUNDLE="/ca.pem"))
    expected = {
        "AWS_REGION": ("file-1", "./config/prod.env:2"),
        "S3BUCKET_SOURCE": ("cats-in", "./config/prod.env:3"),
        "DYNAMODB_TABLE_NAME": ("t", "--table"),
        "AWS_CA_BUNDLE": ("/ca.pem", "environment"),
        "ICECAT_CLIENT_ID": ("stablecaps900", "./config/client_id"),
        "ICECAT_JOBS": ("8", "default"),
        "AWS_ENDPOINT_URL": (None, None),
    }
    assert {name: (got[name]["value"], got[name]["origin"]) for name in expected} == expected


def test_own_settings_stand_between_environment_and_profile(icecat, tmp_path):
    folder = tmp_path / "xdg/icecat"
    folder.mkdir(parents=True)
    (folder / "config").write_text("AWS_REGION=own-1\nDYNAMODB_TABLE_NAME=own-table\nAWS_CA_BUNDLE=certs/ca.pem\n"
                                   "ICECAT_JOBS=3\n")
    xdg = {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}
    got = settings(icecat("config", "--json", AWS_REGION="env-1", **xdg))
    assert got["AWS_REGION"]["value"] == "env-1"
    assert (got["ICECAT_JOBS"]["value"], got["ICECAT_JOBS"]["origin"]) == ("3", f"{folder}/config:4")
    assert got["DYNAMODB_TABLE_NAME"]["value"] == "own-table"
    assert got["AWS_CA_BUNDLE"]["value"] == f"{folder}/certs/ca.pem"  # relative to its file
    assert settings(icecat("config", "--json", "--jobs", "5", **xdg))["ICECAT_JOBS"]["value"] == "5"
    assert settings(icecat("config", "--json", "--no-config", **xdg))["DYNAMODB_TABLE_NAME"]["value"] is None
    (tmp_path / "other").write_text("AWS_REGION=other-1\n")
    for words, env in ((["--config", "other"], {}), ([], {"ICECAT_CONFIG": "other"})):
        got = settings(icecat("config", "--json", *words, **env, **xdg))
        assert (got["AWS_REGION"]["value"], got["AWS_REGION"]["origin"]) == ("other-1", "other:1")
        assert got["DYNAMODB_TABLE_NAME"]["value"] is None  # one file, not two


def test_own_settings_that_are_named_must_exist_and_be_sound(icecat, tmp_path):
    missing = icecat("config", "--config", "nowhere")
    assert missing.code == 5 and "nowhere" in missing.err
    (tmp_path / "bad").write_text("AWS_REGION=a\nnot a setting\n")
    bad = icecat("config", "--config", "bad")
    assert bad.code == 5 and "bad:2" in bad.err


def test_config_as_text(icecat):
    lines = icecat("config", AWS_REGION="eu-west-1").out.splitlines()
    assert "AWS_REGION = eu-west-1   (environment)" in lines
    assert "S3BUCKET_SOURCE = (not set)" in lines
    assert "ICECAT_TIMEOUT = 60   (default)" in lines


@pytest.mark.parametrize("words", [[], ["--json"], ["-o", "ndjson"], ["--debug"], ["-vvv"]])
def test_c3_config_redacts_secrets(icecat, words):
    # Command checks that no secret is in any output.
    result = icecat("config", *words, **{**KEYS, "AWS_SESSION_TOKEN": TOKEN,
                                         "AWS_ENDPOINT_URL": f"http://user:{SECRET}@localhost:1/"})
    assert result.code == 0
    assert "AKID...6789" in result.out
    assert "AKIDCANARY0123456789" not in result.out
    assert "http://***@localhost:1/" in result.out


def test_secrets_of_a_broken_file_are_not_printed(icecat, tmp_path):
    (tmp_path / "a.env").write_text(f"AWS_SECRET_ACCESS_KEY='{SECRET}\n")
    result = icecat("-s", "a.env", "config")
    assert result.code == 5 and result.out == ""
    assert "./a.env:1: the quote that begins here does not end" in result.err


@pytest.mark.parametrize("text", [
    "S3BUCKET_SOURCE=cats", "export S3BUCKET_SOURCE=cats\r\n", "\ufeffS3BUCKET_SOURCE = 'cats'",
    'S3BUCKET_SOURCE="cats" # the bucket\n', "S3BUCKET_SOURCE=dogs\nS3BUCKET_SOURCE=cats\n",
])
def test_secrets_files_of_any_style(icecat, tmp_path, text):
    (tmp_path / "a.env").write_bytes(text.encode())
    assert settings(icecat("config", "-s", "a.env", "--json"))["S3BUCKET_SOURCE"]["value"] == "cats"


def test_c13_the_template_s_name_of_the_table_works(icecat, tmp_path):
    (tmp_path / "a.env").write_text("DYNAMO_DB_TABLE_NAME=cats\n")
    result = icecat("config", "-s", "a.env")
    assert "DYNAMODB_TABLE_NAME = cats   (./a.env:1)" in result.out
    assert result.err.count("warning") == 1 and "DYNAMODB_TABLE_NAME" in result.err


def test_secrets_file_in_a_pipe(icecat):
    read, write = os.pipe()
    os.write(write, b"AWS_REGION=piped\n")
    os.close(write)
    done = subprocess.run([program(), "config", "-s", f"/dev/fd/{read}"], pass_fds=[read],
                          capture_output=True, timeout=60, env={"HOME": str(icecat.folder)})
    os.close(read)
    assert f"AWS_REGION = piped   (/dev/fd/{read}:1)".encode() in done.stdout


def test_a_missing_secrets_file_is_exit_code_5(icecat):
    result = icecat("-s", "nope.env", "results", "--batchid", "1744377772")
    assert result.code == 5
    assert "no secrets file ./config/nope.env or ./nope.env" in result.err
    assert icecat("-s", "nope.env", "config", "--json").exit_error()["code"] == 5


# ---- what a command needs -------------------------------------------------------------------


def without(*names):
    return {name: text for name, text in KEYS.items() if name not in names}


def test_no_credentials_is_exit_code_4(icecat):
    picture(icecat.folder / "a.jpg")
    env = without("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    result = icecat("detect", "a.jpg", **env)
    assert result.code == 4
    assert "AWS_ACCESS_KEY_ID" in result.err and "Try:" in result.err
    assert icecat("results", "--batchid", "1744377772", "--table", "cats", **env).code == 4


def test_half_of_the_credentials_of_a_file_is_exit_code_4(icecat, tmp_path):
    (tmp_path / "a.env").write_text("AWS_ACCESS_KEY_ID=AKIDFILE\n")
    result = icecat("-s", "a.env", "results", "--batchid", "1744377772", "--table", "t", **KEYS)
    assert result.code == 4
    assert "./a.env:1 sets AWS_ACCESS_KEY_ID, but the file does not set AWS_SECRET_ACCESS_KEY" \
        in result.err


@pytest.mark.parametrize("words,missing", [
    (["submit", "a.jpg"], "bucket"),
    (["results", "--batchid", "1744377772"], "table"),
    (["result", "-b", "1744377772", "-p", "ab" * 32], "table"),
])
def test_a_missing_setting_is_exit_code_5_and_named(icecat, words, missing):
    picture(icecat.folder / "a.jpg")
    result = icecat(*words, **KEYS)
    assert result.code == 5
    assert missing in result.err


def test_no_region_is_exit_code_5(icecat):
    picture(icecat.folder / "a.jpg")
    result = icecat("detect", "a.jpg", **without("AWS_REGION"))
    assert result.code == 5 and "region" in result.err


def test_a_setting_that_is_no_number_is_exit_code_5(icecat):
    picture(icecat.folder / "a.jpg")
    result = icecat("detect", "a.jpg", **{**KEYS, "ICECAT_JOBS": "many"})
    assert result.code == 5
    assert 'ICECAT_JOBS must be a whole number from 1 to 256, not "many" (environment)' in result.err


def test_nobody_at_the_other_end_is_exit_code_7(icecat):
    picture(icecat.folder / "a.jpg")
    assert icecat("detect", "a.jpg", **KEYS).code == 7
    assert CLOSED == KEYS["AWS_ENDPOINT_URL"]


def test_more_jobs_than_open_files_are_cut_with_a_warning(icecat):
    picture(icecat.folder / "a.jpg")
    words = ["sh", "-c", 'ulimit -n 48; exec "$0" "$@"', program(), "detect", "a.jpg", "-j20"]
    done = subprocess.run(words, capture_output=True, timeout=60, cwd=icecat.folder,
                          env={"HOME": str(icecat.folder), **KEYS})
    assert done.returncode == 7
    assert b"icecat: warning: only 8 of 20 jobs at the same time" in done.stderr


def test_c6_c22_a_client_id_is_made_once_and_kept(icecat):
    picture(icecat.folder / "a.jpg")
    words = ["submit", "a.jpg", "--bucket", "cats-in", "--table", "cats"]
    kept = icecat.folder / ".local/state/icecat/client_id"
    assert icecat(*words, "--dry-run", **KEYS).code == 0
    assert not kept.exists()
    first = icecat(*words, **KEYS)
    assert first.code == 7
    made = kept.read_text().strip()
    assert re.fullmatch("icecat[0-9a-f]{12}", made)
    assert f"icecat: made the client id {made} and kept it in {kept}" in first.err
    second = icecat(*words, **KEYS)
    assert second.code == 7 and "made the client id" not in second.err
    assert settings(icecat("config", "--json"))["ICECAT_CLIENT_ID"]["value"] == made


def test_an_empty_client_id_file_is_exit_code_5(icecat):
    picture(icecat.folder / "a.jpg")
    (icecat.folder / "config").mkdir()
    (icecat.folder / "config/client_id").write_text("\n")
    result = icecat("submit", "a.jpg", "--bucket", "cats-in", "--table", "cats", **KEYS)
    assert result.code == 5 and "./config/client_id" in result.err
    assert "./config/client_id" in icecat("config").err


# ---- validate -------------------------------------------------------------------------------


@pytest.fixture
def pets(tmp_path):
    folder = tmp_path / "pets"
    folder.mkdir()
    picture(folder / "good.jpg")
    picture(folder / "good.png", "PNG", mode="RGBA")
    picture(folder / "cmyk.jpg", mode="CMYK")
    picture(folder / "small.png", "PNG", (40, 90))
    picture(folder / "webp.jpg", "WEBP")
    picture(folder / "named.png")
    (folder / "empty.jpeg").write_bytes(b"")
    (folder / "text.PNG").write_text("not an image at all\n")
    (folder / "cut.jpg").write_bytes((folder / "good.jpg").read_bytes()[:-40])
    (folder / "notes.txt").write_text("passed over")
    return folder


def test_validate_document(icecat, pets):
    document = icecat("validate", "pets", "--json").json("validate_doc")
    got = {each["file"]: (each["valid"], each["format"], each["problems"])
           for each in document["files"]}
    assert got == {
        "pets/good.jpg": (True, "jpeg", []),
        "pets/good.png": (True, "png", []),
        "pets/cmyk.jpg": (True, "jpeg", ["cmyk"]),
        "pets/small.png": (False, "png", ["too-small"]),
        "pets/webp.jpg": (False, "webp", ["unsupported-format", "extension-mismatch"]),
        "pets/named.png": (True, "jpeg", ["extension-mismatch"]),
        "pets/empty.jpeg": (False, "empty", ["empty"]),
        "pets/text.PNG": (False, "text", ["unsupported-format", "extension-mismatch"]),
        "pets/cut.jpg": (False, "jpeg", ["truncated"]),
    }
    assert document["counts"] == {"total": 9, "valid": 4, "rejected": 5}
    good = next(each for each in document["files"] if each["file"] == "pets/good.png")
    assert (good["width"], good["height"]) == (120, 100)
    assert good["size"] == (pets / "good.png").stat().st_size


def test_c2_validate_judges_bytes_not_names(icecat, pets):
    result = icecat("validate", "-f", "pets")
    assert result.code == 9 and result.err == ""
    rows = [line.split("\t") for line in result.out.splitlines()]
    assert rows[0] == ["result", "format", "pixels", "bytes", "file", "problem"]
    verdicts = {row[4]: row[0] for row in rows[1:]}
    assert verdicts["pets/text.PNG"] == verdicts["pets/empty.jpeg"] == "refused"
    assert verdicts["pets/webp.jpg"] == "refused" and verdicts["pets/good.jpg"] == "ok"


def test_validate_events(icecat, pets):
    events = icecat("validate", "pets/good.jpg", "pets/cut.jpg", "-o", "ndjson").events()
    assert [(each["type"], each.get("action")) for each in events] == [
        ("item", "valid"), ("item", "rejected"), ("summary", None)]
    assert events[1]["error"]["name"] == "ICECAT_E_IMAGE_CORRUPT"
    assert events[2]["exit_code"] == 9 and events[2]["counts"]["rejected"] == 1


def test_validate_csv_and_table(icecat, pets):
    rows = list(csv.reader(io.StringIO(icecat("validate", "pets/good.jpg", "-o", "csv").out)))
    assert rows[1][:2] == ["ok", "jpeg"]
    table = icecat("validate", "pets/good.jpg", "-o", "table").out
    assert "1 file: 1 ok, 0 refused" in table and "\x1b" not in table
    coloured = icecat("validate", "pets/good.jpg", "-o", "table", "--color", "always").out
    assert "\x1b[32mok\x1b[0m" in coloured


def test_validate_stdin(icecat, pets):
    for form in ("json", "ndjson"):
        result = icecat("validate", "-", "-o", form, stdin=(pets / "good.jpg").read_bytes())
        assert result.code == 0
    bad = icecat("validate", "-", "--json", stdin=(pets / "cut.jpg").read_bytes())
    assert bad.code == 9 and bad.json("validate_doc")["files"][0]["problems"] == ["truncated"]
    assert icecat("validate", "-").code == 9  # nothing at all


def test_validate_limits(icecat, pets):
    def problems(*words):
        result = icecat("validate", "--json", *words)
        return result.code, result.json("validate_doc")["files"][0]["problems"]

    assert problems("pets/small.png", "--profile-limit", "any") == (0, [])
    assert problems("pets/good.jpg", "--max-size", "200", "--profile-limit", "bytes") == (
        9, ["too-large-bytes"])
    assert problems("pets/good.jpg", "--max-size", "200") == (9, ["too-large-s3"])
    assert problems("pets/named.png", "--strict")[0] == 9


def test_validate_what_cannot_be_read(icecat):
    result = icecat("validate", "nowhere.jpg", "--json")
    assert result.code == 9
    entry = result.json("validate_doc")["files"][0]
    assert entry["problems"] == ["unreadable"] and "size" not in entry
    assert entry["error"]["name"] == "ICECAT_E_FILE"


def test_validate_an_empty_folder_is_nothing_to_do(icecat, tmp_path):
    (tmp_path / "none").mkdir()
    result = icecat("validate", "none")
    assert result.code == 0 and result.err == "icecat: no images were found\n"
    assert icecat("validate", "none", "--json").json("validate_doc")["files"] == []


HOSTILE = ["\x1b[31mred.jpg", "tab\there.jpg", "line\nbreak.jpg", "webp[red].jpg", "-x.jpg",
           "=1+1.jpg", "c1\x9b31m.jpg", "\u202egpj.jpg", "caf\u00e9 \U0001f408.jpg", "a'b\"c.jpg", "%s%n.jpg"]


@pytest.mark.parametrize("form", ["table", "plain", "csv", "json", "ndjson"])
def test_c18_hostile_names(icecat, tmp_path, form):
    folder = tmp_path / "pets"
    folder.mkdir()
    for name in HOSTILE:
        picture(folder / name)
    result = icecat("validate", "pets", "-o", form)
    assert result.code == 0
    if form in ("json", "ndjson"):
        lines = [result.out] if form == "json" else result.out.splitlines()[:-1]
        documents = [json.loads(line) for line in lines]
        files = documents[0]["files"] if form == "json" else documents
        assert sorted(each["file"] for each in files) == sorted(f"pets/{name}" for name in HOSTILE)
    if form != "csv":
        assert "\x1b" not in result.out
    if form in ("table", "plain"):
        assert len(result.out.splitlines()) == len(HOSTILE) + (2 if form == "table" else 1)
        assert "webp[red].jpg" in result.out
    if form == "table":
        assert "\u202e" not in result.out and "\x9b" not in result.out


def test_a_name_that_is_not_utf8_keeps_its_bytes_in_json(icecat, tmp_path):
    name = b"caf\xe9.jpg"
    picture(os.path.join(os.fsencode(tmp_path), name))
    entry = icecat("validate", name, "--json").json("validate_doc")["files"][0]
    assert entry["file"] == "caf\ufffd.jpg"
    assert base64.b64decode(entry["file_b64"]) == name


def test_validate_needs_no_settings(icecat, pets):
    assert icecat("validate", "pets/good.jpg", "-s", "nope.env").code == 0


# ---- signals --------------------------------------------------------------------------------


@pytest.mark.parametrize("number,code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_with_its_code(icecat, pets, number, code):
    process = icecat.start("validate", "pets/good.jpg", "-", "-o", "ndjson")
    first = process.stdout.readline()  # it runs, and waits for stdin now
    assert json.loads(first)["action"] == "valid"
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert [json.loads(line)["type"] for line in out.splitlines()] == ["summary"]
    assert err == b""


def test_nobody_who_reads_is_exit_code_141(icecat, pets):
    process = icecat.start("validate", "pets/good.jpg", "-")
    process.stdout.close()
    process.stdin.close()
    assert process.wait(30) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


def test_a_full_disk_is_a_failure(icecat, pets):
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full here")
    with open("/dev/full", "wb") as full:
        done = subprocess.run([program(), "validate", "pets/good.jpg"], stdout=full,
                              stderr=subprocess.PIPE, cwd=icecat.folder, timeout=60,
                              env={"HOME": str(icecat.folder)})
    assert done.returncode == 1
    assert b"the results could not be written" in done.stderr
