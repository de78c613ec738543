"""What a function takes from outside itself: the time, fresh ids, AWS, and the root secret."""

# ruff: noqa: PLC0415

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from functions.settings import settings

if TYPE_CHECKING:
    from botocore.session import Session

CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 5
HASTY_TIMEOUT_S = 2


def now() -> datetime:
    """The time: aware UTC in whole milliseconds."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


@cache
def new_id() -> Callable[[], str]:
    """A source of ULIDs."""
    from moderation.ids import ulid_source

    return ulid_source(lambda: datetime.now(UTC), secrets.token_bytes)


@cache
def session() -> "Session":
    """The one session of botocore: each reads and keeps the descriptions of AWS for itself."""
    import botocore.session

    return botocore.session.get_session()


@cache
def client(service: str, *, hasty: bool = False) -> Any:
    """A client of an AWS service; its calls give up after a few seconds and try twice more.

    A hasty one tries once and gives up after two seconds: for what somebody could do without.
    """
    from botocore.config import Config

    return session().create_client(
        service,
        region_name=settings().aws_region,
        endpoint_url=settings().aws_endpoint_url,
        config=Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=HASTY_TIMEOUT_S if hasty else READ_TIMEOUT_S,
            retries={"total_max_attempts": 1 if hasty else 3, "mode": "standard"},
        ),
    )


@cache
def root_secret() -> bytes:
    """The root secret, fetched once. Fails closed: Unavailable while it cannot be had."""
    from botocore.exceptions import BotoCoreError, ClientError

    from moderation.errors import Unavailable

    try:
        answer = client("secretsmanager").get_secret_value(SecretId=settings().root_secret_arn)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("A secret this needs cannot be had at the moment.") from error
    secret: str = answer["SecretString"]
    return secret.encode()
