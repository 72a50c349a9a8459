"""Exceptions: one class for each kind of failure, as the library's statuses are grouped.

Every exception of the library is an IcecatError. Where Python has a class of its own for such a failure
(ValueError, LookupError, OSError, TimeoutError, PermissionError, MemoryError), it is one of those too.
"""
from __future__ import annotations

import builtins
from typing import Any, Dict, Optional, Tuple, Type

from icecat._icecat import ffi, lib


class IcecatError(Exception):
    """A call failed.

    Attributes:
        status: number of the icecat_status, e.g. 85.
        name: its name, e.g. "ICECAT_E_THROTTLED".
        message: one English line that names what failed, why, and what to do; never a secret.
        http_status: status of the service's answer; 0 when none came.
        aws_code: the service's error code, e.g. "NoSuchBucket"; "" when there is none.
        request_id: the service's id of the request; "" when there is none.
        retryable: True when the same call may succeed later, unchanged.
        retry_after: seconds that the service asks to wait; 0.0 when it does not say.
        attempts: requests that were sent for the failed operation.
        curl_code: libcurl's code; 0 when the network was not at fault.
        report: of a submission that failed as a whole, the SubmitReport; else None.
        results: of a wait that ran out of time, the results of the last look; else ().
    """

    report: Optional[Any] = None
    results: Tuple[Any, ...] = ()

    def __init__(self, message: str, *, status: Optional[int] = None, http_status: int = 0, aws_code: str = "",
                 request_id: str = "", retryable: bool = False, retry_after: float = 0.0, attempts: int = 0,
                 curl_code: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.status = _OWN_STATUS.get(type(self), lib.ICECAT_E_INTERNAL) if status is None else status
        self.http_status = http_status
        self.aws_code = aws_code
        self.request_id = request_id
        self.retryable = retryable
        self.retry_after = retry_after
        self.attempts = attempts
        self.curl_code = curl_code

    @property
    def name(self) -> str:
        """Name of the status, e.g. "ICECAT_E_THROTTLED"."""
        return str(ffi.string(lib.icecat_status_name(self.status)).decode())

    @property
    def response(self) -> Dict[str, Any]:
        """In the form of botocore's ClientError.response, for code that reads it."""
        return {
            "Error": {"Code": self.aws_code or self.name, "Message": self.message},
            "ResponseMetadata": {"RequestId": self.request_id, "HTTPStatusCode": self.http_status,
                                 "RetryAttempts": max(self.attempts - 1, 0)},
        }

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> Tuple[Any, ...]:
        state = dict(self.__dict__)
        return _restore, (type(self), state.pop("message"), state)


def _restore(kind: Type[IcecatError], message: str, state: Dict[str, Any]) -> IcecatError:
    error = kind(message)
    error.__dict__.update(state)
    return error


class ArgumentError(IcecatError, ValueError):
    """An argument is wrong; the message names it."""


class LimitError(IcecatError, ValueError):
    """Something is over its documented maximum."""


class OutOfMemoryError(IcecatError, MemoryError):
    """An allocation failed."""


class CancelledError(IcecatError):
    """The call's Cancel token was fired."""


class InternalError(IcecatError, RuntimeError):
    """A defect of the library."""


class FileError(IcecatError, OSError):
    """A local file cannot be read."""


class ConfigError(IcecatError):
    """A setting is missing or invalid, or a file of settings is malformed."""


class ValidationError(IcecatError, ValueError):
    """The image is not a sound JPEG or PNG inside the limits, or Rekognition will never accept it."""


class CredentialsError(IcecatError):
    """There are no access keys, or they cannot be used."""


class NetworkError(IcecatError, OSError):
    """The service could not be reached, or the connection broke."""


class TimeoutError(NetworkError, builtins.TimeoutError):
    """The call's time is over, or the service made no progress in time."""


class ServiceError(IcecatError):
    """The service answered with an error; aws_code names it."""


class AuthError(ServiceError, CredentialsError):
    """The service refuses the signature, the key or the token."""


class AccessDeniedError(ServiceError, PermissionError):
    """The keys are not allowed to do this."""


class NotFoundError(ServiceError, LookupError):
    """The bucket, object, table, item or parameter does not exist."""


class PreconditionError(ServiceError):
    """A condition of the request was false. `item` is what is there, where DynamoDB told it."""

    item: Optional[Dict[str, Any]] = None


class ThrottledError(ServiceError):
    """The service asks to slow down, and all attempts are used up."""


class UnavailableError(ServiceError):
    """The service failed, and all attempts are used up."""


class NotReadyError(IcecatError):
    """The time is over and verdicts are still missing; `results` has what there is."""


class ObjectKeyError(IcecatError, ValueError):
    """An object's key is not one that submit writes; process() has moved the object to the fail bucket."""


class CollisionError(IcecatError):
    """Another client's record has the same batch and fingerprint; nothing was changed."""


class PartialError(IcecatError):
    """Some items succeeded and some failed; `report` has them."""


_CLASSES: Dict[int, Type[IcecatError]] = {
    lib.ICECAT_E_ARGUMENT: ArgumentError,
    lib.ICECAT_E_NO_MEMORY: OutOfMemoryError,
    lib.ICECAT_E_LIMIT: LimitError,
    lib.ICECAT_E_CANCELLED: CancelledError,
    lib.ICECAT_E_DEADLINE: TimeoutError,
    lib.ICECAT_E_INTERNAL: InternalError,
    lib.ICECAT_E_CRYPTO: InternalError,
    lib.ICECAT_E_FILE: FileError,
    lib.ICECAT_E_PARSE: ConfigError,
    lib.ICECAT_E_CONFIG: ConfigError,
    lib.ICECAT_E_IMAGE_FORMAT: ValidationError,
    lib.ICECAT_E_IMAGE_CORRUPT: ValidationError,
    lib.ICECAT_E_IMAGE_LIMIT: ValidationError,
    lib.ICECAT_E_REJECTED: ValidationError,
    lib.ICECAT_E_NO_CREDENTIALS: CredentialsError,
    lib.ICECAT_E_BAD_CREDENTIALS: CredentialsError,
    lib.ICECAT_E_RESOLVE: NetworkError,
    lib.ICECAT_E_CONNECT: NetworkError,
    lib.ICECAT_E_TLS: NetworkError,
    lib.ICECAT_E_TRANSFER: NetworkError,
    lib.ICECAT_E_TIMEOUT: TimeoutError,
    lib.ICECAT_E_PROTOCOL: NetworkError,
    lib.ICECAT_E_SERVICE: ServiceError,
    lib.ICECAT_E_AUTH: AuthError,
    lib.ICECAT_E_ACCESS: AccessDeniedError,
    lib.ICECAT_E_NOT_FOUND: NotFoundError,
    lib.ICECAT_E_PRECONDITION: PreconditionError,
    lib.ICECAT_E_THROTTLED: ThrottledError,
    lib.ICECAT_E_UNAVAILABLE: UnavailableError,
    lib.ICECAT_E_REGION: ServiceError,
    lib.ICECAT_E_VALIDATION: ServiceError,
    lib.ICECAT_E_PENDING: NotReadyError,
    lib.ICECAT_E_PARTIAL: PartialError,
    lib.ICECAT_E_KEY: ObjectKeyError,
    lib.ICECAT_E_COLLISION: CollisionError,
    # Exceptions of other callbacks go on as they are; this one has them as its cause.
    lib.ICECAT_E_CALLBACK: CredentialsError,
}
# Of errors that Python code finds before C is called.
_OWN_STATUS: Dict[type, int] = {
    ArgumentError: lib.ICECAT_E_ARGUMENT,
    LimitError: lib.ICECAT_E_LIMIT,
    OutOfMemoryError: lib.ICECAT_E_NO_MEMORY,
    ConfigError: lib.ICECAT_E_CONFIG,
}


def from_record(record: Any) -> IcecatError:
    """The exception for an icecat_error; an unknown status is a plain IcecatError."""
    kind = _CLASSES.get(record.status, IcecatError)
    message = ffi.string(record.message) or ffi.string(lib.icecat_status_message(record.status))
    return kind(message.decode("utf-8", "replace"), status=record.status, http_status=record.http_status,
                aws_code=ffi.string(record.aws_code).decode("utf-8", "replace"),
                request_id=ffi.string(record.request_id).decode("utf-8", "replace"),
                retryable=bool(record.retryable), retry_after=record.retry_after_ms / 1000,
                attempts=record.attempts, curl_code=record.curl_code)
