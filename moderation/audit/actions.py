"""What can be done to an audited subject: the closed vocabulary of the audit log.

Grammar: `subject:action`, both of 2 to 24 lower-case ASCII letters; the first names the kind of
thing acted on, the second is an imperative verb. A value that was once written to a log is never
removed or given another meaning: a retired one stays here, with a note that says since when.
"""

from enum import StrEnum


class Action(StrEnum):
    """One act. The comment beside a value says what has happened once an entry carries it."""

    APPEAL_FILE = "appeal:file"  # an author or a notifier complained of a decision
    APPEAL_REVERSE = "appeal:reverse"  # the complaint held; what was taken is given back
    APPEAL_UPHOLD = "appeal:uphold"  # the decision stands
    BOARD_CALIBRATE = "board:calibrate"  # its detection policy was set
    BOARD_CREATE = "board:create"
    BOARD_UPDATE = "board:update"  # by when its customers are to be answered was set
    CASE_APPROVE = "case:approve"  # the second person agreed; the decision takes effect
    CASE_CLAIM = "case:claim"  # a moderator took the case, for the length of the lease
    CASE_CLOSE = "case:close"  # ended without a decision, the reason says why
    CASE_DECIDE = "case:decide"  # a decision took effect
    CASE_ESCALATE = "case:escalate"  # passed to a higher queue, by a person or by a clock
    CASE_JOIN = "case:join"  # a further notice or signal came to an open case
    CASE_OPEN = "case:open"
    CASE_PROPOSE = "case:propose"  # a decision was made that awaits a second person
    CASE_REJECT = "case:reject"  # the second person disagreed; the case is open again
    CASE_RELEASE = "case:release"  # the claim was given up or ran out
    CASE_UPDATE = "case:update"  # the content changed while under review
    DISCLOSURE_APPROVE = "disclosure:approve"  # a second officer agreed that a name be opened
    DISCLOSURE_READ = "disclosure:read"  # somebody looked at what was disclosed
    DISCLOSURE_REFUSE = "disclosure:refuse"
    DISCLOSURE_REQUEST = "disclosure:request"  # to link a person and the log, the record says why
    ERASURE_COMPLETE = "erasure:complete"  # nothing personal is left of whom it is about
    ERASURE_REQUEST = "erasure:request"  # a member asked for it, or compliance ordered it
    ERASURE_WAIT = "erasure:wait"  # something must be kept for now, the record says what
    EXPORT_BUILD = "export:build"  # the bundle was built, its range is pinned
    EXPORT_DOWNLOAD = "export:download"  # somebody was given a link to the bundle
    EXPORT_FAIL = "export:fail"
    EXPORT_REQUEST = "export:request"
    HOLD_PLACE = "hold:place"  # a subject must not be erased
    HOLD_RELEASE = "hold:release"  # it may be; what waited for it goes on
    LOG_HEARTBEAT = "log:heartbeat"  # an hour in which nothing else was written
    MEMBER_LIFT = "member:lift"  # a sanction ended early
    MEMBER_SUSPEND = "member:suspend"
    MEMBER_WARN = "member:warn"
    NOTICE_DECIDE = "notice:decide"  # each item of the notice has its outcome
    NOTICE_RECEIVE = "notice:receive"
    PAYLOAD_ERASE = "payload:erase"  # salt and personal fields of the subject were destroyed
    POST_DELETE = "post:delete"  # by its author, while under review or after a measure
    POST_EDIT = "post:edit"  # by its author, while under review or after a measure
    POST_FORWARD = "post:forward"  # a report of danger in it was passed on to product safety
    POST_HOLD = "post:hold"  # kept from the public until a human has decided
    POST_LAPSE = "post:lapse"  # an automatic hold ran out at its stated hour
    POST_PUBLISH = "post:publish"  # a held post was let through
    POST_REDACT = "post:redact"  # passages hidden
    POST_REDRIVE = "post:redrive"  # a person had the model read it again, after it was given up
    POST_REMOVE = "post:remove"
    POST_RESTORE = "post:restore"  # a removal or restriction was taken back
    POST_RESTRICT = "post:restrict"  # visibility narrowed
    POST_SCORE = "post:score"  # a late score changed the state of the post
    REFERRAL_RECORD = "referral:record"  # report to an authority, or why there was none
    RULESET_PROPOSE = "ruleset:propose"  # with its back-test; nothing has changed yet
    RULESET_PUBLISH = "ruleset:publish"  # the second person agreed; it is in force
    RULESET_REJECT = "ruleset:reject"  # the second person disagreed, or it was taken back
    RULESET_RESTORE = "ruleset:restore"  # one that was in force before is again
    RULESET_RETIRE = "ruleset:retire"  # no longer in force
    SETTINGS_CHANGE = "settings:change"  # a deployment brought other settings, rules or terms
    STATEMENT_ISSUE = "statement:issue"  # DSA Art. 17: the author was given reasons
