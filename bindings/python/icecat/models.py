"""What calls give back: frozen values that do not refer to the library's memory."""
from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Dict, Iterator, Optional, Tuple

from icecat._icecat import ffi, lib
from icecat._native import choice, made_of, new_struct, optional_text, path_text, raw, text
from icecat.errors import IcecatError, from_record

_ACTIONS = {
    lib.ICECAT_SUBMITTED: "submitted",
    lib.ICECAT_DUPLICATE: "duplicate",
    lib.ICECAT_REJECTED: "rejected",
    lib.ICECAT_FAILED: "failed",
    lib.ICECAT_KNOWN: "known",
}
_PROCESSED = {
    lib.ICECAT_PROCESSED: "judged",
    lib.ICECAT_PROCESSED_BEFORE: "judged-before",
    lib.ICECAT_PROCESSED_REFUSED: "refused",
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
        """Of the images of this batch that will get a verdict, each once. That of a known image is in another batch."""
        return tuple(dict.fromkeys(each.fingerprint for each in self.submissions if each.action == "submitted"))

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
    fail_code: str  #: why it could not be judged, e.g. "png-ihdr-crc"; "" unless state is "fail"
    fail_reason: str  #: the same in a sentence
    uploaded_at: Optional[datetime]
    judged_at: Optional[datetime]
    expires_at: Optional[datetime]  #: when the table drops the record


@dataclass(frozen=True)
class Processed:
    """What process() did with one object."""

    action: str  #: "judged", "judged-before" (an unfinished move was finished), or "refused" for good
    is_cat: bool  #: the label was found
    confidence: float  #: percent; 0 when it was not found
    label_count: int  #: labels that Rekognition gave
    batch_id: int
    fingerprint: str
    fail_code: str  #: why it was refused, e.g. "png-ihdr-crc"; "" otherwise


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
        self._native = native

    @property
    def data(self) -> bytes:
        """The body, or the range that was asked for; b"" after a head."""
        start = lib.icecat_s3_object_data(self._native)
        return bytes(ffi.buffer(start, lib.icecat_s3_object_len(self._native))) if start else b""

    @property
    def size(self) -> int:
        """Bytes of the whole object, also when only a range was read."""
        return int(lib.icecat_s3_object_size(self._native))

    @property
    def etag(self) -> str:
        """With its quotes, as S3 gives it; "" when it did not."""
        return self.header("etag") or ""

    @property
    def content_type(self) -> str:
        """E.g. "image/jpeg"; "" when there is none."""
        return self.header("content-type") or ""

    def header(self, name: str) -> Optional[str]:
        """The header of this `name`; case does not matter. None when the service did not send it."""
        return optional_text(lib.icecat_s3_object_header(self._native, raw(name)))

    @property
    def headers(self) -> Dict[str, str]:
        """All headers of the answer that describe the object, by their names in lower case."""
        found: Dict[str, str] = {}
        while True:
            name = lib.icecat_s3_object_header_name(self._native, len(found))
            if not name:
                return found
            found[text(name)] = text(lib.icecat_s3_object_header(self._native, name))

    def metadata(self, name: str) -> Optional[str]:
        """The object's own metadata of this `name`, which has no "x-amz-meta-". None when there is none."""
        return self.header(f"x-amz-meta-{name}")


def state_number(state: Optional[str]) -> Optional[int]:
    """The library's number of a state that records have; None for any."""
    return choice("state", state, {name: number for number, name in _STATES.items() if name != "missing"})


def submission(c: Any) -> Submission:
    return made_of(Submission, {
        "action": _ACTIONS.get(c.action, "failed"), "batch_id": c.batch_id, "fingerprint": text(c.fingerprint),
        "path": path_text(c.path), "file_name": path_text(c.file_name), "key": text(c.key), "size": c.size_bytes,
        "index": c.index, "etag": text(c.etag), "uploaded_at": moment(c.upload_ts),
        "duplicate_of": path_text(c.duplicate_of) or None, "error": from_record(c.error) if c.error else None})


def submit_counts(c: Any) -> SubmitCounts:
    return SubmitCounts(total=c.total, submitted=c.submitted, duplicate=c.duplicate, rejected=c.rejected,
                        failed=c.failed, known=c.known, bytes=c.bytes, bytes_settled=c.bytes_settled,
                        bytes_under_way=c.bytes_under_way)


def processed(c: Any) -> Processed:
    return Processed(action=_PROCESSED[c.action], is_cat=bool(c.is_cat), confidence=c.confidence,
                     label_count=c.label_count, batch_id=c.batch_id, fingerprint=text(c.fingerprint),
                     fail_code=text(c.fail_code))


def _recorded_labels(document: Optional[str]) -> Tuple[Label, ...]:
    """Of a record: [{"name", "confidence", "parents", "boxes": [{"left", "top", "width", "height", ...}]}]."""
    return tuple(Label(name=each["name"], confidence=each.get("confidence", 0.0),
                       parents=tuple(each.get("parents", ())),
                       boxes=tuple(Box(**box) for box in each.get("boxes", ())))
                 for each in json.loads(document or "[]"))


def result(c: Any) -> Result:
    judged = c.state == lib.ICECAT_RESULT_SUCCESS
    logs = json.loads(optional_text(c.logs_json) or "[]")
    return made_of(Result, {
        "state": _STATES.get(c.state, "fail"), "is_cat": bool(c.is_cat) if judged else None,
        "confidence": c.confidence if c.confidence >= 0 else None, "fingerprint": text(c.fingerprint),
        "batch_id": c.batch_id, "client_id": text(c.client_id), "file_name": text(c.file_name),
        "object": text(c.s3img_key), "labels": _recorded_labels(optional_text(c.labels_json)),
        "logs": tuple(each if isinstance(each, str) else json.dumps(each) for each in logs),
        "fail_code": text(c.fail_code), "fail_reason": text(c.fail_reason), "uploaded_at": moment(c.upload_ts),
        "judged_at": moment(c.rek_ts), "expires_at": moment(c.ttl)})


def results(native: Any) -> Iterator[Result]:
    """All records of a list, which lives as long as the iterator."""
    return (_result_at(native, index) for index in range(lib.icecat_results_count(native)))


def _result_at(native: Any, index: int) -> Result:
    record = new_struct("icecat_result")
    lib.icecat_results_at(native, index, record)
    return result(record)


def detection(native: Any, label: str) -> Detection:
    confidence = ffi.new("double *")
    found = lib.icecat_labels_verdict(native, raw(label), confidence)
    return Detection(is_cat=bool(found), confidence=confidence[0], response=text(lib.icecat_labels_response(native)),
                     labels=tuple(_label(native, index) for index in range(lib.icecat_labels_count(native))))


def _label(labels: Any, index: int) -> Label:
    return Label(name=text(lib.icecat_labels_name(labels, index)),
                 confidence=lib.icecat_labels_confidence(labels, index),
                 parents=tuple(_names(lib.icecat_labels_parent, labels, index)),
                 aliases=tuple(_names(lib.icecat_labels_alias, labels, index)), boxes=tuple(_boxes(labels, index)))


def _names(function: Any, labels: Any, index: int) -> Iterator[str]:
    at = 0
    while True:
        name = function(labels, index, at)
        if not name:
            return
        yield text(name)
        at += 1


def _boxes(labels: Any, index: int) -> Iterator[Box]:
    box = new_struct("icecat_label_box")
    at = 0
    while lib.icecat_labels_box(labels, index, at, box):
        yield Box(box.left, box.top, box.width, box.height, box.confidence)
        at += 1
