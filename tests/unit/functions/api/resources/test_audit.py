"""The audit log over HTTP: entries are found, exports asked for, and both for compliance alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.audit.pseudonym import pseudonym, year_key
from moderation.compliance.export_job import ExportJob
from moderation.compliance.export_request import CompleteExport, RequestExport
from tests.support.forum_api import ForumApi
from tests.support.forum_walk import open_board, removed, start
from tests.support.stack import ROOT_SECRET

PERIOD = {"from": "2026-01-01T00:00:00.000Z", "to": "2099-01-01T00:00:00.000Z"}


def entries(api: ForumApi, query: str = "") -> list[dict[str, Any]]:
    """Entries that a query finds, newest first."""
    answer = api.get(f"/v1/audit/entries?limit=100{query}", "compliance").expect(200)
    items: list[dict[str, Any]] = answer["items"]
    return items


def pseudonym_of(api: ForumApi, who: str) -> str:
    """How this year's entries name somebody."""
    return pseudonym(year_key(ROOT_SECRET, 2026), api.actor(who).id)


def test_every_act_is_found_newest_first(api: ForumApi) -> None:
    """The list is that of the log, without gap."""
    removed(api)
    written = [entry["id"] for entry in api.stack.entries()]

    assert written[::-1] == [entry["id"] for entry in entries(api)]


def test_entries_are_found_by_subject_action_and_actor(api: ForumApi) -> None:
    """An actor by pseudonym; a subject's entries form its chain."""
    post, _ = removed(api)
    name = pseudonym_of(api, "moderator")

    by_subject = entries(api, f"&subject=post:{post['id']}")
    assert ["post:remove"] == [entry["action"] for entry in by_subject]
    assert (1, name) == (by_subject[0]["rev"], by_subject[0]["actor"])
    by_action = entries(api, "&action=case:decide")
    assert ["case:decide"] == [entry["action"] for entry in by_action]
    assert {name} == {entry["actor"] for entry in entries(api, f"&actor={name}")}
    assert [] == entries(api, f"&actor={'0' * 32}")
    both = entries(api, f"&subject=post:{post['id']}&action=case:decide")
    assert [] == both


def test_entries_are_found_by_time(api: ForumApi) -> None:
    """`from` ≤ at < `to`, to the millisecond."""
    open_board(api)
    start(api, "MARK-INSULT")
    api.stack.clock.forward(hours=1)
    start(api, "MARK-INSULT")
    second = "2026-11-23T10:00:00.000Z"
    after = "2026-11-23T10:00:00.001Z"

    assert {second} == {entry["at"] for entry in entries(api, f"&from={second}")}
    assert second not in {entry["at"] for entry in entries(api, f"&to={second}")}
    assert second in {entry["at"] for entry in entries(api, f"&to={after}")}
    year = f"&actor={pseudonym_of(api, 'admin')}&from={second}&to={after}"
    assert [] == entries(api, year)


@pytest.mark.parametrize("query", ["", "&action=case:open", "&actor={admin}", "&subject={post}"])
def test_entries_are_walked_page_by_page(api: ForumApi, query: str) -> None:
    """Pages of one give what one page gives, under every filter."""
    open_board(api)
    posts = [start(api, "MARK-DOX") for _ in range(4)]
    query = query.format(admin=pseudonym_of(api, "admin"), post=f"post:{posts[0]['id']}")
    walked, cursor = [], ""
    while True:
        page = api.get(f"/v1/audit/entries?limit=1{query}{cursor}", "compliance").expect(200)
        walked += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert entries(api, query) == walked


def test_an_entry_names_nobody(api: ForumApi) -> None:
    """Pseudonyms, codes and commitments; no name, no id of a member, no words."""
    removed(api)
    text = api.get("/v1/audit/entries?limit=100", "compliance").text

    for personal in ("Mara", "Tom", "Wer kennt", "beschimpft", api.actor("customer").id):
        assert personal not in text


def test_an_export_is_a_job(api: ForumApi) -> None:
    """202 with the job, then its state; an address once it is ready, and asking is an act."""
    asked = api.post("/v1/audit/exports", PERIOD, "compliance").expect(202)
    path = f"/v1/audit/exports/{asked['id']}"
    assert ("building", 0, None) == (asked["state"], asked["progress"], asked["url"])
    assert PERIOD == {name: asked[name] for name in PERIOD}
    assert asked == api.get(path, "compliance").expect(200)
    assert ["export:request"] == [entry["action"] for entry in entries(api)]

    job = api.stack.get(ExportJob.at(asked["id"]))
    done = CompleteExport(export_id=job.id, object_key="a/b.zip", record="{}")
    api.stack.unit_of_work.run(done)
    ready = api.get(path, "compliance").expect(200)
    assert ("ready", "https://exports.example/a/b.zip") == (ready["state"], ready["url"])
    assert 404 == api.get("/v1/audit/exports/01M83T4CM0RJYAWWPY7WSA2MFG", "compliance").status


