"""Statements of reasons (DSA Art. 17(3)): made from what happened, never typed by anybody.

(a) restriction, scope, duration      from the restriction itself
(b) facts, and the source             from the decision; from what opened the case
(c) automation                        from what opened the case and who decided
(d) (e) norm or clause, and why       from the decision, or from the clause that allows a hold
(f) redress                           only what exists
"""

from dataclasses import replace
from datetime import datetime, timedelta

from moderation.cases.appeal import Appeal
from moderation.cases.case import Case, Hold, Opener
from moderation.cases.clocks import months_after
from moderation.cases.decision import Decision, Ground, IllegalGround, MemberMeasure, TermsGround
from moderation.cases.house_rules import HouseRules
from moderation.cases.statement import Redress, Source, Statement
from moderation.cases.texts.template import Language, document_language, help_offer, text, time_text
from moderation.community.post import Post, Restriction, RestrictionKind
from moderation.detection.signal import Signal
from moderation.detection.taxonomy import Category, CategoryFacts, Flag, facts_of
from moderation.ids import EntryId, StatementId

COORDINATOR_URL = "https://www.dsc.bund.de"
EXCERPT_LIMIT = 120
_SOURCES: dict[Opener, Source] = {
    Opener.NOTICE: "notice",
    Opener.APPEAL: "notice",
    Opener.RULE: "own_initiative",
    Opener.SCORE: "own_initiative",
    Opener.MODERATOR: "own_initiative",
}


def found_automatically(case: Case) -> bool:
    """Whether automated means found the content (DSA Art. 17(3)(c)), whoever then decided."""
    return case.opened_by in {Opener.RULE, Opener.SCORE}


def hold_statement(
    case: Case,
    hold: Hold,
    signal: Signal,
    *,
    entry_id: EntryId,
    at: datetime,
    rules: HouseRules,
) -> Statement:
    """Reasons for an automatic hold, owed at that very moment: interim, and wholly automated."""
    post = case.post
    language = document_language(post.language)
    facts = facts_of(case.category)
    clause = rules.terms.interim_clause
    return _written(
        Statement(
            id=hold.statement_id,
            post_id=post.id,
            case_id=case.id,
            addressee=post.author.id,
            category=case.category,
            restriction=RestrictionKind.HOLD,
            facts=_hold_facts(facts, signal, language),
            source="own_initiative",
            ground=TermsGround(
                clause=clause.id,
                version=rules.terms.version,
                explanation=text("ground.hold", language),
            ),
            text="",
            entry_id=entry_id,
            issued_at=at,
            until=hold.lapses_at if hold.lapses_to == "published" else None,
            automated_detection=True,
            automated_decision=True,
            redress=redress(hold.statement_id, at, language, rules),
            language=language,
        ),
        post,
        _duration(hold, language),
        None,
        rules,
    )


def decision_statement(
    case: Case,
    decision: Decision,
    restriction: Restriction,
    ground: Ground,
    *,
    statement_id: StatementId,
    entry_id: EntryId,
    rules: HouseRules,
) -> Statement:
    """Reasons for what a human decided.

    Where the category asks for neutral words, what the moderator wrote stays on the case: a text
    about a threat to life must not tell its author what has been reported (DSA Art. 18).
    """
    post = case.post
    language = document_language(post.language)
    neutral = Flag.NEUTRAL_STATEMENT in facts_of(decision.category).flags
    if neutral:
        ground = replace(ground, explanation=text("ground.neutral", language))
    until = restriction.until
    return _written(
        Statement(
            id=statement_id,
            post_id=post.id,
            case_id=case.id,
            addressee=post.author.id,
            category=decision.category,
            restriction=restriction.kind,
            facts=text("facts.neutral", language) if neutral else decision.facts,
            source=_SOURCES[case.opened_by],
            ground=ground,
            text="",
            entry_id=entry_id,
            issued_at=restriction.since,
            decision_id=decision.id,
            scope=restriction.territory,
            until=until,
            automated_detection=found_automatically(case),
            redress=redress(statement_id, restriction.since, language, rules),
            language=language,
            decided_by=decision.decided_by,
            approved_by=decision.approved_by,
        ),
        post,
        text("duration.open", language)
        if until is None
        else text("duration.until", language, until=time_text(until, language)),
        decision.member_measure,
        rules,
    )


