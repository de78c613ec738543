"""The reference scorer on a tiny checkpoint, one check for each trap of the model and its loader.

Not collected by itself: `test_scorers.py` runs it in the scorer's own environment.
"""

import json
import threading
from pathlib import Path
from typing import Any

import detoxify
import pytest
import tiny
import torch
from tiny_fixtures import ticking

from moderation.detection.scorer import ScorerRefused, ScorerUnavailable, Scores, signals_from
from moderation.detection.scorers.detoxify import DetoxifyScorer


def scores(scorer: DetoxifyScorer, text: str, language: str = "en") -> Scores:
    """The scores of a text that has some."""
    found = scorer.score(text, language)
    assert found is not None
    return found


def test_scores_are_those_of_detoxify_itself(weights: Path) -> None:
    """The scores are the ones that Detoxify's own predict gives, in parts per million."""
    scorer = DetoxifyScorer(weights)
    direct = scorer.detoxify.predict("the printer is awful")
    assert isinstance(scorer.detoxify, detoxify.Detoxify)
    assert scores(scorer, "the printer is awful").heads == {
        head: round(float(direct[head]) * 1_000_000) for head in tiny.HEADS
    }


def test_only_the_labels_are_returned(weights: Path) -> None:
    """Of sixteen outputs the seven labels count, by name."""
    assert list(scores(DetoxifyScorer(weights), "you are great").heads) == tiny.HEADS


def test_heads_go_by_name_whatever_their_order(tmp_path: Path) -> None:
    """The order of the old labels is another one, and three of them have other names."""
    scorer = DetoxifyScorer(tiny.write_checkpoint(tmp_path, tiny.ORIGINAL))
    found = scores(scorer, "you are great").heads
    direct = scorer.detoxify.predict("you are great")
    assert set(found) == set(tiny.HEADS) - {"sexual_explicit"}
    assert list(found) != [head for head in tiny.HEADS if head in found]
    assert found["identity_attack"] == round(direct["identity_attack"] * 1_000_000)


@pytest.mark.parametrize("kind", [tiny.ORIGINAL, tiny.SMALL], ids=lambda kind: kind.network)
def test_every_network_of_detoxify_loads(tmp_path: Path, kind: tiny.Kind) -> None:
    """BERT and ALBERT as well as the multilingual one; each has the languages it was trained on."""
    scorer = DetoxifyScorer(tiny.write_checkpoint(tmp_path, kind))
    assert scores(scorer, "you are awful").language_supported
    assert not scorer.language_supported("fr")


def test_nothing_is_looked_up_by_name(weights: Path) -> None:
    """Detoxify alone asks the hub for a configuration even where it was given one."""
    with pytest.raises(OSError, match="connect to"):
        detoxify.Detoxify(
            checkpoint=str(weights / tiny.CHECKPOINT), huggingface_config_path=str(weights)
        )
    assert DetoxifyScorer(weights).version.startswith("xlm-roberta-base-")


def test_missing_weights_are_refused(spoiled: Path) -> None:
    """One tensor missing refuses the checkpoint, instead of random numbers in its place."""
    content = tiny.read_checkpoint(spoiled)
    content["state_dict"].pop("classifier.out_proj.weight")
    tiny.spoil(spoiled, content)
    with pytest.raises(ScorerRefused, match=r"classifier\.out_proj\.weight"):
        DetoxifyScorer(spoiled)


def test_misnamed_weights_are_refused(spoiled: Path) -> None:
    """Weights with the prefix of a training framework refuse the checkpoint."""
    content = tiny.read_checkpoint(spoiled)
    state = content["state_dict"]
    content["state_dict"] = {f"model.{name}": tensor for name, tensor in state.items()}
    tiny.spoil(spoiled, content)
    with pytest.raises(ScorerRefused, match="do not fit"):
        DetoxifyScorer(spoiled)


def test_weights_too_many_are_refused(spoiled: Path) -> None:
    """A tensor that the network does not have says that it is another network."""
    content = tiny.read_checkpoint(spoiled)
    content["state_dict"]["adapter.weight"] = torch.zeros(1)
    tiny.spoil(spoiled, content)
    with pytest.raises(ScorerRefused, match=r"adapter\.weight"):
        DetoxifyScorer(spoiled)


