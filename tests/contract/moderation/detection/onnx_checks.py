"""The exported model against the checkpoint it was made of, and what its folder must be.

Not collected by itself: `test_scorers.py` runs it in the scorer's own environment.
"""

import json
from pathlib import Path
from typing import Any

import numpy
import onnx
import pytest
import tiny
from tiny_fixtures import KNOWN, made, ticking

from infra.scorer.export import ExportError, export, main
from infra.scorer.graph import left_as_they_were
from infra.scorer.parity import Labelled, compare, passes, read_labelled
from infra.scorer.smoke import Known, read_known
from moderation.detection.scorer import ScorerRefused, ScorerUnavailable, Scores
from moderation.detection.scorers.detoxify import DetoxifyScorer
from moderation.detection.scorers.languages import TRAINED_ON
from moderation.detection.scorers.model_folder import (
    MANIFEST,
    MODEL_FILE,
    TOKENIZER_FILE,
    Parity,
    open_folder,
    sha256_of,
)
from moderation.detection.scorers.onnx import OnnxScorer

TEXTS = (
    "you are awful",
    "the printer is great and we all like this forum",
    "great " * 1500 + "you are awful",
    "🤖 ☃ 漢字 ñ",
    "a" * 5000,
    "\ud800 awful \x00",
    "awful",
)


def scores(scorer: Any, text: str, language: str = "en") -> Scores:
    """The scores of a text that has some."""
    found: Scores | None = scorer.score(text, language)
    assert found is not None
    return found


@pytest.mark.parametrize(
    "kind", [tiny.MULTILINGUAL, tiny.ORIGINAL, tiny.SMALL], ids=lambda kind: kind.network
)
def test_torch_and_graph_agree(kind: tiny.Kind, tmp_path: Path) -> None:
    """To two parts in a million, in as many windows, for texts of every kind."""
    weights = tiny.write_checkpoint(tmp_path / "weights", kind)
    made(weights, tmp_path / "model")
    torch, graph = DetoxifyScorer(weights), OnnxScorer(tmp_path / "model")
    for text in TEXTS:
        one, two = scores(torch, text), scores(graph, text)
        assert list(one.heads) == list(two.heads)
        assert one.windows == two.windows
        assert max(abs(one.heads[head] - two.heads[head]) for head in one.heads) <= 2


def test_a_score_names_checkpoint_and_precision(weights: Path, exported: Path) -> None:
    """The version is the model's type, the digest of its checkpoint and the precision."""
    digest = sha256_of(weights / tiny.CHECKPOINT)[:12]
    found = scores(OnnxScorer(exported), "awful")
    assert (found.model, found.model_version) == ("detoxify", f"xlm-roberta-base-{digest}-fp32")
    assert found.language_supported
    assert not scores(OnnxScorer(exported), "awful", "de").language_supported


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_nothing_has_no_score(exported: Path, text: str) -> None:
    """As with the reference."""
    assert OnnxScorer(exported).score(text, "en") is None


def test_a_score_is_the_same_again(exported: Path, quantised: Path) -> None:
    """After other texts and from a session of its own, bit for bit, int8 too."""
    for folder in (exported, quantised):
        first = OnnxScorer(folder)
        before = [scores(first, text) for text in TEXTS]
        assert before == [scores(first, text) for text in reversed(TEXTS)][::-1]
        assert before == [scores(OnnxScorer(folder), text) for text in TEXTS]


def test_company_changes_a_score_of_whole_numbers(quantised: Path) -> None:
    """Beside another text the graph scores differently, which is why each is read alone."""
    session = OnnxScorer(quantised)._reader.model._session  # type: ignore[attr-defined]
    ids = numpy.array([[0, 6, 7, 2], [0, 14, 15, 2]], dtype=numpy.int64)

    def run(rows: Any) -> Any:
        fed = {"input_ids": rows, "attention_mask": numpy.ones_like(rows)}
        return session.run(["scores"], fed)[0][0]

    assert not numpy.array_equal(run(ids), run(ids[:1]))


