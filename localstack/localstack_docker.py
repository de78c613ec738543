"""LocalStack in a container: the last image that runs without an account.

`localstack/compose.yaml` says how. Functions run in containers of their own,
DynamoDB is Amazon's own local edition. Nothing is kept.
"""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localstack.daemon import DaemonError, answers, refuse_port_in_use
from localstack.engine import LOCAL, ROOT
from localstack.gateway_responses import set_gateway_responses
from localstack.localstack_health import version
from localstack.target import Target

COMPOSE = ROOT / "localstack" / "compose.yaml"
_START_S = 300


def is_available() -> bool:
    """Whether a Docker engine answers."""
    try:
        done = subprocess.run(
            ["docker", "info"], capture_output=True, check=False, timeout=10, text=True
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@dataclass(frozen=True, slots=True)
class LocalStackDocker:
    """One container, published on one port of the loopback interface."""

    port: int = 4566
    home: Path = LOCAL / "localstack-docker"
    name: str = "localstack-docker"
    log_key_spec: str = "ECC_NIST_P256"

    @property
    def target(self) -> Target:
        """Its single endpoint, by the name that functions in containers resolve as well."""
        return Target(f"http://localhost.localstack.cloud:{self.port}")

    @property
    def _health_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/_localstack/health"

    def start(self) -> None:
        """Start unless up already; the image is fetched the first time. Raises `DaemonError`."""
        if answers(self._health_url):
            return
        refuse_port_in_use(self.port)
        done = self._compose("up", "--detach")
        if done.returncode:
            raise DaemonError(f"docker compose: {done.stderr.strip().rpartition(chr(10))[2]}")
        deadline = time.monotonic() + _START_S
        while not answers(self._health_url):
            if time.monotonic() > deadline:
                self.stop()
                raise DaemonError(f"no answer within {_START_S} s; see `docker compose logs`")
            time.sleep(0.5)

    def stop(self) -> bool:
        """Remove the container and the network."""
        was_up = answers(self._health_url)
        self._compose("down", "--timeout", "15")
        return was_up

    def version(self) -> str:
        """The version its health page gives."""
        return version(self._health_url)

    def api_url(self, rest_api_id: str) -> str:
        """The address of a deployed REST API's stage."""
        return f"{self.target.endpoint_url}/_aws/execute-api/{rest_api_id}/api"

    def after_deploy(self, outputs: dict[str, str], template: dict[str, Any]) -> None:
        """Make good what its CloudFormation drops: gateway responses."""
        set_gateway_responses(self.target, outputs["RestAPIId"], template)

    def _compose(self, *command: str) -> subprocess.CompletedProcess[str]:
        project = f"hausrecht-{self.port}"
        return subprocess.run(
            ["docker", "compose", "--file", str(COMPOSE), "--project-name", project, *command],
            env={**os.environ, "PORT": str(self.port)},
            capture_output=True,
            text=True,
            check=False,
        )
