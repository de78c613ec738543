"""The Merkle tree of RFC 6962: frontier, root, inclusion and consistency proofs.

A tree of any size is known by its frontier, the roots of the perfect subtrees it splits into,
largest first. That is all a writer must keep: at most 64 hashes.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
_NODE = hashlib.sha256(b"\x01")

type NodeReader = Callable[[int, int], bytes]
"""Gives the hash of the perfect subtree (level, index): 2**level leaves from index * 2**level."""


class ProofError(ValueError):
    """A proof of another length than tree and index ask for, or indexes outside the tree."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256(0x01 ‖ left ‖ right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree's size and the roots of its perfect subtrees, largest first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if len(self.hashes) != self.size.bit_count():
            raise ProofError("a frontier has one hash for each bit set in its size")

    def extend(self, leaves: Iterable[bytes]) -> "Frontier":
        """Return the frontier after appending leaf hashes in order, one level at a time."""
        nodes, stack, single = list(leaves), list(self.hashes), list[bytes]()
        size, carry, begun = self.size + len(nodes), self.size, _NODE.copy
        while nodes:
            if carry & 1:
                nodes.insert(0, stack.pop())
            if len(nodes) & 1:
                single.append(nodes.pop())
            pairs, nodes = zip(nodes[::2], nodes[1::2], strict=True), []
            for left, right in pairs:
                node = begun()
                node.update(left + right)
                nodes.append(node.digest())
            carry >>= 1
        return Frontier(size, (*stack, *reversed(single)))

    def join(self, subtrees: Iterable[tuple[int, bytes]]) -> "Frontier":
        """Return the frontier after appending perfect subtrees, given as (level, root).

        Raises ProofError where a subtree would not start at a multiple of its width.
        """
        size, stack = self.size, list(self.hashes)
        for level, root in subtrees:
            if size & ((1 << level) - 1):
                raise ProofError("subtree out of place")
            carry, node = size >> level, root
            while carry & 1:
                node = node_hash(stack.pop(), node)
                carry >>= 1
            stack.append(node)
            size += 1 << level
        return Frontier(size, tuple(stack))

    def root(self) -> bytes:
        """Return the root of the tree, SHA-256("") for the empty one."""
        if not self.hashes:
            return EMPTY_ROOT
        node = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            node = node_hash(left, node)
        return node


def subtrees(begin: int, end: int) -> list[tuple[int, int]]:
    """Return the fewest perfect subtrees that cover [begin, end), in order, as (level, index)."""
    found = []
    while begin < end:
        level = (end - begin).bit_length() - 1
        if begin:
            level = min(level, (begin & -begin).bit_length() - 1)
        found.append((level, begin >> level))
        begin += 1 << level
    return found


def range_root(begin: int, end: int, node: NodeReader) -> bytes:
    """Return the root over the leaves [begin, end), a subtree of some larger tree."""
    *rest, last = (node(level, index) for level, index in subtrees(begin, end))
    for left in reversed(rest):
        last = node_hash(left, last)
    return last


def inclusion_proof(index: int, size: int, node: NodeReader) -> list[bytes]:
    """Return the hashes that lead from leaf `index` to the root at `size` (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ProofError("no such leaf in a tree of this size")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        split = begin + _split(end - begin)
        if index < split:
            path.append(range_root(split, end, node))
            end = split
        else:
            path.append(range_root(begin, split, node))
            begin = split
    return path[::-1]


def consistency_proof(first: int, second: int, node: NodeReader) -> list[bytes]:
    """Return the proof that the tree at `first` begins that at `second` (RFC 6962, 2.1.2)."""
    if not 0 < first <= second:
        raise ProofError("a consistency proof leads from a smaller tree to a larger one")
    path: list[bytes] = []
    begin, end, whole = 0, second, True
    while first != end:
        split = begin + _split(end - begin)
        if first <= split:
            path.append(range_root(split, end, node))
            end = split
        else:
            path.append(range_root(begin, split, node))
            begin, whole = split, False
    if not whole:
        path.append(range_root(begin, end, node))
    return path[::-1]


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root a proof leads to (RFC 9162, 2.1.3.2); raises ProofError on its length."""
    if not 0 <= index < size:
        raise ProofError("no such leaf in a tree of this size")
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        raise ProofError("proof of the wrong length")
    node = leaf
    for level, sibling in enumerate(proof):
        right = level >= inner or (index >> level) & 1
        node = node_hash(sibling, node) if right else node_hash(node, sibling)
    return node


def roots_from_consistency(
    first: int, second: int, first_root: bytes, proof: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Return the roots at `first` and `second` that a proof leads to (RFC 9162, 2.1.4.2).

    Both are to be compared with the roots known; `first_root` is the proof's unwritten first
    hash where `first` is a power of two. Raises ProofError where the proof has another length
    than the sizes ask for.
    """
    if not 0 < first <= second:
        raise ProofError("a consistency proof leads from a smaller tree to a larger one")
    if first == second:
        if proof:
            raise ProofError("proof of the wrong length")
        return first_root, first_root
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    index, last = first - 1, second - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    inner = (index ^ last).bit_length()
    if len(path) != 1 + inner + (index >> inner).bit_count():
        raise ProofError("proof of the wrong length")
    old = new = path[0]
    for level, sibling in enumerate(path[1:]):
        if level >= inner or (index >> level) & 1:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    return old, new


def _split(width: int) -> int:
    """Return the largest power of two smaller than width."""
    return 1 << ((width - 1).bit_length() - 1)
