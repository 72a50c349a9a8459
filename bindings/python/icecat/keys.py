"""Access keys that a program gives itself."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Callable, Optional, Tuple

from icecat._icecat import ffi, lib
from icecat._native import Arena, new_error
from icecat.errors import ArgumentError, from_record


@dataclass(frozen=True)
class AccessKeys:
    """One set of access keys. Its repr() shows no secret."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: Optional[str] = field(default=None, repr=False)  #: of temporary keys
    expires_at: Optional[datetime] = None  #: aware; they are asked for again before it. None: never


class Provider:
    """A function that gives AccessKeys, asked from any thread that needs keys, by one at a time."""

    def __init__(self, function: Callable[[], AccessKeys]) -> None:
        self._function = function
        self.problem: Optional[BaseException] = None  #: why it gave none when it was asked last

    def give(self, receiver: Any) -> int:
        """For C: 0 when keys were handed over."""
        self.problem = None
        try:
            if lib.icecat_credentials_give(receiver, native_keys(self._function(), Arena())):
                raise ArgumentError("a key is empty, too long, or has a control character")
        except BaseException as problem:  # C must not be left by an exception; the call raises one with this cause
            self.problem = problem
            return -1
        return 0

    def source(self) -> Tuple[Any, Any]:
        """A handle, which must outlive all users of the source, and an icecat_credentials that asks this."""
        handle = ffi.new_handle(self)
        out, error = ffi.new("icecat_credentials **"), new_error()
        if lib.icecat_credentials_new_callback(lib.icecat_py_keys, ffi.NULL, handle, ffi.NULL, out, error):
            raise from_record(error)
        return handle, ffi.gc(out[0], lib.icecat_credentials_free)


def native_keys(keys: AccessKeys, arena: Arena) -> Any:
    """An icecat_credentials_keys."""
    if not isinstance(keys, AccessKeys):
        raise TypeError(f"the function of `credentials` gave {type(keys).__name__}, not icecat.AccessKeys")
    expires_at = keys.expires_at
    if expires_at is not None and expires_at.tzinfo is None:
        raise ArgumentError("expires_at has no time zone: give an aware datetime")
    return arena.struct("icecat_credentials_keys", access_key_id=keys.access_key_id,
                        secret_access_key=keys.secret_access_key, session_token=keys.session_token,
                        expires_unix_s=None if expires_at is None else int(expires_at.timestamp()))
