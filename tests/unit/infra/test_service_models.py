"""botocore's models in the zip."""

from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore.loaders import Loader

from infra.package import SERVICES
from infra.service_models import shorten, without_prose


def test_prose_goes_and_everything_else_stays() -> None:
    """A member of that name is no prose."""
    model = {
        "documentation": "<p>…</p>",
        "shapes": {"A": {"type": "string", "documentation": "x"}},
        "members": {"documentation": {"shape": "A", "documentation": "x"}},
        "list": [{"documentation": "x", "n": 1}],
    }
    expected = {
        "shapes": {"A": {"type": "string"}},
        "members": {"documentation": {"shape": "A"}},
        "list": [{"n": 1}],
    }
    assert expected == without_prose(model)


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_a_client_is_made_of_a_shortened_model(tmp_path: Path, service: str) -> None:
    """Every service that a function talks to, with every operation it had."""
    shipped = Path(botocore.__file__).parent / "data" / service
    version = sorted(path.name for path in shipped.iterdir())[-1]
    folder = tmp_path / "botocore" / "data" / service / version
    folder.mkdir(parents=True)
    for path in (shipped / version).iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    shorten(tmp_path)
    assert not list(folder.glob("service-2.json.gz"))

    def model(data: Path) -> dict[str, Any]:
        loader = Loader(extra_search_paths=[str(data)], include_default_search_paths=False)
        found: dict[str, Any] = loader.load_service_model(service, "service-2")
        return found

    whole = model(shipped.parent)
    assert without_prose(whole) == model(tmp_path / "botocore" / "data")
