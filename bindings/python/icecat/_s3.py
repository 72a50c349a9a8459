"""Amazon S3."""
from __future__ import annotations

from functools import lru_cache
from typing import Any, Mapping, Optional, Tuple

from icecat._base import Base
from icecat._call import Call, Cancel, new_token, why_no_keys
from icecat._icecat import ffi, lib
from icecat._native import Arena, from_bytes, made_of, new_buffer, new_error, new_struct, raw, text
from icecat.errors import ArgumentError, from_record
from icecat.images import Source, read
from icecat.models import PresignedUrl, PutResult, S3Object, moment

_URL_BYTES = 8192 + 3 * 8192  # of the longest session token
_CHARS = ffi.typeof("char[]")


class S3(Base):
    """Objects. Every call takes `timeout`, seconds for the whole call with its retries (None: no limit), and
    `cancel`, a token that ends it; every call raises the exceptions of icecat.errors."""

    def put_object(self, bucket: str, key: str, body: Source, *, content_type: Optional[str] = None,
                   metadata: Optional[Mapping[str, str]] = None, payload_sha256: Optional[str] = None,
                   if_none_match: bool = False, timeout: Optional[float] = None,
                   cancel: Optional[Cancel] = None) -> PutResult:
        """Store a file or bytes, at most 64 MiB of a file, under a key.

        Args:
            body: a path, bytes, a bytearray, a memoryview, or a binary file object.
            content_type: e.g. "image/jpeg"; "application/octet-stream".
            metadata: names without "x-amz-meta-"; values in ASCII; at most 2 kB.
            payload_sha256: hex SHA-256 of the body when it is known.
            if_none_match: only when no object has this key; else PreconditionError.
        """
        call = self._begin(timeout, cancel)
        data, size = from_bytes(read(body))
        pairs, count = call.arena.pairs(metadata)
        options = call.arena.struct("icecat_s3_put_options", call=call.options, content_type=content_type,
                                    payload_sha256=payload_sha256, metadata=pairs, metadata_count=count,
                                    if_none_match=if_none_match)
        out = call.arena.struct("icecat_s3_put_result")
        call.run(lib.icecat_s3_put_object, self._c, raw(bucket), raw(key), data, size, options,
                 out)
        return PutResult(etag=text(out.etag), version_id=text(out.version_id))

    def get_object(self, bucket: str, key: str, *, start: int = 0, length: Optional[int] = None,
                   max_bytes: Optional[int] = None, timeout: Optional[float] = None,
                   cancel: Optional[Cancel] = None) -> S3Object:
        """Read an object, or `length` bytes of it from byte `start` on. The whole body is in memory then.

        Raises:
            NotFoundError: no such bucket or key.
            LimitError: the body is longer than max_bytes (64 MiB).
        """
        call = self._begin(timeout, cancel)
        options = call.arena.struct("icecat_s3_get_options", call=call.options, range_start=start, range_len=length,
                                    max_bytes=max_bytes)
        return S3Object(self._fetch(call, "icecat_s3_object", lib.icecat_s3_get_object, self._c,
                                    raw(bucket), raw(key), options))

    def head_object(self, bucket: str, key: str, *, timeout: Optional[float] = None,
                    cancel: Optional[Cancel] = None) -> S3Object:
        """Describe an object without its bytes. NotFoundError when there is none."""
        call = self._begin(timeout, cancel)
        return S3Object(self._fetch(call, "icecat_s3_object", lib.icecat_s3_head_object, self._c,
                                    raw(bucket), raw(key), call.options))

    def copy_object(self, source_bucket: str, source_key: str, bucket: str, key: str, *,
                    content_type: Optional[str] = None, metadata: Optional[Mapping[str, str]] = None,
                    timeout: Optional[float] = None, cancel: Optional[Cancel] = None) -> None:
        """Copy an object of at most 5 GB inside the service.

        Args:
            content_type, metadata: when either is given, the copy has these two alone ({} for no
                metadata) and no other header of the source; else it has all of the source's.
        """
        call = self._begin(timeout, cancel)
        pairs, count = call.arena.pairs(metadata)
        options = call.arena.struct("icecat_s3_copy_options", call=call.options, content_type=content_type,
                                    metadata=pairs, metadata_count=count,
                                    replace_metadata=content_type is not None or metadata is not None)
        call.run(lib.icecat_s3_copy_object, self._c, raw(source_bucket), raw(source_key),
                 raw(bucket), raw(key), options)

    def delete_object(self, bucket: str, key: str, *, timeout: Optional[float] = None,
                      cancel: Optional[Cancel] = None) -> None:
        """Delete an object. A key that does not exist is a success, as it is on S3."""
        call = self._begin(timeout, cancel)
        call.run(lib.icecat_s3_delete_object, self._c, raw(bucket), raw(key), call.options)

    def presign_get(self, bucket: str, key: str, *, expires: int = 900, timeout: Optional[float] = None,
                    cancel: Optional[Cancel] = None) -> PresignedUrl:
        """A URL with which anyone may read the object for `expires` seconds, 1 to 604800.

        Nothing is asked of S3. `timeout` (seconds) and `cancel` bound the search for access keys, when there are no
        fresh ones at hand.

        Raises:
            ArgumentError: `expires` is out of its range.
            CredentialsError: there are no keys, or they have expired.
        """
        return self._presign("GET", bucket, key, expires, None, None, timeout, cancel)

    def presign_put(self, bucket: str, key: str, *, expires: int = 900, content_type: Optional[str] = None,
                    payload_sha256: Optional[str] = None, timeout: Optional[float] = None,
                    cancel: Optional[Cancel] = None) -> PresignedUrl:
        """A URL with which anyone may store the object for `expires` seconds, 1 to 604800. Otherwise as presign_get().

        Args:
            content_type: the PUT must have that Content-Type header.
            payload_sha256: the PUT must have that hash, 64 hex digits, in an x-amz-content-sha256 header.
        """
        return self._presign("PUT", bucket, key, expires, content_type, payload_sha256, timeout, cancel)

    def _presign(self, method: str, bucket: str, key: str, expires: int, content_type: Optional[str],
                 payload_sha256: Optional[str], timeout: Optional[float], cancel: Optional[Cancel]) -> PresignedUrl:
        if not 1 <= expires <= 604800:
            raise ArgumentError(f"expires is {expires} s: it must be from 1 to 604800")
        out = new_struct("icecat_s3_presign_result")
        url = new_buffer(_CHARS, _URL_BYTES)
        error = new_error()
        method_, bucket_, key_ = raw(method), raw(bucket), raw(key)
        status = lib.icecat_s3_presign(self._c, method_, bucket_, key_,
                                       _at_hand(expires, content_type, payload_sha256)[0], url, _URL_BYTES, out, error)
        if status == lib.ICECAT_E_CANCELLED:  # no fresh keys at hand: search them as any call does
            call = self._begin(timeout, cancel)
            options = call.arena.struct("icecat_s3_presign_options", expires_s=expires, content_type=content_type,
                                        payload_sha256=payload_sha256, call=call.options)
            call.run(lib.icecat_s3_presign, self._c, method_, bucket_, key_, options, url, _URL_BYTES, out)
        elif status:
            raise from_record(error) from why_no_keys(status, self._provider)
        ends = moment(out.expires_unix_s)
        return made_of(PresignedUrl, {"url": text(url), "expires_at": ends, "is_cut_short": bool(out.is_cut_short)})


@lru_cache(maxsize=64)
def _at_hand(expires: int, content_type: Optional[str], payload_sha256: Optional[str]) -> Tuple[Any, Arena]:
    """Options of presigning with the keys that are at hand: a call that is over searches for none. With what they
    point to."""
    arena = Arena()
    token = arena.keep(new_token())
    lib.icecat_cancel_fire(token)
    over = arena.struct("icecat_call_options", cancel=token)
    return arena.struct("icecat_s3_presign_options", expires_s=expires, content_type=content_type,
                        payload_sha256=payload_sha256, call=over), arena
