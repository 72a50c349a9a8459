"""The way to C: strings and structs that live long enough, and the way back."""
from __future__ import annotations

import math
import os
from typing import Any, Iterable, List, Mapping, Optional, Tuple, Union

from icecat._icecat import ffi, lib
from icecat.errors import ArgumentError

Bytes = Union[bytes, bytearray, memoryview]
Path = Union[str, "os.PathLike[str]"]

LEAST_VERSION = 1000  # 0.1.0; there is no upper bound, because the ABI only grows

if lib.icecat_version_number() < LEAST_VERSION:
    raise ImportError(f"libicecat {ffi.string(lib.icecat_version_string()).decode()} is older than 0.1.0")


def text(value: Any) -> str:
    """A C string; "" for NULL."""
    return "" if value == ffi.NULL else ffi.string(value).decode("utf-8", "replace")


def optional_text(value: Any) -> Optional[str]:
    """A C string; None for NULL."""
    return None if value == ffi.NULL else text(value)


def milliseconds(name: str, seconds: Optional[float]) -> int:
    """Seconds as C counts them; 0, which is "no limit" or "the default" there, for None only."""
    if seconds is None:
        return 0
    if not 0 < seconds < 2**40:
        raise ArgumentError(f"{name} is {seconds} s: it must be over 0, or None")
    return math.ceil(seconds * 1000)


class Arena:
    """C values that live as long as this object."""

    def __init__(self) -> None:
        self._kept: List[Any] = []

    def keep(self, value: Any) -> Any:
        self._kept.append(value)
        return value

    def text(self, value: Optional[Path]) -> Any:
        """NULL for None; paths as the file system encodes them."""
        if value is None:
            return ffi.NULL
        raw = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else os.fsencode(value)
        if b"\0" in raw:
            raise ArgumentError("a text has a zero character")
        return self.keep(ffi.new("char[]", raw))

    def texts(self, values: Iterable[str]) -> Tuple[Any, int]:
        """An array of strings and its length; NULL and 0 for none."""
        items = [self.text(value) for value in values]
        return (self.keep(ffi.new("char *[]", items)) if items else ffi.NULL), len(items)

    def pairs(self, values: Optional[Mapping[str, str]]) -> Tuple[Any, int]:
        """An icecat_pair array and its length; NULL and 0 for none."""
        items = [(self.text(name), self.text(value)) for name, value in (values or {}).items()]
        return (self.keep(ffi.new("icecat_pair[]", items)) if items else ffi.NULL), len(items)

    def struct(self, name: str, **fields: Any) -> Any:
        """A struct with its size set. Texts are converted; None leaves the default. What fields point to is kept too:
        cffi does not do that, and would free it."""
        made = self.keep(ffi.new(f"{name} *"))
        self.keep(fields)
        made.struct_size = ffi.sizeof(name)
        for field, value in fields.items():
            if value is not None:
                setattr(made, field, self.text(value) if isinstance(value, (str, os.PathLike)) else value)
        return made


def from_bytes(data: Bytes) -> Tuple[Any, int]:
    """Bytes for C without a copy. The first value must be kept during the call."""
    view = memoryview(data)
    return ffi.from_buffer(view), view.nbytes
