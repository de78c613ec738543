"""The composition root: the one place where parts are put together, each when first asked for.

Every function in here makes its part once a process. Imports stand inside, so that a worker starts
with what it needs and nothing else. Nothing is fetched at import; the root secret is fetched once a
container, when a key is first derived from it.
"""
