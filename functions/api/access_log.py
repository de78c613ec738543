"""The access log: one line of JSON a request on standard output, and nothing personal in it.

No token, no header, no query, no body, no name, no address: the route instead of the path, the
caller's id, and what the answer was.
"""

import json
import sys
import traceback
from collections.abc import Mapping
from typing import TextIO


def write(line: Mapping[str, object], stream: TextIO | None = None) -> None:
    """Write one line at once."""
    text = json.dumps(line, ensure_ascii=True, separators=(",", ":"), default=str)
    out = stream or sys.stdout
    out.write(text + "\n")
    out.flush()


def trace(error: BaseException) -> dict[str, object]:
    """What is kept of an unforeseen error: its type and where it came about, not what it says.

    The message of an exception may repeat what somebody wrote.
    """
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    places = [
        f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}:{frame.name}" for frame in frames
    ]
    cause = error.__cause__ or error.__context__
    return {
        "error": type(error).__name__,
        "cause": _named(cause) if cause else None,
        "at": places,
    }


def _named(error: BaseException) -> str:
    """The type, with AWS's code of the error where it has one (`ClientError AccessDenied`)."""
    response = getattr(error, "response", None)
    code = response.get("Error", {}).get("Code") if isinstance(response, dict) else None
    return f"{type(error).__name__} {code}" if code else type(error).__name__
