"""What goes into the zip, and what must not be missing from it."""

import zipfile
from pathlib import Path

import pytest

from infra.package import (
    PackageError,
    check,
    check_handlers,
    check_machines,
    distributions,
    locked,
    repack,
    sizes,
    wanted,
)

LOCK = """\
nh3==0.3.8 \\
    --hash=sha256:00
pydantic-core==2.50.4 ; python_version >= "3.12" \\
    --hash=sha256:00
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("botocore/data/dynamodb/2012-08-10/service-2.json.gz", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("botocore/data/endpoints.json", True),
        ("functions/__pycache__/settings.cpython-313.pyc", False),
        ("moderation/tests/data.json", True),
        ("nh3-0.3.8.dist-info/RECORD", False),
        ("nh3-0.3.8.dist-info/METADATA", True),
        ("cffi/recompiler.py", False),
        ("_cffi_backend.cpython-313-x86_64-linux-gnu.so", True),
        ("bin/jp.py", False),
    ],
)
def test_only_what_is_used_is_shipped(name: str, expected: bool) -> None:
    """Data of services nobody calls stays out; everything of our own goes in."""
    assert expected == wanted(name)


def test_a_lock_file_is_read_by_name_and_version() -> None:
    """Names are compared in their normal form; hashes and markers do not matter."""
    assert {"nh3": "0.3.8", "pydantic-core": "2.50.4"} == locked(LOCK)
    metadata = ["pydantic_core-2.50.4.dist-info/METADATA", "nh3/__init__.py"]
    assert {"pydantic-core": "2.50.4"} == distributions(metadata)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three packages with a file each."""
    for package in ("functions", "moderation", "schemas"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    return tmp_path


COMPLETE = {
    "functions/__init__.py",
    "moderation/__init__.py",
    "schemas/__init__.py",
    "nh3-0.3.8.dist-info/METADATA",
    "pydantic_core-2.50.4.dist-info/METADATA",
}


def test_a_complete_zip_passes(root: Path) -> None:
    """Every requirement at its version and every source file is there."""
    check(COMPLETE, LOCK, root)


def test_a_missing_requirement_fails_the_build(root: Path) -> None:
    """Chalice only warns where a requirement has no wheel for the runtime."""
    with pytest.raises(PackageError, match=r"nh3 0\.3\.8"):
        check(COMPLETE - {"nh3-0.3.8.dist-info/METADATA"}, LOCK, root)


def test_another_version_fails_the_build(root: Path) -> None:
    """What was tested is what is shipped."""
    names = COMPLETE - {"nh3-0.3.8.dist-info/METADATA"} | {"nh3-0.3.7.dist-info/METADATA"}
    with pytest.raises(PackageError, match=r"nh3 0\.3\.8"):
        check(names, LOCK, root)


def test_a_missing_source_file_fails_the_build(root: Path) -> None:
    """Rule data without a loader of its own would be missed only in production."""
    (root / "moderation" / "rules.json").touch()
    with pytest.raises(PackageError, match=r"moderation/rules\.json"):
        check(COMPLETE, LOCK, root)


def test_a_handler_without_a_module_fails_the_build() -> None:
    """A function that cannot be imported is found before it is deployed."""
    check_handlers({"functions/workers/fold.py"}, ["functions.workers.fold.handler"])
    with pytest.raises(PackageError, match=r"functions/workers/fold\.py is missing"):
        check_handlers(set(), ["functions.workers.fold.handler"])


def test_a_repacked_zip_depends_on_its_content_alone(tmp_path: Path) -> None:
    """Neither the time nor the order of files in the source shows in the bytes."""
    content = {
        "app.py": "import lib",
        "functions/__init__.py": "",
        "moderation/__init__.py": "",
        "schemas/__init__.py": "",
        "chalice/__init__.py": "",
        "lib/__init__.py": "A = frozenset({'a', 'b'})",
    }
    archives = []
    for number, names in enumerate((sorted(content), sorted(content, reverse=True))):
        source = tmp_path / f"source-{number}.zip"
        with zipfile.ZipFile(source, "w") as zipped:
            for name in names:
                zipped.writestr(
                    zipfile.ZipInfo(name, (2001 + number, 1, 1, 0, 0, 0)), content[name]
                )
        target = tmp_path / f"target-{number}.zip"
        assert set(content) == repack(source, target)
        archives.append(target.read_bytes())
    assert archives[0] == archives[1]
    with zipfile.ZipFile(tmp_path / "target-0.zip") as zipped:
        shipped = set(zipped.namelist())
    assert {"app.py", "functions/__init__.py", "lib/__init__.pyc"} <= shipped
    assert "lib/__init__.py" not in shipped
    assert sizes(tmp_path / "target-0.zip")["lib"] > 0


def test_a_shared_object_of_another_architecture_is_refused(tmp_path: Path) -> None:
    """Nor is a zip taken that has none: then the wheels are not in it."""
    archive = tmp_path / "function.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("nh3/nh3.so", b"\x7fELF\x02\x01" + bytes(12) + b"\xb7\x00")
        zipped.writestr("app.py", "")
    check_machines(archive, "arm64")
    with pytest.raises(PackageError, match="not for x86_64: nh3"):
        check_machines(archive, "x86_64")
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("app.py", "")
    with pytest.raises(PackageError, match="no shared object at all"):
        check_machines(archive, "arm64")
