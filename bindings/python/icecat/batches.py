"""The file of a batch: what was submitted, as the icecat command and the Python client before it write it to logs/."""
from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Iterator, Optional, Tuple, Type

from icecat._icecat import ffi, lib
from icecat._native import Arena, Path, new_error, new_struct, optional_text, path_text, raw, raw_path, text
from icecat.errors import ArgumentError, OutOfMemoryError, from_record
from icecat.models import Submission, moment


@dataclass(frozen=True)
class BatchRecord:
    """One line of a batch file."""

    batch_id: int
    client_id: str
    bucket: str  #: where the image was put
    key: str  #: of the object
    file_name: str
    fingerprint: str  #: hex SHA-256
    uploaded_at: Optional[datetime]  #: None for the second 0
    upload_hour: str  #: "YYYY-MM-DD-HH", UTC, as in the key
    path: Optional[str] = None  #: None when the file does not tell
    size: int = 0  #: bytes; 0 when the file does not tell
    etag: Optional[str] = None  #: None when the file does not tell
    duplicate_of: Optional[str] = None  #: path of the equal image; None when it is the first
    position: int = 0  #: place in the file, from 1, whatever the order of adding; 0: before all that have one

    @classmethod
    def of(cls, submission: Submission, bucket: str, position: int = 0) -> BatchRecord:
        """Of an image that was submitted, or is a duplicate of one. ArgumentError for another, which has no key."""
        parts = submission.key.split("/")
        if len(parts) != 5:
            raise ArgumentError(f"{submission.path or submission.fingerprint} was not uploaded ({submission.action})")
        second = int(parts[4].partition(".")[0].partition("-")[0])
        return cls(batch_id=submission.batch_id, client_id=parts[1], bucket=bucket, key=submission.key,
                   file_name=submission.file_name, fingerprint=submission.fingerprint, uploaded_at=moment(second),
                   upload_hour=parts[3], path=submission.path or None, size=submission.size,
                   etag=submission.etag or None, duplicate_of=submission.duplicate_of, position=position)


