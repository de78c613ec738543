"""A stack by change-set, against a CloudFormation of our own making."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from localstack.deploy import Change, DeployError, Stack
from localstack.target import Target

NO_STACK = ClientError({"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "")


@dataclass
class FakeCloudFormation:
    """One stack; `ends_as` is its status after a change-set is executed."""

    ends_as: str = ""
    change_set: dict[str, Any] = field(default_factory=dict)
    status: str | None = None
    calls: list[str] = field(default_factory=list)

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        """The stack, where there is one."""
        if self.status is None:
            raise NO_STACK
        outputs = [{"OutputKey": "RestAPIId", "OutputValue": "abc"}]
        return {"Stacks": [{"StackStatus": self.status, "Outputs": outputs}]}

    def create_change_set(self, **given: Any) -> dict[str, str]:
        """Note its type."""
        self.calls.append(f"create {given['ChangeSetType']}")
        return {"Id": "set"}

    def describe_change_set(self, **_: str) -> dict[str, Any]:
        """As it was made for the test."""
        return {"ChangeSetId": "set", "Status": "CREATE_COMPLETE", "Changes": [], **self.change_set}

    def execute_change_set(self, **_: str) -> None:
        """Reach the final status at once."""
        self.calls.append("execute")
        self.status = self.ends_as

    def delete_change_set(self, **_: str) -> None:
        """Note it."""
        self.calls.append("delete change-set")

    def delete_stack(self, **_: str) -> None:
        """Note it."""
        self.calls.append("delete stack")

    def describe_stack_events(self, **_: str) -> dict[str, Any]:
        """One failure among successes."""
        failed = {"LogicalResourceId": "LogKey", "ResourceStatus": "CREATE_FAILED"}
        done = {"LogicalResourceId": "ForumTable", "ResourceStatus": "CREATE_COMPLETE"}
        return {"StackEvents": [done, failed | {"ResourceStatusReason": "no such key spec"}]}


@dataclass(frozen=True)
class FakeTarget:
    """A target with that CloudFormation alone."""

    cloudformation: FakeCloudFormation

    def client(self, service: str) -> FakeCloudFormation:
        """CloudFormation; nothing else is asked for."""
        assert "cloudformation" == service
        return self.cloudformation


def stack(cloudformation: FakeCloudFormation) -> Stack:
    """A stack on it."""
    return Stack(cast("Target", FakeTarget(cloudformation)), "test")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """Small enough to be sent inline."""
    path = tmp_path / "template.json"
    path.write_text("{}")
    return path


def test_a_first_deployment_creates(template: Path) -> None:
    """The outputs of the finished stack are the answer."""
    fake = FakeCloudFormation(ends_as="CREATE_COMPLETE")
    assert {"RestAPIId": "abc"} == stack(fake).deploy(template, {})
    assert ["create CREATE", "execute"] == fake.calls


def test_a_second_deployment_updates(template: Path) -> None:
    """What is there is changed in place."""
    fake = FakeCloudFormation(ends_as="UPDATE_COMPLETE", status="CREATE_COMPLETE")
    stack(fake).deploy(template, {})
    assert ["create UPDATE", "execute"] == fake.calls


def test_nothing_to_change_is_no_error(template: Path) -> None:
    """CloudFormation calls an empty change-set a failure; here it is a day without news."""
    reason = "The submitted information didn't contain changes."
    fake = FakeCloudFormation(
        change_set={"Status": "FAILED", "StatusReason": reason}, status="CREATE_COMPLETE"
    )
    assert {"RestAPIId": "abc"} == stack(fake).deploy(template, {})
    assert ["create UPDATE", "delete change-set"] == fake.calls


def test_a_failed_change_set_gives_its_reason(template: Path) -> None:
    """A template that CloudFormation refuses is told apart from one without changes."""
    fake = FakeCloudFormation(change_set={"Status": "FAILED", "StatusReason": "no such type"})
    with pytest.raises(DeployError, match="no such type"):
        stack(fake).deploy(template, {})


def test_changes_are_shown_before_they_are_made(template: Path) -> None:
    """Whoever says no leaves no trace, not even an empty stack."""
    resource = {
        "Action": "Modify",
        "LogicalResourceId": "ForumTable",
        "ResourceType": "AWS::DynamoDB::Table",
        "Replacement": "True",
    }
    fake = FakeCloudFormation(change_set={"Changes": [{"ResourceChange": resource}]})
    seen: list[Change] = []

    def refuse(changes: list[Change]) -> bool:
        seen.extend(changes)
        return False

    assert {} == stack(fake).deploy(template, {}, refuse)
    assert [Change("Modify", "ForumTable", "AWS::DynamoDB::Table", True)] == seen
    assert ["create CREATE", "delete change-set", "delete stack"] == fake.calls


def test_a_rollback_names_what_failed(template: Path) -> None:
    """The one resource that failed is in the message, the others are not."""
    fake = FakeCloudFormation(ends_as="ROLLBACK_COMPLETE")
    with pytest.raises(DeployError, match="LogKey: no such key spec") as caught:
        stack(fake).deploy(template, {})
    assert "ForumTable" not in str(caught.value)


def test_outputs_of_no_stack_are_an_error() -> None:
    """Nothing is made up."""
    with pytest.raises(DeployError, match="there is no stack test"):
        stack(FakeCloudFormation()).outputs()
