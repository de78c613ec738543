"""What is put together over the two tables."""

# ruff: noqa: PLC0415

import secrets
import time
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from functions.keyring import Keyring
from functions.outside import new_id, now, root_secret, session
from functions.settings import settings

if TYPE_CHECKING:
    from moderation.change import UnitOfWork
    from moderation.compliance.holdings import Holdings
    from moderation.ports import Lists, RateCounter, WorkList
    from moderation.stores.audit_table import AuditTable
    from moderation.stores.forum_table import ForumItem


@cache
def keyring() -> Keyring:
    """What is derived from the root secret."""
    return Keyring(root_secret)


@cache
def forum() -> "type[ForumItem]":
    """The `forum` table."""
    from moderation.stores.forum_table import open_forum

    known = settings()
    return open_forum(
        known.forum_table,
        region=known.aws_region,
        endpoint_url=known.aws_endpoint_url,
        session=session(),
    )


def dynamodb() -> Any:
    """The client that the unit of work has opened, so that there is one and not two."""
    from moderation.stores.forum_table import connection_of

    return cast("Any", connection_of(forum()).client)


@cache
def unit_of_work() -> "UnitOfWork":
    """Carries commands out."""
    from moderation.audit.pseudonym import year_key
    from moderation.stores.chain import Notary
    from moderation.stores.unit_of_work import TransactionalUnitOfWork

    notary = Notary(
        origin=settings().log_origin,
        year_key=cache(lambda year: year_key(keyring().root, year)),
        new_id=new_id(),
        random_bytes=secrets.token_bytes,
    )
    return TransactionalUnitOfWork(
        forum=forum(),
        audit_table=settings().audit_table,
        notary=notary,
        clock=now,
        sleep_ms=lambda ms: time.sleep(ms / 1000),
    )


@cache
def lists() -> "Lists":
    """The lists."""
    from moderation.stores.lists import TableLists

    return TableLists(forum())


@cache
def work_list() -> "WorkList":
    """What must happen and has not yet."""
    from moderation.stores.work_list import TableWorkList

    return TableWorkList(forum())


@cache
def rate_counter() -> "RateCounter":
    """Counts writes."""
    from moderation.stores.rate_counter import TableRateCounter

    return TableRateCounter(forum())


@cache
def holdings() -> "Holdings":
    """The records with what binds them to the log."""
    from moderation.stores.holdings import TableHoldings

    return TableHoldings(forum())


@cache
def audit_table() -> "AuditTable":
    """What the audit log keeps in its table."""
    from moderation.stores.audit_table import AuditTable

    return AuditTable(dynamodb, settings().audit_table, settings().log_origin)
