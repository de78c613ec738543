"""Whether HTML can do anything: read back with a browser's parser (lexbor)."""

from selectolax.lexbor import LexborHTMLParser

from moderation.community.markup import ATTRIBUTES, REL, SCHEMES, TAGS

SCAFFOLD = {"html", "head", "body", "-text", "-undef", "#document"}


def harms(html: str) -> list[str]:
    """Everything in the parsed HTML that is on no list of what is allowed."""
    found: list[str] = []
    tree = LexborHTMLParser(f"<!doctype html><body>{html}")
    nodes = tree.root.traverse(include_text=True) if tree.root is not None else []
    for node in nodes:
        tag = node.tag or ""
        if tag in SCAFFOLD:
            continue
        if tag not in TAGS:
            found.append(f"<{tag}>")
        for name, value in node.attributes.items():
            if name == "rel" and tag == "a" and value == REL:
                continue
            if name not in ATTRIBUTES.get(tag, set()):
                found.append(f"{tag} {name}")
            elif name == "href" and (value or "").split(":")[0] not in SCHEMES:
                found.append(f"{tag} {name}={value}")
    return found
