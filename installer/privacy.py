"""Every field of a report, from the types that are really sent, with what it is for.

A field of figures stands below the purpose of its check. A field that can hold a name or another text
has words of its own in `TEXTS`: the page cannot be made while a new one has none.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

from readiness.checks import CHECKS
from readiness.core.model import Computer, Finding, Lift, Rating, Report, Result, Trial
from readiness.core.report import OPTIONAL_FIELDS

COMPUTER = {
    "device_id": "Slumpat id för den här installationen. Håller ihop datorns rapporter. Indirekt personuppgift.",
    "host_name": "Datorns namn i nätet. IT hittar rätt dator. Indirekt personuppgift.",
    "system": "Operativsystem och version. Fel hör ofta ihop med en version.",
    "model": "Datorns modell. Visar om samma fel finns på flera likadana datorer.",
    "drivers": "Drivrutiner för kamera, ljud, bild och nät, med version. Visar vad som ändrats sedan det fungerade.",
    "network_kind": "Kabel, Wi-Fi eller mobilt. Skiljer datorns fel från nätets.",
    "asset_tag": "Inventarienummer. IT hittar rätt dator. Indirekt personuppgift.",
    "unit": "Enhet. Visar var utrustning saknas.",
    "case": "Ärendenummer hos support, om testet hör till ett.",
    "user_name": "Användarnamn. Direkt personuppgift. Skickas bara om personen kryssar i det.",
    "wifi_name": "Wi-Fi-nätets namn. Kan visa var personen är. Skickas bara om personen kryssar i det.",
    "serial_number": "Datorns serienummer. Skickas bara om personen kryssar i det.",
}
REPORT = {
    "schema": "Formatets version.",
    "id": "Slumpat id för rapporten. Samma rapport tas emot en enda gång.",
    "created_utc": "När testet gjordes.",
    "app_version": "Programmets version.",
    "computer": "Datorn, se ovan.",
    "rating": "Omdömet efter organisationens krav.",
    "services": "Omdömet för varje mötestjänst.",
    "results": "Vad varje test mätte, se nedan.",
    "trials": "Omgångarna när alla enheter testas i tur och ordning.",
}
PARTS: dict[type, str] = {
    Rating: "Omdömet: vad som fungerar, vad som avgjorde det och vad som skulle lyfta det.",
    Lift: "Vad som skulle lyfta ett omdöme.",
    Result: "Ett test: hur det slutade, när, hur länge, vad det mätte och fann.",
    Finding: "Ett bedömt faktum: kod, hur mycket det väger och siffrorna bakom.",
    Trial: "En omgång: vilka enheter som testades ihop.",
}
PURPOSES = {
    "computer": "Visar om datorn räcker för möten och får säkerhetsuppdateringar.",
    "camera": "Visar om kameran ger en bild som räcker. Bara siffror om bilden, även om var ett ansikte finns i den. Ingen bild och ingen igenkänning.",
    "microphone": "Visar om rösten hörs och vad som stör. Bara siffror om ljudet; inget ljud, inga ord, ingen igenkänning.",
    "speaker": "Visar om ljud hörs och om det läcker tillbaka till mikrofonen.",
    "connection": "Visar om mötestjänsternas adresser nås härifrån och vad som är i vägen.",
    "media_path": "Visar hur ljud och bild i ett samtal skulle klara nätet.",
    "capacity": "Visar hur mycket linjen rymmer.",
    "location": "Visar var på vägen ett nätfel sitter.",
}
TEXTS = {
    "problem": "Vad som hindrade mätningen, som ett ord ur en fast lista.",
    "loop_problem": "Vad som hindrade provet med högtalare och mikrofon, ur en fast lista.",
    "problem_detail": "Detalj för support: programmet som håller enheten, eller systemets felkod.",
    "device_name": "Enhetens namn i systemet. Kan innehålla ett personnamn om någon döpt sitt headset så.",
    "other_device_name": "En annan mikrofon som hörde rösten. Kan innehålla ett personnamn.",
    "loop_microphone_name": "Mikrofonen som lyssnade på högtalaren. Kan innehålla ett personnamn.",
    "device_id": "Systemets id för enheten.",
    "attachment": "Inbyggd, USB, Bluetooth eller virtuell.",
    "denied_by": "Vilken inställning som spärrar enheten.",
    "used_by": "Mötesprogram eller annat program som använder mikrofonen just då.",
    "answer": "Svaret på frågan om ljudet hördes.",
    "system": "Systemets namn.",
    "system_version": "Systemets version för människor.",
    "system_id": "Systemets slag, för att slå upp datum.",
    "system_release": "Systemets utgåva, för att slå upp när säkerhetsuppdateringar slutar.",
    "system_edition": "Systemets variant, för samma sak.",
    "machine": "Processorns arkitektur.",
    "processor": "Processorns namn.",
    "busiest_program": "Programmet som belastar datorn mest. Bara när belastningen är för hög. Kan lämnas ute.",
    "power_mode": "Energiläge.",
    "program": "Mötesprogram eller webbläsare ur en fast lista. Inga andra program räknas upp.",
    "name": "Samma programs namn.",
    "version": "Samma programs version.",
    "default_browser": "Webbläsaren som öppnar länkar.",
    "clock_utc": "Datorns klocka. En klocka som går fel stoppar säker anslutning.",
    "unread": "Delar som systemet inte ville berätta om, med felets slag.",
    "host": "Mötestjänstens adress ur kravprofilen.",
    "transport": "Hur adressen provades.",
    "failed_at": "Steget där det tog stopp.",
    "error": "Felets slag.",
    "address": "Adressen som namnet ledde till, eller namnservern som svarade.",
    "issuer": "Vem som ställt ut serverns certifikat. Visar om någon läser trafiken.",
    "proxy": "Mellanserverns adress, utan inloggning.",
    "proxy_error": "Varför mellanservern inte gick att använda.",
    "url": "Testsida ur kravprofilen.",
    "sent_to": "Inloggningssidan som nätet skickade vidare till, utan det som följer efter adressen.",
    "proxy_source": "Varifrån inställningen för mellanserver kommer.",
    "proxy_script_error": "Varför skriptet för mellanserver inte gick att köra.",
    "collector_error": "Varför IT:s server inte svarade.",
    "clock_source": "Servern som klockan jämfördes med.",
    "path": "Vilken väg som mättes.",
    "prediction": "Vad mätningen skulle betyda i ett samtal.",
    "prediction_busy": "Detsamma när någon annan använder linjen.",
    "method_up": "Hur siffran mättes.",
    "method_down": "Hur siffran mättes.",
    "method": "Hur svarstiden mättes.",
    "collector_name": "Namnet på IT:s server.",
    "service_name": "Namnet på mötestjänstens server.",
    "odd": "Vad som var ovanligt i mätningen.",
    "kind": "Kabel, Wi-Fi, mobilt eller VPN.",
}


def page() -> str:
    """The tables, as Markdown. Raises KeyError for a text without words."""
    lines = [
        "<!-- Made by `python -m installer.managed` from the types of a report and installer/privacy.py. -->",
        "# Varje fält i en rapport",
        "",
        "Every field of a report. Names are those of `readiness schema`. Personal data is said to be so.",
        "",
        "## Datorn (`computer`)",
        "",
        "| Fält | Valfritt, av från början | Vad och varför |",
        "| --- | --- | --- |",
    ]
    for name in _names(Computer):
        lines.append(f"| `{name}` | {'ja' if name in OPTIONAL_FIELDS else 'nej'} | {COMPUTER[name]} |")
    lines += ["", "## Rapporten", "", "| Fält | Vad och varför |", "| --- | --- |"]
    lines += [f"| `{name}` | {REPORT[name]} |" for name in _names(Report)]
    lines += ["", "| Del | Fält | Vad och varför |", "| --- | --- | --- |"]
    for part, why in PARTS.items():
        lines.append(f"| {part.__name__} | {_quoted(_names(part))} | {why} |")
    for check in CHECKS:
        lines += ["", f"## {check.title.sv} (`{check.id}`)", "", PURPOSES[check.id], ""]
        fields = list(measured(check.evidence))
        lines.append(f"Siffror: {_quoted(name for name, text in fields if not text)}.")
        lines += ["", "| Text | Vad och varför |", "| --- | --- |"]
        lines += [f"| `{name}` | {TEXTS[name.rpartition('.')[2]]} |" for name, text in fields if text]
    return "\n".join(lines) + "\n"


def measured(kind: Any, before: str = "") -> Iterator[tuple[str, bool]]:
    """The fields of an evidence dataclass, those within others by their path; and whether each can hold a text."""
    hints = get_type_hints(kind)
    for field in dataclasses.fields(kind):
        parts = list(_parts(hints[field.name]))
        within = [part for part in parts if dataclasses.is_dataclass(part)]
        for inner in within:
            yield from measured(inner, f"{before}{field.name}.")
        if not within:
            yield (
                f"{before}{field.name}",
                any(isinstance(part, type) and issubclass(part, str) for part in parts),
            )


def _parts(hint: Any) -> Iterator[Any]:
    yield hint
    for argument in get_args(hint):
        yield from _parts(argument)


def _names(kind: Any) -> list[str]:
    """The fields, without the one that stands for those of newer versions."""
    return [field.name for field in dataclasses.fields(kind) if field.name != "extra"]


def _quoted(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)
