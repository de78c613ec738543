"""Checks of the Detoxify scorer on a tiny checkpoint; run inside the scorer's own environment.

Not collected by itself: `test_detoxify_scorer.py` runs it where torch is. The checkpoint is in
Detoxify's own format with random weights, so these are checks of the plumbing and never of scores.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers

from moderation.detection.scorer import ScorerRefused, signals_from
from moderation.detection.scorers.detoxify import DetoxifyScorer

HEADS = [
    "toxicity",
    "severe_toxicity",
    "obscene",
    "identity_attack",
    "insult",
    "threat",
    "sexual_explicit",
]
OLD_HEADS = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
WORDS = "the printer is great and awful you are we all like this forum a b c d e f g h i j k l m"


def write_tokenizer(folder: Path) -> Any:
    """Write a BERT tokenizer with a vocabulary of its own, without a limit of its own."""
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split()]
    vocabulary += [f"##{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    (folder / "vocab.txt").write_text("\n".join(dict.fromkeys(vocabulary)))
    tokenizer = transformers.BertTokenizer(vocab=str(folder / "vocab.txt"))
    tokenizer.save_pretrained(folder)
    return tokenizer


def write_model(folder: Path, classes: list[str], outputs: int) -> Path:
    """Write a tiny model in Detoxify's own checkpoint format."""
    tokenizer = write_tokenizer(folder)
    torch.manual_seed(7)
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        num_labels=outputs,
    )
    model = transformers.BertForSequenceClassification(config)
    config.save_pretrained(folder)
    arguments = {
        "num_classes": outputs,
        "model_type": "bert-base-uncased",
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer",
    }
    checkpoint = {
        "state_dict": model.state_dict(),
        "config": {
            "arch": {"type": "BERT", "args": arguments},
            "dataset": {"args": {"classes": classes}},
        },
    }
    torch.save(checkpoint, folder / "tiny.ckpt")
    return folder


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny checkpoint with seven labels and nine heads more."""
    return write_model(tmp_path_factory.mktemp("weights"), HEADS, 16)


@pytest.fixture
def spoiled(weights: Path, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """A copy of the weights, and its checkpoint to spoil."""
    folder = shutil.copytree(weights, tmp_path / "spoiled")
    return folder, torch.load(folder / "tiny.ckpt", weights_only=True)


def test_scores_are_those_of_detoxify_itself(weights: Path) -> None:
    """The scores are the ones that Detoxify's own predict gives, in parts per million."""
    scorer = DetoxifyScorer(weights)
    direct = scorer._model.predict("the printer is awful")
    scores = scorer.score("the printer is awful", "en")
    assert scores is not None
    assert scores.heads == {head: round(float(direct[head]) * 1_000_000) for head in HEADS}


def test_only_the_labels_are_returned(weights: Path) -> None:
    """Of sixteen outputs the seven labels count, by name."""
    scores = DetoxifyScorer(weights).score("you are great", "en")
    assert scores is not None
    assert list(scores.heads) == HEADS


def test_old_labels_are_renamed(tmp_path: Path) -> None:
    """A checkpoint with the old names is read by the new ones, whatever their order."""
    scores = DetoxifyScorer(write_model(tmp_path, OLD_HEADS, 6)).score("you are great", "en")
    assert scores is not None
    assert set(scores.heads) == set(HEADS) - {"sexual_explicit"}


def test_a_score_does_not_change(weights: Path) -> None:
    """The same text gets the same score after others, and from weights loaded anew."""
    first = DetoxifyScorer(weights)
    before = first.score("this forum is great", "en")
    for text in ("we all like this", "awful " * 50, "a"):
        first.score(text, "en")
    assert before == first.score("this forum is great", "en")
    assert before == DetoxifyScorer(weights).score("this forum is great", "en")


def test_a_long_text_is_read_to_its_end(weights: Path) -> None:
    """A text beyond the limit is read in windows; what stands last changes the score."""
    scorer = DetoxifyScorer(weights)
    plain = scorer.score("great " * 1500, "en")
    tail = scorer.score("great " * 1500 + "you are awful " * 20, "en")
    assert plain is not None
    assert tail is not None
    assert plain.windows > 2
    assert plain.heads != tail.heads


