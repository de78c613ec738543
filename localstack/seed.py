"""The demo forum, posted through the API as its own customers and staff would post it."""

import json
import threading
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from localstack import casework
from localstack.casework import Desk
from localstack.client import PASSING_STATUSES, Client, Refused, Shape
from localstack.demo import content
from localstack.demo.content import Demo, DemoBoard, DemoPost, DemoThread
from localstack.progress import Progress, ProgressLine
from localstack.turns import Turns

WORKERS = 4
TRIES = 40
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://hausrecht.example/demo")


class Mint(Protocol):
    """Makes a token that the running stack takes."""

    def __call__(self, sub: str, name: str, roles: tuple[str, ...], unit: str | None) -> str:
        """A bearer token for that person."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What there is after a run, and how much of it the run added."""

    boards: int
    threads: int
    posts: int
    new_posts: int
    new_acts: int


class _Posted(Shape):
    id: str
    thread_id: str


class _Opened(Shape):
    post: _Posted


class _OwnPost(_Posted):
    body: str


class _ListedThread(Shape):
    id: str
    title: str


@dataclass(slots=True)
class _Telling:
    """A thread on its way into the forum: its id once it has one, the ids of its posts so far."""

    board: DemoBoard
    thread: DemoThread
    thread_id: str | None = None
    post_ids: list[str] = field(default_factory=list)
    tries: int = 0

    @property
    def finished(self) -> bool:
        return len(self.post_ids) == len(self.thread.posts)

    @property
    def next_post(self) -> DemoPost:
        return self.thread.posts[len(self.post_ids)]


def seed(
    api_url: str,
    mint: Mint,
    progress: Progress | None = None,
    *,
    demo: Demo | None = None,
    workers: int = WORKERS,
    tries: int = TRIES,
) -> Seeded:
    """Post the demo forum, file its notices and do its casework; what is there stays as it is.

    Safe to break off and to repeat: what exists is found by its author's own posts, and what an
    index does not show yet is caught by idempotency keys made from the content.
    A post refused for a limit or an overload is tried `tries` times.
    Raises Refused where the API turns something down, Unreachable where nothing answers.
    """
    demo = demo or content.load()
    progress = progress or ProgressLine()
    tokens = {
        person.handle: mint(f"seed-{person.handle}", person.name, person.roles, person.unit)
        for person in demo.people
    }
    with Client(api_url) as client:
        forum = _Forum(client, tokens, demo, progress, workers, tries)
        forum.make_boards()
        tellings = forum.find_tellings()
        known = sum(len(telling.post_ids) for telling in tellings)
        forum.tell(tellings)
        desk = Desk(client, tokens, demo, post_ids_by_key(tellings), idempotency_key)
        new_acts = casework.do(desk, progress)
    total = sum(len(telling.post_ids) for telling in tellings)
    return Seeded(len(demo.boards), len(tellings), total, total - known, new_acts)


def idempotency_key(*parts: str) -> str:
    """The same UUID for the same parts, on every run."""
    return str(uuid.uuid5(_NAMESPACE, json.dumps(parts)))


def post_ids_by_key(tellings: Iterable[_Telling]) -> dict[str, str]:
    """The ids of the posts that the casework points at, by their keys."""
    return {
        post.key: post_id
        for telling in tellings
        for post, post_id in zip(telling.thread.posts, telling.post_ids, strict=True)
        if post.key is not None
    }


def _thread_id_by_posts(thread: DemoThread, own: dict[str, list[_OwnPost]]) -> str | None:
    """Where most of the thread's posts are; no author says the same in two threads."""
    places = Counter(
        theirs.thread_id
        for post in thread.posts
        for theirs in own[post.author]
        if theirs.body == post.body
    )
    return max(places, key=lambda place: places[place], default=None)


