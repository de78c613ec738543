"""One whole stack on an engine: built, deployed, and described for whoever calls it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.build import Built
from localstack.cast import tokens
from localstack.demo import company
from localstack.deploy import Stack
from localstack.engine import Engine
from localstack.issuer import AUDIENCE, ISSUER, Issuer
from localstack.verify_key import verify_key


@dataclass(frozen=True, slots=True)
class Running:
    """What a caller of the API needs: its address, a token a role, the log's key."""

    api: str
    tokens: dict[str, str]
    verify_key: str

    def write(self, path: Path) -> None:
        """Write it for other programs, readable by this user alone."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")


def bring_up(
    engine: Engine, built: Built, name: str, parameters: dict[str, str] | None = None
) -> Running:
    """Deploy onto an engine that is started; the same again on kept state changes nothing.

    Raises `DeployError`.
    """
    stack = Stack(engine.target, name)
    issuer = Issuer()
    if not stack.has_object(built.code_key):
        stack.upload(built.code_key, built.zip_path.read_bytes(), "application/zip")
    given = {
        "CodeBucket": stack.code_bucket,
        "CodeKey": built.code_key,
        "OidcIssuer": ISSUER,
        "OidcAudience": AUDIENCE,
        "JwksUrl": issuer.jwks_url(),
        "LogKeySpec": engine.log_key_spec,
        "OperatorName": company.NAME,
        "OperatorBrands": ",".join(company.BRANDS),
        "ProductSafetyMail": company.PRODUCT_SAFETY_MAIL,
        **(parameters or {}),
    }
    outputs = stack.deploy(built.template_path, given)
    api = engine.api_url(outputs["RestAPIId"])
    if "PublicUrl" not in given:
        # Only now is the address known.
        outputs = stack.deploy(built.template_path, given | {"PublicUrl": api})
    template = json.loads(built.template_path.read_text())
    engine.after_deploy(outputs, template)
    sender = given.get("MailFrom", template["Parameters"]["MailFrom"]["Default"])
    engine.target.client("ses").verify_email_identity(EmailAddress=sender)
    key = verify_key(engine.target, outputs["LogKeyId"], outputs["LogOrigin"])
    return Running(api, tokens(issuer), key)
