"""LocalStack's health page."""

from __future__ import annotations

import json
import urllib.request


def version(health_url: str) -> str:
    """The version it names."""
    with urllib.request.urlopen(health_url, timeout=5) as answer:  # noqa: S310
        return str(json.load(answer)["version"])
