"""Engines in a run of the tests: their named exceptions, and the table at the end."""

import re
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[3]
MARK = re.compile(r'cannot\(\s*"[a-z-]+", "([a-z0-9-]+)"')
ROW = re.compile(r"^\| `([a-z0-9-]+)` \| [^|]+ \|$", re.MULTILINE)


def test_every_named_exception_is_explained_and_none_is_left_over() -> None:
    """What a test says that an engine cannot stands in the document, with the reason."""
    sources = [
        path for ring in ("contract", "e2e") for path in (ROOT / "tests" / ring).rglob("*.py")
    ]
    used = {name for path in sources for name in MARK.findall(path.read_text(encoding="utf-8"))}
    explained = (
        (ROOT / "docs" / "engines.md").read_text(encoding="utf-8").partition("Each run ends")[2]
    )

    assert used == set(ROW.findall(explained.partition("##")[0]))


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.RunResult:
    """A run of three tests on the fakes: one passes, one cannot, one says so wrongly."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(
        """
        import pytest

        pytestmark = pytest.mark.parametrize("place", ["memory"])

        def test_passes(place): pass

        @pytest.mark.cannot("memory", "expiry")
        @pytest.mark.cannot("localstack", "throttling")
        def test_cannot(place): assert False

        @pytest.mark.cannot("memory", "ed25519")
        def test_can_after_all(place): pass
        """
    )
    return pytester.runpytest_subprocess("-p", "tests.support.engine_runs")


def test_an_exception_that_is_out_of_date_fails_the_run_and_all_is_listed(
    run: pytest.RunResult,
) -> None:
    """What passes where it is said to be impossible has failed; the table names engine and all."""
    run.assert_outcomes(passed=1, xfailed=1, failed=1)
    assert pytest.ExitCode.TESTS_FAILED == run.ret
    run.stdout.fnmatch_lines(["*test_can_after_all*"])
    run.stdout.fnmatch_lines(["engine *named exceptions", "memory *0.0 s *1 *1 *expiry ×1"])
