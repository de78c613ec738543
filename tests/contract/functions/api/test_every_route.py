"""Every route, from the permission table itself: what changes a subject leaves its entry.

Each route is walked to a success. What it did to audited subjects and what it wrote into the log
are compared on the wire; the acts it is expected to leave stand in `tests/support/every_act.py`.
"""

import pytest

from functions.api.permissions import TABLE
from tests.support.act_ledger import ActLedger
from tests.support.every_act import ACTS, REVIEW, objected
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import notice_about, start
from tests.support.rule_walk import propose

SILENT = {
    (
        "POST",
        "/v1/audit/cosignatures",
    ): "a witness signs the published log",
}
"""What is no act on any subject, though its method says that it writes."""


def test_every_route_that_writes_is_walked() -> None:
    """A route that is added to the table and not to the walk fails here."""
    writing = {route for route in TABLE if route[0] != "GET"}

    assert writing <= ACTS.keys() | SILENT.keys()
    assert ACTS.keys() | SILENT.keys() <= TABLE.keys()


@pytest.mark.parametrize("route", sorted(ACTS), ids=" ".join)
def test_a_route_leaves_one_entry_for_each_subject_it_changes(route: tuple[str, str]) -> None:
    """And none besides; with what is expected of it, by name."""
    api = ForumApi.fresh()
    setup, acts = ACTS[route]
    sent = setup(api)
    assert route[1] == api._match(route[0], sent.path)[0]
    ledger = ActLedger()
    with api.stack.engine.hooked(ledger):
        answer = api.call(route[0], sent.path, sent.body, who=sent.who, headers=sent.headers)

    assert answer.status in {200, 201, 202, 204}, answer.text
    assert [] == ledger.faults
    assert acts == sorted(ledger.actions)


@pytest.fixture(scope="module")
def forum() -> tuple[ForumApi, dict[str, str]]:
    """A forum with one of everything, and what stands in the paths of its routes."""
    api = ForumApi.fresh()
    appeal = objected(api)
    ids = {"/v1/appeals/": appeal.rpartition("/")[2]}
    items = api.get("/v1/me/statements", "customer").expect(200)["items"]
    ids |= {"/v1/statements/": items[0]["id"], "/v1/posts/": items[0]["post_id"]}
    post = api.get(f"/v1/posts/{items[0]['post_id']}", "customer").expect(200)
    ids["/v1/threads/"] = post["thread_id"]
    ids["/v1/cases/"] = api.get("/v1/cases?state=decided", "moderator").body["items"][0]["id"]
    receipt = notice_about(api, start(api)["id"])
    ids |= {"/v1/notices/": receipt["id"], "secret": receipt["secret"]}
    ids["/v1/rulesets/"] = propose(api)["id"]
    body = {"subject": f"post:{items[0]['post_id']}", "matter": "Az. 1", "basis": "order"}
    hold = api.post("/v1/holds", body | {"review_at": REVIEW}, "compliance").expect(201)
    ids["/v1/holds/"] = hold["id"]
    customer = api.actor("customer").id
    api.post("/v1/erasures", {"member_id": customer}, "compliance").expect(202)
    ids["/v1/erasures/"] = customer
    ids["/v1/audit/entries/"] = api.stack.entries()[0]["id"]
    return api, ids


READERS = ("customer", "moderator", "compliance", "admin", None)


@pytest.mark.parametrize(
    "route", sorted(r for r in TABLE if r[0] == "GET" and r not in ACTS), ids=" ".join
)
def test_a_route_that_reads_changes_nothing_and_leaves_no_entry(
    forum: tuple[ForumApi, dict[str, str]], route: tuple[str, str]
) -> None:
    """By everybody who gets an answer; published proofs need a published log, and answer 404."""
    api, ids = forum
    known = next((ids[start] for start in ids if route[1].startswith(start)), "")
    path = route[1].replace("{id}", known).replace("{slug}", "hilfe")
    headers = {"Notice-Secret": ids["secret"]}
    ledger = ActLedger()
    with api.stack.engine.hooked(ledger):
        statuses = {api.call("GET", path, who=who, headers=headers).status for who in READERS}

    published = {"/v1/audit/checkpoint", "/v1/audit/consistency"}
    unpublished = route[1].endswith("proof") or route[1] in published
    assert 200 in statuses or (unpublished and 404 in statuses | {404}), statuses
    assert ([], []) == (ledger.faults, ledger.actions)
