"""Whatever somebody proposes is a rule set or a list of mistakes, and nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detection.ruleset import shipped
from moderation.detection.source import PackError, Problem
from moderation.rulesets.overlay import laid_over
from tests.support.own_packs import PACK, content

PIECES = (
    *(
        "[",
        "]",
        "[[rule]]",
        "{",
        "}",
        "=",
        '"',
        '"""',
        "'",
        ",",
        "\n",
        "#",
        "\\",
        "|",
        "@",
        "~",
        "*",
    ),
    *("true", "-1", "1e9", "nan", "1979-05-27", "[terms]", "all", "match", "status", "language"),
    *("category", "\t", "\r", "\x7f", "ä", "\u202e", "0" * 5_000, "[" * 2_000, "any", "^", " "),
)
NO_PROBLEM = Problem("", 0, 0, 0, "", "")
"""Stands for a refusal that names no mistake, and is none that may be."""

EDITS = st.lists(
    st.tuples(
        st.integers(0, len(PACK)), st.integers(0, 40), st.sampled_from(PIECES) | st.text(max_size=5)
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=150, deadline=None)
@given(EDITS)
def test_a_spoilt_pack_is_read_or_refused_with_its_place(edits: list[tuple[int, int, str]]) -> None:
    """Each mistake has a line that is there, columns on it, a message and a hint."""
    text = PACK
    for at, length, piece in edits:
        text = text[:at] + piece + text[at + length :]
    lines = text.count("\n") + 1
    problems: tuple[Problem, ...] = ()
    try:
        laid_over(content(text), shipped())
    except PackError as error:
        problems = error.problems or (NO_PROBLEM,)
    for problem in problems:
        assert 1 <= problem.line <= lines
        assert 1 <= problem.column
        assert problem.message
        assert problem.hint
        assert str(problem).startswith(f"{problem.file}:{problem.line}:{problem.column}: ")
