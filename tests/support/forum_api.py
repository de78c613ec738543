"""The API in process: its own application over the in-memory stores, called by events.

`ForumApi.fresh()` has tokens for every role, signed by an issuer of its own; `call` builds the
event that API Gateway would send and gives back status, headers and parsed body.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from functions.api.application import application
from functions.api.authentication import Verifier
from functions.api.catalogue import endpoints
from functions.api.endpoint import Endpoint
from functions.api.jwks import CachedKeySet
from functions.keyring import Keyring
from moderation.actor import Actor, Role
from moderation.audit.cosigning import Cosigning
from moderation.audit.keys import VerificationKey
from moderation.audit.log_reader import LogReader
from moderation.audit.public_log import PublicLog
from moderation.cases.house_rules import HouseRules
from moderation.community.intake import Intake
from moderation.community.markup import render
from moderation.compliance.case_dossier import CaseDossiers
from moderation.compliance.case_entries import CaseEntryList
from moderation.detection.facts import Facts
from moderation.detection.ruleset import shipped
from moderation.detection.signal import Signal, Span
from moderation.detection.taxonomy import Category, facts_of
from moderation.detection.verdict import Action, Verdict
from moderation.rulesets.book import RuleBook
from moderation.stores.audit_table import AuditTable
from moderation.stores.entry_list import TableEntryList
from moderation.stores.forum_table import connection_of
from moderation.stores.holdings import TableHoldings
from moderation.stores.receipts import TableReceipts
from moderation.stores.signer import LocalSigner
from tests.support.audit_fakes import MemoryObjects
from tests.support.stack import ORIGIN, ROOT_SECRET, Stack

ISSUER = "https://issuer.example"
AUDIENCE = "forum"
KID = "test-key"
ADDRESS = "192.0.2.1"
OPERATOR = "Beispiel GmbH"


@cache
def signing_key() -> ec.EllipticCurvePrivateKey:
    """The key of the issuer of all tests."""
    return ec.generate_private_key(ec.SECP256R1())


@cache
def key_set() -> bytes:
    """What the issuer publishes."""
    public = json.loads(ECAlgorithm.to_jwk(signing_key().public_key()))
    return json.dumps({"keys": [public | {"kid": KID, "alg": "ES256", "use": "sig"}]}).encode()


FINDINGS = {
    "MARK-SPAM": (Category.SPAM, Action.FLAG),
    "MARK-INSULT": (Category.INSULT, Action.FLAG),
    "MARK-DOX": (Category.DOX, Action.HOLD),
    "MARK-THREAT": (Category.LIFE_THREAT, Action.HOLD),
}


def plain_screen(text: str, facts: Facts) -> Verdict:
    """A screen that knows three words, so that tests of the API do not hang on the rule packs."""
    found = [word for word in FINDINGS if word in text]
    signals = tuple(
        Signal(
            detector="test",
            version="1",
            category=FINDINGS[word][0],
            score_ppm=900_000,
            span=Span(text.index(word), text.index(word) + len(word)),
            excerpt=word,
            explanation="A word of the test.",
            rule=word,
        )
        for word in found
    )
    category, action = FINDINGS[found[-1]] if found else (None, Action.KEEP)
    return Verdict(
        action=action,
        category=category,
        severity=facts_of(category).severity if category else None,
        signals=signals,
        about_operator=OPERATOR in text,
        language=facts.language or "und",
        checked_by=("test@1",),
    )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    name: str
    roles: tuple[str, ...]
    unit: str | None = None


PEOPLE = {
    "customer": Person("Mara Lindner", ("customer",)),
    "customer2": Person("Jonas Weber", ("customer",)),
    "staff": Person("Aylin Demir", ("staff",), "support"),
    "moderator": Person("Tom Berger", ("moderator",), "moderation"),
    "moderator2": Person("Ines Falk", ("moderator",), "integrity"),
    "approver": Person("Ruth Sommer", ("approver",), "legal"),
    "compliance": Person("Nils Hartmann", ("compliance",), "compliance"),
    "compliance2": Person("Lea Winter", ("compliance",), "audit"),
    "admin": Person("Eva Krueger", ("admin",), "platform"),
    "nobody": Person("Ohne Rolle", ()),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TestParts:
    """`functions.api.parts.Parts` over the in-memory stores."""

    __test__ = False

    units: Any
    lists: Any
    rates: Any
    verifier: Verifier
    keyring: Keyring
    intake: Intake
    house: HouseRules
    now: Any
    audit: Any
    holdings: Any
    rule_book: Any
    log: Any
    receipts: Any
    export_url: Any = "https://exports.example/{}".format
    writes_per_minute: int = 1_000
    notices_per_minute: int = 1_000
    stage: str = "test"
    rules: str = "rules@test"
    scorer: str = "rules only: no model weights"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: Any
    text: str

    def expect(self, status: int) -> Any:
        """The body, where the status is the expected one."""
        assert status == self.status, f"expected {status}, got {self.status}: {self.text[:500]}"
        return self.body

    @property
    def problem(self) -> str:
        """The last part of the problem's type."""
        return str(self.body["type"]).rsplit(":", 1)[-1]


