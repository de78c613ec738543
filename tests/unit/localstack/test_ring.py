"""What `make test-engine` runs."""

from localstack.ring import rings


def test_both_rings_run_on_the_engine() -> None:
    """The contract ring first; where it has run already, the end-to-end ring alone."""
    both = rings("localstack", [], contract=True)
    assert [True, False] == ["tests/contract" in command for command in both]
    assert [False, True] == ["tests/e2e" in command for command in both]
    assert all(["--engine", "localstack"] == command[i : i + 2] for command in both
               for i in [command.index("--engine")])  # fmt: skip
    assert both[1:] == rings("localstack", [], contract=False)


def test_tests_that_are_named_run_alone() -> None:
    """Of whichever ring they are."""
    (command,) = rings("ministack", ["tests/e2e/test_main_job.py"], contract=True)
    assert ["--engine", "ministack", "tests/e2e/test_main_job.py"] == command[-3:]
