"""`make load FILE=…`: post a file of texts as many customers, and tell what became of them."""

import argparse
import sys
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from localstack import load_report
from localstack.client import PASSING_STATUSES, Client, Refused, Shape, Unreachable
from localstack.issuer import Issuer
from localstack.load_report import Outcome, Report
from localstack.progress import Progress, ProgressLine
from localstack.seed import Mint
from localstack.texts import BadTexts, Line, read_lines
from localstack.turns import Turns

DEMO_PATH = Path(".local/demo.json")
CUSTOMERS = 200
WORKERS = 8
TEXTS_PER_THREAD = 500
_BOARD = "load"
_TRIES = 50
_SETTLE_SECONDS = 120.0
LOOK_AGAIN_SECONDS = 3.0


class NoStack(Exception):
    """Why there is no stack to post to, in one line."""


class Stack(Shape):
    """What a load reads out of `.local/demo.json`."""

    api: str
    tokens: dict[str, str]


class _Post(Shape):
    id: str
    state: str


class _Thread(Shape):
    id: str


class _Opened(Shape):
    thread: _Thread


class _Subject(Shape):
    id: str


class _Case(Shape):
    category: str
    subject: _Subject


def read_stack(path: Path = DEMO_PATH) -> Stack:
    """Where the stack answers and with which tokens; NoStack where there is none."""
    try:
        return Stack.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise NoStack(f"no running stack: {path} is missing; start one with `make up`") from None
    except (OSError, ValueError):
        raise NoStack(f"{path} is damaged; `make up` writes it anew") from None


