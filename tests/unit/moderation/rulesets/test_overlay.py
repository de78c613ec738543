"""Content over the shipped packs: names, states, versions, limits."""

import pytest

from moderation.detection.facts import Facts
from moderation.detection.pipeline import screen
from moderation.detection.rule import Status
from moderation.detection.ruleset import load_rules, shipped
from moderation.detection.source import PackError
from moderation.rulesets.content import Content, OwnPack, RuleState, content_of, version_of
from moderation.rulesets.overlay import FILES_MOST, laid_over
from tests.support.own_packs import CONTENT, FILE, PACK, RULE, SHIPPED_RULE


def test_the_version_names_content_and_shipped_packs_together() -> None:
    """Over other shipped packs the same content is another rule set."""
    assert "abc" == version_of("abc", None)
    assert version_of("abc", CONTENT.digest) != version_of("abd", CONTENT.digest)
    assert shipped().version == laid_over(Content(), shipped()).version
    assert version_of(shipped().version, CONTENT.digest) == laid_over(CONTENT, shipped()).version


@pytest.mark.parametrize(
    "name", ["de/insult.toml", "DE/own.toml", "own.json", "../own.toml", "a/b/c/d.toml", "/a.toml"]
)
def test_an_own_pack_has_a_name_of_its_own(name: str) -> None:
    """A shipped file is not replaced, and a name leads nowhere else."""
    with pytest.raises(PackError, match="the file cannot be called that"):
        laid_over(content_of([OwnPack(file=name, text=PACK)], []), shipped())


def test_two_packs_of_one_name_are_refused() -> None:
    """Else one of them would be in force, and nobody could say which."""
    twice = content_of([OwnPack(file=FILE, text=PACK)] * 2, [])
    with pytest.raises(PackError) as caught:
        laid_over(twice, shipped())

    assert [
        "the file cannot be called that",
        f"there is a rule `{RULE}` already",
    ] == [problem.message for problem in caught.value.problems]


def test_a_rule_set_has_limits() -> None:
    """Of files, states and bytes; all that are passed are named."""
    many = [OwnPack(file=f"f{n}.toml", text='language = "de"') for n in range(FILES_MOST + 1)]
    with pytest.raises(PackError, match="51 files"):
        laid_over(content_of(many, []), shipped())


def test_a_state_counts_for_more_than_the_pack() -> None:
    """A shipped rule is switched off or into shadow, an own one likewise."""
    states = [
        RuleState(rule=SHIPPED_RULE, state=Status.SHADOW),
        RuleState(rule=RULE, state=Status.OFF),
    ]
    rules = laid_over(content_of([OwnPack(file=FILE, text=PACK)], states), shipped())

    found = {rule.id: rule.status for rule in rules.rules}
    assert (Status.SHADOW, Status.OFF) == (found[SHIPPED_RULE], found[RULE])
    assert len(rules.rules) == 1 + sum(len(pack.rules) for pack in shipped().files)


def test_an_own_file_of_terms_adds_to_the_shared_classes() -> None:
    """A word that the operator adds to a shipped class is used by every rule of the language."""
    text = 'language = "de"\n[terms]\noperator_talk = "kundenklüngel"\n'
    content = content_of([OwnPack(file="de/own-shared.toml", text=text)], [])
    said = "Der Kundenklüngel antwortet nie."

    assert not screen(said, Facts(), load_rules()).about_operator
    assert screen(said, Facts(), laid_over(content, shipped())).about_operator
