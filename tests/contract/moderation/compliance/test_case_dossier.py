"""A case's dossier holds all that belongs to it, as the tables keep it, and nothing of others."""

import json
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from functions.workers.sequence import BUDGET
from moderation.audit import verify
from moderation.audit.dossier import Document, redacted
from moderation.audit.entry import state_commitment
from moderation.audit.order import Built
from moderation.cases.appealing import AppealNotice
from moderation.cases.decision import Outcome
from moderation.cases.hearing import DecideAppeal
from moderation.cases.notice import Notice, Notifier
from moderation.community.markup import render
from moderation.community.post import Post
from moderation.compliance.case_dossier import CaseDossiers
from moderation.compliance.case_entries import CaseEntryList
from moderation.compliance.entry_list import EntryFilter
from moderation.compliance.export_request import CompleteExport, IssueLink
from moderation.compliance.holdings import Holding
from moderation.compliance.redaction import order_of
from moderation.detection.signal import Span
from moderation.detection.taxonomy import Category
from moderation.errors import NotFound
from moderation.ids import AppealId
from moderation.records import Ref
from moderation.stores.entry_list import TableEntryList
from moderation.stores.forum_table import connection_of
from moderation.stores.holdings import TableHoldings
from tests.support.audited_forum import AuditedForum
from tests.support.community import RULES
from tests.support.erasable import OFFICER, OTHER, Erasable
from tests.support.forum import FACTS, moderator
from tests.support.stack import Stack

NOTIFIER = Notifier(name="Nora Nachbar", email="nora@example.org")


@pytest.fixture
def audited(stack: Stack) -> AuditedForum:
    """A removed post with an appeal, another notice about it decided before, and its author."""
    audited = AuditedForum(stack)
    forum = audited.forum
    forum.run(forum.edit("Schon freundlicher."))
    forum.run(replace(forum.notice(), notifier=NOTIFIER))
    forum.run(forum.claim())
    audited.case_id = forum.case.id
    forum.run(forum.decide(revision=2))
    forum.run(forum.appeal())
    return audited


def dossiers_of(audited: AuditedForum) -> CaseDossiers:
    """The dossiers of a forum."""
    return CaseDossiers(TableHoldings(audited.stack.forum), audited.stack.lists)


def documents_of(audited: AuditedForum, *, protected: bool) -> dict[tuple[str, str], Document]:
    """The case's records by subject and part."""
    dossier = dossiers_of(audited).of_case(audited.case_id, protected=protected)
    assert dossier is not None
    return {(each.subject.partition(":")[0], each.part): each for each in dossier.documents}


def test_all_that_belongs_to_a_case_is_there(audited: AuditedForum) -> None:
    """Content with its revisions, notice, decision, statement, appeal; the chains of all of it."""
    dossier = dossiers_of(audited).of_case(audited.case_id, protected=True)
    assert dossier is not None
    parts = sorted(
        (each.subject.partition(":")[0], each.part.partition("#")[0]) for each in dossier.documents
    )

    assert parts == [
        ("appeal", "META"),
        ("case", "META"),
        ("case", "NOTICE"),
        ("notice", "META"),
        ("post", "META"),
        ("post", "REV"),
        ("statement", "META"),
    ]
    kinds = sorted(head.subject.partition(":")[0] for head in dossier.heads)
    assert kinds == ["appeal", "case", "notice", "post", "statement"]


def test_the_log_binds_what_it_acted_on(audited: AuditedForum) -> None:
    """Each subject's record is the one its last entry commits to."""
    last = {entry["subject"]: entry["after"] for entry in audited.stack.entries()}
    for (_, part), document in documents_of(audited, protected=True).items():
        if part == "META":
            assert document.salt is not None
            assert state_commitment(document.salt, document.text) == last[document.subject]
        else:
            assert document.salt is None


