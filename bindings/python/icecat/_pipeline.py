"""From a picture to a verdict: submit it, wait for what the Lambda function finds, read the results."""
from __future__ import annotations

import math
import os
import time
from collections import deque
from datetime import datetime
from typing import Any, Callable, Deque, Iterable, Iterator, List, Optional, Sequence, Union

from icecat._base import Base
from icecat._call import STOP, Bulk, Call, Cancel
from icecat._icecat import ffi, lib
from icecat._native import Path, from_bytes, new_error, new_struct, owned, raw, raw_path, text
from icecat.batches import BatchFile
from icecat.errors import ArgumentError, IcecatError, InternalError, NotReadyError, from_record
from icecat.images import Source, limits, name_of, read
from icecat.models import (Detection, Processed, Result, Submission, SubmitCounts, SubmitReport, detection, processed,
                           results, state_number, submission, submit_counts)

Batch = Union[int, str, Submission, SubmitReport, BatchFile]
_KEY_BYTES = 256
_TAKE_MOST, _TAKE_S = 32, 0.001


def new_batch_id() -> int:
    """A new batch id: unique in practice, 16 digits."""
    made = int(lib.icecat_batch_id_new())
    if made == 0:
        raise InternalError("the system has no randomness")
    return made


def batch_id_of(batch: Batch) -> int:
    """The number of a batch: of a number, of "batch-1744377772123456", or of what a submit call gave."""
    if isinstance(batch, int):
        if not 0 < batch < 2**63:
            raise ArgumentError(f"{batch} is no batch id")
        return batch
    if isinstance(batch, (Submission, SubmitReport, BatchFile)):
        return batch.batch_id
    out, error = ffi.new("uint64_t *"), new_error()
    if lib.icecat_batch_id_parse(raw(batch), out, error):
        raise from_record(error)
    return int(out[0])


def _second(name: str, moment: Optional[datetime]) -> Optional[int]:
    if moment is not None and moment.tzinfo is None:
        raise ArgumentError(f"{name} has no time zone: give an aware datetime")
    return None if moment is None else math.ceil(moment.timestamp())


def _wanted(batch: Batch, fingerprints: Optional[Sequence[str]]) -> Optional[Sequence[str]]:
    """Which results are meant: those that are named, else those of what was submitted; None for all of the batch."""
    if fingerprints is not None:
        return fingerprints
    if isinstance(batch, (SubmitReport, BatchFile)):
        return batch.fingerprints
    return (batch.fingerprint,) if isinstance(batch, Submission) else None


def _submit_options(call: Call, profile: str, validate: bool, **fields: Any) -> Any:
    return call.arena.struct("icecat_submit_options", call=call.options, image=limits(profile),
                             no_validate=not validate, **fields)


def _results_options(call: Call, fingerprints: Optional[Sequence[str]], with_logs: bool, consistent: bool) -> Any:
    array, count = call.arena.texts(fingerprints or ())
    return call.arena.struct("icecat_results_options", call=call.options, fingerprints=array,
                             fingerprints_count=count, with_logs=with_logs, consistent=consistent)


class _Submission(Bulk):
    """The callbacks of one bulk submission."""

    def __init__(self, paths: Iterable[Path], is_known: Optional[Callable[[str], bool]],
                 progress: Optional[Callable[[SubmitCounts], object]],
                 on_settled: Optional[Callable[[Submission], object]], timeout: Optional[float],
                 cancel: Optional[Cancel]) -> None:
        super().__init__(timeout, cancel)
        self._paths: Optional[Iterator[Path]] = iter(paths)
        self._ahead: Deque[Any] = deque()
        self._failure: Optional[Exception] = None
        self._is_list = type(paths) in (list, tuple)
        self._is_known = is_known
        self._progress = progress
        self._on_settled = on_settled
        self._current: Any = None
        self.told: List[Submission] = []

    def next_path(self, out: Any) -> int:
        return self.answer(lambda: self._next(out))

    def _next(self, out: Any) -> int:
        # A list runs no code of the caller's; what other iterables run, runs on the caller's thread.
        if not self._ahead and self._paths is not None and (self._take() if self._is_list else self.ask(self._take)):
            return STOP
        if self._ahead:
            self._current = self._ahead.popleft()  # valid until the next call
            out[0] = self._current
            return 1
        if self._failure is not None:
            raise self._failure
        return 0

    def _take(self) -> int:
        """Paths from the iterable: one, and more while they come fast, because each way to the caller's thread and
        back costs as much as a small upload."""
        assert self._paths is not None
        ends = time.monotonic() + _TAKE_S
        try:
            for path in self._paths:
                if not isinstance(path, (str, os.PathLike)):
                    raise TypeError(
                        f"submit_many() takes paths, not {type(path).__name__}; submit() takes bytes and files")
                self._ahead.append(ffi.new("char[]", raw_path(path)))
                if len(self._ahead) == _TAKE_MOST or time.monotonic() > ends:
                    return 0
        except Exception as problem:  # told when those before it were given
            self._failure = problem
        self._paths = None
        return 0

    def settled(self, native: Any) -> int:
        return self.answer(lambda: self._settle(native)) or self._hand_on()

    def _settle(self, native: Any) -> int:
        self.told.append(submission(native))
        return 0

    def _hand_on(self) -> int:
        if self._on_settled is None:
            return 0
        return self.ask(lambda: self._tell(self._on_settled, self.told[-1]))

    def known(self, fingerprint: str) -> int:
        return self.ask(lambda: int(bool(self._is_known and self._is_known(fingerprint))))

    def progress(self, native: Any) -> int:
        return self.ask(lambda: self._tell(self._progress, submit_counts(native)))

    @staticmethod
    def _tell(function: Any, value: Any) -> int:
        function(value)
        return 0


