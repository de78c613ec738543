import json
from pathlib import Path

import pytest

from moderation.detection.authoring import main

PACK = """language = "de"
category = "SPAM"
[terms]
ware = "schnürsenkel"
[[rule]]
id = "de.test.ware"
version = 1
score_ppm = 600_000
explanation = "Test ware."
all = ["ware"]
unless = ["negated"]
match = ["Schnürsenkel hier!"]
leave = ["Schuhe hier!"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one pack."""
    return write(tmp_path / "packs", PACK)


def write(folder: Path, text: str) -> Path:
    """Write a pack into a new folder."""
    (folder / "de").mkdir(parents=True)
    (folder / "de" / "test.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", ["check", "test"])
def test_the_shipped_packs_are_sound(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing to say about the shipped packs."""
    assert main([command]) == 0
    assert capsys.readouterr().out == ""


def test_check_shows_mistakes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A broken pack ends with 1 and with file, line and hint."""
    folder = write(tmp_path / "broken", PACK.replace("600_000", "0"))
    assert main(["--packs", str(folder), "check"]) == 1
    assert "de/test.toml:8:1: score_ppm out of range" in capsys.readouterr().out


def test_check_shows_doubtful_rules(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An id used twice and a rule without a text to leave alone are named."""
    rule = PACK[PACK.index("[[rule]]") :].replace('leave = ["Schuhe hier!"]\n', "")
    folder = write(tmp_path / "doubtful", PACK + rule)
    assert main(["--packs", str(folder), "check"]) == 1
    out = capsys.readouterr().out
    assert "de.test.ware: the id is used twice" in out
    assert "de.test.ware: no example that it must leave alone" in out


def test_test_shows_examples_that_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Examples the wrong way round are named, both of them."""
    turned = PACK.replace("Schnürsenkel hier!", "X!").replace("Schuhe hier!", "Schnürsenkel!")
    folder = write(tmp_path / "turned", turned)
    assert main(["--packs", str(folder), "test"]) == 1
    assert capsys.readouterr().out == (
        "de.test.ware@1 does not match: X!\nde.test.ware@1 does not leave alone: Schnürsenkel!\n"
    )


def test_explain_shows_what_is_seen(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Words, disguises, verdict and signals of a text."""
    assert main(["--packs", str(folder), "explain", "Billige Schnürs3nk3l"]) == 0
    assert capsys.readouterr().out == (
        "words     billige schnursenkel\n"
        "disguise  characters 8 to 20 spell schnursenkel\n"
        "verdict   flag SPAM language und\n"
        "operator  no\n"
        "signal    de.test.ware@1 600000 ppm: 'Schnürs3nk3l'\n"
        "          Test ware.\n"
    )


def test_explain_shows_what_was_silenced(capsys: pytest.CaptureFixture[str]) -> None:
    """A rule that a context or an excluded class silenced is shown with what silenced it."""
    main(["explain", "Mich hat einer als Kameltreiber beschimpft. Ich will sterben vor Lachen."])
    out = capsys.readouterr().out
    assert "silenced  de.hate.slur@1 by reported: 'kameltreiber'" in out
    assert "silenced  de.self_harm.plain@1 by joke: 'ich will sterben'" in out


def test_backtest_shows_what_differs(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Texts that only one of two rule sets flags are counted and named by label."""
    other = write(tmp_path / "other", PACK.replace("schnürsenkel", "handschuhe"))
    rows = tmp_path / "rows.jsonl"
    texts = [("1", "Schnürsenkel!"), ("2", "Handschuhe!"), ("3", "Guten Tag!")]
    lines = [json.dumps({"id": name, "text": text, "label": "ok"}) for name, text in texts]
    rows.write_text("\n".join(lines), encoding="utf-8")
    assert main(["--packs", str(folder), "backtest", str(other), str(rows)]) == 0
    out = capsys.readouterr().out
    assert "ok: flagged only by" in out
    assert "ok: kept only by" in out
    assert "(1)" in out
