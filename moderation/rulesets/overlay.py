"""Laying an operator's content over the shipped packs, with every mistake shown where it stands."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from moderation.detection.packfile import Pack, parse_pack
from moderation.detection.rule import Status
from moderation.detection.ruleset import Packs, RuleSet
from moderation.detection.source import PackError, Problem, Source
from moderation.rulesets.content import Content, version_of

FILES_MOST = 50
STATES_MOST = 1_000
BYTES_MOST = 160 * 1024
"""Of all packs together, in UTF-8. JSON at most doubles what TOML may hold, so the record that
keeps them stays below the 400 KB of an item."""

FILE_NAME = re.compile(r"[a-z0-9_-]{1,40}(?:/[a-z0-9_-]{1,40}){0,2}\.toml\Z")
STATES_FILE = "states.toml"


def laid_over(content: Content, base: Packs) -> RuleSet:
    """Make the rules of a content over the shipped packs ready; PackError with every mistake.

    An own pack stands beside the shipped ones and may use their shared classes; it replaces
    nothing: a shipped rule is changed by switching it off and writing another. Without content the
    version is that of the shipped packs.
    """
    own, problems = _parsed(content)
    problems += _misplaced(content, own, base)
    if problems:
        raise PackError(tuple(problems))
    states = {state.rule: state.state for state in content.states}
    digest = content.digest if content.packs or content.states else None
    files = (_with_states(pack, states) for pack in (*base.files, *own))
    return RuleSet(files, version_of(base.version, digest))


def own_rules(content: Content) -> frozenset[str]:
    """The ids of the rules that the operator has written; PackError for a pack with mistakes."""
    parsed = (parse_pack(pack.file, pack.text) for pack in content.packs)
    return frozenset(rule.id for pack in parsed for rule in pack.rules)


def _parsed(content: Content) -> tuple[list[Pack], list[Problem]]:
    own: list[Pack] = []
    problems: list[Problem] = []
    for pack in content.packs:
        try:
            own.append(parse_pack(pack.file, pack.text))
        except PackError as error:
            problems += error.problems
    return own, problems


def _misplaced(content: Content, own: list[Pack], base: Packs) -> Iterable[Problem]:
    """What each file by itself does not show: sizes, names, ids and states."""
    yield from _too_much(content)
    files = {pack.file for pack in base.files}
    ids = {rule.id for pack in base.files for rule in pack.rules}
    for pack in content.packs:
        if not FILE_NAME.match(pack.file) or pack.file in files:
            hint = "a name of its own like de/ware.toml, in small letters"
            yield Source(pack.file, pack.text).at(1, 1, "the file cannot be called that", hint)
        files.add(pack.file)
    for parsed in own:
        for number, rule in enumerate(parsed.rules):
            if rule.id in ids:
                hint = "choose an id of your own; switch a shipped rule off in states.toml"
                message, lines = f"there is a rule `{rule.id}` already", parsed.source.rule(number)
                yield parsed.source.find(rule.id, message, hint, within=lines)
            ids.add(rule.id)
    named: set[str] = set()
    for state in content.states:
        if state.rule not in ids or state.rule in named:
            known = state.rule in ids
            message = f"rule `{state.rule}` {'has two states' if known else 'does not exist'}"
            hint = "name the id of a rule once, without its version"
            yield Source(STATES_FILE, state.rule).find(state.rule, message, hint, within=range(1))
        named.add(state.rule)


def _too_much(content: Content) -> Iterable[Problem]:
    total = sum(len(pack.text.encode("utf-8", "surrogatepass")) for pack in content.packs)
    for found, most, what in (
        (len(content.packs), FILES_MOST, "files"),
        (len(content.states), STATES_MOST, "states"),
        (total, BYTES_MOST, "bytes of TOML"),
    ):
        if found > most:
            message, hint = f"{found:_} {what}", f"at most {most:_} in one rule set"
            yield Problem("rule set", 1, 1, 2, message, hint)


def _with_states(pack: Pack, states: Mapping[str, Status]) -> Pack:
    rules = tuple(replace(rule, status=states.get(rule.id, rule.status)) for rule in pack.rules)
    return pack if rules == pack.rules else replace(pack, rules=rules)
