"""Keys and names derived from the one root secret, each by a label of its own.

Knowing one derived key tells nothing about another or about the root (HMAC-SHA-256 as a
pseudorandom function). Whoever holds the root can forge cursors, notice secrets and ids; it lies in
Secrets Manager and in the memory of the functions, and nowhere else.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from moderation.community.recent import Mark
from moderation.ids import MemberId, opaque_id

ROOT_BYTES_LEAST = 32


class WeakRootError(RuntimeError):
    """The root secret is too short to derive keys from."""


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """What is derived from the root secret; `load` gives it, and is asked when it is needed."""

    load: Callable[[], bytes]

    @property
    def root(self) -> bytes:
        """The root secret; WeakRootError where it is shorter than 32 bytes."""
        root = self.load()
        if len(root) < ROOT_BYTES_LEAST:
            raise WeakRootError(f"the root secret has fewer than {ROOT_BYTES_LEAST} bytes")
        return root

    @property
    def cursor(self) -> bytes:
        """Signs the positions that lists hand out."""
        return self._derive(b"cursor/v1")

    def fingerprint(self, *parts: bytes) -> str:
        """Digest a request for its idempotency record: equal parts, equal digest."""
        return self._keyed(b"idempotency/v1", *parts).hex()

    def member_id(self, issuer: str, subject: str) -> MemberId:
        """The id of the person whom an issuer calls `subject`; no way leads back from it."""
        return MemberId(opaque_id(self._keyed(b"member/v1", issuer.encode(), subject.encode())))

    def notice_secret(self, notice_id: str) -> str:
        """The secret of a notice: 43 characters, made again whenever needed and stored nowhere."""
        digest = self._keyed(b"notice-secret/v1", notice_id.encode())
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def address(self, ip: str) -> str:
        """A client address as rate limits and public callers' keys know it."""
        return self._keyed(b"address/v1", ip.encode())[:16].hex()

    def setting(self, name: str, value: str) -> str:
        """A setting's value as the log's record of it knows it: 32 hexadecimal characters."""
        return self._keyed(b"setting/v1", name.encode(), value.encode())[:16].hex()

    def mark(self, text: str, request_key: str) -> Mark:
        """A text and the request it came with, as the count of writes knows them for an hour.

        36 bits tell texts apart and 12 bits requests; what meets by chance costs a look by a human.
        """
        digest = base64.urlsafe_b64encode(self._keyed(b"text/v1", text.encode())).decode()
        request = base64.urlsafe_b64encode(self._keyed(b"request/v1", request_key.encode()))
        return Mark(digest[:6], request.decode()[:2])

    def _derive(self, label: bytes) -> bytes:
        return hmac.new(self.root, label, hashlib.sha256).digest()

    def _keyed(self, label: bytes, *parts: bytes) -> bytes:
        # Each part goes in with its length, so that no two lists of parts read alike.
        message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.new(self._derive(label), message, hashlib.sha256).digest()
