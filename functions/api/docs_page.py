"""The page at `/docs`: the OpenAPI document for people. No script, nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from typing import Any

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}h1,h2,h3{line-height:1.2}h2{margin-top:3rem;border-bottom:"
    "1px solid #999}h3{font-family:ui-monospace,monospace;font-size:1rem;margin:2rem 0 .3rem}"
    "table{border-collapse:collapse;margin:.5rem 0;width:100%}td,th{text-align:left;"
    "vertical-align:top;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ddd}"
    "code{font-family:ui-monospace,monospace;font-size:.9em}nav a{margin-right:1rem}"
    "@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#161616}a{color:#9cf}"
    "td,th{border-color:#444}}"
)
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

type Node = Mapping[str, Any]


def page(document: Node) -> str:
    """The whole page, made from an OpenAPI document."""
    info, tags = document["info"], [tag["name"] for tag in document["tags"]]
    links = " ".join(f'<a href="#{escape(tag)}">{escape(tag)}</a>' for tag in tags)
    sections = "".join(_section(tag, document) for tag in tags)
    schemas = "".join(
        f'<h3 id="schema-{escape(name)}">{escape(name)}</h3>{_fields(schema)}'
        for name, schema in document["components"]["schemas"].items()
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(info['title'])} API</title><style>{STYLE}</style></head><body>"
        f"<h1>{escape(info['title'])} API {escape(info['version'])}</h1>"
        f"<p>{escape(info['summary'])}</p>"
        '<p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>'
        f'<nav>{links} <a href="#schemas">schemas</a></nav>{sections}'
        f'<h2 id="schemas">schemas</h2>{schemas}</body></html>'
    )


def _section(tag: str, document: Node) -> str:
    calls = "".join(
        _call(method, path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if tag in operation["tags"]
    )
    return f'<h2 id="{escape(tag)}">{escape(tag)}</h2>{calls}'


def _call(method: str, path: str, operation: Node) -> str:
    rows = "".join(_parameter(parameter) for parameter in operation["parameters"])
    if "requestBody" in operation:
        rows += f"<tr><td>body</td><td>{_content(operation['requestBody'])}</td></tr>"
    for status, answer in operation["responses"].items():
        said = _content(answer) or escape(answer["description"])
        if int(status) >= 400:
            said = f"<code>{escape(answer['description'].replace('`', ''))}</code>"
        rows += f"<tr><td>{escape(status)}</td><td>{said}</td></tr>"
    return (
        f'<h3 id="{escape(operation["operationId"])}">{escape(method.upper())} {escape(path)}</h3>'
        f"<p>{escape(operation['summary'])} By {escape(_who(operation))}.</p><table>{rows}</table>"
    )


def _who(operation: Node) -> str:
    if {} in operation["security"]:
        who = "anybody"
    else:
        who = " or ".join(operation.get("x-roles", ["anybody with a token"]))
    ownership = operation["x-ownership"]
    return who if ownership == "none" else f"{who}; {ownership}"


def _parameter(parameter: Node) -> str:
    needed = "" if parameter["required"] else ", optional"
    return (
        f"<tr><td>{escape(parameter['in'])}</td><td><code>{escape(parameter['name'])}</code>"
        f"{needed}: {_type(parameter['schema'])}</td></tr>"
    )


def _content(part: Node) -> str:
    return ", ".join(_type(content["schema"]) for content in part.get("content", {}).values())


def _fields(schema: Node) -> str:
    required = schema.get("required", [])
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code>{'' if name in required else ' (may be absent)'}</td>"
        f"<td>{_type(each)}</td></tr>"
        for name, each in schema.get("properties", {}).items()
    )
    return f"<p>{escape(schema.get('description', ''))}</p><table>{rows}</table>"


def _type(schema: Node) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rsplit("/", 1)[-1])
        return f'<a href="#schema-{name}">{name}</a>'
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return " or ".join(_type(choice) for choice in choices)
    if "enum" in schema:
        return ", ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    limits = [f"{name} {schema[name]}" for name in LIMITS if name in schema]
    kind = escape(str(schema.get("format", schema.get("type", "anything"))))
    return kind + (f" ({escape(', '.join(limits))})" if limits else "")


LIMITS = ("minLength", "maxLength", "minimum", "maximum", "pattern")
