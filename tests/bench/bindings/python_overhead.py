"""What a cheap call costs in Python beside the work that C does, in microseconds; the best of several rounds.

"C" calls the function on arguments that were made before, less the price of an empty call through cffi.
    build/venv/bin/python tests/bench/bindings/python_overhead.py
"""
import pathlib
import threading
import timeit

import icecat
from icecat._call import Call
from icecat._icecat import ffi, lib
from icecat._native import Arena

ROUNDS, CALLS = 7, 2000
SAMPLE = (pathlib.Path(__file__).resolve().parents[3] / "examples/samples/tabby.jpg").read_bytes()
KEYS = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "wJalrXUtnFEMI"}
BODY = b'{"TableName":"cats"}'


def microseconds(function):
    return min(timeit.repeat(function, number=CALLS, repeat=ROUNDS)) / CALLS * 1e6


def c_probe():
    arena = Arena()
    options = arena.struct("icecat_image_options", profile=1)
    info, error, data = arena.struct("icecat_image_info"), ffi.new("icecat_error *"), ffi.from_buffer(SAMPLE)
    return microseconds(lambda: lib.icecat_image_probe(data, len(SAMPLE), options, info, error))


def c_sign():
    arena = Arena()
    pairs, count = arena.pairs({"host": "dynamodb.eu-west-1.amazonaws.com"})
    request = arena.struct("icecat_sigv4_request", method="POST", path="/", headers=pairs, headers_count=count,
                           payload=ffi.from_buffer(BODY), payload_len=len(BODY))
    options = arena.struct("icecat_sigv4_options", keys=arena.struct("icecat_credentials_keys", **KEYS),
                           region="eu-west-1", service="dynamodb", unix_s=1440938160)
    scratch, result, error = ffi.new("char[]", 8192), arena.struct("icecat_sigv4_result"), ffi.new("icecat_error *")
    return microseconds(lambda: lib.icecat_sigv4_sign(request, options, scratch, 8192, result, error))


def python_sign():
    icecat.sign("POST", "https://dynamodb.eu-west-1.amazonaws.com/", region="eu-west-1", service="dynamodb",
                body=BODY, time=1440938160, **KEYS)


def empty_call():
    """The price of a call to AWS beside the call itself: its bounds, its memory, and its thread."""
    Call().run(lambda error: 0)


def in_a_thread(function):
    found = []
    thread = threading.Thread(target=lambda: found.append(function()))
    thread.start()
    thread.join()
    return found[0]


def main():
    cffi_call = microseconds(lib.icecat_version_number)
    rows = [("validate", c_probe() - cffi_call, microseconds(lambda: icecat.validate(SAMPLE))),
            ("sign", c_sign() - cffi_call, microseconds(python_sign))]
    print(f"{'':<10}{'C':>10}{'Python':>10}{'over C':>10}")
    for name, c, python in rows:
        print(f"{name:<10}{c:>10.1f}{python:>10.1f}{python - c:>10.1f}")
    print(f"an empty call through cffi: {cffi_call:.2f}; around a call to AWS: {microseconds(empty_call):.0f} on the "
          f"main thread, {in_a_thread(lambda: microseconds(empty_call)):.0f} on another")


if __name__ == "__main__":
    main()