class BatchFile:
    """A batch file in memory, and the journal that keeps it on the disk while a submission runs. May be shared by
    threads.

        with icecat.BatchFile() as file:
            file.journal("logs/batch.json.journal")   # from now on a killed process loses nothing
            client.submit_many(paths, on_settled=lambda each: each.key and file.add(BatchRecord.of(each, "bucket")))
            file.save("logs/batch.json")              # removes the journal
    """

    def __init__(self) -> None:
        native = lib.icecat_batch_new()
        if not native:
            raise OutOfMemoryError("no memory for a batch")
        self._take(native)

    def _take(self, native: Any) -> None:
        self._native: Any = ffi.gc(native, lib.icecat_batch_free)
        self._lock = threading.RLock()

    @classmethod
    def load(cls, path: Path) -> BatchFile:
        """Read the batch file at `path`, or a journal that was left. FileError, or ConfigError when it is neither."""
        return cls._read(lib.icecat_batch_load, path)

    @classmethod
    def resume(cls, path: Path) -> BatchFile:
        """Read the journal at `path` that was left, and go on with it: what is added now goes to the same file. FileError also
        when another program is writing it, ConfigError when it is no journal."""
        return cls._read(lib.icecat_batch_resume, path)

    @classmethod
    def _read(cls, function: Any, path: Path) -> BatchFile:
        out, error = ffi.new("icecat_batch **"), new_error()
        if function(raw_path(path), out, error):
            raise from_record(error)
        made = cls.__new__(cls)
        made._take(out[0])
        return made

    def _call(self, function: Any, *arguments: Any) -> Any:
        """Call C with the batch first; one thread at a time."""
        with self._lock:
            if self._native is None:
                raise ArgumentError("the batch file is closed")
            return function(self._native, *arguments)

    def _do(self, function: Any, *arguments: Any) -> None:
        error = new_error()
        if self._call(function, *arguments, error):
            raise from_record(error)

    def journal(self, path: Path, *, durable: bool = True) -> None:
        """Keep everything in an append-only file too, which must not exist yet.

        Args:
            path: of the file; by custom, that of the batch file and ".journal".
            durable: each add() waits for the disk. False: what is not flushed by sync() is lost when the machine
                fails, though not when the process does.

        Raises:
            FileError: it exists, or cannot be written.
        """
        self._do(lib.icecat_batch_journal, raw_path(path))
        if not durable:
            self._call(lib.icecat_batch_defer)

    def add(self, record: BatchRecord) -> None:
        """Append a `record`; with a journal it is on the disk when this returns. FileError when it cannot be written;
        LimitError after 4 million records."""
        arena = Arena()
        uploaded_at = record.uploaded_at
        native = arena.struct(
            "icecat_batch_record", client_id=record.client_id, s3bucket_source=record.bucket, s3_key=record.key,
            original_file_name=arena.path(record.file_name), upload_time=record.upload_hour, fingerprint=record.fingerprint,
            path=arena.path(record.path), etag=record.etag, duplicate_of=arena.path(record.duplicate_of), batch_id=record.batch_id,
            size_bytes=record.size, epoch_timestamp=None if uploaded_at is None else int(uploaded_at.timestamp()),
            position=record.position)
        self._do(lib.icecat_batch_add, native)

    def note(self, line: str) -> None:
        """Append a `line` of the program's own, at most 32 KiB. Notes are in the journal, and not in what save()
        writes."""
        self._do(lib.icecat_batch_note, raw(line))

    @property
    def notes(self) -> Tuple[str, ...]:
        """Notes that no journal has yet, or that were read from one."""
        count = self._call(lib.icecat_batch_note_count)
        return tuple(self._note(index) for index in range(count))

    def _note(self, index: int) -> str:
        with self._lock:  # the text lives until the next change
            return text(lib.icecat_batch_note_at(self._native, index)) if self._native is not None else ""

    def sync(self) -> None:
        """Wait until all that was added is on the disk. FileError when it cannot be."""
        self._do(lib.icecat_batch_sync)

    def save(self, path: Path) -> None:
        """Write the array to `path`, whole or not at all, in the order of the positions, and remove the journal. FileError when
        it cannot be written."""
        self._do(lib.icecat_batch_save, raw_path(path))

    @property
    def batch_id(self) -> int:
        """Of the first record; ArgumentError when there is none."""
        for record in self:
            return record.batch_id
        raise ArgumentError("the batch file has no record")

    @property
    def fingerprints(self) -> Tuple[str, ...]:
        """Of all images, each once."""
        return tuple(dict.fromkeys(record.fingerprint for record in self))

    def __len__(self) -> int:
        return int(self._call(lib.icecat_batch_count))

    def __getitem__(self, index: int) -> BatchRecord:
        native = new_struct("icecat_batch_record")
        with self._lock:
            if self._native is None:
                raise ArgumentError("the batch file is closed")
            at = index + lib.icecat_batch_count(self._native) if index < 0 else index
            if at < 0 or not lib.icecat_batch_at(self._native, at, native):
                raise IndexError("the batch file has no such record")
            return _record(native)

    def __iter__(self) -> Iterator[BatchRecord]:
        for index in range(len(self)):
            yield self[index]

    def close(self) -> None:
        """Release it; a journal stays. May be called twice."""
        with self._lock:
            native, self._native = self._native, None
            if native is not None:
                ffi.release(native)

    def __enter__(self) -> BatchFile:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], value: Optional[BaseException],
                 traceback: Optional[TracebackType]) -> None:
        self.close()


def _record(c: Any) -> BatchRecord:
    return BatchRecord(batch_id=c.batch_id, client_id=text(c.client_id), bucket=text(c.s3bucket_source),
                       key=text(c.s3_key), file_name=path_text(c.original_file_name),
                       fingerprint=text(c.fingerprint), uploaded_at=moment(c.epoch_timestamp),
                       upload_hour=text(c.upload_time), path=path_text(c.path) or None, size=c.size_bytes,
                       etag=optional_text(c.etag), duplicate_of=path_text(c.duplicate_of) or None,
                       position=c.position)
