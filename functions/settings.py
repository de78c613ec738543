"""The settings of a function, out of its environment, read on first use and never at import."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from os import environ

from moderation.detection.scorers.registry import SCORERS

REQUIRED = (
    "STAGE",
    "FORUM_TABLE",
    "AUDIT_TABLE",
    "LOG_BUCKET",
    "ANCHORS_BUCKET",
    "EXPORTS_BUCKET",
    "SCORE_QUEUE_URL",
    "DELIVER_QUEUE_URL",
    "EXPORT_QUEUE_URL",
    "ALARM_TOPIC_ARN",
    "UNIT_TOPIC_ARN",
    "LOG_KEY_ID",
    "LOG_ORIGIN",
    "ROOT_SECRET_ARN",
    "OIDC_ISSUER",
    "OIDC_AUDIENCE",
    "JWKS_URL",
    "MAIL_FROM",
    "OPERATOR_NAME",
    "SCORER",
    "WRITES_PER_MINUTE",
    "NOTICES_PER_MINUTE",
    "PUBLIC_URL",
)
OPTIONAL = (
    "LOG_FORMER_KEYS",
    "WITNESS_KEYS",
    "WITNESS_QUORUM",
    "TSA_URL",
    "KNOWN_FILES",
    "OPERATOR_BRANDS",
    "PRODUCT_SAFETY_MAIL",
    "SCORER_WEIGHTS",
    "URGENT_WEBHOOK_URL",
    "AWS_REGION",
    "AWS_ENDPOINT_URL",
)
MAY_BE_EMPTY = frozenset({"PUBLIC_URL"})
AUTO, RULES = "auto", "rules"
"""No scorer's name: the first one where its model is given, and none."""

FIRST_SCORER = "detoxify"
REGION_DEFAULT = "eu-central-1"


class SettingsError(RuntimeError):
    """The environment lacks something or holds what cannot be; the message names all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a function is told from outside; `docs/settings.md` says what each is for."""

    stage: str
    forum_table: str
    audit_table: str
    log_bucket: str
    anchors_bucket: str
    exports_bucket: str
    score_queue_url: str
    deliver_queue_url: str
    export_queue_url: str
    alarm_topic_arn: str
    unit_topic_arn: str
    log_key_id: str
    log_origin: str
    root_secret_arn: str
    oidc_issuer: str
    oidc_audience: str
    jwks_url: str
    mail_from: str
    operator_name: str
    scorer: str
    writes_per_minute: int
    notices_per_minute: int
    public_url: str
    log_former_keys: tuple[str, ...]
    witness_keys: tuple[str, ...]
    witness_quorum: int
    tsa_url: str | None
    known_files: str | None
    operator_brands: tuple[str, ...]
    product_safety_mail: str | None
    scorer_weights: str | None
    urgent_webhook_url: str | None
    aws_region: str
    aws_endpoint_url: str | None

    @property
    def scores(self) -> bool:
        """Whether a model reads posts beside the rules."""
        return self.scorer != RULES and self.scorer_weights is not None

    @property
    def scorer_name(self) -> str:
        """The name of the scorer, as the registry knows it; settled only where `scores`."""
        return FIRST_SCORER if self.scorer == AUTO else self.scorer


def read(environment: Mapping[str, str]) -> Settings:
    """Read an environment; SettingsError with every missing or wrong name at once."""
    missing = [
        name
        for name in REQUIRED
        if name not in environment or not (environment[name] or name in MAY_BE_EMPTY)
    ]
    wrong = [
        f"{name} is no whole number above 0"
        for name in ("WRITES_PER_MINUTE", "NOTICES_PER_MINUTE", "WITNESS_QUORUM")
        if environment.get(name) and not _is_count(environment[name])
    ]
    wrong += _wrong_with_scorer(environment.get("SCORER"), environment.get("SCORER_WEIGHTS"))
    if missing or wrong:
        raise SettingsError("; ".join([*(f"{name} is not set" for name in missing), *wrong]))
    return _settings(environment)


def _wrong_with_scorer(name: str | None, weights: str | None) -> list[str]:
    """A scorer that was asked for by name and cannot be had is no reason to go on without it."""
    if name in SCORERS and not weights:
        return [f"SCORER is {name}, and SCORER_WEIGHTS does not say where its model is"]
    known = (AUTO, RULES, *SCORERS)
    return [f"SCORER is none of {', '.join(known)}"] if name and name not in known else []


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) > 0


def _words(text: str | None) -> tuple[str, ...]:
    """What stands between the commas."""
    return tuple(word for part in (text or "").split(",") if (word := part.strip()))


def _settings(environment: Mapping[str, str]) -> Settings:
    return Settings(
        stage=environment["STAGE"],
        forum_table=environment["FORUM_TABLE"],
        audit_table=environment["AUDIT_TABLE"],
        log_bucket=environment["LOG_BUCKET"],
        anchors_bucket=environment["ANCHORS_BUCKET"],
        exports_bucket=environment["EXPORTS_BUCKET"],
        score_queue_url=environment["SCORE_QUEUE_URL"],
        deliver_queue_url=environment["DELIVER_QUEUE_URL"],
        export_queue_url=environment["EXPORT_QUEUE_URL"],
        alarm_topic_arn=environment["ALARM_TOPIC_ARN"],
        unit_topic_arn=environment["UNIT_TOPIC_ARN"],
        log_key_id=environment["LOG_KEY_ID"],
        log_origin=environment["LOG_ORIGIN"],
        root_secret_arn=environment["ROOT_SECRET_ARN"],
        oidc_issuer=environment["OIDC_ISSUER"],
        oidc_audience=environment["OIDC_AUDIENCE"],
        jwks_url=environment["JWKS_URL"],
        mail_from=environment["MAIL_FROM"],
        operator_name=environment["OPERATOR_NAME"],
        scorer=environment["SCORER"],
        writes_per_minute=int(environment["WRITES_PER_MINUTE"]),
        notices_per_minute=int(environment["NOTICES_PER_MINUTE"]),
        public_url=environment["PUBLIC_URL"].rstrip("/"),
        log_former_keys=_words(environment.get("LOG_FORMER_KEYS")),
        witness_keys=_words(environment.get("WITNESS_KEYS")),
        witness_quorum=int(environment.get("WITNESS_QUORUM") or 1),
        tsa_url=environment.get("TSA_URL") or None,
        known_files=environment.get("KNOWN_FILES") or None,
        operator_brands=_words(environment.get("OPERATOR_BRANDS")),
        product_safety_mail=environment.get("PRODUCT_SAFETY_MAIL") or None,
        scorer_weights=environment.get("SCORER_WEIGHTS") or None,
        urgent_webhook_url=environment.get("URGENT_WEBHOOK_URL") or None,
        aws_region=environment.get("AWS_REGION") or REGION_DEFAULT,
        aws_endpoint_url=environment.get("AWS_ENDPOINT_URL") or None,
    )


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read(environ)
