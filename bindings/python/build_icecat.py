"""build_icecat.py - the extension module icecat._icecat, in cffi's API mode.

ICECAT_BUNDLED=1 compiles the sources of the library into the module; ICECAT_SYSTEM=1 insists on an installed
libicecat; without either, an installed one that pkg-config knows is used, else the sources.
"""
from __future__ import annotations

import os
import pathlib
import shutil
import subprocess
import sys
from typing import Any, Dict, List

from cffi import FFI

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import cdef  # noqa: E402  (it lies beside this file, which setuptools runs from elsewhere)

LEAST = "0.1.0"
DEPENDENCIES = ("libcurl >= 7.84", "libcrypto >= 3.0", "libcjson >= 1.7.15", "libpng >= 1.6", "libjpeg >= 2.0")


def _pkg_config(*arguments: str) -> List[str]:
    program = os.environ.get("PKG_CONFIG") or shutil.which("pkg-config")
    if not program:
        raise SystemExit("pkg-config is not installed")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"pkg-config {' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.split()


def sources_root() -> pathlib.Path:
    """The folder with lib/ and include/: of the source distribution, else of the checkout."""
    carried = HERE / "csrc"
    return carried if carried.is_dir() else HERE.parents[1]


def is_bundled() -> bool:
    if os.environ.get("ICECAT_BUNDLED") == "1":
        return True
    try:
        _pkg_config("--exists", "--print-errors", f"libicecat >= {LEAST}")
    except SystemExit:
        if os.environ.get("ICECAT_SYSTEM") == "1":
            raise
        return True
    return False


def _options(package: str, *more: str) -> Dict[str, Any]:
    """pkg-config's words as keywords of an extension."""
    words = _pkg_config("--cflags", "--libs", package, *more)
    return {
        "include_dirs": [word[2:] for word in words if word.startswith("-I")],
        "library_dirs": [word[2:] for word in words if word.startswith("-L")],
        "libraries": [word[2:] for word in words if word.startswith("-l")],
        "extra_compile_args": [word for word in words if word.startswith("-D")],
    }


def configuration() -> Dict[str, Any]:
    """Keywords of the extension; "bundled" and "include" are ours."""
    if is_bundled():
        include = sources_root() / "include"
        options = _options(*DEPENDENCIES)
        options["include_dirs"] = [str(include), *options["include_dirs"]]
        options["extra_compile_args"].append("-DICECAT_STATIC")
        options["libraries"].append("m")
        return {"bundled": True, "include": include, "options": options}
    options = _options("libicecat")
    include = pathlib.Path(_pkg_config("--variable=includedir", "libicecat")[0])
    # A library outside the linker's folders is found at run time where it was found now.
    options["extra_link_args"] = [f"-Wl,-rpath,{folder}" for folder in options["library_dirs"]]
    return {"bundled": False, "include": include, "options": options}


def bundled_sources() -> List[str]:
    return sorted(str(path) for path in (sources_root() / "lib").glob("*/*.c"))


CONFIGURATION = configuration()
ffibuilder = FFI()
ffibuilder.cdef(cdef.generate(CONFIGURATION["include"]))
ffibuilder.set_source("icecat._icecat", (HERE / "shim.c").read_text(encoding="utf-8"), **CONFIGURATION["options"])
