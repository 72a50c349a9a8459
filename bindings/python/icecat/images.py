"""Judge an image by its header: no network, no keys, no pixels decoded."""
from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, BinaryIO, Dict, Optional, Tuple, Union

from icecat._icecat import lib
from icecat._native import Bytes, Path, from_bytes, made_of, new_error, new_struct, optional_text, raw_path, text
from icecat.errors import ArgumentError, IcecatError, LimitError, from_record

Source = Union[Path, Bytes, BinaryIO]

# Limits: of images inside a request (5,242,880 bytes), of images in S3 (15 MiB), and none.
PROFILES = {
    "bytes": lib.ICECAT_PROFILE_REKOGNITION_BYTES,
    "s3": lib.ICECAT_PROFILE_REKOGNITION_S3,
    "any": lib.ICECAT_PROFILE_ANY,
}
MOST_BYTES = 64 * 1024 * 1024
_WARNINGS = {
    lib.ICECAT_IMAGE_WARN_TRAILING_DATA: "trailing-data",
    lib.ICECAT_IMAGE_WARN_EXIF_DAMAGED: "exif-damaged",
    lib.ICECAT_IMAGE_WARN_EXTENSION: "extension",
    lib.ICECAT_IMAGE_WARN_JUNK: "junk",
    lib.ICECAT_IMAGE_WARN_TAIL_UNSEEN: "tail-unseen",
    lib.ICECAT_IMAGE_WARN_HEADER_UNSEEN: "header-unseen",
    lib.ICECAT_IMAGE_WARN_CHUNK_CRC: "chunk-crc",
}
_COLOURS = ("unknown", "grey", "rgb", "palette", "ycbcr", "cmyk", "ycck")
_FORMATS: Dict[int, Tuple[str, Optional[str]]] = {}
_REFUSED = (lib.ICECAT_E_IMAGE_FORMAT, lib.ICECAT_E_IMAGE_CORRUPT, lib.ICECAT_E_IMAGE_LIMIT)


@dataclass(frozen=True)
class ImageInfo:
    """What an image's header tells. Lengths are in pixels, sizes in bytes."""

    ok: bool  #: sound and inside the limits
    format: str  #: "jpeg", "png", or the name of what it is instead, e.g. "webp"; "unknown"
    width: int  #: as stored
    height: int  #: as stored
    display_width: int  #: as shown, after EXIF orientation
    display_height: int  #: as shown, after EXIF orientation
    size: int  #: bytes of the file; 0 when unknown
    content_type: Optional[str]  #: e.g. "image/jpeg"; None for what is not an image
    colour: str  #: "grey", "rgb", "palette", "ycbcr", "cmyk", "ycck" or "unknown"
    channels: int
    bit_depth: int  #: bits of one channel
    has_alpha: bool
    progressive: bool  #: a progressive JPEG or an interlaced PNG
    animated: bool
    multi_picture: bool
    orientation: int  #: EXIF, 1 to 8; 0 when absent
    warnings: Tuple[str, ...]  #: oddities that do not make it unsound, e.g. "trailing-data"
    reason: str  #: stable name of the refusal, e.g. "png-ihdr-crc"; "none"
    fault_offset: int  #: byte at which the refusal was decided
    error: Optional[IcecatError]  #: the refusal as an exception; None when ok

    def raise_if_refused(self) -> None:
        """Raise ValidationError unless the image is sound and inside the limits."""
        if self.error is not None:
            raise self.error


def read(source: Source) -> Bytes:
    """The bytes of a source. Raises OSError as open() does, and LimitError for a file over 64 MiB."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return source
    if isinstance(source, (str, os.PathLike)):
        with open(source, "rb") as file:
            data: Bytes = file.read(MOST_BYTES + 1)
    else:
        data = _read_file(source)
    if len(data) > MOST_BYTES:
        raise LimitError(f"the image is over {MOST_BYTES} bytes")
    return data


def _read_file(file: BinaryIO) -> Bytes:
    """What a file object gives up to its end, or one byte more than is taken."""
    if not hasattr(file, "read"):
        raise TypeError(f"{type(file).__name__} is neither a path nor bytes nor a binary file")
    parts = bytearray()
    while len(parts) <= MOST_BYTES:
        data: object = file.read(MOST_BYTES + 1 - len(parts))
        if data is None:
            raise BlockingIOError("the file object has nothing to read now: it must be one that blocks")
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError("the file object gives text: open it in binary mode")
        if not data:
            break
        parts += data  # a pipe or a socket gives less than was asked for
    return parts


def name_of(source: Source) -> Optional[str]:
    """The last part of a file's name; None for bytes."""
    name = source if isinstance(source, (str, os.PathLike)) else getattr(source, "name", None)
    return os.path.basename(os.fspath(name)) if isinstance(name, (str, os.PathLike)) else None


