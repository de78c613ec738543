"""What a decision must say to be taken at all; each refusal points at the part that is wrong."""

import re
from dataclasses import dataclass
from datetime import datetime

from moderation.cases.decision import Ground, MemberMeasure, Outcome, Referral
from moderation.cases.decision import Measure as ContentMeasure
from moderation.cases.grounds import check_ground
from moderation.cases.house_rules import HouseRules
from moderation.community.member import Member
from moderation.community.post import Post, RestrictionKind
from moderation.detection.taxonomy import Category, Flag, facts_of
from moderation.errors import Fault, Invalid

RESTRICTIONS = (RestrictionKind.DISABLING, RestrictionKind.LABEL, RestrictionKind.AGE_GATE)
_COUNTRY = re.compile(r"[A-Z]{2}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a moderator puts forward about one revision of a post."""

    revision: int
    outcome: Outcome
    category: Category
    facts: str
    about_operator: bool = False
    ground: Ground | None = None
    measure: ContentMeasure | None = None
    member_measure: MemberMeasure | None = None
    referral: Referral | None = None


def check_proposal(proposal: Proposal, post: Post, now: datetime, rules: HouseRules) -> None:
    """Refuse with Invalid a decision that could not be explained to its author."""
    _check_ground(proposal, rules)
    _check_measure(proposal, post, now)
    _check_member_measure(proposal, now)
    _check_referral(proposal)


def check_warned(proposal: Proposal, member: Member) -> None:
    """Refuse with Invalid to suspend somebody who was never warned (DSA Art. 23(1))."""
    measure = proposal.member_measure
    if measure is not None and measure.kind == "suspend" and not member.warnings:
        raise _refused("/member_measure/kind", "A suspension takes a warning before.")


def _check_ground(proposal: Proposal, rules: HouseRules) -> None:
    if proposal.outcome is Outcome.KEEP:
        if proposal.ground is not None:
            raise _refused("/ground", "What is kept needs no ground.")
        return
    if facts_of(proposal.category).lawful:
        raise _refused("/category", "Content of this category is lawful and stays.")
    if not proposal.facts.strip():
        raise _refused("/facts", "Say what the decision rests on.")
    if proposal.ground is None:
        raise _refused("/ground", "A restriction needs a ground out of /v1/grounds.")
    check_ground(proposal.ground, proposal.category, rules.terms)


def _check_measure(proposal: Proposal, post: Post, now: datetime) -> None:
    measure = proposal.measure
    if proposal.outcome in {Outcome.KEEP, Outcome.REMOVE}:
        if measure is not None:
            raise _refused("/measure", "This outcome has no measure.")
        return
    if measure is None:
        raise _refused("/measure", "Say how the content is restricted.")
    kinds = (RestrictionKind.REDACTION,) if proposal.outcome is Outcome.REDACT else RESTRICTIONS
    if measure.kind not in kinds:
        raise _refused("/measure/kind", "This outcome has no such measure.")
    if (measure.kind is RestrictionKind.REDACTION) != bool(measure.spans):
        raise _refused("/measure/spans", "A redaction, and nothing else, names passages.")
    if any(not span.start < span.end <= len(post.body) for span in measure.spans):
        raise _refused("/measure/spans", "A passage lies outside the text.")
    if not all(_COUNTRY.match(code) for code in measure.territory):
        raise _refused("/measure/territory", "Countries are written as in ISO 3166, like DE.")
    if measure.until is not None and measure.until <= now:
        raise _refused("/measure/until", "The end lies in the past.")


def _check_member_measure(proposal: Proposal, now: datetime) -> None:
    measure = proposal.member_measure
    if measure is None:
        return
    if proposal.outcome is Outcome.KEEP:
        raise _refused("/member_measure", "Nobody is punished for what is kept.")
    if Flag.NO_SANCTION in facts_of(proposal.category).flags:
        raise _refused("/member_measure", "Nobody is punished for a cry for help.")
    if measure.until is not None and (measure.kind == "warn" or measure.until <= now):
        raise _refused("/member_measure/until", "A suspension ends in the future; a warning never.")


def _check_referral(proposal: Proposal) -> None:
    """DSA Art. 18: a threat to life is reported, or it is put on record why not."""
    referral = proposal.referral
    if referral is None:
        if proposal.category is Category.LIFE_THREAT:
            raise _refused("/referral", "Say to whom the threat was reported, or why not.")
        return
    if facts_of(proposal.category).art18 == "never":
        raise _refused("/referral", "Content of this category is not reported.")
    if referral.made:
        if not (referral.authority and referral.at and referral.reference):
            raise _refused("/referral", "A report has an authority, a time and a reference.")
    elif not (referral.why and referral.why.strip()):
        raise _refused("/referral/why", "Say why there was no report.")


def _refused(pointer: str, detail: str) -> Invalid:
    return Invalid("The decision cannot be taken like this.", faults=(Fault(pointer, detail),))
