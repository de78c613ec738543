"""What the demo forum holds, read from the JSON files beside this one and checked as a whole."""

import json
from collections import Counter
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

HERE = Path(__file__).parent


class BadContent(Exception):
    """A file of the demo does not hold together; the message names it and says what is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expect(_Part):
    """What a good detector makes of a post; `keep` with a category is a hard, lawful case."""

    verdict: Literal["keep", "flag", "hold"]
    category: str | None = None


class DemoPost(_Part):
    """One post: who says what; `key` is its name for the casework."""

    author: str
    body: str
    language: str | None = None
    key: str | None = None
    expect: Expect = Expect(verdict="keep")


class DemoThread(_Part):
    """A thread; the first post opens it."""

    title: str
    language: str
    posts: tuple[DemoPost, ...]

    def ordinal(self, index: int) -> int:
        """How many posts the author of post `index` has in this thread before it."""
        author = self.posts[index].author
        return sum(post.author == author for post in self.posts[:index])


class DemoTarget(_Part):
    """Within how many minutes of office hours the board's customers are to be answered."""

    minutes: int


class DemoBoard(_Part):
    """A board with its threads."""

    slug: str
    title: str
    description: str
    unit: str
    visibility: Literal["public", "members"]
    answer_target: DemoTarget | None = None
    threads: tuple[DemoThread, ...]


class Person(_Part):
    """Somebody who acts in the demo."""

    handle: str
    name: str
    roles: tuple[str, ...]
    unit: str | None = None


class DemoNotifier(_Part):
    """By whom a notice is, as told."""

    name: str
    email: str
    type: Literal["individual", "entity"] = "individual"


class DemoNotice(_Part):
    """A notice about posts, by their keys; `login` is a handle, None the public."""

    key: str
    posts: tuple[str, ...]
    login: str | None
    notifier: DemoNotifier | None
    kind: Literal["illegal", "terms"]
    category: str | None
    language: str
    reasons: str


class DemoDecision(_Part):
    """What a moderator decides; `norm` is taken where `/v1/grounds` lists it for the category."""

    outcome: Literal["keep", "remove"]
    category: str
    about_operator: bool
    facts: str
    norm: str | None = None
    explanation: str | None = None


class DemoAct(_Part):
    """A moderator claims the case on a post and decides it, or keeps the claim."""

    post: str
    moderator: str
    decision: DemoDecision | None


class DemoAppeal(_Part):
    """The author of a post objects to its statement of reasons."""

    post: str
    reasons: str


class Casework(_Part):
    """What happens after the posts: notices, then acts, then appeals."""

    notices: tuple[DemoNotice, ...]
    acts: tuple[DemoAct, ...]
    appeals: tuple[DemoAppeal, ...]


class Demo(_Part):
    """The whole demo forum."""

    people: tuple[Person, ...]
    boards: tuple[DemoBoard, ...]
    casework: Casework

    @property
    def threads(self) -> tuple[tuple[DemoBoard, DemoThread], ...]:
        """Every thread with its board."""
        return tuple((board, thread) for board in self.boards for thread in board.threads)


def load(folder: Path = HERE) -> Demo:
    """Read the demo; BadContent where a file is malformed or points at what is not there."""
    paths = sorted((folder / "boards").glob("*.json"))
    demo = Demo(
        people=_read(folder / "people.json", TypeAdapter(tuple[Person, ...])),
        boards=tuple(_read(path, TypeAdapter(DemoBoard)) for path in paths),
        casework=_read(folder / "casework.json", TypeAdapter(Casework)),
    )
    _check(demo)
    return demo


def _read[Read](path: Path, shape: TypeAdapter[Read]) -> Read:
    try:
        return shape.validate_python(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, ValidationError) as wrong:
        raise BadContent(f"{path.name}: {wrong}") from wrong


def _check(demo: Demo) -> None:
    posts = [post for _, thread in demo.threads for post in thread.posts]
    keys = Counter(post.key for post in posts if post.key is not None)
    handles = Counter(person.handle for person in demo.people)
    sayings = Counter(
        saying
        for _, thread in demo.threads
        for saying in {f"{post.author}: {post.body}" for post in thread.posts}
    )
    titles = Counter((board.slug, thread.title) for board, thread in demo.threads)
    notices = Counter(notice.key for notice in demo.casework.notices)
    for what, counted in (
        ("key", keys),
        ("handle", handles),
        ("post", sayings),
        ("title", titles),
        ("notice key", notices),
    ):
        twice = [str(name)[:60] for name, count in counted.items() if count > 1]
        if twice:
            raise BadContent(f"{what} used twice: {', '.join(twice)}")
    work = demo.casework
    used_keys = {key for notice in work.notices for key in notice.posts}
    used_keys |= {act.post for act in work.acts} | {appeal.post for appeal in work.appeals}
    used_handles = {post.author for post in posts} | {act.moderator for act in work.acts}
    used_handles |= {notice.login for notice in work.notices if notice.login is not None}
    for what, missing in (
        ("post", used_keys - set(keys)),
        ("person", used_handles - set(handles)),
        ("post in thread", {t.title for _, t in demo.threads if not t.posts}),
    ):
        if missing:
            raise BadContent(f"no such {what}: {', '.join(sorted(missing))}")
