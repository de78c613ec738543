"""Build the functions' zip and the template that deploys it.

`python -m infra.build [--arch x86_64|arm64]` writes `build/<arch>/function.zip`
and `build/<arch>/template.json`, and prints where the bytes are.
The same sources give the same bytes, wherever they lie.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from infra import package, template

ROOT = Path(__file__).parent.parent
RUNTIME = (3, 13)


@dataclass(frozen=True, slots=True)
class Built:
    """A zip and its template, with the key the zip has in the code bucket."""

    zip_path: Path
    template_path: Path
    code_key: str


def build(arch: str) -> Built:
    """Package with Chalice, prune, check and write zip and template.

    Raises `package.PackageError` or `template.TemplateError`.
    """
    if sys.version_info[:2] != RUNTIME:
        raise package.PackageError("the build runs on Python 3.13, the functions' own")
    out = ROOT / "build" / arch
    out.mkdir(parents=True, exist_ok=True)
    merge = out / "merge.json"
    merge.write_text(json.dumps(template.parts(), indent=1))
    _chalice(arch, merge, out / "chalice")
    zip_path = out / "function.zip"
    names = package.repack(out / "chalice" / "deployment.zip", zip_path)
    package.check_machines(zip_path, arch)
    package.check(names, (ROOT / "infra" / "requirements.txt").read_text(), ROOT)
    whole = json.loads((out / "chalice" / "sam.json").read_text())
    functions = template.zip_functions(whole)
    package.check_handlers(names, (each["Handler"] for each in functions))
    for properties in functions:
        # Not among the globals: an image brings its own, and may be told none.
        properties["Runtime"] = "python{}.{}".format(*RUNTIME)
        properties["CodeUri"] = {"Bucket": {"Ref": "CodeBucket"}, "Key": {"Ref": "CodeKey"}}
        properties["Architectures"] = [arch]
        properties.pop("Tracing", None)
    template_path = out / "template.json"
    template_path.write_text(json.dumps(whole, indent=1, sort_keys=True) + "\n")
    digest = hashlib.sha256(zip_path.read_bytes()).hexdigest()
    return Built(zip_path, template_path, f"functions/{digest}.zip")


def _chalice(arch: str, merge: Path, out: Path) -> None:
    command = [str(Path(sys.executable).with_name("chalice")), "--project-dir", str(ROOT / "infra")]
    command += ["package", "--stage", arch, "--merge-template", str(merge), str(out)]
    environment = {
        **os.environ,
        "AWS_DEFAULT_REGION": os.environ.get("AWS_DEFAULT_REGION", "eu-central-1"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    log = out.with_suffix(".log")
    with log.open("w") as file:
        done = subprocess.run(
            command, env=environment, cwd=ROOT, stdout=file, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        reason = log.read_text().strip().rpartition("\n")[2]
        raise package.PackageError(f"chalice package: {reason} (all of it: {log})")


def _report(built: Built) -> None:
    total = built.zip_path.stat().st_size
    for name, size in package.sizes(built.zip_path).most_common():
        if size >= 10_000:
            print(f"{size / 1024:9.0f} KB  {name}")
    print(f"{total / 1024:9.0f} KB  {built.zip_path.relative_to(ROOT)}")
    if total > package.LIMIT_BYTES:
        raise package.PackageError(f"the zip is larger than {package.LIMIT_BYTES} bytes")


def main() -> int:
    """Run the build from the command line; 1 with one line where it fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--arch", choices=("x86_64", "arm64"), default="x86_64")
    try:
        _report(build(parser.parse_args().arch))
    except (package.PackageError, template.TemplateError) as error:
        print(f"build: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
