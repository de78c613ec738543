"""Tokens: what holds, and the many that do not."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from functions.api.authentication import LEEWAY_S, Unauthorized, Verifier
from functions.api.jwks import CachedKeySet
from moderation.actor import Actor, Role
from tests.support.forum_api import AUDIENCE, ISSUER, KID, ForumApi, key_set, signing_key
from tests.support.stack import EPOCH


def part(value: dict[str, Any]) -> str:
    """One part of a token by hand."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def claims(**changes: Any) -> dict[str, Any]:
    """Claims that hold, some of them changed (None: left out)."""
    said = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "kim",
        "iat": EPOCH.timestamp(),
        "exp": (EPOCH + timedelta(hours=1)).timestamp(),
        "name": "Kim",
        "roles": ["customer"],
        **changes,
    }
    return {name: value for name, value in said.items() if value is not None}


def signed(said: dict[str, Any], headers: dict[str, Any] | None = None) -> str:
    """A token signed with the right key."""
    return jwt.encode(said, signing_key(), "ES256", headers={"kid": KID, **(headers or {})})


def actor_of(api: ForumApi, token: str) -> Actor | None:
    """Who the token says it is."""
    return api.parts.verifier.actor(f"Bearer {token}", EPOCH)


def test_a_token_that_holds_names_its_bearer(api: ForumApi) -> None:
    """Name, roles and unit come from the claims, the id is derived."""
    said = claims(name="Aylin Demir", roles=["staff", "astronaut"], unit="support")
    actor = actor_of(api, signed(said))

    member = api.parts.keyring.member_id(ISSUER, "kim")
    assert Actor(member, "Aylin Demir", frozenset({Role.STAFF}), "support") == actor


def test_a_customer_has_no_unit(api: ForumApi) -> None:
    """A unit counts on the staff side only, and unknown roles count for nothing."""
    actor = actor_of(api, signed(claims(unit="support", roles=["root", 7])))

    assert actor is not None
    assert (frozenset(), None) == (actor.roles, actor.unit)


def test_nobody_is_nobody(api: ForumApi) -> None:
    """Without the header there is no actor, and that is no error."""
    assert api.parts.verifier.actor(None, EPOCH) is None


NOW = EPOCH.timestamp()


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": NOW - LEEWAY_S},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"nbf": NOW + LEEWAY_S + 1},
        {"iat": NOW + LEEWAY_S + 1},
        {"iat": None},
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"name": None},
        {"name": " "},
        {"name": "x" * 101},
        {"name": "a\nb"},
        {"name": "a\ud800"},
        {"roles": "customer"},
        {"roles": ["staff"], "unit": ["support"]},
    ],
)
def test_claims_that_do_not_hold_are_refused(api: ForumApi, changes: dict[str, Any]) -> None:
    """Expired, early, foreign, incomplete and misshapen claims all get the same answer."""
    with pytest.raises(Unauthorized) as caught:
        actor_of(api, signed(claims(**changes)))

    assert "The token does not hold." == caught.value.detail


def test_clocks_may_differ_a_little(api: ForumApi) -> None:
    """Half a minute either way is forgiven."""
    said = claims(exp=NOW - LEEWAY_S + 1, nbf=NOW + LEEWAY_S, iat=NOW + LEEWAY_S)

    assert actor_of(api, signed(said)) is not None


@pytest.mark.parametrize(
    "headers",
    [
        {"kid": "unknown"},
        {"kid": None},
        {"kid": 7},
        {"typ": "logout+jwt"},
        {"typ": 7},
        {"crit": ["exp"]},
    ],
)
def test_headers_that_do_not_hold_are_refused(api: ForumApi, headers: dict[str, Any]) -> None:
    """A key nobody published, a token of another kind, a demand we cannot meet."""
    header = part({"alg": "ES256", "kid": KID, **headers})
    token = signed(claims())
    forged = ".".join((header, *token.split(".")[1:]))

    with pytest.raises(Unauthorized):
        actor_of(api, forged)


def test_a_key_in_the_token_is_not_looked_at(api: ForumApi) -> None:
    """`jku`, `x5u` and `jwk` cannot bring a key of the forger's own."""
    other = ec.generate_private_key(ec.SECP256R1())
    own = json.loads(ECAlgorithm.to_jwk(other.public_key()))
    brought = {"kid": KID, "jwk": own, "jku": "https://evil.example", "x5u": "https://evil.example"}
    token = jwt.encode(claims(), other, "ES256", headers=brought)

    with pytest.raises(Unauthorized):
        actor_of(api, token)


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "ES384", "EdDSA", "", None])
def test_only_two_algorithms_are_taken(api: ForumApi, algorithm: str | None) -> None:
    """Unsigned tokens and other algorithms never reach a key."""
    unsigned = f"{part({'alg': algorithm, 'kid': KID, 'typ': 'JWT'})}.{part(claims())}."

    with pytest.raises(Unauthorized):
        actor_of(api, unsigned)


def test_the_public_key_is_no_secret(api: ForumApi) -> None:
    """A token signed by HMAC with the public key is refused."""
    public = signing_key().public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    message = f"{part({'alg': 'HS256', 'kid': KID, 'typ': 'JWT'})}.{part(claims())}"
    digest = hmac.new(public, message.encode(), hashlib.sha256).digest()
    token = f"{message}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"

    with pytest.raises(Unauthorized):
        actor_of(api, token)


def test_a_key_serves_its_own_algorithm_alone(api: ForumApi) -> None:
    """A token that names RS256 cannot use an elliptic curve key."""
    header = part({"alg": "RS256", "kid": KID, "typ": "JWT"})
    forged = ".".join((header, *signed(claims()).split(".")[1:]))

    with pytest.raises(Unauthorized):
        actor_of(api, forged)


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Basic abc", "Bearer a.b", "Bearer " + "a" * 8_193, "Bearer ä.b.c",
     "Bearer ..", "Bearer a.b.c.d", "Bearer \x00"],
)  # fmt: skip
def test_what_is_no_token_is_refused(api: ForumApi, authorization: str) -> None:
    """Other schemes, other shapes and huge ones."""
    with pytest.raises(Unauthorized):
        api.parts.verifier.actor(authorization, EPOCH)


def test_a_token_signed_with_rsa_holds_too(api: ForumApi) -> None:
    """RS256 is the other algorithm."""
    private = rsa.generate_private_key(65_537, 2_048)
    public = json.loads(RSAAlgorithm.to_jwk(private.public_key()))
    published = json.dumps({"keys": [public | {"kid": "rsa", "use": "sig"}]}).encode()
    verifier = Verifier(
        issuer=ISSUER,
        audience=AUDIENCE,
        keys=CachedKeySet("https://issuer.example", lambda: 0.0, lambda _: published),
        member_id=api.parts.keyring.member_id,
    )
    token = jwt.encode(claims(), private, "RS256", headers={"kid": "rsa"})

    assert verifier.actor(f"bearer {token}", EPOCH) is not None


def test_the_answer_to_a_wrong_token_is_a_401(api: ForumApi) -> None:
    """Over HTTP, on a public route too, and with what a client needs to know."""
    answer = api.call("GET", "/v1/boards", token=signed(claims(exp=NOW - 100)))

    assert (401, "unauthorized") == (answer.status, answer.problem)
    assert 'Bearer realm="hausrecht"' == answer.headers["www-authenticate"]
    assert key_set()
