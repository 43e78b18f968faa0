"""Signing in to the pages, and the token that their forms carry."""

from __future__ import annotations

import re
from typing import Any

from readiness.collector.access import Access, Role, form_token
from readiness.collector.web import SESSION_COOKIE


def sign_in(browser: Any, access: Access, role: str) -> None:
    """As somebody with `role`, by a one-time link."""
    browser.get(f"/link/{access.new_link('/overview', Role(role))}")


def form_token_on(page: str) -> str:
    """The token in a page's own form."""
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def own_form_token(browser: Any) -> str:
    """The token that forms of this browser carry."""
    return form_token(browser.cookies[SESSION_COOKIE])
