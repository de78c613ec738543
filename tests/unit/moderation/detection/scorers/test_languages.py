"""Which languages a model knows."""

import pytest

from moderation.detection.scorers.languages import TRAINED_ON, is_supported


@pytest.mark.parametrize(
    ("language", "known"),
    [("en", True), ("en-GB", True), ("PT-br", True), ("de", False), ("de-CH", False)],
)
def test_a_language_counts_whatever_its_region(language: str, known: bool) -> None:
    """German is none of the multilingual model's."""
    assert is_supported(language, TRAINED_ON["xlm-roberta-base"]) is known


def test_an_undetermined_language_is_none() -> None:
    """What nobody could tell counts as unknown."""
    assert not is_supported("und", TRAINED_ON["xlm-roberta-base"])
