"""Ctrl-C and the cancellation of asyncio end a call at once."""
import asyncio
import signal
import time

import icecat
import icecat.aio
import pictures
import pytest
from conftest import start_python

WAITS = {
    "wait": "client.wait(icecat.new_batch_id(), fingerprints=['a' * 64], progress=lambda *_: print('on', flush=True))",
    "get": "print('on', flush=True); client.get_object('icecat-source', 'x')",
    "submit": "client.submit_many(itertools.repeat('/none.jpg'), on_settled=lambda _: print('on', flush=True))",
}


@pytest.mark.parametrize("name", WAITS)
def test_ctrl_c_ends_a_call_at_once(start_local, name):
    slow = ["--latency-ms", "30000"] if name == "get" else []
    local = start_local(*slow)
    process = start_python(f"""
import icecat, itertools, sys, time
with icecat.Client() as client:
    try:
        {WAITS[name]}
    except KeyboardInterrupt:
        print('interrupted', flush=True)
        sys.exit(7)
""", local.env)
    try:
        assert process.stdout.readline() == "on\n"
        time.sleep(0.3)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=20)
        took = time.monotonic() - pressed
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 7, errors
    assert output.endswith("interrupted\n")  # what it interrupted may be the end of a line
    assert errors == ""
    assert took < 5


def test_signals_at_any_moment_lose_no_call(run_python):
    """Exceptions of a handler at random places of thousands of calls: each call ends, and no thread is left."""
    code, output, errors = run_python(f"""
import icecat, random, signal, threading, time
class Tick(Exception):
    pass
def tick(*_):
    raise Tick
signal.signal(signal.SIGALRM, tick)
ends, calls, ticks = time.monotonic() + 3, 0, 0
with icecat.Client(region="r", access_key_id="a", secret_access_key="b", endpoint_url="http://127.0.0.1:1",
                   bucket="bucket", max_attempts=1) as client:
    while time.monotonic() < ends:
        calls += 1
        try:
            signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-5, 2e-3))
            try:
                if calls % 2:
                    client.get_object("bucket", "key")
                else:
                    client.submit_many([{str(pictures.SAMPLES / "dog.jpg")!r}] * 3, progress=bool, on_settled=bool)
            except icecat.NetworkError:
                pass
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except Tick:
            ticks += 1
print(calls, ticks, threading.active_count())
""", {})
    assert code == 0, errors
    calls, ticks, threads = map(int, output.split())
    assert calls > ticks > 10 and threads == 1


def test_the_calls_of_asyncio(stack, settings):
    async def whole_way():
        async with icecat.aio.Client(**settings(stack)) as client:
            sent = await client.submit(pictures.SAMPLES / "dog.jpg")
            result, = await client.wait(sent, timeout=60)
            both = await asyncio.gather(client.result(sent), client.detect_labels(pictures.SAMPLES / "tabby.jpg"))
            with pytest.raises(icecat.NotFoundError):
                await client.get_object(stack.env["S3BUCKET_SOURCE"], "none")
            return result.is_cat, both[0].is_cat, both[1].is_cat

    assert asyncio.run(whole_way()) == (False, False, True)


def looking(client, **wanted):
    """A task that waits for what never comes, and an event that it has begun to."""
    looked, loop = asyncio.Event(), asyncio.get_running_loop()
    task = asyncio.create_task(client.wait(icecat.new_batch_id(), fingerprints=["a" * 64],
                                           progress=lambda *_: loop.call_soon_threadsafe(looked.set), **wanted))
    return task, looked


def test_cancelling_a_task_ends_the_call_itself(stack, settings):
    """And no other that shares its token."""
    async def cancelled():
        async with icecat.aio.Client.of(icecat.Client(**settings(stack))) as client:
            token = icecat.Cancel()
            task, looked = looking(client, cancel=token)
            other, looked_too = looking(client, cancel=token)
            await asyncio.wait_for(asyncio.gather(looked.wait(), looked_too.wait()), 20)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.sleep(0.3)
            assert not token.is_fired and not other.done()
            token.fire()
            with pytest.raises(icecat.CancelledError):
                await asyncio.wait_for(other, 5)

    started = time.monotonic()
    asyncio.run(cancelled())
    assert time.monotonic() - started < 15


def test_a_timeout_of_asyncio_ends_the_call(stack, settings):
    async def timed():
        async with icecat.aio.Client(**settings(stack)) as client:
            started = time.monotonic()
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.wait(icecat.new_batch_id(), fingerprints=["a" * 64]), 0.3)
            return time.monotonic() - started

    assert asyncio.run(timed()) < 5


def test_calls_that_wait_for_a_thread_can_be_cancelled(stack, settings, monkeypatch):
    monkeypatch.setattr(icecat.aio, "MOST_THREADS", 1)

    async def crowded():
        async with icecat.aio.Client(**settings(stack)) as client:
            first, looked = looking(client)
            await asyncio.wait_for(looked.wait(), 20)
            second = asyncio.create_task(client.get_object(stack.env["S3BUCKET_SOURCE"], "none"))
            await asyncio.sleep(0.1)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(second, 5)
            assert not first.done()
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(first, 5)
        with pytest.raises(icecat.ArgumentError, match="closed"):
            await client.result(icecat.new_batch_id(), "a" * 64)

    asyncio.run(crowded())
