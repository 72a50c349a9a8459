"""One call of the library: its bounds, its callbacks, and how Ctrl-C ends it.

cffi releases the GIL around every C function. Python runs signal handlers on the main thread only, and only
between its own instructions: a C function that the main thread waits in would hold Ctrl-C back until it
returns. So a call of the main thread runs on a thread of its own, while the main thread waits in Python,
where signals arrive. When a handler raises, the call's token is fired, C returns within 100 ms, and the
exception goes on. Calls of other threads, which never get signals, run where they are.

Callbacks always run on the thread that made the call. An exception in one stops the call and is raised
from it.
"""
from __future__ import annotations

import logging
import threading
from typing import Any, Callable, Collection, List, Optional, TypeVar, cast

from icecat._icecat import ffi, lib
from icecat._native import Arena, milliseconds, text
from icecat.errors import IcecatError, OutOfMemoryError, from_record

STOP = -1
LOOK_AGAIN_S = 0.05


class Cancel:
    """A token that ends calls: every call that was given it fails with CancelledError within 100 ms.

    Once fired it stays fired. `fire` may be called from any thread and from a signal handler.
    """

    def __init__(self) -> None:
        token = lib.icecat_cancel_new()
        if token == ffi.NULL:
            raise OutOfMemoryError("no memory for a cancel token")
        self._token = ffi.gc(token, lib.icecat_cancel_free)

    def fire(self) -> None:
        """End the calls that use this token."""
        lib.icecat_cancel_fire(self._token)

    @property
    def is_fired(self) -> bool:
        return bool(lib.icecat_cancel_is_fired(self._token))


class _Question:
    """A callback on its way from the thread of the call to the thread that made it."""

    def __init__(self, function: Callable[[], int]) -> None:
        self.function = function
        self.answer: Optional[int] = None
        self.answered = threading.Semaphore(0)


class Call:
    """Bounds, memory, error record and callbacks of one call."""

    def __init__(self, timeout: Optional[float] = None, cancel: Optional[Cancel] = None) -> None:
        self.cancel = Cancel() if cancel is None else cancel
        self.arena = Arena()
        self.options = self.arena.struct("icecat_call_options", cancel=self.cancel._token,
                                         timeout_ms=milliseconds("timeout", timeout))
        self.error = ffi.new("icecat_error *")
        self.exception: Optional[BaseException] = None
        self._is_aside = False
        self._is_begun = threading.Lock()
        self._wake = threading.Semaphore(0)
        self._question: Optional[_Question] = None
        self._is_done = False
        self._status = 0

    def run(self, function: Callable[..., int], *arguments: Any, allowed: Collection[int] = (0,)) -> int:
        """Call C; the error record goes last. Raises what a callback raised, or for a status not allowed."""
        if threading.current_thread() is threading.main_thread():
            self._run_aside(function, arguments)
        else:
            self._status = function(*arguments, self.error)
        if self.exception is not None:
            problem, self.exception = self.exception, None  # no cycle through its traceback
            raise problem
        if self._status not in allowed:
            raise from_record(self.error)
        return self._status

    def failure(self) -> IcecatError:
        """The exception for the error record."""
        return from_record(self.error)

    def ask(self, function: Callable[[], int]) -> int:
        """For callbacks: run a function on the thread that made the call. STOP after an exception."""
        if not self._is_aside:
            return self._answer(function)
        question = _Question(function)
        self._question = question
        self._wake.release()
        # The answer decides, not the semaphore: a signal may come between the two.
        while question.answer is None:
            question.answered.acquire(timeout=LOOK_AGAIN_S)
        self._question = None
        return question.answer

    def _answer(self, function: Callable[[], int]) -> int:
        if self.exception is not None:
            return STOP
        try:
            return function()
        except BaseException as problem:  # C must not be left by an exception; run() raises it
            self._stop(problem)
            return STOP

    def _stop(self, problem: BaseException) -> None:
        if self.exception is None:
            self.exception = problem
        self.cancel.fire()

    def _work(self, function: Callable[..., int], arguments: Any) -> None:
        if not self._is_begun.acquire(blocking=False):
            return  # a signal came when the first thread had just begun, and a second one was made
        try:
            self._status = function(*arguments, self.error)
        except BaseException as problem:
            self._stop(problem)
        self._is_done = True
        self._wake.release()

    def _run_aside(self, function: Callable[..., int], arguments: Any) -> None:
        """Every state that matters is looked at before waiting, so a signal at any place loses nothing."""
        self._is_aside = True
        is_started = False
        while not self._is_done:
            try:
                if not is_started:
                    threading.Thread(target=self._work, args=(function, arguments), name="icecat", daemon=True).start()
                    is_started = True
                question = self._question
                if question is not None and question.answer is None:
                    question.answer = self._answer(question.function)
                    question.answered.release()
                else:
                    self._wake.acquire()
            except BaseException as problem:
                self._stop(problem)


class Bulk(Call):
    """A call with the callbacks of a bulk submission or of a wait."""

    def __init__(self, timeout: Optional[float] = None, cancel: Optional[Cancel] = None) -> None:
        super().__init__(timeout, cancel)
        self.userdata = ffi.new_handle(self)

    next_path: Callable[[Any], int]
    settled: Callable[[Any], int]
    known: Callable[[str], int]
    progress: Callable[[Any], int]
    looked: Callable[[int, int], int]


F = TypeVar("F", bound=Callable[..., Any])


def _called_by_c(function: F) -> F:
    """The body of the function of this name in the cdef. Nothing but a defect can raise in it: ask() does not."""
    name = function.__name__
    return cast(F, ffi.def_extern(error=None if name == "icecat_py_log" else STOP)(function))


def _of(userdata: Any) -> Any:
    return ffi.from_handle(userdata)


@_called_by_c
def icecat_py_next(path: Any, userdata: Any) -> int:
    return int(_of(userdata).next_path(path))


@_called_by_c
def icecat_py_settled(submission: Any, userdata: Any) -> int:
    return int(_of(userdata).settled(submission))


@_called_by_c
def icecat_py_known(fingerprint: Any, userdata: Any) -> int:
    return int(_of(userdata).known(text(fingerprint)))


@_called_by_c
def icecat_py_progress(counts: Any, userdata: Any) -> int:
    return int(_of(userdata).progress(counts))


@_called_by_c
def icecat_py_wait(finished: int, total: int, userdata: Any) -> int:
    return int(_of(userdata).looked(finished, total))


LOG_LEVELS: List[int] = [logging.NOTSET, logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG, 5]


@_called_by_c
def icecat_py_log(level: int, area: Any, line: Any, userdata: Any) -> None:
    logger: logging.Logger = _of(userdata)
    logger.log(LOG_LEVELS[min(level, 5)], "%s: %s", text(area), text(line))
