"""Settings that a deployment changes are one act; those it does not are none."""

import re
from dataclasses import replace

from moderation.actor import SYSTEM
from moderation.audit.actions import Action
from moderation.audit.entry import Via
from moderation.change import Act, Change
from moderation.compliance.settings_log import RecordSettings, SettingsInForce
from tests.support.community import NOW, context, seen

FIRST = {"STAGE": "a" * 32, "SCORER": "b" * 32}
KNOWN = SettingsInForce(
    digests=(("SCORER", "b" * 32), ("STAGE", "a" * 32)), changed=("SCORER", "STAGE"), changed_at=NOW
)


def recorded(digests: dict[str, str], *known: SettingsInForce) -> Change[bool]:
    """What a deployment with these settings is worth."""
    command = RecordSettings(digests)
    return command.decide(seen(command, *known), context())


def test_the_first_deployment_is_recorded() -> None:
    """All names, and a reason that says that it is the first."""
    act = Act(KNOWN.ref, Action.SETTINGS_CHANGE, SYSTEM, via=Via.JOB, reason="settings:first")

    assert recorded(FIRST) == Change(answer=True, puts=(KNOWN,), acts=(act,), reference=KNOWN.ref)
    assert "settings:house" == KNOWN.ref.subject


def test_the_same_settings_again_are_no_act() -> None:
    """However often the clocks look."""
    assert recorded(FIRST, KNOWN) == Change(answer=False)
    assert not RecordSettings(FIRST).recall(KNOWN.ref, seen(RecordSettings(FIRST)))


def test_what_changed_is_named() -> None:
    """A value that is another one, a setting that came, and one that went."""
    changed = recorded({"STAGE": "c" * 32, "house.terms": "d" * 32}, KNOWN)

    assert [("SCORER", "STAGE", "house.terms")] == [
        record.changed for record in changed.puts if isinstance(record, SettingsInForce)
    ]
    assert ["settings:SCORER+STAGE+house.terms"] == [act.reason for act in changed.acts]


def test_more_names_than_a_reason_holds_are_counted() -> None:
    """The record has them all."""
    many = {f"SETTING_NUMBER_{number}": "e" * 32 for number in range(10)}

    reasons = [act.reason for act in recorded(many | FIRST, replace(KNOWN)).acts]
    assert ["settings:10"] == reasons
    assert all(re.fullmatch(r"[A-Za-z0-9._:+-]{1,64}", reason) for reason in reasons)
