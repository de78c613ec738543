"""botocore's service models without their prose, which nothing reads at run time.

A model is three quarters documentation. Without it the zip is smaller, and a client's first
use, which parses the whole of its service's model, is faster.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

PROSE = "documentation"


def shorten(tree: Path) -> None:
    """Write every model below `tree/botocore/data` without prose, and plain: the zip deflates it.

    botocore looks for `service-2.json` before `service-2.json.gz`.
    """
    for packed in sorted((tree / "botocore" / "data").rglob("service-2.json.gz")):
        model = without_prose(json.loads(gzip.decompress(packed.read_bytes())))
        packed.with_suffix("").write_text(json.dumps(model, separators=(",", ":")))
        packed.unlink()


def without_prose(value: Any) -> Any:
    """The same model with empty documentation, which some code of botocore's asks for.

    A member that happens to be called so is a mapping, and stays.
    """
    match value:
        case dict():
            return {
                name: "" if name == PROSE and isinstance(held, str) else without_prose(held)
                for name, held in value.items()
            }
        case list():
            return [without_prose(each) for each in value]
        case _:
            return value
