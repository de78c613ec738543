"""The people of the demonstration, one a role and a second where two are needed."""

from __future__ import annotations

from dataclasses import dataclass

from localstack.issuer import Issuer


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a token; staff have the unit they work in."""

    key: str
    name: str
    roles: tuple[str, ...]
    unit: str | None = None


# No reviewer works in a unit that runs a demonstration board:
# content about the operator needs a second person from elsewhere.
PEOPLE = (
    Person("customer", "Mara Lindner", ("customer",)),
    Person("customer2", "Jonas Weber", ("customer",)),
    Person("staff", "Aylin Demir", ("staff",), "support"),
    Person("moderator", "Tom Berger", ("moderator",), "moderation"),
    Person("moderator2", "Ines Falk", ("moderator",), "integrity"),
    Person("approver", "Ruth Sommer", ("approver",), "legal"),
    Person("compliance", "Nils Hartmann", ("compliance",), "compliance"),
    Person("compliance2", "Lea Winter", ("compliance",), "audit"),
    Person("admin", "Eva Krüger", ("admin",), "platform"),
)


def tokens(issuer: Issuer) -> dict[str, str]:
    """One fresh token a person, by the person's key."""
    return {
        person.key: issuer.mint(f"demo-{person.key}", person.name, person.roles, person.unit)
        for person in PEOPLE
    }