def test_the_notifier_is_named_only_in_full(audited: AuditedForum) -> None:
    """For an authority the notice stands without its notifier, and without its binding."""
    full = documents_of(audited, protected=True)["notice", "META"]
    less = documents_of(audited, protected=False)["notice", "META"]

    assert json.loads(full.text)["notifier"]["name"] == NOTIFIER.name
    assert NOTIFIER.name.encode() not in less.text
    assert (less.salt, json.loads(less.text)["reasons"]) == (None, "Das ist eine Beleidigung.")


def test_a_notifier_with_an_account_is_named_nowhere_else(stack: Stack) -> None:
    """Not in the history of the case that the notice opened or joined, nor as the appellant."""
    audited = AuditedForum(stack)
    forum, words = audited.forum, "Das ist keine Meinung."
    for who in (OTHER, OFFICER):
        forum.run(replace(forum.notice(), notifier=NOTIFIER, actor=who))
    forum.run(forum.claim())
    audited.case_id = forum.case.id
    forum.run(forum.decide(Outcome.KEEP, category=Category.REVIEW_OPINION))
    notices = [each for each in forum.records(Notice) if each.member_id is not None]
    for each in notices:
        forum.run(AppealNotice(notice_id=each.id, reasons=words, rules=RULES, actor=OTHER))
    full, less = (documents_of(audited, protected=each) for each in (True, False))

    assert {OTHER.id, OFFICER.id} == {each.member_id for each in notices}
    assert words in json.loads(less["appeal", "META"].text)["reasons"]
    assert (None, True) == (less["appeal", "META"].salt, full["appeal", "META"].salt is not None)
    for who in (OTHER, OFFICER):
        assert who.id.encode() not in full["case", "META"].text
        assert who.id.encode() not in b"".join(each.text for each in less.values())


def test_there_is_no_dossier_of_no_case(audited: AuditedForum) -> None:
    """Nothing is there."""
    assert dossiers_of(audited).of_case("01KJM6MRBQ0PQB1NT7P0ABATVB", protected=True) is None


def test_what_must_never_be_shown_is_not_in_it(audited: AuditedForum) -> None:
    """Under a category of which no copy may be made there is neither the post nor its words."""
    forum = audited.forum
    forum.run(replace(forum.notice(), category=Category.CSAM))
    forum.run(forum.claim(moderator(3)))
    audited.case_id = forum.case.id
    documents = documents_of(audited, protected=True)
    case = json.loads(documents["case", "META"].text)

    assert "post" not in {kind for kind, _ in documents}
    assert "post" not in case
    assert b"freundlicher" not in b"".join(each.text for each in documents.values())


@dataclass(frozen=True, slots=True)
class SealedHoldings:
    """Holdings in whose posts a listed file was found."""

    within: TableHoldings

    def family(self, ref: Ref[Any]) -> tuple[Holding, ...]:
        """As within, the posts sealed."""
        return tuple(map(self._sealed, self.within.family(ref)))

    def of(self, refs: Iterable[Ref[Any]]) -> tuple[Holding, ...]:
        """As within."""
        return self.within.of(refs)

    @staticmethod
    def _sealed(held: Holding) -> Holding:
        if not isinstance(held.record, Post):
            return held
        return replace(held, record=replace(held.record, sealed=(Span(0, 5),)))


def test_a_known_file_is_not_in_it_under_any_category(audited: AuditedForum) -> None:
    """A decision that puts the case under another category shows nothing."""
    dossiers = CaseDossiers(SealedHoldings(TableHoldings(audited.stack.forum)), audited.stack.lists)
    dossier = dossiers.of_case(audited.case_id, protected=True)

    assert dossier is not None
    assert () == dossier.wordings
    assert "post" not in {each.subject.partition(":")[0] for each in dossier.documents}


def test_only_objects_are_redacted() -> None:
    """A document is an object."""
    assert redacted(b'{"a":1,"b":2}', "b") == b'{"a":1}'
    with pytest.raises(TypeError):
        redacted(b"[]", "b")


