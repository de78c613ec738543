"""How large the functions' zip is."""

from collections.abc import Iterator
from pathlib import Path

from infra.package import LIMIT_BYTES
from tests.perf.bench.effort import Effort
from tests.perf.bench.figure import Figure

BUILT = Path(__file__).parents[3] / "build" / "x86_64"
MB = 1_000_000


def figures(_: Effort, built: Path = BUILT) -> Iterator[Figure]:
    """The zip beside Chalice's own; nothing where none was built (`make package`)."""
    ours, naive = built / "function.zip", built / "chalice" / "deployment.zip"
    if ours.exists() and naive.exists():
        yield Figure(
            id="start.zip",
            name="the functions' zip, x86-64",
            value=ours.stat().st_size / MB,
            unit="MB",
            anchor=naive.stat().st_size / MB,
            target=LIMIT_BYTES / MB,
            deterministic=True,
        )
