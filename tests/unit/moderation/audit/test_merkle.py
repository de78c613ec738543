"""The tree is that of RFC 6962, held against its own recursive definition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.audit.entry import leaf_hash
from moderation.audit.merkle import (
    EMPTY_ROOT,
    Frontier,
    ProofError,
    consistency_proof,
    inclusion_proof,
    node_hash,
    root_from_inclusion,
    roots_from_consistency,
    subtrees,
)

# Leaves and roots of the test tree of Certificate Transparency (RFC 6962 implementations).
INPUTS = [
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]  # fmt: skip
LEAVES = [leaf_hash(b"%d" % number) for number in range(70)]


def root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = _split(len(leaves))
    return node_hash(root(leaves[:split]), root(leaves[split:]))


def path(index: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of RFC 6962, 2.1.1."""
    if len(leaves) < 2:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*path(index, leaves[:split]), root(leaves[split:])]
    return [*path(index - split, leaves[split:]), root(leaves[:split])]


def proof(first: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 6962, 2.1.2."""
    if first == len(leaves):
        return [] if whole else [root(leaves)]
    split = _split(len(leaves))
    if first <= split:
        return [*proof(first, leaves[:split], whole), root(leaves[split:])]
    return [*proof(first - split, leaves[split:], False), root(leaves[:split])]


def _split(width: int) -> int:
    return 1 << ((width - 1).bit_length() - 1)


def node(level: int, index: int) -> bytes:
    """The hash of a perfect subtree, by definition."""
    return root(LEAVES[index << level : (index + 1) << level])


def test_the_published_tree() -> None:
    """The eight known inputs give the eight known roots."""
    leaves = [leaf_hash(bytes.fromhex(data)) for data in INPUTS]

    assert ROOTS == [Frontier().extend(leaves[:size]).root().hex() for size in range(1, 9)]


def test_the_empty_tree() -> None:
    """Its root is the hash of nothing."""
    assert Frontier().root() == EMPTY_ROOT


@given(st.integers(0, 70), st.integers(0, 70))
def test_a_tree_grows_in_steps(first: int, second: int) -> None:
    """Appending at once, in two steps, or by whole subtrees gives the same frontier."""
    first, second = sorted((first, second))
    at_once = Frontier().extend(LEAVES[:second])
    before = Frontier().extend(LEAVES[:first])
    joined = before.join((level, node(level, index)) for level, index in subtrees(first, second))

    assert root(LEAVES[:second]) == at_once.root()
    assert at_once == before.extend(LEAVES[first:second]) == joined


@given(st.integers(1, 70), st.data())
def test_inclusion(size: int, data: st.DataObject) -> None:
    """The proof is the defined path and leads to the root."""
    index = data.draw(st.integers(0, size - 1))
    hashes = inclusion_proof(index, size, node)

    assert path(index, LEAVES[:size]) == hashes
    assert root(LEAVES[:size]) == root_from_inclusion(LEAVES[index], index, size, hashes)


@given(st.integers(1, 70), st.integers(1, 70))
def test_consistency(first: int, second: int) -> None:
    """The proof is the defined one and leads to both roots."""
    first, second = sorted((first, second))
    hashes = consistency_proof(first, second, node)
    old, new = root(LEAVES[:first]), root(LEAVES[:second])

    assert proof(first, LEAVES[:second]) == hashes
    assert (old, new) == roots_from_consistency(first, second, old, hashes)


def test_a_proof_at_a_million_has_twenty_hashes() -> None:
    """The length is the tree's height."""
    leaf = LEAVES[0]

    assert len(inclusion_proof(999_999 - 1, 1_000_000, lambda _level, _index: leaf)) <= 20


@pytest.mark.parametrize(("index", "size"), [(3, 3), (-1, 3), (0, 0)])
def test_no_leaf_no_proof(index: int, size: int) -> None:
    """An index outside the tree is refused on both sides."""
    with pytest.raises(ProofError):
        inclusion_proof(index, size, node)
    with pytest.raises(ProofError):
        root_from_inclusion(LEAVES[0], index, size, [])


@pytest.mark.parametrize(("first", "second"), [(0, 3), (4, 3)])
def test_no_smaller_tree_no_proof(first: int, second: int) -> None:
    """Consistency leads from a tree that is there to a larger one."""
    with pytest.raises(ProofError):
        consistency_proof(first, second, node)
    with pytest.raises(ProofError):
        roots_from_consistency(first, second, EMPTY_ROOT, [])


@pytest.mark.parametrize("change", [[], [b"x" * 32] * 8])
def test_a_proof_of_another_length_is_refused(change: list[bytes]) -> None:
    """Neither shorter nor longer than tree and index ask for."""
    with pytest.raises(ProofError):
        root_from_inclusion(LEAVES[2], 2, 7, change)
    with pytest.raises(ProofError):
        roots_from_consistency(3, 7, EMPTY_ROOT, change)


def test_a_tree_is_consistent_with_itself_without_proof() -> None:
    """Equal sizes need no hashes, and take none."""
    assert roots_from_consistency(3, 3, b"r", []) == (b"r", b"r")
    with pytest.raises(ProofError):
        roots_from_consistency(3, 3, b"r", [b"x"])


def test_a_frontier_fits_its_size() -> None:
    """One hash for each bit of the size, and subtrees at multiples of their width."""
    with pytest.raises(ProofError):
        Frontier(3, (b"x",))
    with pytest.raises(ProofError):
        Frontier(1, (b"x",)).join([(1, b"y")])