def reasons_heard(appeal: Appeal, statement: Statement) -> str | None:
    """Why an author's appeal went as it did, in the words the author may read.

    Neutral where the statement was: whoever hears it knows what has been reported, too.
    """
    neutral = Flag.NEUTRAL_STATEMENT in facts_of(statement.category).flags
    if not neutral or appeal.outcome_reasons is None:
        return appeal.outcome_reasons
    return text("appeal.neutral", document_language(statement.language))


def complaint_end(informed_at: datetime, rules: HouseRules) -> datetime:
    """The end of the complaint window: full months, and a day for the message to arrive.

    At least six months from being informed (DSA Art. 20(1), (2)).
    """
    return months_after(informed_at, rules.complaint_months) + timedelta(days=1)


def redress(
    statement_id: StatementId, at: datetime, language: Language, rules: HouseRules
) -> tuple[Redress, ...]:
    """The ways to object that exist: with us, in court, and at the Digital Services Coordinator.

    No out-of-court body is named, since none is certified for this operator by configuration.
    """
    until = complaint_end(at, rules)
    url = f"{rules.public_url}/v1/statements/{statement_id}/appeal"
    return (
        Redress(
            kind="internal_complaint",
            text=text(
                "redress.internal_complaint", language, until=time_text(until, language), url=url
            ),
            url=url,
            until=until,
        ),
        Redress(kind="court", text=text("redress.court", language)),
        Redress(
            kind="authority",
            text=text("redress.authority", language, url=COORDINATOR_URL),
            url=COORDINATOR_URL,
        ),
    )


def ground_name(ground: Ground, language: Language, rules: HouseRules) -> str:
    """The ground without its explanation: the norm, or the clause by its title and version."""
    if isinstance(ground, IllegalGround):
        return ground.norm
    clause = rules.terms.clause(ground.clause)
    title = ground.clause if clause is None else clause.title[language]
    return text("ground.terms", language, version=ground.version, title=title)


def category_title(category: Category, language: Language) -> str:
    """The category in words."""
    facts = facts_of(category)
    return facts.title_de if language == "de" else facts.title


def _hold_facts(facts: CategoryFacts, signal: Signal, language: Language) -> str:
    if Flag.NEUTRAL_STATEMENT in facts.flags:
        return text("facts.hold.neutral", language)
    if Flag.HELP_MESSAGE in facts.flags:
        return text("facts.hold.care", language)
    return text(
        "facts.hold",
        language,
        category=category_title(facts.code, language),
        excerpt=signal.excerpt[:EXCERPT_LIMIT],
    )


def _duration(hold: Hold, language: Language) -> str:
    until = time_text(hold.lapses_at, language)
    return text(f"duration.{hold.lapses_to}", language, until=until)


def _written(
    statement: Statement,
    post: Post,
    duration: str,
    member_measure: MemberMeasure | None,
    rules: HouseRules,
) -> Statement:
    """The statement with the text its addressee reads."""
    language = document_language(statement.language)
    restriction = text(
        f"statement.{statement.restriction.value}",
        language,
        post=post.id,
        written=time_text(post.created_at, language),
        since=time_text(statement.issued_at, language),
    )
    scope = ", ".join(statement.scope) or text("scope.everywhere", language)
    paragraphs = [
        _head(statement, language),
        restriction,
        text("statement.scope", language, scope=scope, duration=duration),
        text("statement.facts", language, facts=statement.facts),
        text(f"statement.source.{statement.source}", language),
        text(f"statement.automated.{_automation(statement)}", language),
        text(
            f"statement.ground.{statement.ground.kind}",
            language,
            ground=ground_name(statement.ground, language, rules),
            explanation=statement.ground.explanation,
        ),
        *_measure(member_measure, language),
        "\n".join(
            [
                text("statement.redress", language),
                *(f"- {way.text}" for way in statement.redress),
            ]
        ),
    ]
    return replace(statement, text="\n\n".join(paragraphs))


def _head(statement: Statement, language: Language) -> str:
    head = text("statement.head", language)
    if Flag.HELP_MESSAGE not in facts_of(statement.category).flags:
        return head
    care = text("statement.head.care", language, help=help_offer(language))
    return f"{care}\n\n{head}"


def _automation(statement: Statement) -> str:
    if statement.automated_decision:
        return "both"
    return "detection" if statement.automated_detection else "none"


def _measure(measure: MemberMeasure | None, language: Language) -> list[str]:
    if measure is None:
        return []
    until = "" if measure.until is None else time_text(measure.until, language)
    return [text(f"statement.{measure.kind}", language, until=until)]
