"""AWS Signature Version 4 as a pure function: no network, no files."""
from __future__ import annotations

import time as clock
from dataclasses import dataclass
from datetime import datetime
from typing import Dict, Mapping, Optional, Union
from urllib.parse import urlsplit

from icecat._icecat import ffi, lib
from icecat._native import Arena, Bytes, from_bytes, optional_text, text
from icecat.errors import ArgumentError, from_record

UNSIGNED_PAYLOAD = text(lib.ICECAT_SIGV4_UNSIGNED_PAYLOAD)
_SCRATCH = 4096


@dataclass(frozen=True)
class Signature:
    """What signing made. Nothing in it holds the secret key; headers, url and canonical_request may hold the
    session token, so do not log them."""

    headers: Dict[str, str]  #: to be sent besides those that were given; empty when presigned
    url: str  #: presigned: the URL to use; else the one that was given
    signature: str  #: 64 hex digits
    signed_headers: str  #: e.g. "host;x-amz-date"
    payload_hash: str
    canonical_request: str
    string_to_sign: str


def sign(method: str, url: str, *, region: str, service: str, access_key_id: str, secret_access_key: str,
         session_token: Optional[str] = None, headers: Optional[Mapping[str, str]] = None, body: Bytes = b"",
         payload_sha256: Optional[str] = None, time: Union[None, int, datetime] = None,
         presign_seconds: Optional[int] = None) -> Signature:
    """Sign a request, or with presign_seconds its URL.

    Args:
        url: absolute, percent-encoded as it will be sent.
        headers: to be signed; "host" is taken from the URL unless it is given.
        body: is hashed, unless payload_sha256 gives the hash or UNSIGNED_PAYLOAD.
        time: of signing, seconds since 1970 or an aware datetime; now.
        presign_seconds: life of the presigned URL in seconds, 1 to 604800.

    Raises:
        ArgumentError: something is missing, out of its range or has a control character.
        LimitError: more than 100 headers or query parameters.
    """
    parts = urlsplit(url)
    if not parts.scheme or not parts.netloc:
        raise ArgumentError("the URL is not absolute")
    given = dict(headers or {})
    if not any(name.lower() == "host" for name in given):
        given["host"] = parts.netloc.rpartition("@")[2]
    arena = Arena()
    keys = arena.struct("icecat_credentials_keys", access_key_id=access_key_id, secret_access_key=secret_access_key,
                        session_token=session_token)
    pairs, count = arena.pairs(given)
    payload, size = from_bytes(body)
    # A presigned URL without a body's hash leaves the choice to the library, by the rules of the service.
    has_body = size > 0 or presign_seconds is None
    request = arena.struct("icecat_sigv4_request", method=method, path=parts.path, query=parts.query, headers=pairs,
                           headers_count=count, payload_hash=payload_sha256, payload=payload if has_body else None,
                           payload_len=size)
    flags = lib.ICECAT_SIGV4_CONTENT_SHA256 if service == "s3" and presign_seconds is None else 0
    options = arena.struct("icecat_sigv4_options", keys=keys, region=region, service=service, unix_s=_seconds(time),
                           expires_s=presign_seconds,
                           flags=flags if presign_seconds is None else lib.ICECAT_SIGV4_PRESIGN)
    texts = [method, parts.path, parts.query, region, service, session_token or "", *given, *given.values()]
    scratch = ffi.new("char[]", _SCRATCH + 8 * sum(len(each.encode()) for each in texts))
    result = arena.struct("icecat_sigv4_result")
    error = ffi.new("icecat_error *")
    if lib.icecat_sigv4_sign(request, options, scratch, len(scratch), result, error):
        raise from_record(error)
    return _signature(result, url, session_token, bool(flags))


def _seconds(time: Union[None, int, datetime]) -> int:
    if isinstance(time, datetime):
        if time.tzinfo is None:
            raise ArgumentError("time has no time zone: give an aware datetime, or seconds since 1970")
        return int(time.timestamp())
    return int(clock.time()) if time is None else time


def _signature(result: object, url: str, session_token: Optional[str], has_hash_header: bool) -> Signature:
    made = {name: optional_text(getattr(result, name)) or "" for name in
            ("authorization", "amz_date", "query", "signed_headers", "payload_hash", "signature", "canonical_request",
             "string_to_sign")}
    headers: Dict[str, str] = {}
    if made["query"]:
        url = f"{url.partition('#')[0].partition('?')[0]}?{made['query']}"
    else:
        headers = {"authorization": made["authorization"], "x-amz-date": made["amz_date"]}
        if session_token:
            headers["x-amz-security-token"] = session_token
        if has_hash_header:
            headers["x-amz-content-sha256"] = made["payload_hash"]
    return Signature(headers=headers, url=url, signature=made["signature"], signed_headers=made["signed_headers"],
                     payload_hash=made["payload_hash"], canonical_request=made["canonical_request"],
                     string_to_sign=made["string_to_sign"])
