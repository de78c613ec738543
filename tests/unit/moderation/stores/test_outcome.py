"""What DynamoDB's refusals mean."""

from collections.abc import Callable

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)
from pynamodb.exceptions import (
    CancellationReason,
    GetError,
    TransactWriteError,
    VerboseClientError,
)

from moderation.errors import Unavailable
from moderation.stores.outcome import (
    LostRaceError,
    StoreMisuseError,
    UnknownOutcomeError,
    code_of,
    raise_refused,
    reading,
)

WRITES = ("put a", "put b", "put c")


def cancelled(*codes: str) -> TransactWriteError:
    """A cancelled transaction with these reasons."""
    reasons = [None if code == "None" else CancellationReason(code) for code in codes]
    response = {"Error": {"Code": "TransactionCanceledException"}}
    cause = VerboseClientError(response, "TransactWriteItems", cancellation_reasons=reasons)
    return TransactWriteError("failed", cause)


def answered(code: str) -> TransactWriteError:
    """A request refused as a whole."""
    return TransactWriteError(
        "failed", ClientError({"Error": {"Code": code}}, "TransactWriteItems")
    )


def unanswered(cause: Exception) -> TransactWriteError:
    """A request without an answer."""
    return TransactWriteError("failed", cause)


URL = "http://memory.invalid"
MEANINGS: list[tuple[TransactWriteError, type[Exception]]] = [
    (cancelled("None", "ConditionalCheckFailed", "None"), LostRaceError),
    (cancelled("TransactionConflict", "None", "None"), LostRaceError),
    (cancelled("ThrottlingError", "None", "ProvisionedThroughputExceeded"), LostRaceError),
    (cancelled("ConditionalCheckFailed", "ValidationError", "None"), StoreMisuseError),
    (cancelled("None", "ItemCollectionSizeLimitExceeded", "None"), StoreMisuseError),
    (cancelled("None", "None", "None"), StoreMisuseError),
    (answered("ThrottlingException"), LostRaceError),
    (answered("ProvisionedThroughputExceededException"), LostRaceError),
    (answered("InternalServerError"), UnknownOutcomeError),
    (answered("TransactionInProgressException"), UnknownOutcomeError),
    (answered("ValidationException"), TransactWriteError),
    (answered("AccessDeniedException"), TransactWriteError),
    (answered("IdempotentParameterMismatchException"), TransactWriteError),
    (unanswered(ConnectionClosedError(endpoint_url=URL)), UnknownOutcomeError),
    (unanswered(EndpointConnectionError(endpoint_url=URL)), UnknownOutcomeError),
    (unanswered(ReadTimeoutError(endpoint_url=URL)), UnknownOutcomeError),
    (unanswered(NoCredentialsError()), TransactWriteError),
]


@pytest.mark.parametrize(("error", "meaning"), MEANINGS)
def test_a_refusal_has_one_meaning(error: TransactWriteError, meaning: type[Exception]) -> None:
    """Lost race: decide anew. Unknown: ask again. Everything else is a bug."""
    with pytest.raises(meaning) as raised:
        raise_refused(error, WRITES)
    assert meaning is type(raised.value)


def test_a_cancelled_transaction_names_the_writes_that_failed() -> None:
    """The reasons come one for each write, in the order sent."""
    with pytest.raises(LostRaceError) as raised:
        raise_refused(cancelled("None", "None", "TransactionConflict"), WRITES)
    assert ({"put c": "TransactionConflict"},) == raised.value.args


def test_as_many_reasons_as_writes_are_expected() -> None:
    """Fewer would be matched to the wrong ones."""
    with pytest.raises(ValueError, match="shorter"):
        raise_refused(cancelled("None"), WRITES)


@pytest.mark.parametrize(
    ("cause", "meaning"),
    [
        (ConnectionClosedError(endpoint_url=URL), Unavailable),
        (ClientError({"Error": {"Code": "ThrottlingException"}}, "Query"), Unavailable),
        (ClientError({"Error": {"Code": "InternalServerError"}}, "Query"), Unavailable),
        (ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "Query"), GetError),
        (NoCredentialsError(), GetError),
    ],
)
def test_a_read_without_an_answer_is_unavailable(
    cause: Exception, meaning: type[Exception]
) -> None:
    """And a bug stays a bug."""
    with pytest.raises(meaning), reading():
        raise GetError("failed", cause)


def test_the_code_of_a_lost_connection_is_none() -> None:
    """PynamoDB's own property fails on it."""
    error = GetError("failed", ConnectionClosedError(endpoint_url=URL))
    assert code_of(error) is None
    ask: Callable[[], object] = lambda: error.cause_response_code  # noqa: E731
    with pytest.raises(AttributeError):
        ask()
