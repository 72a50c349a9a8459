"""Settings of a client: their names, and where they come from beside its arguments."""
from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Mapping, Optional, TypedDict

from icecat._icecat import lib
from icecat._native import Path
from icecat.errors import ConfigError
from icecat.keys import AccessKeys


class ClientSettings(TypedDict, total=False):
    """Keywords of Client. None, or left out, means the default: the environment variable or the setting of the
    profile that libicecat's docs/configuration.md names, else the value that is named here."""

    region: Optional[str]  #: e.g. "eu-west-1"; AWS_REGION, the profile; else ConfigError
    profile: Optional[str]  #: of ~/.aws; AWS_PROFILE; "default"
    access_key_id: Optional[str]  #: with secret_access_key: fixed keys instead of the default chain
    secret_access_key: Optional[str]
    session_token: Optional[str]
    credentials: Optional[Callable[[], AccessKeys]]  #: gives keys, instead of the three before and of the default
    # chain; asked once at first, then before they expire, on any thread that makes a call, and not ended by Ctrl-C
    endpoint_url: Optional[str]  #: for all services; AWS_ENDPOINT_URL; AWS itself
    endpoint_url_s3: Optional[str]
    endpoint_url_dynamodb: Optional[str]
    endpoint_url_rekognition: Optional[str]
    endpoint_url_ssm: Optional[str]
    ca_bundle: Optional[Path]  #: PEM file; AWS_CA_BUNDLE; the system's
    proxy: Optional[str]  #: URL; HTTPS_PROXY and the like
    proxy_ca_bundle: Optional[Path]  #: PEM file for an https proxy; ca_bundle
    no_proxy: Optional[str]
    config_file: Optional[Path]  #: ~/.aws/config
    credentials_file: Optional[Path]  #: ~/.aws/credentials
    addressing: Optional[str]  #: of S3: "path", "virtual" or "auto", virtual on AWS and path with an endpoint_url
    use_fips_endpoint: Optional[bool]  #: AWS_USE_FIPS_ENDPOINT, the profile; no
    use_dualstack_endpoint: Optional[bool]  #: AWS_USE_DUALSTACK_ENDPOINT, the profile; no
    ignore_configured_endpoint_urls: Optional[bool]  #: of the environment and the profile; no
    request_checksum_calculation: Optional[str]  #: "when_supported", which is the default, or "when_required": none
    user_agent: Optional[str]  #: appended to the User-Agent header
    max_attempts: Optional[int]  #: 1 to 100; 3, for DynamoDB 4
    max_connections: Optional[int]  #: transfers at a time in submit_many(), 1 to 256; 8
    connect_timeout: Optional[float]  #: seconds; 10
    stall_timeout: Optional[float]  #: seconds without progress that end an attempt; 60
    logger: Optional[logging.Logger]  #: told what the calls do; none. Messages hold no secret
    log_level: Optional[int]  #: of the logging module; logging.INFO
    bucket: Optional[str]  #: where images are submitted to; S3BUCKET_SOURCE
    bucket_dest: Optional[str]  #: where process() moves judged images; S3BUCKET_DEST
    bucket_fail: Optional[str]  #: where process() moves those that cannot be judged; S3BUCKET_FAIL
    table: Optional[str]  #: DynamoDB table of results; DYNAMODB_TABLE_NAME
    client_id: Optional[str]  #: who submits, 1 to 64 of [A-Za-z0-9._-]; ICECAT_CLIENT_ID
    label: Optional[str]  #: what detect_labels() and process() look for; "Cat"
    min_confidence: Optional[float]  #: percent that process() asks of Rekognition; 75
    max_labels: Optional[int]  #: most labels that process() keeps in a record; 10
    ttl: Optional[int]  #: seconds that results are kept; 1 209 600 (14 days)
    debug: Optional[bool]  #: the function stores its logs with the result
    compat_keys: Optional[bool]  #: object keys as the Python client before libicecat wrote them


if TYPE_CHECKING:
    from typing_extensions import Unpack  # noqa: F401

CLIENT_FIELDS = ("region", "profile", "endpoint_url", "endpoint_url_s3", "endpoint_url_dynamodb",
                 "endpoint_url_rekognition", "endpoint_url_ssm", "proxy", "no_proxy", "user_agent", "max_attempts",
                 "max_connections")
CLIENT_PATHS = ("ca_bundle", "proxy_ca_bundle", "config_file", "credentials_file")
CLIENT_CHOICES = {
    "addressing": {"auto": lib.ICECAT_ADDRESSING_AUTO, "path": lib.ICECAT_ADDRESSING_PATH,
                   "virtual": lib.ICECAT_ADDRESSING_VIRTUAL},
    "request_checksum_calculation": {"when_supported": lib.ICECAT_CHECKSUM_WHEN_SUPPORTED,
                                     "when_required": lib.ICECAT_CHECKSUM_WHEN_REQUIRED},
}
CLIENT_SWITCHES = ("use_fips_endpoint", "use_dualstack_endpoint", "ignore_configured_endpoint_urls")
KEYS = ("access_key_id", "secret_access_key", "session_token")
# Settings of the pipeline, by their names in C.
PIPELINE = {"bucket": "bucket_source", "bucket_dest": "bucket_dest", "bucket_fail": "bucket_fail", "table": "table",
            "client_id": "client_id", "label": "label", "min_confidence": "min_confidence", "max_labels": "max_labels",
            "ttl": "ttl_s", "debug": "debug", "compat_keys": "compat_keys"}
ENVIRONMENT = {"bucket": ("S3BUCKET_SOURCE",), "bucket_dest": ("S3BUCKET_DEST",), "bucket_fail": ("S3BUCKET_FAIL",),
               "table": ("DYNAMODB_TABLE_NAME", "DYNAMO_DB_TABLE_NAME"), "client_id": ("ICECAT_CLIENT_ID",)}

