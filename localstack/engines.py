"""The engines by name: `ENGINE=ministack` where nothing is said."""

from __future__ import annotations

from pathlib import Path

from localstack.engine import LOCAL, Engine
from localstack.localstack_process import LocalStackProcess
from localstack.ministack import MiniStack

NAMES = ("ministack", "localstack")


def engine(
    name: str, port: int, home: Path | None = None, *, records_calls: bool = False
) -> Engine:
    """The engine of that name on a port, its state under `home` (`.local/<name>`).

    `records_calls` asks for a record in CloudTrail, where the engine can.
    Raises `ValueError` for a name that is none.
    """
    folder = home or LOCAL / name
    match name:
        case "ministack":
            return MiniStack(port, folder, records_calls=records_calls)
        case "localstack":
            return LocalStackProcess(port, folder)
    raise ValueError(f"ENGINE is one of {', '.join(NAMES)}, not {name}")
