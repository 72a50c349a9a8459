"""A scripted Lambda Runtime API: it keeps the states, notes every request, and fails as it is told."""
import http.server
import json
import queue
import socket
import threading
import time
import uuid

BASE = "/2018-06-01/runtime"
PATIENCE_S = 30
RESPONSE_MAX = 6 * 1024 * 1024 + 100


class Request:
    def __init__(self, method, path, headers, body, connection):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.connection = connection  # the client's port: equal ports are one connection
        self.at = time.monotonic()

    @property
    def json(self):
        return json.loads(self.body)


class RuntimeApi:
    """
    `invoke(event)` queues an invocation. `faults` maps a kind (next, response, error, init) to what
    becomes of the next requests of that kind: a status, "close" or "truncate"; None is the usual answer.
    """

    def __init__(self):
        self.faults = {}
        self.requests = []
        self.answers = queue.Queue()
        self.waiting = queue.Queue()
        self.running = None
        self.asked = False
        self.is_open = True
        api = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *arguments):
                pass

            def handle_one_request(self):
                try:
                    super().handle_one_request()
                except (ConnectionError, socket.timeout):
                    self.close_connection = True

            def do_GET(self):
                api._serve(self)

            do_POST = do_GET

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

        self.server = Server(("127.0.0.1", 0), Handler)
        self.address = "127.0.0.1:%d" % self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    # ---- for the tests

    def invoke(self, event, timeout_s=30.0, **headers):
        """Queue an event (an object, or bytes as they are); returns the request id."""
        request_id = str(uuid.uuid4())
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        self.waiting.put((request_id, body, timeout_s, headers))
        return request_id

    def answer(self):
        """The next response, error or init/error that was accepted: (kind, Request)."""
        return self.answers.get(timeout=PATIENCE_S)

    def kinds(self):
        return [request.path.rsplit("/", 1)[1] for request in self.requests]

    def of_kind(self, kind):
        return [request for request in self.requests if request.path.endswith("/" + kind)]

    def close(self):
        """Nobody listens any more, and open connections end."""
        if self.is_open:
            self.is_open = False
            self.server.shutdown()
            self.server.server_close()

    # ---- serving

    def _serve(self, handler):
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        path = handler.path
        self.requests.append(Request(handler.command, path, handler.headers, body, handler.client_address[1]))
        kind = "init" if path == BASE + "/init/error" else path.rsplit("/", 1)[1]
        planned = self.faults.get(kind) or []
        fault = planned.pop(0) if planned else None
        if fault == "close":
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
        elif isinstance(fault, int):
            self._send(handler, fault, {"errorMessage": "as planned", "errorType": "Planned"})
        elif kind == "next":
            self._next(handler, fault)
        else:
            self._settle(handler, kind, path)

    def _next(self, handler, fault):
        self.asked = True
        while self.running is None and self.is_open:
            try:
                self.running = self.waiting.get(timeout=0.05)
            except queue.Empty:
                pass
        if self.running is None:
            handler.close_connection = True
            return
        request_id, body, timeout_s, headers = self.running
        sent = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + timeout_s) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:000000000000:function:cats",
            "Lambda-Runtime-Trace-Id": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
        }
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        handler.send_response(200)
        for name, value in sent.items():
            if value is not None:
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if fault == "truncate":
            handler.wfile.write(body[: len(body) // 2])
            handler.close_connection = True
        else:
            handler.wfile.write(body)

    def _settle(self, handler, kind, path):
        request = self.requests[-1]
        if kind == "init":
            if self.asked:
                self._send(handler, 403, {"errorMessage": "State transition is not allowed",
                                          "errorType": "InvalidStateTransition"})
                return
        elif self.running is None or path != f"{BASE}/invocation/{self.running[0]}/{kind}":
            self._send(handler, 400, {"errorMessage": "Invalid request ID", "errorType": "InvalidRequestID"})
            return
        elif kind == "response" and len(request.body) > RESPONSE_MAX:
            self._send(handler, 413, {"errorMessage": "too large", "errorType": "RequestEntityTooLarge"})
            return
        self.running = None
        self._send(handler, 202, {"status": "OK"})
        self.answers.put((kind, request))

    @staticmethod
    def _send(handler, status, document):
        body = json.dumps(document).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
