"""The demo forum is posted once, however often and however badly the seed runs."""

from collections import Counter
from typing import Any

import pytest

from localstack.client import Refused, Unreachable
from localstack.demo.content import (
    Casework,
    Demo,
    DemoAct,
    DemoAppeal,
    DemoBoard,
    DemoDecision,
    DemoNotice,
    DemoNotifier,
    DemoPost,
    DemoThread,
    Person,
    load,
)
from localstack.seed import Seeded, seed
from tests.unit.localstack.fake_api import Forum, bodies_by_thread, mint
from tests.unit.localstack.fake_server import serving

PEOPLE = (
    Person(handle="ada", name="Ada Ünal", roles=("customer",)),
    Person(handle="bob", name="Bob", roles=("customer",)),
    Person(handle="ines", name="Ines", roles=("staff",), unit="support"),
    Person(handle="jana", name="Jana", roles=("moderator",), unit="trust"),
    Person(handle="lotte", name="Lotte", roles=("admin",), unit="it"),
)
INSULT = DemoPost(author="bob", body="FLAG you fool", language="en", key="insult")
REVIEW = DemoPost(author="bob", body="Schrott, nie wieder.", key="review")
CLAIM = DemoPost(author="bob", body="Sie wussten es.", key="claim")


def board(slug: str, *threads: DemoThread) -> DemoBoard:
    """A board of a unit."""
    return DemoBoard(
        slug=slug, title=slug, description="", unit="product", visibility="public", threads=threads
    )


def thread(title: str, *posts: DemoPost) -> DemoThread:
    """A German thread."""
    return DemoThread(title=title, language="de", posts=posts)


def decision(outcome: str, about_operator: bool) -> DemoDecision:
    """A decision on an insult."""
    return DemoDecision.model_validate(
        {
            "outcome": outcome,
            "category": "INSULT",
            "about_operator": about_operator,
            "facts": "Was war.",
            "norm": "§ 185 StGB",
            "explanation": "Warum.",
        }
    )


def notice(key: str, *posts: str, login: str | None = None) -> DemoNotice:
    """A notice, illegal content by name or, with a login, against the terms."""
    return DemoNotice(
        key=key,
        posts=posts,
        login=login,
        notifier=DemoNotifier(name="Ada", email="ada@post.example") if login is None else None,
        kind="illegal" if login is None else "terms",
        category=None if login else "INSULT",
        language="de",
        reasons="Bitte prüfen.",
    )


DEMO = Demo(
    people=PEOPLE,
    boards=(
        board(
            "heat",
            thread(
                "Kalt",
                DemoPost(author="ada", body="Kalt hier."),
                DemoPost(author="bob", body="+1"),
                INSULT,
                DemoPost(author="ines", body="Bitte höflich."),
                DemoPost(author="bob", body="+1"),
            ),
            thread("Review", REVIEW, DemoPost(author="ines", body="Danke, ehrlich.")),
        ),
        board("talk", thread("Verdeckt", DemoPost(author="ada", body="HOLD ich komme"), CLAIM)),
    ),
    casework=Casework(
        notices=(
            notice("n1", "insult", "review"),
            notice("n2", "insult", login="ada"),
            notice("n3", "claim"),
        ),
        acts=(
            DemoAct(post="insult", moderator="jana", decision=decision("remove", False)),
            DemoAct(post="review", moderator="jana", decision=decision("keep", True)),
            DemoAct(post="claim", moderator="jana", decision=decision("remove", True)),
        ),
        appeals=(DemoAppeal(post="insult", reasons="War nicht so gemeint."),),
    ),
)
POSTS = 9


def quiet(what: str, done: int, total: int) -> None:
    """Show nothing."""


def run(forum: Forum, demo: Demo = DEMO) -> Seeded:
    """Seed a forum."""
    with serving(forum) as url:
        return seed(url, mint, quiet, demo=demo)


def told(demo: Demo) -> dict[str, list[str]]:
    """Each thread's posts as the content has them."""
    return {t.title: [post.body for post in t.posts] for _, t in demo.threads}


def test_everything_is_posted_in_order_by_its_authors() -> None:
    """Each thread stands in the forum with its posts in order, each by its author and language."""
    forum = Forum()

    seeded = run(forum)

    assert told(DEMO) == bodies_by_thread(forum)
    insult = next(post for post in forum.posts.values() if post["body"] == INSULT.body)
    assert ("seed-bob", "Bob", "en") == (
        insult["author"]["id"],
        insult["author"]["name"],
        insult["language"],
    )
    assert Seeded(boards=2, threads=3, posts=POSTS, new_posts=POSTS, new_acts=10) == seeded


def test_the_first_look_shows_cases_in_several_states() -> None:
    """Notices, a removal with an appeal, a kept review and one awaiting approval are there."""
    forum = Forum()

    run(forum)

    states = {
        forum.posts[case["subject"]["id"]].get("body"): case["state"]
        for case in forum.cases.values()
    }
    assert {
        INSULT.body: "decided",
        REVIEW.body: "decided",
        CLAIM.body: "awaiting_approval",
        "HOLD ich komme": "open",
    } == states
    assert [["seed-ada", "terms"], ["", "illegal"], ["", "illegal"]] == sorted(
        ([n["by"], n["kind"]] for n in forum.notices), reverse=True
    )
    grounds = [case["decision"].get("ground") for case in forum.cases.values() if case["claim"]]
    explained = {"kind": "illegal", "norm": "§ 185 StGB", "explanation": "Warum."}
    assert [explained, explained] == [ground for ground in grounds if ground]
    assert ["War nicht so gemeint."] == [appeal["reasons"] for appeal in forum.appeals]


