from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from readiness.checks import CHECKS
from readiness.core.check import Options
from readiness.core.model import Action, Ending, Verdict
from readiness.core.text import Text
from readiness.devices.ports import DeviceError, DeviceKind, Problem
from readiness.gui import words
from readiness.gui.outcome import Backlog, Shipment
from readiness.gui.stations import expected_seconds
from readiness.gui.widgets.figures import UNBROKEN
from readiness.gui.widgets.plots import Plot
from readiness.gui.window import Window
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import (
    GOOD_CAMERA,
    GOOD_LOOP,
    GOOD_MICROPHONE,
    Script,
    ScriptedCamera,
    ScriptedMicrophone,
    ScriptedPost,
    ScriptedSpeaker,
    ScriptedSystem,
    profiles,
)

PATIENCE = 10_000


def test_the_whole_way_by_keyboard_alone(open_window: OpenWindow, qtbot: QtBot) -> None:
    post = ScriptedPost()
    window = open_window(post=post)

    qtbot.keyClick(_focus(window), Qt.Key.Key_Return)
    assert window.pages.currentWidget() is window.run
    qtbot.waitUntil(lambda: bool(window.run.prompt.buttons), timeout=PATIENCE)
    qtbot.keyClick(_focus(window), Qt.Key.Key_Space)  # "Yes, I heard them" has the focus
    _until_page(qtbot, window, window.result)
    assert window.result.verdict.text() == words.OVERALL[Verdict.READY].sv

    qtbot.keyClick(_focus(window), Qt.Key.Key_Return)
    _until_page(qtbot, window, window.send)
    qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
    qtbot.keyClick(_focus(window), Qt.Key.Key_Return)
    _until_page(qtbot, window, window.receipt)

    assert window.receipt.code.text() == "K7M-4PQ2"
    assert len(post.kept) == 1
    assert _focus(window) is window.receipt.done_button
    qtbot.keyClick(_focus(window), Qt.Key.Key_Return)
    assert not window.isVisible()


def test_three_clicks_lead_from_the_start_to_the_receipt(open_window: OpenWindow, qtbot: QtBot) -> None:
    """Where the microphone hears the speaker nothing is asked."""
    script = Script(speaker=ScriptedSpeaker(loop_figures={**GOOD_LOOP, "loop_peak_db": 45.0}))
    window = open_window(script, ScriptedPost())
    clicks = 0
    for page, button in (
        (window.start, window.start.begin_button),
        (window.result, window.result.send_button),
        (window.send, window.send.send_button),
    ):
        qtbot.waitUntil(
            lambda page=page, button=button: window.pages.page is page and button.isEnabled(),
            timeout=PATIENCE,
        )
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        clicks += 1
    _until_page(qtbot, window, window.receipt)
    assert clicks == 3
    assert window.receipt.code.text() == "K7M-4PQ2"


def test_the_tests_of_this_program_take_less_than_a_minute_together() -> None:
    assert 5 < expected_seconds(CHECKS) < 60


def test_without_a_network_the_way_leads_on(open_window: OpenWindow, qtbot: QtBot) -> None:
    """No host is reached, and IT's server is not either: the report is kept."""
    reached = {host.host for profile in profiles() for host in profile.hosts}
    script = Script(failing_hosts=frozenset(reached))
    away = Text(sv="IT:s server svarar inte.", en="IT's server does not answer.")
    post = ScriptedPost(answers=[Shipment(reason=away)])
    window = open_window(script, post)
    _run_to_the_end(qtbot, window)
    assert window.result.rows["connection"].state == words.VERDICT[Verdict.NOT_READY].sv
    assert _focus(window) is window.result.step.first_button
    window.result.send_button.click()
    qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
    window.send.send_button.click()
    _until_page(qtbot, window, window.receipt)
    assert len(post.kept) == 1
    assert _focus(window) is window.receipt.again_button


