"""The examples, as they are: a web service and a folder that is submitted."""
import asyncio
import os
import signal
import subprocess
import sys
import time

import icecat
import pictures
import pytest
from conftest import PACKAGE, load


def program(name, arguments, environment, **more):
    kept = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return subprocess.Popen([sys.executable, str(PACKAGE / "examples" / name), *map(str, arguments)],
                            env={**kept, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)


def folder_of(path, count):
    path.mkdir()
    for number in range(count):
        (path / f"{number:03}.jpg").write_bytes(pictures.variant(pictures.sample("tabby.jpg" if number % 2 else "dog.jpg"),
                                                                 number))
    (path / "notes.png").write_bytes(pictures.sample("notes.png"))
    (path / "again.jpg").write_bytes(pictures.variant(pictures.sample("dog.jpg"), 0))
    return path


def test_a_folder_is_submitted_once(stack, tmp_path):
    folder = folder_of(tmp_path / "pets", 6)
    for number in range(2):
        with program("folder.py", [folder, tmp_path / "batch.json"], stack.env) as process:
            output, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        rows = dict(line.split("\t")[:2] for line in output.splitlines())
        assert len(rows) == 6 and rows[str(folder / "001.jpg")] == "cat" and rows[str(folder / "002.jpg")] == "not cat"
        assert ("notes.png" in errors) == (number == 0)
    assert len(icecat.BatchFile.load(tmp_path / "batch.json")) == 7 and not list(tmp_path.glob("*.journal"))


def test_a_folder_goes_on_after_a_kill(start_local, stack, tmp_path):
    folder = folder_of(tmp_path / "pets", 12)
    slow = start_local("--latency-ms", "150")
    process = program("folder.py", [folder, tmp_path / "batch.json"], slow.env)
    journal = tmp_path / "batch.json.journal"
    try:
        ends = time.monotonic() + 30
        while not (journal.exists() and len(journal.read_bytes().splitlines()) > 4):
            assert process.poll() is None and time.monotonic() < ends
            time.sleep(0.02)
    finally:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    before = icecat.BatchFile.load(journal)
    assert 0 < len(before) < 13
    with program("folder.py", [folder, tmp_path / "batch.json"], stack.env) as again:
        ends = time.monotonic() + 60
        while not (tmp_path / "batch.json").exists():
            assert again.poll() is None and time.monotonic() < ends
            time.sleep(0.05)
        again.kill()
        again.communicate()
    after = icecat.BatchFile.load(tmp_path / "batch.json")
    assert len(set(after.fingerprints)) == 12 and set(before.fingerprints) <= set(after.fingerprints)
    assert after.batch_id == before.batch_id


@pytest.fixture
def service(stack, monkeypatch):
    """The application, with the settings of an icecat-local in its environment."""
    pytest.importorskip("fastapi")
    pytest.importorskip("httpx")
    for name, value in stack.env.items():
        monkeypatch.setenv(name, value)
    return load("service", PACKAGE / "examples/service.py").app


def talk(app, conversation):
    """Run a conversation with the application, in this process."""
    import httpx

    async def run():
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
                await conversation(http)

    asyncio.run(run())


def test_the_service_judges_pictures(service):
    async def conversation(http):
        names = {"tabby.jpg": True, "dog.jpg": False, "siamese.png": True, "owl.png": False}
        put = await asyncio.gather(*(http.put(f"/pictures/{name}", content=pictures.sample(name)) for name in names))
        assert [answer.status_code for answer in put] == [201] * 4, [answer.text for answer in put]
        got = await asyncio.gather(*(http.get(answer.json()["url"], params={"wait": 50}, timeout=60) for answer in put))
        assert {answer.json()["file_name"]: answer.json()["is_cat"] for answer in got} == names
        assert {answer.status_code for answer in got} == {200}

    talk(service, conversation)


def test_the_service_refuses_what_is_no_picture_before_it_is_all_there(service):
    given = []

    async def slowly(data):
        for at in range(0, len(data), 1000):
            given.append(at)
            yield data[at:at + 1000]

    async def conversation(http):
        refused = await http.put("/pictures/daisy.jpg", content=slowly(pictures.sample("daisy.jpg")))
        assert refused.status_code == 422 and "WebP" in refused.json()["message"]
        assert len(given) < 10
        cut = await http.put("/pictures/cut.jpg", content=slowly(pictures.sample("tabby.jpg")[:20000]))
        assert cut.status_code == 422 and cut.json()["error"] == "ICECAT_E_IMAGE_CORRUPT"
        assert (await http.get(f"/pictures/{icecat.new_batch_id()}/{'a' * 64}")).status_code == 202
        assert (await http.get(f"/pictures/0/{'a' * 64}")).status_code == 422

    talk(service, conversation)


def test_a_request_that_is_cancelled_ends_its_call(service):
    async def conversation(http):
        started = time.monotonic()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(http.get(f"/pictures/{icecat.new_batch_id()}/{'a' * 64}", params={"wait": 50},
                                            timeout=60), 0.5)
        assert time.monotonic() - started < 10

    started = time.monotonic()
    talk(service, conversation)
    assert time.monotonic() - started < 10
