"""Mail by SES."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError

from moderation.errors import Unavailable
from moderation.stores.mailer import SesMailer


@dataclass(slots=True)
class FakeSes:
    """Keeps what it is asked to send, or refuses."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    error: Exception | None = None

    def send_email(self, **mail: Any) -> Any:
        """Send one mail."""
        if self.error is not None:
            raise self.error
        self.sent.append(mail)


def test_a_mail_is_plain_text_from_the_operator() -> None:
    """A subject is one line whatever is in it, so nobody adds a header."""
    ses = FakeSes()
    SesMailer(ses, "forum@example.com").send("a@example.com", "Ihre\r\nBcc: x\tMeldung", "Größe")

    assert ses.sent == [
        {
            "Source": "forum@example.com",
            "Destination": {"ToAddresses": ["a@example.com"]},
            "Message": {
                "Subject": {"Data": "Ihre Bcc: x Meldung", "Charset": "UTF-8"},
                "Body": {"Text": {"Data": "Größe", "Charset": "UTF-8"}},
            },
        }
    ]


def test_mail_that_is_not_taken_is_said() -> None:
    """The outbox keeps it."""
    refusal = ClientError({"Error": {"Code": "MessageRejected"}}, "SendEmail")

    with pytest.raises(Unavailable):
        SesMailer(FakeSes(error=refusal), "f@example.com").send("a@example.com", "s", "t")