def test_stations_light_up_with_picture_level_and_progress(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script(camera=ScriptedCamera(seconds=0.6), microphone=ScriptedMicrophone(seconds=0.6))
    window = open_window(script)
    window.start.begin_button.click()

    qtbot.waitUntil(lambda: window.run.preview.has_picture, timeout=PATIENCE)
    camera = window.run.stations["camera"]
    assert camera.said == "Testas nu"
    qtbot.waitUntil(lambda: camera.progress.value() > 200, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "Läs högt" in window.run.prompt.words.text(), timeout=PATIENCE)
    qtbot.waitUntil(
        lambda: window.run.meter.accessibleDescription() not in ("", "Inget ljud än"), timeout=PATIENCE
    )
    assert window.run.stations["speaker"].said == "Väntar"
    qtbot.waitUntil(lambda: camera.said == "Fungerar", timeout=PATIENCE)
    assert camera.accessibleName() == "Kamera: Fungerar"


def test_pressing_the_button_before_all_is_loaded_runs_once_it_is(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(start=False)
    window.start.begin_button.click()
    assert "ögonblick" in window.run.prompt.words.text()
    window.session.start()
    qtbot.waitUntil(lambda: len(window.run.stations) == len(Script().checks()), timeout=PATIENCE)
    _run_to_the_end(qtbot, window)


def test_a_storm_of_clicks_starts_one_run(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script(camera=ScriptedCamera(seconds=0.2))
    window = open_window(script)
    for _ in range(30):
        window.start.begin.emit()
    _run_to_the_end(qtbot, window)
    assert len(script.camera.asked) == 1


def test_cancel_stops_within_half_a_second_and_says_so(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(Script(camera=ScriptedCamera(hangs=True)))
    window.start.begin_button.click()
    qtbot.waitUntil(lambda: window.run.preview.has_picture, timeout=PATIENCE)
    qtbot.keyClick(_focus(window), Qt.Key.Key_Escape)
    assert window.run.cancel_button.text() == "Avbryter …"
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.start, timeout=700)
    assert "avbröts" in window.start.notice.words.text()
    assert _focus(window) is window.start.begin_button

    window.start.begin_button.click()
    qtbot.waitUntil(lambda: _said(window, "computer") == "Fungerar", timeout=PATIENCE)


def test_a_question_goes_away_with_the_run(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.start.begin_button.click()
    qtbot.waitUntil(lambda: bool(window.run.prompt.buttons), timeout=PATIENCE)
    window.run.cancel_button.click()
    _until_page(qtbot, window, window.start)
    qtbot.waitUntil(lambda: not window.run.prompt.buttons, timeout=PATIENCE)


def test_a_hang_is_told_in_words_and_the_rest_goes_on(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script(camera=ScriptedCamera(hangs=True), deadlines={"camera": 0.3})
    window = open_window(script)
    window.start.begin_button.click()
    qtbot.waitUntil(lambda: _said(window, "camera") == "Hann inte klart", timeout=PATIENCE)
    _answer(qtbot, window)
    _until_page(qtbot, window, window.result)
    assert window.result.verdict.text() == words.OVERALL[Verdict.UNKNOWN].sv
    assert window.result.rows["camera"].state == "Hann inte klart"
    assert window.result.rows["microphone"].state == "Fungerar"
    assert any("hann inte klart" in text for text in _texts(window.result.step))


def test_a_crash_is_told_in_words_with_its_reason_for_it(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script(system=ScriptedSystem(error=ZeroDivisionError("a driver's fault")))
    window = open_window(script)
    _run_to_the_end(qtbot, window)
    row = window.result.rows["computer"]
    assert row.state == "Testet gick sönder"
    row.details_button.click()
    assert any("a driver's fault" in text for text in _texts(row))
    assert any("inte hos dig" in text for text in _texts(window.result.step))


@pytest.mark.parametrize(
    ("script", "check_id", "said"),
    [
        (
            Script(
                camera=ScriptedCamera(error=DeviceError(Problem.ABSENT), there=()),
            ),
            "camera",
            "kamera",
        ),
        (
            Script(microphone=ScriptedMicrophone(error=DeviceError(Problem.ABSENT), there=())),
            "microphone",
            "mikrofon",
        ),
    ],
)
def test_without_a_device_the_way_leads_on(
    script: Script, check_id: str, said: str, open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window(script, ScriptedPost())
    _run_to_the_end(qtbot, window)
    assert window.result.verdict.text() == words.OVERALL[Verdict.NOT_READY].sv
    assert any(said in text.lower() for text in _texts(window.result.step))
    assert _focus(window) is window.result.step.first_button
    assert _focus(window).accessibleName()
    window.result.send_button.click()
    qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
    window.start.unfold_devices()
    box = window.start.devices.boxes[DeviceKind(check_id)]
    assert box.currentText() == "Ingen hittades"


def test_a_test_run_again_shows_before_and_now_and_keeps_the_others(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    quiet = {**GOOD_MICROPHONE, "active_level_dbfs": -60.0, "snr_db": 6.0}
    script = Script(microphone=ScriptedMicrophone(figures=quiet))
    window = open_window(script)
    _run_to_the_end(qtbot, window)
    assert window.result.rows["microphone"].state != "Fungerar"

    script.microphone.figures = GOOD_MICROPHONE
    window.result.rows["microphone"].again_button.click()
    assert list(window.run.stations) == ["microphone"]
    _until_page(qtbot, window, window.result)
    assert window.result.verdict.text() == words.OVERALL[Verdict.READY].sv
    row = window.result.rows["microphone"]
    assert row.before_words.text().startswith("Före: ")
    assert row.before_words.text().endswith("Nu: Fungerar")
    assert len(window.result.rows) == len(script.checks())
    assert window.result.rows["camera"].before_words.text() == ""
    assert len(script.camera.asked) == 1


def test_a_repeat_that_is_stopped_keeps_the_earlier_result(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script()
    window = open_window(script)
    _run_to_the_end(qtbot, window)
    script.camera.hangs = True
    window.result.rows["camera"].again_button.click()
    qtbot.waitUntil(lambda: window.run.preview.has_picture, timeout=PATIENCE)
    window.run.cancel_button.click()
    _until_page(qtbot, window, window.result)
    assert window.result.verdict.text() == words.OVERALL[Verdict.READY].sv
    assert "avbröts" in window.result.notice.words.text()


def test_the_language_changes_at_any_time(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    window.header.buttons["en"].click()
    assert window.start.begin_button.text() == "Start the test"
    window.start.begin_button.click()
    qtbot.waitUntil(lambda: bool(window.run.prompt.buttons), timeout=PATIENCE)
    assert window.run.prompt.words.text().endswith("Did you hear two tones?")
    window.header.buttons["sv"].click()
    assert window.run.prompt.words.text().endswith("Hörde du två toner?")
    assert window.run.prompt.buttons[0].text() == "Ja, jag hörde dem"
    window.run.prompt.buttons[0].click()
    _until_page(qtbot, window, window.result)
    window.header.buttons["en"].click()
    assert window.result.verdict.text() == words.OVERALL[Verdict.READY].en
    assert window.result.rows["camera"].state == "Works"


def test_what_is_sent_is_what_was_shown(open_window: OpenWindow, qtbot: QtBot) -> None:
    post = ScriptedPost()
    window = open_window(post=post)
    _run_to_the_send_page(qtbot, window)
    box = window.send.optional.boxes["user_name"]
    assert not box.isChecked()
    assert window.send.optional.boxes["serial_number"].isHidden()
    window.send.exactly_button.click()
    assert "anna.berg" not in window.send.document.toPlainText()
    box.click()
    assert "anna.berg" in window.send.document.toPlainText()
    box.click()
    window.send.optional.unit.setCurrentText("Socialförvaltningen")
    shown = json.loads(window.send.document.toPlainText())
    window.send.send_button.click()
    _until_page(qtbot, window, window.receipt)
    (report,) = post.kept
    assert report.computer.user_name is None
    assert report.computer.unit == "Socialförvaltningen"
    assert shown["id"] == report.id
    assert shown["computer"]["unit"] == "Socialförvaltningen"


def test_an_undelivered_report_is_kept_and_can_be_tried_again(open_window: OpenWindow, qtbot: QtBot) -> None:
    reason = Text(sv="IT:s server svarar inte.", en="IT's server does not answer.")
    post = ScriptedPost(answers=[Shipment(reason=reason), Shipment(receipt="ABC-DEFG")])
    window = open_window(post=post)
    _run_to_the_send_page(qtbot, window)
    window.send.send_button.click()
    _until_page(qtbot, window, window.receipt)
    assert "sparad" in window.receipt.title.text()
    assert window.receipt.notice.words.text() == reason.sv
    assert window.receipt.code.text() == ""
    qtbot.waitUntil(lambda: not window.start.waiting.isHidden(), timeout=PATIENCE)
    window.receipt.back_button.click()
    window.result.send_button.click()
    assert window.pages.currentWidget() is window.receipt
    window.receipt.again_button.click()
    qtbot.waitUntil(lambda: window.receipt.code.text() == "ABC-DEFG", timeout=PATIENCE)
    assert len(post.kept) == 1
    qtbot.waitUntil(lambda: window.start.waiting.isHidden(), timeout=PATIENCE)


def test_reports_of_earlier_are_told_and_tried_at_the_start(open_window: OpenWindow, qtbot: QtBot) -> None:
    reason = Text(sv="IT:s server svarar inte.", en="IT's server does not answer.")
    damaged = Text(sv="En fil är skadad.", en="A file is damaged.")
    earlier = ScriptedPost(answers=[Shipment(reason=reason)], damaged=(damaged,))
    first = open_window(post=earlier)
    _run_to_the_send_page(qtbot, first)
    first.send.send_button.click()
    _until_page(qtbot, first, first.receipt)

    window = open_window(post=earlier)
    qtbot.waitUntil(lambda: not window.start.waiting.isHidden(), timeout=PATIENCE)
    assert window.start.waiting.words.text().startswith("En rapport är sparad")
    assert window.start.waiting.words.text().endswith(reason.sv)
    assert window.start.damaged.words.text() == damaged.sv

    earlier.answers = [Shipment(receipt="ABC-DEFG")]
    third = open_window(post=earlier)
    qtbot.waitUntil(lambda: len(earlier.delivered) == 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: third.start.waiting.isHidden(), timeout=PATIENCE)


def test_a_run_after_sending_is_a_new_report(open_window: OpenWindow, qtbot: QtBot) -> None:
    post = ScriptedPost()
    window = open_window(post=post)
    for _ in range(2):
        if window.pages.currentWidget() is window.receipt:
            window.receipt.back_button.click()
            window.result.rows["camera"].again_button.click()
            _until_page(qtbot, window, window.result)
            window.result.send_button.click()
        else:
            _run_to_the_send_page(qtbot, window)
        qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
        window.send.send_button.click()
        _until_page(qtbot, window, window.receipt)
    assert len({report.id for report in post.kept}) == 2
    assert len(post.kept[1].results) == len(Script().checks())


def test_without_a_collector_the_report_is_saved_or_mailed(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails: list[tuple[str, str, str]] = []
    monkeypatch.setattr("readiness.gui.flows.sending.actions.write_mail", lambda *mail: mails.append(mail))
    file = tmp_path / "report.json"
    window = open_window()
    window.where_to_save = lambda *_: file
    _run_to_the_send_page(qtbot, window)
    assert window.send.send_button.isHidden()
    window.send.save_button.click()
    qtbot.waitUntil(lambda: str(file) in window.send.notice.words.text(), timeout=PATIENCE)
    assert json.loads(file.read_text("utf-8"))["computer"]["host_name"] == "LAPTOP-4711"
    assert not mails
    window.send.mail_button.click()
    qtbot.waitUntil(lambda: bool(mails), timeout=PATIENCE)
    assert str(file) in mails[0][2]


def test_a_file_that_cannot_be_written_is_told(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window(post=ScriptedPost())
    window.where_to_save = lambda *_: tmp_path / "missing" / "report.json"
    _run_to_the_send_page(qtbot, window)
    window.send.save_button.click()
    qtbot.waitUntil(lambda: "kunde inte sparas" in window.send.notice.words.text(), timeout=PATIENCE)
    assert window.send.send_button.isEnabled()


def test_what_cannot_be_loaded_is_told_and_can_be_tried_again(open_window: OpenWindow, qtbot: QtBot) -> None:
    tries: list[int] = []

    async def load() -> object:
        tries.append(1)
        error = RuntimeError("no such profile")
        error.text = Text(sv="Profilen finns inte.", en="There is no such profile.")
        raise error

    window = open_window(load=load)
    qtbot.waitUntil(lambda: window.start.notice.words.text() == "Profilen finns inte.", timeout=PATIENCE)
    window.start.begin_button.click()
    qtbot.waitUntil(lambda: len(tries) == 2, timeout=PATIENCE)
    _until_page(qtbot, window, window.start)
    assert window.start.begin_button.isEnabled()


def test_a_failure_in_the_background_does_not_disturb_the_run(
    open_window: OpenWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unreadable(_post: ScriptedPost) -> Backlog:
        raise OSError("the folder cannot be read")

    monkeypatch.setattr(ScriptedPost, "backlog", unreadable)
    script = Script()
    script.camera.devices = lambda: unreadable(ScriptedPost())
    window = open_window(script, ScriptedPost())
    window.start.begin_button.click()
    qtbot.waitUntil(lambda: "cannot be read" in window.start.notice.words.text(), timeout=PATIENCE)
    assert window.pages.currentWidget() is window.run
    _run_to_the_end(qtbot, window)
    assert window.result.verdict.text() == words.OVERALL[Verdict.READY].sv


def test_the_chosen_devices_are_those_that_are_tested(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script()
    window = open_window(script)
    window.start.unfold_devices()
    box = window.start.devices.boxes[DeviceKind.CAMERA]
    qtbot.waitUntil(lambda: box.count() == 3, timeout=PATIENCE)
    assert box.itemText(0) == "Datorns val: Logitech BRIO"
    box.setCurrentIndex(2)
    _run_to_the_end(qtbot, window)
    assert script.camera.asked[0].device == "camera-1"


def test_choosing_a_device_leads_to_its_list(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(Script(speaker=ScriptedSpeaker(loop_figures={})))
    _run_to_the_end(qtbot, window, answer=1)  # "No, it was silent"
    window.result.acted.emit(Action.CHOOSE_DEVICE, "speaker")
    assert window.pages.currentWidget() is window.start
    assert _focus(window) is window.start.devices.boxes[DeviceKind.SPEAKER]


def test_ones_own_voice_is_played_on_request_and_forgotten_when_the_report_is_sent(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    script = Script()
    window = open_window(script, ScriptedPost())
    window.start.unfold_devices()
    box = window.start.devices.boxes[DeviceKind.SPEAKER]
    qtbot.waitUntil(lambda: box.count() == 3, timeout=PATIENCE)
    box.setCurrentIndex(2)
    _run_to_the_end(qtbot, window)
    window.result.voice_button.click()
    qtbot.waitUntil(lambda: script.microphone.played_back == ["speaker-1"], timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.result.voice_button.text() == "Lyssna på din röst", timeout=PATIENCE)
    assert window.result.notice.isHidden()
    window.result.send_button.click()
    qtbot.waitUntil(window.send.send_button.isEnabled, timeout=PATIENCE)
    window.send.send_button.click()
    _until_page(qtbot, window, window.receipt)
    assert not script.microphone.keeps_voice
    window.receipt.back_button.click()
    window.result.voice_button.click()
    qtbot.waitUntil(lambda: "finns inte kvar" in window.result.notice.words.text(), timeout=PATIENCE)


def test_without_a_voice_there_is_nothing_to_listen_to(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(Script(microphone=ScriptedMicrophone(error=DeviceError(Problem.ABSENT))))
    _run_to_the_end(qtbot, window)
    assert window.result.voice_button is None


def test_a_microphone_that_is_pulled_out_in_the_middle_is_told_and_leads_on(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    script = Script(microphone=ScriptedMicrophone(error=DeviceError(Problem.REMOVED)))
    window = open_window(script, ScriptedPost())
    _run_to_the_end(qtbot, window)
    assert window.result.rows["microphone"].state != words.VERDICT[Verdict.READY].sv
    assert window.result.rows["speaker"].state == words.VERDICT[Verdict.READY].sv
    assert window.result.step.first_button is not None
    script.microphone.error = None
    window.result.rows["microphone"].again_button.click()
    _until_page(qtbot, window, window.result)
    assert window.result.rows["microphone"].state == words.VERDICT[Verdict.READY].sv


def test_details_show_limits_with_sources_and_what_was_before(open_window: OpenWindow, qtbot: QtBot) -> None:
    script = Script(camera=ScriptedCamera(figures={**GOOD_CAMERA, "frame_rate_hz": 4.0}))
    window = open_window(script)
    _run_to_the_end(qtbot, window)
    script.camera.figures = GOOD_CAMERA
    window.result.rows["camera"].again_button.click()
    _until_page(qtbot, window, window.result)
    window.result.rows["camera"].details_button.click()
    texts = _texts(window.result.rows["camera"])
    place = texts.index("Bilder per sekund")
    value, before, limit = texts[place + 1 : place + 4]
    assert (value, before) == (f"30{UNBROKEN}Hz", f"4{UNBROKEN}Hz")
    assert "minst" in limit
    number = limit.rpartition("(")[2].rstrip(")")
    assert any(text.startswith(f"{number}.  ") and "Läst 2" in text for text in texts)


def test_the_level_of_the_run_is_plotted_and_said_in_words(open_window: OpenWindow, qtbot: QtBot) -> None:
    levels = [-58.0, *[-30.0, -21.5] * 10]
    course = {"level_dbfs": levels, "level_seconds": [0.05 * place for place in range(len(levels))]}
    window = open_window(Script(microphone=ScriptedMicrophone(figures={**GOOD_MICROPHONE, **course})))
    _run_to_the_end(qtbot, window)
    row = window.result.rows["microphone"]
    assert row.findChild(Plot) is None
    row.details_button.click()
    (plot,) = row.findChildren(Plot)
    assert "Nivå under testet: lägst −58, högst −21,5, mitten −30 dBFS." in _texts(plot)
    assert not any("Nivå under testet" in text for text in _texts(row) if text not in _texts(plot))


def test_the_receipt_as_a_qr_code_leads_to_the_report(open_window: OpenWindow, qtbot: QtBot) -> None:
    options = Options(collector_url="https://moten.example.se/")
    window = open_window(post=ScriptedPost(), options=options)
    _run_to_the_send_page(qtbot, window)
    window.send.send_button.click()
    _until_page(qtbot, window, window.receipt)
    assert window.receipt.qr.accessibleName().startswith("QR-kod med länk")
    assert _read(window.receipt.qr) == "https://moten.example.se/reports/K7M-4PQ2"


def test_slots_run_on_the_windows_thread(open_window: OpenWindow, qtbot: QtBot) -> None:
    seen: set[threading.Thread] = set()
    window = open_window()
    shown = window.run.show_notice

    def watched(*arguments: object) -> None:
        seen.add(threading.current_thread())
        shown(*arguments)

    window.run.show_notice = watched
    _run_to_the_end(qtbot, window)
    assert seen == {threading.main_thread()}


def test_details_show_findings_and_figures_with_units(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    _run_to_the_end(qtbot, window)
    row = window.result.rows["camera"]
    row.details_button.click()
    texts = _texts(row)
    assert "Bilder per sekund" in texts
    assert f"30{UNBROKEN}Hz" in texts
    assert window.result.rows["camera"].state == words.VERDICT[Verdict.READY].sv
    assert Ending.COMPLETED.value not in texts


def _read(code: QWidget) -> str:
    """What a camera would read."""
    import cv2
    import numpy as np

    image = code.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    large = cv2.resize(rows[:, : image.width()], None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    return str(cv2.QRCodeDetector().detectAndDecode(large)[0])


def _focus(window: Window) -> QWidget:
    focused = window.focusWidget()
    assert focused is not None
    return focused


def _said(window: Window, check_id: str) -> str:
    station = window.run.stations.get(check_id)
    return station.said if station else ""


def _until_page(qtbot: QtBot, window: Window, page: QWidget) -> None:
    qtbot.waitUntil(lambda: window.pages.currentWidget() is page, timeout=PATIENCE)


def _answer(qtbot: QtBot, window: Window, answer: int = 0) -> None:
    qtbot.waitUntil(lambda: bool(window.run.prompt.buttons), timeout=PATIENCE)
    window.run.prompt.buttons[answer].click()


def _run_to_the_end(qtbot: QtBot, window: Window, answer: int = 0) -> None:
    if window.pages.currentWidget() is window.start:
        window.start.begin_button.click()
    _answer(qtbot, window, answer)
    _until_page(qtbot, window, window.result)


def _run_to_the_send_page(qtbot: QtBot, window: Window) -> None:
    _run_to_the_end(qtbot, window)
    window.result.send_button.click()
    _until_page(qtbot, window, window.send)
    qtbot.waitUntil(window.send.save_button.isEnabled, timeout=PATIENCE)


def _texts(widget: QWidget) -> list[str]:
    return [shown.text() for shown in widget.findChildren(QLabel) if shown.text()]
