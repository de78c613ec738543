"""What every engine offers: started, stopped, addressed in the same way."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from localstack.target import Target

ROOT = Path(__file__).parent.parent
LOCAL = ROOT / ".local"
LIBRARIES = ROOT / ".venvs" / "onnx"
"""What a model runs on, where it was installed: beside the zip's own libraries."""


class Engine(Protocol):
    """A stand-in for AWS on this machine."""

    @property
    def name(self) -> str:
        """As given in `ENGINE=…`."""

    @property
    def target(self) -> Target:
        """Where its services answer, once started."""

    @property
    def log_key_spec(self) -> str:
        """The best key for checkpoints that its KMS can sign with."""

    def start(self) -> None:
        """Start unless up already. Raises `DaemonError` with one line."""

    def stop(self) -> bool:
        """End it and everything it started; false where it was not running."""

    def version(self) -> str:
        """The version its own health page gives."""

    def api_url(self, rest_api_id: str) -> str:
        """The address of a deployed REST API's stage."""

    def after_deploy(self, outputs: dict[str, str], template: dict[str, Any]) -> None:
        """Make good what the engine's CloudFormation leaves out."""
