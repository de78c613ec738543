"""An engine that somebody else started: any LocalStack at `AWS_ENDPOINT_URL`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from localstack.daemon import DaemonError, answers
from localstack.gateway_responses import set_gateway_responses
from localstack.localstack_health import version
from localstack.target import Target


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A running LocalStack, which is neither started nor stopped here."""

    endpoint_url: str
    name: str = "elsewhere"
    log_key_spec: str = "ECC_NIST_P256"

    @property
    def target(self) -> Target:
        """Its endpoint."""
        return Target(self.endpoint_url)

    @property
    def _health_url(self) -> str:
        return f"{self.endpoint_url}/_localstack/health"

    def start(self) -> None:
        """Look whether it is there. Raises `DaemonError`."""
        if not answers(self._health_url):
            raise DaemonError(f"nothing answers at {self._health_url}")

    def stop(self) -> bool:
        """Leave it running."""
        return False

    def version(self) -> str:
        """The version its health page gives."""
        return version(self._health_url)

    def api_url(self, rest_api_id: str) -> str:
        """The address of a deployed REST API's stage."""
        return f"{self.endpoint_url}/_aws/execute-api/{rest_api_id}/api"

    def after_deploy(self, outputs: dict[str, str], template: dict[str, Any]) -> None:
        """Make good what its CloudFormation drops: gateway responses."""
        set_gateway_responses(self.target, outputs["RestAPIId"], template)
