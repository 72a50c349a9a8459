"""Is there a cat in this picture? Amazon S3, DynamoDB and Rekognition through libicecat.

Importing reads no settings and sends nothing.
"""
from icecat._call import Cancel
from icecat._pipeline import new_batch_id
from icecat.client import Client
from icecat.errors import (AccessDeniedError, ArgumentError, AuthError, CancelledError, ConfigError, CredentialsError,
                           FileError, IcecatError, InternalError, LimitError, NetworkError, NotFoundError,
                           NotReadyError, OutOfMemoryError, PartialError, PreconditionError, ServiceError,
                           ThrottledError, TimeoutError, UnavailableError, ValidationError)
from icecat.health import Health, find_ca_bundle, health, version
from icecat.images import ImageInfo, validate
from icecat.models import (Box, Detection, Label, PresignedUrl, PutResult, Result, S3Object, Submission, SubmitCounts,
                           SubmitReport)
from icecat.settings import ClientSettings
from icecat.signing import UNSIGNED_PAYLOAD, Signature, sign

__version__ = version()

__all__ = [
    "AccessDeniedError", "ArgumentError", "AuthError", "Box", "Cancel", "CancelledError", "Client", "ClientSettings",
    "ConfigError", "CredentialsError", "Detection", "FileError", "Health", "IcecatError", "ImageInfo", "InternalError",
    "Label", "LimitError", "NetworkError", "NotFoundError", "NotReadyError", "OutOfMemoryError", "PartialError",
    "PreconditionError", "PresignedUrl", "PutResult", "Result", "S3Object", "ServiceError", "Signature", "Submission",
    "SubmitCounts", "SubmitReport", "ThrottledError", "TimeoutError", "UNSIGNED_PAYLOAD", "UnavailableError",
    "ValidationError", "find_ca_bundle", "health", "new_batch_id", "sign", "validate", "version",
]
