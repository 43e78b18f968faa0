from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from readiness.collector.access import Access, Role
from readiness.core.model import Verdict
from tests.collector import samples
from tests.collector.conftest import Browser, SendingAs

PASSWORD = "korrekt häst batteri"
ID = "0e4f2f8e-6f0c-4f5a-9d8a-1d3b6f0a2c11"
VOID = {"meta", "link", "input", "br"}


class Structure(HTMLParser):
    """What a page is made of; fails on tags that are not closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def token(html: str) -> str:
    found = re.search(r'name="form_token" value="([0-9a-f]{64})"', html)
    assert found
    return found[1]


def test_every_page_asks_for_a_login_and_goes_on_afterwards(browser: Browser, access: Access) -> None:
    access.add_account("eva", Role.READER, PASSWORD)
    asked = browser.get("/reports?q=RH-1&before=5")
    assert asked.status_code == 303
    form = browser.get(asked.headers["location"])
    fields = {"name": "eva", "password": PASSWORD, "form_token": token(form.text)}
    target = re.search(r'name="next" value="([^"]*)"', form.text)
    assert target
    fields["next"] = target[1].replace("&amp;", "&")
    done = browser.post("/login", data=fields)
    assert (done.status_code, done.headers["location"]) == (303, "/reports?q=RH-1&before=5")
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = browser.get("/reports")
    assert page.status_code == 200
    assert "Inloggad som eva" in page.text
    assert browser.get("/login").status_code == 303


def test_a_wrong_password_is_told_and_the_name_is_kept(browser: Browser) -> None:
    form = browser.get("/login")
    fields = {"name": '"><b>eva', "password": "guess", "form_token": token(form.text)}
    response = browser.post("/login", data=fields)
    assert response.status_code == 401
    assert "www-authenticate" not in response.headers
    assert "stämmer inte" in response.text
    assert "&#34;&gt;&lt;b&gt;eva" in response.text


def test_forms_of_others_are_refused(browser: Browser, access: Access) -> None:
    access.add_account("eva", Role.READER, PASSWORD)
    fields = {"name": "eva", "password": PASSWORD}
    assert browser.post("/login", data=fields).status_code == 403
    ours = fields | {"form_token": token(browser.get("/login").text)}
    assert browser.post("/login", data=fields | {"form_token": "0" * 64}).status_code == 403
    assert browser.post("/login", data=fields | {"form_token": "é"}).status_code == 403
    assert browser.post("/login", data=ours, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.post("/login", data=ours | {str(n): "" for n in range(100)}).status_code == 400
    assert browser.post("/login", content=b"x" * 20_000).status_code == 413
    assert browser.post("/login", data=ours).status_code == 303


def test_signing_out_needs_our_form_and_ends_the_session(signed_in: Browser) -> None:
    assert signed_in.post("/logout").status_code == 403
    session = signed_in.cookies["motesklar_session"]
    page = signed_in.get("/reports")
    assert signed_in.post("/logout", data={"form_token": token(page.text)}).status_code == 303
    kept = signed_in.get("/reports", headers={"Cookie": f"motesklar_session={session}"})
    assert kept.status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/reports\\..",
        "/reports\r\nX: y",
        "javascript:1",
        "x" * 9999,
    ],
)
def test_nobody_is_sent_elsewhere(browser: Browser, access: Access, target: str) -> None:
    access.add_account("eva", Role.READER, PASSWORD)
    form = browser.get("/login", params={"next": target})
    fields = {"name": "eva", "password": PASSWORD, "form_token": token(form.text), "next": target}
    assert browser.post("/login", data=fields).headers["location"] == "/overview"


def test_a_link_signs_in_once_and_opens_its_report(
    browser: Browser, access: Access, sending: dict[str, str]
) -> None:
    browser.post("/api/v1/reports", content=samples.body(report_id=ID), headers=sending)
    link = f"/link/{access.new_link(f'/reports/{ID}')}"
    assert browser.get(link, headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 204
    opened = browser.get(link)
    assert (opened.status_code, opened.headers["location"]) == (303, f"/reports/{ID}")
    assert "RH-4711" in browser.get(f"/reports/{ID}").text
    again = browser.get(link)
    assert again.status_code == 410
    assert "readiness-collector link" in again.text


def test_the_list_shows_reports_with_their_verdicts(signed_in: Browser, sending_as: SendingAs) -> None:
    empty = signed_in.get("/reports").text
    assert "Inga rapporter än" in empty
    assert "readiness-collector key new" in empty
    receipts = []
    for verdict in Verdict:
        body = samples.body(host_name=f"RH-{verdict}", verdict=verdict)
        sent = signed_in.post("/api/v1/reports", content=body, headers=sending_as(f"RH-{verdict}"))
        receipts.append(sent.json()["receipt"])
    page = signed_in.get("/reports").text
    Structure(page)
    for word in ("Redo", "Delvis redo", "Inte redo", "Vet inte", "Skolan", "KS-20931", *receipts):
        assert word in page
    assert page.index("RH-UNKNOWN") < page.index("RH-READY")  # newest first
    found = signed_in.get("/reports", params={"q": "rh-not"}).text
    assert "RH-NOT_READY" in found
    assert "RH-READY" not in found
    assert "Ingen rapport passar" in signed_in.get("/reports", params={"q": "nothing like it"}).text


def test_a_receipt_code_opens_its_report(signed_in: Browser, sending: dict[str, str]) -> None:
    body = samples.body(report_id=ID)
    receipt = signed_in.post("/api/v1/reports", content=body, headers=sending).json()["receipt"]
    spoken = receipt.lower().replace("-", " ")
    response = signed_in.get("/reports", params={"q": f" {spoken} "})
    assert (response.status_code, response.headers["location"]) == (303, f"/reports/{ID}")
    assert signed_in.get(f"/reports/{receipt}").status_code == 200


def test_a_long_list_has_pages(signed_in: Browser, sending_as: SendingAs) -> None:
    for host in (f"N{number:02}" for number in range(60)):
        signed_in.post("/api/v1/reports", content=samples.body(host_name=host), headers=sending_as(host))
    first = signed_in.get("/reports").text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older
    second = signed_in.get("/reports" + older[1]).text
    names = re.findall(r">(N\d\d)<", first + second)
    assert names == [f"N{number:02}" for number in reversed(range(60))]
    assert 'rel="next"' not in second
    newer = re.search(r'rel="prev" href="([^"]+)"', second)
    assert newer
    assert re.findall(r">(N\d\d)<", signed_in.get("/reports" + newer[1]).text) == names[:50]


def test_a_report_is_shown_in_words(signed_in: Browser, sending: dict[str, str]) -> None:
    signed_in.post("/api/v1/reports", content=samples.body(report_id=ID), headers=sending)
    swedish = signed_in.get(f"/reports/{ID}").text
    Structure(swedish)
    for words in (
        "Inte redo för möten",
        "Datorn hittar ingen kamera",  # a finding that we have words for
        "camera.of_tomorrow",  # and one that we have not
        "−12,5\N{NO-BREAK SPACE}dBFS",
        "29,97\N{NO-BREAK SPACE}Hz",
        "8,1\N{NO-BREAK SPACE}GB",
        "Blev inte klart i tid",
        "no answer from the driver",
        "Microsoft Teams",
        "Latitude 5440",
        f"/api/v1/reports/{ID}",
    ):
        assert words in swedish
    english = signed_in.get(f"/reports/{ID}?lang=en").text
    for words in ("Not ready for meetings", "The computer finds no camera", "29.97\N{NO-BREAK SPACE}Hz"):
        assert words in english


def test_the_language_is_the_readers_choice(browser: Browser) -> None:
    assert 'lang="sv"' in browser.get("/login").text
    for header, language in {
        "en-GB,en;q=0.9,sv;q=0.8": "en",
        "de, sv;q=0.5, en;q=0.4": "sv",
        "de": "sv",
        "en;q=x, \xff;q=2": "sv",
        ",,;;==": "sv",
    }.items():
        page = browser.get("/login", headers={"Accept-Language": header.encode("latin-1")})
        assert f'<html lang="{language}">' in page.text
    assert '<html lang="en">' in browser.get("/login?lang=en").text
    assert '<html lang="en">' in browser.get("/login", headers={"Accept-Language": "sv"}).text
    assert '<html lang="sv">' in browser.get("/login?lang=sv").text


def test_pages_are_strict_and_need_no_script(signed_in: Browser, sending: dict[str, str]) -> None:
    signed_in.post("/api/v1/reports", content=samples.body(report_id=ID), headers=sending)
    for path in ("/reports", f"/reports/{ID}", "/nothing", "/reports/nothing", "/static/style.css"):
        response = signed_in.get(path)
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"
        if response.headers["content-type"].startswith("text/html"):
            assert response.headers["cache-control"] == "no-store"
            for tag, attributes in Structure(response.text).tags:
                assert tag not in ("style", "iframe")
                assert tag != "script" or (attributes.get("src") or "").startswith("/static/htmx.js?v=")
                assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_hostile_texts_are_shown_as_text(signed_in: Browser, sending_as: SendingAs) -> None:
    evil = "<script>alert(1)</script>{{7*7}}\"'"
    document = samples.body(report_id=ID, host_name=evil, asset_tag=evil).decode()
    document = document.replace("camera.of_tomorrow", "<img src=x>").replace(
        '"organisation"', '"../../etc/passwd"'
    )
    assert (
        signed_in.post("/api/v1/reports", content=document.encode(), headers=sending_as(evil)).status_code
        == 201
    )
    for path in ("/reports", f"/reports/{ID}", "/reports?q=%3Cscript%3E"):
        page = signed_in.get(path).text
        assert "<script>" not in page
        assert page.count("<script ") == 1
        assert "<img" not in page
        assert "{{7*7}}" in page


def test_unknown_pages_say_so(browser: Browser, signed_in: Browser) -> None:
    for path in ("/nothing", "/reports/nothing", "/reports/K7M-4PQ2", "/reports/%00"):
        response = signed_in.get(path)
        assert response.status_code == 404
        assert "Till rapporterna" in response.text
    assert signed_in.get(f"/reports?before={10**30}").status_code == 422
    assert browser.get("/").headers["location"] == "/overview"
