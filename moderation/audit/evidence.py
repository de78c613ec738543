"""What a bundle that holds tells: its entries and records, as questions are asked of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """One entry that is shown, and its place in the log."""

    index: int
    body: dict[str, Any]

    @property
    def at(self) -> datetime:
        """When it says it was."""
        return datetime.fromisoformat(self.body["at"])

    @property
    def act(self) -> str:
        """`subject:action`."""
        return str(self.body["action"])

    @property
    def subject(self) -> str:
        """What it was done to."""
        return str(self.body["subject"])

    @property
    def by_automation(self) -> bool:
        """Whether a rule or a clock did it."""
        return bool(self.body["via"] != "api")

    @property
    def by(self) -> str:
        """Who did it, in words; persons by their pseudonym."""
        rule = f" under {self.body['rule']}" if self.body["rule"] else ""
        who = {"rule": "a rule", "job": "a clock"}.get(self.body["via"])
        return f"{who or 'person ' + self.body['actor'][:12]}{rule}"

    def __str__(self) -> str:
        return f"{self.body['at']} [{self.index}] {self.act} {self.subject}"


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the bundle; `bound`: it is in the state that the subject's last entry tells."""

    subject: str
    part: str
    content: dict[str, Any]
    bound: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a bundle that holds tells."""

    facts: dict[str, Any]
    entries: tuple[Told, ...]
    records: tuple[Record, ...]

    def about(self, subject: str) -> "Evidence":
        """Return what concerns one subject: its entries, and whatever shares an act with them."""
        causes = {told.body["cause"] for told in self.entries if told.subject == subject}
        kept = tuple(told for told in self.entries if told.body["cause"] in causes)
        subjects = {told.subject for told in kept} | {subject}
        records = tuple(record for record in self.records if record.subject in subjects)
        return Evidence(self.facts, kept, records)

    def done(self, acts: set[str]) -> Iterator[Told]:
        """Yield the entries of these actions."""
        return (told for told in self.entries if told.act in acts)

    def of(self, kind: str) -> dict[str, list[Told]]:
        """Return the entries on each subject of a kind, in order."""
        found: dict[str, list[Told]] = {}
        for told in self.entries:
            if told.subject.startswith(kind + ":"):
                found.setdefault(told.subject, []).append(told)
        return found

    def record(self, subject: str) -> Record | None:
        """Return a subject's own record, where the bundle has it and an entry binds it."""
        found = (each for each in self.records if (each.subject, each.part) == (subject, "META"))
        return next((each for each in found if each.bound), None)
