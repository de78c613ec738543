"""What somebody who writes rules asks: are they sound, do their examples hold, what do they see.

The commands that ask are `hausrecht rules …` (`functions/cli/rules.py`).
"""

from collections.abc import Collection, Iterator

from moderation.detection.facts import Facts
from moderation.detection.matching import Matcher
from moderation.detection.pipeline import read, screen
from moderation.detection.rule import Rule, Status
from moderation.detection.ruleset import RuleSet


def check(rules: RuleSet) -> Iterator[str]:
    """Name what the parser lets pass: an id used twice, a rule without a text it must leave."""
    seen: set[str] = set()
    for rule in rules.rules:
        if rule.id in seen:
            yield f"{rule.id}: the id is used twice"
        seen.add(rule.id)
        if rule.examples.match and not rule.examples.leave:
            yield f"{rule.id}: no example that it must leave alone"


def failing_examples(rules: RuleSet, only: Collection[str] | None = None) -> Iterator[str]:
    """Name every example that does not come out as written, of all rules or of `only` these ids.

    A rule that is off is not asked.
    """
    for rule in rules.rules:
        if rule.status is Status.OFF or (only is not None and rule.id not in only):
            continue
        for text in rule.examples.match:
            if not _raises(rule, text, rules):
                yield f"{rule.name} does not match: {text}"
        for text in rule.examples.leave:
            if _raises(rule, text, rules):
                yield f"{rule.name} does not leave alone: {text}"


def _raises(rule: Rule, text: str, rules: RuleSet) -> bool:
    return any(signal.rule == rule.name for signal in screen(text, Facts(), rules).signals)


def explain(text: str, rules: RuleSet) -> Iterator[str]:
    """Show words, disguises, verdict, signals, and the rules that a context silenced."""
    verdict, document = screen(text, Facts(), rules), read(text, rules)
    yield f"words     {' '.join(document.words)}"
    for edit in document.edits:
        yield f"disguise  characters {edit.start} to {edit.end} spell {edit.replacement.strip()}"
    category = verdict.category or "-"
    yield f"verdict   {verdict.action} {category} language {verdict.language}"
    yield f"operator  {'yes' if verdict.about_operator else 'no'}"
    for signal in verdict.signals:
        shadow = " in shadow" if signal.advisory else ""
        yield f"signal    {signal.rule} {signal.score_ppm} ppm{shadow}: {signal.excerpt!r}"
        yield f"          {signal.explanation}"
    for match, silencer in Matcher(document, rules, rules.lexicon.scan(document.line)).silenced():
        words = " ".join(document.words[match.start : match.end])
        yield f"silenced  {match.rule.name} by {silencer}: {words!r}"