@dataclass(frozen=True, slots=True)
class ForumApi:
    """An application of its own over a stack of its own."""

    stack: Stack
    parts: TestParts
    app: Any
    endpoints: dict[tuple[str, str], Endpoint] = field(repr=False)

    @classmethod
    def fresh(cls, **settings: Any) -> "ForumApi":
        """An empty forum."""
        stack = Stack.fresh()
        return cls.over(stack, parts_of(stack, **settings))

    @classmethod
    def over(cls, stack: Stack, parts: TestParts) -> "ForumApi":
        """An application over given parts."""
        app = application("hausrecht", lambda: parts)
        return cls(stack, parts, app, {(e.method, e.path): e for e in endpoints()})

    def token(self, who: str, **claims: Any) -> str:
        """A token for one of the people, with claims replaced (None: left out)."""
        person = PEOPLE[who]
        now = self.stack.clock.now
        said: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": who,
            "iat": now,
            "exp": now + timedelta(hours=1),
            "name": person.name,
            "roles": list(person.roles),
            "unit": person.unit,
            **claims,
        }
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(kept, signing_key(), algorithm="ES256", headers={"kid": KID})

    def actor(self, who: str) -> Actor:
        """Who that is inside."""
        person = PEOPLE[who]
        roles = frozenset(Role(role) for role in person.roles)
        member_id = self.parts.keyring.member_id(ISSUER, who)
        return Actor(member_id, person.name, roles, person.unit)

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        who: str | None = None,
        token: str | None = None,
        key: str | None = "fresh",
        headers: Mapping[str, str] | None = None,
        address: str = ADDRESS,
    ) -> Answer:
        """Send one request; `key` is the idempotency key of a POST (None: none is sent)."""
        sent = {"Accept": "application/json", **(headers or {})}
        if who is not None or token is not None:
            sent["Authorization"] = f"Bearer {token or self.token(str(who))}"
        if method == "POST" and key is not None:
            sent.setdefault("Idempotency-Key", str(uuid.uuid4()) if key == "fresh" else key)
        raw = body if body is None or isinstance(body, str) else json.dumps(body)
        if raw is not None:
            sent.setdefault("Content-Type", "application/json")
        return self.send(self.event(method, path, raw, sent, address))

    def get(self, path: str, who: str | None = None, **headers: str) -> Answer:
        """GET; keyword arguments are headers with `_` for `-`."""
        return self.call("GET", path, who=who, headers=_named(headers))

    def post(
        self, path: str, body: Any, who: str | None = None, key: str = "fresh", **headers: str
    ) -> Answer:
        """POST with an idempotency key."""
        return self.call("POST", path, body, who=who, key=key, headers=_named(headers))

    def event(
        self,
        method: str,
        path: str,
        body: str | None,
        headers: Mapping[str, str],
        address: str = ADDRESS,
    ) -> dict[str, Any]:
        """The event that API Gateway makes of a request."""
        parts = urlsplit(path)
        resource, variables = self._match(method, parts.path)
        query = parse_qs(parts.query, keep_blank_values=True)
        return {
            "resource": resource,
            "path": parts.path,
            "httpMethod": method,
            "headers": dict(headers),
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": {k: v[-1] for k, v in query.items()} or None,
            "multiValueQueryStringParameters": query or None,
            "pathParameters": variables or None,
            "stageVariables": None,
            "requestContext": {
                "resourcePath": resource,
                "httpMethod": method,
                "path": "/api" + parts.path,
                "requestId": str(uuid.uuid4()),
                "identity": {"sourceIp": address},
            },
            "body": body,
            "isBase64Encoded": False,
        }

    def send(self, event: dict[str, Any]) -> Answer:
        """Give an event to the application."""
        answer = self.app(event, None)
        text = answer["body"]
        is_json = "json" in answer["headers"].get("Content-Type", "")
        return Answer(
            answer["statusCode"],
            {name.lower(): value for name, value in answer["headers"].items()},
            json.loads(text) if text and is_json else None,
            text,
        )

    def _match(self, method: str, path: str) -> tuple[str, dict[str, str]]:
        """API Gateway's routing: by the encoded segments, decoded once they are variables."""
        segments = path.split("/")
        for known_method, known in self.endpoints:
            names = known.split("/")
            if known_method != method or len(names) != len(segments):
                continue
            pairs = list(zip(names, segments, strict=True))
            if all(n == s or n.startswith("{") for n, s in pairs):
                return known, {n[1:-1]: unquote(s) for n, s in pairs if n.startswith("{")}
        raise LookupError(f"API Gateway would answer {method} {path} itself")


