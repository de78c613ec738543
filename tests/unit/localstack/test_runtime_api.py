"""The Lambda runtime API that function processes ask for work."""

import importlib.util
import json
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PLUGIN = Path(__file__).parents[3] / "localstack" / "plugins" / "hausrecht_engine"


@pytest.fixture(scope="module")
def module() -> ModuleType:
    """The plug-in's module, by its path: it lives in another environment."""
    spec = importlib.util.spec_from_file_location("runtime_api", PLUGIN / "runtime_api.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def api(module: ModuleType) -> Iterator[Any]:
    """One that serves until the test ends."""
    made = module.RuntimeApi()
    yield made
    made.close()


def ask(api: Any, path: str, body: bytes | None = None) -> tuple[dict[str, str], bytes]:
    """One request of a function process: headers and body of the answer."""
    url = f"http://{api.address}/2018-06-01/runtime/{path}"
    with urllib.request.urlopen(url, data=body, timeout=5) as answer:
        return dict(answer.headers), answer.read()


def invocation(module: ModuleType, request_id: str = "r1") -> Any:
    """One event."""
    return module.Invocation(request_id, "arn:f", "Root=1", '{"a":1}', 1_700_000_000_000)


def test_an_event_reaches_the_process_and_its_answer_comes_back(
    module: ModuleType, api: Any
) -> None:
    """The headers are those AWS's client reads."""
    event = invocation(module)
    api.submit(event)
    headers, body = ask(api, "invocation/next")
    assert b'{"a":1}' == body
    assert "r1" == headers["Lambda-Runtime-Aws-Request-Id"]
    assert "1700000000000" == headers["Lambda-Runtime-Deadline-Ms"]
    assert "arn:f" == headers["Lambda-Runtime-Invoked-Function-Arn"]
    ask(api, "invocation/r1/response", b'{"ok":true}')
    assert (b'{"ok":true}', False) == event.outcome.result(1)


def test_a_raised_error_comes_back_as_one(module: ModuleType, api: Any) -> None:
    """A handler's exception is an outcome, not a failure of the process."""
    event = invocation(module)
    api.submit(event)
    ask(api, "invocation/next")
    ask(api, "invocation/r1/error", b'{"errorType":"KeyError"}')
    assert (b'{"errorType":"KeyError"}', True) == event.outcome.result(1)


def test_a_late_answer_changes_nothing(module: ModuleType, api: Any) -> None:
    """What timed out has timed out, and the next event gets its own answer."""
    late, punctual = invocation(module, "r1"), invocation(module, "r2")
    api.submit(late)
    ask(api, "invocation/next")
    late.settle(b"timeout", True)
    ask(api, "invocation/r1/response", b"late")
    api.submit(punctual)
    ask(api, "invocation/next")
    ask(api, "invocation/r1/response", b"later still")
    ask(api, "invocation/r2/response", b"right")
    assert (b"timeout", True) == late.outcome.result(1)
    assert (b"right", False) == punctual.outcome.result(1)


def test_an_event_that_timed_out_unseen_is_not_handed_out(module: ModuleType, api: Any) -> None:
    """A process that starts late never works on what nobody waits for."""
    gone, wanted = invocation(module, "r1"), invocation(module, "r2")
    gone.settle(b"timeout", True)
    api.submit(gone)
    api.submit(wanted)
    headers, _ = ask(api, "invocation/next")
    assert "r2" == headers["Lambda-Runtime-Aws-Request-Id"]


def test_a_module_that_cannot_be_imported_is_reported(module: ModuleType, api: Any) -> None:
    """The runtime's own error is what the caller gets to see."""
    ask(api, "init/error", b'{"errorType":"Runtime.ImportModuleError"}')
    with pytest.raises(module.InitError) as caught:
        api.ready.result(1)
    assert "Runtime.ImportModuleError" == json.loads(caught.value.payload)["errorType"]


def test_nothing_is_served_once_closed(module: ModuleType) -> None:
    """No port stays behind."""
    api = module.RuntimeApi()
    api.close()
    with pytest.raises(urllib.error.URLError):
        ask(api, "invocation/next")


def test_a_process_that_was_killed_while_it_waited_takes_nothing_with_it(
    module: ModuleType, api: Any
) -> None:
    """Its question stays open in the server; the next event is for the process after it."""
    host, _, port = api.address.rpartition(":")
    with socket.create_connection((host, int(port))) as killed:
        killed.sendall(b"GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n")
        assert api.ready.result(5)
        api.expect_process()
        event = invocation(module)
        api.submit(event)
        headers, _ = ask(api, "invocation/next")
    assert "r1" == headers["Lambda-Runtime-Aws-Request-Id"]
