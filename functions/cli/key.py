"""`hausrecht key`: the log's keys, shown and followed by one another.

A key is named `kms:ID` (the account's KMS, by the environment's credentials) or `file:PATH` (a seed
of 32 bytes in hex).
"""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from functions.cli.command import Command, take_step

if TYPE_CHECKING:
    from moderation.audit.ports import Signer


def signer_of(spec: str, origin: str) -> "Signer":
    """Return the signer that a key's name stands for; ValueError for any other name."""
    from moderation.stores.signer import KmsSigner, LocalSigner  # noqa: PLC0415

    kind, _, rest = spec.partition(":")
    if kind == "file":
        return LocalSigner(bytes.fromhex(Path(rest).read_text()), origin)
    if kind == "kms":
        import botocore.session  # noqa: PLC0415

        client: Any = botocore.session.get_session().create_client("kms")
        return KmsSigner(client, rest, origin)
    raise ValueError(f"{spec} is neither kms:ID nor file:PATH")


def _show(options: Namespace) -> int:
    """Print the verification key."""
    print(signer_of(options.key, options.origin).key)
    return 0


def _succeed(options: Namespace) -> int:
    """Print the note by which a new key has followed the old one, up to the checkpoint given."""
    from moderation.audit.checkpoint import open_checkpoint  # noqa: PLC0415
    from moderation.audit.succession import sign_succession  # noqa: PLC0415

    old, new = (signer_of(each, options.origin) for each in (options.old, options.new))
    last = open_checkpoint(options.checkpoint.read_bytes(), options.origin, [old.key, new.key])
    at = datetime.now(UTC)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    print(sign_succession(last, old, new, at).decode(), end="")
    return 0


def _arguments(parser: ArgumentParser) -> None:
    steps = parser.add_subparsers(metavar="show|succeed", required=True)
    show = steps.add_parser("show", help="print a verification key")
    show.add_argument("key", help="kms:ID or file:PATH")
    show.set_defaults(do=_show)
    succeed = steps.add_parser("succeed", help="print the note by which a new key takes over")
    succeed.add_argument("--old", required=True, help="the key so far: kms:ID or file:PATH")
    succeed.add_argument("--new", required=True, help="the key to come")
    succeed.add_argument(
        "--checkpoint", required=True, type=Path, help="one behind all that the old key signed"
    )
    succeed.set_defaults(do=_succeed)
    for each in (show, succeed):
        each.add_argument("--origin", required=True, help="the log's origin")


COMMAND = Command("key", "Show the log's key, or have another take over.", _arguments, take_step)
