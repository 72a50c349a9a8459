"""Access keys of the program's own, and presigning while they are looked for."""
import datetime
import signal
import time
import urllib.request

import icecat
import pytest
from conftest import start_python


def soon(seconds):
    return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)


def keys_of(running, **changes):
    return icecat.AccessKeys(**{"access_key_id": running.env["AWS_ACCESS_KEY_ID"],
                                "secret_access_key": running.env["AWS_SECRET_ACCESS_KEY"], **changes})


def client_with(settings, running, give):
    kept = {name: value for name, value in settings(running).items() if "key" not in name}
    return icecat.Client(**kept, credentials=give)


def test_keys_are_asked_for_once(local, settings):
    asked = []

    def give():
        asked.append(1)
        return keys_of(local)

    with client_with(settings, local, give) as client:
        for _ in range(3):
            client.put_object(local.env["S3BUCKET_DEST"], "keys", b"x")
        with urllib.request.urlopen(client.presign_get(local.env["S3BUCKET_DEST"], "keys").url) as answer:
            assert answer.read() == b"x"
    assert asked == [1]


def test_keys_that_end_are_asked_for_again(local, settings):
    asked = []

    def give():
        asked.append(1)
        return keys_of(local, expires_at=soon(2))

    with client_with(settings, local, give) as client:
        client.put_object(local.env["S3BUCKET_DEST"], "keys", b"x")
        time.sleep(2.1)
        client.put_object(local.env["S3BUCKET_DEST"], "keys", b"x")
    assert len(asked) > 1


@pytest.mark.parametrize("give, cause", [
    (lambda: (_ for _ in ()).throw(KeyError("vault")), KeyError),
    (lambda: ("id", "secret"), TypeError),
    (lambda: icecat.AccessKeys("", "x"), icecat.ArgumentError),
    (lambda: icecat.AccessKeys("a", "b", expires_at=datetime.datetime(2030, 1, 1)), icecat.ArgumentError),
])
def test_a_function_that_gives_none_is_the_cause(local, settings, give, cause):
    with client_with(settings, local, give) as client:
        for call in (lambda: client.put_object("bucket", "keys", b"x"), lambda: client.presign_get("bucket", "keys")):
            with pytest.raises(icecat.CredentialsError) as caught:
                call()
            assert isinstance(caught.value.__cause__, cause)


def test_what_cannot_be_is_refused():
    with pytest.raises(TypeError, match="credentials"):
        icecat.Client(region="r", credentials="keys")
    with pytest.raises(icecat.ArgumentError, match="exclude"):
        icecat.Client(region="r", credentials=lambda: None, access_key_id="a", secret_access_key="b")
    assert "hush" not in repr(icecat.AccessKeys("id", "hush", "hush"))


@pytest.fixture
def slow(tmp_path, monkeypatch):
    """Settings of a client whose keys come from a program that takes too long."""
    config = tmp_path / "config"
    config.write_text("[profile slow]\ncredential_process = sleep 30\n")
    return {"region": "eu-west-1", "profile": "slow", "config_file": str(config),
            "credentials_file": str(tmp_path / "none")}


def test_presigning_keeps_its_bounds(slow):
    with icecat.Client(**slow) as client:
        started = time.monotonic()
        with pytest.raises(icecat.TimeoutError):
            client.presign_get("bucket", "key", timeout=0.2)
        token = icecat.Cancel()
        token.fire()
        with pytest.raises(icecat.CancelledError):
            client.presign_put("bucket", "key", cancel=token)
        assert time.monotonic() - started < 5


def test_ctrl_c_ends_the_search_for_keys(slow):
    process = start_python(f"""
import icecat, sys
with icecat.Client(**{slow!r}) as client:
    print('on', flush=True)
    try:
        client.presign_get("bucket", "key")
    except KeyboardInterrupt:
        sys.exit(7)
""", {})
    try:
        assert process.stdout.readline() == "on\n"
        time.sleep(0.3)
        pressed = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 7 and errors == "" and time.monotonic() - pressed < 5
    finally:
        process.kill()
        process.wait()
