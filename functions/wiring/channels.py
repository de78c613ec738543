"""The ways out: queues, alarms, mail."""

# ruff: noqa: PLC0415

from functools import cache
from typing import TYPE_CHECKING

from functions.outside import client
from functions.settings import settings

if TYPE_CHECKING:
    from moderation.ports import Alarm, Mailer, Queue, UnitAlarm


@cache
def score_queue() -> "Queue":
    """Posts to be scored."""
    return _queue(settings().score_queue_url)


@cache
def deliver_queue() -> "Queue":
    """Messages to be delivered."""
    return _queue(settings().deliver_queue_url)


@cache
def export_queue() -> "Queue":
    """Exports to be built."""
    return _queue(settings().export_queue_url)


def _queue(url: str) -> "Queue":
    from moderation.stores.queues import SqsQueue

    return SqsQueue(client("sqs"), url)


@cache
def alarm() -> "Alarm":
    """Wakes a human: the topic, and the webhook where there is one."""
    from moderation.stores.alarm import Alarms, SnsAlarm, WebhookAlarm

    topic = SnsAlarm(client("sns"), settings().alarm_topic_arn)
    webhook = settings().urgent_webhook_url
    return Alarms((topic, WebhookAlarm(webhook)) if webhook else (topic,))


@cache
def unit_alarm() -> "UnitAlarm":
    """Tells a unit of customers who wait."""
    from moderation.stores.alarm import SnsUnitAlarm

    return SnsUnitAlarm(client("sns"), settings().unit_topic_arn)


@cache
def mailer() -> "Mailer":
    """Sends mail."""
    from moderation.stores.mailer import SesMailer

    return SesMailer(client("ses"), settings().mail_from)
