"""What docs/threads.md promises to the process around the library: signals, fork, bounds, callbacks, threads."""
import os
import pathlib
import socket
import socketserver
import ssl
import struct
import subprocess

import pytest

from conftest import binary
from icecat_command import Loopback
from loopback_tls import Authority

ROOT = pathlib.Path(__file__).parents[2]


def keep(promise, server, *arguments, **changes):
    program = binary().parents[2] / "tests/threads/embedder"
    if not program.is_file():
        pytest.skip(f"{program} is not built")
    env = {**{n: v for n, v in os.environ.items() if not n.startswith("AWS_")}, **server, **changes}
    done = subprocess.run([program, promise, *map(str, arguments)], env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("promise", ["eintr", "fork", "threads"])
def test_the_process_stays_as_it_is(promise, local):
    keep(promise, local.env)


def test_signals_are_left_alone_while_connections_are_reset(start_local):
    keep("signals", start_local("--fault", "s3:reset:25%").env)


@pytest.mark.parametrize("promise", ["cancel", "deadline"])
def test_a_call_ends_in_time(promise, start_local):
    keep(promise, start_local("--latency-ms", 5000).env)


def test_callbacks_may_call(local):
    keep("nested", local.env, ROOT / "examples/samples/tabby.jpg")


class Rude(socketserver.BaseRequestHandler):
    """Answers a put, promises to stay, and is gone without the end that TLS wants."""

    def handle(self):
        secure = self.server.context.wrap_socket(self.request, server_side=True)
        data = b""
        while b"\r\n\r\n" not in data:
            data += secure.recv(65536)
        secure.sendall(b'HTTP/1.1 200 OK\r\nETag: "x"\r\nContent-Length: 0\r\n\r\n')
        secure.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        secure.close()


def test_a_peer_that_is_gone_raises_no_signal_below_tls(tmp_path):
    """SIGPIPE has its default action in the program: it would end it."""
    authority = Authority(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.issue("rude"))
    with Loopback(Rude, socketserver.ThreadingTCPServer) as rude:
        rude.server.context = context
        keep("signals", {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "eu-west-1",
                         "S3BUCKET_SOURCE": "pets", "AWS_ENDPOINT_URL": f"https://127.0.0.1:{rude.port}", "AWS_CA_BUNDLE": str(authority.path)})
