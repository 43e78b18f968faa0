"""The pages about the whole organisation, as IT reads them."""

from __future__ import annotations

import csv
import io
import re

import pytest

from readiness.collector.access import Access, Role
from readiness.collector.database import Database
from readiness.core.model import Verdict
from tests.collector.conftest import Browser
from tests.collector.test_fleet import NOW, Reports
from tests.collector.test_pages import PASSWORD, Structure, token

PAGES = ("/overview", "/needs", "/findings", "/computers")


@pytest.fixture
def reports(database: Database) -> Reports:
    return Reports(database)


@pytest.fixture
def administrator(browser: Browser, access: Access) -> Browser:
    return signed_in_as(browser, access, Role.ADMIN)


def signed_in_as(browser: Browser, access: Access, role: Role) -> Browser:
    access.add_account("eva", role, PASSWORD)
    form = browser.get("/login")
    fields = {"name": "eva", "password": PASSWORD, "form_token": token(form.text)}
    assert browser.post("/login", data=fields).status_code == 303
    return browser


@pytest.mark.parametrize(
    "page", [*PAGES, "/needs.csv", "/findings/camera.absent", "/computers/x", "/choices"]
)
def test_nobody_reads_without_signing_in(browser: Browser, page: str) -> None:
    assert browser.get(page).headers["location"].startswith("/login?next=")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_an_empty_organisation_is_told_in_words(signed_in: Browser, page: str, language: str) -> None:
    answer = signed_in.get(f"{page}?lang={language}")
    assert answer.status_code == 200
    Structure(answer.text)


def test_the_overview_answers_how_many_can_meet(administrator: Browser, reports: Reports) -> None:
    for number, verdict in enumerate((Verdict.READY, Verdict.LIMITED, Verdict.NOT_READY, Verdict.UNKNOWN)):
        reports.come(f"PC-{number}", verdict, computer={"unit": "Skolan <b>"})
    page = administrator.get("/overview").text
    Structure(page)
    assert '<p class="big">50 %</p>' in page
    assert "2 av 4 datorer" in page
    assert "Skolan &lt;b&gt;" in page
    assert "<b>" in page
    assert "Skolan <b>" not in page


def test_a_goal_tells_how_many_are_left(administrator: Browser, reports: Reports) -> None:
    reports.come("A", Verdict.READY)
    reports.come("B", Verdict.NOT_READY)
    form = {"form_token": token(administrator.get("/choices").text), "goal_percent": "95,5", "goal_day": "2027-06-30"}  # fmt: skip
    assert administrator.post("/choices", data=form).status_code == 303
    assert "Målet är 96 % den 2027-06-30. 1 datorer till behövs." in administrator.get("/overview").text
    assert "ändrade inställningar" in administrator.get("/choices").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"goal_percent": "many", "goal_day": "2027-06-30"},
        {"goal_percent": "101", "goal_day": "2027-06-30"},
        {"goal_percent": "nan", "goal_day": "2027-06-30"},
        {"goal_percent": "90", "goal_day": "next year"},
        {"stale_days": "0"},
        {"price_camera": "-1"},
        {"price_camera": "1e99"},
    ],
)
def test_what_does_not_fit_is_told_and_nothing_changes(administrator: Browser, wrong: dict[str, str]) -> None:
    page = administrator.get("/choices").text
    answer = administrator.post("/choices", data=wrong | {"form_token": token(page)})
    assert answer.status_code == 422
    assert "Skriv" in answer.text
    assert "changed choices" not in administrator.get("/choices").text


def test_the_list_of_expected_computers_comes_from_a_spreadsheet(
    administrator: Browser, reports: Reports
) -> None:
    reports.come("RH-1", computer={"asset_tag": "KS-1"})
    listed = "\ufeffNamn;Enhet\r\nrh-1;Skolan\r\nKS-2;Vården\r\n\r\nKS-2;Vården\r\n=cmd();x\r\n"
    form = {"form_token": token(administrator.get("/choices").text), "list": listed}
    assert administrator.post("/choices", data=form).status_code == 303
    assert "Datorer i listan nu: 3." in administrator.get("/choices").text
    page = administrator.get("/overview").text
    assert "1 av 3 datorer" in page
    assert "Vården" in page


