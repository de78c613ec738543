"""Rule sets and rules as those see them who keep them."""

from collections.abc import Iterable

from moderation.detection.rule import Rule
from moderation.detection.taxonomy import facts_of
from moderation.rulesets.comparison import LabelCount
from moderation.rulesets.content import Content
from moderation.rulesets.edition import BackTest, Edition
from moderation.rulesets.tally import RuleTally
from schemas import rulesets as wire


def ruleset_view(edition: Edition, content: Content | None = None) -> wire.RuleSetView:
    """The rule set; with what it holds where that was read."""
    said: dict[str, object] = {
        "id": edition.id,
        "state": edition.state.value,
        "version": edition.version,
        "backtest": _backtest(edition.backtest),
        "history": [
            wire.RuleSetEventView(at=e.at, action=e.action, by=e.by, reason=e.reason)
            for e in edition.history
        ],
    }
    if content is not None:
        said["packs"] = [wire.PackView(file=p.file, text=p.text) for p in content.packs]
        said["states"] = [wire.SwitchView(rule=s.rule, state=s.state.value) for s in content.states]
    return wire.RuleSetView.model_validate(said)


def _backtest(backtest: BackTest) -> wire.BackTestView:
    on_cases = backtest.on_cases
    return wire.BackTestView(
        content=backtest.content,
        base=backtest.base,
        before=backtest.before,
        corpus=wire.CorpusView(digest=backtest.corpus, counts=_trials(backtest.on_corpus.counts)),
        decided=wire.CasesView(
            cases=backtest.cases,
            counts=_trials(on_cases.counts),
            newly_flagged=list(on_cases.newly_flagged),
            no_longer_flagged=list(on_cases.no_longer_flagged),
        ),
    )


def _trials(counts: Iterable[LabelCount]) -> list[wire.TrialView]:
    return [
        wire.TrialView(
            label=c.label,
            n=c.n,
            flagged_before=c.flagged_before,
            flagged_after=c.flagged_after,
            held_before=c.held_before,
            held_after=c.held_after,
        )
        for c in counts
    ]


def rule_view(rule: Rule, tally: RuleTally, *, own: bool) -> wire.RuleView:
    """A rule with its counts; `own`: written by the operator."""
    return wire.RuleView(
        id=rule.id,
        version=rule.version,
        category=rule.category.value,
        severity=facts_of(rule.category).severity.value,
        language=rule.language,
        score_ppm=rule.score_ppm,
        explanation=rule.explanation,
        own=own,
        state=rule.status.value,
        hits=tally.hits,
        shadow_hits=tally.shadow_hits,
        decided=tally.decided,
        kept=tally.kept,
        restricted=tally.restricted,
        reversed=tally.reversed,
        reversal_rate_ppm=tally.reversal_rate_ppm,
    )
