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


def test_cancelling_a_task_ends_the_call_itself(stack, settings):
    ended = []

    async def cancelled():
        async with icecat.aio.Client.of(icecat.Client(**settings(stack))) as client:
            looked = asyncio.Event()
            loop = asyncio.get_running_loop()
            token = icecat.Cancel()
            task = asyncio.create_task(client.wait(
                icecat.new_batch_id(), fingerprints=["a" * 64], cancel=token,
                progress=lambda *_: loop.call_soon_threadsafe(looked.set)))
            await asyncio.wait_for(looked.wait(), 20)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            ended.append(token.is_fired)

    started = time.monotonic()
    asyncio.run(cancelled())
    assert ended == [True] and time.monotonic() - started < 10
