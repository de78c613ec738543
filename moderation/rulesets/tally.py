"""How each rule fares: on how many cases it hit, and what people made of those."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from moderation.audit.actions import Action
from moderation.cases.case import Case, CaseState
from moderation.cases.decision import DecisionState, Outcome
from moderation.detection.signal import PPM, RULES, Signal
from moderation.ids import CaseId, PostId
from moderation.records import Kind, Ref

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,51}@[1-9][0-9]{0,3}\Z")

CaseOutcome = Literal["open", "kept", "restricted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTally:
    """The counts of one rule at one version.

    `hits` counts cases with a signal of it, `shadow_hits` revisions of posts that it would have
    raised while in shadow. Of the cases that were decided, `kept` and `restricted` say how, and
    `reversed` how many restrictions a second person rejected or an appeal took back.
    """

    rule: str
    version: int
    hits: int = 0
    shadow_hits: int = 0
    kept: int = 0
    restricted: int = 0
    reversed: int = 0

    @staticmethod
    def at(rule: str, version: int) -> Ref["RuleTally"]:
        """The address of the counts of a rule at a version."""
        return Ref(Kind.RULE, rule, f"TALLY#{version}")

    @property
    def ref(self) -> Ref["RuleTally"]:
        """The record's own address."""
        return RuleTally.at(self.rule, self.version)

    @property
    def decided(self) -> int:
        """How many of the cases were decided."""
        return self.kept + self.restricted

    @property
    def reversal_rate_ppm(self) -> int | None:
        """The share of decided cases that were reversed; None where nothing was decided."""
        return self.reversed * PPM // self.decided if self.decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedCase:
    """What of a case the tallies hold, kept beside it and written with them.

    A case that comes again moves a tally by the difference, so repetition and disorder do nothing.
    """

    case_id: CaseId
    rules: tuple[str, ...] = ()
    shadow: tuple[str, ...] = ()
    outcome: CaseOutcome = "open"
    reversed: bool = False

    @staticmethod
    def at(case_id: str) -> Ref["CountedCase"]:
        """The address of what was counted of a case."""
        return Ref(Kind.CASE, case_id, "COUNTED")

    @property
    def ref(self) -> Ref["CountedCase"]:
        """The record's own address."""
        return CountedCase.at(self.case_id)

    @property
    def names(self) -> frozenset[str]:
        """Every rule that a tally is moved for."""
        return frozenset((*self.rules, *self.shadow))

    def added_to(self, tally: RuleTally, sign: Literal[1, -1]) -> RuleTally:
        """The tally of one of the rules with this case, or without it."""
        name = f"{tally.rule}@{tally.version}"
        if name not in self.names:
            return tally
        return replace(
            tally,
            hits=tally.hits + sign * (name in self.rules),
            kept=tally.kept + sign * (self.outcome == "kept"),
            restricted=tally.restricted + sign * (self.outcome == "restricted"),
            reversed=tally.reversed + sign * self.reversed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowHits:
    """The rules in shadow that a revision of a post would have raised; put with the words."""

    post_id: PostId
    revision: int
    rules: tuple[str, ...]
    counted: bool = False

    @staticmethod
    def at(post_id: str, revision: int) -> Ref["ShadowHits"]:
        """The address of the shadow hits of a revision."""
        return Ref(Kind.POST, post_id, f"SHADOW#{revision:06d}")

    @property
    def ref(self) -> Ref["ShadowHits"]:
        """The record's own address."""
        return ShadowHits.at(self.post_id, self.revision)


def counted_of(case: Case) -> CountedCase:
    """What the tallies are to hold of a case as it is now."""
    rules = [signal for signal in case.signals if signal.detector == RULES]
    decision = case.decision if case.state is CaseState.DECIDED else None
    outcome: CaseOutcome = "open"
    undone = False
    if decision is not None:
        is_reversed = decision.state is DecisionState.REVERSED
        if decision.outcome is not Outcome.KEEP:
            outcome, undone = "restricted", is_reversed
        elif not is_reversed:
            outcome = "kept"
        rejected = any(event.action == Action.CASE_REJECT for event in case.history)
        undone = undone or (rejected and outcome != "open")
    return CountedCase(
        case_id=case.id,
        rules=_names(signal for signal in rules if not signal.advisory),
        shadow=_names(signal for signal in rules if signal.advisory),
        outcome=outcome,
        reversed=undone,
    )


def shadow_hits(
    post_id: PostId, revision: int, signals: Iterable[Signal]
) -> tuple[ShadowHits, ...]:
    """The record of what rules in shadow found in these words; none where they found nothing."""
    rules = _names(signal for signal in signals if signal.detector == RULES and signal.advisory)
    return (ShadowHits(post_id=post_id, revision=revision, rules=rules),) if rules else ()


def tally_of(name: str) -> Ref[RuleTally]:
    """The address of the counts of a rule by its name, `id@version`."""
    rule, _, version = name.rpartition("@")
    return RuleTally.at(rule, int(version))


def empty(ref: Ref[RuleTally]) -> RuleTally:
    """The counts of a rule that nothing was counted of."""
    return RuleTally(rule=ref.id, version=int(ref.part.partition("#")[2]))


def _names(signals: Iterable[Signal]) -> tuple[str, ...]:
    return tuple(sorted({signal.rule for signal in signals if _NAME.match(signal.rule)}))
