"""Is there a cat in this picture? Amazon S3, DynamoDB and Rekognition through libicecat.

Importing reads no settings and sends nothing.
"""
from icecat._call import Cancel
from icecat._pipeline import new_batch_id
from icecat.batches import BatchFile, BatchRecord
from icecat.client import Client
from icecat.errors import (AccessDeniedError, ArgumentError, AuthError, CancelledError, CollisionError, ConfigError,
                           CredentialsError, FileError, IcecatError, InternalError, LimitError, NetworkError,
                           NotFoundError, NotReadyError, ObjectKeyError, OutOfMemoryError, PartialError,
                           PreconditionError, ServiceError, ThrottledError, TimeoutError, UnavailableError,
                           ValidationError)
from icecat.health import Health, find_ca_bundle, health, version
from icecat.images import ImageInfo, validate
from icecat.keys import AccessKeys
from icecat.models import (Box, Detection, Label, PresignedUrl, Processed, PutResult, Result, S3Object, Submission,
                           SubmitCounts, SubmitReport)
from icecat.settings import ClientSettings
from icecat.signing import UNSIGNED_PAYLOAD, Signature, sign
from icecat.streams import ImageStream

__version__ = version()

__all__ = [
    "AccessDeniedError", "AccessKeys", "ArgumentError", "AuthError", "BatchFile", "BatchRecord", "Box", "Cancel",
    "CancelledError", "Client", "ClientSettings", "CollisionError", "ConfigError", "CredentialsError", "Detection",
    "FileError", "Health", "IcecatError", "ImageInfo", "ImageStream", "InternalError", "Label", "LimitError",
    "NetworkError", "NotFoundError", "NotReadyError", "ObjectKeyError", "OutOfMemoryError", "PartialError",
    "PreconditionError", "PresignedUrl", "Processed", "PutResult", "Result", "S3Object", "ServiceError", "Signature",
    "Submission", "SubmitCounts", "SubmitReport", "ThrottledError", "TimeoutError", "UNSIGNED_PAYLOAD",
    "UnavailableError", "ValidationError", "find_ca_bundle", "health", "new_batch_id", "sign", "validate", "version",
]
