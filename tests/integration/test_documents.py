"""Every block of code in README.md, docs/ and the pages beside them is compiled or run, here or in the test that the
table below names; what cannot be run says why. A new block without an entry fails."""
import hashlib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import textwrap

import pytest

from conftest import Local
from icecat_command import program

ROOT = pathlib.Path(__file__).parents[2]
BUILD = pathlib.Path(os.environ.get("ICECAT_BUILD_DIR", "/nonexistent"))
PAGES = ["README.md", *sorted(str(path.relative_to(ROOT)) for folder in ("docs", "bindings", "examples", "tests")
                              for path in (ROOT / folder).rglob("*.md") if "egg-info" not in str(path))]

# (page, how the block begins): the test that runs it.
ELSEWHERE = {
    ("README.md", "#include <icecat/icecat.h>"): "tests/integration/test_readme.py",
    ("README.md", "$ cc cat.c -o cat"): "tests/install/install.sh",
    ("README.md", "$ sudo apt-get install"): "tests/install/install.sh",
    ("README.md", "$ pip install ./bindings/python"): "bindings/python/tests/test_package.py",
    ("README.md", "$ examples/lambda/deploy.sh"): "tests/integration/test_template.py",
    ("bindings/python/README.md", "apt-get install"): "bindings/python/tests/test_package.py",
    ("bindings/python/README.md", "import icecat"): "bindings/python/tests/test_package.py",
    ("README.md", "$ go mod edit"): "bindings/go/test_go.py",
    ("bindings/go/README.md", "apt-get install"): "bindings/go/test_go.py",
    ("bindings/go/README.md", "go mod edit"): "bindings/go/test_go.py",
    ("bindings/go/README.md", "package main"): "bindings/go/test_go.py",
    ("docs/migration.md", "import sys"): "tests/integration/test_migration.py",
    ("docs/deploy.md", "examples/lambda/deploy.sh                     #"): "tests/integration/test_template.py",
    ("docs/size.md", "cmake --preset small"): "tests/size/size.py",
}
# (page, how the block begins): why it is not run.
NOT_RUN = {
    ("README.md", "$ ./examples/quickstart.sh"): "installs packages and builds everything; CI begins with the second line",
    ("README.md", " verdict   conf"): "what the program prints",
    ("bindings/go/README.md", "var failure"): "a fragment; bindings/go/example_test.go has it whole",
    ("bindings/go/README.md", "go build -tags icecat_static"): "bindings/go/run_tests.sh builds so, without the other flags",
    ("bindings/go/README.md", "CGO_LDFLAGS"): "needs static archives of libcurl and all below it, which Debian does not have",
    ("bindings/go/README.md", "CGO_ENABLED=1"): "needs the libraries of another processor",
    ("docs/architecture.md", " picture ──►"): "a drawing",
    ("docs/deploy.md", "examples/lambda/deploy.sh    "): "needs an AWS account; deploy.sh is run against moto by test_template.py",
    ("docs/deploy.md", " PutObject ─►"): "a drawing",
    ("docs/deploy.md", "aws cloudformation delete-stack"): "deletes a stack of an AWS account",
    ("docs/errors.md", "s3: HeadObject"): "what the program prints",
    ("docs/migration.md", "examples/lambda/package.sh"): "needs an AWS account, and an existing function and bucket",
    ("docs/scaling.md", " clients ─►"): "a drawing",
    ("docs/scaling.md", " pictures a second"): "a formula",
    ("docs/testing.md", "tests/run.sh"): "runs the tests, this one too",
    ("docs/testing.md", "ICECAT_LONG=1"): "runs tests for minutes",
    ("tests/scenario/README.md", "ICECAT_BUILD_DIR="): "runs tests",
}


def blocks():
    """(page, language, text) of every fenced block."""
    for page in PAGES:
        text = (ROOT / page).read_text(encoding="utf-8")
        for found in re.finditer(r"^( *)```(\w*)\n(.*?)^\1```$", text, re.M | re.S):
            yield page, found[2], textwrap.dedent(found[3]) if found[1] else found[3]


def entry(table, page, text):
    found = [key for key in table if key[0] == page and text.startswith(key[1])]
    return max(found, key=lambda key: len(key[1])) if found else None


def is_listed(page, text):
    return entry(ELSEWHERE, page, text) or entry(NOT_RUN, page, text)


C_BLOCKS = [(page, text) for page, language, text in blocks() if language == "c" and not is_listed(page, text)]


def block(page, start):
    found = [text for here, _, text in blocks() if here == page and text.startswith(start)]
    assert len(found) == 1, f"{page} has {len(found)} blocks that begin with {start!r}"
    return found[0]


# Blocks that the tests below run, by how they begin.
RUN_HERE = [
    ("README.md", "$ icecat submit"),
    ("docs/report.md", "icecat submit pets/"),
    ("docs/icecat-local.md", "$ icecat-local --init"),
    ("docs/configuration.md", "[profile dev]"),
    ("docs/abi.md", "python3 tests/abi/exports.py"),
]


def test_every_block_has_its_test():
    unknown = [f"{page}: {text.splitlines()[0]}" for page, language, text in blocks() if language != "c"
               and not is_listed(page, text) and not any(page == here and text.startswith(start) for here, start in RUN_HERE)]
    assert unknown == []
    for page, start in [*ELSEWHERE, *NOT_RUN, *RUN_HERE]:
        assert any(here == page and text.startswith(start) for here, _, text in blocks()), f"{page} has no such block: {start}"
    for path in ELSEWHERE.values():
        assert (ROOT / path).is_file(), path


