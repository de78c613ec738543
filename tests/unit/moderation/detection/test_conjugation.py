"""The forms of German verbs."""

import pytest

from moderation.detection.conjugation import Form, first_person, forms, imperative, told_to_one


@pytest.mark.parametrize(
    ("verb", "form"),
    [
        ("verprügeln", Form("verprügle")),
        ("verprügeln", Form("verprügelt")),
        ("töten", Form("tötest")),
        ("töten", Form("getötet")),
        ("töten", Form("zu töten")),
        ("massakrieren", Form("massakriert")),
        ("erstechen", Form("ersticht")),
        ("erstechen", Form("erstochen")),
        ("um/bringen", Form("bringt", "um")),
        ("um/bringen", Form("umbringt")),
        ("um/bringen", Form("umgebracht")),
        ("um/bringen", Form("umzubringen")),
        ("ab/stechen", Form("stich", "ab")),
        ("tot /schlagen", Form("schlägst", "tot")),
        ("tot /schlagen", Form("tot geschlagen")),
        ("tot /schlagen", Form("tot zu schlagen")),
    ],
)
def test_a_verb_has_its_forms(verb: str, form: Form) -> None:
    """Weak and strong verbs, with a prefix that parts and with one that does not."""
    assert form in set(forms(verb))


@pytest.mark.parametrize(
    ("verb", "form"),
    [("massakrieren", Form("gemassakriert")), ("um/bringen", Form("bringt"))],
)
def test_a_verb_has_no_other_forms(verb: str, form: Form) -> None:
    """No `ge` where none belongs, and no form apart without its particle."""
    assert form not in set(forms(verb))


def test_the_author_speaks_of_their_own_deed() -> None:
    """The first person with its pronoun on either side, alone and as one of several."""
    assert {
        Form("ich bring", "um"),
        Form("bring ich", "um"),
        Form("ich bringe", "um"),
        Form("bringe ich", "um"),
        Form("wir bringen", "um"),
        Form("bringen wir", "um"),
    } == set(first_person("um/bringen"))
    assert Form("ich prügle") in set(first_person("prügeln"))


def test_one_is_told_to_do_it() -> None:
    """The imperative of one alone: *bringt* is also what somebody else does."""
    assert {Form("bring", "um"), Form("bringe", "um")} == set(told_to_one("um/bringen"))


def test_others_are_told_to_do_it() -> None:
    """The imperative, of one and of many."""
    assert {
        Form("stech", "ab"),
        Form("steche", "ab"),
        Form("stich", "ab"),
        Form("stecht", "ab"),
    } == set(imperative("ab/stechen"))
    assert {Form("zünd", "an"), Form("zünde", "an"), Form("zündet", "an")} == set(
        imperative("an/zünden")
    )