def test_a_text_that_takes_too_long_is_given_up(exported: Path) -> None:
    """Between two windows the time is looked at."""
    scorer = OnnxScorer(exported, clock=ticking(40), limit_s=60)
    with pytest.raises(ScorerUnavailable, match="60 s"):
        scorer.score("great " * 1500, "en")


def test_a_tokenizer_that_cuts_and_pads_is_not_followed(copied: Path) -> None:
    """What a tokenizer file says of truncation would leave the tail unread."""
    path = copied / TOKENIZER_FILE
    fields = json.loads(path.read_text())
    fields["truncation"] = {
        "max_length": 16,
        "strategy": "LongestFirst",
        "stride": 0,
        "direction": "Right",
    }
    path.write_text(json.dumps(fields))
    _pin(copied)
    assert scores(OnnxScorer(copied), "great " * 1500).windows > 2


@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE])
def test_a_file_that_was_exchanged_is_refused(copied: Path, name: str) -> None:
    """One byte more than the manifest pins."""
    with (copied / name).open("ab") as file:
        file.write(b" ")
    with pytest.raises(ScorerRefused, match=f"{name} has SHA-256"):
        OnnxScorer(copied)


def test_a_graph_that_is_none_is_refused(copied: Path) -> None:
    """Even where the manifest pins it."""
    (copied / MODEL_FILE).write_bytes(b"no graph")
    _pin(copied)
    with pytest.raises(ScorerRefused, match="cannot be loaded"):
        OnnxScorer(copied)


def test_a_graph_that_fails_is_unavailable(copied: Path) -> None:
    """A token beyond the vocabulary: the run ends in an error, and not in a score."""
    path = copied / TOKENIZER_FILE
    fields = json.loads(path.read_text())
    fields["model"]["vocab"] += [[f"▁beyond{n}", -1.0] for n in range(9)]
    path.write_text(json.dumps(fields))
    _pin(copied)
    with pytest.raises(ScorerUnavailable, match="the model failed"):
        OnnxScorer(copied).score("beyond8", "en")


def test_without_labelled_texts_the_weights_stay_as_they_are(exported: Path) -> None:
    """No parity check, no whole numbers; and nothing but three files."""
    manifest = open_folder(exported)
    assert (manifest.precision, manifest.parity) == ("fp32", {})
    assert {path.name for path in exported.iterdir()} == {MODEL_FILE, TOKENIZER_FILE, MANIFEST}


def test_whole_numbers_are_taken_where_they_are_as_good(quantised: Path) -> None:
    """The manifest says what was measured for either precision."""
    manifest = open_folder(quantised)
    assert manifest.precision == "int8"
    assert set(manifest.parity) == {"fp32", "int8"}
    assert all(passes(parity) for parity in manifest.parity.values())
    assert manifest.parity["fp32"].differs_at_most <= 2e-6
    assert manifest.version.endswith("-int8")


def test_whole_numbers_that_differ_are_left(
    weights: Path, labelled: list[Labelled], tmp_path: Path
) -> None:
    """Where small errors move a score far: the parity check fails, and fp32 is taken."""
    content = tiny.read_checkpoint(weights)
    content["state_dict"]["classifier.out_proj.weight"] *= 5000
    folder = tiny.write_checkpoint(tmp_path / "weights")
    tiny.spoil(folder, content)
    manifest = made(folder, tmp_path / "model", labelled)
    assert manifest.precision == "fp32"
    assert not passes(manifest.parity["int8"])


def test_weights_that_layers_share_are_quantised_too(
    labelled: list[Labelled], tmp_path: Path
) -> None:
    """ALBERT's stand behind an Identity each, through which the quantiser does not look."""
    weights = tiny.write_checkpoint(tmp_path / "weights", tiny.SMALL)
    assert made(weights, tmp_path / "model", labelled).precision == "int8"
    assert left_as_they_were(tmp_path / "model" / MODEL_FILE) == 0
    kinds = {node.op_type for node in onnx.load(str(tmp_path / "model" / MODEL_FILE)).graph.node}
    assert "MatMulInteger" in kinds


