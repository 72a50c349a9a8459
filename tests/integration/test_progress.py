"""One large image: how far it is, while it is on its way."""
import re
import socket
import subprocess
import threading
import time

from icecat_command import environment, program
from small_pictures import small_pictures

SIZE = 8_000_000
PIECE, PAUSE_S = 100_000, 0.01  # at most 10 MB a second


class SlowReader:
    """A server that takes one upload, bit by bit."""

    def __enter__(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)  # so that bytes wait with the sender
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen()
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return self

    def serve(self):
        connection, _ = self.listener.accept()
        with connection:
            connection.settimeout(30)
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(8192)
            head, _, body = data.partition(b"\r\n\r\n")
            left = int(re.search(rb"content-length: (\d+)", head, re.I)[1]) - len(body)
            if b"100-continue" in head:
                connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            while left > 0:
                left -= len(connection.recv(min(left, PIECE)))
                time.sleep(PAUSE_S)
            connection.sendall(b'HTTP/1.1 200 OK\r\nETag: "0"\r\nContent-Length: 0\r\n\r\n')

    def __exit__(self, *_):
        self.thread.join()
        self.listener.close()


def test_the_bytes_of_one_large_image_are_counted_on_their_way(tmp_path):
    small_pictures(tmp_path / "pets", 1, equal_every=0)
    picture = next((tmp_path / "pets").iterdir())
    picture.write_bytes(picture.read_bytes().ljust(SIZE, b"\0"))
    with SlowReader() as server:
        env = environment(tmp_path, {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.listener.getsockname()[1]}",
                                     "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret",
                                     "AWS_REGION": "eu-west-1", "S3BUCKET_SOURCE": "icecat-source",
                                     "ICECAT_CLIENT_ID": "large"})
        done = subprocess.run([program(), "submit", "pets", "--progress", "bar"], cwd=tmp_path, env=env,
                              capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    told = [float(each) for each in re.findall(r"0/1 files +([\d.]+)/7\.6 MiB", done.stderr)]
    on_the_way = [each for each in told if 0 < each < 7.6]
    assert len(set(on_the_way)) >= 3, done.stderr
    assert told == sorted(told)
