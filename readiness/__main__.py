"""Mötesklar: without a command the window, with one the terminal."""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """Start what the command line asks for, and end with its exit status."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["--device-host"]:  # a frozen program starts itself as a device host
        from readiness.devices.__main__ import main as host

        host(arguments[1:])
        return
    if arguments[:1] == ["--network-probe"]:  # and as a network probe
        from readiness.network.probe import main as probe

        probe()
        return
    if arguments[:1] == ["--proxy-script"]:  # or to evaluate a proxy script
        from readiness.network.pac import main as evaluate

        evaluate()
        return
    from readiness.devices.undumped import no_core_file
    from readiness.gui.arguments import asks_for_window

    no_core_file()  # the newest preview picture is in our memory
    if asks_for_window(arguments):
        sys.exit(_window(arguments))
    from readiness.cli import run

    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.encoding.lower() != "utf-8":
        # Where output goes into a file or a program, Windows takes a code page without our signs.
        sys.stdout.reconfigure(errors="replace")
    try:
        status = run(arguments)
    except Exception as fault:
        if os.environ.get("READINESS_DEBUG"):
            raise
        print(  # noqa: T201
            f"Programmet stötte på ett fel: {type(fault).__name__}: {fault}. Visa detta för IT.\n"
            f"The program ran into a fault: {type(fault).__name__}: {fault}. Show this to IT.",
            file=sys.stderr,
        )
        status = 1
    sys.exit(status)


def _window(arguments: list[str]) -> int:
    from readiness.core.check import Options
    from readiness.gui.arguments import read_arguments
    from readiness.settings import load, places

    where = places()
    wish = read_arguments(arguments)
    loaded = load(where, above={"language": wish.language})
    settings, problems = loaded.settings, [remark.text for remark in loaded.faults]
    try:
        from readiness.gui.app import run_window
    except ImportError as error:  # no Qt libraries on this system
        print(  # noqa: T201
            f"Fönstret kan inte visas: {error}. Kör ”readiness check” i terminalen i stället.\n"
            f"The window cannot be shown: {error}. Run “readiness check” in the terminal instead.",
            file=sys.stderr,
        )
        return 1
    options = Options(
        camera=settings.camera,
        microphone=settings.microphone,
        speaker=settings.speaker,
        collector_url=settings.collector_url,
        turn_user=settings.turn_user,
        turn_password=settings.turn_password,
    )
    return run_window(settings, options, where, wish, problems[0] if problems else None, loaded)


if __name__ == "__main__":
    main()
