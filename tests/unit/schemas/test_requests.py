"""What the larger requests demand beyond the types of their fields."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from schemas.audit import EntryQuery, NewExport
from schemas.decisions import NewDecision
from schemas.notices import NewNotice
from schemas.page import ListQuery

ULID = "01M83T4CM0RJYAWWPY7WSA2MFG"
NOTICE: dict[str, Any] = {"items": [{"post_id": ULID}], "reasons": "Weil.", "good_faith": True}
DECISION: dict[str, Any] = {
    "revision": 1,
    "outcome": "remove",
    "category": "LIFE_THREAT",
    "facts": "Drohung.",
    "about_operator": False,
}


def test_a_notice_is_short_where_it_can_be() -> None:
    """A place, reasons and good faith are enough; nobody has to know the codes."""
    notice = NewNotice.model_validate_json(json.dumps(NOTICE))

    assert ("illegal", "UNSPEC", None) == (notice.kind, notice.category, notice.notifier)


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": []},
        {"items": [{"post_id": ULID}] * 11},
        {"items": [{}]},
        {"items": [{"post_id": ULID, "url": "https://a.example/"}]},
        {"items": [{"post_id": "x#y"}]},
        {"good_faith": False},
        {"good_faith": "true"},
        {"reasons": ""},
        {"notifier": {"name": "A"}},
        {"notifier": {"name": "A", "email": "a@b.example", "phone": "1"}},
        {"category": "RUDE"},
    ],
)
def test_a_notice_that_says_too_little_or_too_much_is_refused(wrong: dict[str, Any]) -> None:
    """Each item names exactly one place; good faith is stated; a notifier is whole."""
    with pytest.raises(ValidationError):
        NewNotice.model_validate_json(json.dumps({**NOTICE, **wrong}))


def test_a_notice_about_the_terms_needs_no_good_faith() -> None:
    """Good faith is a matter of DSA Art. 16, which is about illegal content."""
    body = {**NOTICE, "kind": "terms", "good_faith": False}

    assert "terms" == NewNotice.model_validate_json(json.dumps(body)).kind


@pytest.mark.parametrize(
    "referral",
    [
        {"made": True, "authority": "BKA", "at": "2026-11-23T10:00:00Z", "reference": "ST 1"},
        {"made": False, "why": "Ein Zitat."},
    ],
)
def test_a_referral_was_made_or_was_not(referral: dict[str, Any]) -> None:
    """Either says to whom, when and under which reference, or why not."""
    decision = NewDecision.model_validate_json(json.dumps({**DECISION, "referral": referral}))

    assert decision.referral is not None
    assert referral["made"] == decision.referral.made


@pytest.mark.parametrize(
    "wrong",
    [
        {"referral": {"made": True, "why": "x"}},
        {"referral": {"made": "yes", "why": "x"}},
        {"revision": 0},
        {"revision": "1"},
        {"revision": 1.5},
        {"ground": {"kind": "taste", "explanation": "x"}},
        {"ground": {"kind": "illegal", "clause": "x", "explanation": "x"}},
        {"measure": {"kind": "redaction", "spans": [{"start": 2, "end": 2}]}},
        {"measure": {"kind": "redaction", "spans": [{"start": -1, "end": 2}]}},
        {"measure": {"kind": "disabling", "territory": ["Germany"]}},
        {"member_measure": {"kind": "ban"}},
        {"about_operator": 0},
    ],
)
def test_a_decision_out_of_shape_is_refused(wrong: dict[str, Any]) -> None:
    """Wrong tags, types, spans and words do not reach the domain."""
    with pytest.raises(ValidationError):
        NewDecision.model_validate_json(json.dumps({**DECISION, **wrong}))


def test_a_measure_may_name_passages_and_places() -> None:
    """Spans and territories come through as sent."""
    measure = {"kind": "redaction", "spans": [{"start": 0, "end": 2}], "territory": ["DE"]}
    decision = NewDecision.model_validate_json(json.dumps({**DECISION, "measure": measure}))

    assert decision.measure is not None
    assert [(0, 2)] == [(span.start, span.end) for span in decision.measure.spans]


def test_an_export_has_a_period() -> None:
    """`from` lies before `to`."""
    early, late = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
    NewExport.model_validate_json(json.dumps({"from": early, "to": late}))
    for start, end in ((late, early), (early, early)):
        with pytest.raises(ValidationError):
            NewExport.model_validate_json(json.dumps({"from": start, "to": end}))


@pytest.mark.parametrize(
    "query", [{"limit": "0"}, {"limit": "101"}, {"limit": "²"}, {"limit": "1e1"}, {"cursor": "a b"}]
)
def test_a_page_has_1_to_100_items(query: dict[str, str]) -> None:
    """Limits outside, other digits and cursors of other characters are refused."""
    with pytest.raises(ValidationError):
        ListQuery.model_validate_strings(query)


def test_a_page_has_25_items_where_nothing_is_said() -> None:
    """The default of `limit` is that of the contract."""
    assert ListQuery(limit=25, cursor=None) == ListQuery.model_validate_strings({})


def test_entries_are_found_by_their_own_words() -> None:
    """`from` and `to` are the names of the query, and a subject has a kind."""
    query = EntryQuery.model_validate_strings(
        {"from": "2026-01-01T00:00:00Z", "subject": f"post:{ULID}", "actor": "0" * 32}
    )

    assert query.start is not None
    with pytest.raises(ValidationError):
        EntryQuery.model_validate_strings({"subject": "S#post"})
