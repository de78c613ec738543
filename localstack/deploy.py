"""A stack through CloudFormation: change-set, shown, executed, waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from localstack.target import Target

_WAIT_S = 900
_INLINE_LIMIT_BYTES = 51_200


class DeployError(Exception):
    """CloudFormation refused or failed; the message carries its reasons."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a change-set."""

    action: str
    name: str
    kind: str
    replaces: bool


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack by name on a target, with the bucket its code is put into."""

    target: Target
    name: str

    @property
    def code_bucket(self) -> str:
        """Made before the stack, so that the stack can be made from what is in it."""
        return f"{self.name}-code-{self.target.account_id}-{self.target.region}"

    def upload(self, key: str, body: bytes, content_type: str) -> None:
        """Put an object into the code bucket, making the bucket where it is missing."""
        s3 = self.target.client("s3")
        try:
            s3.head_bucket(Bucket=self.code_bucket)
        except ClientError:
            s3.create_bucket(
                Bucket=self.code_bucket,
                CreateBucketConfiguration={"LocationConstraint": self.target.region},
            )
        s3.put_object(Bucket=self.code_bucket, Key=key, Body=body, ContentType=content_type)

    def has_object(self, key: str) -> bool:
        """Whether the code bucket holds a key already."""
        try:
            self.target.client("s3").head_object(Bucket=self.code_bucket, Key=key)
        except ClientError:
            return False
        return True

    def deploy(
        self,
        template_path: Path,
        parameters: Mapping[str, str],
        agree: Callable[[list[Change]], bool] = lambda _: True,
    ) -> dict[str, str]:
        """Create or update the stack; answer its outputs.

        `agree` sees the changes first; where it says no, nothing is changed
        and the outputs are those of before. Raises `DeployError`.
        """
        before = self._described()
        kind = "UPDATE" if before else "CREATE"
        change_set = self._change_set(kind, template_path, parameters)
        if change_set is not None:
            if not agree(_changes(change_set)):
                self._forget(kind, change_set)
                return self.outputs() if before else {}
            cloudformation = self.target.client("cloudformation")
            cloudformation.execute_change_set(ChangeSetName=change_set["ChangeSetId"])
            self._wait(kind)
        return self.outputs()

    def outputs(self) -> dict[str, str]:
        """The stack's outputs by name; raises `DeployError` where there is no stack."""
        stack = self._described()
        if stack is None:
            raise DeployError(f"there is no stack {self.name}")
        return {each["OutputKey"]: each["OutputValue"] for each in stack.get("Outputs", [])}

    def parameters(self) -> dict[str, str]:
        """The parameters the stack was deployed with; none where there is no stack."""
        stack = self._described() or {}
        return {
            each["ParameterKey"]: each["ParameterValue"] for each in stack.get("Parameters", [])
        }

    def delete(self) -> None:
        """Delete the stack and its code bucket; buckets of the stack are emptied first."""
        if self._described() is not None:
            outputs = self.outputs()
            for name in ("LogBucket", "AnchorsBucket", "ExportsBucket"):
                if name in outputs:
                    self._empty(outputs[name], locked=name == "AnchorsBucket")
            self.target.client("cloudformation").delete_stack(StackName=self.name)
            self._wait("DELETE")
        self._empty(self.code_bucket, locked=False)
        with suppress(self.target.client("s3").exceptions.NoSuchBucket):
            self.target.client("s3").delete_bucket(Bucket=self.code_bucket)
        self._delete_late_logs()

    def _delete_late_logs(self) -> None:
        """Delete log groups that a function's last line brought back after they had gone."""
        logs = self.target.client("logs")
        prefix = f"/aws/lambda/{self.name}-"
        for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix):
            for group in page["logGroups"]:
                with suppress(logs.exceptions.ResourceNotFoundException):
                    logs.delete_log_group(logGroupName=group["logGroupName"])

    def _described(self) -> dict[str, Any] | None:
        try:
            stacks = self.target.client("cloudformation").describe_stacks(StackName=self.name)
        except ClientError as error:
            if "does not exist" in str(error):
                return None
            raise
        stack: dict[str, Any] = stacks["Stacks"][0]
        gone = stack["StackStatus"] in {"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"}
        return None if gone else stack

    def _change_set(
        self, kind: str, template_path: Path, parameters: Mapping[str, str]
    ) -> dict[str, Any] | None:
        cloudformation = self.target.client("cloudformation")
        made = cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=f"{self.name}-{time.time_ns()}",
            ChangeSetType=kind,
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value}
                for name, value in sorted(parameters.items())
            ],
            Capabilities=["CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            **self._template(template_path),
        )
        deadline = time.monotonic() + _WAIT_S
        while time.monotonic() < deadline:
            change_set: dict[str, Any] = cloudformation.describe_change_set(
                ChangeSetName=made["Id"]
            )
            match change_set["Status"]:
                case "CREATE_COMPLETE":
                    return change_set
                case "FAILED":
                    reason = change_set.get("StatusReason", "")
                    self._forget(kind, change_set)
                    if "didn't contain changes" in reason or "No updates" in reason:
                        return None
                    raise DeployError(f"the change-set failed: {reason}")
            time.sleep(0.2)
        raise DeployError("the change-set was not ready in time")

    def _template(self, path: Path) -> dict[str, str]:
        body = path.read_bytes()
        if len(body) <= _INLINE_LIMIT_BYTES:
            return {"TemplateBody": body.decode()}
        self.upload("template.json", body, "application/json")
        s3 = self.target.client("s3")
        return {"TemplateURL": f"{s3.meta.endpoint_url}/{self.code_bucket}/template.json"}

    def _forget(self, kind: str, change_set: dict[str, Any]) -> None:
        cloudformation = self.target.client("cloudformation")
        cloudformation.delete_change_set(ChangeSetName=change_set["ChangeSetId"])
        if kind == "CREATE":
            cloudformation.delete_stack(StackName=self.name)

    def _wait(self, kind: str) -> None:
        deadline = time.monotonic() + _WAIT_S
        while time.monotonic() < deadline:
            stack = self._described()
            status = "DELETE_COMPLETE" if stack is None else str(stack["StackStatus"])
            if status == f"{kind}_COMPLETE":
                return
            if status.endswith(("_FAILED", "ROLLBACK_COMPLETE")):
                raise DeployError(f"{self.name} is {status}:\n{self._reasons()}")
            time.sleep(0.3)
        raise DeployError(f"{self.name} was not done within {_WAIT_S} s")

    def _reasons(self) -> str:
        events = self.target.client("cloudformation").describe_stack_events(StackName=self.name)
        failed = [
            f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
            for event in events["StackEvents"]
            if event["ResourceStatus"].endswith("FAILED")
        ]
        return "\n".join(dict.fromkeys(failed))

    def _empty(self, bucket: str, *, locked: bool) -> None:
        # Only a bucket with object lock takes the wish to pass it by.
        bypass = {"BypassGovernanceRetention": True} if locked else {}
        s3 = self.target.client("s3")
        try:
            pages = list(s3.get_paginator("list_object_versions").paginate(Bucket=bucket))
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchBucket":
                return
            raise
        for page in pages:
            for each in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                s3.delete_object(
                    Bucket=bucket,
                    Key=each["Key"],
                    VersionId=each["VersionId"],
                    **bypass,
                )


def _changes(change_set: Mapping[str, Any]) -> list[Change]:
    found = []
    for each in change_set.get("Changes", []):
        change = each["ResourceChange"]
        found.append(
            Change(
                change["Action"],
                change["LogicalResourceId"],
                change["ResourceType"],
                change.get("Replacement") == "True",
            )
        )
    return found
