"""A scorer in one file, as somebody else would write it: it takes shouting for an insult."""

from dataclasses import dataclass

from moderation.detection.scorer import Scorer, Scores


@dataclass(frozen=True, slots=True)
class ShoutingScorer:
    """Scores how much of a text is in capitals. `version` is what it was opened with."""

    version: str

    def language_supported(self, language: str) -> bool:
        """Any language that is known."""
        return language != "und"

    def score(self, text: str, language: str) -> Scores | None:
        """The share of capitals among the letters."""
        letters = [each for each in text if each.isalpha()]
        if not letters:
            return None
        share = sum(each.isupper() for each in letters) * 1_000_000 // len(letters)
        heads = {"insult": share}
        return Scores("shouting", self.version, heads, self.language_supported(language), 1)


def open_shouting(source: str) -> Scorer:
    """What a registry needs; a source is whatever the scorer takes it to be."""
    return ShoutingScorer(version=source)
