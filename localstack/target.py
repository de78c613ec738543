"""Where a stack lives: an engine on this machine, or an AWS account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

REGION = "eu-central-1"


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint and a region; no endpoint means AWS with the caller's own credentials."""

    endpoint_url: str | None = None
    region: str = REGION

    def client(self, service: str) -> Any:
        """A boto3 client for this target; engines take any credentials."""
        make: Any = boto3.client
        if self.endpoint_url is None:
            return make(service, region_name=self.region)
        return make(
            service,
            endpoint_url=self.endpoint_url,
            region_name=self.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106
            config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 2}),
        )

    @property
    def account_id(self) -> str:
        """The account behind the credentials."""
        return str(self.client("sts").get_caller_identity()["Account"])
