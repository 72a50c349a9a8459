"""The Go package against a release build: its own tests in every form, its README, its minimum of libicecat.

    ICECAT_BUILD_DIR=$PWD/build/release build/venv/bin/python -m pytest bindings/go
"""
import os
import pathlib
import re
import shutil
import subprocess

import icecat_local
import pytest

PACKAGE = pathlib.Path(__file__).resolve().parent
ROOT = PACKAGE.parents[1]
README = (PACKAGE / "README.md").read_text()
DEBIAN_GO = "/usr/lib/go-1.19/bin/go"  # what Debian 12 has; the oldest that go.mod promises
ENDS = 900  # seconds; a first run compiles Go's own packages


def go_programs():
    found = [shutil.which("go"), DEBIAN_GO if os.access(DEBIAN_GO, os.X_OK) else None]
    return list(dict.fromkeys(os.path.realpath(each) for each in found if each))


GO = go_programs()


def build():
    if not GO:
        pytest.skip("Go is not installed: apt-get install golang-go")
    return icecat_local.binary().parents[2]  # skips when nothing is built


def run(command, **arguments):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **arguments)
    assert done.returncode == 0, done.stdout[-20000:]
    return done.stdout


def run_step(step, go):
    print(run([PACKAGE / "run_tests.sh", build(), step], env={**os.environ, "GO": go}))


@pytest.mark.timeout(ENDS)
@pytest.mark.parametrize("go", GO or ["go"])
@pytest.mark.parametrize("step", ["vet", "test", "race", "cgocheck", "static", "nocgo"])
def test_the_package(step, go):
    run_step(step, go)


@pytest.fixture
def program(tmp_path):
    """program(code) is a program of a module of its own, built as the README says; its environment too."""
    told = run(["bash", "-c", f". {PACKAGE}/environment.sh {build()} && env -0"])
    environment = dict(line.split("=", 1) for line in told.split("\0") if line)

    def make(code):
        module = tmp_path / "module"
        module.mkdir()
        (module / "main.go").write_text(code)
        edit, = re.findall(r"^(go mod edit .*)$", README, flags=re.M)
        edit = edit.replace("/path/to/libicecat/bindings/go", str(PACKAGE)).split()
        for command in (["mod", "init", "example.com/cats"], edit[1:], ["build", "-o", tmp_path / "program", "."]):
            run([GO[0], *command], cwd=module, env=environment)
        return tmp_path / "program", environment

    return make


@pytest.mark.timeout(ENDS)
def test_the_ten_lines_of_the_readme_work(program, start_local):
    code, = re.findall(r"```go\n(package main.*?)```", README, flags=re.S)
    path, environment = program(code)
    bootstrap = build() / "examples/lambda/bootstrap"
    local = start_local("--bootstrap", bootstrap)
    lines = run([path], cwd=ROOT, env={**environment, **local.env}).splitlines()
    assert "WebP" in lines[0] and lines[1] == "2 <nil>"
    assert sorted(lines[2:]) == ["dog.jpg success false <nil>", "tabby.jpg success true <nil>"]


def test_the_readme_names_every_call():
    """What go doc lists, of the client and of the package."""
    if not GO:
        pytest.skip("Go is not installed")
    listed = run([GO[0], "doc", "-all", "."], cwd=PACKAGE)
    calls = set(re.findall(r"^func \(c \*Client\) ([A-Z]\w+)\(ctx", listed, flags=re.M)) - {"ReportCredentials"}
    makers = set(re.findall(r"^\s*func ((?:New|Load|Resume|Sign|Parse|Verify)\w*)\(", listed, flags=re.M))
    assert len(calls) > 20 and len(makers) > 8
    assert {name for name in (calls | makers) - {"NewBatchID", "ParseBatchID", "NewSigningKeys"} if name not in README} == set()


@pytest.mark.timeout(ENDS)
def test_an_old_library_is_refused(program, tmp_path):
    """By the compiler because of its headers, and when it runs because of its version."""
    old = tmp_path / "old"
    shutil.copytree(ROOT / "include", old)
    header = old / "icecat/version.h"
    text = header.read_text()
    header.write_text(re.sub(r"(#define ICECAT_VERSION_(?:MAJOR|MINOR)) \d+", r"\1 0", text))
    assert header.read_text() != text
    refused = subprocess.run(["cc", "-fsyntax-only", f"-I{old}", PACKAGE / "shim_base.c"], capture_output=True, text=True, check=False)
    assert refused.returncode != 0 and "needs libicecat 0.1.0 or later" in refused.stderr
    path, environment = program("""package main

import (
	"context"
	"fmt"

	"icecat.invalid/icecat"
)

func main() {
	_, err := icecat.New(context.Background(), icecat.WithRegion("eu-west-1"))
	fmt.Println(err)
}
""")
    assert run([path], env=environment) == "<nil>\n"
    (tmp_path / "old.c").write_text("unsigned icecat_version_number(void) { return 999; }\n")
    run(["cc", "-shared", "-fPIC", tmp_path / "old.c", "-o", tmp_path / "old.so"])
    told = run([path], env={**environment, "LD_PRELOAD": str(tmp_path / "old.so")})
    assert "1000 (0.1.0) or later is needed" in told
