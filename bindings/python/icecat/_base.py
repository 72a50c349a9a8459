"""The native side of a client: made once, shared by threads, freed when the last call that uses it has ended."""
from __future__ import annotations

import os
import warnings
from typing import Any, Callable, Dict, Mapping, Optional, Tuple, TypeVar

from icecat import settings as names
from icecat._call import LOG_LEVELS, Call, Cancel
from icecat._icecat import ffi, lib
from icecat._native import Arena, choice, milliseconds, new_error, owned
from icecat.errors import ArgumentError, from_record
from icecat.keys import Provider


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


def _credentials(settings: Mapping[str, Any], provider: Optional[Provider], arena: Arena) -> Tuple[Any, Any]:
    """What must outlive the client, and its source of access keys; NULL for the default chain."""
    if provider is not None:
        return provider.source()
    if not any(settings.get(name) for name in names.KEYS):
        return None, ffi.NULL
    keys = arena.struct("icecat_credentials_keys", **{name: settings.get(name) for name in names.KEYS})
    out, error = ffi.new("icecat_credentials **"), new_error()
    if lib.icecat_credentials_new_static(keys, out, error):
        raise from_record(error)
    return None, ffi.gc(out[0], lib.icecat_credentials_free)


def _provider(settings: Mapping[str, Any]) -> Optional[Provider]:
    function = settings.get("credentials")
    if function is None:
        return None
    if not callable(function):
        raise TypeError("credentials is no function that gives icecat.AccessKeys")
    if any(settings.get(name) for name in names.KEYS):
        raise ArgumentError("credentials and access_key_id exclude each other")
    return Provider(function)


def _texts(settings: Mapping[str, Any], arena: Arena) -> Dict[str, Any]:
    """Settings that C has by the same names; paths as the file system encodes them."""
    found = {name: settings.get(name) for name in names.CLIENT_FIELDS}
    for name in names.CLIENT_PATHS:
        found[name] = arena.path(settings.get(name))
    for name, values in names.CLIENT_CHOICES.items():
        found[name] = choice(name, settings.get(name), values)
    for name in names.CLIENT_SWITCHES:
        chosen = settings.get(name)
        if chosen is not None:
            found[name] = lib.ICECAT_SWITCH_ON if chosen else lib.ICECAT_SWITCH_OFF
    return found


def _new_client(settings: Mapping[str, Any], provider: Optional[Provider], arena: Arena) -> Any:
    logger = settings.get("logger")
    handle = ffi.new_handle(logger) if logger is not None else None
    keys_handle, credentials = _credentials(settings, provider, arena)
    options = arena.struct("icecat_client_options", **_texts(settings, arena),
                           connect_timeout_ms=milliseconds("connect_timeout", settings.get("connect_timeout")),
                           stall_timeout_ms=milliseconds("stall_timeout", settings.get("stall_timeout")),
                           log_level=_log_level(settings.get("log_level")), log_userdata=handle,
                           log=lib.icecat_py_log if logger is not None else None, credentials=credentials)
    out, error = ffi.new("icecat_client **"), new_error()
    if lib.icecat_client_new(options, out, error):
        raise from_record(error)
    return ffi.gc(out[0], _free_here(lib.icecat_client_free, handle, logger, keys_handle, provider, credentials))


def _new_pipeline(client: Any, settings: Mapping[str, Any], arena: Arena) -> Any:
    options = arena.struct("icecat_pipeline_options",
                           **{c_name: settings.get(name) for name, c_name in names.PIPELINE.items()})
    out, error = ffi.new("icecat_pipeline **"), new_error()
    if lib.icecat_pipeline_new(client, options, out, error):
        raise from_record(error)
    return ffi.gc(out[0], _free_here(lib.icecat_pipeline_free, client))


_FREES = {
    "icecat_results": lib.icecat_results_free,
    "icecat_labels": lib.icecat_labels_free,
    "icecat_items": lib.icecat_items_free,
    "icecat_parameters": lib.icecat_parameters_free,
    "icecat_s3_object": lib.icecat_s3_object_free,
}
AnyCall = TypeVar("AnyCall", bound=Call)


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
        self._provider = _provider(found)
        self._client: Any = _new_client(found, self._provider, arena)
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

    def _begin(self, timeout: Optional[float], cancel: Optional[Cancel]) -> Call:
        """A call of this client."""
        return self._of_this(Call(timeout, cancel))

    def _of_this(self, call: AnyCall) -> AnyCall:
        call.provider = self._provider
        return call

    @staticmethod
    def _fetch(call: Call, kind: str, function: Callable[..., int], *arguments: Any) -> Any:
        """Run a call whose last argument receives something that the caller owns; it is freed with the value."""
        out = ffi.new(f"{kind} **")
        try:
            call.run(function, *arguments, out)
        finally:  # an exception of a signal may come with a call that went well
            native = owned(out, _FREES[kind])
        return native
