import gzip
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from moderation.detection.evaluate import main, read_rows
from moderation.detection.scorer import ScorerUnavailable, Scores
from tests.support.shouting import open_shouting

ROWS = [
    {"id": "1", "text": "Ich bringe dich um.", "label": "toxic", "sublabel": "threat"},
    {"id": "2", "text": "Schönes Wetter heute.", "label": "ok", "sublabel": "small-talk"},
    {"id": "3", "text": "Ich hasse Ausländer.", "label": "ok", "lang": "de"},
    {"id": "4", "text": "Alles gut.", "label": "toxic"},
    {"id": "5", "text": "Sieg Heil!", "label": "contested"},
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with the rows."""
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS) + "\n\n", encoding="utf-8")
    return path


def test_json_holds_the_agreed_fields(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counts and rates by label, sublabel and category, and the metrics, as JSON."""
    assert main([str(file), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["rows"] == 5
    assert result["by_label"]["toxic"] | {"flag_interval": 0, "hold_interval": 0} == {
        "n": 2,
        "flag_rate": 0.5,
        "hold_rate": 0.5,
        "flag_interval": 0,
        "hold_interval": 0,
    }
    assert result["by_sublabel"]["threat"]["n"] == 1
    assert set(result["by_category"]) == {"HATE", "LIFE_THREAT", "SYMBOL"}
    metrics = result["metrics"]
    assert (metrics["precision"], metrics["recall"], metrics["f1"]) == (0.5, 0.5, 0.5)


def test_misses_are_written(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Positives kept and lawful texts flagged are written down; what is contested never is."""
    misses = tmp_path / "misses.jsonl"
    main([str(file), "--json", "--misses", str(misses)])
    lines = [json.loads(line) for line in misses.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["3", "4"]
    assert json.loads(capsys.readouterr().out)["misses"] == 2


def test_the_table_is_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json a table is printed."""
    main([str(file)])
    assert "LIFE_THREAT" in capsys.readouterr().out


def test_compressed_files_are_read(tmp_path: Path) -> None:
    """A `.jsonl.gz` is read like a `.jsonl`."""
    path = tmp_path / "rows.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.write(json.dumps(ROWS[0]))
    assert [row.id for row in read_rows(path)] == ["1"]


@pytest.mark.parametrize("line", ["no json", '{"text": "x"}', "[]"])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    """A line that is no row ends the run with its file and number."""
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "label": "ok"}\n' + line, encoding="utf-8")
    with pytest.raises(SystemExit, match=r"rows\.jsonl:2"):
        list(read_rows(path))


def test_no_rows_are_no_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty file gives zeros."""
    path = tmp_path / "rows.jsonl"
    path.write_text("", encoding="utf-8")
    main([str(path), "--json"])
    assert json.loads(capsys.readouterr().out)["metrics"]["f1"] == 0.0


@pytest.mark.parametrize("given", ["shouting:2026", "2026"])
def test_a_model_reads_beside_the_rules(
    tmp_path: Path, given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By name and source, or by the source alone; what it adds is in the rates."""
    path = tmp_path / "rows.jsonl"
    rows = [
        {"text": "WARUM ANTWORTET HIER NIEMAND", "label": "toxic"},
        {"text": "…", "label": "ok"},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")

    main([str(path), "--json", "--scorer", given], {"shouting": open_shouting})

    result = json.loads(capsys.readouterr().out)
    assert result["scorer"] == "2026"
    assert result["by_label"]["toxic"]["flag_rate"] == 1
    assert result["by_label"]["ok"]["flag_rate"] == 0


@dataclass(frozen=True)
class Down:
    """A scorer that answers nothing."""

    version: str

    def language_supported(self, language: str) -> bool:
        """None."""
        return not language

    def score(self, text: str, language: str) -> Scores | None:
        """Refuse."""
        raise ScorerUnavailable(f"no answer on {len(text)} characters of {language}")


def test_a_text_that_was_not_read_is_in_no_rate(file: Path) -> None:
    """The run ends with the row and the reason."""
    with pytest.raises(SystemExit, match="1: no answer"):
        main([str(file), "--scorer", "down"], {"down": Down})


def test_a_model_that_cannot_be_opened_ends_the_run(file: Path, tmp_path: Path) -> None:
    """In one line, before anything is read."""
    with pytest.raises(SystemExit, match="neither an exported model nor a checkpoint"):
        main([str(file), "--scorer", str(tmp_path)])
