"""Judge an image while its bytes arrive."""
from __future__ import annotations

import threading
from types import TracebackType
from typing import Any, Optional, Type

from icecat._icecat import ffi, lib
from icecat._native import Bytes, from_bytes, new_error, new_struct
from icecat.errors import ArgumentError, from_record
from icecat.images import ImageInfo, judged, limits


class ImageStream:
    """An image that arrives in chunks, judged by its header: an upload can be refused before it is all there.

        with icecat.ImageStream(total_bytes=content_length) as stream:
            for chunk in request.iter_bytes():
                if stream.feed(chunk):  # the header is judged
                    break
            info = stream.finish(whole=False)

    Args:
        profile, strict, check_crc, max_bytes, max_pixels, min_side, max_side: as of validate().
        total_bytes: size of the whole file, if it is known.

    Raises:
        ArgumentError: no such profile, or a number is out of its range.
    """

    def __init__(self, *, profile: str = "s3", strict: bool = False, check_crc: bool = False,
                 max_bytes: Optional[int] = None, max_pixels: Optional[int] = None, min_side: Optional[int] = None,
                 max_side: Optional[int] = None, total_bytes: Optional[int] = None) -> None:
        options = limits(profile, strict, check_crc, max_bytes, max_pixels, min_side, max_side, total_bytes)
        out, error = ffi.new("icecat_image_stream **"), new_error()
        if lib.icecat_image_stream_new(options, out, error):
            raise from_record(error)
        self._native: Any = ffi.gc(out[0], lib.icecat_image_stream_free)
        self._lock = threading.RLock()

    def feed(self, data: Bytes) -> bool:
        """Give the next bytes as `data`, in any portions. True once the header is judged: more bytes can only tell whether the
        end is there. ArgumentError for more than total_bytes, or after finish()."""
        chunk, size = from_bytes(data)
        enough, error = ffi.new("uint32_t *"), new_error()
        with self._lock:
            if lib.icecat_image_stream_feed(self._open(), chunk, size, enough, error):
                raise from_record(error)
        return bool(enough[0])

    def finish(self, *, whole: bool = True) -> ImageInfo:
        """End the stream and judge.

        Args:
            whole: everything was given, so the end of the image must be there. False: the end is not looked for.
        """
        info, error = new_struct("icecat_image_info"), new_error()
        with self._lock:
            status = lib.icecat_image_stream_finish(self._open(), int(whole), info, error)
        return judged(status, info, error)

    def _open(self) -> Any:
        if self._native is None:
            raise ArgumentError("the stream is closed")
        return self._native

    def close(self) -> None:
        """Release it. May be called twice."""
        with self._lock:
            native, self._native = self._native, None
            if native is not None:
                ffi.release(native)

    def __enter__(self) -> ImageStream:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], value: Optional[BaseException],
                 traceback: Optional[TracebackType]) -> None:
        self.close()
