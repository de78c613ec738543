"""The development issuer's tokens."""

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from functions.api.jwks import fetch
from localstack.issuer import AUDIENCE, ISSUER, Issuer


@pytest.fixture
def issuer(tmp_path: Path) -> Issuer:
    """One whose key is made on first use."""
    return Issuer(tmp_path / "keys" / "issuer.pem")


def decoded(issuer: Issuer, token: str) -> dict[str, object]:
    """The claims, checked against the published key."""
    key = jwt.PyJWKSet.from_json(issuer.jwks()).keys[0]
    claims: dict[str, object] = jwt.decode(
        token, key, algorithms=["ES256"], audience=AUDIENCE, issuer=ISSUER
    )
    return claims


def test_a_token_verifies_with_the_published_key(issuer: Issuer) -> None:
    """Signature, issuer and audience are those a deployed stack would demand."""
    claims = decoded(issuer, issuer.mint("u1", "Aylin Demir", ("staff",), "support"))
    assert ("u1", "Aylin Demir", ["staff"], "support") == (
        claims["sub"],
        claims["name"],
        claims["roles"],
        claims["unit"],
    )


def test_the_key_set_is_its_own_address(issuer: Issuer) -> None:
    """A function in a container reads it without reaching this machine."""
    assert issuer.jwks() == fetch(issuer.jwks_url()).decode()


def test_a_customer_has_no_unit(issuer: Issuer) -> None:
    """Only staff have one."""
    assert "unit" not in decoded(issuer, issuer.mint("u1", "Mara", ("customer",)))


def test_a_token_ends(issuer: Issuer) -> None:
    """The lifetime counts from the moment that is given."""
    now = datetime(2020, 1, 1, tzinfo=UTC)
    token = issuer.mint("u1", "Mara", ("customer",), lifetime=timedelta(hours=1), now=now)
    with pytest.raises(jwt.ExpiredSignatureError):
        decoded(issuer, token)


def test_the_key_is_kept_and_private(issuer: Issuer) -> None:
    """Tokens of yesterday verify today, and nobody else on the machine reads the key."""
    first = issuer.jwks()
    assert first == Issuer(issuer.key_path).jwks()
    assert 0o600 == stat.S_IMODE(issuer.key_path.stat().st_mode)
    assert "d" not in json.loads(first)["keys"][0]
