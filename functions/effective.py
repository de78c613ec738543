"""What is in force here: every setting, every rule of the house and the terms, as keyed digests."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields

from functions.keyring import Keyring
from functions.settings import Settings
from moderation.cases.house_rules import HouseRules
from moderation.detection.taxonomy import taxonomy

OF_THE_MACHINE = frozenset({"aws_region", "aws_endpoint_url"})
"""Where a function runs, which it is told by what runs it and not by the operator."""


def in_force(settings: Settings, house: HouseRules, keyring: Keyring) -> dict[str, str]:
    """Digest by name: `WRITES_PER_MINUTE`, `house.claim_minutes`, `house.terms`, `taxonomy`.

    Equal values have equal digests under one root secret; no value can be read from one.
    """
    values = {**_settings(settings), **_house(house), "taxonomy": taxonomy().version}
    return {name: keyring.setting(name, _text(value)) for name, value in values.items()}


def _settings(settings: Settings) -> Mapping[str, object]:
    names = (field.name for field in fields(settings) if field.name not in OF_THE_MACHINE)
    return {name.upper(): getattr(settings, name) for name in names}


def _house(house: HouseRules) -> Mapping[str, object]:
    return {f"house.{name}": value for name, value in asdict(house).items()}


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)
