"""Clocks: by when a case must be decided, what the law numbers kept apart from what we promise.

A limit of the operator's own that is missed is no breach of law, and must never read as one
(design: law). Hours run through nights and weekends.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from moderation.cases.case import Clock
from moderation.detection.taxonomy import Category, facts_of, taxonomy

Profile = Literal["eu", "uk", "us"]
OPERATOR = "the operator's own limit"


def product_clocks(category: Category, start: datetime) -> tuple[Clock, ...]:
    """The operator's limits for a category: for what is manifest, and otherwise, if that differs.

    Until somebody has looked, a case counts as manifest, so the shorter limit is the one shown.
    """
    facts = facts_of(category)
    minutes = {"manifest": facts.manifest_minutes, "otherwise": facts.otherwise_minutes}
    if minutes["manifest"] == minutes["otherwise"]:
        del minutes["otherwise"]
    return tuple(
        Clock(
            rule=f"{category.value}.{name}@{taxonomy().version}",
            source=OPERATOR,
            kind="product",
            due_at=start + timedelta(minutes=limit),
        )
        for name, limit in minutes.items()
    )


def law_clocks(category: Category, received_at: datetime, profile: Profile) -> tuple[Clock, ...]:
    """The limits a law numbers; they run from a notice or order, never from a detector's hit."""
    return tuple(
        Clock(
            rule=f"{category.value}.law.{limit.profile}@{taxonomy().version}",
            source=limit.source,
            kind="law",
            due_at=received_at + timedelta(minutes=limit.minutes),
        )
        for limit in facts_of(category).legal_limits
        if limit.profile == profile
    )


def merged(*groups: Iterable[Clock]) -> tuple[Clock, ...]:
    """All clocks, the earlier one where two come from the same rule; earliest first."""
    by_rule: dict[str, Clock] = {}
    for clock in (clock for group in groups for clock in group):
        known = by_rule.get(clock.rule)
        if known is None or clock.due_at < known.due_at:
            by_rule[clock.rule] = clock
    return tuple(sorted(by_rule.values(), key=lambda clock: (clock.due_at, clock.rule)))


def earliest(clocks: Iterable[Clock]) -> datetime:
    """The end of the clock that ends first; ValueError where there is no clock."""
    return min(clock.due_at for clock in clocks)


def legal_end(clocks: Iterable[Clock]) -> datetime | None:
    """The end of the earliest clock of law, None where the law sets no number."""
    return min((clock.due_at for clock in clocks if clock.kind == "law"), default=None)


def months_after(start: datetime, months: int) -> datetime:
    """The same day and time some months later, the month's last day where that day is missing."""
    index = start.year * 12 + start.month - 1 + months
    year, month = divmod(index, 12)
    day = min(start.day, monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
