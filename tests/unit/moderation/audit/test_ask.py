"""Questions are answered from what holds, and from nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from moderation.audit import ask
from moderation.audit.answers import ANSWERS
from moderation.audit.evidence import Evidence, Record, Told
from tests.property.moderation.audit.specimen import Specimen, redacted, specimen
from tests.support.audit_fakes import SIGNER

KEY = str(SIGNER.key)
FACTS: dict[str, Any] = {
    "range": [3, 9],
    "size": 12,
    "subjects": 2,
    "withheld": 0,
    "open_causes": 0,
    "key": "dfe100fb",
    "anchors": 0,
    "anchored": [],
    "cosigned": {},
    "stamped": {},
    "late": [],
    "asked": ["2026-03-01T00:00:00.000Z", "2026-03-02T00:00:00.000Z"],
    "dated": ["2026-03-01T08:00:00.000Z", "2026-03-01T09:00:00.000Z"],
}


@pytest.fixture(scope="module")
def whole() -> Specimen:
    """A bundle of the middle of a log."""
    return specimen(120)


def told(index: int, action: str, subject: str, **changes: Any) -> Told:
    """An entry."""
    body = {
        "action": action,
        "subject": subject,
        "at": f"2026-03-01T08:{index:02d}:00.000Z",
        "actor": "a" * 32,
        "via": "api",
        "rule": None,
        "rev": 1,
        "content": 1,
        "reason": "illegal",
        "cause": f"{index}",
    }
    return Told(index, body | changes)


def answer(name: str, *entries: Told, records: tuple[Record, ...] = (), **facts: Any) -> list[str]:
    """The lines of an answer."""
    return list(ANSWERS[name](Evidence(FACTS | facts, entries, records)))


def asked(bundle: bytes, folder: Path, *arguments: str) -> int:
    """Run the command on a bundle; its exit code."""
    path = folder / "bundle.zip"
    path.write_bytes(bundle)
    question, *options = arguments
    return ask.main([question, str(path), "--key", KEY, *options])


def test_all_questions_at_once(
    whole: Specimen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with its answer, as text and for programs."""
    assert asked(whole.data, tmp_path, "all") == 0
    text = capsys.readouterr().out
    assert asked(whole.data, tmp_path, "all", "--json") == 0
    parsed = json.loads(capsys.readouterr().out)

    assert list(parsed) == list(ANSWERS)
    assert text.splitlines() == [line for lines in parsed.values() for line in lines]
    assert "  places 150 up to 270 of a log of 330: each has its one entry" in text
    assert "  nothing in this bundle" in text


