"""A folder of own packs on disk: `states.toml` beside `<anything>/<name>.toml`."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from moderation.detection.packfile import no_toml
from moderation.detection.rule import Status
from moderation.detection.source import PackError, Problem, Source
from moderation.rulesets.content import Content, OwnPack, RuleState, content_of
from moderation.rulesets.overlay import STATES_FILE


def read_folder(folder: Path) -> Content:
    """Read a folder. PackError for a `states.toml` that cannot be read; the packs are not parsed.

    `states.toml` lists ids of rules under `off`, `shadow` and `live`.
    """
    packs = (
        OwnPack(file=path.relative_to(folder).as_posix(), text=path.read_text(encoding="utf-8"))
        for path in folder.rglob("*.toml")
        if path != folder / STATES_FILE
    )
    states = folder / STATES_FILE
    text = states.read_text(encoding="utf-8") if states.exists() else ""
    return content_of(packs, _states(Source(STATES_FILE, text)))


def placed(folder: Path, problem: Problem) -> Problem:
    """A mistake about a rule's state, at the place in `states.toml` that names the rule."""
    if problem.file != STATES_FILE or not (folder / STATES_FILE).exists():
        return problem
    source = Source(STATES_FILE, (folder / STATES_FILE).read_text(encoding="utf-8"))
    if problem.source in source.lines:
        return problem
    return source.find(problem.source, problem.message, problem.hint, within=source.whole())


def _states(source: Source) -> Iterator[RuleState]:
    try:
        document = tomllib.loads("\n".join(source.lines))
    except tomllib.TOMLDecodeError as error:
        raise PackError((no_toml(source, str(error)),)) from error
    problems = tuple(_wrong(source, key, listed) for key, listed in document.items())
    if any(problems):
        raise PackError(tuple(problem for problem in problems if problem))
    for key, listed in document.items():
        for rule in listed:
            yield RuleState(rule=rule, state=Status(key))


def _wrong(source: Source, key: str, listed: object) -> Problem | None:
    if key not in list(Status):
        hint = f"one of {', '.join(Status)}"
        return source.find(key, f"unknown state `{key}`", hint, within=source.whole())
    if not isinstance(listed, list) or not all(isinstance(rule, str) for rule in listed):
        hint = 'a list of ids, like ["de.spam.ware"]'
        return source.value(key, f"`{key}` cannot be this", hint, within=source.whole())
    return None
