"""The zip for the runtime provided.al2023: one executable that needs the C library of that system alone."""
import os
import pathlib
import re
import shutil
import stat
import subprocess
import zipfile

import pytest
from lambda_program import put_event
from runtime_api import RuntimeApi

GLIBC = (2, 34)  # Amazon Linux 2023's
MAX_ZIP = 3 << 20
MACHINES = {"x86_64": 62, "arm64": 183}  # e_machine of ELF
ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(params=sorted(MACHINES))
def package(request):
    """(architecture, zip). Built by the target lambda-package; ICECAT_LAMBDA_DIR says where."""
    folder = pathlib.Path(os.environ.get("ICECAT_LAMBDA_DIR") or ROOT / "build/lambda")
    path = folder / request.param / "bootstrap.zip"
    if not path.is_file():
        pytest.skip(f"{path} is not built: cmake --build DIR --target lambda-package")
    return request.param, path


@pytest.fixture
def program(package, tmp_path):
    _, path = package
    with zipfile.ZipFile(path) as archive:
        archive.extract("bootstrap", tmp_path)
    (tmp_path / "bootstrap").chmod(0o755)
    return tmp_path / "bootstrap"


def objdump(architecture, *arguments):
    prefix = "" if os.uname().machine == architecture else {"arm64": "aarch64-linux-gnu-"}.get(architecture, f"{architecture}-linux-gnu-")
    tool = shutil.which(prefix + "objdump")
    if tool is None:
        pytest.skip(f"{prefix}objdump is not installed")
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True, check=True).stdout


def test_the_zip_has_one_executable_and_is_small(package):
    _, path = package
    with zipfile.ZipFile(path) as archive:
        (entry,) = archive.infolist()
        assert entry.filename == "bootstrap"
        assert stat.S_IMODE(entry.external_attr >> 16) == 0o755
        assert archive.testzip() is None
    assert path.stat().st_size <= MAX_ZIP


def test_it_is_for_its_architecture(package, program):
    head = program.read_bytes()[:20]
    assert head[:6] == b"\x7fELF\x02\x01"
    assert int.from_bytes(head[18:20], "little") == MACHINES[package[0]]


def test_it_needs_libc_alone_and_no_newer_one(package, program):
    needed = set(re.findall(r"NEEDED\s+(\S+)", objdump(package[0], "-p", program)))
    assert {name for name in needed if not name.startswith("ld-linux")} == {"libc.so.6"}
    symbols = objdump(package[0], "-T", program)
    versions = {tuple(map(int, text.split("."))) for text in re.findall(r"GLIBC_([0-9.]+)", symbols)}
    assert versions and max(versions) <= GLIBC
    assert not re.search(r"\b(?:OPENSSL|CURL)_", symbols)


def test_it_knows_the_systems_certificates(program):
    data = program.read_bytes()
    assert b"/etc/pki/tls/certs/ca-bundle.crt\0" in data
    assert b"/etc/ssl/certs/ca-certificates.crt\0" in data


def test_it_answers_an_event(package, program, tmp_path):
    """The very file that is deployed; another architecture's runs in an emulator."""
    command = [str(program)]
    if package[0] == "arm64" and os.uname().machine != "aarch64":
        emulator = shutil.which("qemu-aarch64-static")
        if emulator is None or not pathlib.Path("/usr/aarch64-linux-gnu/lib").is_dir():
            pytest.skip("qemu-user-static and libc6-arm64-cross are not installed")
        command = [emulator, "-L", "/usr/aarch64-linux-gnu", *command]
    api = RuntimeApi()
    environment = {"AWS_LAMBDA_RUNTIME_API": api.address, "AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "key",
                   "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL": "https://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1",
                   "s3bucketSource": "cats-in", "s3bucketDest": "cats-out", "s3bucketFail": "cats-bad", "dynamoDBTableName": "cats"}
    with open(tmp_path / "log", "wb") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        api.invoke({"Event": "s3:TestEvent"})
        assert api.answer()[1].json["ignored"] == 1
        api.invoke(put_event("cats-in", "0" * 64 + "/me/batch-1744377772123456/2025-04-11-13/1744377773.jpg"))
        kind, request = api.answer()
        assert (kind, request.json["errorType"]) == ("error", "Function.ProcessingFailed"), (tmp_path / "log").read_text()
    finally:
        process.kill()
        process.wait()
        api.close()
