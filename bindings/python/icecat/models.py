"""What calls give back: frozen values that do not refer to the library's memory."""
from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Iterator, Optional, Tuple

from icecat._icecat import ffi, lib
from icecat._native import Arena, optional_text, text
from icecat.errors import ArgumentError, IcecatError, from_record

_ACTIONS = {
    lib.ICECAT_SUBMITTED: "submitted",
    lib.ICECAT_DUPLICATE: "duplicate",
    lib.ICECAT_REJECTED: "rejected",
    lib.ICECAT_FAILED: "failed",
    lib.ICECAT_KNOWN: "known",
}
_STATES = {
    lib.ICECAT_RESULT_MISSING: "missing",
    lib.ICECAT_RESULT_PENDING: "pending",
    lib.ICECAT_RESULT_SUCCESS: "success",
    lib.ICECAT_RESULT_FAIL: "fail",
}


def moment(seconds: int) -> Optional[datetime]:
    """Seconds since 1970 as an aware datetime; None for 0, which is "unknown"."""
    return datetime.fromtimestamp(seconds, timezone.utc) if seconds else None


@dataclass(frozen=True)
class Box:
    """Where in the image a thing is; parts of its width and height, 0 to 1."""

    left: float
    top: float
    width: float
    height: float
    confidence: float = 0.0  #: percent; 0 when unknown


@dataclass(frozen=True)
class Label:
    """One thing that Rekognition sees."""

    name: str  #: e.g. "Cat"
    confidence: float  #: percent
    parents: Tuple[str, ...] = ()  #: e.g. ("Animal", "Pet")
    aliases: Tuple[str, ...] = ()
    boxes: Tuple[Box, ...] = ()


@dataclass(frozen=True)
class Detection:
    """Labels of one image, surest first, and the verdict."""

    is_cat: bool  #: the label that was asked about is there, by its name, a parent or an alias
    confidence: float  #: percent; 0 when not found
    labels: Tuple[Label, ...]
    response: str  #: the service's whole answer, JSON


@dataclass(frozen=True)
class Submission:
    """What became of one image."""

    action: str  #: "submitted", "duplicate", "rejected", "failed" or "known"
    batch_id: int
    fingerprint: str  #: hex SHA-256 of the bytes; "" when the file was not read
    path: str  #: as the caller named it; "" for bytes
    file_name: str
    key: str  #: object key; "" when not uploaded; of a duplicate, the first's
    size: int  #: bytes
    index: int = 0  #: position in the order in which images were given, from 0
    etag: str = ""  #: as S3 gave it; "" when not told
    uploaded_at: Optional[datetime] = None
    duplicate_of: Optional[str] = None  #: path of the equal image of this batch
    error: Optional[IcecatError] = None  #: why it was rejected or failed


@dataclass(frozen=True)
class SubmitCounts:
    """How many images ended how, so far."""

    total: int
    submitted: int
    duplicate: int
    rejected: int
    failed: int
    known: int
    bytes: int  #: uploaded
    bytes_settled: int  #: of all settled images
    bytes_under_way: int = 0  #: sent of images that are being uploaded


@dataclass(frozen=True)
class SubmitReport:
    """A bulk submission. Iterates over its submissions, in the order of settling."""

    batch_id: int
    counts: SubmitCounts
    submissions: Tuple[Submission, ...]

    def __iter__(self) -> Iterator[Submission]:
        return iter(self.submissions)

    def __len__(self) -> int:
        return len(self.submissions)

    @property
    def fingerprints(self) -> Tuple[str, ...]:
        """Of the images that will get a verdict, each once."""
        good = ("submitted", "known")
        return tuple(dict.fromkeys(each.fingerprint for each in self.submissions if each.action in good))

    def raise_for_failures(self) -> None:
        """Raise the first image's error when one was rejected or failed."""
        for each in self.submissions:
            if each.error is not None:
                raise each.error


@dataclass(frozen=True)
class Result:
    """The record of one image."""

    state: str  #: "success" (judged), "fail", "pending", or "missing" (asked for, but no record)
    is_cat: Optional[bool]  #: None unless state is "success"
    confidence: Optional[float]  #: percent; None when unknown
    fingerprint: str
    batch_id: int
    client_id: str
    file_name: str
    object: str  #: "bucket/key" where the image is now
    labels: Tuple[Label, ...]
    logs: Tuple[str, ...]  #: with with_logs only
    fail_code: str
    fail_reason: str
    uploaded_at: Optional[datetime]
    judged_at: Optional[datetime]
    expires_at: Optional[datetime]  #: when the table drops the record


@dataclass(frozen=True)
class PresignedUrl:
    """A URL that is as good as a password until it ends. str() gives the URL."""

    url: str
    expires_at: datetime
    is_cut_short: bool  #: the access keys end before the time that was asked for

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True)
class PutResult:
    """What a put made."""

    etag: str  #: with its quotes, as S3 gives it
    version_id: str  #: "" when the bucket is not versioned


