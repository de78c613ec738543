"""Settings are read once, typed, and what is wrong with them is said at once."""

import re
from pathlib import Path

import pytest

from functions import settings
from moderation.detection.scorers.registry import SCORERS

DOCS = Path(__file__).parents[3] / "docs" / "settings.md"
COMPLETE = dict.fromkeys(settings.REQUIRED, "x") | {
    "SCORER": "auto",
    "WRITES_PER_MINUTE": "30",
    "NOTICES_PER_MINUTE": "10",
    "PUBLIC_URL": "https://forum.example/",
}


def test_a_complete_environment_is_read() -> None:
    """Numbers are numbers, an address has no slash at its end, what is optional may be absent."""
    known = settings.read(COMPLETE)

    assert (30, 10) == (known.writes_per_minute, known.notices_per_minute)
    assert "https://forum.example" == known.public_url
    assert (None, None) == (known.urgent_webhook_url, known.aws_endpoint_url)
    assert settings.REGION_DEFAULT == known.aws_region


def test_every_fault_is_named_at_once() -> None:
    """Whoever deploys learns all that is missing or wrong in one go."""
    broken = {
        **COMPLETE,
        "STAGE": "",
        "SCORER": "magic",
        "WRITES_PER_MINUTE": "-1",
        "NOTICES_PER_MINUTE": "٣",
    }
    del broken["JWKS_URL"]

    with pytest.raises(settings.SettingsError) as caught:
        settings.read(broken)

    said = str(caught.value)
    named = ("STAGE", "JWKS_URL", "SCORER", "WRITES_PER_MINUTE", "NOTICES_PER_MINUTE")
    assert [] == [name for name in named if name not in said]
    assert "FORUM_TABLE" not in said


def test_a_scorer_asked_for_by_name_must_be_there() -> None:
    """`auto` goes on without a model; a name does not, and every scorer's name is taken."""
    assert not settings.read(COMPLETE).scores
    for name in SCORERS:
        with pytest.raises(settings.SettingsError, match="SCORER_WEIGHTS does not say"):
            settings.read({**COMPLETE, "SCORER": name})
        known = settings.read({**COMPLETE, "SCORER": name, "SCORER_WEIGHTS": "/opt/model"})
        assert (True, name) == (known.scores, known.scorer_name)


def test_the_first_scorer_is_one() -> None:
    """What `auto` means is in the registry."""
    assert settings.FIRST_SCORER in SCORERS
    assert not {settings.AUTO, settings.RULES} & set(SCORERS)


def test_the_public_address_may_be_empty() -> None:
    """It is not known before the first deployment."""
    assert "" == settings.read({**COMPLETE, "PUBLIC_URL": ""}).public_url


def test_every_setting_stands_in_the_documentation() -> None:
    """The page lists each name once, and none that is not there."""
    listed = re.findall(r"^\| `([A-Z_]+)`", DOCS.read_text(), re.MULTILINE)

    assert sorted((*settings.REQUIRED, *settings.OPTIONAL)) == sorted(listed)