def test_the_highest_window_counts(weights: Path) -> None:
    """No head of a long text is lower than that of its first window."""
    scorer = DetoxifyScorer(weights, max_tokens=64)
    start = "you are awful and the printer is great " * 6
    scores, first = scorer.score(start + "a b c " * 60, "en"), scorer.score(start, "en")
    assert scores is not None
    assert first is not None
    assert scores.windows > first.windows


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_has_no_score(weights: Path, text: str) -> None:
    """Where there is no token there is no score."""
    assert DetoxifyScorer(weights).score(text, "en") is None


@pytest.mark.parametrize("text", ["\ud800 awful", "\x00\x07", "🤖" * 600, "a" * 5000])
def test_odd_texts_are_scored(weights: Path, text: str) -> None:
    """Lone surrogates, control characters and endless words are scored like any other text."""
    DetoxifyScorer(weights).score(text, "en")


def test_missing_weights_are_refused(spoiled: tuple[Path, dict[str, Any]]) -> None:
    """One tensor missing refuses the checkpoint, instead of random numbers in its place."""
    folder, checkpoint = spoiled
    checkpoint["state_dict"].pop("classifier.weight")
    torch.save(checkpoint, folder / "tiny.ckpt")
    with pytest.raises(ScorerRefused, match=r"classifier\.weight"):
        DetoxifyScorer(folder)


def test_misnamed_weights_are_refused(spoiled: tuple[Path, dict[str, Any]]) -> None:
    """Weights with the prefix of a training framework refuse the checkpoint."""
    folder, checkpoint = spoiled
    state = checkpoint["state_dict"]
    checkpoint["state_dict"] = {f"model.{name}": tensor for name, tensor in state.items()}
    torch.save(checkpoint, folder / "tiny.ckpt")
    with pytest.raises(ScorerRefused, match="do not fit"):
        DetoxifyScorer(folder)


def test_position_ids_of_old_checkpoints_are_ignored(spoiled: tuple[Path, dict[str, Any]]) -> None:
    """The buffer that checkpoints of 2020 carry is no weight."""
    folder, checkpoint = spoiled
    checkpoint["state_dict"]["bert.embeddings.position_ids"] = torch.arange(512).view(1, -1)
    torch.save(checkpoint, folder / "tiny.ckpt")
    assert DetoxifyScorer(folder).score("great", "en") is not None


def test_a_file_that_is_no_checkpoint_is_refused(spoiled: tuple[Path, dict[str, Any]]) -> None:
    """Bytes that are no checkpoint are refused, and nothing in them is run."""
    folder, _ = spoiled
    (folder / "tiny.ckpt").write_bytes(b"no checkpoint")
    with pytest.raises(ScorerRefused):
        DetoxifyScorer(folder)


def test_a_checkpoint_of_another_kind_is_refused(spoiled: tuple[Path, dict[str, Any]]) -> None:
    """A checkpoint without Detoxify's configuration is refused."""
    folder, checkpoint = spoiled
    del checkpoint["config"]
    torch.save(checkpoint, folder / "tiny.ckpt")
    with pytest.raises(ScorerRefused, match="no checkpoint of Detoxify"):
        DetoxifyScorer(folder)


def test_another_digest_is_refused(weights: Path) -> None:
    """A pinned digest that does not match refuses the checkpoint before it is read."""
    with pytest.raises(ScorerRefused, match="not the pinned"):
        DetoxifyScorer(weights, sha256="0" * 64)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """Without a checkpoint there is no scorer."""
    with pytest.raises(ScorerRefused, match="0 checkpoints"):
        DetoxifyScorer(tmp_path)


def test_german_is_not_supported(weights: Path) -> None:
    """A score in a language that the model was not trained on says so, and is advisory."""
    scorer = DetoxifyScorer(weights)
    assert scorer.language_supported("en-GB")
    scores = scorer.score("great", "de")
    assert scores is not None
    assert not scores.language_supported
    assert all(signal.advisory for signal in signals_from(scores))
