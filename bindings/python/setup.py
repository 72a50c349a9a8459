"""setup.py - what pyproject.toml cannot say: the extension module, and the sources that the sdist carries."""
import atexit
import os
import pathlib
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from setuptools import setup
from setuptools.command.build_ext import build_ext
from setuptools.command.sdist import sdist

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import build_icecat  # noqa: E402

MACROS = [("ICECAT_BUILDING", None), ("ICECAT_STATIC", None), ("_POSIX_C_SOURCE", "200809L")]
FLAGS = ["-std=c11", "-O2", "-fPIC", "-fvisibility=hidden", "-fstack-protector-strong"]


class BuildExt(build_ext):
    """Compile the bundled library first, if there is to be one. Its symbols stay inside the module."""

    def build_extension(self, ext):
        if build_icecat.CONFIGURATION["bundled"]:
            ext.extra_objects = [*ext.extra_objects, *self.compile_library(ext)]
        super().build_extension(ext)

    def compile_library(self, ext):
        root = build_icecat.sources_root()

        def compile_one(source):
            return self.compiler.compile([source], output_dir=self.build_temp, macros=MACROS, extra_postargs=FLAGS,
                                         include_dirs=[str(root / "lib"), *ext.include_dirs])

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return [name for names in pool.map(compile_one, build_icecat.bundled_sources()) for name in names]


class Sdist(sdist):
    """Carry lib/, include/ and LICENSE of the checkout as csrc/."""

    def make_release_tree(self, base_dir, files):
        super().make_release_tree(base_dir, files)
        root, carried = build_icecat.sources_root(), pathlib.Path(base_dir) / "csrc"
        for part in ("lib", "include"):
            shutil.copytree(root / part, carried / part)
        shutil.copy(root / "LICENSE", carried)


# A folder of its own for each build: what another one left, with the other library or older modules, must not get into
# this one.
BUILD = tempfile.mkdtemp(prefix="icecat-build-")
atexit.register(shutil.rmtree, BUILD, ignore_errors=True)

setup(
    cffi_modules=["build_icecat.py:ffibuilder"],
    cmdclass={"build_ext": BuildExt, "sdist": Sdist},
    options={"build": {"build_base": BUILD}, "bdist_wheel": {"py_limited_api": "cp39"}},
)