def test_a_link_given_out_is_an_act(api: ForumApi) -> None:
    """Reading an export that is ready gives a link; once for as long as that one works."""
    asked = api.post("/v1/audit/exports", {**PERIOD, "profile": "full"}, "compliance").expect(202)
    path = f"/v1/audit/exports/{asked['id']}"
    job = api.stack.get(ExportJob.at(asked["id"]))
    api.stack.unit_of_work.run(CompleteExport(export_id=job.id, object_key="a", record="{}"))
    for _ in range(2):
        api.get(path, "compliance").expect(200)

    issued = entries(api, "&action=export:download")
    assert [("profile:full", pseudonym_of(api, "compliance"))] == [
        (entry["reason"], entry["actor"]) for entry in issued
    ]


def test_a_person_is_not_searched_for_alone(api: ForumApi) -> None:
    """An id of a member is refused: that takes a reason and a second person."""
    answer = api.get(f"/v1/audit/entries?actor={api.actor('moderator').id}", "compliance")

    assert (403, "four-eyes") == (answer.status, answer.problem)


def test_entries_are_found_by_case(api: ForumApi) -> None:
    """Those of its post, its notice and its statement, too."""
    removed(api)
    case = entries(api, "&action=case:open")[0]["subject"].removeprefix("case:")
    found = [entry["action"] for entry in entries(api, f"&case={case}")]

    assert {"case:open", "notice:receive", "post:remove", "statement:issue"} <= set(found)
    missing = "/v1/audit/entries?case=01M83T4CM0RJYAWWPY7WSA2MFG"
    assert 404 == api.get(missing, "compliance").status


def test_an_export_is_asked_for_by_the_same_filters(api: ForumApi) -> None:
    """Or of one case, whole."""
    removed(api)
    found = entries(api, "&action=case:open")[0]
    narrow = {"actor": found["actor"], "action": found["action"], "subject": found["subject"]}
    asked = api.post("/v1/audit/exports", {**PERIOD, **narrow}, "compliance").expect(202)
    assert [found["actor"]] == asked["actors"]
    assert {k: narrow[k] for k in ("action", "subject")} == {
        k: asked[k] for k in ("action", "subject")
    }
    case = found["subject"].removeprefix("case:")
    body = {"case": case, "profile": "outsider"}
    asked = api.post("/v1/audit/exports", body, "compliance").expect(202)
    assert (case, "outsider", "2026-01-01T00:00:00.000Z") == (
        asked["case"],
        asked["profile"],
        asked["from"],
    )
    for wrong in ({**body, **PERIOD}, {**PERIOD, "actor": "Tom"}, {**PERIOD, "profile": "all"}):
        assert 422 == api.post("/v1/audit/exports", wrong, "compliance").status


@pytest.mark.parametrize(
    "period",
    [
        {"from": PERIOD["to"], "to": PERIOD["from"]},
        {"from": PERIOD["from"], "to": PERIOD["from"]},
        {"from": "2098-01-01T00:00:00.000Z", "to": PERIOD["to"]},
        {"from": PERIOD["from"]},
        {"from": "2026-01-01", "to": PERIOD["to"]},
        {**PERIOD, "format": "csv"},
    ],
)
def test_an_export_of_no_period_is_refused(api: ForumApi, period: dict[str, str]) -> None:
    """Empty, backwards, to come, half or misspelt."""
    assert 422 == api.post("/v1/audit/exports", period, "compliance").status
    assert [] == api.stack.entries()


def test_a_command_and_the_call_ask_alike(api: ForumApi) -> None:
    """The API adds nothing to the command but the actor."""
    now = api.stack.clock.now
    command = RequestExport(
        start=now - timedelta(days=1), end=now, actor=api.actor("compliance")
    )  # fmt: skip
    body = {"from": (now - timedelta(days=1)).isoformat(), "to": now.isoformat()}
    mine = api.stack.unit_of_work.run(command)
    asked = api.post("/v1/audit/exports", body, "compliance").expect(202)

    theirs = api.stack.get(ExportJob.at(asked["id"]))
    assert replace(mine, id=theirs.id) == replace(theirs, start=mine.start, end=mine.end)
