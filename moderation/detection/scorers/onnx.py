"""The scorer for production: the exported model under onnxruntime, without torch.

Labels, sigmoid and limit are those of the checkpoint; `infra/scorer/export.py` puts them into the
graph and the manifest. One thread and one text at a time: the same text gets the same score on the
same kind of processor (another kind may round differently). Memory is bounded by one window.
"""

import importlib
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from moderation.detection.scorer import ScorerRefused, ScorerUnavailable, Scores
from moderation.detection.scorers.languages import is_supported
from moderation.detection.scorers.model_folder import (
    MODEL_FILE,
    TOKENIZER_FILE,
    Manifest,
    open_folder,
)
from moderation.detection.scorers.reading import LIMIT_S, Reader


class OnnxScorer:
    """Scores with an exported model. Fails closed: refuses a folder that is not its manifest's."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], float] = time.monotonic,
        limit_s: float = LIMIT_S,
    ) -> None:
        self._manifest = open_folder(folder)
        self._reader = Reader(_Network(folder, self._manifest), clock, limit_s)

    @property
    def version(self) -> str:
        """The model's type, the digest of its checkpoint, and the precision."""
        return self._manifest.version

    def language_supported(self, language: str) -> bool:
        """Whether the model was trained on a language; German is none of Detoxify's."""
        return is_supported(language, self._manifest.languages)

    def score(self, text: str, language: str) -> Scores | None:
        """Score a text, window by window; None where the text has no tokens."""
        reading = self._reader.read(text)
        if reading is None:
            return None
        return Scores(
            model=self._manifest.model,
            model_version=self.version,
            heads=reading.heads,
            language_supported=self.language_supported(language),
            windows=reading.windows,
        )


class _Network:
    """Tokenizer and graph, as `reading.Model`."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._labels = manifest.labels
        self._numpy, runtime, tokenizers = map(_library, ("numpy", "onnxruntime", "tokenizers"))
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        # What a tokenizer file says of cutting and padding is not for this reader.
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        self.room_tokens: int = manifest.max_tokens - special
        self._errors: tuple[type[Exception], ...] = (
            RuntimeError,
            MemoryError,
            *_errors_of(runtime),
        )
        self._session = _session(runtime, folder / MODEL_FILE)

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        """Where each token lies in the text."""
        found: Sequence[tuple[int, int]] = self._tokenizer.encode(
            text, add_special_tokens=False
        ).offsets
        return found

    def predict(self, text: str) -> Mapping[str, float]:
        """Run the graph on one stretch."""
        tokens = self._tokenizer.encode(text)
        ids = self._numpy.array([tokens.ids], dtype=self._numpy.int64)
        fed = {"input_ids": ids, "attention_mask": self._numpy.ones_like(ids)}
        try:
            scores = self._session.run(["scores"], fed)[0][0]
        except self._errors as error:
            raise ScorerUnavailable(f"the model failed: {type(error).__name__}") from error
        return dict(zip(self._labels, map(float, scores), strict=True))


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ScorerRefused(
            f"an exported model needs {name}, which cannot be imported ({error}); "
            "infra/scorer/run.txt names the versions"
        ) from error


def _errors_of(runtime: Any) -> tuple[type[Exception], ...]:
    """The binding's own errors, which have no base of their own."""
    state = vars(runtime.capi.onnxruntime_pybind11_state).values()
    return tuple(each for each in state if isinstance(each, type) and issubclass(each, Exception))


def _session(runtime: Any, model: Path) -> Any:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    options.log_severity_level = 4
    try:
        return runtime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except _errors_of(runtime) as error:
        raise ScorerRefused(f"{model} cannot be loaded: {type(error).__name__}") from error
