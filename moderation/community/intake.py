"""What every text passes before it is stored: it is rendered once, and screened."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from moderation.cases.visibility import masked
from moderation.community.member import Member
from moderation.community.recent import Recent
from moderation.detection.facts import AuthorFacts, BoardPolicy, Facts
from moderation.detection.signal import KNOWN, Signal, Span
from moderation.detection.verdict import Verdict
from moderation.ids import BoardSlug

UNKNOWN_LANGUAGE = "und"
REPORTS_COUNT_FOR = timedelta(days=90)
_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Taken:
    """A text that has passed: its HTML, its language (BCP 47) and what the screen says of it.

    `unchecked` says that a detector has yet to read it. `sealed` are the passages of the body that
    nobody is shown, since a list of known files has them; the title has lost its own.
    """

    html: str
    language: str
    verdict: Verdict
    unchecked: bool = False
    sealed: tuple[Span, ...] = ()
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The parts that look at a text. Both fail closed: what they cannot take is not stored.

    `render` makes harmless HTML of Markdown or raises Invalid, `screen` reads a text in view of the
    facts of the house (`facts`: who runs the forum), of the board (`policy`) and of the author
    (`recent`: what they wrote in this hour). `owes_score` says that a scorer is at work whose score
    comes later, so that what is stored is marked unchecked until it has; so is what no detector
    says that it has checked.
    """

    render: Callable[[str], str]
    screen: Callable[[str, Facts], Verdict]
    facts: Facts = field(default_factory=Facts)
    policy: Callable[[BoardSlug], BoardPolicy] = lambda _: BoardPolicy()
    owes_score: bool = False
    recent: Recent = field(default_factory=Recent)

    def knowing(self, recent: Recent) -> "Intake":
        """The same, in view of what the author wrote lately."""
        return replace(self, recent=recent)

    def take(
        self,
        *,
        board: BoardSlug,
        title: str | None,
        body: str,
        language: str | None,
        author: Member,
        now: datetime,
    ) -> Taken:
        """Render the body and screen title and body as one text.

        The spans of the verdict point into the body. What was found in a title has none; its
        excerpt says where it stood. Raises Invalid for a text that cannot be shown.
        """
        html = self.render(body)
        facts = replace(
            self.facts,
            language=language,
            board=self.policy(board),
            author=self._author(author, now),
        )
        prefix = "" if title is None else title + _GAP
        verdict = self.screen(prefix + body, facts)
        known = [s.span for s in verdict.signals if s.detector == KNOWN and s.span is not None]
        verdict = replace(
            verdict, signals=tuple(_moved(signal, len(prefix)) for signal in verdict.signals)
        )
        sealed = tuple(s.span for s in verdict.signals if s.detector == KNOWN and s.span)
        return Taken(
            html=self.render(masked(body, sealed)) if sealed else html,
            language=language or verdict.language,
            verdict=verdict,
            unchecked=self.owes_score or not verdict.checked_by,
            sealed=sealed,
            title=None if title is None else masked(title, known),
        )

    def _author(self, member: Member, now: datetime) -> AuthorFacts:
        """What is known of an author; this text is no other, and a suspension is a decision."""
        since = now - REPORTS_COUNT_FOR
        decided = [warning.at for warning in member.warnings]
        decided += [member.suspended_at] if member.suspended_at else []
        return AuthorFacts(
            account_age_days=max(0, (now - member.created_at).days),
            posts_this_hour=self.recent.writes,
            same_text_elsewhere=max(0, self.recent.same_text - 1),
            reports_upheld=sum(at >= since for at in decided),
            staff=member.staff,
        )


def _moved(signal: Signal, offset: int) -> Signal:
    """Point into the body alone."""
    if signal.span is None or offset == 0:
        return signal
    if signal.span.start < offset:
        return replace(signal, span=None)
    return replace(signal, span=Span(signal.span.start - offset, signal.span.end - offset))
