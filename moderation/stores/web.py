"""Posting to one address of the operator's choice: no redirects, no proxy, a bound on all."""

from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from moderation.errors import Unavailable

TIMEOUT_S = 5


class _NoRedirect(HTTPRedirectHandler):
    """The address is the operator's; nobody else gets to send the words somewhere else."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def checked_url(url: str) -> str:
    """Return an address of the web; ValueError for any other."""
    if urlsplit(url).scheme not in {"https", "http"}:
        raise ValueError("the address is none of the web")
    return url


def post(url: str, data: bytes, content_type: str, answer_bytes_most: int = 0) -> bytes:
    """Post once and return so much of the answer; Unavailable for any but 2xx in five seconds."""
    request = Request(  # noqa: S310  (whoever has an address checks it once)
        url, data=data, headers={"Content-Type": content_type}, method="POST"
    )
    try:
        with build_opener(ProxyHandler({}), _NoRedirect).open(request, timeout=TIMEOUT_S) as answer:
            found: bytes = answer.read(answer_bytes_most)
    except (URLError, OSError) as error:
        raise Unavailable("The address did not take what was posted.") from error
    return found
