"""Read a pack file (TOML) into classes of terms and rules, with errors that show where and why."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from moderation.detection.fold import fold
from moderation.detection.rule import Context, Examples, Rule, Status
from moderation.detection.signal import PPM
from moderation.detection.source import PackError, Problem, Source
from moderation.detection.taxonomy import Category
from moderation.detection.term import mistake_in
from moderation.detection.words import words_of

__all__ = [
    "FACTS",
    "LANGUAGES",
    "PATTERNS",
    "Pack",
    "PackError",
    "Problem",
    "no_toml",
    "parse_pack",
]

LANGUAGES = ("de", "en", "any")
FACTS = frozenset({"@new_account", "@burst", "@repeated", "@reported"})
PATTERNS = frozenset(
    {"@link", "@email", "@phone", "@address", "@iban", "@wallet", "@mention", "@odd_host"}
)
RULE_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,51}\Z")
"""With its version it fits into the rule that an audit entry names."""

_DEFAULT_WITHIN = 8
_WITHIN_MOST = 1_000
_VERSION_MOST = 9_999
_POSITION = re.compile(r" \(at line (\d+), column (\d+)\)")
_TOP_KEYS = ("language", "category", "terms", "rule")


@dataclass(frozen=True, slots=True)
class _Key:
    """What a key of a rule takes: a test of its value, and the words for it."""

    holds: Callable[[object], bool]
    hint: str


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(_is_text(item) for item in value)


def _is_filled_list(value: object) -> bool:
    return _is_list(value) and bool(value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_number(least: int, most: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and least <= value <= most


_LIST = 'a list of names, like ["ware"]'
_TEXTS = 'a list of texts, like ["Text"]'
_KEYS: Mapping[str, _Key] = {
    "id": _Key(
        lambda value: isinstance(value, str) and RULE_ID.match(value) is not None,
        "up to 52 small letters, digits, dots, dashes and underscores, like de.spam.ware",
    ),
    "version": _Key(_is_number(1, _VERSION_MOST), f"a whole number, 1 to {_VERSION_MOST:_}"),
    "score_ppm": _Key(
        _is_number(1, PPM), "confidence is a whole number of parts per million, 1 to 1_000_000"
    ),
    "explanation": _Key(_is_text, "a sentence for the moderator"),
    "all": _Key(_is_filled_list, _LIST),
    "none": _Key(_is_list, _LIST),
    "unless": _Key(_is_list, f"a list out of {', '.join(Context)}"),
    "not_after": _Key(_is_list, _LIST),
    "within": _Key(_is_number(0, _WITHIN_MOST), f"a number of words, 0 to {_WITHIN_MOST:_}"),
    "ordered": _Key(_is_flag, "true or false"),
    "across": _Key(_is_flag, "true or false"),
    "clause": _Key(_is_flag, "true or false"),
    "opens": _Key(_is_flag, "true or false"),
    "status": _Key(lambda value: value in list(Status), f"one of {', '.join(Status)}"),
    "match": _Key(_is_list, _TEXTS),
    "leave": _Key(_is_list, _TEXTS),
}
_NEEDED = ("id", "version", "score_ppm", "explanation", "all", "match")


@dataclass(frozen=True, slots=True)
class Pack:
    """One file of a pack: its classes by qualified name, its rules, and where they stand."""

    file: str
    language: str
    category: Category | None
    terms: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    source: Source


def parse_pack(file: str, text: str) -> Pack:
    """Read one pack file; raise PackError with every problem in it.

    A file names its `language`, mostly a `category`, `[terms]` (class = list of terms) and rules.
    """
    source = Source(file, text)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # Beside what is no TOML: numbers of thousands of digits, brackets thousands deep.
        raise PackError((no_toml(source, str(error)),)) from error
    problems = [*_wrong_top(source, document), *_wrong_terms(source, document.get("terms", {}))]
    rows = document.get("rule", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        hint = "each rule begins with [[rule]]"
        problems.append(source.find("rule", "rules are tables", hint, within=source.whole()))
    else:
        for number, row in enumerate(rows):
            problems += _wrong_rule(source, source.rule(number), row)
    if problems:
        raise PackError(tuple(problems))
    code, language = document.get("category"), str(document["language"])
    terms = {name: split_terms(listed) for name, listed in document.get("terms", {}).items()}
    if code is None:
        return Pack(file, language, None, terms, (), source)
    rules = tuple(_rule(row, language, Category(code)) for row in rows)
    return Pack(file, language, Category(code), terms, rules, source)


def split_terms(text: str) -> tuple[str, ...]:
    """Split a list of terms at commas and line ends; what follows a # is a remark."""
    lines = (line.partition("#")[0] for line in text.split("\n"))
    terms = (term.strip() for line in lines for term in line.split(","))
    return tuple(term for term in terms if term)


