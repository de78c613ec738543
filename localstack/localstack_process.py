"""LocalStack's open core as a plain process, without Docker.

Real: everything but two backends. Functions run as child processes under AWS's
own runtime client; DynamoDB and its streams are relayed to a MiniStack of its own
(`localstack/plugins`). Nothing is kept: LocalStack without an account forgets.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localstack.daemon import Daemon, free_port
from localstack.engine import LOCAL, ROOT
from localstack.gateway_responses import set_gateway_responses
from localstack.localstack_health import version
from localstack.ministack import MiniStack
from localstack.target import REGION, Target

VENVS = ROOT / ".venvs"


@dataclass(frozen=True, slots=True)
class LocalStackProcess:
    """One server on one port of the loopback interface, and the engine behind its DynamoDB."""

    port: int = 4566
    home: Path = LOCAL / "localstack-process"
    name: str = "localstack-process"
    log_key_spec: str = "ECC_NIST_P256"

    @property
    def target(self) -> Target:
        """Its single endpoint for every service."""
        return Target(f"http://127.0.0.1:{self.port}")

    @property
    def _daemon(self) -> Daemon:
        return Daemon(self.home, self.port, f"http://127.0.0.1:{self.port}/_localstack/health")

    @property
    def _tables(self) -> MiniStack:
        home = self.home / "dynamodb"
        return MiniStack(free_port(), home, keeps_state=False, enforces_roles=False)

    def start(self) -> None:
        """Start both unless up already. Raises `DaemonError`."""
        if self._daemon.is_up():
            return
        self.stop()
        shutil.rmtree(self.home / "files", ignore_errors=True)
        tables = self._tables
        tables.start()
        python = VENVS / "localstack" / "bin" / "python"
        command = [str(python), "-m", "localstack.runtime.main"]
        self._daemon.start(command, self._environment(tables.target.endpoint_url or ""))

    def stop(self) -> bool:
        """End both."""
        was_up = self._daemon.stop()
        return self._tables.stop() or was_up

    def version(self) -> str:
        """The version its health page gives."""
        return version(self._daemon.health_url)

    def api_url(self, rest_api_id: str) -> str:
        """The address of a deployed REST API's stage."""
        return f"http://127.0.0.1:{self.port}/_aws/execute-api/{rest_api_id}/api"

    def after_deploy(self, outputs: dict[str, str], template: dict[str, Any]) -> None:
        """Make good what its CloudFormation drops: gateway responses."""
        set_gateway_responses(self.target, outputs["RestAPIId"], template)

    def _environment(self, dynamodb_url: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return kept | {
            "PYTHONPATH": str(ROOT / "localstack" / "plugins"),
            "GATEWAY_LISTEN": f"127.0.0.1:{self.port}",
            # The other server binds every interface whatever it is told.
            "GATEWAY_SERVER": "hypercorn",
            "LOCALSTACK_HOST": f"127.0.0.1:{self.port}",
            "SQS_ENDPOINT_STRATEGY": "path",
            "FILESYSTEM_ROOT": str(self.home / "files"),
            # Inside somebody's container it would take itself for the image.
            "OVERRIDE_IN_DOCKER": "0",
            "SKIP_SSL_CERT_DOWNLOAD": "1",
            "DISABLE_EVENTS": "1",
            "DNS_ADDRESS": "0",
            "AWS_DEFAULT_REGION": REGION,
            "PROVIDER_OVERRIDE_DYNAMODB": "relay",
            "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "relay",
            "RELAY_DYNAMODB_URL": dynamodb_url,
            "LAMBDA_RUNTIME_EXECUTOR": "process",
            "LAMBDA_PYTHON": str(VENVS / "lambda-runtime" / "bin" / "python"),
        }
