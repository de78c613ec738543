"""Grounds: the closed list a decision must choose from, so that nothing is removed without one.

An unlawful content's ground is a norm its category allows; a breach of the terms is a clause at the
version in force (DSA Art. 17(3)(d), (e); § 33(4) DDG on decisions free of arbitrariness).
"""

import re
from dataclasses import dataclass

from moderation.cases.decision import Ground, IllegalGround
from moderation.cases.terms.document import Terms, Use
from moderation.detection.taxonomy import Category, CategoryFacts, facts_of, taxonomy
from moderation.errors import Fault, Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What `/v1/grounds` shows: categories that may be decided on with their norms, and the terms.

    Only `terms.content_clauses` may be named as a ground.
    """

    taxonomy_version: str
    categories: tuple[CategoryFacts, ...]
    terms: Terms


def grounds(terms: Terms) -> Grounds:
    """All grounds there are at these terms. What is lawful is listed with no norm, to be kept."""
    return Grounds(
        taxonomy_version=taxonomy().version,
        categories=tuple(taxonomy().categories.values()),
        terms=terms,
    )


def check_ground(ground: Ground, category: Category, terms: Terms) -> None:
    """Refuse with Invalid and a pointer what is not on the list."""
    if not ground.explanation.strip():
        raise _refused("/ground/explanation", "Say why the content falls under the ground.")
    if isinstance(ground, IllegalGround):
        if ground.norm not in facts_of(category).norms:
            raise _refused("/ground/norm", f"{category.value} allows no such norm.")
        return
    if ground.version != terms.version:
        raise _refused("/ground/version", f"The terms in force are version {terms.version}.")
    clause = terms.clause(ground.clause)
    if clause is None or clause.use is not Use.CONTENT:
        raise _refused("/ground/clause", "The terms have no such clause that forbids content.")


def ground_rule(ground: Ground) -> str:
    """The ground as an audit entry names it: `norms@version#norm` or `terms@version#clause`."""
    if isinstance(ground, IllegalGround):
        norm = re.sub(r"[^A-Za-z0-9.]+", "-", ground.norm).strip("-")
        return f"norms@{taxonomy().version}#{norm[:60]}"
    return f"terms@{ground.version}#{ground.clause}"


def _refused(pointer: str, detail: str) -> Invalid:
    return Invalid("The ground is not one of /v1/grounds.", faults=(Fault(pointer, detail),))
