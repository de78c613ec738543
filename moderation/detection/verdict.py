"""What the pipeline makes of a text: keep, flag or hold, with every reason."""

from dataclasses import dataclass
from enum import StrEnum

from moderation.detection.signal import Signal
from moderation.detection.taxonomy import Category, Severity


class Action(StrEnum):
    """KEEP: publish. FLAG: publish and open a case. HOLD: open a case and wait for a person.

    A hold is a restriction and owes a statement of reasons at that moment (DSA Art. 17).
    """

    KEEP = "keep"
    FLAG = "flag"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a screen. Lawful signals (a safety report, say) stand beside a KEEP.

    `category` and `severity` are those of the leading signal, None where nothing stands against the
    text. `about_operator` says that the text is about the company that runs the forum: such a text
    is never held by automation, and restricting it needs a second person. `checked_by` names each
    detector that has read the text with its version (`rules@…`, `detoxify@…`); a detector missing
    there has not. `help_offered` asks for a help message to the author.
    """

    action: Action
    category: Category | None
    severity: Severity | None
    signals: tuple[Signal, ...]
    about_operator: bool
    language: str
    checked_by: tuple[str, ...]
    help_offered: bool = False
