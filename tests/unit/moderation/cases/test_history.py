"""A case's history keeps its first line and the latest ones."""

from moderation.cases.history import LONGEST, noted
from tests.support.casework import MO, detected, office
from tests.support.community import FLAGGED, NOW


def test_lines_are_added_at_the_end() -> None:
    """Who did what, when, and a note."""
    case = noted(detected(office(), FLAGGED), NOW, "case:note", MO, "Rückfrage.")
    line = case.history[-1]
    assert (NOW, "case:note", MO.id, "Rückfrage.") == (line.at, line.action, line.by, line.note)


def test_the_middle_gives_way() -> None:
    """A hundred lines at most; the opening always stands first."""
    case = detected(office(), FLAGGED)
    for number in range(150):
        case = noted(case, NOW, "case:note", MO, str(number))
    assert (LONGEST, "case:open", "149") == (
        len(case.history),
        case.history[0].action,
        case.history[-1].note,
    )
