"""What leaves the forum: queue, mail and alarm, each taken as it was given, or said not to be."""

from typing import Any

import pytest

from moderation.errors import Unavailable
from tests.support.places import DEAD_LETTER_BOX, Place

BODIES = tuple(f'{{"post":"{number}"}}' for number in range(21))


def test_every_message_of_many_is_enqueued(place: Place) -> None:
    """Twenty-one, in whatever order."""
    queue = place.queue()
    queue.port.send(BODIES)
    queue.port.send(())

    assert sorted(queue.taken()) == sorted(BODIES)


def test_a_mail_arrives_as_it_was_written(place: Place) -> None:
    """Umlauts, line breaks and all."""
    mailer = place.mailer()
    mail = ("erika@example.com", "Ihre Meldung: Größe", "Erste Zeile.\nZweite Zeile: „ja“ 🔋.\n")
    mailer.port.send(*mail)

    assert mailer.taken() == [mail]


def test_an_alarm_is_heard(place: Place) -> None:
    """By whoever listens to the topic."""
    alarm = place.alarm()
    alarm.port.raise_alarm("Gefahr", "Ein Mensch ist in Gefahr: case 01M84E9ZMS6WM0EWFRDW7DW15E.")

    assert alarm.taken() == [
        ("Gefahr", "Ein Mensch ist in Gefahr: case 01M84E9ZMS6WM0EWFRDW7DW15E.")
    ]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("queue", ("send", BODIES)),
        ("mailer", ("send", DEAD_LETTER_BOX, "Betreff", "Text")),
        ("alarm", ("raise_alarm", "Betreff", "Text")),
    ],
)
def test_what_is_not_taken_is_said(place: Place, name: str, arguments: tuple[Any, ...]) -> None:
    """A missing queue, a sender without leave, a missing topic: Unavailable, nothing else."""
    method, *given = arguments
    broken = getattr(place, name)().broken
    with pytest.raises(Unavailable):
        getattr(broken, method)(*given)
