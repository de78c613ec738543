"""DynamoDB's wire, recorded once and replayed: what a handler costs without an engine behind it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from tests.support.memory_dynamo import MemoryDynamo


@dataclass(slots=True)
class Wire:
    """Stands in for the in-memory engine: keeps what it answers, or gives answers kept before."""

    engine: MemoryDynamo
    client: Any
    kept: list[bytes] = field(default_factory=list)
    script: Iterator[bytes] | None = None

    def __post_init__(self) -> None:
        # Every handler of an event is called, whoever answers first: the engine's own must go.
        self.client.meta.events.unregister("before-send.dynamodb", self.engine._answer)
        self.client.meta.events.register("before-send.dynamodb", self._answer)

    def recorded(self, act: Callable[[], object]) -> "Recording":
        """Run something once on the engine and keep what goes over the wire."""
        self.script = None
        self.kept.clear()
        self.engine.meter.reset()
        act()
        calls = [(call.operation, call.request) for call in self.engine.meter.calls]
        return Recording(self, act, tuple(self.kept), calls)

    def _answer(self, request: Any, **_: object) -> AWSResponse:
        if self.script is None:
            content: bytes = self.engine._answer(request).content
            self.kept.append(content)
        else:
            content = next(self.script)
        headers = HTTPHeaders()
        headers["content-type"] = "application/x-amz-json-1.0"
        return AWSResponse(request.url, 200, headers, Content(content))


@dataclass(frozen=True, slots=True)
class Recording:
    """Something that can be done again and again with the same answers."""

    wire: Wire
    act: Callable[[], object]
    answers: tuple[bytes, ...]
    calls: Sequence[tuple[str, Any]]

    def again(self, times: int) -> None:
        """Do it all."""
        for _ in range(times):
            self.wire.script = iter(self.answers)
            self.act()

    def bare(self, times: int) -> None:
        """Only make the same calls to DynamoDB: what botocore takes for them."""
        for _ in range(times):
            self.wire.script = iter(self.answers)
            for operation, request in self.calls:
                self.wire.client._make_api_call(operation, request)


@dataclass(frozen=True, slots=True)
class Content:
    """What botocore reads an answer from."""

    content: bytes

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        """Yield all."""
        yield self.content