def entries_of(audited: AuditedForum, limit: int = 100, **wanted: Any) -> list[list[str]]:
    """The actions of all pages of the entries that are found."""
    client: Any = connection_of(audited.stack.forum).client
    listing = CaseEntryList(
        TableEntryList(lambda: client, "audit", audited.table.places),
        dossiers_of(audited),
        audited.table,
    )
    pages, position = [], None
    while True:
        page = listing.entries(EntryFilter(**wanted), limit, position)
        pages.append([json.loads(item.body)["action"] for item in page.items])
        position = page.next
        if position is None:
            return pages


def test_the_entries_of_a_case_are_listed_newest_first(audited: AuditedForum) -> None:
    """Those on its post, too, as far as it had a part in them."""
    other = audited.forum.run(audited.forum.reply())
    assert other.id != audited.forum.post.id
    (found,) = entries_of(audited, case=audited.case_id)

    written = [entry["action"] for entry in audited.stack.entries()]
    assert found == [action for action in reversed(written) if action != "board:create"]
    assert len(found) == 8
    assert entries_of(audited, 3, case=audited.case_id) == [found[:3], found[3:6], found[6:]]


def test_the_entries_of_a_case_are_narrowed(audited: AuditedForum) -> None:
    """By action, subject, actor and period, as all others."""
    start = audited.stack.clock.now
    case = audited.case_id

    assert entries_of(audited, case=case, action="case:claim") == [["case:claim"]]
    post = audited.forum.post.ref.subject
    assert entries_of(audited, case=case, subject=post) == [["post:remove"]]
    assert entries_of(audited, case=case, actors=("0" * 32,)) == [[]]
    assert entries_of(audited, case=case, end=start) == [[]]
    assert len(entries_of(audited, case=case, start=start)[0]) == 8
    assert len(entries_of(audited, action="case:claim")[0]) == 1
    with pytest.raises(NotFound):
        entries_of(audited, case="01KJM6MRBQ0PQB1NT7P0ABATVB")


def test_a_rejected_decision_belongs_to_it_too(stack: Stack) -> None:
    """The decision chain is whole."""
    audited = AuditedForum(stack)
    forum = audited.forum
    forum.run(forum.notice())
    forum.run(forum.claim())
    audited.case_id = forum.case.id
    forum.run(forum.decide(about_operator=True))
    forum.run(forum.approve(agreed=False))
    parts = {part.partition("#")[0] for _, part in documents_of(audited, protected=True)}

    assert parts == {"DECISION", "META", "NOTICE"}


