"""The `Mailer` port on SES (its first API, which every emulator has).

Fails closed: what SES did not take is raised, and the outbox keeps the message. Whoever can use it
can send mail in the operator's name; the role that may is that of the deliver worker alone.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from moderation.errors import Unavailable

CHARSET = "UTF-8"


class SesClient(Protocol):
    """The one call of boto3's SES client that is used."""

    def send_email(self, *, Source: str, Destination: Any, Message: Any) -> Any:  # noqa: N803
        """Send one mail."""


@dataclass(frozen=True, slots=True)
class SesMailer:
    """Sends from one address, `sender`, which SES has verified."""

    client: SesClient
    sender: str

    def send(self, to: str, subject: str, text: str) -> None:
        """Send one plain-text mail; Unavailable where SES did not take it.

        A subject is one line: line breaks in it become spaces, so that no header can be added.
        """
        message = {
            "Subject": {"Data": " ".join(subject.split()), "Charset": CHARSET},
            "Body": {"Text": {"Data": text, "Charset": CHARSET}},
        }
        try:
            self.client.send_email(
                Source=self.sender, Destination={"ToAddresses": [to]}, Message=message
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The mail was not taken.") from error
