"""The closed words of the API. The domain has the same as enums; a test holds them together."""

from typing import Literal

Visibility = Literal["public", "members"]
PostState = Literal["published", "held", "removed", "deleted"]
ThreadState = Literal["open", "hidden"]
RestrictionKind = Literal["hold", "removal", "disabling", "redaction", "label", "age_gate"]
CaseState = Literal["open", "awaiting_approval", "decided", "closed"]
Opener = Literal["rule", "score", "notice", "moderator", "appeal"]
Severity = Literal["S0", "S1", "S2", "S3", "S4"]
Outcome = Literal["keep", "remove", "restrict", "redact"]
DecisionState = Literal["effective", "awaiting_approval", "rejected", "reversed"]
AppealState = Literal["open", "decided"]
AppealOutcome = Literal["upheld", "reversed"]
NoticeKind = Literal["illegal", "terms"]
NoticeState = Literal["received", "decided"]
NotifierType = Literal["individual", "entity", "trusted_flagger", "authority"]
RuleSetState = Literal["proposed", "published", "retired", "rejected"]
RuleState = Literal["live", "shadow", "off"]
Strictness = Literal["lenient", "standard", "strict"]
ExportState = Literal["building", "ready", "failed"]
ExportProfile = Literal["full", "authority", "outsider"]
Role = Literal["customer", "staff", "moderator", "approver", "compliance", "admin"]
MessageKind = Literal[
    "statement",
    "urgent",
    "help",
    "decision",
    "appeal_decided",
    "receipt",
    "restored",
    "export",
    "product_safety",
    "unanswered",
]
Category = Literal[
    "TERROR_ORDER",
    "TERROR",
    "LIFE_THREAT",
    "CSAM",
    "GROOMING",
    "TRAFFICKING",
    "HATE",
    "DENIAL",
    "SYMBOL",
    "GROUP_INSULT",
    "INCITE",
    "GORE",
    "CRIM_ORG",
    "STATE_FAKE",
    "THREAT",
    "STALK",
    "DOX",
    "NCII",
    "INSULT",
    "DEFAM_FACT",
    "DEAD",
    "RELIGION",
    "REVIEW_OPINION",
    "REVIEW_CONTACT",
    "FAKE_REVIEW",
    "IMPERSON",
    "FRAUD",
    "PRIVACY",
    "RECORDING",
    "COPYRIGHT",
    "TRADEMARK",
    "DESIGN",
    "PATENT",
    "GEO",
    "TRADE_SECRET",
    "HIDDEN_AD",
    "SAFETY_SIGNAL",
    "UNSAFE_PRODUCT",
    "MINOR_HARM",
    "SELF_HARM",
    "CIVIC",
    "ANIMAL",
    "SPAM",
    "OFFTOPIC",
    "TC",
    "UNSPEC",
]
