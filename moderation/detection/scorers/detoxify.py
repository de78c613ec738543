"""The reference scorer: the real Detoxify class on a checkpoint that lies on disk.

Detoxify's own loader asks the hub for a configuration by name first, and loads a checkpoint with
missing or misnamed weights with no more than a log line, which leaves random numbers in their
place. Here nothing asks the network and every key must be there: a checkpoint that does not fit
is refused. Texts are scored one at a time and one window at a time, so that a score does not depend
on what stands beside it; a text beyond the model's limit is read in overlapping windows and the
highest score counts.

A folder holds the checkpoint (`*.ckpt`), `config.json`, and the tokenizer's files.
"""

import importlib
import pickle
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moderation.detection.scorer import ScorerRefused, Scores
from moderation.detection.scorers.languages import TRAINED_ON, is_supported
from moderation.detection.scorers.model_folder import DIGEST_CHARACTERS, sha256_of
from moderation.detection.scorers.reading import LIMIT_S, Reader

MODEL = "detoxify"
MAX_TOKENS = 512
CONFIGURATION = "config.json"
VOCABULARIES = (
    "tokenizer.json",
    "sentencepiece.bpe.model",
    "spiece.model",
    "vocab.txt",
    "vocab.json",
)
# What a checkpoint may name; it is a file from outside.
_NETWORKS = frozenset({"Albert", "Bert", "Roberta", "XLMRoberta"})
_SAID_CHARACTERS = 400
_RENAMED = {
    "toxic": "toxicity",
    "identity_hate": "identity_attack",
    "severe_toxic": "severe_toxicity",
}


class DetoxifyScorer:
    """Scores with Detoxify. Fails closed: refuses to be made from weights that do not fit."""

    def __init__(
        self,
        folder: Path,
        sha256: str | None = None,
        max_tokens: int = MAX_TOKENS,
        *,
        clock: Callable[[], float] = time.monotonic,
        limit_s: float = LIMIT_S,
    ) -> None:
        checkpoint = checkpoint_in(folder)
        digest = checked_digest(checkpoint, sha256)
        self.detoxify = load(checkpoint, folder)
        self._version = f"{self.detoxify.model_type}-{digest[:DIGEST_CHARACTERS]}-torch"
        self._reader = Reader(_Network(self.detoxify, max_tokens), clock, limit_s)

    @property
    def version(self) -> str:
        """The model's type, the digest of its checkpoint, and what it runs on."""
        return self._version

    def language_supported(self, language: str) -> bool:
        """Whether the model was trained on a language; German is none of Detoxify's."""
        return is_supported(language, TRAINED_ON.get(self.detoxify.model_type, ()))

    def score(self, text: str, language: str) -> Scores | None:
        """Score a text, window by window; None where the text has no tokens."""
        reading = self._reader.read(text)
        if reading is None:
            return None
        supported = self.language_supported(language)
        return Scores(MODEL, self.version, reading.heads, supported, reading.windows)


@dataclass(frozen=True, slots=True)
class _Network:
    """Detoxify, as `reading.Model`: it is asked for one text at a time, never for a list.

    For a list of one it answers with bare numbers, and a list is one padded batch.
    """

    detoxify: Any
    max_tokens: int

    @property
    def room_tokens(self) -> int:
        """What is left beside the special tokens."""
        return self.max_tokens - int(self.detoxify.tokenizer.num_special_tokens_to_add())

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        """Where each token lies in the text."""
        found: Sequence[tuple[int, int]] = self.detoxify.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )["offset_mapping"]
        return found

    def predict(self, text: str) -> Mapping[str, float]:
        """Detoxify's own answer."""
        return {head: float(score) for head, score in self.detoxify.predict(text).items()}


def checkpoint_in(folder: Path) -> Path:
    """The one checkpoint of a folder. Raises ScorerRefused."""
    found = sorted(folder.glob("*.ckpt"))
    if len(found) != 1:
        raise ScorerRefused(f"{folder} holds {len(found)} checkpoints, not one")
    return found[0]