# Names in dotenv files. Those of SSM are the first three.
_FILE = {
    "S3BUCKET_SOURCE": "bucket", "DYNAMODB_TABLE_NAME": "table", "AWS_REGION": "region",
    "DYNAMO_DB_TABLE_NAME": "table", "AWS_DEFAULT_REGION": "region", "ICECAT_CLIENT_ID": "client_id",
    "AWS_ACCESS_KEY_ID": "access_key_id", "AWS_SECRET_ACCESS_KEY": "secret_access_key",
    "AWS_SESSION_TOKEN": "session_token", "AWS_PROFILE": "profile", "AWS_ENDPOINT_URL": "endpoint_url",
    "AWS_ENDPOINT_URL_S3": "endpoint_url_s3", "AWS_ENDPOINT_URL_DYNAMODB": "endpoint_url_dynamodb",
    "AWS_ENDPOINT_URL_REKOGNITION": "endpoint_url_rekognition", "AWS_ENDPOINT_URL_SSM": "endpoint_url_ssm",
    "AWS_CA_BUNDLE": "ca_bundle", "AWS_MAX_ATTEMPTS": "max_attempts", "ICECAT_PROXY": "proxy",
}
SSM_NAMES = list(_FILE)[:3]

_LINE = re.compile(
    r"""[ \t]*(?:export[ \t]+)?(?P<key>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*
    (?:'(?P<single>(?:[^'\\]|\\.)*)'(?:[ \t]*\#[^\n]*|[ \t]*)
     |"(?P<double>(?:[^"\\]|\\.)*)"(?:[ \t]*\#[^\n]*|[ \t]*)
     |(?P<plain>(?!['"])[^\n]*))(?:\n|\Z)""", re.X | re.S)
_EMPTY = re.compile(r"[ \t]*(?:\#[^\n]*)?\n|[ \t]*(?:\#[^\n]*)?\Z")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", '"': '"'}


def _unescaped(value: str, extra: Mapping[str, str]) -> str:
    known = {"\\": "\\", "'": "'", **extra}
    return re.sub(r"\\(.)", lambda match: known.get(match.group(1), match.group(0)), value, flags=re.S)


def _value(match: "re.Match[str]") -> str:
    if match["single"] is not None:
        return _unescaped(match["single"], {})
    if match["double"] is not None:
        return _unescaped(match["double"], _ESCAPES)
    return re.sub(r"(?:^|[ \t]+)#.*", "", match["plain"]).rstrip(" \t")


def parse_dotenv(document: str, path: str = "dotenv") -> Dict[str, str]:
    """KEY=value lines by the rules of the icecat command: [export], 'as it is', "with \\n", # comments; a later
    line wins. ConfigError names the line that is none, without its text, which may be secret."""
    document = document.lstrip("\ufeff").replace("\r\n", "\n")
    found: Dict[str, str] = {}
    at = 0
    while at < len(document):
        match = _EMPTY.match(document, at)
        if match is None:
            match = _LINE.match(document, at)
            line = document.count("\n", 0, at) + 1
            if match is None:
                raise ConfigError(f"{path}:{line}: expected KEY=value")
            value = _value(match)
            if "${" in value and match["single"] is None:
                raise ConfigError(f"{path}:{line}: ${{...}} is not replaced in this file; write the value itself, "
                                  "or put it in single quotes")
            found[match["key"]] = value
        at = match.end()
    return found


def find_dotenv(name: Path) -> str:
    """A name with a slash is a path; another is ./config/NAME, else ./NAME."""
    path = os.fspath(name)
    if "/" in path:
        return path
    places: List[str] = [os.path.join("config", path), path]
    for place in places:
        if os.path.exists(place):
            return place
    raise ConfigError(f"no secrets file ./{places[0]} or ./{places[1]}")


def from_dotenv(name: Path) -> Dict[str, Any]:
    """Settings of a file, which win over the environment."""
    path = find_dotenv(name)
    try:
        with open(path, encoding="utf-8") as file:
            entries = parse_dotenv(file.read(65536), path)
    except (OSError, UnicodeDecodeError) as problem:
        raise ConfigError(f"{path}: {getattr(problem, 'strerror', None) or 'not a text file'}") from None
    found: Dict[str, Any] = {}
    for key, setting in _FILE.items():
        if entries.get(key):
            found.setdefault(setting, entries[key])
    if "max_attempts" in found:
        if not found["max_attempts"].isdigit():
            raise ConfigError(f"{path}: AWS_MAX_ATTEMPTS is not a whole number")
        found["max_attempts"] = int(found["max_attempts"])
    if len({"access_key_id", "secret_access_key"} & set(found)) == 1:
        raise ConfigError(f"{path}: only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set")
    return found


def ssm_prefix(prefix: Optional[str], stage: str) -> str:
    """With a slash at both ends."""
    return f"/{prefix.strip('/')}/" if prefix else f"/stablecaps/{stage}/cat-wrangler/"


def from_parameters(parameters: Mapping[str, str], prefix: str) -> Dict[str, Any]:
    """Settings of SSM parameters."""
    found = {_FILE[name]: parameters[prefix + name] for name in SSM_NAMES if parameters.get(prefix + name)}
    if not found:
        raise ConfigError(f"SSM has no parameters under {prefix}")
    return found


def with_environment(settings: Mapping[str, Any]) -> Dict[str, Any]:
    """Settings that the library does not look for in the environment itself."""
    found = {name: value for name, value in settings.items() if value is not None}
    for name, variables in ENVIRONMENT.items():
        for variable in variables:
            if os.environ.get(variable):
                found.setdefault(name, os.environ[variable])
    return found
