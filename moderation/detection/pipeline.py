"""Screen a text: fold, spell out disguises, scan, match, weigh. Pure; quick enough for a POST."""

from dataclasses import replace

from moderation.detection.document import Document
from moderation.detection.facts import AuthorFacts, BoardPolicy, Facts
from moderation.detection.known import KnownFiles, known_in
from moderation.detection.language import likeliest
from moderation.detection.matching import Match, Matcher
from moderation.detection.operator import named_in
from moderation.detection.policy import decide
from moderation.detection.rule import Status
from moderation.detection.ruleset import RuleSet, load_rules
from moderation.detection.scorer import Scores, signals_from
from moderation.detection.signal import KNOWN, RULES, Signal
from moderation.detection.taxonomy import Category, facts_of
from moderation.detection.verdict import Verdict

_NEW_ACCOUNT_DAYS = 2
_BURST_POSTS = 10
_REPEATED_TEXTS = 3
_REPORTS_UPHELD = 2
_EXCERPT_CHARACTERS = 200
_SERVICE_WORDS = 2

__all__ = ["load_rules", "screen", "with_known", "with_scores"]


def screen(text: str, facts: Facts, rules: RuleSet) -> Verdict:
    """Say whether to keep, flag or hold a text, and every reason for it.

    Never raises for any text. Without a hit that could anchor a rule nothing more is computed.
    """
    document = read(text, rules)
    found = rules.lexicon.scan(document.line)
    about_operator = is_about_operator(document, found, facts.operator_names, rules)
    signals = tuple(signals_of(document, found, facts.author, rules))
    outcome = decide(signals, facts.board, about_operator=about_operator)
    return Verdict(
        action=outcome.action,
        category=outcome.category,
        severity=facts_of(outcome.category).severity if outcome.category else None,
        signals=signals,
        about_operator=about_operator,
        language=likeliest(document.common_words, facts.language),
        checked_by=(f"{RULES}@{rules.version}",),
        help_offered=outcome.category is Category.SELF_HARM,
    )


def with_scores(verdict: Verdict, scores: Scores, board: BoardPolicy) -> Verdict:
    """Add a model's scores to the verdict of the rules. The action may rise to a flag, no further.

    The scores count once: a verdict that this model has already read stays as it is.
    """
    reader = f"{scores.model}@{scores.model_version}"
    if reader in verdict.checked_by:
        return verdict
    signals = (*verdict.signals, *signals_from(scores))
    outcome = decide(signals, board, about_operator=verdict.about_operator)
    return replace(
        verdict,
        action=outcome.action,
        category=outcome.category,
        severity=facts_of(outcome.category).severity if outcome.category else None,
        signals=signals,
        checked_by=(*verdict.checked_by, reader),
    )


def with_known(verdict: Verdict, text: str, board: BoardPolicy, known: KnownFiles) -> Verdict:
    """Add what a list of known files finds in a text; what no other has checked stays unchecked."""
    signals = (*known_in(text, known), *verdict.signals)
    outcome = decide(signals, board, about_operator=verdict.about_operator)
    readers = (*verdict.checked_by, f"{KNOWN}@{known.version}") if verdict.checked_by else ()
    return replace(
        verdict,
        action=outcome.action,
        category=outcome.category,
        severity=facts_of(outcome.category).severity if outcome.category else None,
        signals=signals,
        checked_by=readers,
    )


def read(text: str, rules: RuleSet) -> Document:
    """Make a text ready for matching."""
    return Document(text, lambda: rules.disguises)


def signals_of(
    document: Document, found: dict[int, list[int]], author: AuthorFacts, rules: RuleSet
) -> list[Signal]:
    """Every rule that matches, as a signal; the gravest first."""
    known = _known(author)
    if not known and rules.anchor_entries.isdisjoint(found):
        return []
    matches = Matcher(document, rules, found, known).matches()
    signals = {match.rule.id: _signal(document, match, rules) for match in matches}
    return sorted(
        signals.values(), key=lambda s: (facts_of(s.category).severity, s.score_ppm), reverse=True
    )


def is_about_operator(
    document: Document, found: dict[int, list[int]], names: tuple[str, ...], rules: RuleSet
) -> bool:
    """Whether a text speaks of the company that runs the forum, its products or its service.

    By name, by addressing a company ("your support"), or by two words of its trade. One such word
    is not enough: whoever sells drugs with free delivery would escape a hold.
    """
    if not rules.operator_entries.isdisjoint(found):
        return True
    if len(rules.service_entries.intersection(found)) >= _SERVICE_WORDS:
        return True
    return named_in(document.line, names)


def _known(author: AuthorFacts) -> frozenset[str]:
    known = {
        "@new_account": author.account_age_days < _NEW_ACCOUNT_DAYS,
        "@burst": author.posts_this_hour >= _BURST_POSTS,
        "@repeated": author.same_text_elsewhere >= _REPEATED_TEXTS,
        "@reported": author.reports_upheld >= _REPORTS_UPHELD,
    }
    return frozenset(name for name, holds in known.items() if holds and not author.staff)


def _signal(document: Document, match: Match, rules: RuleSet) -> Signal:
    span = document.span(match.start, match.end) if match.end else None
    return Signal(
        detector=RULES,
        version=rules.version,
        category=match.rule.category,
        score_ppm=match.rule.score_ppm,
        span=span,
        excerpt=document.text[span.start : span.end][:_EXCERPT_CHARACTERS] if span else "",
        explanation=match.rule.explanation,
        rule=match.rule.name,
        advisory=match.rule.status is Status.SHADOW,
    )