def test_position_ids_of_old_checkpoints_are_ignored(weights: Path, spoiled: Path) -> None:
    """The buffer that checkpoints of 2020 carry is no weight."""
    content = tiny.read_checkpoint(spoiled)
    content["state_dict"]["roberta.embeddings.position_ids"] = torch.arange(514).view(1, -1)
    tiny.spoil(spoiled, content)
    plain = scores(DetoxifyScorer(weights), "great")
    assert scores(DetoxifyScorer(spoiled), "great").heads == plain.heads


def test_a_configuration_that_lost_its_labels_does_no_harm(weights: Path, spoiled: Path) -> None:
    """How many outputs there are is the checkpoint's to say."""
    path = spoiled / "config.json"
    config = json.loads(path.read_text())
    del config["id2label"], config["label2id"]
    path.write_text(json.dumps(config))
    assert scores(DetoxifyScorer(spoiled), "great").heads == (
        scores(DetoxifyScorer(weights), "great").heads
    )


def test_a_tokenizer_that_lost_its_limit_does_no_harm(spoiled: Path) -> None:
    """One long text does not take the whole call down."""
    path = spoiled / "tokenizer_config.json"
    config = json.loads(path.read_text())
    config.pop("model_max_length", None)
    path.write_text(json.dumps(config))
    assert scores(DetoxifyScorer(spoiled), "great " * 2000).windows > 2


def test_a_long_text_is_read_to_its_end(weights: Path) -> None:
    """Detoxify cuts the tail off; here what stands last changes the score."""
    scorer = DetoxifyScorer(weights)
    long, abusive = "great " * 1500, "great " * 1500 + "you are awful " * 20
    assert scorer.detoxify.predict(long) == scorer.detoxify.predict(abusive)
    assert scores(scorer, long).windows > 2
    assert scores(scorer, long).heads != scores(scorer, abusive).heads


def test_one_text_and_one_window_at_a_time(weights: Path) -> None:
    """Whatever the text, the network never sees more than one row of 512 tokens."""
    scorer, shapes = DetoxifyScorer(weights), []

    def note(_: Any, __: Any, given: dict[str, Any]) -> None:
        shapes.append(tuple(given["input_ids"].shape))

    scorer.detoxify.model.register_forward_pre_hook(note, with_kwargs=True)
    for text in ("great " * 1500, "a" * 5000, "🤖" * 700):
        scores(scorer, text)
    assert {rows for rows, _ in shapes} == {1}
    assert max(tokens for _, tokens in shapes) <= 512


def test_a_list_of_one_is_never_asked_for(weights: Path) -> None:
    """Detoxify answers it with bare numbers, and an empty list with an error."""
    scorer = DetoxifyScorer(weights)
    assert isinstance(scorer.detoxify.predict(["awful"])["insult"], float)
    with pytest.raises(IndexError):
        scorer.detoxify.predict([])
    assert scores(scorer, "awful").windows == 1


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_has_no_score(weights: Path, text: str) -> None:
    """Where there is no token there is no score."""
    assert DetoxifyScorer(weights).score(text, "en") is None


@pytest.mark.parametrize("text", ["\ud800 awful", "\x00\x07a", "🤖" * 600, "a" * 5000])
def test_odd_texts_are_scored(weights: Path, text: str) -> None:
    """Lone surrogates, control characters and endless words are scored like any other text."""
    assert set(scores(DetoxifyScorer(weights), text).heads) == set(tiny.HEADS)


def test_half_precision_weights_are_computed_in_full(spoiled: Path) -> None:
    """A checkpoint in bfloat16 does not bring the network up in bfloat16."""
    content = tiny.read_checkpoint(spoiled)
    state = content["state_dict"]
    content["state_dict"] = {name: tensor.to(torch.bfloat16) for name, tensor in state.items()}
    tiny.spoil(spoiled, content)
    scorer = DetoxifyScorer(spoiled)
    assert {each.dtype for each in scorer.detoxify.model.parameters()} == {torch.float32}
    assert scores(scorer, "great").heads


