"""`make deploy` and `make destroy`: the same template onto an AWS account.

The caller's own credentials are used (`AWS_PROFILE` and the like). Parameters come
from `infra/stages/<stage>.json`, which the operator writes.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from infra.build import build
from infra.package import PackageError
from infra.template import TemplateError
from localstack.deploy import Change, DeployError, Stack
from localstack.engine import ROOT
from localstack.step import step
from localstack.target import REGION, Target

STAGES = ROOT / "infra" / "stages"


class StageError(Exception):
    """The stage cannot be deployed as it is described."""


def parameters(path: Path) -> dict[str, str]:
    """The template's parameters for a stage: a flat JSON object of texts."""
    if not path.exists():
        raise StageError(f"{path} is missing: copy {STAGES / 'example.json'} and fill it in")
    given = json.loads(path.read_text())
    if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
        raise StageError(f"{path} is an object of texts")
    return given


def agreed(changes: list[Change]) -> bool:
    """Show what would be done and ask; `YES=1` answers for scripts."""
    for change in changes:
        replaces = "  REPLACES what is there" if change.replaces else ""
        print(f"  {change.action:7} {change.kind:34} {change.name}{replaces}")
    if os.environ.get("YES") == "1":
        return True
    try:
        return input(f"make these {len(changes)} changes? [y/N] ").strip().lower() == "y"
    except EOFError:
        raise StageError("nobody is there to say yes; YES=1 does") from None


def deploy(stack: Stack, stage: str, arch: str) -> dict[str, str]:
    """Build, upload, show the change-set, execute it; answer the outputs."""
    given = parameters(STAGES / f"{stage}.json")
    with step("packaging the functions"):
        built = build(arch)
    with step(f"uploading to {stack.code_bucket}"):
        if not stack.has_object(built.code_key):
            stack.upload(built.code_key, built.zip_path.read_bytes(), "application/zip")
    code = {"CodeBucket": stack.code_bucket, "CodeKey": built.code_key, "Stage": stage}
    return stack.deploy(built.template_path, given | code, agreed)


def destroy(stack: Stack, stage: str) -> None:
    """Delete the stack and everything it holds, after its name has been typed.

    A stack that keeps its data is left whole: its buckets would be emptied before
    CloudFormation found its tables protected.
    """
    if stack.parameters().get("KeepData") == "true":
        raise StageError(f"{stack.name} keeps its data; deploy it with KeepData=false first")
    if os.environ.get("YES") != "1":
        typed = input(f"type {stage} to delete {stack.name} with all its data: ")
        if typed.strip() != stage:
            raise StageError("nothing was deleted")
    with step(f"deleting {stack.name}"):
        stack.delete()


def main() -> int:
    """Run from the command line; 1 with one line where it fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=("deploy", "destroy"))
    parser.add_argument("stage")
    parser.add_argument("--arch", choices=("x86_64", "arm64"), default="arm64")
    given = parser.parse_args()
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or REGION
    stack = Stack(Target(os.environ.get("AWS_ENDPOINT_URL"), region), f"hausrecht-{given.stage}")
    try:
        if given.act == "destroy":
            destroy(stack, given.stage)
        else:
            for name, value in sorted(deploy(stack, given.stage, given.arch).items()):
                print(f"  {name:20} {value}")
    except (
        StageError,
        DeployError,
        PackageError,
        TemplateError,
        BotoCoreError,
        ClientError,
        OSError,
    ) as error:
        print(f"make {given.act}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
