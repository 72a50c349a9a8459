"""README, wheel and source distribution."""
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

import pytest
from conftest import PACKAGE, ROOT, bootstrap, start_python

README = (PACKAGE / "README.md").read_text()


def test_the_ten_lines_of_the_readme_work(start_local):
    code, = re.findall(r"```python\n(.*?)```", README, flags=re.S)
    local = start_local("--bootstrap", bootstrap())
    with start_python(f"import os\nos.chdir({str(ROOT)!r})\n{code}", local.env) as process:
        output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    lines = output.splitlines()
    assert "WebP" in lines[0] and lines[1] == "True"
    assert sorted(lines[2:4]) == ["dog.jpg success False", "tabby.jpg success True"] and len(lines) == 5


def test_the_readme_names_every_call_and_exception():
    import icecat

    calls = {name for name in dir(icecat.Client) if not name.startswith("_")} - {"region", "endpoint"}
    errors = {name for name in icecat.__all__ if name.endswith("Error")} - {"InternalError", "OutOfMemoryError",
                                                                            "PartialError"}
    assert {name for name in calls | errors if name not in README} == set()


def test_the_types_are_complete():
    pytest.importorskip("mypy")
    done = subprocess.run([sys.executable, "-m", "mypy", "--config-file", PACKAGE / "pyproject.toml", "--cache-dir",
                           "/dev/null"], cwd=PACKAGE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_source_distribution_builds_without_the_checkout(tmp_path):
    """From the sdist alone: a wheel for every Python from 3.9 on, with the library inside, that can be used."""
    made = subprocess.run([sys.executable, "-c", f"""
import os, setuptools.build_meta as backend
os.chdir({str(PACKAGE)!r})
print(backend.build_sdist({str(tmp_path)!r}))"""], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    archive, = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
        sdist.extractall(tmp_path / "unpacked")
    sources = {str(path.relative_to(ROOT)) for folder in ("lib", "include") for path in (ROOT / folder).rglob("*.[ch]")}
    assert {f"csrc/{name}" for name in sources} | {"cdef.py", "icecat/py.typed"} <= names
    tree, = (tmp_path / "unpacked").iterdir()
    done = subprocess.run([sys.executable, "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "-w",
                           str(tmp_path), str(tree)], capture_output=True, text=True, check=False,
                          env={**os.environ, "ICECAT_BUNDLED": "1"})
    assert done.returncode == 0, done.stderr
    wheel, = tmp_path.glob("icecat-*-cp39-abi3-linux_*.whl")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(tmp_path / "site")
    assert (tmp_path / "site/icecat/_icecat.abi3.so").is_file() and (tmp_path / "site/icecat/py.typed").is_file()
    used = subprocess.run([sys.executable, "-c", "import icecat; print(icecat.__file__, icecat.version())"],
                          capture_output=True, text=True, cwd="/", check=True,
                          env={**os.environ, "PYTHONPATH": str(tmp_path / "site")})
    assert str(pathlib.Path(tmp_path / "site")) in used.stdout
