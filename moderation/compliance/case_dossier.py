"""The evidence of one case: all its records, and the chains of all it was about.

Capture and metadata of the content with its revisions, the notices, the decisions with those that
were rejected, the statements and the appeals, each bound by the log as far as an entry binds it;
and the chains of all exports of it so far: who asked for it, and who was given it (custody).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from moderation.audit.canonical import canonical
from moderation.audit.dossier import Document, Dossier, Wording, redacted
from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, NoticeLink
from moderation.cases.decision import Decision
from moderation.cases.notice import Notice
from moderation.cases.statement import Statement
from moderation.cases.wording import wordings
from moderation.community.member import Member
from moderation.community.post import Post, Revision
from moderation.compliance.export_job import ExportJob, ExportLink
from moderation.compliance.holdings import Holding, Holdings
from moderation.detection.taxonomy import Flag, facts_of
from moderation.ports import Lists, every
from moderation.records import Ref

PAGE = 100
SHOWN = (Appeal, Case, Decision, Notice, NoticeLink, Post, Revision, Statement)
CONTENT = (Post, Revision)
"""Records that say nothing but the content itself."""


@dataclass(frozen=True, slots=True)
class CaseDossiers:
    """`moderation.audit.dossier.Dossiers` out of the records."""

    holdings: Holdings
    lists: Lists

    def of_case(self, case_id: str, *, protected: bool) -> Dossier | None:
        """Return what belongs to a case; None where there is no such case."""
        family = self.holdings.family(Case.at(case_id))
        case = next((each.record for each in family if isinstance(each.record, Case)), None)
        if case is None:
            return None
        found = [*family, *self._around(case, family)]
        heads = tuple(each.head for each in found if each.head is not None)
        is_hidden = _is_never_rendered(case, found)
        shown = (each for each in found if isinstance(each.record, SHOWN))
        if is_hidden:
            shown = (each for each in shown if not isinstance(each.record, CONTENT))
        documents = (_document(each, protected=protected, hidden=is_hidden) for each in shown)
        words = _wordings(found) if protected and not is_hidden else ()
        return Dossier(heads, tuple(documents), tuple(words))

    def _around(self, case: Case, family: tuple[Holding, ...]) -> Iterator[Holding]:
        yield from self.holdings.family(case.post.ref)
        yield from self.holdings.of([Member.at(case.post.author.id)])
        links = [each.record for each in family]
        yield from self.holdings.of(
            ExportJob.at(link.export_id) for link in links if isinstance(link, ExportLink)
        )
        notices = self.holdings.of(
            Notice.at(link.notice_id) for link in links if isinstance(link, NoticeLink)
        )
        yield from notices
        statements = [
            each
            for each in self.holdings.of(self._statements(case))
            if isinstance(each.record, Statement) and each.record.case_id == case.id
        ]
        yield from statements
        appeals = self.holdings.of(_appeals(each.record for each in (*notices, *statements)))
        yield from (
            each
            for each in appeals
            if isinstance(each.record, Appeal) and each.record.case_id == case.id
        )

    def _statements(self, case: Case) -> Iterable[Ref[Statement]]:
        """The statements a case names, and all others to its author that name the case."""
        decision, hold = case.decision, case.hold
        named = [case.post.statement_id]
        named += [decision.statement_id, decision.before.statement_id] if decision else []
        named += [hold.statement_id, hold.replaced] if hold else []
        refs = dict.fromkeys(Statement.at(each) for each in named if each is not None)
        author = case.post.author.id
        told = every(lambda at: self.lists.statements(author, PAGE, at))
        return refs | dict.fromkeys(each.ref for each in told if each.case_id == case.id)


def _is_never_rendered(case: Case, found: list[Holding]) -> bool:
    """By its category, or since a known file stands in the words, whatever was decided of them."""
    sealed = any(each.record.sealed for each in found if isinstance(each.record, CONTENT))
    return sealed or Flag.NEVER_RENDERED in facts_of(case.category).flags


def _wordings(found: list[Holding]) -> Iterator[Wording]:
    """The personal fields that acts may be about; those in a part are its subject's."""
    salts = {each.record.ref.subject: each.salt for each in found if each.salt is not None}
    for each in found:
        subject = each.record.ref.subject
        if subject in salts:
            for fields in wordings(each.record):
                yield Wording(subject, canonical(fields), salts[subject])


def _appeals(records: Iterable[Any]) -> dict[Ref[Appeal], None]:
    """The appeals that notices and statements name."""
    found: list[str] = []
    for record in records:
        if isinstance(record, Notice):
            found += record.appeals
        elif record.appeal_id is not None:
            found.append(record.appeal_id)
    return dict.fromkeys(Appeal.at(each) for each in found)


def _document(held: Holding, *, protected: bool, hidden: bool) -> Document:
    """A record as the bundle has it; what is taken out of it takes its binding away, too."""
    ref = held.record.ref
    document = Document(ref.subject, ref.part, held.state, held.salt)
    out: tuple[str, ...] = ()
    match held.record:
        case Notice() if not protected:
            out = ("member_id", "notifier")
        case Appeal(notice_id=str()) if not protected:
            out = ("appellant",)
        case Case() if hidden:
            out = ("frozen", "post", "signals")
    if not out:
        return document
    return replace(document, text=redacted(held.state, *out), salt=None)
