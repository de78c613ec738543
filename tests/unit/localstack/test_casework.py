"""The casework goes round what others have done meanwhile."""

import pytest

from localstack import casework
from localstack.casework import Desk
from localstack.client import Client, Refused
from localstack.demo.content import Casework, Demo, DemoAct, DemoDecision, DemoNotice, Person
from tests.unit.localstack.fake_api import Forum, mint
from tests.unit.localstack.fake_server import serving

JANA = Person(handle="jana", name="Jana", roles=("moderator",), unit="trust")
KEEP = DemoDecision(
    outcome="keep", category="REVIEW_OPINION", about_operator=True, facts="Eine Meinung."
)
REMOVE = DemoDecision(
    outcome="remove",
    category="INSULT",
    about_operator=False,
    facts="Eine Beleidigung.",
    norm="§ 999 StGB",
    explanation="Ohne Bezug zur Sache.",
)


def notice(kind: str = "illegal") -> DemoNotice:
    """An anonymous notice about the one post."""
    return DemoNotice.model_validate(
        {
            "key": "n",
            "posts": ("p",),
            "login": None,
            "notifier": None,
            "kind": kind,
            "category": None,
            "language": "de",
            "reasons": "Bitte prüfen.",
        }
    )


def work(forum: Forum, *, notices: tuple[DemoNotice, ...] = (), acts: tuple[DemoAct, ...]) -> int:
    """Do casework on a forum with one post, by the key `p`."""
    forum.posts.setdefault(
        "P1", {"id": "P1", "revision": 1, "state": "published", "author": {"id": "x"}}
    )
    demo = Demo(
        people=(JANA,), boards=(), casework=Casework(notices=notices, acts=acts, appeals=())
    )
    tokens = {"jana": mint("seed-jana", "Jana", ("moderator",), "trust")}
    with serving(forum) as url, Client(url) as client:
        desk = Desk(client, tokens, demo, {"p": "P1"}, lambda *parts: "-".join(parts), 0.0)
        return casework.do(desk, lambda *_: None)


def act(decision: DemoDecision | None = KEEP) -> DemoAct:
    """Jana takes the case on the post."""
    return DemoAct(post="p", moderator="jana", decision=decision)


def test_no_case_is_no_work() -> None:
    """Where nobody objected to the post there is nothing to claim."""
    assert 0 == work(Forum(), acts=(act(),))


def test_a_case_that_somebody_else_has_is_left() -> None:
    """A claim that is refused ends the act, without a decision."""
    forum = Forum(claimed_by="tom")

    assert 1 == work(forum, notices=(notice(),), acts=(act(),))
    assert ["open"] == [case["state"] for case in forum.cases.values()]


def test_a_norm_that_is_not_listed_is_replaced() -> None:
    """The ground is one that the API lists for the category."""
    forum = Forum()
    work(forum, notices=(notice(),), acts=(act(REMOVE),))

    assert ["§ 185 StGB"] == [c["decision"]["ground"]["norm"] for c in forum.cases.values()]


def test_a_claim_alone_is_made_once() -> None:
    """A case that stays claimed is claimed by the run that files, and by no later one."""
    forum = Forum()
    notices = (notice(),)

    assert 2 == work(forum, notices=notices, acts=(act(None),))
    assert 0 == work(forum, notices=notices, acts=(act(None),))
    assert 1 == sum("/claim" in path for path in forum.writes)


def test_a_refusal_ends_the_work() -> None:
    """What is refused for another reason than being there already is raised."""
    with pytest.raises(Refused, match="POST /v1/notices: 401"):
        work(Forum(), notices=(notice("terms"),), acts=(act(),))


def test_a_case_that_never_shows_is_not_waited_for_for_ever() -> None:
    """Where the list does not show the case in time the act is left out."""
    forum = Forum(cases_lag=True)

    assert 1 == work(forum, notices=(notice(),), acts=(act(),))


@pytest.mark.parametrize("decision", [None, KEEP, REMOVE], ids=["claim", "keep", "remove"])
def test_what_was_broken_off_is_finished(decision: DemoDecision | None) -> None:
    """Notices filed by a run that then broke off do not keep the next one from its acts."""
    forum = Forum()
    work(forum, notices=(notice(),), acts=())

    assert (1 if decision is None else 2) == work(forum, notices=(notice(),), acts=(act(decision),))


def test_a_rejected_proposal_is_not_made_again() -> None:
    """A case that is open again after a second person said no is left to the people."""
    forum = Forum()
    work(
        forum, notices=(notice(),), acts=(act(REMOVE.model_copy(update={"about_operator": True})),)
    )
    for case in forum.cases.values():
        assert "awaiting_approval" == case["state"]
        case["state"] = "open"

    assert 0 == work(forum, notices=(notice(),), acts=(act(REMOVE),))