@pytest.mark.parametrize("role", [Role.READER, Role.SUPPORT])
def test_only_administrators_choose(browser: Browser, access: Access, role: Role) -> None:
    reader = signed_in_as(browser, access, role)
    assert reader.get("/choices").status_code == 403
    assert reader.post("/needs", data={"price_camera": "1"}).status_code == 403
    assert reader.post("/choices", data={"stale_days": "1"}).status_code == 403


def test_an_administrator_makes_accounts_whose_password_is_shown_once(
    administrator: Browser, access: Access
) -> None:
    form = {"form_token": token(administrator.get("/choices").text), "name": "Bo <i>", "role": "support"}
    made = administrator.post("/choices/accounts", data=form)
    Structure(made.text)
    shown = re.search(r"visas bara här: ([\w-]{20})", made.text)
    assert shown
    assert access.login("bo <i>", shown[1], "here").role is Role.SUPPORT
    assert shown[1] not in administrator.get("/choices").text
    assert administrator.post("/choices/accounts", data=form).status_code == 422
    for wrong in ({"name": ""}, {"name": "a:b"}, {"role": "king"}):
        assert administrator.post("/choices/accounts", data=form | wrong).status_code == 422


def test_choices_need_our_own_form(administrator: Browser) -> None:
    assert administrator.post("/choices", data={"stale_days": "9"}).status_code == 403


def test_the_purchase_list_counts_by_kind_and_unit(administrator: Browser, reports: Reports) -> None:
    lacks = {"camera.absent": "camera"}
    reports.come("A", Verdict.NOT_READY, findings=lacks, computer={"unit": "=HYPERLINK(1)"})
    reports.come("B", Verdict.NOT_READY, findings=lacks, computer={"unit": "Skolan"})
    reports.come("C", Verdict.NOT_READY, findings=lacks, computer={"unit": "Skolan"})
    page = administrator.get("/needs").text
    Structure(page)
    assert administrator.post("/needs", data={"form_token": token(page), "price_camera": "690,50"}).status_code == 303  # fmt: skip
    answer = administrator.get("/needs.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff")), delimiter=";"))
    assert rows[1:] == [
        ["Kamera", "Skolan", "2", "2", "66,67", "690.5", "1381"],
        ["Kamera", "'=HYPERLINK(1)", "1", "1", "33,33", "690.5", "690.5"],
    ]
    assert "+100,0 procentenheter" in administrator.get("/needs").text


def test_a_purchase_adds_those_alone_that_cannot_take_part_and_that_nothing_else_stops(
    administrator: Browser, reports: Reports
) -> None:
    lacks = {"camera.absent": "camera"}
    reports.come("A", Verdict.NOT_READY, findings=lacks)
    reports.come("B", Verdict.LIMITED, findings=lacks)  # can take part today
    reports.come("C", Verdict.NOT_READY, findings=lacks | {"camera.in_use": None})
    reports.come("D", Verdict.NOT_READY, findings=lacks | {"microphone.absent": "headset"})
    assert "+25,0 procentenheter" in administrator.get("/needs").text
    (row,) = (
        row for row in administrator.get("/api/v1/exports/needs.json").json() if row["need"] == "camera"
    )
    assert (row["computers"], row["able_with_it"]) == (4, 1)


def test_a_finding_names_its_likely_cause_and_the_computers(signed_in: Browser, reports: Reports) -> None:
    for number in range(6):
        broken = number < 3
        reports.come(
            f"PC-{number}",
            Verdict.NOT_READY if broken else Verdict.READY,
            findings={"camera.no_frames": None} if broken else {},
            computer={"model": "Dock & <Go>" if broken else "Other"},
        )
    listed = signed_in.get("/findings").text
    Structure(listed)
    assert "/findings/camera.no_frames" in listed
    page = signed_in.get("/findings/camera.no_frames").text
    Structure(page)
    assert "3 av 3 datorer med Dock &amp; &lt;Go&gt; har felet." in page
    assert signed_in.get("/findings/camera.absent").status_code == 404
    computers = signed_in.get("/computers?code=camera.no_frames").text
    assert "PC-0" in computers
    assert "PC-5" not in computers


