"""The client: settings, connections, and every call to AWS."""
from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Dict, Optional, Sequence, Type

from icecat import settings as names
from icecat._call import Cancel
from icecat._dynamodb import DynamoDB
from icecat._icecat import lib
from icecat._native import Path, raw, text
from icecat._pipeline import Pipeline
from icecat._s3 import S3
from icecat.settings import ClientSettings

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Client(Pipeline, S3, DynamoDB):
    """Settings and connections. May be shared by any number of threads, and is made anew in a forked process.

    Keywords are those of icecat.settings.ClientSettings. No request is sent before the first call. Raises
    ConfigError for a setting that is missing or not well formed, ArgumentError for a number out of its range.

        with icecat.Client(region="eu-west-1") as client:
            print(client.detect_labels("cat.jpg").is_cat)
    """

    def __init__(self, **settings: Unpack[ClientSettings]) -> None:
        super().__init__(settings)

    @classmethod
    def from_dotenv(cls, path: Path = "secrets", **settings: Unpack[ClientSettings]) -> Client:
        """Settings of a file of KEY=value lines, with the names of the environment: AWS_REGION, S3BUCKET_SOURCE,
        DYNAMODB_TABLE_NAME and so on. They win over the environment, keywords over them. A name without a slash is
        ./config/NAME, else ./NAME. ConfigError names the file and the line."""
        found: Dict[str, Any] = {**names.from_dotenv(path), **settings}
        return cls(**found)

    @classmethod
    def from_ssm(cls, prefix: Optional[str] = None, *, stage: str = "dev", timeout: Optional[float] = None,
                 cancel: Optional[Cancel] = None, **settings: Unpack[ClientSettings]) -> Client:
        """Bucket, table and region from parameters of AWS Systems Manager, under `prefix`, else under
        /stablecaps/STAGE/cat-wrangler/. Keywords win over them, the environment too.

        Raises ConfigError when there is no parameter, and the errors of any call."""
        folder = names.ssm_prefix(prefix, stage)
        with cls(**settings) as first:
            parameters = first.get_parameters([folder + name for name in names.SSM_NAMES], timeout=timeout,
                                              cancel=cancel)
        found: Dict[str, Any] = {**names.from_parameters(parameters, folder), **names.with_environment(settings)}
        return cls(**found)

    def get_parameters(self, parameters: Sequence[str], *, timeout: Optional[float] = None,
                       cancel: Optional[Cancel] = None) -> Dict[str, str]:
        """Values of `parameters` of AWS Systems Manager by their full names, decrypted; at most 1000. Those that do
        not exist are left out."""
        call = self._begin(timeout, cancel)
        array, count = call.arena.texts(parameters)
        native = self._fetch(call, "icecat_parameters", lib.icecat_ssm_get_parameters, self._c, array, count,
                             call.options)
        found = (lib.icecat_parameters_name(native, index) for index in range(lib.icecat_parameters_count(native)))
        return {text(name): text(lib.icecat_parameters_get(native, name)) for name in found}

    @property
    def region(self) -> str:
        """The region in use."""
        return text(lib.icecat_client_region(self._c))

    def endpoint(self, service: str) -> str:
        """The address of a service: "s3", "dynamodb", "rekognition" or "ssm". ValueError for another one."""
        found = lib.icecat_client_endpoint(self._c, raw(service))
        if not found:
            raise ValueError(f"service is {service!r}: it must be s3, dynamodb, rekognition or ssm")
        return text(found)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: Optional[Type[BaseException]], value: Optional[BaseException],
                 traceback: Optional[TracebackType]) -> None:
        self.close()

    def __repr__(self) -> str:
        return "<icecat.Client closed>" if self._client is None else f"<icecat.Client {self.region}>"
