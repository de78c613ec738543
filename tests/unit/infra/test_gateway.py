"""What API Gateway answers by itself."""

import json

from infra.gateway import gateway_responses
from schemas.problem import Problem


def test_every_answer_is_a_problem() -> None:
    """Whatever API Gateway refuses has the forum's own form and says its status twice alike."""
    for response in gateway_responses().values():
        problem = Problem.model_validate_json(response["ResponseTemplates"]["application/json"])
        assert response["StatusCode"] == problem.status
        headers = response["ResponseParameters"]["Headers"]
        assert "'application/problem+json'" == headers["Content-Type"]


def test_an_unknown_path_is_not_found() -> None:
    """API Gateway's 403 for a path it does not know becomes what it is."""
    response = gateway_responses()["MISSING_AUTHENTICATION_TOKEN"]
    assert 404 == response["StatusCode"]


def test_a_throttled_caller_hears_when_to_come_again() -> None:
    """429 carries `Retry-After`, as the forum's own does."""
    throttled = gateway_responses()["THROTTLED"]
    assert "'1'" == throttled["ResponseParameters"]["Headers"]["Retry-After"]
    body = json.loads(throttled["ResponseTemplates"]["application/json"])
    assert "urn:hausrecht:problem:too-many-requests" == body["type"]
