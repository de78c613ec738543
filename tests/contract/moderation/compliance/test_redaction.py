"""What an outsider is given of a forum tells nobody where there may have been a report."""

import io
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from functions.workers.sequence import BUDGET
from moderation.audit import verify
from moderation.audit.order import Built
from moderation.cases.decision import IllegalGround, Referral
from moderation.compliance.redaction import order_of
from moderation.detection.taxonomy import Category
from moderation.detection.verdict import Action
from tests.support.audited_forum import AuditedForum
from tests.support.community import HELD, found
from tests.support.erasable import people_hear
from tests.support.forum import Forum
from tests.support.stack import Stack

THREAT = found(Category.LIFE_THREAT, Action.HOLD)


def outsider(audited: AuditedForum, start: datetime, end: datetime, folder: Path) -> bytes:
    """An outsider's bundle of a period, as one text; it verifies."""
    job = audited.request(profile="outsider")
    audited.sequencer().run(BUDGET)
    built = audited.exporter().build(replace(order_of(job), start=start, end=end))
    assert isinstance(built, Built)
    path = folder / "bundle.zip"
    path.write_bytes(audited.bundles.bundles[built.path])
    key = verify.parse_key(str(audited.signer.key))
    assert [] == verify.check(path, key, [], 0)[0]
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def judged(audited: AuditedForum, forum: Forum, *, grave: bool) -> set[str]:
    """A held post, claimed, edited, removed, appealed and heard, a day each; whose ids they are."""
    clock, category = audited.stack.clock, Category.LIFE_THREAT if grave else Category.INSULT
    ground = IllegalGround(norm="§ 241 Abs. 2 StGB", explanation="Droht.") if grave else None
    referral = Referral(made=True, authority="BKA", at=clock(), reference="1") if grave else None
    fields = {"category": category, "referral": referral, "ground": ground} if grave else {}
    case = forum.case.id
    clock.forward(days=1)
    forum.run(forum.claim())
    forum.run(forum.edit("Ich komme mit dem Messer, gleich morgen."))
    forum.run(forum.decide(revision=2, **fields))
    clock.forward(days=1)
    appeal = forum.run(forum.appeal())
    clock.forward(days=1)
    forum.run(people_hear(appeal.id))
    clock.forward(days=1)
    forum.run(forum.delete())
    return {forum.post.id, case, str(appeal.statement_id), appeal.id}


def test_an_outsider_cannot_tell_a_threat_to_life_by_what_is_missing(
    stack: Stack, tmp_path: Path
) -> None:
    """Neither in the whole log nor in any of its days is one of its subjects named."""
    audited = AuditedForum(stack)
    first, forums = stack.clock(), []
    for grave in (True, False):
        forum = audited.forum if grave else Forum.__new__(Forum)
        forum.stack, forum.thread_id = stack, audited.forum.thread_id
        forum.post = audited.forum.run(
            audited.forum.reply("Ich komme mit dem Messer.", THREAT if grave else HELD)
        )
        forums.append(forum)
    silent, open_ids = (
        judged(audited, forum, grave=grave)
        for forum, grave in zip(forums, (True, False), strict=True)
    )
    days = [first + timedelta(days=day) for day in range(10)]
    periods = [(first, days[-1]), *pairwise(days)]
    told = [outsider(audited, *period, tmp_path) for period in periods]

    assert {each for each in open_ids if each.encode() in told[0]} == open_ids
    assert [] == [each for each in silent for text in told if each.encode() in text]
    assert b"LIFE_THREAT" not in b"".join(told)
