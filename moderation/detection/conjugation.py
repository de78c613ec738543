"""The forms of German verbs, so that a pack names a verb once: `um/bringen` for *bringe … um*.

A separable verb stands apart in a main clause ("ich bringe ihn um") and together elsewhere
("dass er ihn umbringt"). A form that stands apart is given with its particle, which closes the
clause. Weak verbs are formed by rule; of strong ones the principal parts are listed.
"""

from collections.abc import Iterator
from typing import NamedTuple

# Third person singular and participle (Duden, Grammatik, § 638 ff.). The preterite is left out:
# nobody threatens or calls in it.
_STRONG = {
    "beißen": ("beißt", "gebissen"),
    "braten": ("brät", "gebraten"),
    "brechen": ("bricht", "gebrochen"),
    "brennen": ("brennt", "gebrannt"),
    "bringen": ("bringt", "gebracht"),
    "fahren": ("fährt", "gefahren"),
    "fressen": ("frisst", "gefressen"),
    "graben": ("gräbt", "gegraben"),
    "hauen": ("haut", "gehauen"),
    "reißen": ("reißt", "gerissen"),
    "saufen": ("säuft", "gesoffen"),
    "schießen": ("schießt", "geschossen"),
    "schlagen": ("schlägt", "geschlagen"),
    "schneiden": ("schneidet", "geschnitten"),
    "spalten": ("spaltet", "gespalten"),
    "stechen": ("sticht", "gestochen"),
    "sterben": ("stirbt", "gestorben"),
    "stoßen": ("stößt", "gestoßen"),
    "treten": ("tritt", "getreten"),
    "werfen": ("wirft", "geworfen"),
}
# Prefixes that never part from their verb, and leave its participle without `ge`.
_FAST = ("be", "emp", "ent", "er", "miss", "über", "ver", "zer")


class Form(NamedTuple):
    """A form of a verb: what stands in the text, and the particle that must close the clause."""

    text: str
    particle: str = ""


def forms(verb: str) -> Iterator[Form]:
    """Give every form of a verb; `/` in it shows where it parts (`ab/stechen`, `kalt /machen`)."""
    particle, _, base = verb.rpartition("/")
    for finite in sorted(_finite(base)):
        yield Form(particle + finite)
        if particle:
            yield Form(finite, particle.strip())
    yield Form(f"{particle}{_participle(base)}")
    yield Form(f"{particle}zu {base}" if particle[-1:] in {"", " "} else f"{particle}zu{base}")


def first_person(verb: str) -> Iterator[Form]:
    """Give the forms in which the author speaks of their own deed: *ich bringe … um*."""
    particle, _, base = verb.rpartition("/")
    for pronoun, finites in (("ich", _first_singular(base)), ("wir", {base})):
        for finite in sorted(finites):
            yield Form(f"{pronoun} {finite}", particle.strip())
            yield Form(f"{finite} {pronoun}", particle.strip())


def imperative(verb: str) -> Iterator[Form]:
    """Give the forms that tell others to do it: *bring … um*, *bringt … um*."""
    particle, _, base = verb.rpartition("/")
    stem = _stem(base)
    yield from told_to_one(verb)
    yield Form(f"{stem}{'e' if stem[-1] in 'dt' else ''}t", particle.strip())


def told_to_one(verb: str) -> Iterator[Form]:
    """Give the imperative of one, which is the first person without its pronoun: *bring … um*."""
    particle, _, base = verb.rpartition("/")
    stem, parts = _stem(base), _principal_parts(base)
    short = {parts[0].removesuffix("t")} if parts else set()
    for told in sorted({stem, f"{stem}e", *short}):
        yield Form(told, particle.strip())


def _stem(base: str) -> str:
    return base.removesuffix("en") if base.endswith("en") else base.removesuffix("n")


def _first_singular(base: str) -> set[str]:
    """*bringe* and *bring*; *prügele*, *prügle* and *prügel*."""
    stem = _stem(base)
    short = {f"{stem[:-2]}{stem[-1]}e"} if base.endswith(("eln", "ern")) else set()
    return {stem, f"{stem}e", *short}


def _finite(base: str) -> set[str]:
    """Present and imperative, each person."""
    stem = _stem(base)
    bridge = "e" if stem[-1] in "dt" else ""
    found = {base, *_first_singular(base), f"{stem}{bridge}st", f"{stem}{bridge}t"}
    if parts := _principal_parts(base):
        third = parts[0]
        found |= {third, third.removesuffix("t"), f"{third.removesuffix('t')}st"}
    return found


def _participle(base: str) -> str:
    if parts := _principal_parts(base):
        return parts[1]
    stem = _stem(base)
    bridge = "e" if stem[-1] in "dt" else ""
    bare = base.startswith(_FAST) or base.endswith("ieren")
    return f"{'' if bare else 'ge'}{stem}{bridge}t"


def _principal_parts(base: str) -> tuple[str, str] | None:
    """The principal parts of a strong verb, with a prefix that never parts where it has one."""
    if base in _STRONG:
        return _STRONG[base]
    for prefix in _FAST:
        if base.startswith(prefix) and (known := _STRONG.get(base.removeprefix(prefix))):
            return prefix + known[0], prefix + known[1].removeprefix("ge")
    return None
