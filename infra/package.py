"""What goes into the functions' zip, and the checks that nothing is missing.

Chalice's packager only warns where a requirement finds no wheel for the
runtime, and ships the whole of botocore's data. This module reads its zip,
takes out what no function uses, adds byte code and writes a zip whose bytes
depend on its content alone.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from infra import elf, service_models

PACKAGES = ("functions", "moderation", "schemas")
SERVICES = frozenset({"dynamodb", "kms", "s3", "secretsmanager", "ses", "sns", "sqs"})
LIMIT_BYTES = 12_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNUSED = re.compile(
    r"(^|/)(__pycache__/|tests?/|[^/]+\.pyc$)"
    r"|\.dist-info/(RECORD|INSTALLER|REQUESTED|WHEEL|direct_url\.json)$"
    r"|\.dist-info/sboms/"
    r"|^bin/"
    # cryptography's binding imports `_cffi_backend` alone; time zones come from the runtime.
    r"|^(cffi|pycparser)/"
    r"|^dateutil/zoneinfo/.*\.tar\.gz$"
    r"|^pydantic/(v1/|mypy)"
    r"|\.pyi$|/py\.typed$"
)
_SERVICE_DATA = re.compile(r"^botocore/data/([^/]+)/")


class PackageError(Exception):
    """The zip is not what the sources ask for; the message says what is wrong."""


def wanted(name: str) -> bool:
    """Whether a file of Chalice's zip is needed at run time."""
    if name.startswith(tuple(f"{package}/" for package in PACKAGES)):
        return "__pycache__/" not in name
    service = _SERVICE_DATA.match(name)
    if service:
        return service[1] in SERVICES
    return not _UNUSED.search(name)


def locked(requirements: str) -> dict[str, str]:
    """Name → version of every requirement in the text of a lock file."""
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", requirements, re.MULTILINE)
    return {_normal(name): version for name, version in pins}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def distributions(names: Iterable[str]) -> dict[str, str]:
    """Name → version of every distribution whose metadata is among the names."""
    found = {}
    for name in names:
        info = re.match(r"([^/]+)-([^/-]+)\.dist-info/METADATA$", name)
        if info:
            found[_normal(info[1])] = info[2]
    return found


def sources(root: Path) -> set[str]:
    """The files of the three packages, by the name they have in the zip."""
    return {
        path.relative_to(root).as_posix()
        for package in PACKAGES
        for path in (root / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def check(names: set[str], requirements: str, root: Path) -> None:
    """Raise `PackageError` where a requirement or a source file is not in the zip."""
    pins, shipped = locked(requirements), distributions(names)
    wrong = sorted(
        f"{name} {version}" for name, version in pins.items() if shipped.get(name) != version
    )
    if wrong:
        raise PackageError(f"locked, but not in the zip: {', '.join(wrong)}")
    missing = sorted(sources(root) - names)
    if missing:
        raise PackageError(f"files not in the zip: {', '.join(missing)}")


def check_handlers(names: set[str], handlers: Iterable[str]) -> None:
    """Raise `PackageError` for a handler whose module is not in the zip."""
    for handler in handlers:
        module = handler.rpartition(".")[0].replace(".", "/")
        if f"{module}.py" not in names:
            raise PackageError(f"no module for the handler {handler}: {module}.py is missing")


def check_machines(archive: Path, arch: str) -> None:
    """Raise `PackageError` for a shared object that another architecture runs."""
    with zipfile.ZipFile(archive) as zipped:
        objects = [name for name in zipped.namelist() if name.endswith(".so") or ".so." in name]
        wrong = [name for name in objects if elf.machine(zipped.read(name)) != arch]
    if wrong or not objects:
        raise PackageError(f"not for {arch}: {', '.join(wrong) or 'no shared object at all'}")


def repack(source: Path, target: Path) -> set[str]:
    """Write the pruned zip with byte code; answer the names taken from the source.

    The byte code's validity is not checked at import (PEP 552, unchecked hash):
    nothing changes in a deployed zip. It fits the minor version that runs this.
    Libraries go as byte code alone, which saves a seventh of the zip;
    our own source stays, so that a traceback shows its lines.
    """
    with tempfile.TemporaryDirectory(prefix="package-") as folder:
        tree = Path(folder)
        with zipfile.ZipFile(source) as zipped:
            names = {name for name in zipped.namelist() if wanted(name) and name[-1] != "/"}
            zipped.extractall(tree, names)
        service_models.shorten(tree)
        _compile(tree)
        _write(tree, target)
    return names


def _compile(tree: Path) -> None:
    own = {tree / name for name in (*PACKAGES, "chalice", "app.py")}
    libraries = sorted(path for path in tree.iterdir() if path not in own)
    _compileall(tree, sorted(own))
    _compileall(tree, libraries, "-b")
    for library in libraries:
        for path in library.rglob("*.py") if library.is_dir() else [library]:
            if path.suffix == ".py":
                path.unlink()


def _compileall(tree: Path, paths: list[Path], *options: str) -> None:
    # A process of its own: what marshal writes depends on what was interned before.
    command = [sys.executable, "-I", "-m", "compileall", "-q", "-f", *options]
    command += ["--invalidation-mode", "unchecked-hash", "-s", str(tree), "-p", "/var/task"]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [*command, *map(str, paths)], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PackageError(f"byte code: {done.stdout.strip()}")


def _write(tree: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as zipped:
        for path in sorted(path for path in tree.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(tree).as_posix(), _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            body = path.read_bytes()
            zipped.writestr(entry, elf.blanked(body) if path.suffix == ".so" else body)


def sizes(archive: Path) -> Counter[str]:
    """Compressed bytes by the top folder of each file, for the size report."""
    total: Counter[str] = Counter()
    with zipfile.ZipFile(archive) as zipped:
        for entry in zipped.infolist():
            top = entry.filename.split("/", 1)[0].split("-", 1)[0]
            total[top] += entry.compress_size
    return total
