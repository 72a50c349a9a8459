"""A server of raw bytes on loopback, that reads and answers as badly as it is told, and a proxy that cuts.

A fault is told for each connection: what is read of the request, how fast, and what bytes come back, how fast.
"""
import dataclasses
import itertools
import select
import socket
import socketserver
import struct
import threading
import time
import typing

from icecat_command import Loopback

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: close() is a reset
PIECE = 65536


@dataclasses.dataclass
class Fault:
    """What one connection does. Without any it takes requests, and answers each, until the client ends it."""
    answer: typing.Union[bytes, typing.Callable] = b""  # to each whole request; a function gives pieces, maybe for ever
    take: typing.Optional[int] = None   # bytes of the requests that are read; then the connection is reset
    take_raw: typing.Optional[int] = None  # as take, of a connection's first bytes, below TLS
    at_once: bool = False               # answers the first bytes, whatever they are
    give: typing.Optional[int] = None   # bytes of the answer that are sent; then it ends
    ends_with_reset: bool = True        # after `take` or `give`; else in order
    closes: bool = False                # in order, after the answer
    read_s: float = 0                   # pause after each byte that is read
    write_s: float = 0                  # pause after each byte that is sent
    silent: bool = False                # takes the request and says nothing


def reset(raw):
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    raw.close()


class _Ended(Exception):
    """The client, or the fault, has ended the connection."""


class _Reader:
    """Takes requests from a connection, as many bytes as the fault wants."""

    def __init__(self, raw, fault):
        self.raw, self.fault, self.pending, self.taken = raw, fault, b"", 0

    def more(self):
        want = 1 if self.fault.read_s else PIECE
        if self.fault.take is not None:
            want = min(want, self.fault.take - self.taken)
        if want == 0:
            if self.fault.ends_with_reset:
                reset(self.raw)
            raise _Ended
        piece = self.raw.recv(want)
        if not piece:
            raise _Ended
        self.taken += len(piece)
        self.pending += piece
        time.sleep(self.fault.read_s)

    def request(self):
        while b"\r\n\r\n" not in self.pending:
            self.more()
        head, _, self.pending = self.pending.partition(b"\r\n\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        length = int(fields.get(b"content-length", 0))
        if b"expect" in fields:
            self.raw.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(self.pending) < length:
            self.more()
        body, self.pending = self.pending[:length], self.pending[length:]
        return head, body


def _pieces(fault, whole):
    """The answer in the pieces in which it is sent, each followed by its pause."""
    whole = [whole] if isinstance(whole, bytes) else whole()
    if not fault.write_s:
        return whole
    return (bytes([byte]) for piece in whole for byte in piece)


class FaultServer(Loopback):
    """fault_of(number, head) gives the Fault of the connection of that number, from 0 on; or one Fault for all."""

    def __init__(self, fault_of, context=None):
        outer, numbers = self, itertools.count()
        self.requests = []      # those that were read whole
        self.connections = 0
        ended = self.ended = threading.Event()

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                number = next(numbers)
                outer.connections = number + 1
                fault = fault_of(number) if callable(fault_of) else fault_of
                raw = self.request
                raw.settimeout(60)
                try:
                    if fault.take_raw is not None:
                        raw.recv(fault.take_raw or 1, socket.MSG_WAITALL)
                        reset(raw)
                        return
                    if context is not None:
                        raw = context.wrap_socket(raw, server_side=True)
                    self.converse(raw, fault)
                except (OSError, _Ended):
                    pass
                finally:
                    raw.close()

            @staticmethod
            def converse(raw, fault):
                reader = _Reader(raw, fault)
                while True:
                    head = b""
                    if fault.at_once:
                        reader.more()
                    else:
                        outer.requests.append(reader.request())
                        head = outer.requests[-1][0]
                    if fault.silent:
                        ended.wait()
                        return
                    left = fault.give
                    for piece in _pieces(fault, outer.answer_to(head, fault)):
                        piece = piece if left is None else piece[:left]
                        raw.sendall(piece)
                        left = None if left is None else left - len(piece)
                        if left == 0 or ended.wait(fault.write_s):
                            break
                    if left == 0 and fault.ends_with_reset:
                        reset(raw)
                    if left == 0 or fault.closes:
                        raise _Ended

        super().__init__(Handler, _Threads)

    def answer_to(self, head, fault):
        """For servers that answer some requests in another way."""
        return fault.answer

    def __exit__(self, *args):
        self.ended.set()
        super().__exit__(*args)


class _Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128


class CuttingProxy(Loopback):
    """Hands bytes on to `port`, both ways. cut_of(number) tells after how many bytes of requests, and of answers, the
    connection of that number ends; None is never. The server has what was handed on till then."""

    def __init__(self, port, cut_of):
        outer, numbers = self, itertools.count()
        self.cuts = 0

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                number = next(numbers)
                near = self.request
                with socket.create_connection(("127.0.0.1", port)) as far:
                    if hand_on({near: far, far: near}, dict(zip((near, far), cut_of(number)))):
                        outer.cuts += 1
                        if number % 2:
                            reset(near)

        def hand_on(other, left):
            """True when the connection was cut."""
            while True:
                ready, _, _ = select.select(list(other), (), (), 60)
                for source in ready:
                    try:
                        piece = source.recv(PIECE if left[source] is None else min(left[source], PIECE))
                        other[source].sendall(piece)
                    except OSError:
                        return False
                    if not piece:
                        return False
                    if left[source] is not None:
                        left[source] -= len(piece)
                        if left[source] == 0:
                            return True
                if not ready:
                    return False

        super().__init__(Handler, _Threads)
