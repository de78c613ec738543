"""The composition root: the one place where parts are put together, each when first asked for.

Every function here makes its part once a process. Imports stand inside, so that a worker starts
with what it needs and nothing else. Nothing is fetched at import; the root secret is fetched once a
container, when a key is first derived from it.
"""

# ruff: noqa: PLC0415

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from functions.keyring import Keyring
from functions.outside import client, new_id, root_secret
from functions.settings import RULES, settings

if TYPE_CHECKING:
    from moderation.audit.export import Exporter
    from moderation.audit.keys import VerificationKey
    from moderation.audit.ports import ObjectStore, Signer
    from moderation.audit.public_log import PublicLog
    from moderation.audit.receipt import Receipts
    from moderation.audit.sequence import Sequencer
    from moderation.cases.house_rules import HouseRules
    from moderation.change import UnitOfWork
    from moderation.community.intake import Intake
    from moderation.community.post import Post
    from moderation.compliance.entry_list import EntryList
    from moderation.compliance.erasure_saga import Eraser
    from moderation.compliance.holdings import Holdings
    from moderation.detection.facts import Facts
    from moderation.detection.scorer import Scorer
    from moderation.detection.verdict import Verdict
    from moderation.ports import (
        Alarm,
        Lists,
        Mailer,
        Queue,
        RateCounter,
        UnitAlarm,
        WorkList,
    )
    from moderation.rulesets.book import RuleBook
    from moderation.stores.audit_table import AuditTable
    from moderation.stores.forum_table import ForumItem


def now() -> datetime:
    """The time: aware UTC in whole milliseconds."""
    at = datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


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
        known.forum_table, region=known.aws_region, endpoint_url=known.aws_endpoint_url
    )


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
def entry_list() -> "EntryList":
    """Finds entries of the audit log."""
    from moderation.compliance.case_dossier import CaseDossiers
    from moderation.compliance.case_entries import CaseEntryList
    from moderation.stores.entry_list import TableEntryList

    return CaseEntryList(
        TableEntryList(client=dynamodb, table=settings().audit_table, places=audit_table().places),
        CaseDossiers(holdings(), lists()),
        audit_table(),
    )


@cache
def audit_table() -> "AuditTable":
    """What the audit log keeps in its table."""
    from moderation.stores.audit_table import AuditTable

    return AuditTable(dynamodb, settings().audit_table, settings().log_origin)


def dynamodb() -> Any:
    """The client that the unit of work has opened, so that there is one and not two."""
    from moderation.stores.forum_table import connection_of

    return cast("Any", connection_of(forum()).client)


@cache
def log_signer() -> "Signer":
    """Signs checkpoints with the log's key in KMS."""
    from moderation.stores.signer import KmsSigner

    return KmsSigner(client("kms"), settings().log_key_id, settings().log_origin)


@cache
def log_objects() -> "ObjectStore":
    """The published log."""
    from moderation.stores.objects import S3Objects

    return S3Objects(client("s3"), settings().log_bucket)


@cache
def anchors() -> "ObjectStore":
    """The daily anchors, under object lock."""
    from moderation.stores.objects import S3Objects

    return S3Objects(client("s3"), settings().anchors_bucket)


@cache
def sequencer() -> "Sequencer":
    """Sequences the audit log."""
    from moderation.audit.sequence import Sequencer

    return Sequencer(
        audit_table(),
        log_objects(),
        log_signer(),
        settings().log_origin,
        now,
        anchors(),
        _keys(settings().log_former_keys),
        _keys(settings().witness_keys),
    )


def _keys(vkeys: tuple[str, ...]) -> "tuple[VerificationKey, ...]":
    from moderation.audit.keys import parse_key

    return tuple(map(parse_key, vkeys))


@cache
def public_log() -> "PublicLog":
    """The log as it answers outsiders; asks KMS for the log's public key."""
    from moderation.audit.cosigning import Cosigning
    from moderation.audit.log_reader import LogReader
    from moderation.audit.public_log import PublicLog

    known, key = settings(), log_signer().key
    reader = LogReader(log_objects(), known.log_origin, [key, *_keys(known.log_former_keys)])
    witnesses = _keys(known.witness_keys)
    cosigning = Cosigning(log_objects(), reader, witnesses, known.witness_quorum, now)
    return PublicLog(key, reader, audit_table(), cosigning)


@cache
def receipts() -> "Receipts":
    """Gives out receipts; nobody waits long for a signature that does not come."""
    from moderation.stores.receipts import TableReceipts
    from moderation.stores.signer import KmsSigner

    known = settings()
    signer = KmsSigner(client("kms", hasty=True), known.log_key_id, known.log_origin)
    return TableReceipts(audit_table(), signer)


