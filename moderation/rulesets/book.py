"""The rule book of one process: the rules in force, looked up anew at most once in 50 seconds.

It never raises. Where the record cannot be read, the last known rules go on, for while the table
does not answer nothing is written either. Where the rules in force cannot be made ready (the
content is gone, altered, or of a form this program does not know), the last known ones go on, else
the shipped packs, and what they screen is not `whole`: it is marked unchecked, so that another
detector or a human reads it. Whoever can write to the table can put other rules in force; the audit
log then holds no act for them, and the digest must still fit.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from moderation.change import Seen
from moderation.detection.facts import BoardPolicy, Facts
from moderation.detection.pipeline import screen
from moderation.detection.ruleset import Packs, RuleSet, load_rules
from moderation.detection.signal import RULES
from moderation.detection.source import PackError
from moderation.detection.verdict import Verdict
from moderation.errors import DomainError
from moderation.ids import BoardSlug, RuleSetId
from moderation.rulesets.edition import EditionContent, InForce
from moderation.rulesets.overlay import laid_over

LOOK_EVERY_S = 50
"""With the time that making rules ready takes, a change is in force everywhere in a minute."""

LOOK_AGAIN_S = 5
"""After a look that failed."""


class AlteredError(RuntimeError):
    """The content of an edition is not what its digest says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Rules ready to screen by. `whole` False: not those in force, which could not be had."""

    rules: RuleSet
    ruleset_id: RuleSetId | None = None
    whole: bool = True

    @property
    def name(self) -> str:
        """The rule set as `rules@version`."""
        return f"{RULES}@{self.rules.version}"


class RuleBook:
    """The rules and the policies of boards that are in force.

    `read` reads records strongly consistent, `seconds` is a monotonic clock, `shipped` gives the
    shipped packs, `failed` takes note of an error; the book goes on by itself.
    """

    def __init__(
        self,
        *,
        read: Callable[..., Seen],
        seconds: Callable[[], float],
        shipped: Callable[[], Packs],
        failed: Callable[[Exception], None],
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._shipped = shipped
        self._failed = failed
        self._in_force: InForce | None = None
        self._rules: Rules | None = None
        self._look_at = self._make_at = float("-inf")

    @property
    def base(self) -> Packs:
        """The shipped packs."""
        return self._shipped()

    def rules(self) -> Rules:
        """The rules to screen by."""
        in_force = self._looked_up()
        if in_force is None:
            return Rules(rules=load_rules(), whole=False)
        known = self._rules
        if known is not None and known.whole and known.ruleset_id == in_force.ruleset_id:
            return known
        if known is None or self._seconds() >= self._make_at:
            self._make_at = self._seconds() + LOOK_AGAIN_S
            self._rules = known = self._made(in_force, known)
        return known

    def screen(self, text: str, facts: Facts) -> Verdict:
        """Screen a text. A verdict of rules that are not whole names nobody who has checked it."""
        in_force = self.rules()
        verdict = screen(text, facts, in_force.rules)
        return verdict if in_force.whole else replace(verdict, checked_by=())

    def refreshed(self) -> Rules:
        """The rules to screen by, looked up now."""
        self._look_at = self._make_at = float("-inf")
        return self.rules()

    def policy(self, board: BoardSlug) -> BoardPolicy:
        """The policy of a board."""
        in_force = self._looked_up()
        boards = () if in_force is None else in_force.boards
        return next((policy for slug, policy in boards if slug == board), BoardPolicy())

    def _looked_up(self) -> InForce | None:
        """What is in force as last read; None where it has never been read."""
        if self._seconds() >= self._look_at:
            self._look_at = self._seconds() + LOOK_AGAIN_S
            try:
                self._in_force = self._read(InForce.at()).get(InForce.at()) or InForce()
            except (DomainError, RuntimeError) as error:
                self._failed(error)
            else:
                self._look_at = self._seconds() + LOOK_EVERY_S
        return self._in_force

    def _made(self, in_force: InForce, known: Rules | None) -> Rules:
        if in_force.ruleset_id is None:
            return Rules(rules=load_rules())
        try:
            return Rules(rules=self._ready(in_force), ruleset_id=in_force.ruleset_id)
        except (DomainError, RuntimeError, PackError) as error:
            self._failed(error)
            return replace(known or Rules(rules=load_rules()), whole=False)

    def _ready(self, in_force: InForce) -> RuleSet:
        ref = EditionContent.at(str(in_force.ruleset_id))
        held = self._read(ref).get(ref)
        if held is None or held.content.digest != in_force.digest:
            raise AlteredError(f"{ref.subject} does not hold what was approved")
        return laid_over(held.content, self._shipped())
