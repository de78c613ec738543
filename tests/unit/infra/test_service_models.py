"""botocore's models in the zip."""

import shutil
from pathlib import Path
from typing import Any

import botocore.session
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
        "documentation": "",
        "shapes": {"A": {"type": "string", "documentation": ""}},
        "members": {"documentation": {"shape": "A", "documentation": ""}},
        "list": [{"documentation": "", "n": 1}],
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


def test_addresses_are_made_of_a_shortened_model(tmp_path: Path) -> None:
    """An export's address needs the model's parameters, documentation and all."""
    data = Path(botocore.__file__).parent / "data"
    shutil.copytree(data / "s3", tmp_path / "botocore" / "data" / "s3")
    for name in (
        "endpoints.json",
        "partitions.json",
        "_retry.json",
        "sdk-default-configuration.json",
    ):
        shutil.copy(data / name, tmp_path / "botocore" / "data" / name)
    shorten(tmp_path)
    session = botocore.session.get_session()
    loader = Loader(
        extra_search_paths=[str(tmp_path / "botocore" / "data")], include_default_search_paths=False
    )
    session.register_component("data_loader", loader)
    session.set_credentials("key", "secret")
    url = session.create_client("s3", "eu-central-1").generate_presigned_url(
        "get_object", Params={"Bucket": "exports", "Key": "a.zip"}
    )
    assert url.startswith("https://exports.s3.eu-central-1.amazonaws.com/a.zip?")
