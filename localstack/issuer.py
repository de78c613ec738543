"""A development OIDC issuer: one key, kept in `.local/`, and tokens signed with it.

Whoever can read the key file can be anyone on this machine's stack; no deployed
stack trusts it.
"""

from __future__ import annotations

import base64
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from localstack.engine import LOCAL

ISSUER = "https://issuer.hausrecht.example"
AUDIENCE = "hausrecht"
_KEY_ID = "development"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Signs ES256 tokens with the key in a file, which is made on first use."""

    key_path: Path = LOCAL / "issuer.pem"
    issuer: str = ISSUER

    def mint(
        self,
        sub: str,
        name: str,
        roles: tuple[str, ...],
        unit: str | None = None,
        *,
        lifetime: timedelta = timedelta(days=7),
        now: datetime | None = None,
    ) -> str:
        """A token for one person; `unit` is a staff member's department."""
        issued_at = now or datetime.now(UTC)
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": sub,
            "name": name,
            "roles": list(roles),
            "iat": issued_at,
            "exp": issued_at + lifetime,
        }
        if unit is not None:
            claims["unit"] = unit
        return jwt.encode(claims, self._key(), algorithm="ES256", headers={"kid": _KEY_ID})

    def jwks(self) -> str:
        """The public key as a JSON Web Key Set."""
        public = json.loads(ECAlgorithm.to_jwk(self._key().public_key()))
        return json.dumps({"keys": [public | {"kid": _KEY_ID, "alg": "ES256", "use": "sig"}]})

    def jwks_url(self) -> str:
        """The key set as a `data:` URL: a function need not reach this machine to know it."""
        return "data:application/json;base64," + base64.b64encode(self.jwks().encode()).decode()

    def _key(self) -> ec.EllipticCurvePrivateKey:
        if not self.key_path.exists():
            self._make_key()
        key = serialization.load_pem_private_key(self.key_path.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{self.key_path} holds no elliptic curve key")
        return key

    def _make_key(self) -> None:
        self.key_path.parent.mkdir(parents=True, exist_ok=True)
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        descriptor = os.open(self.key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