def parts_of(stack: Stack, **settings: Any) -> TestParts:
    """The parts over a stack, some of them given."""
    keyring = Keyring(lambda: ROOT_SECRET)
    entries = AuditTable(lambda: connection_of(stack.forum).client, stack.audit_table, ORIGIN)
    signer = LocalSigner(b"s" * 32, ORIGIN)
    known: dict[str, Any] = {
        "units": stack.unit_of_work,
        "lists": stack.lists,
        "rates": stack.rate_counter,
        "audit": _entry_list(stack),
        "holdings": TableHoldings(stack.forum),
        "log": lambda: public_log(stack, MemoryObjects(), entries, signer),
        "receipts": TableReceipts(entries, signer),
        "verifier": Verifier(
            issuer=ISSUER,
            audience=AUDIENCE,
            keys=CachedKeySet("https://issuer.example/jwks", lambda: 0.0, lambda _: key_set()),
            member_id=keyring.member_id,
        ),
        "keyring": keyring,
        "intake": Intake(
            render=render,
            screen=plain_screen,
        ),
        "house": HouseRules(
            operator=OPERATOR, public_url="https://forum.example", contact="forum@example.org"
        ),
        "now": stack.clock,
        "rule_book": book_of(stack),
    }
    return TestParts(**{**known, **settings})


def _entry_list(stack: Stack) -> CaseEntryList:
    """The entries of a log of which nothing is sequenced yet."""

    def client() -> Any:
        return connection_of(stack.forum).client

    return CaseEntryList(
        TableEntryList(client, stack.audit_table, lambda _: {}),
        CaseDossiers(TableHoldings(stack.forum), stack.lists),
        AuditTable(client, stack.audit_table, ORIGIN),
    )


def book_of(stack: Stack) -> RuleBook:
    """A rule book over a stack, by the stack's clock; errors are raised."""

    def failed(error: Exception) -> None:
        raise error

    return RuleBook(
        read=stack.unit_of_work.read,
        seconds=lambda: stack.clock().timestamp(),
        shipped=shipped,
        failed=failed,
    )


def public_log(
    stack: Stack,
    objects: MemoryObjects,
    entries: AuditTable,
    signer: LocalSigner,
    witnesses: tuple[VerificationKey, ...] = (),
    quorum: int = 1,
) -> PublicLog:
    """The log of a stack as outsiders may ask it; published is what lies among the objects."""
    reader = LogReader(objects, ORIGIN, [signer.key])
    cosigning = Cosigning(objects, reader, witnesses, quorum, stack.clock)
    return PublicLog(signer.key, reader, entries, cosigning)


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}