def test_another_digest_makes_nothing(weights: Path, tmp_path: Path) -> None:
    """The digest is asked for, and looked at before anything is read."""
    with pytest.raises(ScorerRefused, match="not the pinned"):
        export(weights, "0" * 64, tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_known_texts_that_come_out_wrong_make_nothing(weights: Path, tmp_path: Path) -> None:
    """The second net under the check of every key."""
    digest = sha256_of(weights / tiny.CHECKPOINT)
    known = [Known("you are awful", "en", "insult", 0.99, 1.0)]
    with pytest.raises(ExportError, match="insult of 'you are awful' is 0"):
        export(weights, digest, tmp_path / "model", (), known)
    assert list(tmp_path.iterdir()) == []


def test_known_texts_are_asked_in_languages_the_model_knows(weights: Path, tmp_path: Path) -> None:
    """German is none of its languages; what it makes of German proves nothing."""
    known = [Known("du bist blöd", "de", "insult", 0.99, 1.0)]
    digest = sha256_of(weights / tiny.CHECKPOINT)
    assert export(weights, digest, tmp_path / "model", (), known).precision == "fp32"


def test_the_shipped_known_texts_can_be_read() -> None:
    """Each has bounds that leave something out, in a language of the multilingual model."""
    for each in read_known():
        assert 0 <= each.at_least < each.at_most <= 1
        assert (each.at_least, each.at_most) != (0, 1)
        assert each.language in TRAINED_ON["xlm-roberta-base"]


def test_an_export_overwrites_nothing(weights: Path, exported: Path) -> None:
    """A model in use is not exchanged under its readers."""
    with pytest.raises(ExportError, match="there already"):
        export(weights, sha256_of(weights / tiny.CHECKPOINT), exported, (), KNOWN)


def test_the_command_says_what_it_made(
    weights: Path, labelled: list[Labelled], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Version and parity on success; one line and 1 where it fails."""
    rows, known = tmp_path / "rows.jsonl", tmp_path / "known.json"
    lines = [json.dumps({"text": each.text, "label": each.label}) for each in labelled]
    rows.write_text("\n".join(lines))
    known.write_text("[]")
    digest = sha256_of(weights / tiny.CHECKPOINT)
    call = [str(weights), "--out", str(tmp_path / "model"), "--known", str(known)]
    call += ["--labelled", str(rows)]
    assert main([*call, "--sha256", "0" * 64]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main([*call, "--sha256", digest]) == 0
    said = capsys.readouterr().out
    assert f"{digest[:12]}-int8" in said
    assert "0 of 200 verdicts changed" in said


def test_a_parity_check_needs_texts_enough_of_both_kinds(tmp_path: Path) -> None:
    """Three texts would show nothing, and neither would three hundred harmless ones."""
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "label": "ok"}\n' * 3)
    with pytest.raises(ValueError, match="3 labelled texts"):
        read_labelled([path])
    path.write_text('{"text": "a", "label": "ok"}\n' * 300)
    with pytest.raises(ValueError, match="one kind"):
        read_labelled([path])
    path.write_text("[]")
    with pytest.raises(ValueError, match=r"rows\.jsonl:1"):
        read_labelled([path])


def test_what_passes_a_parity_check() -> None:
    """At most 0.02 on any score and one verdict in two hundred; on enough texts."""
    good = Parity(texts=200, differs_at_most=0.02, changed=1)
    assert passes(good)
    assert not passes(Parity(texts=200, differs_at_most=0.0201, changed=0))
    assert not passes(Parity(texts=200, differs_at_most=0.0, changed=2))
    assert not passes(Parity(texts=199, differs_at_most=0.0, changed=0))


def test_a_verdict_counts_as_changed_in_any_language() -> None:
    """In a language the model does not know a score is advice, which would hide the change."""
    below = Scores("detoxify", "1", {"threat": 799_999}, False, 1)
    above = Scores("detoxify", "1", {"threat": 800_001}, False, 1)
    assert compare([below, None], [above, None]) == Parity(texts=2, differs_at_most=2e-6, changed=1)


def _pin(folder: Path) -> None:
    """Make the manifest fit what the files have become."""
    path = folder / MANIFEST
    fields = json.loads(path.read_text())
    fields["files"] = {name: sha256_of(folder / name) for name in fields["files"]}
    path.write_text(json.dumps(fields))
