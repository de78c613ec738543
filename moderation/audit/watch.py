"""What must never happen to an item of the `audit` table, seen from its stream of changes."""

PENDING = "PENDING#"
LOG = "LOG#"


def tampering(pk: str, *, existed: bool, exists: bool) -> str | None:
    """Say what is wrong with a change of one item, None where nothing is.

    Items are put once. Only what waits is ever deleted (by the sequencer), and only the head of
    the log is ever replaced. IAM cannot forbid a put that replaces; this sees one.
    """
    if existed and not exists and not pk.startswith(PENDING):
        return f"an item of {pk} was deleted"
    if existed and exists and not pk.startswith(LOG):
        return f"an item of {pk} was replaced"
    return None
