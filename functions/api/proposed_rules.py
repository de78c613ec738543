"""What somebody sends who proposes a rule set, in the domain's words."""

from moderation.detection.rule import Status
from moderation.rulesets.comparison import Comparison, CorpusTrial, LabelCount
from moderation.rulesets.content import Content, OwnPack, RuleState, content_of
from schemas.rulesets import NewRuleSet


def content_in(body: NewRuleSet) -> Content:
    """The packs and states, in order."""
    return content_of(
        (OwnPack(file=pack.file, text=pack.text) for pack in body.packs),
        (RuleState(rule=each.rule, state=Status(each.state)) for each in body.states),
    )


def claimed_in(body: NewRuleSet) -> CorpusTrial:
    """How the rules fared on a corpus that stays with its owner."""
    claimed = body.backtest
    counts = tuple(LabelCount(**count.model_dump()) for count in claimed.counts)
    return CorpusTrial(
        content=claimed.content,
        base=claimed.base,
        before=claimed.before,
        corpus=claimed.corpus,
        found=Comparison(counts=counts),
    )
