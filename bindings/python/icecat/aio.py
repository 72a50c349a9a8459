"""The client for asyncio: each call runs on a thread, and cancelling the task ends the call itself.

    async with icecat.aio.Client(region="eu-west-1") as client:
        found = await asyncio.wait_for(client.detect_labels("cat.jpg"), 10)

Functions that a call is given (progress and the like) run on that thread.
"""
from __future__ import annotations

import asyncio
import functools
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Coroutine, Optional, Type, TypeVar

from icecat import client as sync
from icecat._call import Cancel, LinkedCancel

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec, Unpack

    from icecat.settings import ClientSettings

    P = ParamSpec("P")
R = TypeVar("R")

MOST_THREADS = 64


async def _end(job: Future[Any], future: asyncio.Future[Any]) -> None:
    """Wait for a call that was told to end, however often the task is cancelled meanwhile."""
    if job.cancel():  # it has not begun
        return
    while not future.done():
        try:
            await asyncio.wait({future})
        except asyncio.CancelledError:
            continue
    if not future.cancelled():
        future.exception()  # taken, so that asyncio does not report it


def _lift(method: Callable[Concatenate[sync.Client, P], R]) -> Callable[Concatenate[Client, P], Coroutine[Any, Any, R]]:
    """The asynchronous form of a method of icecat.Client."""

    async def call(self: Client, /, *args: P.args, **kwargs: P.kwargs) -> R:
        _ = self.sync._c  # raises when it is closed
        given = kwargs.get("cancel")
        token = LinkedCancel(given if isinstance(given, Cancel) else None)
        kwargs["cancel"] = token
        job = self._threads.submit(functools.partial(method, self.sync, *args, **kwargs))
        future = asyncio.wrap_future(job)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            token.fire()
            await _end(job, future)
            raise

    functools.update_wrapper(call, method)
    return call


class Client:
    """As icecat.Client, with calls that are awaited. `sync` is the client that does the work.

    Up to 64 calls run at the same time, each on a thread; more wait for their turn. Keywords and exceptions are those
    of icecat.Client.
    """

    def __init__(self, **settings: Unpack[ClientSettings]) -> None:
        self._take(sync.Client(**settings))

    @classmethod
    def of(cls, client: sync.Client) -> Client:
        """The same connections as another client, e.g. one of Client.from_dotenv(); closes it too."""
        made = cls.__new__(cls)
        made._take(client)
        return made

    def _take(self, client: sync.Client) -> None:
        self.sync = client
        self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="icecat")

    submit = _lift(sync.Client.submit)
    submit_many = _lift(sync.Client.submit_many)
    result = _lift(sync.Client.result)
    results = _lift(sync.Client.results)
    search = _lift(sync.Client.search)
    wait = _lift(sync.Client.wait)
    process = _lift(sync.Client.process)
    forget = _lift(sync.Client.forget)
    detect_labels = _lift(sync.Client.detect_labels)
    detect_labels_s3 = _lift(sync.Client.detect_labels_s3)
    put_object = _lift(sync.Client.put_object)
    get_object = _lift(sync.Client.get_object)
    head_object = _lift(sync.Client.head_object)
    copy_object = _lift(sync.Client.copy_object)
    delete_object = _lift(sync.Client.delete_object)
    presign_get = _lift(sync.Client.presign_get)
    presign_put = _lift(sync.Client.presign_put)
    put_item = _lift(sync.Client.put_item)
    update_item = _lift(sync.Client.update_item)
    get_item = _lift(sync.Client.get_item)
    delete_item = _lift(sync.Client.delete_item)
    query = _lift(sync.Client.query)
    batch_get = _lift(sync.Client.batch_get)
    get_parameters = _lift(sync.Client.get_parameters)

    def close(self) -> None:
        """As Client.close(): calls that have begun end as they would have, new ones raise."""
        self.sync.close()
        self._threads.shutdown(wait=False)

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]], value: Optional[BaseException],
                        traceback: Optional[TracebackType]) -> None:
        self.close()
