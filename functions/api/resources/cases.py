"""`/v1/cases`: the staff side's work."""

from functions.api.endpoint import Call, Reply, Resource
from functions.api.paging import paged
from functions.api.presenters.cases import case_view
from functions.api.presenters.decisions import decision_receipt
from functions.api.proposals import proposal_of
from moderation.cases.approving import ApproveDecision
from moderation.cases.case import Case, CaseState
from moderation.cases.claiming import ClaimCase, EscalateCase, ReleaseCase
from moderation.cases.closing import CloseCases, Looked
from moderation.cases.deciding import DecideCase
from moderation.cases.notice import Notice
from moderation.ids import CaseId
from schemas.cases import CasePage, CaseQuery, CaseView
from schemas.decisions import DecisionReceipt, NewApproval, NewClosing, NewDecision, NewEscalation
from schemas.strict import Nothing

cases = Resource("cases")


@cases.get("/v1/cases", takes=CaseQuery, gives=CasePage)
def list_cases(call: Call, query: CaseQuery) -> Reply:
    """List cases: the S4 lane first, then by severity, then by what is due."""
    state = CaseState(query.state)
    lists = call.parts.lists
    page = paged(call, query, lambda limit, at: lists.cases(state, query.queue, limit, at))
    items = [case_view(case, call.parts) for case in page.items]
    return Reply(CasePage(items=items, next=page.next))


@cases.post(
    "/v1/cases/closing",
    takes=NewClosing,
    gives=CasePage,
    status=200,
    problems=(
        "claimed",
        "case-not-open",
        "conflict-of-interest",
        "content-changed",
        "takes-decision",
    ),
)
def close_cases(call: Call, body: NewClosing) -> Reply:
    """Close up to 20 false alarms over harmless content at once, all or none."""
    looked = tuple(Looked(CaseId(each.id), each.revision) for each in body.cases)
    closed = call.run(CloseCases(looked=looked, actor=call.member, reason=body.reason))
    return Reply(CasePage(items=[case_view(case, call.parts) for case in closed], next=None))


@cases.get("/v1/cases/{id}", takes=Nothing, gives=CaseView)
def get_case(call: Call, _: Nothing) -> Reply:
    """Read one case, with the words of its notices."""
    case = call.parts.units.read(Case.at(call.id)).need(Case.at(call.id))
    refs = [Notice.at(link.notice_id) for link in case.notices]
    seen = call.parts.units.read(*refs) if refs else None
    notices = {ref.id: notice for ref in refs if seen and (notice := seen.get(ref))}
    return Reply(case_view(case, call.parts, notices))


@cases.post(
    "/v1/cases/{id}/claim",
    takes=Nothing,
    gives=CaseView,
    status=200,
    problems=("claimed", "case-not-open", "conflict-of-interest"),
)
def claim_case(call: Call, _: Nothing) -> Reply:
    """Take a case for ten minutes, or renew the claim."""
    command = ClaimCase(case_id=CaseId(call.id), actor=call.member, rules=call.parts.house)
    return Reply(case_view(call.run(command), call.parts))


@cases.post(
    "/v1/cases/{id}/release",
    takes=Nothing,
    gives=CaseView,
    status=200,
    problems=("claimed", "case-not-open", "not-claimed"),
)
def release_case(call: Call, _: Nothing) -> Reply:
    """Give a claim up."""
    command = ReleaseCase(case_id=CaseId(call.id), actor=call.member)
    return Reply(case_view(call.run(command), call.parts))


@cases.post(
    "/v1/cases/{id}/escalate",
    takes=NewEscalation,
    gives=CaseView,
    status=200,
    problems=("claimed", "case-not-open", "escalated"),
)
def escalate_case(call: Call, body: NewEscalation) -> Reply:
    """Pass a case to the higher queue, which wakes somebody."""
    command = EscalateCase(case_id=CaseId(call.id), actor=call.member, reason=body.reason)
    return Reply(case_view(call.run(command), call.parts))


@cases.post(
    "/v1/cases/{id}/decision",
    takes=NewDecision,
    gives=DecisionReceipt,
    problems=("claimed", "case-not-open", "not-claimed", "conflict-of-interest", "content-changed"),
)
def decide_case(call: Call, body: NewDecision) -> Reply:
    """Decide on one revision of the content."""
    decision = call.run(
        DecideCase(
            case_id=CaseId(call.id),
            actor=call.member,
            proposal=proposal_of(body),
            rules=call.parts.house,
            render=call.parts.intake.render,
        )
    )
    return Reply(decision_receipt(decision))


@cases.post(
    "/v1/cases/{id}/approval",
    takes=NewApproval,
    gives=DecisionReceipt,
    status=200,
    problems=("case-not-awaiting-approval", "conflict-of-interest", "content-changed"),
)
def approve_decision(call: Call, body: NewApproval) -> Reply:
    """Agree to a proposed decision as a second person, or give it back."""
    decision = call.run(
        ApproveDecision(
            case_id=CaseId(call.id),
            actor=call.member,
            approve=body.approve,
            reason=body.reason,
            rules=call.parts.house,
            render=call.parts.intake.render,
        )
    )
    return Reply(decision_receipt(decision))
