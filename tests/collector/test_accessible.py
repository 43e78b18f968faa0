"""The pages in a real browser: what axe finds, what works without scripts, and what scripts add."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.collector import looks
from tests.collector.looks import Collector

AXE = (Path(__file__).parent.parent / "lab" / "axe" / "axe.min.js").read_text("utf-8")
RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"
expect.set_options(timeout=60_000)
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def collector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with looks.collector(tmp_path_factory.mktemp("collector")) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with looks.chromium() as browser:
        yield browser


@pytest.fixture
def problems() -> list[str]:
    """What the browser complained of: of our policy, of scripts, of answers that are faults."""
    return []


def signed_in(chromium: Browser, collector: Collector, problems: list[str], **options: Any) -> BrowserContext:
    context = chromium.new_context(**options)
    context.set_default_timeout(60_000)
    context.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda error: problems.append(str(error.error)))
    page = context.new_page()
    page.goto(collector.link())
    page.close()
    return context


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    return [
        f"{page.url} {rule['id']}: {node['html'][:150]} {node.get('failureSummary', '')[:200]}"
        for rule in page.evaluate(RUN)
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    chromium: Browser, collector: Collector, problems: list[str], language: str, scheme: Scheme
) -> None:
    context = signed_in(chromium, collector, problems, color_scheme=scheme)
    page, found = context.new_page(), []
    for path in collector.pages():
        between = "&" if "?" in path else "?"
        page.goto(f"{collector.url}{path}{between}lang={language}")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found += violations(page)
        assert page.evaluate("document.documentElement.lang") == language
    context.close()
    context = chromium.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{collector.url}/login?lang={language}")
    found += violations(page)
    context.close()
    assert found == []
    assert [one for one in problems if "404" not in one] == []


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_the_screen(
    chromium: Browser, collector: Collector, problems: list[str], width: int
) -> None:
    context = signed_in(chromium, collector, problems, viewport={"width": width, "height": 800})
    page, wide = context.new_page(), []
    for path in collector.pages():
        page.goto(collector.url + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(path)
    context.close()
    assert wide == []


def test_everything_is_there_without_scripts(
    chromium: Browser, collector: Collector, problems: list[str]
) -> None:
    context = signed_in(chromium, collector, problems, java_script_enabled=False)
    page = context.new_page()
    for path in collector.pages():
        page.goto(collector.url + path)
        expect(page.locator("h1")).not_to_be_empty()
    page.goto(f"{collector.url}/computers?lang=sv")
    page.locator("main").get_by_label("Datornamn eller inventarienummer").fill("RH-4705")
    page.get_by_role("button", name="Visa").click()
    expect(page.get_by_role("link", name="RH-4705")).to_be_visible()
    expect(page.get_by_role("link", name="RH-4706")).to_have_count(0)
    page.goto(f"{collector.url}/requirements")
    page.locator("summary").first.click()
    page.get_by_label("Krävs: Processorkärnor").fill("6")
    page.get_by_label("Rekommenderas: Processorkärnor").fill("8")
    page.get_by_role("button", name="Räkna ut").click()
    expect(page.get_by_text("Väntar på sin tur.")).to_be_visible()
    looks.rerating.work(collector.database)
    page.reload()
    expect(page.get_by_role("button", name="Ta kraven i bruk")).to_be_visible()
    context.close()
    assert [one for one in problems if "404" not in one] == []


def test_a_list_follows_what_is_typed(chromium: Browser, collector: Collector, problems: list[str]) -> None:
    context = signed_in(chromium, collector, problems)
    page = context.new_page()
    page.goto(f"{collector.url}/computers?lang=sv")
    expect(page.locator("#list tbody tr")).to_have_count(50)
    page.locator("main").get_by_label("Datornamn eller inventarienummer").press_sequentially("rh-4712")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("Visar 1.")
    expect(page).to_have_url(re.compile("q=rh-4712"))
    page.locator("main").get_by_label("Datornamn eller inventarienummer").fill("")
    page.locator("main").get_by_label("Enhet").select_option("Skolan")
    expect(page.locator("#list tbody tr")).to_have_count(16)
    context.close()
    assert problems == []


def test_a_spoken_code_opens_its_report_while_it_is_typed(
    chromium: Browser, collector: Collector, problems: list[str]
) -> None:
    context = signed_in(chromium, collector, problems)
    page = context.new_page()
    page.goto(f"{collector.url}/reports/{collector.report}")
    code = page.locator(".receipt .code").inner_text()
    page.goto(f"{collector.url}/reports?lang=sv")
    page.locator("main").get_by_label("Kvittokod, datornamn eller inventarienummer").press_sequentially(
        code.lower()
    )
    expect(page).to_have_url(f"{collector.url}/reports/{collector.report}")
    context.close()
    assert problems == []


def test_the_page_shows_by_itself_that_the_work_is_done(
    chromium: Browser, collector: Collector, problems: list[str]
) -> None:
    context = signed_in(chromium, collector, problems)
    page = context.new_page()
    page.goto(f"{collector.url}/requirements?lang=sv")
    page.get_by_role("button", name="Räkna ut").click()
    expect(page.get_by_text("Väntar på sin tur.")).to_be_visible()
    looks.rerating.work(collector.database)
    expect(page.get_by_text("Ingen dator får ett annat resultat.")).to_be_visible()
    context.close()
    assert problems == []


def test_who_was_signed_out_is_asked_again_and_nothing_disappears(
    chromium: Browser, collector: Collector, problems: list[str]
) -> None:
    context = signed_in(chromium, collector, problems)
    page = context.new_page()
    page.goto(f"{collector.url}/computers?lang=sv")
    context.clear_cookies()
    page.locator("main").get_by_label("Datornamn eller inventarienummer").press_sequentially("rh")
    expect(page).to_have_url(re.compile(r"/login\?next="))
    context.close()
