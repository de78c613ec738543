"""Engines in a run of the tests: which were chosen, what they cannot, what ran where.

`--engine NAME`, once or several times: `memory` (this process), `ministack`, `localstack`, … or
the address of a LocalStack that runs. The contract ring runs on each, the end-to-end ring on the
first that is a server. `@pytest.mark.cannot("localstack", "throttling")` says that a test fails on
the engines whose name begins so, by an exception that `docs/engines.md` explains; where it passes
after all, the run fails.
"""

from collections import Counter, defaultdict

import pytest

DEFAULT = "ministack"
VERSIONS = pytest.StashKey[dict[str, str]]()
RAN_ON = "engine"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--engine", action="append", help="run on this engine (several: once each)")


def pytest_configure(config: pytest.Config) -> None:
    """Declare how a test says that an engine cannot run it."""
    config.stash[VERSIONS] = {}
    config.addinivalue_line(
        "markers", "cannot(engine, name): fails on that engine, by a named exception"
    )


def chosen(config: pytest.Config) -> str:
    """The engine of the end-to-end ring."""
    named = config.getoption("--engine") or []
    return next((name for name in named if name != "memory"), DEFAULT)


def note_version(config: pytest.Config, name: str, label: str) -> None:
    """Remember how an engine that was started calls itself."""
    config.stash[VERSIONS][name] = label


def engine_of(item: pytest.Item) -> str | None:
    """On which engine a test runs; None for one that touches none."""
    if "e2e" in item.keywords:
        needs = {"running_engine", "stack"} & set(getattr(item, "fixturenames", ()))
        return chosen(item.config) if needs else None
    callspec = getattr(item, "callspec", None)
    return None if callspec is None else callspec.params.get("place")


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
    if call.when == "call" and name is not None:
        label = item.config.stash[VERSIONS].get(name, name)
        item.user_properties.append((RAN_ON, label))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what ran where: engine, its own version, passed, failed, named exceptions."""
    rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
    exceptions: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for outcome in ("passed", "failed", "error", "xfailed"):
        for report in terminalreporter.stats.get(outcome, []):
            engine = dict(getattr(report, "user_properties", ())).get(RAN_ON)
            if engine is None:
                continue
            rows[engine][outcome] += 1
            if outcome == "xfailed":
                exceptions[engine][report.wasxfail] += 1
    if not rows:
        return
    terminalreporter.write_line("")
    terminalreporter.write_line(f"{'engine':28} {'passed':>6} {'failed':>6}  named exceptions")
    for engine in sorted(rows):
        named = ", ".join(
            f"{name} ×{number}" for name, number in sorted(exceptions[engine].items())
        )
        failed = rows[engine]["failed"] + rows[engine]["error"]
        terminalreporter.write_line(
            f"{engine:28} {rows[engine]['passed']:6} {failed:6}  {named or 'none'}"
        )