def no_toml(source: Source, said: str) -> Problem:
    """What the TOML parser said, at the place that it named."""
    position = _POSITION.search(said)
    end = (len(source.lines), len(source.lines[-1]) + 1)
    line, column = (int(position[1]), int(position[2])) if position else end
    return source.at(line, column, _POSITION.sub("", said), "a pack is TOML 1.0")


def _wrong_top(source: Source, document: Mapping[str, object]) -> Iterator[Problem]:
    whole = source.whole()
    for key in document.keys() - set(_TOP_KEYS):
        hint = f"a file has {', '.join(_TOP_KEYS)}"
        yield source.find(key, f"unknown key `{key}`", hint, within=whole)
    language, code = document.get("language"), document.get("category")
    if language not in LANGUAGES:
        hint = f"one of {', '.join(LANGUAGES)}"
        yield source.value("language", "no such language", hint, within=whole)
    if code is not None and code not in list(Category):
        hint = "a code of the taxonomy"
        yield source.value("category", f"no such category `{code}`", hint, within=whole)
    if document.get("rule") and code is None:
        hint = 'write `category = "…"` on top'
        yield source.find("[[rule]]", "rules without a category", hint, within=whole)


def _wrong_terms(source: Source, terms: object) -> Iterator[Problem]:
    whole = source.whole()
    if not isinstance(terms, dict):
        yield source.find("terms", "terms are a table", "write [terms]", within=whole)
        return
    for name, listed in terms.items():
        if not isinstance(listed, str):
            hint = 'terms stand in one text with commas between them, like "ware, waren"'
            yield source.value(name, f"`{name}` is no list of terms", hint, within=whole)
            continue
        for term in split_terms(listed):
            if not any(word.isalnum() for word in words_of(fold(term))):
                message = f"term `{term}` has no letter"
                yield source.find(term, message, "signs alone match nothing", within=whole)
            elif mistake := mistake_in(term):
                hint = "`um/bringen+`, `+ich`, `+du`, `+ihr` are verbs, `(a|b)` is a choice"
                yield source.find(term, f"term `{term}`: {mistake}", hint, within=whole)


def _wrong_rule(source: Source, lines: range, row: Mapping[str, object]) -> Iterator[Problem]:
    for key in sorted(row.keys() - _KEYS.keys()):
        hint = f"a rule has {', '.join(_KEYS)}"
        yield source.find(key, f"unknown key `{key}`", hint, within=lines)
    rule_id = str(row.get("id", ""))
    lexical = any(not name.startswith("@") for name in _strings(row.get("all")))
    for key in _NEEDED:
        if row.get(key, "") in ("", []) and (key != "match" or lexical):
            message = f"rule `{rule_id}` lacks `{key}`"
            yield source.find(rule_id, message, f"add it: {_KEYS[key].hint}", within=lines)
        elif key in row and not _KEYS[key].holds(row[key]):
            yield source.value(key, f"`{key}` cannot be this", _KEYS[key].hint, within=lines)
    for key, known in _KEYS.items():
        if key in row and key not in _NEEDED and not known.holds(row[key]):
            yield source.value(key, f"`{key}` cannot be this", known.hint, within=lines)
    for name in _strings(row.get("unless")):
        if name not in list(Context):
            message, hint = f"unknown context `{name}`", f"one of {', '.join(Context)}"
            yield source.find(name, message, hint, within=lines)


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def _rule(row: Mapping[str, object], language: str, category: Category) -> Rule:
    return Rule(
        id=str(row["id"]),
        version=int(str(row["version"])),
        category=category,
        language=language,
        score_ppm=int(str(row["score_ppm"])),
        explanation=str(row["explanation"]),
        all=tuple(frozenset(item.split("|")) for item in _strings(row["all"])),
        none=frozenset(_strings(row.get("none"))),
        unless=tuple(Context(name) for name in _strings(row.get("unless"))),
        within=int(str(row.get("within", _DEFAULT_WITHIN))),
        ordered=bool(row.get("ordered", False)),
        across=bool(row.get("across", False)),
        clause=bool(row.get("clause", False)),
        opens=bool(row.get("opens", False)),
        not_after=frozenset(_strings(row.get("not_after"))),
        status=Status(str(row.get("status", Status.LIVE))),
        examples=Examples(_strings(row.get("match")), _strings(row.get("leave"))),
    )
