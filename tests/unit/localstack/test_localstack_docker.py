"""LocalStack in a container, as far as it can be known without one."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from localstack import localstack_docker
from localstack.localstack_docker import COMPOSE, LocalStackDocker


def service(port: int) -> dict[str, object]:
    """The service as compose reads it, the port filled in."""
    text = COMPOSE.read_text(encoding="utf-8").replace("${PORT:-4566}", str(port))
    found: dict[str, object] = yaml.safe_load(text)["services"]["localstack"]
    return found


def test_its_address_is_the_same_inside_and_outside() -> None:
    """A function in a container reaches the port that callers on this machine do."""
    described = service(4610)
    url = urlsplit(LocalStackDocker(4610).target.endpoint_url or "")
    environment = described["environment"]
    assert isinstance(environment, dict)
    assert ["127.0.0.1:4610:4610"] == described["ports"]
    assert "0.0.0.0:4610" == environment["GATEWAY_LISTEN"]
    assert url.netloc == environment["LOCALSTACK_HOST"]


def test_the_image_is_pinned_tells_nobody_and_says_when_it_is_up() -> None:
    """No `latest`, no analytics, a health check, no time lost on new streams."""
    described = service(4566)
    environment = described["environment"]
    assert isinstance(environment, dict)
    assert "localstack/localstack:4.14.0" == described["image"]
    assert ("1", "0") == (environment["DISABLE_EVENTS"], environment["KINESIS_LATENCY"])
    assert "/_localstack/health" in str(described["healthcheck"])


@pytest.mark.parametrize(("answer", "available"), [("exit 0", True), ("exit 1", False)])
def test_a_docker_engine_that_does_not_answer_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, *, available: bool
) -> None:
    """The command alone is not enough."""
    docker = tmp_path / "docker"
    docker.write_text(f"#!/bin/sh\n{answer}\n")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert available == localstack_docker.is_available()
