"""What two texts have in common that say the same."""

from moderation.community.recent import alike


def test_texts_that_differ_in_signs_alone_are_alike() -> None:
    """Case, spaces, and signs do not make another text of it; words do."""
    text = "Schaut euch unbedingt diesen Laden an, dort gibt es alles!"
    assert alike(text) == alike(text.upper().replace(" ", "  "))
    assert alike(text) != alike(text.replace("alles", "nichts"))


def test_a_short_text_says_too_little() -> None:
    """Thanks are written every day."""
    assert alike("Danke, das hat geholfen.") is None
