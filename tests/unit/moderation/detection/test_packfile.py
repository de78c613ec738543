from pathlib import Path

import pytest

from moderation.detection.facts import Facts
from moderation.detection.packfile import parse_pack
from moderation.detection.pipeline import screen
from moderation.detection.ruleset import RuleSet, read_packs
from moderation.detection.source import PackError, Problem

GOOD = """language = "de"
category = "SPAM"

[terms]
ware = "schnürsenkel, sonder angebot*"  # a remark

[[rule]]
id = "de.test.ware"
version = 3
score_ppm = 600_000
explanation = "Test ware."
all = ["ware"]
match = ["Schnürsenkel hier!"]
leave = ["Schuhe hier!"]
"""


def problems(text: str) -> tuple[Problem, ...]:
    """The problems that a pack is refused for."""
    with pytest.raises(PackError) as caught:
        RuleSet([parse_pack("de/test.toml", text)], "test")
    return caught.value.problems


def test_a_good_pack_is_read() -> None:
    """Terms, category and rule come out as written."""
    pack = parse_pack("de/test.toml", GOOD)
    assert pack.terms == {"ware": ("schnürsenkel", "sonder angebot*")}
    assert pack.rules[0].name == "de.test.ware@3"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('language = "de"', 'language = "fr"', 1, "no such language"),
        ('language = "de"', "", 1, "no such language"),
        ('id = "de.test.ware"', "", 7, "rule `` lacks `id`"),
        ('"SPAM"', '"SPIM"', 2, "no such category `SPIM`"),
        ('category = "SPAM"', "", 7, "rules without a category"),
        ("600_000", "6_000_000", 10, "`score_ppm` cannot be this"),
        ('explanation = "Test ware."', "", 8, "rule `de.test.ware` lacks `explanation`"),
        ("version = 3", "version = 3\nwieght = 1", 10, "unknown key `wieght`"),
        ("leave =", 'unless = ["irony"]\nleave =', 14, "unknown context `irony`"),
        ("schnürsenkel", "?!", 5, "term `?!` has no letter"),
        ("version = 3", "version = ", 9, "Invalid value"),
        ("[terms]", "[terms", 4, "Expected ']' at the end of a table declaration"),
    ],
)
def test_a_mistake_is_shown_where_it_is(old: str, new: str, line: int, message: str) -> None:
    """Each mistake names file, line, message and a hint."""
    found = problems(GOOD.replace(old, new, 1))
    assert (found[0].file, found[0].line, found[0].message) == ("de/test.toml", line, message)
    assert found[0].hint


def test_a_mistake_reads_like_a_compilers() -> None:
    """File, line and column in front, the line with a caret and the hint beneath."""
    text = str(problems(GOOD.replace("600_000", "0"))[0])
    assert text == (
        "de/test.toml:10:13: `score_ppm` cannot be this\n"
        " 10 | score_ppm = 0\n"
        "    |             ^\n"
        "    = hint: confidence is a whole number of parts per million, 1 to 1_000_000"
    )


def test_an_unknown_class_is_a_mistake() -> None:
    """A rule that names terms nobody has written is refused."""
    found = problems(GOOD.replace('all = ["ware"]', 'all = ["wear"]'))
    assert found[0].message == "rule `de.test.ware` names an unknown class `wear`"


def test_all_mistakes_are_shown_at_once() -> None:
    """Two mistakes are two problems."""
    assert len(problems(GOOD.replace("600_000", "0").replace("version = 3", ""))) == 2


def test_an_unfinished_document_is_shown_at_its_end() -> None:
    """A mistake without a place of its own is shown at the end."""
    assert problems(GOOD + "x")[0].line == GOOD.count("\n") + 1


def test_a_shadow_rule_changes_nothing(tmp_path: Path) -> None:
    """A rule in shadow raises an advisory signal, and the post is kept."""
    (tmp_path / "de").mkdir()
    shadow = GOOD.replace("leave =", 'status = "shadow"\nleave =')
    (tmp_path / "de" / "test.toml").write_text(shadow, encoding="utf-8")
    verdict = screen("Schnürsenkel hier!", Facts(), read_packs(tmp_path))
    assert verdict.action == "keep"
    assert [signal.advisory for signal in verdict.signals] == [True]


def test_the_version_is_a_digest_of_what_was_read(tmp_path: Path) -> None:
    """One letter changed is another version."""
    (tmp_path / "de").mkdir()
    file = tmp_path / "de" / "test.toml"
    file.write_text(GOOD, encoding="utf-8")
    before = read_packs(tmp_path).version
    file.write_text(GOOD + "#", encoding="utf-8")
    assert read_packs(tmp_path).version != before


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('rule = 1\nlanguage = "de"\ncategory = "SPAM"', (1, 1, 5), "rules are tables"),
        ('language = "de"\nterms = "a"', (2, 1, 6), "terms are a table"),
        (
            'language = "de"\ncategory = "SPAM"\nrule = [{ id = "a b" }]',
            (3, 11, 13),
            "`id` cannot be this",
        ),
    ],
)
def test_a_file_of_another_shape_is_shown_where_it_is(
    text: str, place: tuple[int, int, int], message: str
) -> None:
    """What TOML lets pass and no pack is; a rule on one line is found by its words."""
    found = problems(text)[0]
    assert (found.line, found.column, found.end_column, found.message) == (*place, message)


def test_mistakes_of_every_file_of_a_folder_are_shown(tmp_path: Path) -> None:
    """The second file is read although the first is broken."""
    (tmp_path / "de").mkdir()
    for name in ("a", "b"):
        (tmp_path / "de" / f"{name}.toml").write_text("language = 1", encoding="utf-8")
    with pytest.raises(PackError) as caught:
        read_packs(tmp_path)
    assert ["de/a.toml", "de/b.toml"] == [problem.file for problem in caught.value.problems]


@pytest.mark.parametrize("value", ["[" * 100_000, "1" * 5_000])
def test_what_stalls_a_parser_is_a_mistake_like_any_other(value: str) -> None:
    """Brackets without end and numbers of thousands of digits."""
    assert problems(f"language = {value}")[0].hint == "a pack is TOML 1.0"
