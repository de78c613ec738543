"""The operator sets his own limits, but not below what the law sets."""

import pytest

from moderation.cases.house_rules import HouseRules
from moderation.cases.terms.document import CURRENT_VERSION


def test_the_complaint_window_is_never_shorter_than_the_law() -> None:
    """Six months at least (DSA Art. 20(1)); longer is fine."""
    with pytest.raises(ValueError, match="six months"):
        HouseRules(operator="X", public_url="https://x", contact="x@x", complaint_months=5)
    longer = HouseRules(operator="X", public_url="https://x", contact="x@x", complaint_months=12)
    assert (12, CURRENT_VERSION) == (longer.complaint_months, longer.terms.version)
