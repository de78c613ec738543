"""The audit log: what signs it, keeps it, sequences it and answers for it."""

# ruff: noqa: PLC0415

from functools import cache
from typing import TYPE_CHECKING

from functions.outside import client, now
from functions.settings import settings
from functions.wiring import tables

if TYPE_CHECKING:
    from moderation.audit.keys import VerificationKey
    from moderation.audit.ports import ObjectStore, Signer, Timestamper
    from moderation.audit.public_log import PublicLog
    from moderation.audit.receipt import Receipts
    from moderation.audit.sequence import Sequencer


@cache
def signer() -> "Signer":
    """Signs checkpoints with the log's key in KMS."""
    from moderation.stores.signer import KmsSigner

    return KmsSigner(client("kms"), settings().log_key_id, settings().log_origin)


@cache
def objects() -> "ObjectStore":
    """The published log."""
    from moderation.stores.objects import S3Objects

    return S3Objects(client("s3"), settings().log_bucket)


@cache
def anchors() -> "ObjectStore":
    """The daily anchors, under object lock."""
    from moderation.stores.objects import S3Objects

    return S3Objects(client("s3"), settings().anchors_bucket)


@cache
def timestamper() -> "Timestamper | None":
    """The time-stamp authority, where there is one."""
    url = settings().tsa_url
    if url is None:
        return None
    from moderation.stores.timestamper import HttpTimestamper

    return HttpTimestamper(url)


def stamp_anchor() -> bool:
    """Have today's anchor stamped, where there is an authority; whether it was now."""
    authority = timestamper()
    if authority is None:
        return False
    from moderation.audit.stamping import AnchorStamps

    return AnchorStamps(anchors(), authority, now).run()


@cache
def sequencer() -> "Sequencer":
    """Sequences the audit log."""
    from moderation.audit.sequence import Sequencer

    return Sequencer(
        tables.audit_table(),
        objects(),
        signer(),
        settings().log_origin,
        now,
        anchors(),
        keys_of(settings().log_former_keys),
        keys_of(settings().witness_keys),
    )


@cache
def public_log() -> "PublicLog":
    """The log as it answers outsiders; asks KMS for the log's public key."""
    from moderation.audit.cosigning import Cosigning
    from moderation.audit.log_reader import LogReader
    from moderation.audit.public_log import PublicLog

    known, key = settings(), signer().key
    reader = LogReader(objects(), known.log_origin, [key, *keys_of(known.log_former_keys)])
    witnesses = keys_of(known.witness_keys)
    cosigning = Cosigning(objects(), reader, witnesses, known.witness_quorum, now)
    return PublicLog(key, reader, tables.audit_table(), cosigning)


@cache
def receipts() -> "Receipts":
    """Gives out receipts; nobody waits long for a signature that does not come."""
    from moderation.stores.receipts import TableReceipts
    from moderation.stores.signer import KmsSigner

    known = settings()
    signer = KmsSigner(client("kms", hasty=True), known.log_key_id, known.log_origin)
    return TableReceipts(tables.audit_table(), signer)


def keys_of(vkeys: tuple[str, ...]) -> "tuple[VerificationKey, ...]":
    """Verification keys as the settings name them."""
    from moderation.audit.keys import parse_key

    return tuple(map(parse_key, vkeys))
