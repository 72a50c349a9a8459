"""One call of the library: its bounds, its callbacks, and how Ctrl-C ends it.

cffi releases the GIL around every C function. Python runs signal handlers on the main thread only, and only
between its own instructions: a C function that the main thread waits in would hold Ctrl-C back until it
returns. So a call of the main thread runs on a worker thread, while the main thread waits in Python, where
signals arrive. When a handler raises, the call's token is fired, C returns within 100 ms, and the
exception goes on. Calls of other threads, which never get signals, run where they are.

Callbacks always run on the thread that made the call. An exception in one stops the call and is raised
from it.
"""
from __future__ import annotations

import _thread
import logging
import os
import threading
from queue import Empty, SimpleQueue
from typing import Any, Callable, Collection, Dict, List, Optional, Tuple, TypeVar, cast

from icecat._icecat import ffi, lib
from icecat._native import Arena, milliseconds, new_error, new_struct, text
from icecat.errors import OutOfMemoryError, from_record
from icecat.keys import Provider

STOP = -1
LOOK_AGAIN_S = 0.05


def new_token() -> Any:
    """An icecat_cancel, freed with the value."""
    token = lib.icecat_cancel_new()
    if not token:
        raise OutOfMemoryError("no memory for a cancel token")
    return ffi.gc(token, lib.icecat_cancel_free)


class Cancel:
    """A token that ends calls: every call that was given it fails with CancelledError within 100 ms.

    Once fired it stays fired. `fire` may be called from any thread and from a signal handler. Any number of calls may
    share one; how one of them ends is nothing to the others.
    """

    def __init__(self) -> None:
        self._is_fired = False
        self._calls: Dict[int, Any] = {}  # tokens of the calls that run; no lock, because a signal handler may fire

    def fire(self) -> None:
        """End the calls that use this token."""
        self._is_fired = True
        for token in tuple(self._calls.values()):
            lib.icecat_cancel_fire(token)

    @property
    def is_fired(self) -> bool:
        """Whether `fire` was called."""
        return self._is_fired

    def _enter(self, token: Any) -> None:
        self._calls[id(token)] = token
        if self._is_fired:
            lib.icecat_cancel_fire(token)

    def _leave(self, token: Any) -> None:
        self._calls.pop(id(token), None)


class LinkedCancel(Cancel):
    """A token that ends its own calls alone, which another one ends too."""

    def __init__(self, other: Optional[Cancel]) -> None:
        super().__init__()
        self._other = other

    def _enter(self, token: Any) -> None:
        super()._enter(token)
        if self._other is not None:
            self._other._enter(token)

    def _leave(self, token: Any) -> None:
        super()._leave(token)
        if self._other is not None:
            self._other._leave(token)


class _Question:
    """A callback on its way from the thread of the call to the thread that made it."""

    def __init__(self, function: Callable[[], int]) -> None:
        self.function = function
        self.answer: Optional[int] = None
        self.answered: SimpleQueue[None] = SimpleQueue()


