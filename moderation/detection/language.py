"""Which of the packs' languages a text is in, told by its commonest words."""

from collections.abc import Iterable, Mapping

_GERMAN = """
in an so am man war bis hier da
der das und ist nicht ich du er wir ihr sie ein eine einen einem einer zu den dem des mit auf
fur von im auch sich aber wie wenn dass es sind bin bist seid hat haben habe wird werden kann
nur noch schon mehr uber bei nach aus oder mein dein sein euch uns mir dir mich dich alle diese
dieser dieses kein keine was wer warum immer nie sehr zum zur vom sollte sollten muss mussen
gehoren gehort hasse weg
"""
_ENGLISH = """
the and is not i you he we they are to of in that it for with on as this be have has at but by
from or my your our their what who why how all there would should can could will do does did
dont an if me them us his her its been were im youre no so just like get people every any very
about these those
"""
_ENOUGH = 2
_COMMON = {"de": frozenset(_GERMAN.split()), "en": frozenset(_ENGLISH.split())}


def spoken(counts: Mapping[str, int]) -> frozenset[str]:
    """Say which packs apply to a text: those of its language, all where it does not tell.

    A second language applies where at least half as many of the commonest words are its own; of a
    text with hardly any of them nothing can be told.
    """
    most = max(counts.values())
    if most < _ENOUGH:
        return frozenset(counts) | {"any"}
    return frozenset(name for name, count in counts.items() if 2 * count >= most) | {"any"}


def likeliest(counts: Mapping[str, int], hint: str | None) -> str:
    """Name the language of a text, `und` where neither its words nor the hint tell."""
    most = max(counts.values())
    leading = [name for name, count in counts.items() if count == most]
    if len(leading) == 1:
        return leading[0]
    return hint.split("-", 1)[0].lower() if hint else "und"


def common_words(words: Iterable[str]) -> dict[str, int]:
    """Count which of the commonest words of each language a text has."""
    found = set(words)
    return {name: len(found & common) for name, common in _COMMON.items()}
