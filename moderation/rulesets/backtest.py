"""Back-testing: what a rule set would do to texts whose outcome is known, before it is in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from moderation.detection.facts import Facts
from moderation.detection.pipeline import screen
from moderation.detection.ruleset import RuleSet
from moderation.detection.verdict import Action
from moderation.rulesets.comparison import Comparison, Known, LabelCount

NAMED_MOST = 20


@dataclass(slots=True)
class _Tally:
    n: int = 0
    actions: dict[tuple[bool, Action], int] = field(default_factory=dict)

    def count(self, *, after: bool, action: Action) -> None:
        self.actions[after, action] = self.actions.get((after, action), 0) + 1

    def flagged(self, *, after: bool) -> int:
        return self.actions.get((after, Action.FLAG), 0) + self.held(after=after)

    def held(self, *, after: bool) -> int:
        return self.actions.get((after, Action.HOLD), 0)


def compare(
    texts: Iterable[Known], before: RuleSet, after: RuleSet, names: tuple[str, ...] = ()
) -> Comparison:
    """Screen each text with both. `names` are those of the operator."""
    tallies: dict[str, _Tally] = {}
    newly: list[str] = []
    no_longer: list[str] = []
    for known in texts:
        facts = Facts(language=known.language, operator_names=names)
        was = screen(known.text, facts, before).action
        will_be = screen(known.text, facts, after).action
        tally = tallies.setdefault(known.label, _Tally())
        tally.n += 1
        tally.count(after=False, action=was)
        tally.count(after=True, action=will_be)
        if (was is Action.KEEP) != (will_be is Action.KEEP):
            (newly if was is Action.KEEP else no_longer).append(known.id)
    return Comparison(
        counts=_counts(tallies),
        newly_flagged=tuple(newly[:NAMED_MOST]),
        no_longer_flagged=tuple(no_longer[:NAMED_MOST]),
    )


def _counts(tallies: Mapping[str, _Tally]) -> tuple[LabelCount, ...]:
    return tuple(
        LabelCount(
            label=label,
            n=tallies[label].n,
            flagged_before=tallies[label].flagged(after=False),
            flagged_after=tallies[label].flagged(after=True),
            held_before=tallies[label].held(after=False),
            held_after=tallies[label].held(after=True),
        )
        for label in sorted(tallies)
    )
