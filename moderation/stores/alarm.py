"""The ports `Alarm` and `UnitAlarm` on SNS topics and, for alarms, a webhook where there is one.

Fails closed: unless at least one channel took the alarm, it is raised, and the outbox tries again.
Whoever can write to the topic can wake people for nothing; whoever can remove its subscribers can
let an alarm go unheard, which the case's clocks still show.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from moderation.errors import Unavailable
from moderation.ports import Alarm
from moderation.stores.web import checked_url, post

SUBJECT_CHARACTERS = 100
EVERY_UNIT = "all"


class SnsClient(Protocol):
    """The one call of boto3's SNS client that is used."""

    def publish(
        self,
        *,
        TopicArn: str,  # noqa: N803
        Subject: str,  # noqa: N803
        Message: str,  # noqa: N803
        MessageAttributes: Mapping[str, Any] = ...,  # noqa: N803
    ) -> Any:
        """Publish to a topic."""


@dataclass(frozen=True, slots=True)
class SnsAlarm:
    """Publishes to the alarm topic; who subscribes (mail, SMS, pager) is the operator's choice."""

    client: SnsClient
    topic_arn: str

    def raise_alarm(self, subject: str, text: str) -> None:
        """Publish once."""
        try:
            self.client.publish(TopicArn=self.topic_arn, Subject=_line(subject), Message=text)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The alarm topic did not take the message.") from error


@dataclass(frozen=True, slots=True)
class SnsUnitAlarm:
    """The `UnitAlarm` port: publishes with the unit as attribute, by which subscribers filter.

    Fails closed, as the alarm does. Whoever can remove a unit's subscription can let customers
    wait unheard; the board's list of waiting threads still shows them.
    """

    client: SnsClient
    topic_arn: str

    def tell_unit(self, unit: str | None, subject: str, text: str) -> None:
        """Publish once; `unit` None is `all`."""
        named = {"unit": {"DataType": "String", "StringValue": unit or EVERY_UNIT}}
        try:
            self.client.publish(
                TopicArn=self.topic_arn,
                Subject=_line(subject),
                Message=text,
                MessageAttributes=named,
            )
        except (BotoCoreError, ClientError) as error:
            raise Unavailable("The units' topic did not take the message.") from error


def _line(subject: str) -> str:
    """SNS takes a subject of one line and at most 100 ASCII characters."""
    return " ".join(subject.split()).encode("ascii", "replace").decode()[:SUBJECT_CHARACTERS]


@dataclass(frozen=True, slots=True)
class WebhookAlarm:
    """Posts `{"subject", "text"}` as JSON to one address; taken is a 2xx within five seconds."""

    url: str

    def __post_init__(self) -> None:
        checked_url(self.url)

    def raise_alarm(self, subject: str, text: str) -> None:
        """Post once; Unavailable for any answer but 2xx."""
        message = json.dumps({"subject": subject, "text": text}, ensure_ascii=False)
        post(self.url, message.encode(), "application/json")


@dataclass(frozen=True, slots=True)
class Alarms:
    """Every channel there is, each tried; one that took it is enough."""

    channels: tuple[Alarm, ...]

    def raise_alarm(self, subject: str, text: str) -> None:
        """Raise on all channels; Unavailable where none took it."""
        refused = 0
        for channel in self.channels:
            try:
                channel.raise_alarm(subject, text)
            except Unavailable:
                refused += 1
        if refused == len(self.channels):
            raise Unavailable("No channel took the alarm.")
