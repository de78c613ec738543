"""MiniStack as a child process: the embedded engine, with its state kept in `.local/`."""

from __future__ import annotations

import json
import os
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localstack.daemon import Daemon
from localstack.engine import LIBRARIES, LOCAL, ROOT
from localstack.gateway_responses import set_gateway_responses
from localstack.target import REGION, Target

PYTHON = ROOT / ".venvs" / "ministack" / "bin" / "python"
RECORDED_MOST = "100000"
"""Calls that a record keeps: all of an end-to-end ring's. The engine's own limit is 10,000."""

_ALSO_ASKED_FOR = {"sqs:SendMessage": "sqs:SendMessageBatch", "ses:SendEmail": "ses:SendEmail"}


@dataclass(frozen=True, slots=True)
class MiniStack:
    """One server on one port of the loopback interface.

    State is written when it ends by SIGTERM, and read again at the next start;
    a kill loses what happened since the start.
    """

    port: int = 4566
    home: Path = LOCAL / "ministack"
    name: str = "ministack"
    log_key_spec: str = "ECC_NIST_EDWARDS25519"
    keeps_state: bool = True
    enforces_roles: bool = True
    records_calls: bool = False

    @property
    def target(self) -> Target:
        """Its single endpoint for every service."""
        return Target(f"http://127.0.0.1:{self.port}")

    @property
    def _daemon(self) -> Daemon:
        return Daemon(self.home, self.port, f"http://127.0.0.1:{self.port}/_ministack/health")

    def start(self) -> None:
        """Start unless up already. Raises `DaemonError`."""
        self._daemon.start([str(PYTHON), "-m", "ministack"], self._environment())

    def stop(self) -> bool:
        """End it by SIGTERM and wait until the state is written."""
        return self._daemon.stop()

    def version(self) -> str:
        """The version its health page gives."""
        with urllib.request.urlopen(self._daemon.health_url, timeout=5) as answer:  # noqa: S310
            return str(json.load(answer)["version"])

    def api_url(self, rest_api_id: str) -> str:
        """The address of a deployed REST API's stage."""
        return f"http://127.0.0.1:{self.port}/_aws/execute-api/{rest_api_id}/api"

    def after_deploy(self, outputs: dict[str, str], template: dict[str, Any]) -> None:
        """Make good what its CloudFormation drops, and one action that its IAM makes up."""
        resources = template["Resources"]
        time_to_live = resources["ForumTable"]["Properties"]["TimeToLiveSpecification"]
        self._expire(outputs["ForumTable"], time_to_live)
        self._lock(outputs["AnchorsBucket"])
        self._widen(outputs["StackName"], resources)
        set_gateway_responses(self.target, outputs["RestAPIId"], template)

    def _expire(self, table: str, time_to_live: dict[str, Any]) -> None:
        dynamodb = self.target.client("dynamodb")
        state = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        if state["TimeToLiveStatus"] == "DISABLED":
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=time_to_live)

    def _lock(self, bucket: str) -> None:
        self.target.client("s3").put_object_lock_configuration(
            Bucket=bucket,
            ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}},
            },
        )

    def _widen(self, stack: str, resources: dict[str, Any]) -> None:
        # On AWS `sqs:SendMessage` covers the batch, and a mail is checked against its
        # sender's identity; this IAM asks for an action of its own, and for any resource.
        iam = self.target.client("iam")
        for role in (each for each in resources.values() if each["Type"] == "AWS::IAM::Role"):
            document = json.dumps(role["Properties"]["Policies"][0]["PolicyDocument"])
            extra = [action for known, action in _ALSO_ASKED_FOR.items() if known in document]
            if extra:
                name = role["Properties"]["RoleName"]["Fn::Sub"]
                name = name.replace("${AWS::StackName}", stack).replace("${AWS::Region}", REGION)
                statement = {"Effect": "Allow", "Action": extra, "Resource": "*"}
                policy = {"Version": "2012-10-17", "Statement": [statement]}
                iam.put_role_policy(
                    RoleName=name, PolicyName="engine", PolicyDocument=json.dumps(policy)
                )

    def _environment(self) -> dict[str, str]:
        # Lambdas inherit this: nothing of the caller's shell, no credentials.
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        environment = kept | {
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "LAMBDA_EXECUTOR": "local",
            "AUTH": "true" if self.enforces_roles else "false",
            "CLOUDTRAIL_RECORDING": "1" if self.records_calls else "0",
            "CLOUDTRAIL_MAX_EVENTS": RECORDED_MOST,
            "MINISTACK_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
        }
        if LIBRARIES.exists():
            environment["PYTHONPATH"] = str(LIBRARIES)
        if not self.keeps_state:
            return environment
        return environment | {
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.home / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.home / "s3"),
        }
