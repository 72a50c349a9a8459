"""python -m icecat: print what the package runs on. Ends with 1 when TLS would have no certificates."""
from __future__ import annotations

import sys

from icecat.health import health


def main() -> int:
    found = health()
    rows = {"libicecat": found.version, **found.libraries, "python": found.python, "module": found.module,
            "certificates": found.ca_bundle or "none found: set AWS_CA_BUNDLE"}
    for name, value in rows.items():
        print(f"{name:<14} {value}")
    return 0 if found.ca_bundle else 1


if __name__ == "__main__":
    sys.exit(main())
