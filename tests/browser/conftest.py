"""A browser that fails the test on any request or console message."""

from pathlib import Path

import pytest


@pytest.fixture
def open_page(browser):
    """open_page(path, **context options) -> Playwright page of a file; at the end no request left it and the
    console was silent.
    """
    contexts, complaints = [], []

    def opened(path: Path, **options):
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith(("file:", "data:"))
                else complaints.append(f"request: {request.url}")
            ),
        )
        page.goto(Path(path).as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
