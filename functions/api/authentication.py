"""Who is this? An OpenID Connect token, verified against the issuer's published keys.

Only RS256 and ES256 are taken, the key only from the issuer's key set by its `kid`; nothing in the
token itself (`jku`, `x5u`, `jwk`) can name a key. Fails closed: what cannot be verified is 401, and
while the issuer's keys cannot be had at all, 503.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import jwt

from moderation.actor import Actor, Role
from moderation.errors import DomainError
from moderation.ids import MemberId

ALGORITHMS = ("ES256", "RS256")
TOKEN_CHARACTERS_MOST = 8_192
NAME_CHARACTERS_MOST = 100
UNIT_CHARACTERS_MOST = 64
SUBJECT_CHARACTERS_MOST = 255
LEEWAY_S = 30
CLAIMS = ("iss", "aud", "sub", "exp", "iat")
TYPES = ("JWT", "AT+JWT")


class Unauthorized(DomainError):
    """Nobody the API knows: no token where one is needed, or one that does not hold."""

    code = "unauthorized"


class KeySet(Protocol):
    """The issuer's public keys by `kid`."""

    def key(self, kid: str) -> jwt.PyJWK | None:
        """The key, None where the issuer has none of that name; Unavailable where nobody knows."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """Turns a bearer token into the one who acts. `member_id` derives the id from (iss, sub)."""

    issuer: str
    audience: str
    keys: KeySet
    member_id: Callable[[str, str], MemberId]

    def actor(self, authorization: str | None, now: datetime) -> Actor | None:
        """The actor of an `Authorization` header, None where there is none.

        Raises Unauthorized for any token that does not hold, Unavailable without the issuer's keys.
        """
        if authorization is None:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > TOKEN_CHARACTERS_MOST:
            raise Unauthorized("The Authorization header holds no bearer token.")
        return self._actor_of(self._claims(token, now))

    def _claims(self, token: str, now: datetime) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = self._key(header)
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[header["alg"]],
                audience=self.audience,
                issuer=self.issuer,
                # The clock is ours: times are checked below, against `now`.
                options={
                    "require": list(CLAIMS),
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise _refused() from error
        _check_times(claims, now.timestamp())
        return claims

    def _key(self, header: dict[str, Any]) -> jwt.PyJWK:
        kid, algorithm = header.get("kid"), header.get("alg")
        kind = header.get("typ", "JWT")
        if algorithm not in ALGORITHMS or not isinstance(kid, str) or "crit" in header:
            raise _refused()
        if not isinstance(kind, str) or kind.upper() not in TYPES:
            raise _refused()
        key = self.keys.key(kid)
        if key is None or key.algorithm_name != algorithm:
            raise _refused()
        return key

    def _actor_of(self, claims: dict[str, Any]) -> Actor:
        subject = _text(claims, "sub", SUBJECT_CHARACTERS_MOST)
        roles = claims.get("roles", [])
        if not isinstance(roles, list):
            raise _refused()
        known = {role.value: role for role in Role}
        actor_roles = frozenset(known[r] for r in roles if isinstance(r, str) and r in known)
        is_staff_side = bool(actor_roles - {Role.CUSTOMER})
        has_unit = is_staff_side and claims.get("unit") is not None
        return Actor(
            id=self.member_id(self.issuer, subject),
            name=_text(claims, "name", NAME_CHARACTERS_MOST),
            roles=actor_roles,
            unit=_text(claims, "unit", UNIT_CHARACTERS_MOST) if has_unit else None,
        )


def _check_times(claims: dict[str, Any], now: float) -> None:
    for name, is_past in (("exp", True), ("nbf", False), ("iat", False)):
        at = claims.get(name)
        if at is None and name == "nbf":
            continue
        if isinstance(at, bool) or not isinstance(at, int | float):
            raise _refused()
        is_over, is_early = at <= now - LEEWAY_S, at > now + LEEWAY_S
        if is_over if is_past else is_early:
            raise _refused()


def _text(claims: dict[str, Any], name: str, most: int) -> str:
    text = claims.get(name)
    if not isinstance(text, str) or not text.strip() or len(text) > most:
        raise _refused()
    if any(c < " " or "\ud800" <= c <= "\udfff" for c in text):
        raise _refused()
    return text


def _refused() -> Unauthorized:
    # One sentence for every cause: which check failed is nothing a forger needs to know.
    return Unauthorized("The token does not hold.")
