"""The client for asyncio: each call runs on a thread, and cancelling the task ends the call itself.

    async with icecat.aio.Client(region="eu-west-1") as client:
        found = await asyncio.wait_for(client.detect_labels("cat.jpg"), 10)

Functions that a call is given (progress and the like) run on that thread.
"""
from __future__ import annotations

import asyncio
import functools
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, Coroutine, Optional, Type, TypeVar

from icecat import client as sync
from icecat._call import Cancel

if TYPE_CHECKING:
    from typing_extensions import Concatenate, ParamSpec, Unpack

    from icecat.settings import ClientSettings

    P = ParamSpec("P")
R = TypeVar("R")


async def _finish(future: asyncio.Future[Any]) -> None:
    """Wait for a call that was told to end, however often the task is cancelled meanwhile."""
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
        token = kwargs.get("cancel") or Cancel()
        assert isinstance(token, Cancel)
        kwargs["cancel"] = token
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(None, functools.partial(method, self.sync, *args, **kwargs))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            token.fire()
            await _finish(future)
            raise

    functools.update_wrapper(call, method)
    return call


class Client:
    """As icecat.Client, with calls that are awaited. `sync` is the client that does the work."""

    def __init__(self, **settings: Unpack[ClientSettings]) -> None:
        self.sync = sync.Client(**settings)

    @classmethod
    def of(cls, client: sync.Client) -> Client:
        """The same connections as another client, e.g. one of Client.from_dotenv(); closes it too."""
        made = cls.__new__(cls)
        made.sync = client
        return made

    submit = _lift(sync.Client.submit)
    submit_many = _lift(sync.Client.submit_many)
    result = _lift(sync.Client.result)
    results = _lift(sync.Client.results)
    wait = _lift(sync.Client.wait)
    detect_labels = _lift(sync.Client.detect_labels)
    detect_labels_s3 = _lift(sync.Client.detect_labels_s3)
    put_object = _lift(sync.Client.put_object)
    get_object = _lift(sync.Client.get_object)
    head_object = _lift(sync.Client.head_object)
    copy_object = _lift(sync.Client.copy_object)
    delete_object = _lift(sync.Client.delete_object)
    put_item = _lift(sync.Client.put_item)
    update_item = _lift(sync.Client.update_item)
    get_item = _lift(sync.Client.get_item)
    delete_item = _lift(sync.Client.delete_item)
    query = _lift(sync.Client.query)
    batch_get = _lift(sync.Client.batch_get)
    get_parameters = _lift(sync.Client.get_parameters)

    def close(self) -> None:
        """As Client.close()."""
        self.sync.close()

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, kind: Optional[Type[BaseException]], value: Optional[BaseException],
                        traceback: Optional[TracebackType]) -> None:
        self.close()
