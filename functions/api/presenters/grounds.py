"""Grounds on the way out: those of a decision, and the list they are chosen from."""

from moderation.cases.decision import Ground, IllegalGround
from moderation.cases.grounds import Grounds
from schemas import grounds as wire


def ground_view(ground: Ground) -> wire.IllegalGroundView | wire.TermsGroundView:
    """The ground that a decision or a statement names."""
    if isinstance(ground, IllegalGround):
        return wire.IllegalGroundView(
            kind="illegal", norm=ground.norm, explanation=ground.explanation
        )
    return wire.TermsGroundView(
        kind="terms",
        clause=ground.clause,
        version=ground.version,
        explanation=ground.explanation,
    )


def grounds_view(grounds: Grounds) -> wire.Grounds:
    """Every norm by category, and the clauses of the terms that may be a ground."""
    return wire.Grounds(
        taxonomy=grounds.taxonomy_version,
        categories=[
            wire.CategoryGrounds(
                category=facts.code.value,
                title=facts.title,
                title_de=facts.title_de,
                severity=facts.severity.value,
                norms=list(facts.norms),
            )
            for facts in grounds.categories
        ],
        terms=wire.TermsView(
            version=grounds.terms.version,
            clauses=[
                wire.ClauseView(id=clause.id, title=dict(clause.title), text=dict(clause.text))
                for clause in grounds.terms.content_clauses
            ],
        ),
    )
