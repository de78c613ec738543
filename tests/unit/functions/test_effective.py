"""What is in force: every setting by name, and no value of any."""

from dataclasses import fields, replace

from functions.effective import in_force
from functions.keyring import Keyring
from functions.settings import OPTIONAL, REQUIRED, Settings, read
from moderation.cases.house_rules import HouseRules
from moderation.cases.terms.document import CURRENT_VERSION, terms_at
from tests.unit.functions.test_settings import COMPLETE

KEYRING = Keyring(lambda: b"a root secret of tests, 32+ bytes")
HOUSE = HouseRules(operator="Nordwind GmbH", public_url="https://f.example", contact="a@b.example")


def digests(house: HouseRules = HOUSE, **environment: str) -> dict[str, str]:
    """The digests under an environment."""
    return in_force(read({**COMPLETE, **environment}), house, KEYRING)


def test_every_setting_and_every_rule_of_the_house_is_in_it() -> None:
    """But where the function runs, which no operator sets."""
    settings = {*REQUIRED, *OPTIONAL} - {"AWS_REGION", "AWS_ENDPOINT_URL"}
    rules = {f"house.{field.name}" for field in fields(HouseRules)}

    assert settings | rules | {"taxonomy"} == set(digests())
    assert {field.name.upper() for field in fields(Settings)} == {*REQUIRED, *OPTIONAL}


def test_a_setting_that_changes_changes_its_digest_and_no_other() -> None:
    """A secret address, a limit, and the words of the terms."""
    hook = "https://hooks.example/secret-token"
    changed = digests(URGENT_WEBHOOK_URL=hook, WRITES_PER_MINUTE="31")
    before = digests(WRITES_PER_MINUTE="30")

    assert {"URGENT_WEBHOOK_URL", "WRITES_PER_MINUTE"} == {
        name for name in before if before[name] != changed[name]
    }
    terms = terms_at(CURRENT_VERSION)
    other = replace(HOUSE, terms=replace(terms, clauses=terms.clauses[1:]))
    assert {"house.terms"} == {
        name for name, digest in digests(other).items() if digests()[name] != digest
    }


def test_no_value_can_be_read_from_a_digest() -> None:
    """It is keyed by the root secret, and equal values of two settings look different."""
    other = in_force(read(COMPLETE), HOUSE, Keyring(lambda: b"another root secret, 32+ bytes long"))

    known = digests()
    assert len(known) == len(set(known.values()))
    assert set(known.values()).isdisjoint(other.values())
    assert all(len(digest) == 32 for digest in known.values())
