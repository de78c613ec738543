"""Rule sets on the wire: what is proposed, how it was tried, and how each rule fares."""

from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.identifiers import Ulid
from schemas.instant import Instant
from schemas.strict import Request, Response
from schemas.text import Code, Reasons, Unicode
from schemas.vocabulary import Category, RuleSetState, RuleState, Severity

TEXT_CHARACTERS = 160 * 1024
FILES_MOST = 50
STATES_MOST = 1_000
LABELS_MOST = 100
NAMED_MOST = 20

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]
FileName = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}(/[a-z0-9_-]{1,40}){0,2}\.toml$")
]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,51}$")]
Count = Annotated[int, Field(ge=0, lt=2**53)]


class PackFile(Request):
    """One pack file: its name and its TOML."""

    file: FileName
    text: Annotated[Unicode, StringConstraints(min_length=1, max_length=TEXT_CHARACTERS)]


class RuleSwitch(Request):
    """The state of a rule, whatever its pack says."""

    rule: RuleId
    state: RuleState


class LabelTrial(Request):
    """Of `n` texts of a label, how many were flagged (held ones among them) before and after."""

    label: Code
    n: Count
    flagged_before: Count
    flagged_after: Count
    held_before: Count
    held_after: Count


class NewCorpusTrial(Request):
    """How the rules fared on a corpus: of which content, over and against which rules."""

    content: Digest
    base: Version
    before: Version
    corpus: Digest
    counts: Annotated[list[LabelTrial], Field(min_length=1, max_length=LABELS_MOST)]


class NewRuleSet(Request):
    """A rule set to propose."""

    reason: Reasons
    packs: Annotated[list[PackFile], Field(max_length=FILES_MOST, default_factory=list)]
    states: Annotated[list[RuleSwitch], Field(max_length=STATES_MOST, default_factory=list)]
    backtest: NewCorpusTrial


class NewRuleSetApproval(Request):
    """The second person's word."""

    approve: bool
    reason: Reasons


class NewRetirement(Request):
    """That a rule set is taken out of force; `back_to` names an earlier one, none: the shipped."""

    reason: Reasons
    back_to: Ulid | None = None


class PackView(Response):
    """One pack file."""

    file: str
    text: str


class SwitchView(Response):
    """The state of a rule."""

    rule: str
    state: RuleState


class TrialView(Response):
    """Counts of one label."""

    label: str
    n: int
    flagged_before: int
    flagged_after: int
    held_before: int
    held_after: int


class CorpusView(Response):
    """How it fared on a corpus, as whoever proposed says; the digest is that of the corpus."""

    digest: str
    counts: list[TrialView]


class CasesView(Response):
    """How it fared on decided cases, as counted here: by outcome, and cases that change sides."""

    cases: int
    counts: list[TrialView]
    newly_flagged: list[str]
    no_longer_flagged: list[str]


class BackTestView(Response):
    """The recorded back-test: of which content, over which shipped packs, against which rules."""

    content: str
    base: str
    before: str
    corpus: CorpusView
    decided: CasesView


class RuleSetEventView(Response):
    """One act."""

    at: Instant
    action: str
    by: str
    reason: str


class RuleSetView(Response):
    """A rule set; `packs` and `states` where it is read by itself."""

    id: str
    state: RuleSetState
    version: str
    backtest: BackTestView
    history: list[RuleSetEventView]
    packs: Annotated[list[PackView], Field(default_factory=list)]
    states: Annotated[list[SwitchView], Field(default_factory=list)]


class RuleSetPage(Response):
    """A page of rule sets."""

    items: list[RuleSetView]
    next: str | None


class RuleView(Response):
    """A rule in force, and what became of its hits. The rate is null where nothing was decided."""

    id: str
    version: int
    category: Category
    severity: Severity
    language: str
    score_ppm: int
    explanation: str
    own: bool
    state: RuleState
    hits: int
    shadow_hits: int
    decided: int
    kept: int
    restricted: int
    reversed: int
    reversal_rate_ppm: int | None


class RulePage(Response):
    """A page of rules; `ruleset` null where the shipped packs alone are in force.

    `complete` false says that the rules in force could not be had, and these stand in for them.
    """

    items: list[RuleView]
    next: str | None
    ruleset: str | None
    version: str
    complete: bool
