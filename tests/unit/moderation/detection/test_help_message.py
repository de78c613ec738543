import pytest

from moderation.detection.help_message import help_message


@pytest.mark.parametrize(
    ("language", "given"),
    [("de", "de"), ("de-AT", "de"), ("EN", "en"), ("fr", "en"), ("und", "en")],
)
def test_the_message_is_in_the_authors_language(language: str, given: str) -> None:
    """German and English as asked for, English for every other language."""
    assert help_message(language).language == given


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_message_names_who_helps(language: str) -> None:
    """Each message names the emergency number and somebody to talk to, with a date."""
    message = help_message(language)
    numbers = {contact.reach for contact in message.contacts}
    assert {"112", "116 123"} <= numbers
    assert message.as_of.year >= 2026
