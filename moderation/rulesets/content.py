"""What an operator lays over the shipped packs: packs of his own, and rules in another state."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from moderation.audit.canonical import canonical
from moderation.detection.rule import Status
from moderation.detection.signal import VERSION_CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPack:
    """A pack file of the operator's: its name (`de/ware.toml`) and its TOML."""

    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleState:
    """A rule that is to be live, in shadow or off, whatever its pack says."""

    rule: str
    state: Status


@dataclass(frozen=True, kw_only=True)
class Content:
    """Own packs by file name and states by rule, each once and in order."""

    packs: tuple[OwnPack, ...] = ()
    states: tuple[RuleState, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON: what was tried is what is published."""
        said = {
            "packs": [[pack.file, pack.text] for pack in self.packs],
            "states": [[state.rule, state.state.value] for state in self.states],
        }
        return hashlib.sha256(canonical(said)).hexdigest()


def content_of(packs: Iterable[OwnPack], states: Iterable[RuleState]) -> Content:
    """Put packs and states in order, so that the same content has the same digest."""
    return Content(
        packs=tuple(sorted(packs, key=lambda pack: pack.file)),
        states=tuple(sorted(states, key=lambda state: state.rule)),
    )


def version_of(base: str, digest: str | None) -> str:
    """The version by which signals name a content over shipped packs; None: those alone."""
    if digest is None:
        return base
    return hashlib.sha256(f"{base}\n{digest}".encode()).hexdigest()[:VERSION_CHARACTERS]