@cache
def exporter() -> "Exporter":
    """Builds exports of the audit log."""
    from moderation.audit.export import Exporter
    from moderation.compliance.case_dossier import CaseDossiers
    from moderation.stores.objects import S3Bundles, S3Objects
    from moderation.stores.subject_heads import TableSubjectHeads

    return Exporter(
        table=audit_table(),
        entries=audit_table(),
        heads=TableSubjectHeads(dynamodb, settings().forum_table),
        objects=log_objects(),
        bundles=S3Bundles(client("s3"), settings().exports_bucket),
        signer=log_signer(),
        origin=settings().log_origin,
        now=now,
        anchors=anchors(),
        dossiers=CaseDossiers(holdings(), lists()),
        kept=S3Objects(client("s3"), settings().exports_bucket),
        former=_keys(settings().log_former_keys),
        witnessed=bool(settings().witness_keys),
    )


@cache
def eraser() -> "Eraser":
    """Carries erasures out."""
    from moderation.audit.order import PERSONAL
    from moderation.compliance.erasure_saga import Eraser
    from moderation.stores.objects import S3Shelf
    from moderation.stores.traces import TableTraces

    return Eraser(
        work=unit_of_work(),
        holdings=holdings(),
        lists=lists(),
        traces=TableTraces(forum()),
        shelf=S3Shelf(client("s3"), settings().exports_bucket, PERSONAL),
        now=now,
    )


@cache
def holdings() -> "Holdings":
    """The records with what binds them to the log."""
    from moderation.stores.holdings import TableHoldings

    return TableHoldings(forum())


def export_url(object_key: str) -> str:
    """The address of a bundle, good for five minutes."""
    from moderation.compliance.export_job import LINK_LIFETIME

    url: str = client("s3").generate_presigned_url(
        "get_object",
        Params={"Bucket": settings().exports_bucket, "Key": object_key},
        ExpiresIn=int(LINK_LIFETIME.total_seconds()),
    )
    return url


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


@cache
def house_rules() -> "HouseRules":
    """What the operator has settled."""
    from moderation.cases.house_rules import HouseRules

    known = settings()
    return HouseRules(
        operator=known.operator_name,
        public_url=known.public_url,
        contact=known.mail_from,
        product_safety=known.product_safety_mail,
    )


@cache
def settings_in_force() -> "Mapping[str, str]":
    """Every setting, rule of the house and the terms, each as a keyed digest."""
    from functions.effective import in_force

    return in_force(settings(), house_rules(), keyring())


@cache
def rule_book() -> "RuleBook":
    """The rules and the boards' policies in force."""
    from functions.workers import journal
    from moderation.detection.ruleset import shipped
    from moderation.rulesets.book import RuleBook

    return RuleBook(
        read=unit_of_work().read,
        seconds=time.monotonic,
        shipped=shipped,
        failed=lambda error: journal.failed("rules", "ruleset:in-force", error),
    )


@cache
def intake() -> "Intake":
    """Renders texts, and screens them by the rules in force at that moment."""
    from moderation.community.intake import Intake
    from moderation.community.markup import render
    from moderation.detection.facts import Facts
    from moderation.detection.operator import names_of

    known = settings()
    return Intake(
        render=render,
        screen=_screen(known.known_files),
        policy=rule_book().policy,
        facts=Facts(operator_names=names_of(known.operator_name, known.operator_brands)),
        owes_score=known.scores,
    )


def _screen(known_files: str | None) -> "Callable[[str, Facts], Verdict]":
    """Screens by the rules in force, and by the list of known files where there is one."""
    from pathlib import Path

    from moderation.detection.known_list import read_list
    from moderation.detection.pipeline import with_known

    by_rules = rule_book().screen
    if known_files is None:
        return by_rules
    listed = read_list(Path(known_files))
    return lambda text, facts: with_known(by_rules(text, facts), text, facts.board, listed)


@cache
def score() -> "Callable[[Post], Verdict]":
    """Has the model read a post; where there is none any more, a human is asked instead."""
    from moderation.community.scored import scored
    from moderation.community.unscored import unscored

    known = settings()
    if not known.scores:
        return lambda post: unscored(post.language)
    name, weights = known.scorer_name, str(known.scorer_weights)
    return lambda post: scored(post, _scorer(name, weights), rule_book().policy(post.board))


@cache
def _scorer(name: str, weights: str) -> "Scorer":
    from moderation.detection.scorers.registry import open_scorer

    return open_scorer(name, weights)


def rules_name() -> str:
    """The rule set in force, as `detector@version`."""
    return rule_book().rules().name


def scorer_name() -> str:
    """What reads posts beside the rules, in words for people."""
    if settings().scorer == RULES:
        return "rules only: the model is switched off"
    return settings().scorer_name if settings().scores else "rules only: no model weights"
