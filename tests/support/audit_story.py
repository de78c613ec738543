"""A story that is told to auditors: a post held by a rule, removed by two, given back on appeal.

What comes of it are two bundles: the evidence of the one case, and the log of the days in which it
happened, anchored daily before a witness.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from moderation.audit.anchor import DailyAnchors
from moderation.audit.export import Exporter
from moderation.audit.order import Built, Order
from moderation.audit.selection import Profile
from moderation.cases.hearing import DecideAppeal
from moderation.community.markup import render
from moderation.compliance.case_dossier import CaseDossiers
from moderation.stores.holdings import TableHoldings
from tests.property.moderation.audit.specimen import cosigned
from tests.support.audit_fakes import MemoryObjects
from tests.support.audited_forum import AuditedForum
from tests.support.community import RULES
from tests.support.forum import HELD, moderator

TEXT = "Tausche Guthaben: 50 € auf mein Konto, dann kommt der Akku."
JUDGE = moderator(7)


@dataclass
class AuditStory(AuditedForum):
    """The forum in which it happens."""

    anchors: MemoryObjects = field(default_factory=MemoryObjects)

    def tell(self) -> "AuditStory":
        """Let it happen, over four days."""
        forum, clock = self.forum, self.stack.clock
        forum.run(forum.edit(TEXT, HELD))
        forum.post = self.stack.get(forum.post.ref)
        self.case_id = forum.case.id
        clock.forward(hours=1)
        forum.run(forum.notice())
        clock.forward(hours=1)
        forum.run(forum.claim())
        clock.forward(minutes=5)
        forum.run(forum.decide(about_operator=True))
        clock.forward(hours=1)
        forum.run(forum.approve())
        self.end_of_day()
        appeal = forum.run(forum.appeal())
        self.end_of_day()
        forum.run(
            DecideAppeal(
                appeal_id=appeal.id,
                actor=JUDGE,
                outcome="reversed",
                reasons="Ein Tausch, kein Betrug.",
                rules=RULES,
                render=render,
            )
        )
        forum.run(forum.notice())
        clock.forward(hours=2)
        forum.run(forum.delete())
        self.end_of_day()
        return self

    def end_of_day(self) -> None:
        """Sequence, anchor, have the anchor cosigned; a day passes."""
        clock = self.stack.clock
        self.sequencer().run(timedelta(minutes=1))
        DailyAnchors(self.objects, self.anchors, (), clock).run()
        time = int(clock().timestamp()) + 60
        name = clock().date().isoformat()
        self.anchors.objects[name] = cosigned(self.anchors.objects[name], time)
        clock.forward(days=1)

    def bundle(self, *, case: bool) -> bytes:
        """Export the case with its records, or the whole log."""
        job = self.request(**({"case": self.case_id} if case else {}), profile="full")
        self.sequencer().run(timedelta(minutes=1))
        start = job.start - timedelta(days=30)
        order = Order(
            job.id, start, job.end, job.requested_at, Profile.FULL, case=job.case if case else None
        )
        built = self.exporter().build(order)
        assert isinstance(built, Built)
        return self.bundles.bundles[built.path]

    def exporter(self) -> Exporter:
        """An exporter that knows the anchors."""
        return Exporter(
            table=self.table,
            entries=self.table,
            heads=self.heads,
            objects=self.objects,
            bundles=self.bundles,
            signer=self.signer,
            origin=self.signer.key.name,
            now=self.stack.clock,
            anchors=self.anchors,
            dossiers=CaseDossiers(TableHoldings(self.stack.forum), self.stack.lists),
            kept=self.kept,
        )
