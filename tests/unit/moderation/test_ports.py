"""What the ports bring along themselves."""

from moderation.ports import Page, every


def test_every_item_of_a_list_is_walked_page_by_page() -> None:
    """From the first to the one that says that nothing follows; empty pages in between are none."""
    pages = {None: Page((1, 2), "a"), "a": Page((), "b"), "b": Page((3,), None)}

    assert [1, 2, 3] == list(every(pages.__getitem__))
