"""A forum on the real unit of work with its audit log: act, sequence, export."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from moderation.actor import Actor, Role
from moderation.audit.export import Exporter
from moderation.audit.sequence import Sequencer
from moderation.compliance.case_dossier import CaseDossiers
from moderation.compliance.export_job import ExportJob
from moderation.compliance.export_request import RequestExport
from moderation.ids import MemberId
from moderation.stores.audit_table import AuditTable
from moderation.stores.forum_table import connection_of
from moderation.stores.holdings import TableHoldings
from moderation.stores.signer import LocalSigner
from moderation.stores.subject_heads import TableSubjectHeads
from tests.support.audit_dynamo import batch_write_item
from tests.support.audit_fakes import MemoryBundles, MemoryObjects
from tests.support.community import ulid
from tests.support.forum import Forum
from tests.support.memory_dynamo_operations import OPERATIONS
from tests.support.stack import ORIGIN, Stack

OFFICER = Actor(MemberId(ulid(1900)), "Ola", frozenset({Role.COMPLIANCE}), "legal")


@dataclass
class AuditedForum:
    """A forum with one post, and everything that keeps and gives out its log."""

    stack: Stack
    signer: LocalSigner = field(default_factory=lambda: LocalSigner(b"s" * 32, ORIGIN))
    objects: MemoryObjects = field(default_factory=MemoryObjects)
    bundles: MemoryBundles = field(default_factory=MemoryBundles)
    kept: MemoryObjects = field(default_factory=MemoryObjects)

    def __post_init__(self) -> None:
        OPERATIONS.setdefault("BatchWriteItem", batch_write_item)
        self.forum = Forum(self.stack)
        client: Any = connection_of(self.stack.forum).client
        self.table = AuditTable(lambda: client, self.stack.audit_table, ORIGIN)
        self.heads = TableSubjectHeads(lambda: client, "forum")

    def sequencer(self) -> Sequencer:
        """Return a sequencer on these stores."""
        return Sequencer(self.table, self.objects, self.signer, ORIGIN, self.stack.clock)

    def exporter(self) -> Exporter:
        """Return an exporter on these stores."""
        return Exporter(
            table=self.table,
            entries=self.table,
            heads=self.heads,
            objects=self.objects,
            bundles=self.bundles,
            signer=self.signer,
            origin=ORIGIN,
            now=self.stack.clock,
            dossiers=CaseDossiers(TableHoldings(self.stack.forum), self.stack.lists),
            kept=self.kept,
        )

    def casework(self) -> None:
        """A notice, a claim, a removal, an appeal: acts on several subjects."""
        self.forum.run(self.forum.notice())
        self.forum.run(self.forum.claim())
        self.case_id = self.forum.case.id
        self.forum.run(self.forum.decide())

    def request(self, **asked: Any) -> ExportJob:
        """Ask for an export of everything so far, or of what is asked for of it."""
        now = self.stack.clock()
        start, end = now - timedelta(days=1), now + timedelta(days=1)
        job: ExportJob = self.stack.unit_of_work.run(
            RequestExport(start=start, end=end, actor=OFFICER, **asked)
        )
        self.stack.clock.forward(seconds=10)
        return job
