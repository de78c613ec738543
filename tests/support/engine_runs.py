"""Engines in a run of the tests: which were chosen, what they cannot, what ran where.

`--engine NAME`, once or several times: `memory` (this process), `ministack`, `localstack`, … or
the address of a LocalStack that runs. The contract ring runs on each, the end-to-end ring on the
first that is a server. `@pytest.mark.cannot("localstack", "throttling")` says that a test fails on
the engines whose name begins so, by an exception that `docs/engines.md` explains; where it passes
after all, the run fails.
"""

import time
from collections import Counter, defaultdict

import pytest

from localstack.engine import Engine

DEFAULT = "ministack"
STARTED = pytest.StashKey[dict[str, tuple[str, float]]]()
RAN_ON, UP_AFTER_S = "engine", "up_after_s"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--engine", action="append", help="run on this engine (several: once each)")


def pytest_configure(config: pytest.Config) -> None:
    """Declare how a test says that an engine cannot run it."""
    config.stash[STARTED] = {}
    config.addinivalue_line(
        "markers", "cannot(engine, name): fails on that engine, by a named exception"
    )


def places(config: pytest.Config) -> list[str]:
    """The engines of the contract ring."""
    named: list[str] | None = config.getoption("--engine")
    return named or ["memory"]


def chosen(config: pytest.Config) -> str:
    """The engine of the end-to-end ring."""
    return next((name for name in places(config) if name != "memory"), DEFAULT)


def start(config: pytest.Config, name: str, engine: Engine) -> None:
    """Start an engine; remember how it calls itself, and how long it took."""
    began = time.monotonic()
    engine.start()
    label = f"{engine.name} {engine.version()}"
    config.stash[STARTED][name] = (label, time.monotonic() - began)


def engine_of(item: pytest.Item) -> str | None:
    """On which engine a test runs; None for one that touches none."""
    if "e2e" in item.keywords:
        needs = {"running_engine", "stack"} & set(getattr(item, "fixturenames", ()))
        return chosen(item.config) if needs else None
    callspec = getattr(item, "callspec", None)
    place = None if callspec is None else callspec.params.get("place")
    # Some tests have a parameter of that name that is no engine.
    return place if place in places(item.config) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect the named exceptions."""
    for item in items:
        name = engine_of(item)
        for mark in item.iter_markers("cannot") if name else ():
            if _family(str(name)).startswith(mark.args[0]):
                item.add_marker(pytest.mark.xfail(reason=mark.args[1], strict=True))


def _family(name: str) -> str:
    """An address is a LocalStack's."""
    return "localstack" if name.startswith("http") else name


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Have the report name the engine, under its own name once it has told it."""
    name = engine_of(item)
    if call.when == "setup" and name is not None:
        label, up_after_s = item.config.stash[STARTED].get(name, (name, 0.0))
        item.user_properties += [(RAN_ON, label), (UP_AFTER_S, up_after_s)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what ran where: engine, its own version, passed, failed, named exceptions."""
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    exceptions: defaultdict[str, Counter[str]] = defaultdict(Counter)
    up_after_s: defaultdict[str, float] = defaultdict(float)
    for outcome in ("passed", "failed", "error", "xfailed"):
        for report in terminalreporter.stats.get(outcome, []):
            told = dict(getattr(report, "user_properties", ()))
            if RAN_ON not in told:
                continue
            engine = told[RAN_ON]
            rows[engine][outcome] += 1
            up_after_s[engine] = max(up_after_s[engine], told[UP_AFTER_S])
            if outcome == "xfailed":
                exceptions[engine][report.wasxfail] += 1
    if not rows:
        return
    terminalreporter.write_line("")
    terminalreporter.write_line(
        f"{'engine':28} {'up after':>8} {'passed':>6} {'failed':>6}  named exceptions"
    )
    for engine in sorted(rows):
        named = ", ".join(
            f"{name} ×{number}" for name, number in sorted(exceptions[engine].items())
        )
        failed = rows[engine]["failed"] + rows[engine]["error"]
        terminalreporter.write_line(
            f"{engine:28} {up_after_s[engine]:6.1f} s {rows[engine]['passed']:6} {failed:6}  "
            f"{named or 'none'}"
        )
