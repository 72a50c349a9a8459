"""README, wheel and source distribution."""
import importlib.util
import inspect
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

import builds
import cdef
import icecat
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
    calls = {name for name in dir(icecat.Client) if not name.startswith("_")} - {"region", "endpoint"}
    errors = {name for name in icecat.__all__ if name.endswith("Error")} - {"InternalError", "OutOfMemoryError",
                                                                            "PartialError"}
    assert {name for name in calls | errors if name not in README} == set()


def test_package_and_library_have_one_version():
    assert f'version = "{icecat.version()}"' in (PACKAGE / "pyproject.toml").read_text()


def test_the_types_are_complete():
    pytest.importorskip("mypy")
    done = subprocess.run([sys.executable, "-m", "mypy", "--config-file", PACKAGE / "pyproject.toml", "--cache-dir",
                           "/dev/null"], cwd=PACKAGE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stub_of_the_extension_is_what_the_headers_give():
    assert cdef.stub(ROOT / "include") == (PACKAGE / "icecat/_icecat.pyi").read_text(), \
        "run: python bindings/python/cdef.py --stub > bindings/python/icecat/_icecat.pyi"
    pytest.importorskip("mypy")
    done = subprocess.run([sys.executable, "-m", "mypy.stubtest", "icecat._icecat"], cwd="/", capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", ["folder.py", "service.py"])
def test_the_examples_have_sound_types(name):
    pytest.importorskip("mypy")
    pytest.importorskip("fastapi")
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", "/dev/null",
                           PACKAGE / "examples" / name], cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def documented():
    """Every public class and function, and their public methods, with their doc and that of their class."""
    for name in icecat.__all__:
        thing = getattr(icecat, name)
        if not callable(thing):
            continue
        yield name, thing, thing.__doc__ or ""
        for method, inner in vars(thing).items() if inspect.isclass(thing) else ():
            if not method.startswith("_") and (callable(inner) or isinstance(inner, (property, classmethod))):
                yield f"{name}.{method}", inner, inner.__doc__ or ""
    for part in icecat.Client.__mro__[1:-1]:
        for method, inner in vars(part).items():
            if not method.startswith("_"):
                yield f"Client.{method}", inner, f"{inner.__doc__ or ''}\n{part.__doc__}"


# What every call has, or what its name says.
SELF_EVIDENT = {"self", "timeout", "cancel", "bucket", "key", "table", "batch", "kind", "value", "traceback", "settings",
                "cls", "source_bucket", "source_key", "fingerprint", "message", "args", "kwargs"}


@pytest.mark.parametrize("name, thing, doc", [pytest.param(*each, id=each[0]) for each in documented()])
def test_everything_public_is_documented(name, thing, doc):
    assert len(doc.strip()) > 10, "no docstring"
    own = inspect.getdoc(thing) or ""
    assert own.strip()[-1] in ".:)}" or "\n" in own, "a docstring is sentences"
    if inspect.isfunction(thing):
        missing = {each for each in inspect.signature(thing).parameters if not re.search(rf"\b{each}\b", doc)}
        assert not missing - SELF_EVIDENT


def test_every_field_says_what_it_is():
    """A field of a value has a comment, unless its name and type say all."""
    plain = {"batch_id", "client_id", "file_name", "fingerprint", "labels", "aliases", "boxes", "channels", "animated",
             "multi_picture", "has_alpha", "total", "submitted", "duplicate", "rejected", "failed", "known", "left", "top",
             "width", "height", "version", "python", "counts", "submissions", "url", "uploaded_at", "judged_at",
             "fail_reason", "index", "action", "path", "key", "size", "etag", "access_key_id", "secret_access_key",
             "expires_at"}
    for module in ("models", "images", "batches", "health", "signing", "keys"):
        lines = (PACKAGE / f"icecat/{module}.py").read_text().splitlines()
        for line in lines:
            field = re.match(r"    (\w+): [\w\[\], .]+( = [\w().]+)?(  #: .*)?$", line)
            if field and "#:" not in line:
                assert field[1] in plain, f"{module}: {line.strip()}"


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
    assert {f"csrc/{name}" for name in sources} | {"cdef.py", "shim.c", "csrc/LICENSE", "icecat/py.typed"} <= names
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


@pytest.fixture
def clean(tmp_path):
    """clean(**environment) installs the package with pip into an environment of its own, which has only what building
    takes, and gives its Python."""
    def install(**environment):
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
        site = tmp_path / f"venv/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
        tools = sorted({str(pathlib.Path(importlib.util.find_spec(name).origin).parents[1])
                        for name in ("cffi", "setuptools", "pip", "wheel", "pycparser")})
        (site / "tools.pth").write_text("\n".join(tools))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ICECAT_", "PYTHONPATH"))}
        python = tmp_path / "venv/bin/python"
        done = subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps",
                               "--no-build-isolation", "--force-reinstall", "--ignore-installed", PACKAGE],
                              env={**kept, **environment}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        wheel, = site.glob("icecat-*.dist-info/WHEEL")
        assert re.search(r"^Tag: cp39-abi3-linux_\w+$", wheel.read_text(), re.M)
        assert (site / "icecat/_icecat.abi3.so").is_file()
        return python, site

    return install


USE = """
import icecat
assert icecat.__file__.startswith({site!r}), icecat.__file__
assert icecat.validate({picture!r}).ok
assert icecat.sign("GET", "https://h/", region="r", service="s3", access_key_id="A", secret_access_key="S").signature
with icecat.Client(region="r", access_key_id="A", secret_access_key="S", endpoint_url="http://127.0.0.1:1",
                   max_attempts=1) as client:
    try:
        client.get_object("bucket", "key")
    except icecat.NetworkError as error:
        print(error.name, open("/proc/self/maps").read().count("libicecat.so"))
"""


def use(python, site):
    done = subprocess.run([python, "-c", USE.format(site=str(site), picture=str(ROOT / "examples/samples/tabby.jpg"))],
                          capture_output=True, text=True, cwd="/", env={"PATH": os.environ["PATH"]}, check=False)
    assert done.returncode == 0, done.stderr
    name, mapped = done.stdout.split()
    assert name == "ICECAT_E_CONNECT"
    return int(mapped)


def test_pip_installs_it_with_the_bundled_library(clean):
    assert use(*clean(ICECAT_BUNDLED="1")) == 0


def test_pip_installs_it_on_an_installed_library(clean, tmp_path):
    if builds.sanitizer():
        pytest.skip("a library with a sanitizer cannot be loaded into Python")
    bootstrap()
    prefix = tmp_path / "prefix"
    subprocess.run(["cmake", "--install", os.environ["ICECAT_BUILD_DIR"], "--prefix", prefix], check=True,
                   stdout=subprocess.DEVNULL)
    found, = prefix.rglob("libicecat.pc")
    assert use(*clean(ICECAT_SYSTEM="1", PKG_CONFIG_PATH=str(found.parent))) > 0


def test_without_an_installed_library_the_switch_for_it_fails(tmp_path):
    done = subprocess.run([sys.executable, "build_icecat.py"], cwd=PACKAGE, capture_output=True, text=True, check=False,
                          env={"PATH": os.environ["PATH"], "ICECAT_SYSTEM": "1", "PKG_CONFIG_PATH": str(tmp_path),
                               "PKG_CONFIG_LIBDIR": str(tmp_path)})
    assert done.returncode != 0 and "libicecat" in done.stderr
