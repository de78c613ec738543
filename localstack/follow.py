"""The functions' log lines, read from CloudWatch Logs."""

from __future__ import annotations

import time
from collections.abc import Iterator

from botocore.exceptions import ClientError

from localstack.target import Target

_PAUSE_S = 1.0


def follow(target: Target, stack: str, since_ms: int) -> Iterator[str]:
    """Every line the stack's functions print from a time on, without end."""
    seen: dict[str, int] = {}
    while True:
        yield from _new_lines(target, stack, since_ms, seen)
        time.sleep(_PAUSE_S)


def lines(target: Target, stack: str, since_ms: int) -> Iterator[str]:
    """Every line the stack's functions have printed since a time."""
    return _new_lines(target, stack, since_ms, {})


def _new_lines(target: Target, stack: str, since_ms: int, seen: dict[str, int]) -> Iterator[str]:
    logs = target.client("logs")
    prefix = f"/aws/lambda/{stack}-"
    for group in logs.describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]:
        name = group["logGroupName"]
        start = seen.get(name, since_ms)
        try:
            events = logs.filter_log_events(logGroupName=name, startTime=start)["events"]
        except ClientError:
            continue
        for event in events:
            seen[name] = max(seen.get(name, 0), event["timestamp"] + 1)
            yield f"{name.removeprefix(prefix):10} {event['message'].rstrip()}"
