"""A report on paper: as a document (PDF) or a picture (PNG), from one page of rich text."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPageSize, QPainter, QPdfWriter, QTextDocument

from readiness.core.model import Ending, Finding, Report, Result, Verdict
from readiness.core.text import Language, Text
from readiness.gui import words
from readiness.gui.reading import Reading
from readiness.gui.times import local_time
from readiness.gui.tokens import FONTS, LIGHT
from readiness.gui.watched import Watched
from readiness.gui.widgets.figures import figure_table, source_words
from readiness.submission.files import write_where_asked

TITLE = Text(sv="Mötesklar: resultat", en="Mötesklar: result")
MADE = Text(sv="Testet gjordes {when}.", en="The test was made {when}.")
RATED_BY = Text(sv="Krav: {name}, version {version}.", en="Requirements: {name}, version {version}.")
COMPUTER = Text(sv="Datorn", en="The computer")
ACTIVITIES = Text(sv="Det här kan du göra i ett möte", en="What you can do in a meeting")
SERVICES = Text(sv="Olika tjänster", en="Different services")
MEASURED = Text(sv="Uppmätt", en="Measured")
LIMIT = Text(sv="Gräns", en="Limit")
SOURCES = Text(sv="Varifrån gränserna kommer", en="Where the limits come from")
PRIVACY = Text(
    sv="Inget ljud och ingen bild finns i rapporten.", en="There is no sound and no picture in the report."
)
WATCHED = Text(sv="Linjen bevakad", en="The line watched")
BEGUN = Text(sv="Började {when}.", en="Begun {when}.")
CASE = Text(sv="Ärende {case}.", en="Case {case}.")
QUIET = Text(sv="Inget har hänt.", en="Nothing has happened.")
_PICTURE_WIDTH = 900
_PICTURE_MARGIN = 32
_MARGIN_MM = 10.0
_PAPER_DPI = 96


def print_page(page: str, file: Path) -> None:
    """Print a page on A4 (PDF), or as one long picture twice as fine as a screen (PNG).

    On the window's thread. Raises OSError where the file cannot be written, which is then as it was.
    """
    document = QTextDocument()
    font = QFont()
    font.setFamilies(list(FONTS))
    font.setPixelSize(14)
    document.setDefaultFont(font)
    document.setHtml(page)
    printed = QBuffer()
    printed.open(QIODevice.OpenModeFlag.WriteOnly)
    (_print_pdf if file.suffix.lower() == ".pdf" else _draw_picture)(document, printed)
    write_where_asked(file, bytes(printed.data().data()))


def _print_pdf(document: QTextDocument, to: QIODevice) -> None:
    writer = QPdfWriter(to)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM))
    writer.setResolution(_PAPER_DPI)
    document.print_(writer)


def _draw_picture(document: QTextDocument, to: QIODevice) -> None:
    document.setDocumentMargin(_PICTURE_MARGIN)
    document.setTextWidth(_PICTURE_WIDTH)
    size = document.size()
    image = QImage(round(size.width() * 2), round(size.height() * 2), QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.surface))
    painter = QPainter(image)
    painter.scale(2, 2)
    document.drawContents(painter)
    painter.end()
    QImageWriter(to, QByteArray(b"PNG")).write(image)


def page(report: Report, reading: Reading) -> str:
    """The whole page. Names come from outside: all of them are escaped."""
    return "".join(_parts(report, reading))


def watched_page(watched: Watched, language: Language) -> str:
    """The timeline of a watched line as a page. Names come from outside: all of them are escaped."""
    begun = BEGUN.say(language, {"when": local_time(watched.begun_utc, language)})
    case = CASE.say(language, {"case": watched.case}) if watched.case else ""
    rows = "".join(
        f"<tr><td width='90'>{_safe(line.at)}</td><td>{_safe(line.words)}</td></tr>"
        for line in watched.lines(language)
    )
    told = f"<table cellpadding='3' width='100%'>{rows}</table>" if rows else _safe(QUIET.say(language))
    return (
        f"<h1>{_safe(WATCHED.say(language))}</h1><p>{_safe(watched.summary(language))}</p>"
        f"<p>{_safe(f'{begun} {case}')}</p>{told}"
    )


def _parts(report: Report, reading: Reading) -> Iterator[str]:
    say = reading.language
    overall = report.rating.overall
    yield f"<h1>{_safe(TITLE.say(say))}</h1>"
    yield _coloured(words.OVERALL[overall].say(say), overall, "h2")
    yield f"<p>{_safe(words.OVERALL_MORE[overall].say(say))}</p>"
    yield f"<p>{_safe(MADE.say(say, {'when': local_time(report.created_utc, say)}))} {_safe(PRIVACY.say(say))}</p>"
    yield f"<p>{_safe(RATED_BY.say(say, _requirements(report)))}</p>"
    yield f"<h3>{_safe(COMPUTER.say(say))}</h3>"
    yield _rows(
        (text.say(say), _plain(getattr(report.computer, name)))
        for name, text in words.COMPUTER_FIELDS.items()
    )
    yield f"<h3>{_safe(ACTIVITIES.say(say))}</h3>"
    yield _rows(
        (words.ACTIVITY[activity].say(say), words.VERDICT[verdict].say(say))
        for activity, verdict in report.rating.activities.items()
    )
    if report.services:
        yield f"<h3>{_safe(SERVICES.say(say))}</h3>"
        yield _rows(
            (
                reading.services.get(rating.profile_id, rating.profile_id),
                words.VERDICT[rating.overall].say(say),
            )
            for rating in report.services
        )
    for result in report.results:
        yield from _check(result, reading)


def _requirements(report: Report) -> dict[str, object]:
    rating = report.rating
    return {"name": rating.profile_name or rating.profile_id, "version": rating.profile_version}


def _check(result: Result, reading: Reading) -> Iterator[str]:
    say = reading.language
    title = reading.titles.get(result.check_id)
    name = title.say(say) if title else result.check_id
    if result.ending is Ending.COMPLETED:
        yield f"<h3>{_safe(name)}</h3>"
    else:
        yield f"<h3>{_safe(name)}: {_safe(words.ENDING[result.ending].say(say))}</h3>"
        yield f"<p>{_safe(words.UNFINISHED_MORE[result.ending].say(say))}</p>"
    for finding in words.by_importance(result.findings):
        yield from _finding(finding, reading)
    figures, sources = figure_table(result, {}, reading.limits, say)
    if figures:
        yield "<table cellpadding='2' width='100%'>"
        yield f"<tr><th align='left'>{_safe(MEASURED.say(say))}</th><th></th>"
        yield f"<th align='left'>{_safe(LIMIT.say(say))}</th></tr>"
        for figure in figures:
            cells = (figure.name, figure.value, figure.limit)
            yield "<tr>" + "".join(f"<td>{_safe(cell)}</td>" for cell in cells) + "</tr>"
        yield "</table>"
    if sources:
        yield f"<p><small>{_safe(SOURCES.say(say))}: "
        yield " ".join(
            f"({number}) {_safe(source_words(limit, say))}" for number, limit in enumerate(sources, 1)
        )
        yield "</small></p>"


def _finding(finding: Finding, reading: Reading) -> Iterator[str]:
    kind, say = reading.kinds.get(finding.code), reading.language
    arguments = dict(finding.arguments)
    title = kind.title.say(say, arguments) if kind else finding.code
    yield _coloured(f"{words.VERDICT[finding.verdict].say(say)}: {title}", finding.verdict, "p")
    if kind and kind.detail:
        yield f"<p>{_safe(kind.detail.say(say, arguments))}</p>"
    if kind and finding.verdict is not Verdict.READY:
        remedies = (f"<li>{_safe(remedy.text.say(say, arguments))}</li>" for remedy in kind.remedies)
        yield f"<ul>{''.join(remedies)}</ul>"


def _coloured(text: str, verdict: Verdict, tag: str) -> str:
    return f"<{tag}><b><font color='{LIGHT.tone(verdict).strong}'>{_safe(text)}</font></b></{tag}>"


def _rows(rows: Iterator[tuple[str, str]]) -> str:
    lines = (f"<tr><td>{_safe(name)}</td><td>{_safe(value)}</td></tr>" for name, value in rows if value)
    return f"<table cellpadding='2' width='100%'>{''.join(lines)}</table>"


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{part}: {version}" for part, version in value.items())
    return str(value) if value else ""


def _safe(text: str) -> str:
    return html.escape(text).replace("\n", "<br>")
