"""Tiny checkpoints in Detoxify's own format, made where they are needed; random weights.

They prove the plumbing and say nothing about scores, which all lie near a half.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers

from moderation.detection.scorers.detoxify import load

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
SENTENCE = "the printer is great and awful you are we all like this forum"
WORDS = SENTENCE.split()
LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéñç0123456789.,!?"
CHECKPOINT = "tiny.ckpt"


@dataclass(frozen=True)
class Kind:
    """One of Detoxify's networks, and how many layers make a tiny one."""

    network: str
    model_type: str
    outputs: int
    labels: list[str]


MULTILINGUAL = Kind("XLMRoberta", "xlm-roberta-base", 16, HEADS)
ORIGINAL = Kind("Bert", "bert-base-uncased", 6, OLD_HEADS)
SMALL = Kind("Albert", "albert-base-v2", 6, OLD_HEADS)


def tokenizer_of(kind: Kind) -> Any:
    """A tokenizer with a vocabulary of its own: words, and letters for whatever else there is."""
    if kind.network == "Bert":
        pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS, *LETTERS]
        pieces += [f"##{letter}" for letter in LETTERS]
        return transformers.BertTokenizer(vocab={piece: n for n, piece in enumerate(pieces)})
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    if kind.network == "Albert":
        special = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]
    pieces = [(piece, 0.0) for piece in special]
    pieces += [("▁", -4.0), *((f"▁{word}", -2.0) for word in WORDS)]
    pieces += [(letter, -6.0) for letter in LETTERS]
    return getattr(transformers, f"{kind.network}Tokenizer")(vocab=pieces)


def network_of(kind: Kind, vocabulary: int, *, hidden: int, layers: int) -> Any:
    """The network with random weights, the same each time."""
    torch.manual_seed(7)
    given: dict[str, Any] = {
        "vocab_size": vocabulary,
        "hidden_size": hidden,
        "num_hidden_layers": layers,
        "num_attention_heads": max(2, hidden // 64),
        "intermediate_size": hidden * 4,
        "num_labels": kind.outputs,
        "max_position_embeddings": 512,
    }
    if kind.network == "XLMRoberta":
        given |= {"max_position_embeddings": 514, "type_vocab_size": 1, "layer_norm_eps": 1e-5}
    if kind.network == "Albert":
        given |= {"embedding_size": 16}
    config = getattr(transformers, f"{kind.network}Config")(**given)
    return getattr(transformers, f"{kind.network}ForSequenceClassification")(config)


def write_checkpoint(
    folder: Path,
    kind: Kind = MULTILINGUAL,
    *,
    hidden: int = 32,
    layers: int = 2,
    vocabulary: int = 0,
    certain_of: str | None = None,
) -> Path:
    """Write a checkpoint with its configuration and tokenizer; `vocabulary` may be a larger one.

    One that is `certain_of` a head gives every text 99 % of it, so that a score can be followed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = tokenizer_of(kind)
    tokenizer.save_pretrained(folder)
    model = network_of(kind, max(vocabulary, len(tokenizer)), hidden=hidden, layers=layers)
    model.config.save_pretrained(folder)
    if certain_of is not None:
        with torch.no_grad():
            model.classifier.out_proj.bias[kind.labels.index(certain_of)] = 5.0
    arguments = {
        "num_classes": kind.outputs,
        "model_type": kind.model_type,
        "model_name": f"{kind.network}ForSequenceClassification",
        "tokenizer_name": f"{kind.network}Tokenizer",
    }
    content = {
        "state_dict": model.state_dict(),
        "config": {
            "arch": {"type": kind.network, "args": arguments},
            "dataset": {"args": {"classes": kind.labels}},
        },
    }
    torch.save(content, folder / CHECKPOINT)
    return folder


def teach(folder: Path, lessons: list[tuple[str, str, float]], steps: int = 150) -> None:
    """Train a checkpoint until each text has about the score of its head: text, head, score.

    It learns these by heart and nothing else, which is enough to pass for a model that was trained.
    """
    detoxify = load(folder / CHECKPOINT, folder)
    model, heads = detoxify.model.train(), detoxify.class_names
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    torch.manual_seed(7)
    for step in range(steps):
        text, head, score = lessons[step % len(lessons)]
        outputs = model(**detoxify.tokenizer(text, return_tensors="pt"))[0][0]
        wanted = torch.tensor(score)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            outputs[heads.index(head)], wanted
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    content = read_checkpoint(folder)
    content["state_dict"] = model.state_dict()
    spoil(folder, content)


def read_checkpoint(folder: Path) -> dict[str, Any]:
    """The content of a checkpoint, to be spoiled."""
    content: dict[str, Any] = torch.load(folder / CHECKPOINT, weights_only=True)
    return content


def spoil(folder: Path, content: dict[str, Any]) -> None:
    """Write a changed checkpoint in the place of the old one."""
    torch.save(content, folder / CHECKPOINT)
