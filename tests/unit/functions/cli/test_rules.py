"""`hausrecht rules`: what somebody who writes rules is told."""

import json
from pathlib import Path

import pytest

from functions.cli.__main__ import main
from moderation.rulesets.overlay import BYTES_MOST
from tests.support.golden import check_golden
from tests.support.own_packs import PACK, RULE, SHIPPED_RULE, write

GOLDENS = Path(__file__).parent / "goldens"
MISTAKES = {
    "no-toml": PACK.replace("version = 1", "version = "),
    "unfinished": PACK + "x",
    "no-language": PACK.replace('language = "de"', 'language = "fr"'),
    "no-category": PACK.replace('"SPAM"', '"SPIM"'),
    "rules-without-category": PACK.replace('category = "SPAM"', ""),
    "unknown-top-key": "author = 1\n" + PACK,
    "terms-as-list": PACK.replace('"schnürsenkel~"', '["schnürsenkel~"]'),
    "term-without-letter": PACK.replace("schnürsenkel~", "?!"),
    "no-such-verb-form": PACK.replace("schnürsenkel~", "schnüren+wir"),
    "lacks-a-key": PACK.replace('explanation = "Laces are offered."\n', ""),
    "unknown-key": PACK.replace("version = 1", "version = 1\nwieght = 1"),
    "score-out-of-range": PACK.replace("600_000", "6_000_000"),
    "no-number": PACK.replace("version = 1", 'version = "1"'),
    "no-flag": PACK.replace("version = 1", "version = 1\nordered = 1"),
    "id-with-blank": PACK.replace(RULE, "own spam"),
    "unknown-context": PACK.replace('"negated"', '"irony"'),
    "unknown-class": PACK.replace('["ware"]', '["wear"]'),
    "unknown-pattern": PACK.replace('["ware"]', '["ware", "@lnik"]'),
    "shipped-id": PACK.replace(RULE, SHIPPED_RULE),
    "two-mistakes": PACK.replace("600_000", "0").replace('"negated"', '"irony"'),
}
STATES = {
    "unknown-state": 'of = ["a"]\n',
    "state-no-list": 'off = "a"\n',
    "states-no-toml": "off = \n",
    "unknown-rule": 'off = ["de.nothing"]\n',
    "rule-twice": f'off = ["{SHIPPED_RULE}"]\nshadow = ["{SHIPPED_RULE}"]\n',
}


def told(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    """Exit code and output of `hausrecht rules …`."""
    code = main(["rules", *map(str, arguments)])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("command", ["check", "test"])
def test_the_shipped_packs_are_sound(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to say about the shipped packs."""
    assert (0, "") == told(capsys, command)


@pytest.mark.parametrize("name", [*MISTAKES, *STATES])
def test_a_mistake_reads_like_a_compilers(
    name: str, tmp_path: Path, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line and column, the line with the mistake underlined, and a hint."""
    folder = write(tmp_path / "own", MISTAKES.get(name, PACK), STATES.get(name))

    code, out = told(capsys, "check", "--own", folder)

    assert 1 == code
    check_golden(request, GOLDENS / f"{name}.txt", out)


def test_a_rule_set_has_a_greatest_size(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What no record could keep is refused before it is sent."""
    folder = write(tmp_path / "own", PACK + "#" * BYTES_MOST)

    code, out = told(capsys, "check", "--own", folder)

    assert (1, True) == (code, "at most 163_840 in one rule set" in out)


def test_check_shows_doubtful_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A rule without a text that it must leave alone is named."""
    folder = write(tmp_path / "own", PACK.replace('leave = ["Schuhe hier!"]\n', ""))

    assert (1, f"{RULE}: no example that it must leave alone\n") == told(
        capsys, "check", "--own", folder
    )


def test_test_shows_examples_that_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Examples the wrong way round are named, both of them."""
    turned = PACK.replace("Schnürsenkel hier!", "X!").replace("Schuhe hier!", "Schnürsenkel!")
    folder = write(tmp_path / "own", turned)

    assert (
        1,
        f"{RULE}@1 does not match: X!\n{RULE}@1 does not leave alone: Schnürsenkel!\n",
    ) == told(capsys, "test", "--own", folder)


def test_a_rule_that_is_off_has_no_examples_to_hold(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Switching a shipped rule off makes none of its examples fail."""
    folder = write(tmp_path / "own", PACK, f'off = ["{SHIPPED_RULE}"]')

    assert (0, "") == told(capsys, "test", "--own", folder)


def test_explain_shows_what_is_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Words, disguises, verdict and signals of a text."""
    folder = write(tmp_path / "own")

    assert (
        0,
        "words     billige schnursenkel\n"
        "disguise  characters 8 to 20 spell schnursenkel\n"
        "verdict   flag SPAM language und\n"
        "operator  no\n"
        f"signal    {RULE}@1 600000 ppm: 'Schnürs3nk3l'\n"
        "          Laces are offered.\n",
    ) == told(capsys, "explain", "Billige Schnürs3nk3l", "--own", folder)


def test_explain_shows_what_was_silenced(capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that a context or an excluded class silenced is shown with what silenced it."""
    text = "Mich hat einer als Kameltreiber beschimpft. Ich will sterben vor Lachen."
    _, out = told(capsys, "explain", text)

    assert "silenced  de.hate.slur@1 by reported: 'kameltreiber'" in out
    assert "silenced  de.self_harm.plain@1 by joke: 'ich will sterben'" in out


def test_explain_says_what_is_in_shadow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An advisory signal is shown as one, and the text is kept."""
    folder = write(tmp_path / "own", PACK, f'shadow = ["{RULE}"]')

    _, out = told(capsys, "explain", "Schnürsenkel!", "--own", folder)

    assert "verdict   keep" in out
    assert f"signal    {RULE}@1 600000 ppm in shadow: 'Schnürsenkel'" in out


def test_backtest_shows_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts by label before and after, and the texts that changed sides, on either side."""
    other = write(tmp_path / "other", PACK.replace("schnürsenkel~", "handschuhe"))
    rows = tmp_path / "rows.jsonl"
    texts = [("1", "Schnürsenkel!"), ("2", "Handschuhe!"), ("3", "Guten Tag!")]
    lines = [json.dumps({"id": name, "text": text, "label": "ok"}) for name, text in texts]
    rows.write_text("\n".join(lines), encoding="utf-8")
    folder = write(tmp_path / "own")

    assert (
        0,
        "label                          n         flagged            held\n"
        "ok                             3           1 → 1           0 → 0\n"
        "newly flagged: 1\n"
        "no longer flagged: 2\n",
    ) == told(capsys, "backtest", rows, "--own", folder, "--against", other)