class Call:
    """Bounds, memory, error record and callbacks of one call, which runs once."""

    def __init__(self, timeout: Optional[float] = None, cancel: Optional[Cancel] = None) -> None:
        self.arena = Arena()
        self.error = new_error()
        self.exception: Optional[BaseException] = None
        self._given = cancel
        # The call's own: what ends this call alone does not fire the caller's token.
        self._token = new_token()
        self.options = new_struct("icecat_call_options")
        self.options.cancel = self._token
        if timeout is not None:
            self.options.timeout_ms = milliseconds("timeout", timeout)
        self.provider: Optional[Provider] = None  # of the client
        self._question: Optional[_Question] = None
        self._is_aside = False
        self._is_left = False
        self._status = 0

    def run(self, function: Callable[..., int], *arguments: Any, allowed: Collection[int] = (0,)) -> int:
        """Call C; the error record goes last. Raises what a callback raised, or for a status not allowed."""
        if self._given is not None:
            self._given._enter(self._token)
        try:
            if threading.current_thread() is threading.main_thread():
                self._run_aside(function, arguments)
            else:
                self._status = function(*arguments, self.error)
        except BaseException:  # of a signal between two instructions; the thread keeps all that C uses
            self._is_left = True
            lib.icecat_cancel_fire(self._token)
            raise
        finally:
            if self._given is not None:
                self._given._leave(self._token)
        if self.exception is not None:
            problem, self.exception = self.exception, None  # no cycle through its traceback
            raise problem
        if self._status not in allowed:
            # Its own callbacks were dealt with above: what is left is the one that gives keys.
            raise from_record(self.error) from why_no_keys(self._status, self.provider)
        return self._status

    def ask(self, function: Callable[[], int]) -> int:
        """For callbacks: run a function on the thread that made the call. STOP after an exception."""
        if not self._is_aside:
            return self.answer(function)
        question = _Question(function)
        self._question = question
        self._door.bell.put(None)
        # The answer decides, not the queue: a signal may come between the two.
        while question.answer is None:
            if self._is_left:
                return STOP
            try:
                question.answered.get(timeout=LOOK_AGAIN_S)
            except Empty:
                continue
        self._question = None
        return question.answer

    def answer(self, function: Callable[[], int]) -> int:
        """For callbacks: run a function here. STOP after an exception."""
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
        lib.icecat_cancel_fire(self._token)

    def perform(self, function: Callable[..., int], arguments: Any) -> Optional[_Door]:
        """On another thread: call C, once. Gives the door to open when nothing of the call is held any more."""
        if not self._is_begun.acquire(blocking=False):
            return None  # a signal came when a worker had just been told, and a second one was
        try:
            self._status = function(*arguments, self.error)
        except BaseException as problem:
            self._stop(problem)
        return self._door

    def _start(self, function: Callable[..., int], arguments: Any) -> None:
        try:
            worker = _idle.pop() if _idle else _Worker()
        except RuntimeError:  # no more threads, or Python is ending: then Ctrl-C has to wait
            self._is_aside = False
            self.perform(function, arguments)
            self._door.is_open = True
            return
        worker.inbox.put((self, function, arguments))

    def _run_aside(self, function: Callable[..., int], arguments: Any) -> None:
        """Every state that matters is looked at before waiting, so a signal at any place loses nothing. Only
        primitives in C are used: a signal inside threading's own Python code would leave that half done."""
        self._is_begun = _thread.allocate_lock()
        self._door = door = _Door()
        self._is_aside = True
        is_started = False
        while not door.is_open:
            try:
                if not is_started:
                    self._start(function, arguments)
                    is_started = True
                question = self._question
                if question is not None and question.answer is None:
                    question.answer = self.answer(question.function)
                    question.answered.put(None)
                elif not door.is_open:
                    door.bell.get()
            except BaseException as problem:
                self._stop(problem)


class _Door:
    """Where the thread that made a call waits."""

    __slots__ = ("bell", "is_open")

    def __init__(self) -> None:
        self.is_open = False  #: the call has ended
        self.bell: SimpleQueue[None] = SimpleQueue()  #: rings when there is something to look at


class _Worker:
    """A thread that runs calls of the main thread, one after the other. It is kept, because to make a thread for each
    call costs more than ten times what handing one over does. A signal between taking a worker and giving it a call
    loses it: that is one thread that waits, and nothing else."""

    def __init__(self) -> None:
        self.inbox: SimpleQueue[Tuple[Call, Callable[..., int], Any]] = SimpleQueue()
        _thread.start_new_thread(self._live, ())

    def _live(self) -> None:
        while True:
            call, function, arguments = self.inbox.get()
            door = call.perform(function, arguments)
            del call, function, arguments  # the caller may resize its buffer now, and close its client
            _idle.append(self)
            if door is not None:
                door.is_open = True
                door.bell.put(None)
                del door


_idle: List[_Worker] = []
os.register_at_fork(after_in_child=_idle.clear)  # a child has no thread but its own


def why_no_keys(status: int, provider: Optional[Provider]) -> Optional[BaseException]:
    """What the function that gives keys raised, when it is why a call ended."""
    return provider.problem if provider is not None and status == lib.ICECAT_E_CALLBACK else None


class Bulk(Call):
    """A call with the callbacks of a bulk submission or of a wait."""

    next_path: Callable[[Any], int]
    settled: Callable[[Any], int]
    known: Callable[[str], int]
    progress: Callable[[Any], int]
    looked: Callable[[int, int], int]


F = TypeVar("F", bound=Callable[..., Any])


def _called_by_c(function: F) -> F:
    """The body of the function of this name in the cdef. answer() and ask() keep exceptions for run()."""
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


@_called_by_c
def icecat_py_keys(receiver: Any, userdata: Any) -> int:
    return int(_of(userdata).give(receiver))


LOG_LEVELS: List[int] = [logging.NOTSET, logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG, 5]


@_called_by_c
def icecat_py_log(level: int, area: Any, line: Any, userdata: Any) -> None:
    logger: logging.Logger = _of(userdata)
    logger.log(LOG_LEVELS[min(level, 5)], "%s: %s", text(area), text(line))
