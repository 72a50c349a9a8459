"""What is freed, when, and what is held meanwhile: by counting, by resident memory, across fork and threads.

ICECAT_LONG=1 makes 10,000 submissions, else there are 1,500.
"""
import concurrent.futures
import gc
import io
import logging
import os
import resource
import sys
import threading
import weakref

import icecat
import icecat._base
import pictures
import pytest
from icecat import _call

COUNT = 10_000 if os.environ.get("ICECAT_LONG") else 1_500


def resident_kib():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() // 1024


def test_memory_stays_flat(local, settings):
    """Submissions and results, one after the other: after the first fifth, nothing more is needed."""
    data, rows = pictures.sample("dog.jpg"), []
    with icecat.Client(**settings(local)) as client:
        batch = icecat.new_batch_id()
        for number in range(COUNT):
            sent = client.submit(pictures.variant(data, number), batch=batch)
            assert next(client.results(sent)).state == "missing"
            if number % (COUNT // 20) == 0 or number == COUNT - 1:
                gc.collect()
                rows.append((number, resident_kib()))
    settled = [kib for number, kib in rows if number >= COUNT // 5]
    print(f"resident KiB by submission: {rows}")
    assert max(settled) - settled[0] < 3072
    assert settled[-1] - settled[0] < 1024


def test_bulk_memory_is_that_of_the_report(local, settings, tmp_path):
    paths = [tmp_path / f"{number}.jpg" for number in range(200)]
    for number, path in enumerate(paths):
        path.write_bytes(pictures.variant(pictures.sample("dog.jpg"), number))
    with icecat.Client(**settings(local)) as client:
        for _ in range(2):
            client.submit_many(iter(paths), progress=bool, on_settled=bool)
        before = resident_kib()
        for _ in range(4):
            client.submit_many(iter(paths), progress=bool, on_settled=bool)
        gc.collect()
        assert resident_kib() - before < 2048


def test_errors_leave_nothing(local, settings):
    before = None
    with icecat.Client(**settings(local)) as client:
        for number in range(600):
            for call in (lambda: client.get_object("icecat-dest", "none"), lambda: client.submit(b"none"),
                         lambda: client.submit_many(["/none.jpg"]), lambda: icecat.sign("GET", "/x", region="r",
                                                                                     service="s", access_key_id="a",
                                                                                     secret_access_key="b")):
                with pytest.raises(icecat.IcecatError):
                    call()
            if number == 200:
                before = resident_kib()
    gc.collect()
    assert resident_kib() - before < 2048


def counting(monkeypatch, kind):
    freed, free = [], icecat._base._FREES[kind]
    monkeypatch.setitem(icecat._base._FREES, kind, lambda native: (freed.append(kind), free(native)))
    return freed


def test_a_list_that_nobody_iterates_is_freed(local, settings, monkeypatch):
    freed = counting(monkeypatch, "icecat_results")
    items = counting(monkeypatch, "icecat_items")
    with icecat.Client(**settings(local)) as client:
        client.results(icecat.new_batch_id(), fingerprints=["a" * 64])
        assert len(freed) == 1
        part = client.results(icecat.new_batch_id(), fingerprints=["a" * 64, "b" * 64])
        next(part)
        del part
        assert len(freed) == 2
        client.query(local.env["DYNAMODB_TABLE_NAME"], "batch_id = :b", values={":b": 1})
        assert len(items) == 1


def test_what_a_client_gave_outlives_it(local, settings):
    client = icecat.Client(**settings(local))
    client.put_object("icecat-dest", "outlives", b"body")
    found, listed = client.get_object("icecat-dest", "outlives"), client.results(1744377772, fingerprints=["a" * 64])
    client.close()
    del client
    gc.collect()
    assert found.data == b"body" and found.headers["etag"] == found.etag
    assert [each.state for each in listed] == ["missing"]


def test_a_client_in_a_cycle_is_freed_once(monkeypatch):
    """A logger that refers to the client that it is the logger of, and no close()."""
    class Handler(logging.Handler):
        def emit(self, record):
            pass

    for _ in range(50):
        logger, handler = logging.Logger("cycle"), Handler()
        logger.addHandler(handler)
        client = icecat.Client(region="eu-west-1", logger=logger, credentials=lambda: handler.client)
        handler.client = client
        gone = weakref.ref(client)
        client.close()
        del client, handler, logger
        gc.collect()
        assert gone() is None


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_unclosed_client_in_a_cycle_is_freed():
    client = icecat.Client(region="eu-west-1")
    client.itself = client
    gone = weakref.ref(client)
    del client
    gc.collect()
    assert gone() is None


def test_a_buffer_is_held_during_the_call_and_no_longer(local, settings):
    """A bytearray can be changed as soon as its call has returned, on the main thread too, where a worker made it."""
    with icecat.Client(**settings(local)) as client:
        for _ in range(300):
            body = bytearray(b"0123456789")
            client.put_object("icecat-dest", "buffer", body)
            body.append(0)
            view = memoryview(body)
            with pytest.raises(icecat.ValidationError):
                client.submit(view)
            view.release()
            body.clear()
        icecat.validate(body)
        body.append(1)


def test_a_buffer_cannot_change_its_size_during_the_call(local, settings):
    body, refused = bytearray(1 << 20), []

    def grow():
        try:
            body.append(0)
        except BufferError as error:
            refused.append(error)

    class Logger(logging.Logger):
        def emit(self, record):
            grow()

    logger = logging.Logger("buffer", logging.DEBUG)
    handler = logging.Handler()
    handler.emit = lambda record: grow()
    logger.addHandler(handler)
    with icecat.Client(**settings(local), logger=logger, log_level=logging.DEBUG) as client:
        client.put_object("icecat-dest", "buffer", body)
    assert refused and len(body) == 1 << 20


def test_buffers_of_any_kind():
    data = pictures.sample("tabby.jpg")
    wide = memoryview(data[:len(data) // 4 * 4]).cast("I")
    assert icecat.validate(wide).size == wide.nbytes and icecat.validate(memoryview(data)[:]).ok
    for sparse in (memoryview(data)[::2], memoryview(data)[::-1]):
        with pytest.raises(BufferError, match="one behind the other"):
            icecat.validate(sparse)
    released = memoryview(data)
    released.release()
    with pytest.raises(ValueError, match="released"):
        icecat.validate(released)


class Endless(io.RawIOBase):
    """A file that never ends."""

    given = 0

    def read(self, size=-1):
        assert 0 < size <= icecat.images.MOST_BYTES + 1
        size = min(size, 1 << 20)
        self.given += size
        return bytes(size)


class Trickle(io.RawIOBase):
    """A pipe: it gives less than is asked for."""

    def __init__(self, data):
        self.rest = data

    def read(self, size=-1):
        part, self.rest = self.rest[:1000], self.rest[1000:]
        return part


def test_huge_inputs_are_refused(local, settings):
    huge = bytes((64 << 20) + 1)
    assert not icecat.validate(huge).ok
    with icecat.Client(**settings(local)) as client:
        for call in (client.submit, client.detect_labels):
            with pytest.raises((icecat.LimitError, icecat.ValidationError)):
                call(huge)
    endless = Endless()
    with pytest.raises(icecat.LimitError):
        icecat.validate(endless)
    assert endless.given < 66 << 20
    with pytest.raises(icecat.LimitError):
        icecat.sign("GET", "https://h/?" + "a=1&" * 200, region="r", service="s3", access_key_id="A",
                    secret_access_key="S")


def test_a_file_that_gives_little_at_a_time_is_read_whole():
    data = pictures.sample("tabby.jpg")
    assert icecat.validate(Trickle(data)).ok
    with pytest.raises(TypeError, match="neither"):
        icecat.validate(5)
    with pytest.raises(BlockingIOError):
        icecat.validate(type("Socket", (io.RawIOBase,), {"read": lambda self, size=-1: None})())


def test_after_close_every_call_refuses(local, settings):
    client = icecat.Client(**settings(local))
    client.close()
    item = {"batch_id": 1, "img_fprint": "a"}
    calls = [lambda: client.region, lambda: client.endpoint("s3"), lambda: client.submit(pictures.SAMPLES / "dog.jpg"),
             lambda: client.submit_many([]), lambda: client.wait(1744377772), lambda: client.results(1744377772),
             lambda: client.result(1744377772, "a" * 64), lambda: client.search(client_id="x"),
             lambda: client.process("b", "k"), lambda: client.forget("b", "k"), lambda: client.detect_labels(b"x"),
             lambda: client.detect_labels_s3("b", "k"), lambda: client.put_object("b", "k", b""),
             lambda: client.get_object("b", "k"), lambda: client.head_object("b", "k"),
             lambda: client.copy_object("b", "k", "b", "k"), lambda: client.delete_object("b", "k"),
             lambda: client.presign_get("b", "k"), lambda: client.presign_put("b", "k"),
             lambda: client.put_item("t", item), lambda: client.update_item("t", item, "SET a = :a"),
             lambda: client.get_item("t", item), lambda: client.delete_item("t", item),
             lambda: client.query("t", "a = :a"), lambda: client.batch_get("t", [item]),
             lambda: client.get_parameters(["/a"])]
    for call in calls:
        with pytest.raises(icecat.ArgumentError, match="the client is closed"):
            call()


def test_closing_while_threads_call(local, settings):
    """Each call ends as it would have, or refuses because the client is closed; nothing else."""
    for _ in range(20):
        client = icecat.Client(**settings(local))
        begun = threading.Barrier(5)

        def work():
            begun.wait()
            ends = []
            for _ in range(20):
                try:
                    ends.append(client.put_object("icecat-dest", "closing", b"x").etag)
                except icecat.ArgumentError as error:
                    ends.append(str(error))
            return ends

        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            working = [pool.submit(work) for _ in range(4)]
            begun.wait()
            client.close()
            ends = {each for job in working for each in job.result(60)}
        assert ends <= {'"9dd4e461268c8034f5c8564e155c67a6"', "the client is closed"}


def test_fork_while_threads_call(local, settings, run_python):
    """A child that is forked in the midst of other threads' calls makes a client of its own and uses it."""
    code, output, errors = run_python("""
import icecat, os, sys, threading
parent = icecat.Client()
stop = threading.Event()
def work():
    while not stop.is_set():
        parent.put_object("icecat-dest", "fork", b"parent")
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
parent.put_object("icecat-dest", "fork", b"main")   # the worker of the main thread is there when it forks
for number in range(5):
    child = os.fork()
    if child == 0:
        try:
            parent.region
        except icecat.ArgumentError:
            with icecat.Client() as own:
                own.put_object("icecat-dest", f"child-{number}", b"child")
                assert own.get_object("icecat-dest", f"child-{number}").data == b"child"
                os._exit(0)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
stop.set()
for thread in threads:
    thread.join()
parent.close()
print("done")
""", local.env)
    assert (code, output) == (0, "done\n"), errors


def test_processes_of_multiprocessing(local, run_python, tmp_path):
    script = tmp_path / "pool.py"
    script.write_text("""
import icecat, multiprocessing, sys
def put(number):
    with icecat.Client() as client:
        client.put_object("icecat-dest", f"pool-{number}", b"x")
        return client.get_object("icecat-dest", f"pool-{number}").size
if __name__ == "__main__":
    with multiprocessing.get_context(sys.argv[1]).Pool(2) as pool:
        print(sum(pool.map(put, range(6))))
""")
    for method in ("fork", "spawn"):
        code, output, errors = run_python(f"import runpy, sys; sys.argv = ['pool.py', {method!r}]; "
                                          f"runpy.run_path({str(script)!r}, run_name='__main__')"
                                          if method == "fork" else
                                          f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, "
                                          f"{str(script)!r}, 'spawn']))", local.env)
        assert (code, output) == (0, "6\n"), errors


def test_the_main_thread_keeps_one_worker(local, settings):
    with icecat.Client(**settings(local)) as client:
        for _ in range(20):
            client.put_object("icecat-dest", "worker", b"x")
        before = len(os.listdir("/proc/self/task"))
        for _ in range(50):
            client.put_object("icecat-dest", "worker", b"x")
        assert len(os.listdir("/proc/self/task")) == before
    assert _call._idle


def test_other_interpreters_are_refused():
    interpreters = pytest.importorskip("_interpreters" if sys.version_info >= (3, 13) else "_xxsubinterpreters")
    other = interpreters.create()
    try:
        code = "try:\n    import icecat\nexcept ImportError as e:\n    assert 'interpreter' in str(e), e\nelse:\n    assert 0"
        failed = None
        try:
            failed = interpreters.run_string(other, code)
        except Exception as error:
            failed = error
        assert failed is None, failed
    finally:
        interpreters.destroy(other)
