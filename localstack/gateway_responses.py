"""Gateway responses through the API, for engines whose import of the template drops them."""

from __future__ import annotations

from typing import Any

from localstack.target import Target


def set_gateway_responses(target: Target, rest_api_id: str, template: dict[str, Any]) -> None:
    """Set what the template's `GatewayResponses` say, and deploy it to the stage."""
    gateway = target.client("apigateway")
    api = template["Resources"]["RestAPI"]["Properties"]
    for kind, response in api["GatewayResponses"].items():
        gateway.put_gateway_response(
            restApiId=rest_api_id,
            responseType=kind,
            statusCode=str(response["StatusCode"]),
            responseTemplates=response["ResponseTemplates"],
            responseParameters={
                f"gatewayresponse.header.{header}": value
                for header, value in response["ResponseParameters"]["Headers"].items()
            },
        )
    gateway.create_deployment(restApiId=rest_api_id, stageName=api["StageName"])
