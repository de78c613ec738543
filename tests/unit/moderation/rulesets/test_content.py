"""What an operator lays over the shipped packs has one digest."""

from moderation.detection.rule import Status
from moderation.rulesets.content import OwnPack, RuleState, content_of


def test_the_order_in_which_it_is_sent_does_not_matter() -> None:
    """The same packs and states have the same digest, one letter more has another."""
    packs = [OwnPack(file="b.toml", text="1"), OwnPack(file="a.toml", text="2")]
    states = [RuleState(rule=rule, state=Status.OFF) for rule in ("b", "a")]

    one, other = content_of(packs, states), content_of(reversed(packs), reversed(states))

    assert one.digest == other.digest
    assert one.digest != content_of(packs, states[:1]).digest
    assert one.digest != content_of([packs[0], OwnPack(file="a.toml", text="3")], states).digest
