"""The reference scorer: the real Detoxify class on a checkpoint that lies on disk.

Detoxify's own loader asks the hub for a configuration by name first, and loads a checkpoint with
missing or misnamed weights with no more than a log line, which leaves random numbers in their
place. Here nothing asks the network and every key must be there: a checkpoint that does not fit
is refused. Texts are scored one at a time and one window at a time, so that a score does not depend
on what stands beside it; a text beyond the model's limit is read in overlapping windows and the
highest score counts.

A folder holds the checkpoint (`*.ckpt`), `config.json`, and the tokenizer's files.
"""

import hashlib
import importlib
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from moderation.detection.scorer import ScorerRefused, Scores
from moderation.detection.signal import PPM
from moderation.detection.windows import windows

MODEL = "detoxify"
# By model type: the languages the upstream project says a model was trained on.
LANGUAGES: Mapping[str, frozenset[str]] = {
    "xlm-roberta-base": frozenset({"en", "fr", "es", "it", "pt", "tr", "ru"}),
    "bert-base-uncased": frozenset({"en"}),
    "roberta-base": frozenset({"en"}),
    "albert-base-v2": frozenset({"en"}),
}
_RENAMED = {
    "toxic": "toxicity",
    "identity_hate": "identity_attack",
    "severe_toxic": "severe_toxicity",
}
MAX_TOKENS = 512
_MARGIN = 12
_OVERLAP = 64
_DIGEST_CHARACTERS = 12


class DetoxifyScorer:
    """Scores with Detoxify. Fails closed: refuses to be made from weights that do not fit."""

    def __init__(
        self, folder: Path, sha256: str | None = None, max_tokens: int = MAX_TOKENS
    ) -> None:
        checkpoint = _checkpoint(folder)
        digest = _sha256(checkpoint)
        if sha256 is not None and digest != sha256:
            raise ScorerRefused(f"{checkpoint.name} has SHA-256 {digest}, not the pinned {sha256}")
        self._model = _load(checkpoint, folder)
        self._max_tokens = max_tokens
        self._version = f"{self._model.model_type}-{digest[:_DIGEST_CHARACTERS]}"

    @property
    def version(self) -> str:
        """The model's type and the digest of its checkpoint."""
        return self._version

    def language_supported(self, language: str) -> bool:
        """Whether the model was trained on a language; German is none of Detoxify's."""
        known = LANGUAGES.get(self._model.model_type, frozenset())
        return language.split("-", 1)[0].lower() in known

    def score(self, text: str, language: str) -> Scores | None:
        """Score a text, window by window; None where the text has no tokens."""
        text = text.encode("utf-8", "replace").decode("utf-8")  # tokenizers refuse lone surrogates
        scored = [self._model.predict(part) for part in self._parts(text)]
        if not scored:
            return None
        heads = {head: round(max(float(each[head]) for each in scored) * PPM) for head in scored[0]}
        return Scores(MODEL, self.version, heads, self.language_supported(language), len(scored))

    def _parts(self, text: str) -> list[str]:
        """The stretches of a text that fit the model, cut where its tokens end.

        A stretch is tokenized anew and may come out longer by a token or two, hence the margin.
        """
        tokens = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )["offset_mapping"]
        room = self._max_tokens - self._model.tokenizer.num_special_tokens_to_add() - _MARGIN
        cut = windows(len(tokens), room, min(_OVERLAP, room // 4))
        return [text[tokens[first][0] : tokens[end - 1][1]] for first, end in cut]


def _checkpoint(folder: Path) -> Path:
    found = sorted(folder.glob("*.ckpt"))
    if len(found) != 1:
        raise ScorerRefused(f"{folder} holds {len(found)} checkpoints, not one")
    return found[0]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _load(checkpoint: Path, folder: Path) -> Any:
    """Make a Detoxify of a checkpoint: the class itself, but neither its loader nor the hub."""
    torch = importlib.import_module("torch")
    transformers = importlib.import_module("transformers")
    real = importlib.import_module("detoxify").Detoxify
    arguments, classes, state = _read(checkpoint, torch)
    tokenizer = getattr(transformers, arguments["tokenizer_name"])
    model = _weights(transformers, arguments, folder, state)

    class OfflineDetoxify(real):  # type: ignore[misc, valid-type]
        """Detoxify with its parts given; `predict` is its own."""

        def __init__(self) -> None:
            self.model = model
            self.device = "cpu"
            self.model_type = arguments["model_type"]
            self.class_names = [_RENAMED.get(name, name) for name in classes]
            # Without a limit of its own the tokenizer truncates nothing, and one long text
            # takes the whole call down.
            self.tokenizer = tokenizer.from_pretrained(
                folder, local_files_only=True, model_max_length=MAX_TOKENS
            )

    return OfflineDetoxify()


def _read(checkpoint: Path, torch: Any) -> tuple[dict[str, Any], list[str], dict[str, Any]]:
    try:
        loaded = torch.load(checkpoint, map_location="cpu", weights_only=True, mmap=True)
        state = {k: v for k, v in loaded["state_dict"].items() if not k.endswith("position_ids")}
        config = loaded["config"]
        return config["arch"]["args"], config["dataset"]["args"]["classes"], state
    except (KeyError, TypeError, pickle.UnpicklingError, RuntimeError) as error:
        raise ScorerRefused(f"{checkpoint.name} is no checkpoint of Detoxify: {error}") from error


def _weights(
    transformers: Any, arguments: Mapping[str, Any], folder: Path, state: Mapping[str, Any]
) -> Any:
    network = getattr(transformers, arguments["model_name"])
    config = network.config_class.from_pretrained(
        folder, num_labels=arguments["num_classes"], local_files_only=True
    )
    model = network(config)
    try:
        model.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise ScorerRefused(f"the weights do not fit the model: {error}") from error
    return model.eval()
