"""The rules of all packs, bound to the lexicon: what a screen runs."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from moderation.detection.disguise import Disguises
from moderation.detection.lexicon import Lexicon
from moderation.detection.packfile import FACTS, LANGUAGES, PATTERNS, Pack, parse_pack
from moderation.detection.rule import Rule, Status
from moderation.detection.signal import VERSION_CHARACTERS
from moderation.detection.source import PackError, Problem
from moderation.detection.term import Term

PACKS = Path(__file__).with_name("packs")


@dataclass(frozen=True, slots=True)
class BoundRule:
    """A rule whose class names are numbers of the lexicon, patterns or facts.

    `needs` are the classes without which it cannot match, `choices` those of which any will do.
    """

    rule: Rule
    items: tuple[frozenset[int], ...]
    patterns: tuple[str, ...]
    facts: tuple[str, ...]
    none: frozenset[int]
    not_after: frozenset[int]
    needs: frozenset[int]
    choices: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class Packs:
    """Pack files as read; the version is a digest of their texts."""

    files: tuple[Pack, ...]
    version: str


class RuleSet:
    """Packs made ready: one automaton, and the rules by the class that anchors them.

    `rules` names the rules that are off, too; they are never matched.
    """

    def __init__(self, packs: Iterable[Pack], version: str) -> None:
        self.version = version
        self.packs = tuple(packs)
        self.lexicon = Lexicon(
            (_qualified(pack, name), tuple(Term(term, pack.language) for term in terms))
            for pack in self.packs
            for name, terms in pack.terms.items()
        )
        self.rules = tuple(rule for pack in self.packs for rule in pack.rules)
        self._by_anchor: dict[int, list[BoundRule]] = {}
        self.unanchored: list[BoundRule] = []
        problems: list[Problem] = []
        for pack in self.packs:
            for number, rule in enumerate(pack.rules):
                self._bind(_Place(pack, rule, number), problems)
        if problems:
            raise PackError(tuple(problems))
        self.anchors = frozenset(self._by_anchor)

    @cached_property
    def disguises(self) -> Disguises:
        """The listed terms for reading disguises, made when the first disguise is met."""
        return Disguises(self.lexicon.keys)

    @cached_property
    def anchor_entries(self) -> frozenset[int]:
        """The entries of the lexicon that anchor a rule; without one of them nothing matches."""
        return self._entries(self.anchors)

    @cached_property
    def operator_entries(self) -> frozenset[int]:
        """The entries of the lexicon that address a company: your support, this firm."""
        return self._talk("operator_talk")

    @cached_property
    def service_entries(self) -> frozenset[int]:
        """The entries that belong to a company's service; one alone says little."""
        return self._talk("service_talk")

    def _talk(self, name: str) -> frozenset[int]:
        numbers = (self.shared(language, name) for language in LANGUAGES)
        return self._entries(frozenset(number for number in numbers if number is not None))

    def _entries(self, classes: frozenset[int]) -> frozenset[int]:
        entries = enumerate(self.lexicon.entries)
        return frozenset(number for number, entry in entries if classes & entry.classes)

    def anchored(self, number: int) -> list[BoundRule]:
        """The rules whose anchor is a class."""
        return self._by_anchor[number]

    def shared(self, language: str, name: str) -> int | None:
        """The number of a shared class of a language, None where the language has none."""
        return self.lexicon.numbers.get(f"{language}:{name}")

    def _bind(self, place: "_Place", problems: list[Problem]) -> None:
        rule = place.rule
        items: list[frozenset[int]] = []
        patterns: list[str] = []
        facts: list[str] = []
        for item in rule.all:
            if item <= PATTERNS:
                patterns += sorted(item)
            elif item <= FACTS:
                facts += sorted(item)
            else:
                items.append(frozenset(self._numbers(place, item, problems)))
        none = frozenset(self._numbers(place, rule.none, problems))
        not_after = frozenset(self._numbers(place, rule.not_after, problems))
        if rule.status is Status.OFF:
            return
        bound = BoundRule(
            rule=rule,
            items=tuple(items),
            patterns=tuple(patterns),
            facts=tuple(facts),
            none=none,
            not_after=not_after,
            needs=frozenset(number for item in items for number in item if len(item) == 1),
            choices=tuple(item for item in items if len(item) > 1),
        )
        if not items:
            self.unanchored.append(bound)
        for number in items[0] if items else ():
            self._by_anchor.setdefault(number, []).append(bound)

    def _numbers(
        self, place: "_Place", names: Iterable[str], problems: list[Problem]
    ) -> Iterable[int]:
        for name in sorted(names):
            number = self._find(place.pack, name)
            if number is None:
                problems.append(place.unknown_class(name))
            else:
                yield number

    def _find(self, pack: Pack, name: str) -> int | None:
        for qualified in (_qualified(pack, name), f"{pack.language}:{name}", f"any:{name}"):
            if qualified in self.lexicon.numbers:
                return self.lexicon.numbers[qualified]
        return None


@dataclass(frozen=True, slots=True)
class _Place:
    """A rule and where it stands."""

    pack: Pack
    rule: Rule
    number: int

    def unknown_class(self, name: str) -> Problem:
        """That the rule names terms nobody has written."""
        if name.startswith("@"):
            hint = f"one of {', '.join(sorted(PATTERNS | FACTS))}; patterns and facts apart"
        else:
            hint = "define it under [terms] of the file or of shared.toml"
        source = self.pack.source
        message = f"rule `{self.rule.id}` names an unknown class `{name}`"
        return source.find(name, message, hint, within=source.rule(self.number))


def _qualified(pack: Pack, name: str) -> str:
    """A class of a shared file belongs to its language, every other one to its file."""
    return f"{pack.language}:{name}" if pack.category is None else f"{pack.file}:{name}"


def read_files(folder: Path) -> Packs:
    """Read every pack file of a folder; PackError with the problems of all of them."""
    digest = hashlib.sha256()
    packs: list[Pack] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*/*.toml")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\n{text}\n".encode())
        try:
            packs.append(parse_pack(name, text))
        except PackError as error:
            problems += error.problems
    if problems:
        raise PackError(tuple(problems))
    return Packs(tuple(packs), digest.hexdigest()[:VERSION_CHARACTERS])


def read_packs(folder: Path) -> RuleSet:
    """Read a folder and make its rules ready."""
    packs = read_files(folder)
    return RuleSet(packs.files, packs.version)


@cache
def shipped() -> Packs:
    """The packs that come with the program, read once a process and not before they are needed."""
    return read_files(PACKS)


@cache
def load_rules() -> RuleSet:
    """The rules of the shipped packs, made ready once a process."""
    return RuleSet(shipped().files, shipped().version)
