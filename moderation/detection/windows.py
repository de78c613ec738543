"""Cut a long run of tokens into overlapping windows, so that nothing beyond a limit goes unread."""

from collections.abc import Iterator


def windows(length: int, size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Yield the first and, exclusive, the last token of each window of `length` tokens.

    A window holds `size` tokens at most and shares `overlap` with the one before. What fits is one
    window, nothing is none. Needs 0 <= overlap < size.
    """
    if not 0 <= overlap < size:
        raise ValueError(f"windows of {size} cannot overlap by {overlap}")
    start = 0
    while start < length:
        end = min(start + size, length)
        yield start, end
        start = end - overlap if end < length else length
