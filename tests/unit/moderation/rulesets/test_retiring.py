"""Retiring a rule set, and what cannot be gone back to."""

from dataclasses import replace

import pytest

from moderation.errors import Conflict
from moderation.rulesets.edition import (
    EditionState,
)
from tests.support.community import context, seen
from tests.support.editions import (
    LIVE,
    POINTER,
    RETIRE,
)
from tests.support.samples import EDITION


def test_an_edition_over_other_shipped_packs_is_not_gone_back_to() -> None:
    """It was never tried over these."""
    old = replace(
        EDITION, state=EditionState.RETIRED, backtest=replace(EDITION.backtest, base="old")
    )
    command = replace(RETIRE, back_to=old.id)

    with pytest.raises(Conflict) as refusal:
        command.decide(seen(command, LIVE, POINTER, old), context())
    assert "backtest-outdated" == refusal.value.code
