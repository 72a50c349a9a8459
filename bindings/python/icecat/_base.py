"""The native side of a client: made once, shared by threads, freed when the last call that uses it has ended."""
from __future__ import annotations

import os
import warnings
from typing import Any, Callable, Dict, Mapping, Optional, Tuple

from icecat import settings as names
from icecat._call import LOG_LEVELS, Call
from icecat._icecat import ffi, lib
from icecat._native import Arena, milliseconds
from icecat.errors import ArgumentError, from_record


def _free_here(free: Callable[[Any], None], *held: Any) -> Callable[[Any], None]:
    """A destructor that does nothing in a forked child, whose connections belong to the parent too. What it holds
    outlives the object."""
    pid = os.getpid()

    def destroy(native: Any, held: Tuple[Any, ...] = held) -> None:
        if os.getpid() == pid:
            free(native)

    return destroy


def _log_level(level: Optional[int]) -> Optional[int]:
    """The library's level for one of the logging module."""
    if level is None:
        return None
    return max(number for number, known in enumerate(LOG_LEVELS) if number and known >= min(level, LOG_LEVELS[1]))


def _credentials(settings: Mapping[str, Any], arena: Arena) -> Any:
    if not any(settings.get(name) for name in names.KEYS):
        return ffi.NULL
    keys = arena.struct("icecat_credentials_keys", **{name: settings.get(name) for name in names.KEYS})
    out, error = ffi.new("icecat_credentials **"), ffi.new("icecat_error *")
    if lib.icecat_credentials_new_static(keys, out, error):
        raise from_record(error)
    return ffi.gc(out[0], lib.icecat_credentials_free)


def _new_client(settings: Mapping[str, Any], arena: Arena) -> Any:
    logger = settings.get("logger")
    handle = ffi.new_handle(logger) if logger is not None else None
    options = arena.struct("icecat_client_options", **{name: settings.get(name) for name in names.CLIENT_TEXTS},
                           connect_timeout_ms=milliseconds("connect_timeout", settings.get("connect_timeout")),
                           stall_timeout_ms=milliseconds("stall_timeout", settings.get("stall_timeout")),
                           log_level=_log_level(settings.get("log_level")), log_userdata=handle,
                           log=lib.icecat_py_log if logger is not None else None,
                           credentials=_credentials(settings, arena))
    out, error = ffi.new("icecat_client **"), ffi.new("icecat_error *")
    if lib.icecat_client_new(options, out, error):
        raise from_record(error)
    return ffi.gc(out[0], _free_here(lib.icecat_client_free, handle, logger))


def _new_pipeline(client: Any, settings: Mapping[str, Any], arena: Arena) -> Any:
    options = arena.struct("icecat_pipeline_options",
                           **{c_name: settings.get(name) for name, c_name in names.PIPELINE.items()})
    out, error = ffi.new("icecat_pipeline **"), ffi.new("icecat_error *")
    if lib.icecat_pipeline_new(client, options, out, error):
        raise from_record(error)
    return ffi.gc(out[0], _free_here(lib.icecat_pipeline_free, client))


class Base:
    """Life of a client, and what its parts share."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        unknown = sorted(set(settings) - set(names.ClientSettings.__annotations__))
        if unknown:
            raise TypeError(f"Client has no setting {', '.join(unknown)}")
        found: Dict[str, Any] = names.with_environment(settings)
        arena = Arena()
        self._pid = os.getpid()
        self._label: str = found.get("label", "Cat")
        self._client: Any = _new_client(found, arena)
        self._pipeline: Any = _new_pipeline(self._client, found, arena)

    def close(self) -> None:
        """Close all connections. Calls that are running in other threads end as they would have; new ones raise
        ArgumentError. May be called twice."""
        self._client = self._pipeline = None

    def __del__(self) -> None:
        if getattr(self, "_client", None) is not None and os.getpid() == self._pid:
            warnings.warn(f"unclosed {self!r}: use it in a with statement, or call close()", ResourceWarning,
                          source=self, stacklevel=2)

    def _use(self, native: Any) -> Any:
        """The client or the pipeline, which stays alive during the call that it is an argument of."""
        if native is None:
            raise ArgumentError("the client is closed")
        if os.getpid() != self._pid:
            raise ArgumentError("the client was made before fork(): make another one in the child process")
        return native

    @property
    def _c(self) -> Any:
        return self._use(self._client)

    @property
    def _p(self) -> Any:
        return self._use(self._pipeline)

    @staticmethod
    def _fetch(call: Call, kind: str, function: Callable[..., int], *arguments: Any) -> Any:
        """Run a call whose last argument receives something that the caller owns."""
        out = ffi.new(f"{kind} **")
        call.run(function, *arguments, out)
        return out[0]