class _Wait(Bulk):
    """The callback of a wait."""

    def __init__(self, progress: Optional[Callable[[int, int], object]], timeout: Optional[float],
                 cancel: Optional[Cancel]) -> None:
        super().__init__(timeout, cancel)
        self._progress = progress

    def looked(self, finished: int, total: int) -> int:
        def tell() -> int:
            if self._progress is not None:
                self._progress(finished, total)
            return 0

        return self.ask(tell)


class Pipeline(Base):
    """Every call takes `timeout`, seconds for the whole call with its retries (None: no limit), and `cancel`, a token
    that ends it; every call raises the exceptions of icecat.errors."""

    def submit(self, source: Source, *, batch: Optional[Batch] = None, file_name: Optional[str] = None,
               profile: str = "s3", validate: bool = True, timeout: Optional[float] = None,
               cancel: Optional[Cancel] = None) -> Submission:
        """Check, hash and upload one image.

        Args:
            source: a path, bytes, a bytearray, a memoryview, or a binary file object; of a file at most 64 MiB.
            batch: to add it to; a new one.
            file_name: to record; the file's own.
            profile: limits of the image, as in validate().
            validate: False uploads whatever it is.

        Raises:
            ValidationError: not a sound JPEG or PNG inside the limits; nothing was sent.
            OSError: the file cannot be read.
            LimitError: the file is over 64 MiB.
            ConfigError: no bucket or client id is set.
            NetworkError, ServiceError: it could not be uploaded; see `retryable`.
        """
        call = self._begin(timeout, cancel)
        batch_id = new_batch_id() if batch is None else batch_id_of(batch)
        name = name_of(source) if file_name is None else file_name
        data, size = from_bytes(read(source))
        key = ffi.new("char[]", _KEY_BYTES)
        call.run(lib.icecat_pipeline_submit, self._p, batch_id, raw(name), data, size,
                 _submit_options(call, profile, validate), key, len(key))
        path = os.fspath(source) if isinstance(source, (str, os.PathLike)) else ""
        return Submission(action="submitted", batch_id=batch_id, fingerprint=text(key).partition("/")[0], path=path,
                          file_name=name or "", key=text(key), size=size)

    def submit_many(self, paths: Iterable[Path], *, batch: Optional[Batch] = None,
                    progress: Optional[Callable[[SubmitCounts], object]] = None,
                    on_settled: Optional[Callable[[Submission], object]] = None,
                    is_known: Optional[Callable[[str], bool]] = None, profile: str = "s3", validate: bool = True,
                    stop_at_failure: bool = False, timeout: Optional[float] = None,
                    cancel: Optional[Cancel] = None) -> SubmitReport:
        """Check, hash and upload many files, `max_connections` at a time. An image that is rejected or fails does
        not stop the others: it is in the report with its error. Equal bytes are uploaded once.

        Args:
            paths: any iterable; asked for at most 32 more than can be started.
            batch: to add them to; a new one.
            progress: told how far the call is, a few times a second.
            on_settled: told of every image once.
            is_known: asked with a fingerprint whether the image need not be uploaded.
            profile: limits of the images, as in validate().
            validate: False uploads whatever they are.
            stop_at_failure: start no more images after a failed one.

        The functions run on the thread of the caller. An exception in one stops the call and is raised from it.

        Raises:
            IcecatError: not one image was submitted: why the first failed, else why the first was rejected. `report`
                has them all.
            ConfigError: no bucket or client id is set.
        """
        if isinstance(paths, (str, bytes, os.PathLike)):
            raise TypeError("submit_many() takes an iterable of paths; submit() takes one")
        call = _Submission(paths, is_known, progress, on_settled, timeout, cancel)
        self._of_this(call)
        batch_id = new_batch_id() if batch is None else batch_id_of(batch)
        options = _submit_options(call, profile, validate, stop_at_failure=stop_at_failure,
                                  progress=lib.icecat_py_progress if progress is not None else None,
                                  is_known=lib.icecat_py_known if is_known is not None else None)
        counts = call.arena.struct("icecat_submit_counts")
        try:
            call.run(lib.icecat_pipeline_submit_many, self._p, batch_id, lib.icecat_py_next, lib.icecat_py_settled,
                     ffi.new_handle(call), options, counts, allowed=(lib.ICECAT_OK, lib.ICECAT_E_PARTIAL))
        except IcecatError as error:
            error.report = SubmitReport(batch_id, submit_counts(counts), tuple(call.told))
            raise
        return SubmitReport(batch_id, submit_counts(counts), tuple(call.told))

    def result(self, batch: Batch, fingerprint: Optional[str] = None, *, with_logs: bool = False,
               consistent: bool = False, timeout: Optional[float] = None, cancel: Optional[Cancel] = None) -> Result:
        """One result.

        Args:
            fingerprint: 64 hex digits or a prefix of at least 4 that is unique in the batch; it need not be given with
                what submit() gave.
            with_logs: the function's logs too, if it kept them.
            consistent: see every write that has ended; costs twice as much.

        Raises:
            NotFoundError: the table has no such record.
            ArgumentError: not hex digits, or more than one record begins so.
        """
        call = self._begin(timeout, cancel)
        if fingerprint is None and isinstance(batch, Submission):
            fingerprint = batch.fingerprint
        options = _results_options(call, (), with_logs, consistent)
        native = self._fetch(call, "icecat_results", lib.icecat_pipeline_result, self._p, batch_id_of(batch),
                             raw(fingerprint), options)
        return next(results(native))

    def results(self, batch: Batch, *, fingerprints: Optional[Sequence[str]] = None, with_logs: bool = False,
                consistent: bool = False, timeout: Optional[float] = None,
                cancel: Optional[Cancel] = None) -> Iterator[Result]:
        """The results of a batch as they are now. They are read before this returns, and made into objects one by one.

        Args:
            batch: what a submit call gave, for its images; a batch file, for those in it; or a batch id, for all.
            fingerprints: only these, 64 hex digits each, in this order; "missing" without a record.
            with_logs: the function's logs too, if it kept them.
            consistent: see every write that has ended; costs twice as much.
        """
        wanted = _wanted(batch, fingerprints)
        if wanted is not None and not wanted:
            return iter(())
        call = self._begin(timeout, cancel)
        options = _results_options(call, wanted, with_logs, consistent)
        return results(self._fetch(call, "icecat_results", lib.icecat_pipeline_results, self._p, batch_id_of(batch),
                                   options))

    def wait(self, batch: Batch, *, fingerprints: Optional[Sequence[str]] = None,
             progress: Optional[Callable[[int, int], object]] = None, with_logs: bool = False,
             timeout: Optional[float] = None, cancel: Optional[Cancel] = None) -> Iterator[Result]:
        """Wait until every image has a verdict or has failed, and give the results.

        Args:
            batch: what a submit call gave, a batch file, or a batch id, of which all records are waited for.
            fingerprints: wait only for these, 64 hex digits each.
            with_logs: the function's logs too, if it kept them.
            progress: told after each look how many of how many are final; on the thread of the caller.
            timeout: seconds; None waits as long as it takes.

        Raises:
            NotReadyError: the time is over; `results` has those of the last look.
        """
        wanted = _wanted(batch, fingerprints)
        if wanted is not None and not wanted:
            return iter(())
        call = self._of_this(_Wait(progress, timeout, cancel))
        options = _results_options(call, wanted, with_logs, False)
        out = ffi.new("icecat_results **")
        try:
            call.run(lib.icecat_pipeline_wait, self._p, batch_id_of(batch), options, lib.icecat_py_wait,
                     ffi.new_handle(call), out)
        except NotReadyError as error:
            error.results = tuple(results(owned(out, lib.icecat_results_free)))
            raise
        except BaseException:
            owned(out, lib.icecat_results_free)
            raise
        return results(owned(out, lib.icecat_results_free))

    def search(self, *, batch: Optional[Batch] = None, client_id: Optional[str] = None,
               is_cat: Optional[bool] = None, state: Optional[str] = None, since: Optional[datetime] = None,
               until: Optional[datetime] = None, max_results: Optional[int] = None, newest_first: bool = False,
               with_logs: bool = False, timeout: Optional[float] = None,
               cancel: Optional[Cancel] = None) -> Iterator[Result]:
        """Find results by what is given together; one of batch, client_id and is_cat is needed.

        Args:
            client_id: who submitted.
            is_cat: the verdict; only judged images have one.
            state: "pending", "success" or "fail".
            max_results: stop after so many; all.
            since, until: uploaded at this aware time or later, and before that one.
            newest_first: of a search by client or verdict.
            with_logs: the function's logs too, if it kept them.
        """
        call = self._begin(timeout, cancel)
        verdict = None if is_cat is None else lib.ICECAT_VERDICT_CAT if is_cat else lib.ICECAT_VERDICT_NOT_CAT
        options = call.arena.struct("icecat_search_options", call=call.options, client_id=client_id,
                                    batch_id=None if batch is None else batch_id_of(batch),
                                    since=_second("since", since), until=_second("until", until),
                                    max_results=max_results, state=state_number(state), verdict=verdict,
                                    newest_first=newest_first, with_logs=with_logs)
        return results(self._fetch(call, "icecat_results", lib.icecat_pipeline_search, self._p, options))

    def process(self, bucket: str, key: str, *, timeout: Optional[float] = None,
                cancel: Optional[Cancel] = None) -> Processed:
        """Do what the Lambda function does with one uploaded object: read its header, ask Rekognition, record the
        verdict, move the object. Repeating it is safe, also after a crash at any point.

        Args:
            bucket: must be the source bucket. The settings bucket_dest, bucket_fail and table are needed.
            key: of the object, as it is, not URL-encoded.

        Raises:
            ObjectKeyError: the key is not one that submit writes; the object was moved to the fail bucket.
            CollisionError: another client's record is in the way; nothing was changed.
            ConfigError: a bucket or the table is not set, or `bucket` is another one.
            IcecatError: any other: the object is not settled yet; repeat the call later.
        """
        call = self._begin(timeout, cancel)
        out = new_struct("icecat_process_result")
        call.run(lib.icecat_pipeline_process, self._p, raw(bucket), raw(key), call.options, out)
        return processed(out)

    def forget(self, bucket: str, key: str, *, timeout: Optional[float] = None,
               cancel: Optional[Cancel] = None) -> bool:
        """Do what the Lambda function does when an object was removed from the destination or the fail bucket: remove
        its record, if it is final and names this object, and the object is really gone. True when it was removed.

        Raises:
            ObjectKeyError: the key is not one that submit writes, so that it has no record.
            ConfigError: a bucket or the table is not set, or `bucket` is neither of the two.
        """
        call = self._begin(timeout, cancel)
        removed = ffi.new("uint32_t *")
        call.run(lib.icecat_pipeline_forget, self._p, raw(bucket), raw(key), call.options, removed)
        return bool(removed[0])

    def detect_labels(self, image: Source, *, label: Optional[str] = None, min_confidence: Optional[float] = None,
                      max_labels: Optional[int] = None, include: Sequence[str] = (),
                      timeout: Optional[float] = None, cancel: Optional[Cancel] = None) -> Detection:
        """Ask Rekognition directly. The bucket and the table are not used.

        Args:
            image: a path, bytes, a bytearray, a memoryview, or a binary file object; at most 5,242,880 bytes.
            label: that makes the verdict; the client's, "Cat".
            min_confidence: percent, 0 to 100; the service's default is 55.
            max_labels: the service's default is 1000.
            include: only labels with these names, at most 100.

        Raises:
            ValidationError: the service will never accept this image.
            LimitError: the image is too long; nothing was sent.
        """
        call = self._begin(timeout, cancel)
        data, size = from_bytes(read(image))
        native = self._fetch(call, "icecat_labels", lib.icecat_rekognition_detect_labels, self._c, data, size,
                             self._rekognition_options(call, min_confidence, max_labels, include))
        return detection(native, label or self._label)

    def detect_labels_s3(self, bucket: str, key: str, *, label: Optional[str] = None,
                         min_confidence: Optional[float] = None, max_labels: Optional[int] = None,
                         include: Sequence[str] = (), timeout: Optional[float] = None,
                         cancel: Optional[Cancel] = None) -> Detection:
        """Ask Rekognition about an object of a bucket in the same region; up to 15 MB. `label`, `min_confidence`,
        `max_labels` and `include` are those of detect_labels(), and so are the exceptions."""
        call = self._begin(timeout, cancel)
        native = self._fetch(call, "icecat_labels", lib.icecat_rekognition_detect_labels_s3, self._c,
                             raw(bucket), raw(key),
                             self._rekognition_options(call, min_confidence, max_labels, include))
        return detection(native, label or self._label)

    @staticmethod
    def _rekognition_options(call: Call, min_confidence: Optional[float], max_labels: Optional[int],
                             include: Sequence[str]) -> Any:
        names, count = call.arena.texts(include)
        return call.arena.struct("icecat_rekognition_options", call=call.options, include=names, include_count=count,
                                 min_confidence=min_confidence, max_labels=max_labels)
