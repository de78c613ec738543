"""The running stack as a test sees it."""

from dataclasses import dataclass

from tests.e2e.client import Client


@dataclass(frozen=True, slots=True)
class Stack:
    """Where the API answers, one token a role, and the log's verification key."""

    api: str
    tokens: dict[str, str]
    verify_key: str

    def as_(self, who: str | None) -> Client:
        """A caller with the token of that name; None is the public."""
        return Client(self.api, self.tokens[who] if who else None)