def test_a_bundle_that_does_not_hold_is_not_asked(
    whole: Specimen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the verifier says is printed instead."""
    assert asked(whole.data[:-9], tmp_path, "complete") == 1
    assert capsys.readouterr().out.startswith("FAILED container: ")


def test_what_is_withheld_is_said(
    whole: Specimen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With each answer, since it may say more."""
    hidden = redacted(whole)
    count = len(hidden.lines) - len(hidden.shown)

    assert asked(hidden.data, tmp_path, "automation") == 0
    assert "entries are withheld from this bundle" in capsys.readouterr().out
    assert count > 0


def test_one_subject_with_what_was_done_together_with_it(
    whole: Specimen, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other parts of its causes, and nothing else."""
    last = json.loads(whole.lines[-1])
    assert last["part"] == [5, 5]

    assert asked(whole.data, tmp_path, "told", "--about", last["subject"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("post:remove" in line for line in lines) == 5


def test_a_case_that_is_not_decided() -> None:
    """Has no end yet; a clause of the record says when it is due once it has."""
    opened = told(3, "case:open", "case:1", reason="notice:INSULT")
    clock = {"due_at": "2026-03-01T08:06:00Z", "source": "the operator", "rule": "r@1"}
    record = Record("case:1", "META", {"clocks": [clock]}, bound=True)

    found = told(2, "case:open", "case:2", reason="found:SPAM")
    assert len(answer("deadline", found)) == 2
    assert answer("deadline", opened)[-1] == "  not decided in this bundle"
    late = answer("deadline", opened, told(8, "case:decide", "case:1"), records=(record,))
    assert late[-1] == "  due 2026-03-01T08:06:00Z by the operator (r@1): missed by 0 h 02 min"


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"actor": "b" * 32}, "another person"),
        ({}, "THE SAME PERSON"),
        (
            {"at": "2027-01-01T00:00:00.000Z"},
            "pseudonyms of two years cannot be compared",
        ),
    ],
)
def test_a_second_person_is_another_one(changes: dict[str, Any], word: str) -> None:
    """By pseudonym, within a year."""
    proposed = told(4, "case:propose", "case:1")
    approved = told(5, "case:approve", "case:1", **changes)

    (line,) = answer("second", proposed, approved)
    assert line.endswith(word)


def test_who_decided_alone() -> None:
    """Is said as well; an approval whose proposal is not shown says nothing."""
    assert answer("second", told(4, "case:decide", "case:1")) == [
        "case:1: decided by person aaaaaaaaaaaa [4] alone"
    ]
    assert answer("second", told(4, "case:approve", "case:1")) == []


def test_what_no_person_has_looked_at() -> None:
    """A clock's act that stands alone, and acts that are about the log itself left out."""
    lapse = told(4, "post:lapse", "post:1", via="job")
    beat = told(5, "log:heartbeat", "log:1", via="job")

    assert answer("automation", lapse, beat)[1:] == ["  no person has acted on it since"]


def test_a_restriction_without_reasons() -> None:
    """Is what the question is about."""
    (line,) = answer("told", told(4, "post:hold", "post:1"))

    assert line.endswith("NO REASONS")


def test_who_saw_the_tree() -> None:
    """Witnesses of the checkpoint bound its time."""
    seen = {"cosigned": {"w.example": 1_800_000_000}}

    assert answer("existed", **seen) == [
        "the tree of 12 entries: w.example saw it by 2027-01-15T08:00:00Z"
    ]
    assert "w.example saw this tree by 2027-01-15T08:00:00Z: " in answer("operator", **seen)[2]


def test_who_stamped_the_tree() -> None:
    """Authorities bound its time as witnesses do, and that of its anchors."""
    at = "2027-01-15T08:00:00+00:00"
    anchor = {"file": "anchors/2027-01-14", "size": 9, "cosigned": {}, "stamped": {"tsa": at}}
    seen = {"stamped": {"tsa": at}, "anchored": [anchor]}

    assert answer("existed", **seen) == [
        "2027-01-14: a tree of 9 entries with the same root was anchored",
        f"  tsa stamped it at {at}",
        f"the tree of 12 entries: tsa stamped it at {at}",
    ]
    assert f"tsa stamped this tree at {at}: " in answer("operator", **seen)[2]
    assert len(answer("operator", **seen)) == 5
    assert answer("existed") == ["nobody that you named says so: the times are the operator's own"]


def test_a_decision_that_came_late_is_said() -> None:
    """Its own time may be made up."""
    opened = told(3, "case:open", "case:1")
    decided = told(8, "case:decide", "case:1")

    assert "dated back" not in "".join(answer("deadline", opened, decided))
    assert "dated back" in answer("deadline", opened, decided, late=[8])[-1]


def test_a_chain_that_was_left_out_is_named() -> None:
    """By the records that name what it is about."""
    content = {
        "notices": [{"notice_id": "1"}, {"notice_id": "2"}],
        "decision": {"statement_id": "3"},
        "appeals": ["4"],
    }
    records = (
        Record("case:1", "META", content, bound=True),
        Record("statement:3", "META", {"appeal_id": "5", "decision": None}, bound=True),
        Record("case:1", "NOTICE#1", {"notice_id": "1"}, bound=False),
    )
    shown = [told(at, "x:y", name) for at, name in enumerate(("case:1", "notice:1", "appeal:5"))]
    lines = answer("complete", *shown, records=records, range=[0, 0])

    assert [line.partition(" ")[0] for line in lines if "IS NAMED" in line] == [
        "notice:2",
        "appeal:4",
        "statement:3",
    ]
    assert "IS NAMED" not in "".join(answer("complete", *shown, records=records))


def test_a_text_is_bound_through_its_case() -> None:
    """The case has a copy of what it is about, and its last entry binds that."""
    post = {"revision": 2, "body": "Text", "written_at": "2026-03-01"}
    records = (
        Record("post:1", "REV#2", post, bound=False),
        Record("post:1", "REV#1", post | {"revision": 1}, bound=False),
        Record("case:9", "META", {"post": {"id": "1", "revision": 2, "body": "Text"}}, bound=True),
    )
    lines = answer("shown", told(4, "post:hold", "post:1"), records=records)

    assert lines[-2:] == [
        "  revision 2 of 2026-03-01, as the last entry on case:9 binds it: Text",
        "  revision 1 of 2026-03-01, bound by no entry: Text",
    ]


def test_what_was_erased() -> None:
    """By whom and why."""
    erase = told(4, "payload:erase", "member:1", reason="gdpr:17")

    assert answer("erased", erase) == [
        "2026-03-01T08:04:00.000Z [4] payload:erase member:1: gdpr:17, by person aaaaaaaaaaaa"
    ]


def test_a_post_whose_beginning_is_elsewhere() -> None:
    """What was before the first act shown is not said."""
    hold = told(4, "post:hold", "post:1", rev=2)
    line, _ = answer("shown", hold, told(5, "post:score", "post:1", rev=3))

    assert line == "post:1: what was before is not here"