class Bomb:
    """Pickled, it makes a folder when it is read."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> Any:
        return (Path.mkdir, (self.place,))


def test_nothing_in_a_checkpoint_is_run(spoiled: Path, tmp_path: Path) -> None:
    """A checkpoint is a pickle; one that wants to run something is refused and has not."""
    content = tiny.read_checkpoint(spoiled)
    content["bomb"] = Bomb(tmp_path / "went-off")
    tiny.spoil(spoiled, content)
    with pytest.raises(ScorerRefused):
        DetoxifyScorer(spoiled)
    assert not (tmp_path / "went-off").exists()


def test_threads_do_not_disturb_each_other(weights: Path) -> None:
    """Eight threads at once get the scores that each gets alone."""
    scorer, seen = DetoxifyScorer(weights), []
    texts = ["you are awful", "the printer is great " * 40, "we like this forum", "great " * 700]
    alone = {text: scores(scorer, text).heads for text in texts}

    def read() -> None:
        for text in texts:
            seen.append(scores(scorer, text).heads == alone[text])

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [True] * 32


def test_a_score_does_not_change(weights: Path) -> None:
    """The same text gets the same score after others, and from weights loaded anew."""
    first = DetoxifyScorer(weights)
    before = scores(first, "this forum is great")
    for text in ("we all like this", "awful " * 50, "a"):
        first.score(text, "en")
    assert before == scores(first, "this forum is great")
    assert before == scores(DetoxifyScorer(weights), "this forum is great")


def test_the_highest_window_counts(weights: Path) -> None:
    """No head of a long text is lower than the highest of its windows read alone."""
    scorer = DetoxifyScorer(weights, max_tokens=64)
    start = "you are awful and the printer is great " * 20
    whole, first = scores(scorer, start + "a b c " * 60), scores(scorer, start)
    assert whole.windows > first.windows > 1
    assert all(whole.heads[head] >= score - 50_000 for head, score in first.heads.items())


def test_a_text_that_takes_too_long_is_given_up(weights: Path) -> None:
    """Between two windows the time is looked at; the post is tried again later."""
    scorer = DetoxifyScorer(weights, clock=ticking(40), limit_s=60)
    assert scorer.score("great", "en") is not None
    with pytest.raises(ScorerUnavailable, match="60 s"):
        scorer.score("great " * 1500, "en")


def test_a_file_that_is_no_checkpoint_is_refused(spoiled: Path) -> None:
    """Bytes that are no checkpoint are refused."""
    (spoiled / tiny.CHECKPOINT).write_bytes(b"no checkpoint")
    with pytest.raises(ScorerRefused):
        DetoxifyScorer(spoiled)


def test_a_checkpoint_of_another_kind_is_refused(spoiled: Path) -> None:
    """A checkpoint without Detoxify's configuration is refused."""
    content = tiny.read_checkpoint(spoiled)
    del content["config"]
    tiny.spoil(spoiled, content)
    with pytest.raises(ScorerRefused, match="no checkpoint of Detoxify"):
        DetoxifyScorer(spoiled)


def test_a_checkpoint_names_a_network_of_detoxify(spoiled: Path) -> None:
    """What it names is looked up in a library; only four names are."""
    content = tiny.read_checkpoint(spoiled)
    content["config"]["arch"]["args"]["model_name"] = "pipeline"
    tiny.spoil(spoiled, content)
    with pytest.raises(ScorerRefused, match="no network of Detoxify"):
        DetoxifyScorer(spoiled)


@pytest.mark.parametrize("lost", ["config.json", "tokenizer.json"])
def test_a_file_that_is_missing_is_named(spoiled: Path, lost: str) -> None:
    """The library would make up a configuration, and a tokenizer to which all words are unknown."""
    (spoiled / lost).unlink()
    with pytest.raises(ScorerRefused, match=rf"holds no .*{lost}"):
        DetoxifyScorer(spoiled)


def test_a_tokenizer_of_another_model_is_refused(spoiled: Path) -> None:
    """One token more than the network knows could take the call down."""
    content = tiny.read_checkpoint(spoiled)
    table = content["state_dict"]["roberta.embeddings.word_embeddings.weight"]
    content["state_dict"]["roberta.embeddings.word_embeddings.weight"] = table[:-1]
    tiny.spoil(spoiled, content)
    path = spoiled / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"vocab_size": len(table) - 1}))
    with pytest.raises(ScorerRefused, match=f"{len(table)} tokens"):
        DetoxifyScorer(spoiled)


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
    german = scores(scorer, "great", "de")
    assert not german.language_supported
    assert all(signal.advisory for signal in signals_from(german))
