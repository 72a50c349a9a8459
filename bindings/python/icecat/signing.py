"""AWS Signature Version 4 as a pure function: no network, no files."""
from __future__ import annotations

import time as clock
from dataclasses import dataclass
from datetime import datetime
from typing import Dict, List, Mapping, Optional, Tuple, Union

from icecat._icecat import ffi, lib
from icecat._native import Bytes, from_bytes, made_of, new_buffer, new_error, text
from icecat.errors import ArgumentError, from_record

UNSIGNED_PAYLOAD = text(lib.ICECAT_SIGV4_UNSIGNED_PAYLOAD)
_SCRATCH = 4096
_CHARS = ffi.typeof("char[]")
_PAIRS = ffi.typeof("icecat_pair[]")
# Texts of a request beside those of its headers.
_FIXED_TEXTS = 9


@dataclass(frozen=True)
class Signature:
    """What signing made. Nothing in it holds the secret key; headers, url and canonical_request may hold the
    session token, so do not log them."""

    headers: Dict[str, str]  #: to be sent besides those that were given; empty when presigned
    url: str  #: presigned: the URL to use; else the one that was given
    signature: str  #: 64 hex digits
    signed_headers: str  #: e.g. "host;x-amz-date"
    payload_hash: str  #: hex SHA-256 of the body, or UNSIGNED_PAYLOAD
    canonical_request: str  #: what was signed, for comparison with a service's answer
    string_to_sign: str  #: the same


def sign(method: str, url: str, *, region: str, service: str, access_key_id: str, secret_access_key: str,
         session_token: Optional[str] = None, headers: Optional[Mapping[str, str]] = None, body: Bytes = b"",
         payload_sha256: Optional[str] = None, time: Union[None, int, datetime] = None,
         presign_seconds: Optional[int] = None) -> Signature:
    """Sign a request, or with presign_seconds its URL.

    Args:
        method: e.g. "PUT".
        url: absolute, percent-encoded as it will be sent.
        region: e.g. "eu-west-1".
        access_key_id, secret_access_key: of the signer.
        service: e.g. "s3"; "s3" selects S3's rules for paths, and its x-amz-content-sha256 header.
        session_token: of temporary keys.
        headers: to be signed; "host" is taken from the URL unless it is given.
        body: is hashed, unless payload_sha256 gives the hash or UNSIGNED_PAYLOAD.
        time: of signing, seconds since 1970 or an aware datetime; now.
        presign_seconds: life of the presigned URL in seconds, 1 to 604800.

    Raises:
        ArgumentError: something is missing, out of its range or has a control character.
        LimitError: more than 100 headers or query parameters.
        BufferError: the bytes of the body do not lie one behind the other.
    """
    host, path, query = _parts(url)
    is_presigned = presign_seconds is not None
    texts: List[str] = [method, path, query, payload_sha256 or "", region, service, access_key_id, secret_access_key,
                        session_token or ""]
    has_host = False
    if headers:
        for name, value in headers.items():
            texts.append(name)
            texts.append(value)
            has_host = has_host or name.lower() == "host"
    if not has_host:
        texts.append("host")
        texts.append(host)
    packed = "\0".join(texts).encode("utf-8", "surrogateescape")
    count = len(texts)
    if packed.count(0) != count - 1:
        raise ArgumentError("a text has a zero character")
    pairs = (count - _FIXED_TEXTS) // 2
    payload, size = from_bytes(body)
    # A presigned URL without a body's hash leaves the choice to the library, by the rules of the service.
    if is_presigned and not size:
        payload = ffi.NULL
    has_hash_header = service == "s3" and not is_presigned
    third = _SCRATCH + 8 * len(packed)
    out = new_buffer(_CHARS, 3 * third)
    error = new_error()
    try:
        used = lib.icecat_py_sign(packed, new_buffer(_PAIRS, pairs), pairs, payload, size, _seconds(time),
                                  presign_seconds or 0, lib.ICECAT_SIGV4_PRESIGN if is_presigned else
                                  lib.ICECAT_SIGV4_CONTENT_SHA256 if has_hash_header else 0, out, third, error)
    except OverflowError:
        raise ArgumentError("time or presign_seconds is out of its range") from None
    if not used:
        raise from_record(error)
    (authorization, date, presigned, signed_headers, payload_hash, signature, canonical_request,
     string_to_sign) = ffi.unpack(out, used - 1).decode("utf-8", "replace").split("\0")
    made = {}
    if is_presigned:
        url = f"{url.partition('#')[0].partition('?')[0]}?{presigned}"
    else:
        made = {"authorization": authorization, "x-amz-date": date}
        if session_token:
            made["x-amz-security-token"] = session_token
        if has_hash_header:
            made["x-amz-content-sha256"] = payload_hash
    return made_of(Signature, {
        "headers": made, "url": url, "signature": signature, "signed_headers": signed_headers,
        "payload_hash": payload_hash, "canonical_request": canonical_request, "string_to_sign": string_to_sign})


def _parts(url: str) -> Tuple[str, str, str]:
    """Host with its port, path and query of an absolute URL, all as they are written."""
    scheme, separator, rest = url.partition("://")
    before, _, query = rest.partition("#")[0].partition("?")
    host, slash, path = before.partition("/")
    host = host.rpartition("@")[2]
    if not scheme or not separator or not host:
        raise ArgumentError("the URL is not absolute")
    return host, slash + path, query


def _seconds(time: Union[None, int, datetime]) -> int:
    if time is None:
        return int(clock.time())
    if isinstance(time, datetime):
        if time.tzinfo is None:
            raise ArgumentError("time has no time zone: give an aware datetime, or seconds since 1970")
        return int(time.timestamp())
    return time
