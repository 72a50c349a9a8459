"""What kind of build is under test."""
import os
import pathlib
import re


def sanitizer():
    """The value of -fsanitize, e.g. "address,undefined"; "" for a plain build."""
    cache = pathlib.Path(os.environ.get("ICECAT_BUILD_DIR", "/nonexistent")) / "CMakeCache.txt"
    found = re.search(r"^ICECAT_SANITIZER:\w+=(.*)$", cache.read_text(), re.M) if cache.exists() else None
    return found.group(1) if found else ""
