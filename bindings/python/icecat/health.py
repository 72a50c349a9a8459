"""What the package runs on: versions, and the file of certificates."""
from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Dict, Optional

from icecat._icecat import lib
from icecat._native import optional_text, raw, text

LIBRARIES = ("libcurl", "openssl", "cjson", "libpng", "libjpeg-turbo")
_CA_PLACES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, RHEL, Amazon Linux
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",
)


@dataclass(frozen=True)
class Health:
    """What the package runs on."""

    version: str  #: of libicecat
    python: str
    module: str  #: file of the extension module
    libraries: Dict[str, str]  #: versions of the libraries that libicecat uses
    ca_bundle: Optional[str]  #: file of certificates that is there; None when none was found


def version() -> str:
    """Version of libicecat, e.g. "0.1.0"."""
    return text(lib.icecat_version_string())


def find_ca_bundle() -> Optional[str]:
    """A file of certificates on this machine: AWS_CA_BUNDLE, SSL_CERT_FILE, CURL_CA_BUNDLE, Python's own, the places of
    the distributions, or the certifi package. Give it to Client(ca_bundle=...) where libcurl was built elsewhere and
    looks in a folder that is not here; that of a distribution finds its file by itself."""
    import ssl  # takes as long as half of the package, and nothing else needs it

    named = [os.environ.get(name) for name in ("AWS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")]
    for path in (*named, ssl.get_default_verify_paths().cafile, *_CA_PLACES):
        if path and os.path.isfile(path):
            return path
    try:
        import certifi
    except ImportError:
        return None
    return str(certifi.where())


def health() -> Health:
    """Versions and the file of certificates. Sends nothing."""
    from icecat import _icecat

    found = {name: optional_text(lib.icecat_version_dependency(raw(name))) for name in LIBRARIES}
    return Health(version=version(), python=sys.version.split()[0], module=str(getattr(_icecat, "__file__", "")),
                  libraries={name: each for name, each in found.items() if each}, ca_bundle=find_ca_bundle())