def test_computers_can_be_filtered_and_odd_filters_do_no_harm(signed_in: Browser, reports: Reports) -> None:
    reports.come("PC-1", Verdict.READY, computer={"unit": "Skolan"})
    reports.come("PC-2", Verdict.NOT_READY, computer={"unit": None})
    assert "PC-2" not in signed_in.get("/computers?unit=Skolan").text
    assert "PC-1" not in signed_in.get("/computers?unit=&state=not_ready").text
    for query in ("state=x&need=y&code=z", "after=nonsense", "after=a%00b 9", "q=%00%25", "unit=*&after=pc-1 99999999999999999999"):  # fmt: skip
        assert signed_in.get(f"/computers?{query}").status_code == 200
    Structure(signed_in.get("/computers").text)


def test_a_computer_shows_its_reports_and_what_changed_between_two(
    browser: Browser, access: Access, reports: Reports
) -> None:
    reader = signed_in_as(browser, access, Role.SUPPORT)
    reports.come("PC-1", Verdict.NOT_READY, findings={"camera.absent": "camera"})
    reports.come("PC-1", Verdict.READY, computer={"drivers": {"camera": "11.0"}}, at=NOW.replace(hour=13))
    store = reports.store.page().rows
    device = store[0].report_id
    stored = reports.store.find(device)
    assert stored is not None
    listed = reader.get("/computers").text
    address = listed[listed.index("/computers/") :].partition('"')[0]
    page = reader.get(address).text
    Structure(page)
    compared = reader.get(f"{address}?a={store[1].report_id}&b={store[0].report_id}").text
    Structure(compared)
    assert "Det här har ändrats" in compared
    reports.come("PC-2")
    of_another = reports.store.page().rows[0].report_id
    assert "Det här har ändrats" not in reader.get(f"{address}?a={store[1].report_id}&b={of_another}").text
    assert "Datorn hittar ingen kamera" in compared
    assert "11.0" in compared
    form = {"form_token": token(page), "text": "<script>Bytte kamera</script>"}
    assert reader.post(f"{address}/notes", data=form).status_code == 303
    noted = reader.get(address).text
    assert "&lt;script&gt;Bytte kamera" in noted
    everything = reader.get(f"{address}/everything.json").json()
    assert len(everything["reports"]) == 2
    assert everything["notes"][0]["author"] == "eva"
    assert reader.get("/computers/none").status_code == 404
    assert reader.post("/computers/none/notes", data=form).status_code == 404


def test_the_log_tells_who_read_what(administrator: Browser, reports: Reports) -> None:
    reports.come("PC-1")
    (row,) = reports.store.page().rows
    administrator.get(f"/reports/{row.report_id}")
    administrator.get(f"/api/v1/reports/{row.receipt}")
    administrator.get("/reports/none")
    page = administrator.get("/choices").text
    assert page.count("läste en rapport") == 2
    assert page.count(f'<a href="/reports/{row.report_id}">PC-1</a>') == 2


def test_monitoring_gets_figures_and_no_names(administrator: Browser, reports: Reports) -> None:
    reports.come("PC-1", Verdict.NOT_READY, findings={"camera.absent": "camera"}, computer={"unit": "Skolan"})
    answer = administrator.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'motesklar_computers{state="not_ready"} 1.0' in answer.text
    assert 'motesklar_computers_able{activity="listen"} 1.0' in answer.text
    assert "motesklar_reports 1.0" in answer.text
    assert "PC-1" not in answer.text
    assert "Skolan" not in answer.text


def test_monitoring_needs_an_account(browser: Browser) -> None:
    assert browser.get("/metrics").status_code == 401


def test_readers_write_no_notes_and_take_nothing_along(signed_in: Browser, reports: Reports) -> None:
    reports.come("PC-1")
    listed = signed_in.get("/computers").text
    address = listed[listed.index("/computers/") :].partition('"')[0]
    page = signed_in.get(address).text
    assert "<textarea" not in page
    assert signed_in.post(f"{address}/notes", data={"text": "x"}).status_code == 403
    assert signed_in.get(f"{address}/everything.json").status_code == 403
