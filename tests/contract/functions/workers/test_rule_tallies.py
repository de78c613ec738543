"""How rules fare is counted exactly, whatever the stream repeats, disorders or delivers late."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from functions.workers.fold import Parts, handle
from moderation.rulesets.tally import CountedCase, RuleTally
from tests.support.faults import CrashError, each_fault
from tests.support.forum_api import ForumApi
from tests.support.forum_stream import ForumStream, sequences
from tests.support.forum_walk import case_about, decide, decision, keep, open_board, start
from tests.support.own_packs import CATCHES, PACK, RULE, content
from tests.support.places import Place
from tests.support.rule_walk import publish, screening_api
from tests.support.stack import Stack

SHADOW = "own.spam.schuhloeffel"
SHADOW_RULE = f"""
[[rule]]
id = "{SHADOW}"
version = 3
score_ppm = 900_000
explanation = "Shoehorns are offered."
all = ["horn"]
status = "shadow"
match = ["Schuhlöffel!"]
leave = ["Schuhe!"]
"""
TEXT = PACK.replace("[terms]", '[terms]\nhorn = "schuhlöffel"') + SHADOW_RULE
EXPECTED = RuleTally(rule=RULE, version=1, hits=4, kept=2, restricted=1, reversed=2)
EXPECTED_SHADOW = RuleTally(rule=SHADOW, version=3, shadow_hits=3, kept=1, reversed=1)

type Deliver = Callable[[], None]


def nothing() -> None:
    """Deliver nothing in between."""


def forum(stack: Stack) -> tuple[ForumApi, ForumStream]:
    """A forum with two rules of its own in force, one of them in shadow, and its stream."""
    api = screening_api(stack)
    open_board(api)
    publish(api, content(TEXT))
    stream = ForumStream(api.stack.engine.tables["forum"])
    api.stack.engine.hooks.append(stream)
    return api, stream


def live(api: ForumApi, deliver: Deliver = nothing) -> None:
    """Four cases by one rule: kept, removed and given back, rejected and then kept, and open.

    A rule in shadow hits a kept post, its edit, and the post that is kept at last.
    """
    kept = start(api, CATCHES)
    deliver()
    decide(api, kept["id"], **keep())
    removed = start(api, CATCHES)
    made = decide(api, removed["id"])
    deliver()
    appeal = api.post(
        f"/v1/statements/{made['statement_id']}/appeal", {"reasons": "Nein."}, "customer"
    ).expect(201)
    deliver()
    reversal = {"outcome": "reversed", "reasons": "Stimmt."}
    api.post(f"/v1/appeals/{appeal['id']}/decision", reversal, "moderator2").expect(201)
    deliver()
    _rejected_then_kept(api, start(api, f"{CATCHES} Schuhlöffel!"))
    deliver()
    start(api, CATCHES)
    shadowed = start(api, "Schuhlöffel!")
    edit = {"body": "Doch: Schuhlöffel!"}
    path = f"/v1/posts/{shadowed['id']}"
    api.call("PATCH", path, edit, who="customer", headers={"If-Match": '"1"'}).expect(200)
    deliver()


def _rejected_then_kept(api: ForumApi, post: dict[str, Any]) -> None:
    case = case_about(api, post["id"])
    path = f"/v1/cases/{case['id']}"
    api.post(f"{path}/claim", {}, "moderator").expect(200)
    api.post(f"{path}/decision", decision(about_operator=True), "moderator").expect(201)
    rejection = {"approve": False, "reason": "Kritik."}
    api.post(f"{path}/approval", rejection, "approver").expect(200)
    api.post(f"{path}/claim", {}, "moderator2").expect(200)
    proposal = decision(**keep(about_operator=True))
    api.post(f"{path}/decision", proposal, "moderator2").expect(201)


def tallies(api: ForumApi) -> tuple[RuleTally, RuleTally]:
    """The counts of both rules."""
    return api.stack.get(RuleTally.at(RULE, 1)), api.stack.get(RuleTally.at(SHADOW, 3))


def test_hits_and_what_became_of_them_are_counted(stack: Stack) -> None:
    """One batch after all is said and done; the API shows the counts and the rate."""
    api, stream = forum(stack)
    live(api)

    assert {"batchItemFailures": []} == handle(stream.event(), Parts(api.stack.unit_of_work))

    assert (EXPECTED, EXPECTED_SHADOW) == tallies(api)
    items = api.get("/v1/rules?limit=100", "moderator").expect(200)
    while items["next"]:
        items = api.get(f"/v1/rules?limit=100&cursor={items['next']}", "moderator").expect(200)
    shown = {item["id"]: item for item in items["items"]}
    assert (4, 3, 2, 1, 2, 666_666) == tuple(
        shown[RULE][name]
        for name in ("hits", "decided", "kept", "restricted", "reversed", "reversal_rate_ppm")
    )
    assert (0, 3, "shadow") == tuple(
        shown[SHADOW][name] for name in ("hits", "shadow_hits", "state")
    )


@pytest.mark.parametrize("seed", range(6))
def test_repeated_late_and_disordered_changes_count_once(seed: int, stack: Stack) -> None:
    """Records come in any order, some twice, between any two steps; the counts come out the same.

    What the stream holds back comes at the end, in any order, too.
    """
    chance = random.Random(seed)  # noqa: S311
    api, stream = forum(stack)
    parts = Parts(api.stack.unit_of_work)

    def deliver() -> None:
        some = [record for record in stream.records if chance.random() < 0.5]
        some += chance.choices(stream.records, k=3)
        chance.shuffle(some)
        handle({"Records": some}, parts)

    live(api, deliver)
    rest = list(stream.records)
    chance.shuffle(rest)
    for record in rest:
        handle({"Records": [record]}, parts)

    assert (EXPECTED, EXPECTED_SHADOW) == tallies(api)


def test_no_fault_around_any_storage_call_counts_twice(place: Place) -> None:
    """After a crash, a lost answer, a throttle or a conflict the batch comes again and is right."""
    for fault in each_fault(2):
        with place.stack() as stack:
            api, stream = forum(stack)
            start(api, CATCHES)
            parts, event = Parts(stack.unit_of_work), stream.event()
            with stack.engine.hooked(fault):
                try:
                    answer = handle(event, parts)
                except CrashError:
                    answer = handle(event, parts)
            if sequences(answer):
                handle(event, parts)

            assert 1 == stack.get(RuleTally.at(RULE, 1)).hits, fault


def test_a_case_that_changes_nothing_for_its_rules_writes_nothing(stack: Stack) -> None:
    """A claim rings as well; the case and what was counted of it are read, and that is all."""
    api, stream = forum(stack)
    post = start(api, CATCHES)
    parts = Parts(api.stack.unit_of_work)
    handle(stream.event(), parts)
    stream.records.clear()
    case = case_about(api, post["id"])
    api.post(f"/v1/cases/{case['id']}/claim", {}, "moderator").expect(200)
    before = api.stack.get(CountedCase.at(case["id"]))
    api.stack.engine.meter.calls.clear()

    handle(stream.event(), parts)

    assert ["BatchGetItem"] == [call.operation for call in api.stack.engine.meter.calls]
    assert before == api.stack.get(CountedCase.at(case["id"]))
