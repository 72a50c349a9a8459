"""The way to C: strings and structs that live long enough, and the way back."""
from __future__ import annotations

import importlib
import math
import os
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple, Type, TypeVar, Union

from icecat._icecat import ffi, lib
from icecat.errors import ArgumentError

Bytes = Union[bytes, bytearray, memoryview]
Path = Union[str, "os.PathLike[str]"]
Kind = TypeVar("Kind")

LEAST_VERSION = 1000  # 0.1.0; there is no upper bound, because the ABI only grows


def _is_subinterpreter() -> bool:
    for name in ("_interpreters", "_xxsubinterpreters"):  # since Python 3.13, and before
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        return bool(module.get_current() != module.get_main())
    return False


if _is_subinterpreter():
    # Signals go to the main interpreter alone, and another one cannot end while a worker thread waits in it.
    raise ImportError("icecat works in the main interpreter only: use a process of its own, or threads")
if lib.icecat_version_number() < LEAST_VERSION:
    raise ImportError(f"libicecat {ffi.string(lib.icecat_version_string()).decode()} is older than 0.1.0")

_ERROR = ffi.typeof("icecat_error *")
# For memory that C fills: not zeroed.
new_buffer = ffi.new_allocator(should_clear_after_alloc=False)


def new_error() -> Any:
    """An error record."""
    return ffi.new(_ERROR)


def owned(out: Any, free: Any) -> Any:
    """What C put into a pointer, freed with the value; None when it put nothing."""
    return ffi.gc(out[0], free) if out[0] else None


def text(value: Any) -> str:
    """A C string; "" for NULL."""
    return ffi.string(value).decode("utf-8", "replace") if value else ""


def optional_text(value: Any) -> Optional[str]:
    """A C string; None for NULL."""
    return ffi.string(value).decode("utf-8", "replace") if value else None


def path_text(value: Any) -> str:
    """A path of C, as Python writes paths: bytes that are no text become lone surrogates; "" for NULL."""
    return os.fsdecode(ffi.string(value)) if value else ""


def raw(value: Optional[str]) -> Any:
    """An argument of C that is a string, for the time of the call; NULL for None."""
    if value is None:
        return ffi.NULL
    made = value.encode("utf-8", "surrogateescape")
    if b"\0" in made:
        raise ArgumentError("a text has a zero character")
    return made


def raw_path(path: Path) -> Any:
    """An argument of C that is a path, as the file system encodes it."""
    made = os.fsencode(path)
    if b"\0" in made:
        raise ArgumentError("a path has a zero character")
    return made


def choice(name: str, value: Optional[str], values: Mapping[str, int]) -> Optional[int]:
    """The library's number of a word; None for None."""
    if value is None:
        return None
    if value not in values:
        raise ArgumentError(f"{name} is {value!r}: it must be one of {', '.join(values)}")
    return values[value]


def milliseconds(name: str, seconds: Optional[float]) -> int:
    """Seconds as C counts them; 0, which is "no limit" or "the default" there, for None only."""
    if seconds is None:
        return 0
    if not 0 < seconds < 2**40:
        raise ArgumentError(f"{name} is {seconds} s: it must be over 0, or None")
    return math.ceil(seconds * 1000)


class Arena:
    """C values that live as long as this object."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: List[Any] = []

    def keep(self, value: Any) -> Any:
        self._kept.append(value)
        return value

    def text(self, value: Optional[str]) -> Any:
        """As raw(), for as long as this object."""
        made = raw(value)
        return made if made is ffi.NULL else self.keep(ffi.new("char[]", made))

    def path(self, value: Optional[Path]) -> Any:
        """As raw_path(), for as long as this object; NULL for None."""
        return ffi.NULL if value is None else self.keep(ffi.new("char[]", raw_path(value)))

    def texts(self, values: Iterable[str]) -> Tuple[Any, int]:
        """An array of strings and its length; NULL and 0 for none."""
        if isinstance(values, str):
            raise TypeError("one str was given where a sequence of them is needed")
        items = [self.text(value) for value in values]
        return (self.keep(ffi.new("char *[]", items)) if items else ffi.NULL), len(items)

    def pairs(self, values: Optional[Mapping[str, str]]) -> Tuple[Any, int]:
        """An icecat_pair array and its length; NULL and 0 for none."""
        items = [(self.text(name), self.text(value)) for name, value in (values or {}).items()]
        return (self.keep(ffi.new("icecat_pair[]", items)) if items else ffi.NULL), len(items)

    def struct(self, name: str, **fields: Any) -> Any:
        """A struct with its size set. Texts are converted; None leaves the default. What fields point to is kept too:
        cffi does not do that, and would free it."""
        made = self.keep(new_struct(name))
        for field, value in fields.items():
            if value is None or value is False:
                continue
            if isinstance(value, str):
                value = self.text(value)
            elif type(value) is not int:
                self.keep(value)
            try:
                setattr(made, field, value)
            except OverflowError:
                raise ArgumentError(f"{field} is {value}: out of its range") from None
        return made


_STRUCTS: Dict[str, Tuple[Any, int]] = {}


def new_struct(name: str) -> Any:
    """A struct with nothing but its size."""
    found = _STRUCTS.get(name)
    if found is None:
        found = _STRUCTS.setdefault(name, (ffi.typeof(f"{name} *"), ffi.sizeof(name)))
    made = ffi.new(found[0])
    made.struct_size = found[1]
    return made


def from_bytes(data: Bytes) -> Tuple[Any, int]:
    """Bytes for C without a copy, and how many. The first value must be kept during the call; it holds the buffer, so
    that nobody can resize it meanwhile. BufferError when the bytes do not lie one behind the other."""
    if type(data) is bytes:
        return data, len(data)
    view = memoryview(data)
    if not view.c_contiguous:
        raise BufferError("the bytes of the buffer do not lie one behind the other: give bytes(view)")
    return ffi.from_buffer(view), view.nbytes


_new: Any = object.__new__


def made_of(kind: Type[Kind], values: Dict[str, Any]) -> Kind:
    """A frozen dataclass with all its fields, without its __init__(), which takes most of a cheap call's time."""
    made: Kind = _new(kind)
    made.__dict__.update(values)
    return made
