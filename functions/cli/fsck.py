"""`hausrecht fsck`: examine the audit log of a stack, and put right what follows from its entries.

It reads everything there is, with the caller's own credentials, and is the only thing that scans.
"""

# ruff: noqa: PLC0415

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from functions.cli.command import Command

if TYPE_CHECKING:
    from moderation.audit.fsck import Examination, Finding

REGION_DEFAULT = "eu-central-1"
CONNECT_TIMEOUT_S = 5
ATTEMPTS_MOST = 3


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--stack", required=True, help="the CloudFormation stack's name")
    parser.add_argument("--endpoint", metavar="URL", help="an engine on this machine")
    parser.add_argument("--region", default=os.environ.get("AWS_REGION", REGION_DEFAULT))
    parser.add_argument("--repair", action="store_true", help="put right what can be derived")
    parser.add_argument("--json", action="store_true", help="print a report as JSON")


def _run(options: Namespace) -> int:
    """Exit 2 where the stack cannot be reached."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return told(_examination(options), options)
    except (BotoCoreError, ClientError) as error:
        print(f"hausrecht fsck: {error}", file=sys.stderr)
        return 2


def told(examination: "Examination", options: Namespace) -> int:
    """Examine, mend where that is asked for, and print. 0: nothing differs any more. 1: it does."""
    found = [(finding, _mended(finding, options)) for finding in examination.run()]
    say = _as_json if options.json else _as_text
    print(say(examination.size, found))
    return 0 if all(mended for _, mended in found) else 1


def _mended(finding: "Finding", options: Namespace) -> bool:
    if finding.mend is None or not options.repair:
        return False
    finding.mend()
    return True


def _as_text(size: int, found: "list[tuple[Finding, bool]]") -> str:
    lines = []
    for finding, mended in found:
        note = " (repaired)" if mended else " (--repair mends it)" if finding.mend else ""
        lines.append(f"{finding.kind}: {finding.where}{note}")
    verdict = f"{len(found)} found" if found else "all agrees"
    return "\n".join([*lines, f"{size} entries in the log: {verdict}"])


def _as_json(size: int, found: "list[tuple[Finding, bool]]") -> str:
    findings = [
        {
            "kind": finding.kind.value,
            "where": finding.where,
            "derivable": finding.mend is not None,
            "repaired": mended,
        }
        for finding, mended in found
    ]
    return json.dumps({"size": size, "findings": findings}, indent=2)


def _examination(options: Namespace) -> "Examination":
    from moderation.audit.fsck import Examination
    from moderation.audit.log_reader import LogReader
    from moderation.stores.audit_table import AuditTable
    from moderation.stores.objects import S3Objects
    from moderation.stores.signer import KmsSigner
    from moderation.stores.whole_tables import ScannedTables

    names = _outputs(options)
    dynamodb = client_of("dynamodb", options)
    audit = AuditTable(lambda: dynamodb, names["AuditTable"], names["LogOrigin"])
    objects = S3Objects(client_of("s3", options), names["LogBucket"])
    signer = KmsSigner(client_of("kms", options), names["LogKeyId"], names["LogOrigin"])
    return Examination(
        table=audit,
        entries=audit,
        objects=objects,
        log=LogReader(objects, names["LogOrigin"], [signer.key]),
        whole=ScannedTables(lambda: dynamodb, names["ForumTable"], names["AuditTable"]),
    )


def _outputs(options: Namespace) -> dict[str, str]:
    (stack,) = client_of("cloudformation", options).describe_stacks(StackName=options.stack)[
        "Stacks"
    ]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def client_of(service: str, options: Namespace) -> Any:
    """A client with the caller's credentials; an engine takes any."""
    import botocore.session
    from botocore.config import Config

    session = botocore.session.get_session()
    if options.endpoint:
        session.set_credentials("test", "test")
    return session.create_client(
        service,
        region_name=options.region,
        endpoint_url=options.endpoint,
        config=Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            retries={"total_max_attempts": ATTEMPTS_MOST, "mode": "standard"},
            s3={"addressing_style": "path"} if options.endpoint else {},
        ),
    )


COMMAND = Command(
    "fsck", "Examine a stack's audit log; put right what can be derived.", _arguments, _run
)