@pytest.mark.parametrize("remembers_keys", [True, False], ids=["the same day", "days later"])
def test_a_second_run_adds_nothing(remembers_keys: bool) -> None:
    """On kept state nothing is written again, whether or not the API still knows the keys."""
    forum = Forum(page_size=2)
    run(forum)
    before = Counter(forum.writes)
    forum.remembers_keys = remembers_keys

    seeded = run(forum)

    assert before == Counter(forum.writes)
    assert Seeded(boards=2, threads=3, posts=POSTS, new_posts=0, new_acts=0) == seeded


def test_edits_in_between_are_left_alone() -> None:
    """Seeded posts that were edited since, even a hidden opening one, are not posted again."""
    forum = Forum(remembers_keys=False)
    run(forum)
    openings = {t.posts[0].body for _, t in DEMO.threads}
    for post in forum.posts.values():
        if post["body"] in openings:
            post["body"] += " (bearbeitet)"

    assert Seeded(boards=2, threads=3, posts=POSTS, new_posts=0, new_acts=0) == run(forum)


@pytest.mark.parametrize("remembers_keys", [True, False], ids=["the same day", "days later"])
@pytest.mark.parametrize("stopped_after", range(POSTS))
def test_a_broken_off_run_continues(stopped_after: int, remembers_keys: bool) -> None:
    """Wherever the first run broke off, the second one posts exactly the rest."""
    forum = Forum(fail_after_posts=stopped_after)
    with pytest.raises(Refused, match="500 internal"):
        run(forum)
    forum.fail_after_posts = None
    forum.remembers_keys = remembers_keys

    seeded = run(forum)

    assert told(DEMO) == bodies_by_thread(forum)
    assert POSTS - stopped_after == seeded.new_posts


def test_what_an_index_does_not_show_yet_is_not_posted_twice() -> None:
    """Where the lists lag behind, the keys made from the content catch the repetition."""
    forum = Forum()
    run(forum)
    before = Counter(forum.writes)
    forum.lists_lag = True

    run(forum)

    assert (before, POSTS) == (Counter(forum.writes), len(forum.posts))


def test_a_limit_is_waited_out() -> None:
    """A 429 is tried again after `Retry-After`, until all is posted."""
    forum = Forum(limits=6, limits_on="threads")

    assert POSTS == run(forum).posts
    assert 0 == forum.limits
    assert told(DEMO) == bodies_by_thread(forum)


def test_a_limit_without_end_is_an_error() -> None:
    """A thread that gets nothing but refusals is given up, with the refusal."""
    forum = Forum(limits=1000, limits_on="threads")
    with serving(forum) as url, pytest.raises(Refused, match="429 too-many-requests"):
        seed(url, mint, quiet, demo=DEMO, tries=2)


def test_a_board_that_cannot_be_made_is_an_error() -> None:
    """A board may be there already; any other refusal ends the run."""
    demo = DEMO.model_copy(update={"boards": (board("REFUSE"), *DEMO.boards)})
    with pytest.raises(Refused, match="POST /v1/boards: 422 invalid"):
        run(Forum(), demo)


def test_a_refusal_ends_the_seed_with_the_reason() -> None:
    """What the API turns down for good ends the run and says where and why."""
    demo = DEMO.model_copy(
        update={"boards": (board("heat", thread("x", DemoPost(author="ada", body="REFUSE"))),)}
    )
    reason = r"^POST /v1/boards/heat/threads: 422 invalid: fake invalid$"
    with pytest.raises(Refused, match=reason):
        run(Forum(), demo)


def test_a_missing_stack_is_named() -> None:
    """Where nothing listens the error names the address."""
    with pytest.raises(Unreachable, match=r"^http://127\.0\.0\.1:9 does not answer"):
        seed("http://127.0.0.1:9", mint, quiet, demo=DEMO)


def test_progress_reaches_the_end() -> None:
    """Progress is told for each post and ends at the total."""
    seen: list[tuple[int, int]] = []

    def note(what: str, done: int, total: int) -> None:
        if what == "posting the demo forum":
            seen.append((done, total))

    with serving(Forum()) as url:
        seed(url, mint, note, demo=DEMO)

    assert [(number, POSTS) for number in range(1, POSTS + 1)] == seen


def test_the_shipped_demo_is_posted_whole() -> None:
    """The demo forum that ships goes through the API with every notice and act of its casework."""
    demo = load()
    forum = Forum()

    seeded = run(forum, demo)

    assert told(demo) == bodies_by_thread(forum)
    assert len(demo.casework.notices) == len(forum.notices)
    states: Any = Counter(case["state"] for case in forum.cases.values())
    assert {"open", "decided", "awaiting_approval"} == set(states)
    assert len(forum.posts) == seeded.posts
