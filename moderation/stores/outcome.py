"""What DynamoDB's refusals mean: try again from the start, ask again, or a bug."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError
from pynamodb.exceptions import PynamoDBException, TransactWriteError

from moderation.errors import Unavailable

CANCELLED = "TransactionCanceledException"
LOST = frozenset(
    {
        "ConditionalCheckFailed",
        "TransactionConflict",
        "ProvisionedThroughputExceeded",
        "ThrottlingError",
    }
)
"""Reasons for which a transaction is cancelled that reading again and deciding anew can mend."""

BUSY = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingException",
        "TransactionConflictException",
    }
)
"""Refusals of a whole request that carried nothing out."""

UNKNOWN = frozenset(
    {
        "InternalFailure",
        "InternalServerError",
        "ServiceUnavailable",
        "TransactionInProgressException",
    }
)
"""Answers after which the request may or may not have been carried out."""


LINE = (ConnectionError, HTTPClientError)
"""No answer at all. Other errors of botocore's own, such as missing credentials, are bugs."""


class LostRaceError(Exception):
    """Nothing was written; somebody else was faster, or the table is busy."""


class UnknownOutcomeError(Exception):
    """The answer was lost. The same request with the same token finds out."""


class StoreMisuseError(RuntimeError):
    """A command or a caller asks for what the store never does: a bug, never a user's fault."""


def raise_refused(error: TransactWriteError, writes: tuple[str, ...]) -> None:
    """Raise what a failed transaction means; the original error where it is a bug.

    Reasons of a cancelled transaction come one for each write, in the order sent.
    """
    code = code_of(error)
    if code == CANCELLED:
        reasons = [reason.code if reason else None for reason in error.cancellation_reasons]
        failed = {write: why for write, why in zip(writes, reasons, strict=True) if why}
        if failed and LOST.issuperset(failed.values()):
            raise LostRaceError(failed) from error
        raise StoreMisuseError(failed) from error
    if code in BUSY:
        raise LostRaceError(code) from error
    if _is_unanswered(error):
        raise UnknownOutcomeError(str(error.cause)) from error
    raise error


@contextmanager
def reading() -> Iterator[None]:
    """Turn a read or a count that was not answered into Unavailable; a bug stays what it is."""
    try:
        yield
    except PynamoDBException as error:
        if code_of(error) in BUSY or _is_unanswered(error):
            raise Unavailable("The store does not answer. Please try again.") from error
        raise


def code_of(error: PynamoDBException) -> str | None:
    """DynamoDB's code of an error, None where it never answered.

    PynamoDB's own `cause_response_code` fails on a lost connection, whose `response` is None.
    """
    cause = error.cause
    return cause.response["Error"]["Code"] if isinstance(cause, ClientError) else None


def _is_unanswered(error: PynamoDBException) -> bool:
    return code_of(error) in UNKNOWN or isinstance(error.cause, LINE)
