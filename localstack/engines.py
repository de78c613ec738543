"""The engines by name: `ENGINE=ministack` where nothing is said."""

from __future__ import annotations

from pathlib import Path

from localstack import localstack_docker
from localstack.elsewhere import Elsewhere
from localstack.engine import LOCAL, Engine
from localstack.localstack_docker import LocalStackDocker
from localstack.localstack_process import LocalStackProcess
from localstack.ministack import MiniStack

NAMES = ("ministack", "localstack", "localstack-process", "localstack-docker")


def engine(
    name: str, port: int, home: Path | None = None, *, records_calls: bool = False
) -> Engine:
    """The engine of that name on a port, its state under `home` (`.local/<name>`).

    `localstack` is the container where there is a Docker engine, else the process;
    an address is a LocalStack that runs already. `records_calls` asks for a record
    in CloudTrail, where the engine can. Raises `ValueError` for a name that is none.
    """
    if name.startswith(("http://", "https://")):
        return Elsewhere(name.rstrip("/"))
    if name == "localstack":
        name = "localstack-docker" if localstack_docker.is_available() else "localstack-process"
    folder = home or LOCAL / name
    match name:
        case "ministack":
            return MiniStack(port, folder, records_calls=records_calls)
        case "localstack-process":
            return LocalStackProcess(port, folder)
        case "localstack-docker":
            return LocalStackDocker(port, folder)
    raise ValueError(f"ENGINE is one of {', '.join(NAMES)}, not {name}")
