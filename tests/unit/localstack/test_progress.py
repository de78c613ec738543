"""Progress is silent for two seconds, then shows how far the work is."""

import io

from localstack.progress import ProgressLine


class Terminal(io.StringIO):
    """A terminal that remembers what was drawn."""

    def isatty(self) -> bool:
        """It is one."""
        return True


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        """What it shows."""
        return self.now


def drawn(out: io.StringIO, *steps: tuple[float, str, int, int]) -> str:
    """What is shown for steps at seconds."""
    clock = Clock()
    line = ProgressLine(out, clock)
    for seconds, what, done, total in steps:
        clock.now = 50.0 + seconds
        line(what, done, total)
    line.close()
    return out.getvalue()


def test_short_work_shows_nothing() -> None:
    """Work that ends within two seconds leaves no line."""
    assert "" == drawn(Terminal(), (0, "posting", 1, 2), (1.9, "posting", 2, 2))


def test_a_terminal_has_one_line() -> None:
    """On a terminal the line is drawn over itself, at most five times a second, and ended."""
    shown = drawn(
        Terminal(),
        (0, "posting", 0, 4),
        (2.0, "posting", 1, 4),
        (2.1, "posting", 2, 4),
        (2.2, "posting", 4, 4),
    )
    assert (
        "\rposting ███████░░░░░░░░░░░░░░░░░░░░░ 1/4, 2 s\x1b[K"
        "\rposting ████████████████████████████ 4/4, 2 s\x1b[K\n"
    ) == shown


def test_a_log_has_a_line_now_and_then() -> None:
    """Elsewhere a whole line is written every five seconds, without control characters."""
    shown = drawn(
        io.StringIO(),
        (0, "reading", 0, 0),
        (3, "reading", 5, 0),
        (6, "reading", 7, 0),
        (9, "reading", 9, 0),
    )
    assert "reading: 5, 3 s\nreading: 9, 9 s\n" == shown


def test_each_work_has_its_own_two_seconds() -> None:
    """The next piece of work starts silent, on a line of its own."""
    shown = drawn(Terminal(), (0, "a", 0, 1), (3, "a", 1, 1), (4, "b", 1, 9), (5.9, "b", 2, 9))
    assert "\ra ████████████████████████████ 1/1, 3 s\x1b[K\n" == shown
