"""A stack's life: created beside another, updated in place, deleted without a trace."""

from collections.abc import Iterator
from typing import Any

import pytest

from infra.build import Built
from localstack.deploy import Stack as Deployment
from localstack.engine import Engine
from localstack.stack import bring_up
from tests.e2e.client import Client

pytestmark = pytest.mark.e2e

KINDS = {"tables", "queues", "buckets", "functions", "sources", "rules", "roles", "logs", "topics"}
KINDS |= {"secrets", "alarms", "keys"}
FIRST, SECOND = "hausrecht-first", "hausrecht-second"


def names(engine: Engine, stack: str) -> dict[str, list[str]]:
    """Everything on the engine that carries the stack's name."""
    target = engine.target
    buckets = target.client("s3").list_buckets()["Buckets"]
    rules = target.client("events").list_rules()["Rules"]
    roles = target.client("iam").list_roles()["Roles"]
    groups = target.client("logs").describe_log_groups()["logGroups"]
    secrets = target.client("secretsmanager").list_secrets()["SecretList"]
    alarms = target.client("cloudwatch").describe_alarms()["MetricAlarms"]
    everything = {
        "tables": target.client("dynamodb").list_tables()["TableNames"],
        "queues": target.client("sqs").list_queues().get("QueueUrls", []),
        "buckets": [bucket["Name"] for bucket in buckets],
        "functions": [
            each["FunctionName"] for each in target.client("lambda").list_functions()["Functions"]
        ],
        "sources": [
            each["FunctionArn"]
            for each in target.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        ],
        "rules": [rule["Name"] for rule in rules],
        "roles": [role["RoleName"] for role in roles],
        "logs": [group["logGroupName"] for group in groups],
        "secrets": [secret["Name"] for secret in secrets],
        "alarms": [alarm["AlarmName"] for alarm in alarms],
        "keys": [each["AliasName"] for each in target.client("kms").list_aliases()["Aliases"]],
        "topics": [each["TopicArn"] for each in target.client("sns").list_topics()["Topics"]],
        "apis": [each["name"] for each in target.client("apigateway").get_rest_apis()["items"]],
    }
    return {
        kind: found
        for kind, each in everything.items()
        if (found := [name for name in each if stack in name])
    }


@pytest.fixture
def deployed(running_engine: Engine, built: Built) -> Iterator[dict[str, Any]]:
    """Two stacks side by side, deleted after the test."""
    made = {name: bring_up(running_engine, built, name) for name in (FIRST, SECOND)}
    yield made
    for name in made:
        Deployment(running_engine.target, name).delete()


def health(api: str) -> dict[str, Any]:
    """What the API says of itself."""
    found: dict[str, Any] = Client(api).get("/health").expect(200)
    return found


def test_stacks_live_side_by_side_are_updated_in_place_and_leave_nothing_behind(
    running_engine: Engine, built: Built, deployed: dict[str, Any]
) -> None:
    """One name more is one stack more; an update keeps the data; a deletion takes its own alone."""
    first, second = deployed[FIRST], deployed[SECOND]
    assert first.api != second.api
    assert first.verify_key != second.verify_key
    assert health(first.api)
    assert health(second.api)

    tables = running_engine.target.client("dynamodb")
    item = {"pk": {"S": "KEPT#1"}, "sk": {"S": "META"}}
    tables.put_item(TableName=f"{FIRST}-forum", Item=item)
    updated = bring_up(running_engine, built, FIRST, {"OperatorName": "Another GmbH"})
    assert first.api == updated.api
    assert first.verify_key == updated.verify_key
    api = running_engine.target.client("lambda").get_function_configuration(
        FunctionName=f"{FIRST}-api"
    )
    assert "Another GmbH" == api["Environment"]["Variables"]["OPERATOR_NAME"]
    assert item == tables.get_item(TableName=f"{FIRST}-forum", Key=item)["Item"]

    kept = names(running_engine, SECOND)
    assert kept.keys() == names(running_engine, FIRST).keys() >= KINDS
    Deployment(running_engine.target, FIRST).delete()
    assert {} == names(running_engine, FIRST)
    assert kept == names(running_engine, SECOND)
    assert health(second.api)
