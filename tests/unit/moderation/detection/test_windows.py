import pytest

from moderation.detection.windows import windows


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (0, []),
        (1, [(0, 1)]),
        (10, [(0, 10)]),
        (11, [(0, 10), (7, 11)]),
        (24, [(0, 10), (7, 17), (14, 24)]),
    ],
)
def test_windows_overlap_and_leave_nothing_out(
    length: int, expected: list[tuple[int, int]]
) -> None:
    """Windows of ten that share three, down to the last token."""
    assert list(windows(length, 10, 3)) == expected


@pytest.mark.parametrize(("size", "overlap"), [(10, 10), (10, -1), (0, 0)])
def test_windows_that_would_not_advance_are_refused(size: int, overlap: int) -> None:
    """An overlap as large as the window would never end."""
    with pytest.raises(ValueError, match="cannot overlap"):
        list(windows(5, size, overlap))
