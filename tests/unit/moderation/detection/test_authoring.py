"""What a rule's author is told beyond what the parser refuses."""

from moderation.detection.authoring import check, failing_examples
from moderation.detection.packfile import parse_pack
from moderation.detection.ruleset import RuleSet
from tests.support.own_packs import FILE, PACK, RULE


def test_an_id_used_twice_is_named() -> None:
    """Two shipped files may not have the same rule."""
    pack = parse_pack(FILE, PACK)
    again = parse_pack("en/eigene.toml", PACK)

    assert [f"{RULE}: the id is used twice"] == list(check(RuleSet([pack, again], "x")))


def test_only_the_rules_that_are_asked_about_are_tried() -> None:
    """Another rule's failing example is its own affair."""
    pack = parse_pack(FILE, PACK.replace("Schnürsenkel hier!", "Schuhe!"))
    rules = RuleSet([pack], "x")

    assert [] == list(failing_examples(rules, ["another"]))
    assert 1 == len(list(failing_examples(rules, [RULE])))
