"""The categories of unlawful, harmful and protected content, and what each of them entails.

The facts are data (`taxonomy.json`, versioned by date): severity, what automation may do alone and
why, the DSA category and keywords, the norms that may be a decision's ground, deadlines, queue.
How the readings of the taxonomy were settled stands in `docs/design/020-detection-taxonomy.md`.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Literal

_DATA = Path(__file__).with_name("taxonomy.json")


class Category(StrEnum):
    """A code of the taxonomy; stable, since decisions and statements of reasons carry it."""

    TERROR_ORDER = "TERROR_ORDER"
    TERROR = "TERROR"
    LIFE_THREAT = "LIFE_THREAT"
    CSAM = "CSAM"
    GROOMING = "GROOMING"
    TRAFFICKING = "TRAFFICKING"
    HATE = "HATE"
    DENIAL = "DENIAL"
    SYMBOL = "SYMBOL"
    GROUP_INSULT = "GROUP_INSULT"
    INCITE = "INCITE"
    GORE = "GORE"
    CRIM_ORG = "CRIM_ORG"
    STATE_FAKE = "STATE_FAKE"
    THREAT = "THREAT"
    STALK = "STALK"
    DOX = "DOX"
    NCII = "NCII"
    INSULT = "INSULT"
    DEFAM_FACT = "DEFAM_FACT"
    DEAD = "DEAD"
    RELIGION = "RELIGION"
    REVIEW_OPINION = "REVIEW_OPINION"
    REVIEW_CONTACT = "REVIEW_CONTACT"
    FAKE_REVIEW = "FAKE_REVIEW"
    IMPERSON = "IMPERSON"
    FRAUD = "FRAUD"
    PRIVACY = "PRIVACY"
    RECORDING = "RECORDING"
    COPYRIGHT = "COPYRIGHT"
    TRADEMARK = "TRADEMARK"
    DESIGN = "DESIGN"
    PATENT = "PATENT"
    GEO = "GEO"
    TRADE_SECRET = "TRADE_SECRET"  # noqa: S105  (a category of content, not a credential)
    HIDDEN_AD = "HIDDEN_AD"
    SAFETY_SIGNAL = "SAFETY_SIGNAL"
    UNSAFE_PRODUCT = "UNSAFE_PRODUCT"
    MINOR_HARM = "MINOR_HARM"
    SELF_HARM = "SELF_HARM"
    CIVIC = "CIVIC"
    ANIMAL = "ANIMAL"
    SPAM = "SPAM"
    OFFTOPIC = "OFFTOPIC"
    TC = "TC"
    UNSPEC = "UNSPEC"


class Severity(StrEnum):
    """S4 life, child, terror · S3 serious crime · S2 clear illegality · S1 contested · S0 terms."""

    S0 = "S0"
    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


class Automatic(StrEnum):
    """The most that automation may do to content of a category before a person has looked.

    HOLD is an interim restriction that lapses; HIDE is for exact matches with known files or known
    spam only, text alone never reaches it.
    """

    NONE = "none"
    HOLD = "hold"
    HIDE = "hide"


class Flag(StrEnum):
    """What else a category brings with it."""

    RAISED_BY_TEXT = "raised_by_text"
    TERMS_ONLY = "terms_only"
    PROTECTED_OPINION = "protected_opinion"
    NEVER_REMOVABLE = "never_removable"
    NEVER_RENDERED = "never_rendered"
    NEUTRAL_STATEMENT = "neutral_statement"
    ANONYMOUS_NOTICE = "anonymous_notice"
    PROTECT_NOTIFIER = "protect_notifier"
    REDACT_FIRST = "redact_first"
    TERRITORY_DE = "territory_de"
    HEARING = "hearing"
    HELP_MESSAGE = "help_message"
    NO_SANCTION = "no_sanction"
    FORWARD_PRODUCT_SAFETY = "forward_product_safety"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    BLURRED_FOR_STAFF = "blurred_for_staff"
    NEEDS_CATEGORY = "needs_category"


@dataclass(frozen=True, slots=True)
class LegalLimit:
    """A deadline that a law itself numbers, in minutes from receipt, with its source.

    `profile` names the jurisdiction it holds in: `eu`, or `uk` and `us` where the operator has
    switched these on. Every other deadline of a category is the operator's own.
    """

    minutes: int
    source: str
    profile: Literal["eu", "uk", "us"]


@dataclass(frozen=True, slots=True)
class SpecificCategory:
    """The DSA category and keyword to report instead `when` its condition is met.

    The most specific category wins (Implementing Regulation (EU) 2024/2835, Annex II).
    """

    category: str
    keyword: str
    when: str


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """What a category entails. Times are minutes; DSA codes are those of the EU database.

    `norms` are the norms a decision may name as its ground, empty for lawful content and for what
    only the terms forbid. `manifest_minutes` and `otherwise_minutes` are the operator's own limits
    from receipt to decision, `legal_limits` those of law. `hold_minutes` is how long an automatic
    hold lasts, None where automation holds nothing. `art18`: when DSA Art. 18 asks for a report.
    """

    code: Category
    title: str
    title_de: str
    severity: Severity
    automatic: Automatic
    automatic_reason: str
    dsa_category: str | None
    dsa_keywords: tuple[str, ...]
    dsa_more_specific: tuple[SpecificCategory, ...]
    norms: tuple[str, ...]
    manifest_minutes: int
    otherwise_minutes: int
    hold_minutes: int | None
    legal_limits: tuple[LegalLimit, ...]
    queue: str
    art18: Literal["always", "if_danger", "never"]
    flags: frozenset[Flag]

    @property
    def lawful(self) -> bool:
        """Whether content of this category is lawful and may not be removed at all."""
        return Flag.NEVER_REMOVABLE in self.flags

    @property
    def terms_only(self) -> bool:
        """Whether only a clause of the terms, and no norm, can be the ground of a measure."""
        return Flag.TERMS_ONLY in self.flags

    @property
    def hold_lapses_to(self) -> Literal["published", "escalation"]:
        """Where an automatic hold ends undecided: S0-S2 published, S3-S4 escalated."""
        return "escalation" if self.severity >= Severity.S3 else "published"

    def legal_minutes(self, profile: Literal["eu", "uk", "us"] = "eu") -> int | None:
        """The shortest limit that law sets in a profile, None where it sets no number."""
        return min(
            (lim.minutes for lim in self.legal_limits if lim.profile == profile), default=None
        )


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """All categories at one version; decisions record the version they were taken under."""

    version: str
    categories: dict[Category, CategoryFacts]


def _facts(row: dict[str, Any]) -> CategoryFacts:
    return CategoryFacts(
        code=Category(row["code"]),
        title=row["title"],
        title_de=row["title_de"],
        severity=Severity(row["severity"]),
        automatic=Automatic(row["automatic"]),
        automatic_reason=row["automatic_reason"],
        dsa_category=row["dsa_category"],
        dsa_keywords=tuple(row["dsa_keywords"]),
        dsa_more_specific=tuple(SpecificCategory(**more) for more in row["dsa_more_specific"]),
        norms=tuple(row["norms"]),
        manifest_minutes=row["manifest_minutes"],
        otherwise_minutes=row["otherwise_minutes"],
        hold_minutes=row["hold_minutes"],
        legal_limits=tuple(LegalLimit(**limit) for limit in row["legal_limits"]),
        queue=row["queue"],
        art18=row["art18"],
        flags=frozenset(Flag(flag) for flag in row["flags"]),
    )


@cache
def taxonomy() -> Taxonomy:
    """Read the shipped taxonomy, once a process."""
    document = json.loads(_DATA.read_text(encoding="utf-8"))
    rows = [_facts(row) for row in document["categories"]]
    return Taxonomy(version=document["version"], categories={row.code: row for row in rows})


def facts_of(category: Category) -> CategoryFacts:
    """Say what a category entails."""
    return taxonomy().categories[category]
