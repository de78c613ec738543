"""The links through which Chalice's packager finds the three packages."""

from infra.package import PACKAGES
from infra.template import INFRA


def test_each_package_is_a_link_to_the_real_folder() -> None:
    """A checkout without symbolic links would ship text files in their place."""
    for name in PACKAGES:
        link = INFRA / "vendor" / name
        assert link.is_symlink()
        assert INFRA.parent / name == link.resolve()
