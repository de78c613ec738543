"""Workers that die in the middle of their work."""

import os
import signal
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from localstack.engine import Engine
from tests.e2e.conftest import STACK
from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e

POSTS = 20
LETTERS = 5
KILLS_MOST = 5
"""A stream gives a batch up after eleven attempts, for the nightly recount to find."""

PATIENCE_S = 120


def descendants(root: int) -> dict[int, str]:
    """Every process that was started below one, with its command."""
    command = ["ps", "-ww", "-eo", "pid=,ppid=,args="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    # A process that has just ended has no command any more.
    rows = [row for line in listed.stdout.splitlines() if len(row := line.split(None, 2)) == 3]
    found = {root: ""}
    grew = True
    while grew:
        below = {int(pid): args for pid, ppid, args in rows if int(ppid) in found}
        grew = not below.keys() <= found.keys()
        found |= below
    return found


def processes_of(engine: Engine) -> Path:
    """The folder of an engine whose processes are ours to kill."""
    home = getattr(engine, "home", None)
    if home is None or not (home / "server.pid").exists():
        pytest.skip(f"{engine.name}: its functions are not processes of this machine")
    return Path(home)


@contextmanager
def dying(home: Path, function: str) -> Iterator[list[int]]:
    """Kill the function's processes while the body runs, fewer times than a batch is tried."""
    root = int((home / "server.pid").read_text().split()[0])
    killed: list[int] = []
    over = threading.Event()

    def kill() -> None:
        while len(killed) < KILLS_MOST and not over.wait(0.02):
            for pid, command in descendants(root).items():
                if f"-{function}-" in command or f"workers.{function}." in command:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                        killed.append(pid)

    killer = threading.Thread(target=kill)
    killer.start()
    yield killed
    over.set()
    killer.join()


def test_a_list_is_right_although_its_worker_was_killed(
    running_engine: Engine, stack: Stack
) -> None:
    """Every post is counted once, however often the worker that counts them died."""
    home = processes_of(running_engine)
    slug = f"killed-{uuid.uuid4().hex[:12]}"
    body = {"slug": slug, "title": "Wallbox", "unit": "product"}
    stack.as_("admin").post("/v1/boards", body).expect(201)
    with dying(home, "fold") as killed:
        opening = {"title": "Ladekabel", "body": "Welche Länge habt ihr?", "language": "de"}
        started = stack.as_("customer").post(f"/v1/boards/{slug}/threads", opening).expect(201)
        path = f"/v1/threads/{started['thread']['id']}/posts"
        for number in range(POSTS):
            text = {"body": f"Fünf Meter reichen mir, Antwort {number}."}
            stack.as_("customer2").post(path, text).expect(201)
        until = time.monotonic() + PATIENCE_S
        while not killed and time.monotonic() < until:
            time.sleep(0.05)
    assert killed, "no worker was ever there to be killed"

    deadline = time.monotonic() + PATIENCE_S
    counted = None
    while counted != POSTS + 1 and time.monotonic() < deadline:
        threads = stack.as_(None).get(f"/v1/boards/{slug}/threads").expect(200)["items"]
        counted = threads[0]["post_count"] if threads else None
        time.sleep(0.5)
    assert POSTS + 1 == counted


def test_every_letter_is_sent_although_its_worker_was_killed(
    running_engine: Engine, stack: Stack
) -> None:
    """A message stays in the outbox until it has been delivered; the sweep rings for it again."""
    home = processes_of(running_engine)
    slug = f"killed-{uuid.uuid4().hex[:12]}"
    board = {"slug": slug, "title": "Wallbox", "unit": "product"}
    stack.as_("admin").post("/v1/boards", board).expect(201)
    opening = {"title": "Ladekabel", "body": "Welche Länge habt ihr?", "language": "de"}
    started = stack.as_("customer").post(f"/v1/boards/{slug}/threads", opening).expect(201)
    with dying(home, "deliver") as killed:
        filed = [file_notice(stack, started["post"]["id"]) for _ in range(LETTERS)]
        until = time.monotonic() + PATIENCE_S
        while not killed and time.monotonic() < until:
            time.sleep(0.05)
    assert killed, "no worker was ever there to be killed"

    def receipts() -> set[str]:
        items = stack.as_("staff").get("/v1/me/notifications?limit=100").expect(200)["items"]
        return {item["about"] for item in items}

    sweep = running_engine.target.client("lambda")
    deadline = time.monotonic() + PATIENCE_S
    while not set(filed) <= receipts() and time.monotonic() < deadline:
        time.sleep(5)
        # What is younger than a minute is left to the queue, so this waits that long.
        sweep.invoke(FunctionName=f"{STACK}-sweep", Payload=b"{}")
    assert set(filed) <= receipts()


def file_notice(stack: Stack, post_id: str) -> str:
    """A member's notice, whose receipt comes by inbox; answers its id."""
    body = {
        "items": [{"post_id": post_id}],
        "reasons": "Das ist Werbung.",
        "good_faith": True,
        "language": "de",
    }
    filed: str = stack.as_("staff").post("/v1/notices", body).expect(201)["id"]
    return filed
