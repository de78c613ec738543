"""Editions come back as they are, and hold what was put."""

from typing import Any

import pytest

from moderation.change import More
from tests.support.community import seen
from tests.support.editions import APPROVE, PROPOSE, RETIRE
from tests.support.samples import EDITION, EDITION_CONTENT


@pytest.mark.parametrize("command", [PROPOSE, APPROVE, RETIRE])
def test_a_repeated_request_gets_the_edition_again(command: Any) -> None:
    """As it is by then; it is read where it was not."""
    assert command.recall(EDITION.ref, seen(command)) == More((EDITION.ref,))
    known = seen(command, EDITION, more=(EDITION.ref,))
    assert command.recall(EDITION.ref, known) == EDITION


def test_a_content_is_what_its_record_holds() -> None:
    """Packs and states come back as they were put."""
    held = EDITION_CONTENT.content

    assert (EDITION_CONTENT.packs, EDITION_CONTENT.states) == (held.packs, held.states)
