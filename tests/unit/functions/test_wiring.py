"""The composition root: every part can be made without a network, and once."""

import os
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from functions import outside, settings
from functions.api import wired_parts
from functions.api.parts import Parts
from functions.wiring import channels, disclosure, house, log, screening, tables
from moderation.community.post import Author, Post
from moderation.detection.scorer import ScorerRefused
from moderation.errors import Unavailable
from moderation.ids import MemberId, PostId, ThreadId, is_ulid
from moderation.stores.forum_table import connection_of
from tests.support.stack import EPOCH
from tests.unit.functions.test_settings import COMPLETE

PARTS = (
    tables.unit_of_work,
    tables.lists,
    tables.work_list,
    tables.rate_counter,
    disclosure.entry_list,
    tables.audit_table,
    log.signer,
    log.objects,
    log.anchors,
    log.sequencer,
    log.receipts,
    channels.score_queue,
    channels.deliver_queue,
    channels.export_queue,
    channels.alarm,
    channels.mailer,
    house.house_rules,
    screening.intake,
    screening.rule_book,
    tables.keyring,
)
CACHED = (
    settings.settings,
    outside.session,
    outside.client,
    outside.root_secret,
    outside.new_id,
    tables.forum,
    screening.score,
    log.public_log,
    wired_parts.parts,
    *PARTS,
)
AWS = {
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
    "AWS_REGION": "eu-central-1",
}


@pytest.fixture
def environment() -> Iterator[dict[str, str]]:
    """An environment of this test's own; nothing made from it is kept."""
    before = dict(os.environ)
    for made in CACHED:
        made.cache_clear()
    os.environ.update({**COMPLETE, **AWS, "JWKS_URL": "https://issuer.example/jwks"})
    yield dict(os.environ)
    os.environ.clear()
    os.environ.update(before)
    for made in CACHED:
        made.cache_clear()


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("make", PARTS)
def test_every_part_is_made_once_and_without_a_network(make: object) -> None:
    """Nothing listens at the endpoint, and nothing is asked before it is needed."""
    assert callable(make)
    assert make() is make()


@pytest.mark.usefixtures("environment")
def test_the_parts_of_the_api_are_all_there() -> None:
    """Everything that the Protocol names can be had."""
    parts = wired_parts.parts()
    names = [name for name in vars(Parts) if not name.startswith("_")]

    assert 15 <= len(names)
    assert [] == [name for name in names if getattr(parts, name) is None]
    assert ("x", 30, 10) == (parts.stage, parts.writes_per_minute, parts.notices_per_minute)
    assert parts.rules.startswith("rules@")


@pytest.mark.usefixtures("environment")
def test_an_urgent_message_goes_out_by_every_channel() -> None:
    """The webhook stands beside the topic where one is configured."""
    assert 1 == len(getattr(channels.alarm(), "channels", ()))
    settings.settings.cache_clear()
    channels.alarm.cache_clear()
    os.environ["URGENT_WEBHOOK_URL"] = "https://hook.example/"
    assert 2 == len(getattr(channels.alarm(), "channels", ()))


@pytest.mark.usefixtures("environment")
def test_without_its_secret_a_request_is_unavailable() -> None:
    """Closed, and said to be temporary; the next request asks again."""
    os.environ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        wired_parts.parts().keyring.notice_secret("x")


@pytest.mark.usefixtures("environment")
def test_the_address_of_a_bundle_is_signed() -> None:
    """It names bucket and key, and ends."""
    url = disclosure.export_url("2026/bundle.zip")

    assert "x/2026/bundle.zip" in url
    assert "Expires" in url


def post() -> Post:
    """A post to be scored."""
    return Post(
        id=PostId("01M83T4CM0RJYAWWPY7WSA2MFG"),
        thread_id=ThreadId("01M83T4CM0RJYAWWPY7WSA2MFH"),
        board="hilfe",  # type: ignore[arg-type]
        author=Author(id=MemberId("01M83T4CM0RJYAWWPY7WSA2MFJ"), name="Kim"),
        body="Text",
        html="<p>Text</p>",
        created_at=EPOCH,
        unchecked=True,
    )


@pytest.mark.usefixtures("environment")
def test_without_weights_nothing_waits_for_a_score_and_everybody_is_told() -> None:
    """A post left unchecked by a model that is gone goes to a human."""
    assert "rules only: no model weights" == wired_parts.parts().scorer
    assert not screening.intake().owes_score
    assert "unscored" == screening.score()(post()).signals[0].detector


@pytest.mark.usefixtures("environment")
def test_weights_are_used_where_they_lie(tmp_path: Path) -> None:
    """Posts then wait for a score; weights that do not fit are refused each time, not guessed."""
    os.environ["SCORER_WEIGHTS"] = str(tmp_path)
    assert "detoxify" == wired_parts.parts().scorer
    assert screening.intake().owes_score
    for _ in range(2):
        with pytest.raises(ScorerRefused):
            screening.score()(post())


@pytest.mark.usefixtures("environment")
def test_a_model_can_be_switched_off(tmp_path: Path) -> None:
    """`SCORER=rules` counts for more than weights."""
    os.environ.update({"SCORER": "rules", "SCORER_WEIGHTS": str(tmp_path)})

    assert "rules only: the model is switched off" == wired_parts.parts().scorer
    assert not screening.intake().owes_score


def test_time_and_ids_come_from_outside() -> None:
    """Whole milliseconds in UTC, and ULIDs that rise."""
    at = outside.now()
    first, second = outside.new_id()(), outside.new_id()()

    assert (UTC, 0) == (at.tzinfo, at.microsecond % 1000)
    assert first < second
    assert is_ulid(first)


@pytest.mark.usefixtures("environment")
def test_all_clients_are_of_one_session() -> None:
    """PynamoDB's too: a second session would read all that botocore knows of AWS again."""
    outside.client("kms")

    assert outside.session() is connection_of(tables.forum()).session
