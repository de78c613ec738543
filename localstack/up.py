"""`make up`: start the engine, build, deploy, seed, and write `.local/demo.json`."""

from __future__ import annotations

import argparse
import sys
import time
import urllib.request

from botocore.exceptions import BotoCoreError, ClientError

from infra.build import build
from infra.package import PackageError
from infra.template import TemplateError
from localstack import model
from localstack.daemon import DaemonError
from localstack.deploy import DeployError
from localstack.engine import LOCAL, Engine
from localstack.engines import NAMES, engine
from localstack.issuer import Issuer
from localstack.model import ModelError
from localstack.seed import seed
from localstack.stack import Running, bring_up
from localstack.step import step

DEMO_PATH = LOCAL / "demo.json"
STACK = "hausrecht-local"


def up(chosen: Engine, empty: bool, parameters: dict[str, str] | None = None) -> Running:
    """Everything from a stopped engine to an answering, seeded API."""
    with step(f"starting {chosen.name} at {chosen.target.endpoint_url}"):
        chosen.start()
    with step("packaging the functions"):
        built = build("x86_64")
    with step(f"deploying the stack {STACK}"):
        running = bring_up(chosen, built, STACK, parameters)
    with step("waiting for the first answer"):
        urllib.request.urlopen(f"{running.api}/health", timeout=30).close()  # noqa: S310
    running.write(DEMO_PATH)
    if not empty:
        _seed(running)
    return running


def _seed(running: Running) -> None:
    seeded = seed(running.api, Issuer().mint)
    print(
        f"  demonstration: {seeded.boards} boards, {seeded.threads} threads, "
        f"{seeded.posts} posts ({seeded.new_posts} new)"
    )


def describe(running: Running) -> str:
    """What to do now, for the first screen."""
    return (
        f"\n  API      {running.api}\n"
        f"  read     curl {running.api}/v1/boards\n"
        f"  tokens   {DEMO_PATH.relative_to(LOCAL.parent)}: {', '.join(running.tokens)}\n"
        f"  log key  {running.verify_key}\n"
    )


def arguments(description: str | None) -> argparse.Namespace:
    """What `up`, `run` and `down` take alike."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--engine", choices=NAMES, default="ministack")
    parser.add_argument("--port", type=int, default=4566)
    parser.add_argument("--empty", action="store_true", help="leave the demo seed out")
    parser.add_argument("--scorer", help="what reads posts beside the rules")
    parser.add_argument("--weights", help="folder of its model, or of a checkpoint")
    return parser.parse_args()


def one_line(error: Exception) -> str:
    """An error as the user reads it; a full disk says so."""
    if isinstance(error, OSError) and error.errno == 28:
        return "the disk is full"
    return str(error)


EXPECTED = (
    ModelError,
    DaemonError,
    DeployError,
    PackageError,
    TemplateError,
    BotoCoreError,
    ClientError,
    OSError,
)


def main() -> int:
    """Run from the command line; 1 with one line where it fails."""
    given = arguments(__doc__)
    started = time.monotonic()
    try:
        parameters = model.parameters(given.scorer, given.weights, given.engine)
        running = up(engine(given.engine, given.port), given.empty, parameters)
    except EXPECTED as error:
        print(f"make up: {one_line(error)}", file=sys.stderr)
        return 1
    print(describe(running))
    print(f"  up after {time.monotonic() - started:.0f} s; `make down` stops it, the data stays")
    return 0


if __name__ == "__main__":
    sys.exit(main())
