"""What a profile withholds follows from the kind of subject and from the category alone."""

from dataclasses import replace

import pytest

from moderation.audit.entry import BODY
from moderation.audit.selection import EVERYTHING, Profile
from moderation.compliance.export_job import ExportJob
from moderation.compliance.redaction import OUTSIDER_KINDS, SILENT, order_of, selection_of
from moderation.ids import ExportId, MemberId
from moderation.stores.duty import AUDITED
from moderation.stores.kinds import KIND_OF
from tests.support.audit_fakes import MemoryForum
from tests.support.community import NOW, ulid

JOB = ExportJob(
    id=ExportId(ulid(1)),
    start=NOW,
    end=NOW,
    requested_by=MemberId(ulid(2)),
    requested_at=NOW,
)
WITHHELD = frozenset({"export", "member", "notice"})
"""Kinds that are about people, or about what is done with the log."""


def shows(job: ExportJob, subject: str, reason: str = "illegal") -> bool:
    """Whether a job shows an entry."""
    forum = MemoryForum()
    forum.act(subject, reason=reason)
    entry = BODY.fullmatch(forum.table.chains[subject][0].decode())
    assert entry is not None
    return selection_of(job).shows(entry)


@pytest.mark.parametrize("profile", ["full", "authority"])
def test_an_authority_sees_every_entry_it_asks_for(profile: str) -> None:
    """Nothing is withheld of a period."""
    assert selection_of(replace(JOB, profile=profile)) == EVERYTHING  # type: ignore[arg-type]


def test_an_outsider_sees_what_was_done_to_content() -> None:
    """Not who is behind it, nor what would tell of a report to the police (DSA Art. 18)."""
    outsider = replace(JOB, profile="outsider")

    assert SILENT == {"LIFE_THREAT"}
    assert shows(outsider, "post:a", "remove:INSULT")
    assert not shows(outsider, "post:a", "remove:LIFE_THREAT")
    assert shows(JOB, "post:a", "remove:LIFE_THREAT")
    assert not shows(outsider, "member:a")
    assert not shows(outsider, "notice:a")


def test_each_kind_of_subject_is_shown_or_withheld_on_purpose() -> None:
    """A kind that nobody has thought of is withheld."""
    kinds = {KIND_OF[kind].lower() for kind in AUDITED}

    shown = {"appeal", "board", "case", "post", "ruleset", "statement"}
    assert kinds & OUTSIDER_KINDS == shown
    assert kinds - OUTSIDER_KINDS >= WITHHELD


def test_a_job_becomes_an_order() -> None:
    """The period narrows a single chain; of a whole log it is the range."""
    job = replace(JOB, subject="post:a", actors=("0" * 32,), action="post:hold")
    order = order_of(job)

    assert (order.subject, order.profile) == ("post:a", Profile.AUTHORITY)
    assert order.selection.start == "2026-11-23T10:00:00.000Z" == order.selection.end
    assert order.selection.actors == {"0" * 32}
    assert order_of(JOB).selection.start is None
