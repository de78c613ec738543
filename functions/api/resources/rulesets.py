"""`/v1/rulesets` and `/v1/rules`: proposing, publishing and retiring rules, and how they fare."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.paging import paged
from functions.api.presenters.rulesets import rule_view, ruleset_view
from functions.api.proposed_rules import claimed_in, content_in
from moderation.detection.rule import Rule
from moderation.ports import Page
from moderation.rulesets.approving import ApproveRuleSet
from moderation.rulesets.edition import Edition, EditionContent
from moderation.rulesets.proposing import ProposeRuleSet
from moderation.rulesets.retiring import RetireRuleSet
from moderation.rulesets.tally import RuleTally, empty
from schemas.page import ListQuery
from schemas.rulesets import (
    NewRetirement,
    NewRuleSet,
    NewRuleSetApproval,
    RulePage,
    RuleSetPage,
    RuleSetView,
    RuleView,
)
from schemas.strict import Nothing

rulesets = Resource("rulesets")


@rulesets.get("/v1/rules", takes=ListQuery, gives=RulePage)
def list_rules(call: Call, query: ListQuery) -> Reply:
    """List the rules in force by id, with what became of their hits."""
    in_force = call.parts.rule_book.rules()
    rules = sorted(in_force.rules.rules, key=lambda rule: rule.id)
    page = paged(call, query, lambda limit, after: _slice(rules, limit, after))
    view = RulePage(
        items=_with_tallies(page.items, call),
        next=page.next,
        ruleset=in_force.ruleset_id,
        version=in_force.rules.version,
        complete=in_force.whole,
    )
    return Reply(view)


@rulesets.get("/v1/rulesets", takes=ListQuery, gives=RuleSetPage)
def list_rulesets(call: Call, query: ListQuery) -> Reply:
    """List the rule sets that were ever proposed, newest first."""
    page = paged(call, query, call.parts.lists.rulesets)
    return Reply(RuleSetPage(items=[ruleset_view(each) for each in page.items], next=page.next))


@rulesets.get("/v1/rulesets/{id}", takes=Nothing, gives=RuleSetView)
def get_ruleset(call: Call, _: Nothing) -> Reply:
    """Read one rule set with its packs."""
    head, held = Edition.at(call.id), EditionContent.at(call.id)
    seen = call.parts.units.read(head, held)
    return Reply(ruleset_view(seen.need(head), seen.need(held).content))


@rulesets.post("/v1/rulesets", takes=NewRuleSet, gives=RuleSetView, problems=("backtest-outdated",))
def propose_ruleset(call: Call, body: NewRuleSet) -> Reply:
    """Propose a rule set; it is tried on decided cases, and changes nothing yet."""
    # What tries rules out is needed for nothing else the API does.
    from moderation.rulesets.trial import sound, tried  # noqa: PLC0415

    parts, content = call.parts, content_in(body)
    after = sound(content, parts.rule_book.base)
    names = parts.intake.facts.operator_names
    backtest = tried(after, claimed_in(body), parts.rule_book, parts.lists, names)
    edition = call.run(
        ProposeRuleSet(
            actor=call.member,
            content=content,
            reason=body.reason,
            backtest=backtest,
            base=parts.rule_book.base.version,
            compared_with=body.backtest.before,
        )
    )
    return Reply(ruleset_view(edition, content), call.location(f"/v1/rulesets/{edition.id}"))


@rulesets.post(
    "/v1/rulesets/{id}/approval",
    takes=NewRuleSetApproval,
    gives=RuleSetView,
    status=200,
    problems=("ruleset-not-proposed", "conflict-of-interest", "backtest-outdated"),
)
def approve_ruleset(call: Call, body: NewRuleSetApproval) -> Reply:
    """Publish a proposed rule set as a second person, or reject it."""
    edition = call.run(
        ApproveRuleSet(
            ruleset_id=call.id,
            actor=call.member,
            approve=body.approve,
            reason=body.reason,
            base=call.parts.rule_book.base.version,
        )
    )
    return Reply(ruleset_view(edition))


@rulesets.post(
    "/v1/rulesets/{id}/retirement",
    takes=NewRetirement,
    gives=RuleSetView,
    status=200,
    problems=("ruleset-not-published", "backtest-outdated"),
)
def retire_ruleset(call: Call, body: NewRetirement) -> Reply:
    """Take the rule set out of force; go back to an earlier one, or to the shipped packs."""
    edition = call.run(
        RetireRuleSet(
            ruleset_id=call.id,
            actor=call.member,
            reason=body.reason,
            base=call.parts.rule_book.base.version,
            back_to=body.back_to,
        )
    )
    return Reply(ruleset_view(edition))


def _with_tallies(rules: tuple[Rule, ...], call: Call) -> list[RuleView]:
    """The rules of a page with their counts, which are one read."""
    refs = [RuleTally.at(rule.id, rule.version) for rule in rules]
    seen = call.parts.units.read(*refs)
    shipped = {rule.id for pack in call.parts.rule_book.base.files for rule in pack.rules}
    return [
        rule_view(rule, seen.get(ref) or empty(ref), own=rule.id not in shipped)
        for rule, ref in zip(rules, refs, strict=True)
    ]


def _slice(rules: list[Rule], limit: int, after: str | None) -> Page[Rule]:
    following = [rule for rule in rules if after is None or rule.id > after]
    some = tuple(following[:limit])
    return Page(some, some[-1].id if len(following) > limit else None)
