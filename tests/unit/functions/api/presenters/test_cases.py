"""What a case says of who has read the words beside the rules."""

from dataclasses import replace

import pytest

from functions.api.presenters.cases import case_view
from tests.support.casework import POST, case_on, detected, office
from tests.support.community import FLAGGED
from tests.support.forum_api import ForumApi

RULES_ALONE = "rules only: no model weights"


@pytest.mark.parametrize(
    ("unchecked", "scored_by", "model", "said"),
    [
        (False, None, RULES_ALONE, RULES_ALONE),
        (True, None, "detoxify", "waiting for a score"),
        (False, "detoxify@1", "detoxify", "detoxify@1"),
        (False, "detoxify@1", RULES_ALONE, "detoxify@1"),
        (False, None, "detoxify", "rules only: the model has not read it"),
    ],
)
def test_a_case_never_says_that_a_model_read_what_it_did_not(
    unchecked: bool, scored_by: str | None, model: str, said: str
) -> None:
    """Given up, or written before there was one: the model in use has not read these words."""
    at = office()
    detected(at, FLAGGED)
    case = case_on(at)
    case = replace(case, post=replace(POST, unchecked=unchecked, scored_by=scored_by))
    parts = replace(ForumApi.fresh().parts, scorer=model)

    assert case_view(case, parts).scoring == said
