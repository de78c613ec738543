"""What the operator has settled for his house: who he is, his terms, and the limits he sets.

No limit here is one that a law numbers, except the six months of the complaint window (DSA
Art. 20(1)): it may be longer and never shorter.
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from moderation.cases.terms.document import CURRENT_VERSION, Terms, terms_at
from moderation.cases.texts.template import Language

LEGAL_COMPLAINT_MONTHS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRules:
    """The settings of the legal workflow.

    `contact` is a mail address at which people are reached, `product_safety` the one that reports
    of dangerous products go to (None: `contact`); `language` is that of the staff.
    """

    operator: str
    public_url: str
    contact: str
    product_safety: str | None = None
    terms: Terms = field(default_factory=partial(terms_at, CURRENT_VERSION))
    language: Language = "de"
    profile: Literal["eu", "uk", "us"] = "eu"
    claim_minutes: int = 10
    complaint_months: int = LEGAL_COMPLAINT_MONTHS
    appeal_days: int = 7
    serious_appeal_days: int = 3
    suspension_days: int = 30

    def __post_init__(self) -> None:
        if self.complaint_months < LEGAL_COMPLAINT_MONTHS:
            raise ValueError("the complaint window lasts at least six months (DSA Art. 20(1))")
