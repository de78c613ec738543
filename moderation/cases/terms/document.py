"""The terms of use as data: clauses at a version, in German and English (DSA Art. 14).

A decision against the terms names one clause at its version. A version that was ever in force stays
in this folder, since statements of reasons cite it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

CURRENT_VERSION = "2026-11-23"
_FOLDER = Path(__file__).parent


class Use(StrEnum):
    """What a clause is for.

    CONTENT forbids something and may be a decision's ground; INTERIM carries an automatic hold and
    nothing else; PROCEDURE explains how the house works.
    """

    CONTENT = "content"
    INTERIM = "interim"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause; `title` and `text` by language ("de", "en")."""

    id: str
    use: Use
    title: Mapping[str, str]
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms at one version, in force from a day on."""

    version: str
    effective_from: date
    clauses: tuple[Clause, ...]

    @property
    def content_clauses(self) -> tuple[Clause, ...]:
        """The clauses that may be the ground of a decision, in the order of the document."""
        return tuple(clause for clause in self.clauses if clause.use is Use.CONTENT)

    @property
    def interim_clause(self) -> Clause:
        """The clause that lets a post wait for a human after an automatic finding."""
        return next(clause for clause in self.clauses if clause.use is Use.INTERIM)

    def clause(self, clause_id: str) -> Clause | None:
        """The clause with this id, None where the terms have none."""
        return next((clause for clause in self.clauses if clause.id == clause_id), None)


def _clause(row: Mapping[str, Any]) -> Clause:
    return Clause(id=row["id"], use=Use(row["use"]), title=row["title"], text=row["text"])


@cache
def terms_at(version: str) -> Terms:
    """Read the terms at a version, once a process; FileNotFoundError where there is none."""
    document = json.loads((_FOLDER / f"{version}.json").read_text(encoding="utf-8"))
    return Terms(
        version=document["version"],
        effective_from=date.fromisoformat(document["effective_from"]),
        clauses=tuple(_clause(row) for row in document["clauses"]),
    )
