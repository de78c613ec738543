"""What API Gateway answers by itself, as RFC 9457 problems (SAM's `GatewayResponses`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from schemas.problem import PROBLEM_JSON, TYPE_PREFIX

_RESPONSES = Path(__file__).parent / "gateway_responses.json"


def gateway_responses() -> dict[str, Any]:
    """One response a kind; the codes are those of the forum's own problems."""
    return {
        kind: _response(**fields) for kind, fields in json.loads(_RESPONSES.read_text()).items()
    }


def _response(
    status: int, code: str, title: str, detail: str, retry_after_s: int | None = None
) -> dict[str, Any]:
    problem = {"type": TYPE_PREFIX + code, "title": title, "status": status, "detail": detail}
    headers = {"Content-Type": f"'{PROBLEM_JSON}'"}
    if retry_after_s is not None:
        headers["Retry-After"] = f"'{retry_after_s}'"
    return {
        "StatusCode": status,
        "ResponseTemplates": {"application/json": json.dumps(problem)},
        "ResponseParameters": {"Headers": headers},
    }
