"""A real Chromium for the tests of the page: what it asks of the network, says, and shows.

The fixtures `browser`, `page_file` and `visits` are there for every test (tests/conftest.py).

    def test_the_page_opens(visits, page_file):
        with visits(page_file) as visit:            # file://, or an address from `serve(folder)`
            visit.page.set_input_files(...)         # visit.page is Playwright's
            assert visit.requests == []             # nothing asked of any network
            assert visit.complaints == []           # no console error, no breach of the CSP

`visits(page_file, "fr-FR", width=320, height=700, fragment="#...")` sets what a browser has.
"""

from tests.browser.chromium import Visit
from tests.browser.server import serve

__all__ = ["Visit", "serve"]
