"""The READ-ME of a bundle."""

from moderation.audit.readme import readme


def test_it_says_what_is_proved_in_two_languages() -> None:
    """Range, size and key stand in the German and in the English half."""
    text = readme(
        origin="forum.example.com/audit",
        start="2026-03-01T00:00:00.000Z",
        end="2026-04-01T00:00:00.000Z",
        begin=7,
        finish=12,
        size=20,
        key="name+id+key",
        key_id="0badcafe",
        profile="outsider",
    ).decode()
    german, english = text.split("ENGLISH")

    for half in (german, english):
        for fact in ("2026-03-01T00:00:00.000Z", "7", "12", "5", "20", "name+id+key", "0badcafe"):
            assert fact in half
    assert "$" not in text
