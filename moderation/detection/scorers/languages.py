"""Which languages a model was trained on; a score in any other is advisory."""

from collections.abc import Collection, Mapping

# By model type, as the upstream project states them.
TRAINED_ON: Mapping[str, tuple[str, ...]] = {
    "xlm-roberta-base": ("en", "es", "fr", "it", "pt", "ru", "tr"),
    "bert-base-uncased": ("en",),
    "roberta-base": ("en",),
    "albert-base-v2": ("en",),
}


def is_supported(language: str, trained_on: Collection[str]) -> bool:
    """Whether a language (BCP 47, region and all) is one of those; `und` is none."""
    return language.split("-", 1)[0].lower() in trained_on