class S3Object:
    """An object of a bucket, or its description."""

    def __init__(self, native: Any) -> None:
        self._native = ffi.gc(native, lib.icecat_s3_object_free)

    @property
    def data(self) -> bytes:
        """The body, or the range that was asked for; b"" after a head."""
        start = lib.icecat_s3_object_data(self._native)
        return b"" if start == ffi.NULL else bytes(ffi.buffer(start, lib.icecat_s3_object_len(self._native)))

    @property
    def size(self) -> int:
        """Bytes of the whole object, also when only a range was read."""
        return int(lib.icecat_s3_object_size(self._native))

    @property
    def etag(self) -> str:
        return self.header("etag") or ""

    @property
    def content_type(self) -> str:
        return self.header("content-type") or ""

    def header(self, name: str) -> Optional[str]:
        """A header of the answer; case does not matter. None when the service did not send it."""
        return optional_text(lib.icecat_s3_object_header(self._native, Arena().text(name)))

    def metadata(self, name: str) -> Optional[str]:
        """The object's own metadata, without "x-amz-meta-"."""
        return self.header(f"x-amz-meta-{name}")


def state_number(state: Optional[str]) -> Optional[int]:
    """The library's number of a state that records have; None for any."""
    numbers = {name: number for number, name in _STATES.items() if name != "missing"}
    if state is not None and state not in numbers:
        raise ArgumentError(f"state is {state!r}: it must be one of {', '.join(numbers)}")
    return None if state is None else int(numbers[state])


def submission(c: Any) -> Submission:
    error = from_record(c.error) if c.error != ffi.NULL else None
    return Submission(action=_ACTIONS.get(c.action, "failed"), batch_id=c.batch_id, fingerprint=text(c.fingerprint),
                      path=text(c.path), file_name=text(c.file_name), key=text(c.key), size=c.size_bytes,
                      index=c.index, etag=text(c.etag), uploaded_at=moment(c.upload_ts),
                      duplicate_of=optional_text(c.duplicate_of), error=error)


def submit_counts(c: Any) -> SubmitCounts:
    return SubmitCounts(total=c.total, submitted=c.submitted, duplicate=c.duplicate, rejected=c.rejected,
                        failed=c.failed, known=c.known, bytes=c.bytes, bytes_settled=c.bytes_settled,
                        bytes_under_way=c.bytes_under_way)


def _recorded_labels(document: Optional[str]) -> Tuple[Label, ...]:
    """Of a record: [{"name", "confidence", "parents", "boxes": [{"left", "top", "width", "height", ...}]}]."""
    return tuple(Label(name=each["name"], confidence=each.get("confidence", 0.0),
                       parents=tuple(each.get("parents", ())),
                       boxes=tuple(Box(**box) for box in each.get("boxes", ())))
                 for each in json.loads(document or "[]"))


def result(c: Any) -> Result:
    judged = c.state == lib.ICECAT_RESULT_SUCCESS
    logs = json.loads(optional_text(c.logs_json) or "[]")
    return Result(state=_STATES.get(c.state, "fail"), is_cat=bool(c.is_cat) if judged else None,
                  confidence=c.confidence if c.confidence >= 0 else None, fingerprint=text(c.fingerprint),
                  batch_id=c.batch_id, client_id=text(c.client_id), file_name=text(c.file_name),
                  object=text(c.s3img_key), labels=_recorded_labels(optional_text(c.labels_json)),
                  logs=tuple(each if isinstance(each, str) else json.dumps(each) for each in logs),
                  fail_code=text(c.fail_code), fail_reason=text(c.fail_reason), uploaded_at=moment(c.upload_ts),
                  judged_at=moment(c.rek_ts), expires_at=moment(c.ttl))


def results(native: Any) -> Iterator[Result]:
    """All records, one after the other; the list is freed when the last is taken or the iterator is dropped."""
    owned = ffi.gc(native, lib.icecat_results_free)
    record = Arena().struct("icecat_result")
    for index in range(lib.icecat_results_count(owned)):
        lib.icecat_results_at(owned, index, record)
        yield result(record)


def detection(native: Any, label: str) -> Detection:
    owned = ffi.gc(native, lib.icecat_labels_free)
    confidence = ffi.new("double *")
    found = lib.icecat_labels_verdict(owned, Arena().text(label), confidence)
    return Detection(is_cat=bool(found), confidence=confidence[0], response=text(lib.icecat_labels_response(owned)),
                     labels=tuple(_label(owned, index) for index in range(lib.icecat_labels_count(owned))))


def _label(labels: Any, index: int) -> Label:
    return Label(name=text(lib.icecat_labels_name(labels, index)),
                 confidence=lib.icecat_labels_confidence(labels, index),
                 parents=tuple(_names(lib.icecat_labels_parent, labels, index)),
                 aliases=tuple(_names(lib.icecat_labels_alias, labels, index)), boxes=tuple(_boxes(labels, index)))


def _names(function: Any, labels: Any, index: int) -> Iterator[str]:
    at = 0
    while True:
        name = function(labels, index, at)
        if name == ffi.NULL:
            return
        yield text(name)
        at += 1


def _boxes(labels: Any, index: int) -> Iterator[Box]:
    box = Arena().struct("icecat_label_box")
    at = 0
    while lib.icecat_labels_box(labels, index, at, box):
        yield Box(box.left, box.top, box.width, box.height, box.confidence)
        at += 1