@lru_cache(maxsize=64)
def limits(profile: str, strict: bool = False, check_crc: bool = False, max_bytes: Optional[int] = None,
           max_pixels: Optional[int] = None, min_side: Optional[int] = None, max_side: Optional[int] = None,
           total_bytes: Optional[int] = None) -> Any:
    """An icecat_image_options, which nobody changes."""
    if profile not in PROFILES:
        raise ArgumentError(f"profile is {profile!r}: it must be one of {', '.join(PROFILES)}")
    options = new_struct("icecat_image_options")
    options.profile = PROFILES[profile]
    options.strict = int(strict)
    options.check_crc = int(check_crc)
    for name, value in (("max_bytes", max_bytes), ("max_pixels", max_pixels), ("min_side_px", min_side),
                        ("max_side_px", max_side), ("total_bytes", total_bytes)):
        try:
            setattr(options, name, value or 0)
        except OverflowError:
            raise ArgumentError(f"{name} is {value}: out of its range") from None
    return options


def validate(source: Source, *, profile: str = "s3", strict: bool = False, max_bytes: Optional[int] = None,
             max_pixels: Optional[int] = None, min_side: Optional[int] = None, max_side: Optional[int] = None,
             total_bytes: Optional[int] = None, check_crc: bool = False) -> ImageInfo:
    """Judge an image file, bytes, or what a binary file object gives. A refused image is no exception.

    Args:
        source: a path, bytes, a bytearray, a memoryview, or what has a read() that gives bytes.
        profile: whose limits apply: "s3" (15 MiB), "bytes" (5,242,880 bytes), both 80 to 10,000 pixels a side;
            "any" for soundness only.
        strict: take warnings as refusals.
        max_bytes, max_pixels, min_side, max_side: limits in bytes and pixels, instead of the profile's.
        total_bytes: size of the whole file, when only its first bytes are given; 64 kB are enough.
        check_crc: check every chunk of a PNG; reads the whole file.

    Raises:
        FileError: a path cannot be read.
        OSError: a file object cannot be read.
        LimitError: a file object gives more than 64 MiB.
        ArgumentError: no such profile, or a number is out of its range.
        BufferError: the bytes of a memoryview do not lie one behind the other.
    """
    options = limits(profile, strict, check_crc, max_bytes, max_pixels, min_side, max_side, total_bytes)
    info = new_struct("icecat_image_info")
    error = new_error()
    if isinstance(source, (str, os.PathLike)):
        status = lib.icecat_image_probe_file(raw_path(source), options, info, error)
    else:
        if not isinstance(source, (bytes, bytearray, memoryview)):
            source = read(source)
        data, size = from_bytes(source)
        status = lib.icecat_image_probe(data, size, options, info, error)
    return judged(status, info, error)


def judged(status: int, info: Any, error: Any) -> ImageInfo:
    """What a check found, or its failure."""
    if status == 0:
        return _info(info, None)
    if status not in _REFUSED:
        raise from_record(error)
    return _info(info, from_record(error))


def _names(number: int) -> Tuple[str, Optional[str]]:
    """Name and content type of a format."""
    found = _FORMATS.get(number)
    if found is None:
        found = _FORMATS[number] = (text(lib.icecat_image_format_name(number)),
                                    optional_text(lib.icecat_image_content_type(number)))
    return found


def _info(c: Any, error: Optional[IcecatError]) -> ImageInfo:
    name, content_type = _names(c.format)
    colour, warnings, reason = c.colour_model, c.warnings, c.reason
    return made_of(ImageInfo, {
        "ok": error is None and bool(c.within_limits), "format": name, "width": c.width_px, "height": c.height_px,
        "display_width": c.display_width_px, "display_height": c.display_height_px, "size": c.size_bytes,
        "content_type": content_type, "colour": _COLOURS[colour] if colour < len(_COLOURS) else "unknown",
        "channels": c.channels, "bit_depth": c.bit_depth, "has_alpha": bool(c.has_alpha),
        "progressive": bool(c.progressive), "animated": bool(c.animated), "multi_picture": bool(c.multi_picture),
        "orientation": c.orientation,
        "warnings": tuple(each for bit, each in _WARNINGS.items() if warnings & bit) if warnings else (),
        "reason": text(lib.icecat_image_reason_name(reason)) if reason else "none", "fault_offset": c.fault_offset,
        "error": error})
