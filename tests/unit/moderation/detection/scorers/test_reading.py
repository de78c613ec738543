"""Long texts are read in windows to their end, one at a time."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from moderation.detection.scorer import ScorerUnavailable
from moderation.detection.scorers.reading import Reader


@dataclass
class Letters:
    """A model to which each letter is a token; it finds a share of `x` and keeps what it read."""

    room_tokens: int = 40
    read: list[str] = field(default_factory=list)

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        """Every letter but the blanks."""
        return [(at, at + 1) for at, letter in enumerate(text) if letter != " "]

    def predict(self, text: str) -> Mapping[str, float]:
        """How much of it is an x, and nothing else."""
        self.read.append(text)
        return {"x": text.count("x") / len(text), "y": 0.25}


@dataclass
class Growing(Letters):
    """A model whose tokens come out more where a text was cut."""

    def offsets(self, text: str) -> Sequence[tuple[int, int]]:
        """Twice as many for what is short."""
        tokens = super().offsets(text)
        return tokens if len(tokens) > self.room_tokens else [*tokens, *tokens]


def still() -> float:
    """A clock that stands still."""
    return 0.0


def test_what_fits_is_one_window() -> None:
    """The text as it is, blanks at its ends too."""
    model = Letters()
    reading = Reader(model, still).read(" xa ")
    assert reading is not None
    assert (reading.heads, reading.windows) == ({"x": 250_000, "y": 250_000}, 1)
    assert model.read == [" xa "]


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_is_not_read(text: str) -> None:
    """Where there is no token there is no score."""
    assert Reader(Letters(), still).read(text) is None


def test_a_long_text_is_read_to_its_end_and_the_highest_counts() -> None:
    """The windows overlap, leave nothing out, and each fits the model."""
    model = Letters()
    reading = Reader(model, still).read("a" * 200 + "x" * 28)
    assert reading is not None
    assert reading.heads["x"] == 1_000_000
    assert reading.windows == len(model.read) > 5
    assert max(map(len, model.read)) <= model.room_tokens
    assert model.read[-1].endswith("x")
    assert sum(map(len, model.read)) > 228


def test_a_lone_surrogate_is_read_as_a_question_mark() -> None:
    """Tokenizers refuse one, and would take the text with it."""
    model = Letters()
    Reader(model, still).read("\ud800x")
    assert model.read == ["?x"]


def test_time_is_looked_at_between_windows() -> None:
    """A text that takes too long is given up, and said to be worth another try."""
    seconds = iter(range(0, 1000, 7))
    with pytest.raises(ScorerUnavailable, match="20 s"):
        Reader(Letters(), lambda: float(next(seconds)), limit_s=20).read("a" * 500)


def test_a_window_that_grew_is_not_cut() -> None:
    """Rather no score than one of a part."""
    with pytest.raises(ScorerUnavailable, match="longer than the model reads"):
        Reader(Growing(), still).read("a" * 500)


@dataclass
class Slow(Letters):
    """A model that takes its time, and notes how many are inside at once."""

    inside: int = 0
    most: int = 0

    def predict(self, text: str) -> Mapping[str, float]:
        """Wait a little."""
        self.inside += 1
        self.most = max(self.most, self.inside)
        time.sleep(0.002)
        self.inside -= 1
        return super().predict(text)


def test_threads_take_turns() -> None:
    """Whoever comes second waits; neither text is read while the other is."""
    model = Slow()
    reader = Reader(model, still)
    threads = [threading.Thread(target=reader.read, args=("a" * 300,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert model.most == 1
    assert len(set(model.read)) == 2
    assert len(model.read) % 4 == 0
