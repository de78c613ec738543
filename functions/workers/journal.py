"""What a worker leaves in the log: one JSON line an invocation, and one for each thing that failed.

Ids, counts and names of exceptions only: no text that anybody wrote, no address, no token.
"""

import json


def note(worker: str, **facts: int | str) -> None:
    """Write one line."""
    print(json.dumps({"worker": worker, **facts}, separators=(",", ":")))


def failed(worker: str, subject: str, error: Exception) -> None:
    """Write that work on a subject failed and will be tried again."""
    note(worker, failed=subject, error=type(error).__name__)
