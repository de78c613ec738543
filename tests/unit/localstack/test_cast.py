"""Who is who in the demonstration."""

from pathlib import Path

import jwt

from localstack.cast import PEOPLE, tokens
from localstack.demo import content
from localstack.issuer import Issuer

KEYS = "customer customer2 staff moderator moderator2 approver compliance compliance2 admin"


def test_there_is_one_token_for_everyone_the_walk_needs(tmp_path: Path) -> None:
    """The keys are those that clients of `.local/demo.json` rely on."""
    made = tokens(Issuer(tmp_path / "issuer.pem"))
    assert KEYS.split() == list(made)
    for person in PEOPLE:
        claims = jwt.decode(made[person.key], options={"verify_signature": False})
        assert list(person.roles) == claims["roles"]


def test_no_reviewer_works_for_a_board_of_the_demonstration() -> None:
    """Whoever decides or approves content about the operator comes from another unit."""
    boards = {board.unit for board in content.load().boards}
    reviewers = {"moderator", "moderator2", "approver"}
    assert not boards & {person.unit for person in PEOPLE if person.key in reviewers}
