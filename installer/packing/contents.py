"""What goes into a program besides what its imports lead to, and what stays out.

Read by the specifications of all systems. PyInstaller follows import statements alone.
"""

from __future__ import annotations

import sys
from pathlib import Path, PurePath, PurePosixPath

from installer.packing.product import ROOT

LATE = {
    "linux": ("_posixshmem",),
    "win32": ("winreg", "comtypes", "pycaw.utils", "pycaw.callbacks"),
    "darwin": ("_posixshmem", "AVFoundation", "CoreWLAN", "Network"),
}
"""Modules that the program imports by name, so that no import statement leads to them."""

CLIENT_LEAVES_OUT = (
    "readiness.collector",
    *("fastapi", "starlette", "uvicorn", "sqlalchemy", "alembic", "psycopg", "jinja2", "argon2"),
    *("tkinter", "curses", "readline", "IPython", "matplotlib"),
    *("setuptools", "pkg_resources", "prometheus_client"),
    "cryptography",  # dnspython would check signatures with it (DNSSEC), which nobody asks it to
    # What NumPy itself asks for only when somebody does: drawing by lot, Fortran, its tests, its polynomials
    *("numpy.random", "numpy.f2py", "numpy.testing", "numpy.polynomial"),
    # What nobody here asks libraries for: models of their older version, help for a type checker, coloured source
    *("pydantic.v1", "pydantic.mypy", "pygments.formatters", "pydoc_data"),
    "_pydecimal",  # for a Python without its module in C
    # What pyqtgraph would use if it were there, beyond two-dimensional plots
    *("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtTest", "OpenGL", "scipy", "numba", "cupy"),
    *("pyqtgraph.flowchart", "pyqtgraph.dockarea", "pyqtgraph.console", "pyqtgraph.exporters", "xml.dom"),
    "PySide6.QtDBus",  # Qt itself talks over D-Bus; Python does not through it
)
COLLECTOR_LEAVES_OUT = (
    "readiness.gui",
    *("PySide6", "shiboken6", "pyqtgraph", "cv2", "sounddevice", "soundfile", "dukpy"),
    *("tkinter", "curses", "readline", "MySQLdb", "psycopg2"),
    *("setuptools", "pkg_resources", "numpy"),
)

SYSTEM_LIBRARIES_INSIDE = ("ssl", "crypto", "ffi", "sqlite3", "lzma", "bz2", "expat", "uuid", "nsl", "tirpc")
"""What Python's own modules need of the builder's system. Every other library is the installed system's."""

_QT_PLUGINS = {
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platformthemes": ("qxdgdesktopportal",),
    "platforminputcontexts": ("ibus", "compose"),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": ("",),
    "styles": ("",),
}
"""The plugins of Qt that a window of widgets needs; pictures are PNG and SVG, which need none."""
_OF_PYGMENTS = {
    "pygments.lexers": ("__init__", "_mapping", "special"),
    "pygments.styles": ("__init__", "_mapping", "default", "monokai"),
}
"""Its languages and colours that rich asks for by themselves."""
_QT_LANGUAGES = ("qtbase_sv", "qtbase_en", "qt_sv", "qt_en")


def late(*, collector: bool = False) -> list[str]:
    """Modules to take in that no import statement leads to, all of ours among them."""
    package = ROOT / "readiness"
    ours = [_module(file) for file in sorted(package.rglob("*.py"))]
    if collector:
        folder = [name for name in ours if name.startswith("readiness.collector")]
        return [*folder, "logging.config", "uvicorn.protocols.http.h11_impl", "psycopg_binary"]
    client = [name for name in ours if not name.startswith("readiness.collector")]
    return [*client, *LATE[sys.platform], "speechmos"]


def data(packages: Path, *, collector: bool = False) -> list[tuple[str, str]]:
    """Files and folders, and the folder that each goes to. `packages` is where the dependencies are."""
    resources = ("collector", "profiles", "webhooks") if collector else ("icons", "models", "profiles")
    chosen = [(str(ROOT / "resources" / name), f"resources/{name}") for name in resources]
    if collector:
        migrations = ROOT / "readiness" / "collector" / "migrations"
        scripts = sorted(migrations.rglob("*.py"))
        return chosen + [(str(file), str(file.parent.relative_to(ROOT))) for file in scripts]
    return [
        *chosen,
        (str(packages / "speechmos" / "dnsmos_models" / "sig_bak_ovr.onnx"), "speechmos/dnsmos_models"),
        (str(packages / "dukpy" / "jsruntime"), "dukpy/jsruntime"),
    ]


def is_wanted(place: str, source: str, *, ours: tuple[Path, ...]) -> bool:
    """Whether a collected file stays. `place` is inside the program, `source` where it comes from.

    `ours` are the folders of Python and of the dependencies: what lies elsewhere is the system's.
    """
    path = PurePosixPath(place.replace("\\", "/"))
    if is_of_the_installation(path):
        return False
    if "PySide6" in path.parts:
        return _wanted_of_qt(path)
    if path.parts[:3] in (("pyqtgraph", "icons", "peegee"), ("pyqtgraph", "colors", "maps")):
        return False  # the picture of its examples, and colours of pictures: we plot lines
    if any(Path(source).is_relative_to(folder) for folder in ours):
        return True
    name = path.name.removeprefix("lib")
    return any(
        name.startswith(f"{inside}.") or name.startswith(f"{inside}-") for inside in SYSTEM_LIBRARIES_INSIDE
    )


def is_of_the_installation(path: PurePath) -> bool:
    """Whether a file tells how pip installed a package here: its scripts, with this folder's path in them."""
    told = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")
    return path.parent.suffix == ".dist-info" and path.name in told


def is_left_out(path: PurePath) -> bool:
    """Whether a file below the folder of packages belongs to a module that stays out of the client."""
    module = (*path.parts[:-1], path.name.partition(".")[0])
    return any(module[: len(out)] == out for out in (tuple(name.split(".")) for name in CLIENT_LEAVES_OUT))


def is_wanted_module(name: str) -> bool:
    """Whether a collected module stays: rich asks for pygments, but nobody for its five hundred languages."""
    package, _, module = name.rpartition(".")
    return package not in _OF_PYGMENTS or module in _OF_PYGMENTS[package]


def _wanted_of_qt(path: PurePosixPath) -> bool:
    parts = path.parts
    if "qml" in parts:
        return False
    if "translations" in parts:
        return path.stem in _QT_LANGUAGES
    if "plugins" in parts:
        kind, name = parts[parts.index("plugins") + 1], path.name.removeprefix("lib")
        return any(part in name for part in _QT_PLUGINS.get(kind, ())) and "-egl" not in name
    unused = ("Qml", "Quick", "VirtualKeyboard", "Pdf", "EglF", "OpenGL", "Test")
    return not any(part in path.name for part in unused)


def _module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