@dataclass(frozen=True, slots=True)
class _Forum:
    client: Client
    tokens: dict[str, str]
    demo: Demo
    progress: Progress
    workers: int
    tries: int

    def make_boards(self) -> None:
        """Create each board; one that is there already is left alone."""
        admin = next(person for person in self.demo.people if "admin" in person.roles)
        for board in self.demo.boards:
            body = board.model_dump(exclude={"threads"})
            key = idempotency_key("board", json.dumps(body, sort_keys=True))
            try:
                self.client.insist(
                    "POST", "/v1/boards", token=self.tokens[admin.handle], body=body, key=key
                )
            except Refused as refused:
                if refused.answer.status != 409:
                    raise

    def find_tellings(self) -> list[_Telling]:
        """Every thread with what of it is in the forum already.

        A thread is known by its title in the board's list, or, where its opening post is hidden,
        by the posts that people have in it.
        The n-th post that somebody has in a thread is the n-th of theirs in the content, so an
        edit or a deletion in between changes nothing.
        """
        own = self._own_posts()
        tellings = []
        for board in self.demo.boards:
            listed = self._thread_ids(board)
            for thread in board.threads:
                thread_id = listed.get(thread.title) or _thread_id_by_posts(thread, own)
                telling = _Telling(board, thread, thread_id)
                for index, post in enumerate(thread.posts):
                    theirs = [p.id for p in own[post.author] if p.thread_id == thread_id]
                    if len(theirs) <= thread.ordinal(index):
                        break
                    telling.post_ids.append(theirs[thread.ordinal(index)])
                tellings.append(telling)
        return tellings

    def tell(self, tellings: list[_Telling]) -> None:
        """Post what is missing, each thread in order, several threads at once."""
        turns = Turns([telling for telling in tellings if not telling.finished])
        total = sum(len(telling.thread.posts) for telling in tellings)
        done = sum(len(telling.post_ids) for telling in tellings)
        counting = threading.Lock()

        def posted() -> None:
            nonlocal done
            with counting:
                done += 1
                self.progress("posting the demo forum", done, total)

        def work() -> None:
            try:
                while (telling := turns.take()) is not None:
                    wait_seconds = self._say_next(telling)
                    if wait_seconds is None:
                        posted()
                    if telling.finished:
                        turns.retire()
                    else:
                        turns.give_back(telling, wait_seconds or 0.0)
            except BaseException:
                turns.stop()
                raise

        with ThreadPoolExecutor(self.workers) as pool:
            for worker in [pool.submit(work) for _ in range(self.workers)]:
                worker.result()

    def _say_next(self, telling: _Telling) -> float | None:
        """Post the thread's next post; the seconds to wait where it has to be tried again."""
        post = telling.next_post
        body = {"body": post.body, "language": post.language or telling.thread.language}
        path = f"/v1/threads/{telling.thread_id}/posts"
        if telling.thread_id is None:
            path = f"/v1/boards/{telling.board.slug}/threads"
            body = {"title": telling.thread.title, **body}
        ordinal = telling.thread.ordinal(len(telling.post_ids))
        said = json.dumps(body, sort_keys=True)
        key = idempotency_key("post", post.author, path, said, str(ordinal))
        token = self.tokens[post.author]
        answer = self.client.send("POST", path, token=token, body=body, key=key)
        if answer.status in PASSING_STATUSES and telling.tries < self.tries:
            telling.tries += 1
            return answer.retry_after_seconds
        if answer.status != 201:
            raise Refused("POST", path, answer)
        telling.tries = 0
        opens = telling.thread_id is None
        new = answer.into(_Opened).post if opens else answer.into(_Posted)
        telling.thread_id = new.thread_id
        telling.post_ids.append(new.id)
        return None

    def _own_posts(self) -> dict[str, list[_OwnPost]]:
        """Everybody's own posts in every state, oldest first."""
        authors = sorted({post.author for _, t in self.demo.threads for post in t.posts})

        def look(author: str) -> list[_OwnPost]:
            token = self.tokens[author]
            found = self.client.pages("/v1/me/posts", _OwnPost, token=token)
            return sorted(found, key=lambda post: post.id)

        own: dict[str, list[_OwnPost]] = defaultdict(list)
        with ThreadPoolExecutor(self.workers) as pool:
            looks = zip(authors, pool.map(look, authors), strict=True)
            for number, (author, posts) in enumerate(looks, 1):
                own[author] = posts
                self.progress("looking what is there", number, len(authors))
        return own

    def _thread_ids(self, board: DemoBoard) -> dict[str, str]:
        reader = self.tokens[self.demo.boards[0].threads[0].posts[0].author]
        path = f"/v1/boards/{board.slug}/threads"
        threads = self.client.pages(path, _ListedThread, token=reader)
        return {thread.title: thread.id for thread in threads}