def evidence(audited: AuditedForum, profile: str, folder: Path) -> tuple[Path, list[Any]]:
    """The case's bundle, unpacked, and its lines of personal fields."""
    job = audited.request(case=audited.case_id, profile=profile)
    audited.sequencer().run(BUDGET)
    built = audited.exporter().build(order_of(job))
    assert isinstance(built, Built)
    with zipfile.ZipFile(BytesIO(audited.bundles.bundles[built.path])) as archive:
        archive.extractall(folder)
    path = folder / "payloads.jsonl"
    return folder, (
        [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
    )


def complaints(audited: AuditedForum, folder: Path) -> list[str]:
    """What the verifier finds."""
    key = verify.parse_key(str(audited.signer.key))
    return [failure.kind for failure in verify.check(folder, key, [], 0)[0]]


def test_every_act_is_shown_with_the_words_it_binds(audited: AuditedForum, tmp_path: Path) -> None:
    """Each wording of the case, for the full profile alone; the verifier holds them to the log."""
    audited.forum.run(
        DecideAppeal(
            appeal_id=AppealId(last(audited, "appeal:file", "appeal")),
            actor=moderator(9),
            outcome="upheld",
            reasons="Es bleibt dabei.",
            rules=RULES,
            render=render,
        )
    )
    folder, lines = evidence(audited, "full", tmp_path / "full")
    entries = {entry["id"]: entry["action"] for entry in audited.stack.entries()}
    shown = {entries[line["entry"]]: line["fields"] for line in lines}

    assert complaints(audited, folder) == []
    assert set(shown) == {
        "appeal:file",
        "appeal:uphold",
        "case:decide",
        "notice:receive",
        "statement:issue",
    }
    assert shown["notice:receive"]["notifier"]["email"] == NOTIFIER.email
    assert shown["case:decide"]["facts"] == FACTS
    assert shown["appeal:uphold"] == {"outcome_reasons": "Es bleibt dabei."}
    assert evidence(audited, "authority", tmp_path / "less")[1] == []


def last(audited: AuditedForum, action: str, kind: str) -> str:
    """The id of the subject of the last such act."""
    (*_, found) = [
        entry["subject"]
        for entry in audited.stack.entries()
        if entry["action"] == action and entry["subject"].startswith(f"{kind}:")
    ]
    return str(found).partition(":")[2]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("authority", [["export:request", "export:download"], ["export:request"]]),
        ("outsider", []),
    ],
)
def test_who_had_the_evidence_before_is_evidence_too(
    profile: str, expected: list[list[str]], audited: AuditedForum, tmp_path: Path
) -> None:
    """Every export of the case so far and each link given out, this one's own request included."""
    earlier = audited.request(case=audited.case_id, profile="full")
    work = audited.stack.unit_of_work
    work.run(CompleteExport(export_id=earlier.id, object_key="x", record="{}"))
    work.run(IssueLink(export_id=earlier.id, actor=OFFICER))
    audited.request(profile="full")
    folder, _ = evidence(audited, profile, tmp_path)
    chains: dict[str, list[str]] = {}
    for line in (folder / "later.jsonl").read_bytes().splitlines():
        entry = json.loads(line)["entry"]
        if entry.get("action", "").startswith("export:") and entry["action"] != "export:build":
            chains.setdefault(entry["subject"], []).append(entry["action"])

    assert complaints(audited, folder) == []
    assert list(chains.values()) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"beschimpft sie.", b"beschimpft ihn."),
        (b'"facts":', b'"facts": '),
        (b'{"entry"', b'{"Entry"'),
    ],
)
def test_altered_words_are_found(
    audited: AuditedForum, old: bytes, new: bytes, tmp_path: Path
) -> None:
    """The act bound others."""
    folder, _ = evidence(audited, "full", tmp_path)
    path = folder / "payloads.jsonl"
    assert old in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(old, new, 1))

    assert "payload" in complaints(audited, folder)


def test_words_that_were_taken_out_are_missed(audited: AuditedForum, tmp_path: Path) -> None:
    """Only what was erased may be missing, and the log says that it was."""
    folder, _ = evidence(audited, "full", tmp_path)
    path = folder / "payloads.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[1:]))

    assert "payload" in complaints(audited, folder)


def test_erased_words_are_not_missed(stack: Stack, tmp_path: Path) -> None:
    """The log says that they were destroyed."""
    erasable = Erasable(stack)
    erasable.audited.case_id = erasable.case_id
    _, before = evidence(erasable.audited, "full", tmp_path / "before")
    erasable.ask()
    erasable.erase()
    folder, after = evidence(erasable.audited, "full", tmp_path / "after")

    assert complaints(erasable.audited, folder) == []
    assert len(after) < len(before)


def test_a_second_persons_words_are_bound_too(stack: Stack, tmp_path: Path) -> None:
    """A proposal that was rejected, and one that was agreed to."""
    audited = AuditedForum(stack)
    forum = audited.forum
    forum.run(forum.notice())
    forum.run(forum.claim())
    audited.case_id = forum.case.id
    forum.run(forum.decide(about_operator=True))
    forum.run(forum.approve(agreed=False))
    forum.run(forum.claim())
    forum.run(forum.decide(about_operator=True, facts="Noch einmal."))
    forum.run(forum.approve())
    folder, lines = evidence(audited, "full", tmp_path)
    entries = {entry["id"]: entry["action"] for entry in stack.entries()}
    shown = sorted(entries[line["entry"]] for line in lines)

    assert complaints(audited, folder) == []
    assert shown == [
        "case:approve",
        "case:propose",
        "case:propose",
        "case:reject",
        "notice:receive",
        "statement:issue",
    ]
