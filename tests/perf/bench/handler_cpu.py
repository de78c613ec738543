"""The API handler's CPU time for a request, DynamoDB's wire replayed, beside botocore alone."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stdout
from functools import partial
from statistics import median
from typing import Any

from moderation.community.intake import Intake
from moderation.community.markup import render
from moderation.detection.facts import Facts
from moderation.detection.pipeline import load_rules, screen
from moderation.stores.forum_table import connection_of
from tests.perf.bench.effort import Effort
from tests.perf.bench.figure import Figure
from tests.perf.bench.timing import alternating, medians
from tests.perf.bench.wire import Wire
from tests.perf.moderation.detection.figures import prose
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import open_board, reply, start

PAGE = 50
KEY = "00000000-0000-4000-8000-000000000001"
BODY = prose(1000)
MARKED = "**Nein**, sagt [das Heft](https://example.org/heft), *Seite 4*:\n\n- so\n- `oder` so\n\n"


class Silent(io.StringIO):
    """Takes the access log and keeps nothing."""

    def write(self, text: str) -> int:
        """Forget it."""
        return len(text)


def figures(effort: Effort) -> Iterator[Figure]:
    """Every figure of the handler."""
    with redirect_stdout(Silent()):
        found = list(requests(effort))
    yield from found


def requests(effort: Effort) -> Iterator[Figure]:
    """Reading a post, a page of posts, writing a post; and the dear parts of writing by itself."""
    api = forum()
    wire = Wire(api.stack.engine, connection_of(api.stack.forum).client)
    thread = start(api, BODY)
    for _ in range(PAGE):
        reply(api, thread["thread_id"], BODY)
    posts = f"/v1/threads/{thread['thread_id']}/posts"

    def measured(method: str, path: str, body: Any = None) -> tuple[list[tuple[float, ...]], int]:
        recording = wire.recorded(sent(api, method, path, body))
        again, bare = partial(recording.again, effort.calls), partial(recording.bare, effort.calls)
        return alternating(effort.rounds, again, bare), len(recording.calls)

    for figure_id, what, most, method, path, body in (
        ("api.get_post", "GET a post of 1 KB", 80, "GET", f"/v1/posts/{thread['id']}", None),
        ("api.create_post", "POST a post of 1 KB", 250, "POST", posts, {"body": BODY}),
    ):
        times, calls = measured(method, path, body)
        yield Figure(
            id=figure_id,
            name=f"{what}, handler's own CPU ({calls} calls to DynamoDB beside it)",
            value=median(whole - bare for whole, bare in times) / effort.calls * 1e6,
            unit="µs",
            anchor=median(bare for _, bare in times) / effort.calls * 1e6,
            target=most,
        )
    times, calls = measured("GET", f"{posts}?limit={PAGE}")
    yield Figure(
        id="api.page",
        name=f"GET a page of {PAGE} posts beside botocore's part ({calls} calls)",
        value=median(whole / bare for whole, bare in times),
        unit="times",
        anchor=1,
        target=1.25,
    )
    yield from parts(api, effort)


def parts(api: ForumApi, effort: Effort) -> Iterator[Figure]:
    """What of it is checking the token, rendering Markdown and screening."""
    rules, token = load_rules(), f"Bearer {api.token('customer')}"

    def repeated(act: Callable[[], object]) -> Callable[[], object]:
        return lambda: [act() for _ in range(effort.calls)]

    times = medians(
        effort.rounds,
        repeated(lambda: api.parts.verifier.actor(token, api.stack.clock.now)),
        repeated(lambda: render(BODY)),
        repeated(lambda: render(MARKED * (1000 // len(MARKED)))),
        repeated(lambda: screen(BODY, Facts(), rules)),
    )
    named = (
        ("api.part.token", "checking a token (ES256)"),
        ("api.part.render", "rendering 1 KB of plain text by markdown-it-py and nh3"),
        ("api.part.render_marked", "rendering 1 KB full of Markdown"),
        ("api.part.screen", "screening 1 KB"),
    )
    for (figure_id, what), seconds in zip(named, times, strict=True):
        yield Figure(
            id=figure_id,
            name=f"of a request: {what}",
            value=seconds / effort.calls * 1e6,
            unit="µs",
            anchor=None,
            target=None,
        )


def forum() -> ForumApi:
    """A forum that renders and screens as the deployed one does."""
    rules = load_rules()
    api = ForumApi.fresh(
        intake=Intake(render=render, screen=lambda text, facts: screen(text, facts, rules))
    )
    open_board(api)
    return api


def sent(api: ForumApi, method: str, path: str, body: Any) -> Callable[[], object]:
    """Send one event of API Gateway, made once; what it must not be is an error."""
    headers = {"Authorization": f"Bearer {api.token('customer')}"}
    if body is not None:
        headers |= {"Content-Type": "application/json", "Idempotency-Key": KEY}
    event = api.event(method, path, None if body is None else json.dumps(body), headers)

    def act() -> Mapping[str, Any]:
        answer: Mapping[str, Any] = api.app(event, None)
        assert answer["statusCode"] in {200, 201}, answer["body"]
        return answer

    return act
