"""What leaves the house: searches, exports, links to them; and what is erased."""

# ruff: noqa: PLC0415

from functools import cache
from typing import TYPE_CHECKING

from functions.outside import client, now
from functions.settings import settings
from functions.wiring import log, tables

if TYPE_CHECKING:
    from moderation.audit.export import Exporter
    from moderation.compliance.entry_list import EntryList
    from moderation.compliance.erasure_saga import Eraser


@cache
def entry_list() -> "EntryList":
    """Finds entries of the audit log."""
    from moderation.compliance.case_dossier import CaseDossiers
    from moderation.compliance.case_entries import CaseEntryList
    from moderation.stores.entry_list import TableEntryList

    return CaseEntryList(
        TableEntryList(
            client=tables.dynamodb, table=settings().audit_table, places=tables.audit_table().places
        ),
        CaseDossiers(tables.holdings(), tables.lists()),
        tables.audit_table(),
    )


@cache
def exporter() -> "Exporter":
    """Builds exports of the audit log."""
    from moderation.audit.export import Exporter
    from moderation.compliance.case_dossier import CaseDossiers
    from moderation.stores.objects import S3Bundles, S3Objects
    from moderation.stores.subject_heads import TableSubjectHeads

    return Exporter(
        table=tables.audit_table(),
        entries=tables.audit_table(),
        heads=TableSubjectHeads(tables.dynamodb, settings().forum_table),
        objects=log.objects(),
        bundles=S3Bundles(client("s3"), settings().exports_bucket),
        signer=log.signer(),
        origin=settings().log_origin,
        now=now,
        anchors=log.anchors(),
        dossiers=CaseDossiers(tables.holdings(), tables.lists()),
        kept=S3Objects(client("s3"), settings().exports_bucket),
        former=log.keys_of(settings().log_former_keys),
        witnessed=bool(settings().witness_keys),
        timestamper=log.timestamper(),
    )


@cache
def eraser() -> "Eraser":
    """Carries erasures out."""
    from moderation.audit.order import PERSONAL
    from moderation.compliance.erasure_saga import Eraser
    from moderation.stores.objects import S3Shelf
    from moderation.stores.traces import TableTraces

    return Eraser(
        work=tables.unit_of_work(),
        holdings=tables.holdings(),
        lists=tables.lists(),
        traces=TableTraces(tables.forum()),
        shelf=S3Shelf(client("s3"), settings().exports_bucket, PERSONAL),
        now=now,
    )


def export_url(object_key: str) -> str:
    """The address of a bundle, good for five minutes."""
    from moderation.compliance.export_job import LINK_LIFETIME

    url: str = client("s3").generate_presigned_url(
        "get_object",
        Params={"Bucket": settings().exports_bucket, "Key": object_key},
        ExpiresIn=int(LINK_LIFETIME.total_seconds()),
    )
    return url
