"""The log as it answers outsiders: checkpoints, and proofs of what is in it.

Nothing here is personal: a proof without its entry is hashes, and an entry's id cannot be guessed.
Only tiles and checkpoints are read, so that a caller costs a few small objects.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from moderation.audit.cosigning import Cosigning
from moderation.audit.keys import VerificationKey
from moderation.audit.log_reader import LogReader, Published
from moderation.audit.merkle import ProofError, consistency_proof
from moderation.audit.single_proof import Inclusion, inclusion, single_proof


class IndexReader(Protocol):
    """Where entries stand. Fails closed. Read for finding only: what is found is proved."""

    def places(self, entry_ids: Sequence[str]) -> Mapping[str, int]:
        """Return the index of each of the entries that is sequenced."""
        ...


@dataclass(frozen=True, slots=True)
class PublicLog:
    """One log; `key` is what its checkpoints and receipts are signed with now."""

    key: VerificationKey
    reader: LogReader
    index: IndexReader
    cosigning: Cosigning

    def proof(self, entry_id: str) -> Inclusion | None:
        """Return the proof for an entry, None where it is in no published tree (yet)."""
        found = self._found(entry_id)
        return None if found is None else inclusion(self.reader, *found)

    def standing_proof(self, entry_id: str) -> bytes | None:
        """Return the `.tlog-proof` with the entry itself; for those alone who may read entries."""
        found = self._found(entry_id)
        return None if found is None else single_proof(self.reader, *found)

    def consistency(self, first: int, second: int | None) -> tuple[int, list[bytes]] | None:
        """Return the second size (by default the published one) and the proof between the trees.

        None before the first checkpoint. Raises ProofError where `first` is no size before
        `second`, or `second` is larger than what is published.
        """
        published = self.reader.published()
        if published is None:
            return None
        size = published.checkpoint.size
        to = size if second is None else second
        if to > size:
            raise ProofError("the log has published no tree of this size")
        return to, consistency_proof(first, to, self.reader.nodes(size))

    def _found(self, entry_id: str) -> tuple[Published, int] | None:
        """Return the checkpoint that shows most of an entry (cosigned, if one does) and its index.

        An entry that was appended but not published yet is in no tree yet.
        """
        place = self.index.places([entry_id]).get(entry_id)
        if place is None:
            return None
        if self.cosigning.witnesses:
            cosigned = self.cosigning.cosigned()
            if cosigned is not None and place < cosigned.checkpoint.size:
                return cosigned, place
        published = self.reader.published()
        if published is None or place >= published.checkpoint.size:
            return None
        return published, place
