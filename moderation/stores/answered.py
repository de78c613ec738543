"""What it means that AWS did not answer a call of botocore's: not now, or a bug."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from botocore.exceptions import ClientError

from moderation.errors import Unavailable
from moderation.stores.outcome import BUSY, LINE

THROTTLED = BUSY | {"SlowDown", "TooManyRequestsException", "LimitExceededException"}


@contextmanager
def answered() -> Iterator[None]:
    """Turn a lost, failed or throttled call into Unavailable; a refusal stays what it is."""
    try:
        yield
    except LINE as error:
        raise Unavailable("Something this needs does not answer. Please try again.") from error
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        code = error.response.get("Error", {}).get("Code")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or code in THROTTLED:
            raise Unavailable("Something this needs does not answer. Please try again.") from error
        raise
