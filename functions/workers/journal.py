"""What a worker leaves in the log: one JSON line an invocation, and one for each thing that failed.

Ids, counts and names of errors only: no text that anybody wrote, no address, no token.
"""

import json
from datetime import datetime
from typing import Literal

from botocore.exceptions import ClientError


def note(worker: str, **facts: int | str) -> None:
    """Write one line."""
    print(json.dumps({"worker": worker, **facts}, separators=(",", ":")))


NAMESPACE = "Hausrecht"


def measured(
    metric: str,
    value: int,
    origin: str,
    at: datetime,
    unit: Literal["Milliseconds", "Count"] = "Milliseconds",
) -> None:
    """Write a measurement, which CloudWatch takes from the line (embedded metric format).

    No call and no permission: a function that cannot reach CloudWatch still leaves the line.
    """
    shape = {
        "Namespace": NAMESPACE,
        "Dimensions": [["Origin"]],
        "Metrics": [{"Name": metric, "Unit": unit}],
    }
    stamp = {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [shape]}
    line = {"_aws": stamp, "Origin": origin, metric: value}
    print(json.dumps(line, separators=(",", ":")))


def failed(worker: str, subject: str, error: Exception) -> None:
    """Write that work on a subject failed and will be tried again, and what lay behind it."""
    note(worker, failed=subject, error=" < ".join(_names(error)))


def _names(error: BaseException) -> list[str]:
    """The kind of an error and of each that caused it, with the code AWS gave it."""
    name = type(error).__name__
    if isinstance(error, ClientError):
        name += f" {error.response.get('Error', {}).get('Code')}"
    return [name] if error.__cause__ is None else [name, *_names(error.__cause__)]