def checked_digest(checkpoint: Path, pinned: str | None) -> str:
    """The SHA-256 of a checkpoint; ScorerRefused where it is not the pinned one."""
    digest = sha256_of(checkpoint)
    if pinned is not None and digest != pinned:
        raise ScorerRefused(f"{checkpoint.name} has SHA-256 {digest}, not the pinned {pinned}")
    return digest


def load(checkpoint: Path, folder: Path) -> Any:
    """Make a Detoxify of a checkpoint: the class itself, but neither its loader nor the hub.

    Raises ScorerRefused for a checkpoint that is none, or whose weights are not the model's.
    """
    torch, transformers, detoxify = map(_library, ("torch", "transformers", "detoxify"))
    real = detoxify.Detoxify
    arguments, classes, state = _read(checkpoint, torch)
    model = _weights(transformers, arguments, folder, state)
    tokenizer = _tokenizer(transformers, arguments, folder, model)

    class OfflineDetoxify(real):  # type: ignore[misc, valid-type]
        """Detoxify with its parts given; `predict` is its own."""

        def __init__(self) -> None:
            self.model = model
            self.device = "cpu"
            self.model_type = arguments["model_type"]
            self.class_names = [_RENAMED.get(name, name) for name in classes]
            self.tokenizer = tokenizer

    return OfflineDetoxify()


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ScorerRefused(
            f"a checkpoint needs {name}, which cannot be imported ({error}); "
            "export it (infra/scorer) or install hausrecht[detoxify]"
        ) from error


def _read(checkpoint: Path, torch: Any) -> tuple[dict[str, Any], list[str], dict[str, Any]]:
    try:
        loaded = torch.load(checkpoint, map_location="cpu", weights_only=True, mmap=True)
        state = {k: v for k, v in loaded["state_dict"].items() if not k.endswith("position_ids")}
        arguments = loaded["config"]["arch"]["args"]
        named = {arguments["model_name"].removesuffix("ForSequenceClassification")}
        if {arguments["tokenizer_name"].removesuffix("Tokenizer")} != named or named - _NETWORKS:
            raise ScorerRefused(f"{checkpoint.name} names no network of Detoxify: {arguments}")
        return arguments, loaded["config"]["dataset"]["args"]["classes"], state
    except (KeyError, TypeError, pickle.UnpicklingError, RuntimeError) as error:
        raise ScorerRefused(f"{checkpoint.name} is no checkpoint of Detoxify: {error}") from error


def _weights(
    transformers: Any, arguments: Mapping[str, Any], folder: Path, state: Mapping[str, Any]
) -> Any:
    if not (folder / CONFIGURATION).is_file():
        # Without it the library makes one up.
        raise ScorerRefused(f"{folder} holds no {CONFIGURATION}")
    network = getattr(transformers, arguments["model_name"])
    # The number of labels is the checkpoint's: a configuration may have lost it.
    config = network.config_class.from_pretrained(
        folder, num_labels=arguments["num_classes"], local_files_only=True
    )
    model = network(config)
    try:
        model.load_state_dict(state, strict=True)
    except RuntimeError as error:
        said = str(error)[:_SAID_CHARACTERS]
        raise ScorerRefused(f"the weights do not fit the model: {said}") from error
    return model.eval()


def _tokenizer(transformers: Any, arguments: Mapping[str, Any], folder: Path, model: Any) -> Any:
    if not any((folder / name).is_file() for name in VOCABULARIES):
        # Without one the library makes an empty one, to which every word is unknown.
        raise ScorerRefused(f"{folder} holds no vocabulary ({', '.join(VOCABULARIES)})")
    # Without a limit of its own the tokenizer truncates nothing, and one long text takes the whole
    # call down.
    tokenizer = getattr(transformers, arguments["tokenizer_name"]).from_pretrained(
        folder, local_files_only=True, model_max_length=MAX_TOKENS
    )
    if len(tokenizer) > model.config.vocab_size:
        raise ScorerRefused(
            f"the tokenizer has {len(tokenizer)} tokens, the model {model.config.vocab_size}"
        )
    return tokenizer
