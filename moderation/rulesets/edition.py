"""Editions: the rule sets that an operator proposes, publishes, retires; and which is in force."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from moderation.actor import Actor
from moderation.audit.actions import Action
from moderation.detection.facts import BoardPolicy
from moderation.ids import BoardSlug, MemberId, RuleSetId
from moderation.records import Kind, Ref
from moderation.rulesets.comparison import Comparison
from moderation.rulesets.content import Content, OwnPack, RuleState, version_of


class EditionState(StrEnum):
    """proposed → published → retired, and published again where it is gone back to; or rejected."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    RETIRED = "retired"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTest:
    """How a content fared before it went live, against the rules in force at that time.

    `content` is its digest, `base` the version of the shipped packs beneath it, `before` the
    version it was compared with. `on_corpus` comes from who proposes, with the digest of the
    corpus; `on_cases` was counted here, on `cases` decided cases (the ids are those of cases).
    """

    content: str
    base: str
    before: str
    corpus: str
    on_corpus: Comparison
    on_cases: Comparison
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionEvent:
    """One act on an edition as people see it (the proof is in the audit log)."""

    at: datetime
    action: str
    by: MemberId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A rule set that was proposed; what it holds lies beside it and is bound by its digest."""

    id: RuleSetId
    backtest: BackTest
    history: tuple[EditionEvent, ...]
    state: EditionState = EditionState.PROPOSED

    @staticmethod
    def at(ruleset_id: str) -> Ref["Edition"]:
        """The address of the edition with this id."""
        return Ref(Kind.RULESET, ruleset_id)

    @property
    def ref(self) -> Ref["Edition"]:
        """The record's own address."""
        return Edition.at(self.id)

    @property
    def version(self) -> str:
        """The version by which signals name it."""
        return version_of(self.backtest.base, self.backtest.content)

    @property
    def proposed_by(self) -> MemberId:
        """Who proposed it."""
        return self.history[0].by

    def moved(
        self, state: EditionState, action: Action, by: Actor, at: datetime, reason: str
    ) -> "Edition":
        """The edition in another state, with one more line of history."""
        event = EditionEvent(at=at, action=action.value, by=by.id, reason=reason)
        return replace(self, state=state, history=(*self.history, event))


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionContent:
    """What an edition holds. Written once, beside its head, so that lists stay small."""

    ruleset_id: RuleSetId
    packs: tuple[OwnPack, ...]
    states: tuple[RuleState, ...]

    @staticmethod
    def at(ruleset_id: str) -> Ref["EditionContent"]:
        """The address of what the edition with this id holds."""
        return Ref(Kind.RULESET, ruleset_id, "CONTENT")

    @property
    def ref(self) -> Ref["EditionContent"]:
        """The record's own address."""
        return EditionContent.at(self.ruleset_id)

    @property
    def content(self) -> Content:
        """The content itself."""
        return Content(packs=self.packs, states=self.states)


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What the detection goes by at the moment: one small record that every function looks at.

    It repeats what audited records say, and is written with them: the published edition (None: the
    shipped packs alone) with the digest of its content, and the policy of each board that has one.
    """

    ruleset_id: RuleSetId | None = None
    digest: str | None = None
    boards: tuple[tuple[BoardSlug, BoardPolicy], ...] = ()

    @staticmethod
    def at() -> Ref["InForce"]:
        """The one address."""
        return Ref(Kind.RULESET, "in-force", "POINTER")

    @property
    def ref(self) -> Ref["InForce"]:
        """The record's own address."""
        return InForce.at()

    def with_edition(self, edition: Edition | None) -> "InForce":
        """The same with another edition in force."""
        if edition is None:
            return replace(self, ruleset_id=None, digest=None)
        return replace(self, ruleset_id=edition.id, digest=edition.backtest.content)

    def with_board(self, slug: BoardSlug, policy: BoardPolicy) -> "InForce":
        """The same with another policy of a board; one without peculiarities is left out."""
        others = tuple(each for each in self.boards if each[0] != slug)
        own = () if policy == BoardPolicy() else ((slug, policy),)
        return replace(self, boards=tuple(sorted((*others, *own), key=lambda each: each[0])))