@dataclass(frozen=True, slots=True)
class Load:
    """One run: the API, the customers who take turns, the threads they post into."""

    client: Client
    moderator: str
    customers: Turns[str]
    thread_ids: Sequence[str]
    clock: Callable[[], float] = time.perf_counter

    def post(self, line: Line, index: int) -> Outcome:
        """Post one text as whoever is next; a customer at the limit rests and another goes on."""
        thread_id = self.thread_ids[index // TEXTS_PER_THREAD]
        body = {"body": line.text, **({"language": line.language} if line.language else {})}
        path = f"/v1/threads/{thread_id}/posts"
        key = str(uuid.uuid4())
        waits = 0
        while True:
            token = self.customers.take()
            began_at = self.clock()
            answer = self.client.send("POST", path, token=token, body=body, key=key)
            latency_seconds = self.clock() - began_at
            passing = answer.status in PASSING_STATUSES
            if token is not None:
                self.customers.give_back(token, answer.retry_after_seconds if passing else 0.0)
            if passing and waits < _TRIES:
                waits += 1
                continue
            if answer.status == 201:
                post = answer.into(_Post)
                return Outcome(line.number, latency_seconds, waits, post.id, post.state)
            problem = f"{answer.status} {answer.problem}"
            return Outcome(line.number, latency_seconds, waits, problem=problem)

    def run(self, lines: Sequence[Line], workers: int, progress: Progress) -> list[Outcome]:
        """Post every line; on Ctrl-C what was posted so far."""
        outcomes: list[Outcome] = []
        counting = threading.Lock()

        def work(numbered: tuple[int, Line]) -> None:
            outcome = self.post(numbered[1], numbered[0])
            with counting:
                outcomes.append(outcome)
                progress("posting", len(outcomes), len(lines))

        pool = ThreadPoolExecutor(workers)
        futures: list[Future[None]] = []
        try:
            futures = [pool.submit(work, numbered) for numbered in enumerate(lines)]
            for future in futures:
                future.result()
        except KeyboardInterrupt:
            pass
        finally:
            pool.shutdown(cancel_futures=True)
        return outcomes

    def verdicts(
        self, outcomes: Sequence[Outcome], look_again_seconds: float, progress: Progress
    ) -> dict[str, str]:
        """The category of each posted text that has an open case, by the post's id.

        Scoring goes on after the answer, so the list is read until it has stopped growing.
        """
        posted = {outcome.post_id for outcome in outcomes if outcome.post_id is not None}
        until = self.clock() + _SETTLE_SECONDS
        counts: list[int] = []
        while True:
            found: dict[str, str] = {}
            for case in self.client.pages("/v1/cases?state=open", _Case, token=self.moderator):
                if case.subject.id in posted:
                    found[case.subject.id] = case.category
            progress("reading the cases", len(found), 0)
            counts.append(len(found))
            if counts[-3:] == [len(found)] * 3 or self.clock() > until:
                return found
            time.sleep(look_again_seconds)

    def held(
        self, outcomes: Sequence[Outcome], cases: dict[str, str], progress: Progress
    ) -> frozenset[str]:
        """Which of the posts are held now: at once, or by a score that came after the answer."""
        at_once = {o.post_id for o in outcomes if o.post_id is not None and o.state == "held"}
        later = cases.keys() - at_once
        held = set(at_once)
        for number, post_id in enumerate(later, 1):
            answer = self.client.insist("GET", f"/v1/posts/{post_id}", token=self.moderator)
            if answer.into(_Post).state == "held":
                held.add(post_id)
            progress("reading the flagged posts", number, len(later))
        return frozenset(held)


def prepare(client: Client, mint: Mint, moderator: str, customers: int, texts: int) -> Load:
    """Make the board, the customers and a thread for every so many texts."""
    run = uuid.uuid4().hex[:12]
    tokens = [
        mint(f"load-{number:04d}", f"Load {number:04d}", ("customer",), None)
        for number in range(customers)
    ]
    admin = mint("load-admin", "Load Admin", ("admin",), "it")
    board = {"slug": _BOARD, "title": "Load", "description": "What `make load` posts."}
    try:
        client.insist("POST", "/v1/boards", token=admin, body=board, key=str(uuid.uuid4()))
    except Refused as refused:
        if refused.answer.status != 409:
            raise
    thread_ids = []
    for number in range(-(-texts // TEXTS_PER_THREAD)):
        body = {"title": f"Run {run}, part {number + 1}", "body": "The texts follow."}
        opened = client.insist(
            "POST",
            f"/v1/boards/{_BOARD}/threads",
            token=tokens[number % customers],
            body=body,
            key=str(uuid.uuid4()),
        )
        thread_ids.append(opened.into(_Opened).thread.id)
    return Load(client, moderator, Turns(tokens), thread_ids)


def load(
    file: Path,
    stack: Stack,
    mint: Mint,
    *,
    customers: int,
    workers: int,
    progress: Progress,
    look_again_seconds: float = LOOK_AGAIN_SECONDS,
) -> Report:
    """Post the file's texts and tell what became of them."""
    lines = read_lines(file)
    with Client(stack.api) as client:
        ready = prepare(client, mint, stack.tokens["moderator"], customers, len(lines))
        began_at = time.perf_counter()
        outcomes = ready.run(lines, workers, progress)
        seconds = time.perf_counter() - began_at
        cases = ready.verdicts(outcomes, look_again_seconds, progress)
        held = ready.held(outcomes, cases, progress)
    return Report(len(lines), seconds, customers, workers, tuple(outcomes), cases, held)


def main(arguments: Sequence[str] | None = None, mint: Mint | None = None) -> int:
    """Run from the command line; 1 with one line where it fails."""
    parser = argparse.ArgumentParser(prog="python -m localstack.load", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help=".jsonl or .jsonl.gz")
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--workers", type=int, default=WORKERS)
    given = parser.parse_args(arguments)
    if given.customers < 1 or given.workers < 1:
        parser.error("--customers and --workers are at least 1")
    shown = ProgressLine()
    try:
        report = load(
            given.file,
            read_stack(),
            mint or Issuer().mint,
            customers=given.customers,
            workers=given.workers,
            progress=shown,
        )
    except (BadTexts, NoStack, Refused, Unreachable) as error:
        shown.close()
        print(f"load: {error}", file=sys.stderr)
        return 1
    shown.close()
    print(load_report.text(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
