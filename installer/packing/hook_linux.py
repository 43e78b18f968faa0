"""Runs in a frozen program on Linux before anything of ours."""


def _programs_of_the_system_get_their_own_libraries() -> None:
    """The bootloader leads the loader to our libraries; what we start besides ourselves must not follow."""
    import os

    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if original is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = original
    # Without this our own executable, started again, would think that it had been led to them already.
    os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


def _modules_stay_while_the_program_is_replaced() -> None:
    """Modules are read from the executable when they are first needed, by its path.

    An upgrade meanwhile puts another executable there. This one stays open, and is read by its number.
    """
    import os
    import sys

    import pyimod02_importers  # PyInstaller's own, in every program it makes

    kept = os.open(sys.executable, os.O_RDONLY | os.O_CLOEXEC)
    pyimod02_importers.pyz_archive._filename = f"/proc/{os.getpid()}/fd/{kept}"


_programs_of_the_system_get_their_own_libraries()
_modules_stay_while_the_program_is_replaced()