# ---- C ------------------------------------------------------------------------------------


def whole(text):
    """A fragment as a file: with its headers, and statements in a function that has a client and an error."""
    if "#include" in text:
        return text
    headers = "#include <icecat/icecat.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
    if re.search(r"^\{$", text, re.M):
        return headers + text
    return (headers + "void fragment(icecat_client *client);\nvoid fragment(icecat_client *client)\n{\nicecat_error err;\n"
            "(void)client;\n(void)err;\n" + text + "}\n")


@pytest.mark.parametrize("page, text", C_BLOCKS, ids=[f"{page}:{index}" for index, (page, _) in enumerate(C_BLOCKS)])
@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_c_compiles(page, text, compiler, tmp_path):
    (tmp_path / "block.c").write_text(whole(text), encoding="utf-8")
    done = subprocess.run([compiler, "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
                           "-Wno-unused-function", f"-I{ROOT / 'include'}", "-c", "block.c"], cwd=tmp_path, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, f"{page}\n{done.stderr}"


# ---- the command ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stage(local_with_function, tmp_path_factory):
    """A folder as the pages have it: pictures, and the batch whose names they use."""
    folder = tmp_path_factory.mktemp("documents")
    for name in ("pictures", "pets", "photos"):
        (folder / name).mkdir()
        for picture in ("tabby.jpg", "dog.jpg"):
            (folder / name / picture).write_bytes((ROOT / "examples/samples" / picture).read_bytes())
    (folder / "cat.jpg").write_bytes((ROOT / "examples/samples/tabby.jpg").read_bytes())
    environment = {"PATH": f"{pathlib.Path(program()).parent}:{os.environ['PATH']}", "HOME": str(folder), "LC_ALL": "C.UTF-8",
                   "ICECAT_CLIENT_ID": "me", **local_with_function.env}
    done = run_line("icecat submit pictures --batchid 1744377772123456 --wait", folder, environment)
    assert done.returncode == 0, done.stderr
    return folder, environment


@pytest.fixture(scope="module")
def local_with_function(tmp_path_factory):
    bootstrap = BUILD / "examples/lambda/bootstrap"
    if not bootstrap.is_file():
        pytest.skip(f"{bootstrap} is not built")
    running = Local(tmp_path_factory.mktemp("documents-local") / "data", "--bootstrap", str(bootstrap)).start()
    yield running
    assert running.stop() == 0


def run_line(line, folder, environment):
    return subprocess.run(["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False)


def lines(page, start):
    for line in block(page, start).splitlines():
        if line.strip():
            yield re.sub(r"^\$ ", "", line)


def shown_fingerprint(folder):
    return hashlib.sha256((folder / "cat.jpg").read_bytes()).hexdigest()[:12]


@pytest.mark.parametrize("page, start", RUN_HERE[:2])
def test_the_commands_of_a_page_work(page, start, stage):
    folder, environment = stage
    for line in lines(page, start):
        line = line.replace("-p 0eaf1da24040", f"-p {shown_fingerprint(folder)}")
        done = run_line(line, folder, environment)
        # doctor has a word on keys that everybody may read, and the like.
        accepted = (0, 1) if line.startswith("icecat doctor") else (0,)
        assert done.returncode in accepted, f"{page}: {line}\n{done.stdout}{done.stderr}"


def test_icecat_local_starts_as_its_page_says(stage):
    folder, environment = stage
    (folder / "build").symlink_to(BUILD)
    start, evaluate, *rest = lines("docs/icecat-local.md", "$ icecat-local --init")
    script = ["set -e", start, "server=$!", "trap 'kill $server' EXIT",
              "for i in $(seq 200); do grep -q DYNAMODB_TABLE_NAME exports && break; sleep 0.1; done", evaluate, *rest]
    own = {name: value for name, value in environment.items() if not name.startswith(("AWS_", "S3BUCKET", "DYNAMODB"))}
    own["PATH"] = f"{BUILD / 'examples/local'}:{own['PATH']}"
    done = run_line("\n".join(script), folder, own)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^(cat|not cat)\b", done.stdout, re.M)


def test_the_profile_of_the_configuration_page(tmp_path):
    (tmp_path / "config").write_text(block("docs/configuration.md", "[profile dev]"), encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "AWS_CONFIG_FILE": str(tmp_path / "config")}
    done = run_line(f"{shlex.quote(program())} config --profile dev -o plain", tmp_path, environment)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^AWS_REGION = eu-west-1\b", done.stdout, re.M)
    assert "http://127.0.0.1:4566" in done.stdout


def test_the_golden_files_of_the_abi_are_made_as_its_page_says(tmp_path):
    library = BUILD / "lib/libicecat.so"
    if not library.exists():
        pytest.skip(f"{library} is not built")
    for part in ("tests/abi", "docs/api", "include", "bindings", "lib/icecat.map"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        copy(ROOT / part, tmp_path / part)
    (tmp_path / "build").mkdir()
    (tmp_path / "build/release").symlink_to(BUILD)
    for line in lines("docs/abi.md", "python3 tests/abi/exports.py"):
        done = run_line(line, tmp_path, {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"})
        assert done.returncode in (0, 77), f"{line}\n{done.stdout}{done.stderr}"
    for golden in (ROOT / "tests/abi").glob("l*[!y]"):
        if golden.is_file():
            assert (tmp_path / "tests/abi" / golden.name).read_text() == golden.read_text(), golden.name
