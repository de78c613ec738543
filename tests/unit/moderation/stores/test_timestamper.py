"""A time-stamp authority over HTTP."""

from pathlib import Path

import pytest

from moderation.audit import verify
from moderation.audit.ports import StampError
from moderation.stores.timestamper import HttpTimestamper
from tests.support.authority import Authority


def test_an_authority_answers_over_http(tmp_path: Path) -> None:
    """Its answer is a stamp over what it was asked for."""
    authority = Authority(tmp_path)
    with authority.served() as url:
        answer = HttpTimestamper(url).stamp(b"hello")

    assert authority.takes(b"hello", answer)
    assert verify.read_stamp(answer).is_of(b"hello")


def test_an_authority_that_is_not_there_gives_no_stamp(tmp_path: Path) -> None:
    """It may be there later."""
    with Authority(tmp_path).served() as url:
        timestamper = HttpTimestamper(url)
    with pytest.raises(StampError, match="did not answer"):
        timestamper.stamp(b"hello")


def test_an_authority_is_an_address_of_the_web() -> None:
    """A file of the machine is none."""
    with pytest.raises(ValueError, match="none of the web"):
        HttpTimestamper("file:///etc/passwd")
