"""The payload of the MSI for Windows, assembled on any system: CPython's own build, wheels, and the program.

Nothing is compiled: wheels of the index for win_amd64, CPython's embeddable package, and the launchers of
distlib, which pip writes for every command as well. installer/windows makes the MSI of the folder where msitools
are at hand, and its definition for WiX where they are not.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from installer.packing import bill, contents, listing
from installer.packing.icons import ico
from installer.packing.product import BUILD, CLIENT, ROOT, BuildError
from installer.windows import msi
from installer.windows.definition import ICON_FILE, place_task

_WORK = BUILD / "windows"
PYTHON = "3.13.14"
EMBED = f"python-{PYTHON}-embed-amd64.zip"
EMBED_ADDRESS = f"https://www.python.org/ftp/python/{PYTHON}/{EMBED}"
EMBED_SHA256 = "90b4e5b9898b72d744650524bff92377c367f44bd5fbd09e3148656c080ad907"
"""Of CPython's embeddable package. No index of packages has it, so the locked lists cannot name it."""
_LARGEST_EMBED_BYTES = 64 * 1024 * 1024
_LOCK = ROOT / "installer" / "locked-client.txt"
_LAUNCHERS = {"readiness.exe": ("t64.exe", "python.exe"), "motesklar.exe": ("w64.exe", "pythonw.exe")}
"""A program of ours, distlib's launcher that it is (for the terminal, for windows), and its Python."""
_MAIN = "import sys\n\nfrom readiness.__main__ import main\n\nsys.exit(main())\n"
_NEVER_USED = (".pyi", ".h", ".hpp", ".lib", ".pdb", ".qmltypes")
_NEVER_USED_FOLDERS = (
    "tests",
    "include",
    "typesystems",
    "metatypes",
    "glue",
    "doc",
    "scripts",
    "__pycache__",
)


def build(embed: str | None) -> tuple[Path, int]:
    """Make the MSI, or what WiX makes it of; it and the bytes that it installs. Raises BuildError."""
    payload = assemble(embeddable(embed), _WORK)
    return msi.make(payload, _WORK), listing.size_bytes(payload)


def assemble(archive: bytes, work: Path) -> Path:
    """The payload's folder in `work`, made of CPython's `archive`, and its list. Raises BuildError."""
    payload = work / "payload"
    shutil.rmtree(payload, ignore_errors=True)
    packages = payload / "packages"
    packages.mkdir(parents=True)
    install_wheels(packages)
    place_python(archive, payload)
    place_program(payload)
    place_task(payload)
    parts = [*bill.every_distribution(packages), bill.python(PYTHON, (payload / "python" / "LICENSE.txt",))]
    bill.collect_licences(parts, payload / "licences")
    (payload / "sbom.cdx.json").write_text(bill.sbom(CLIENT, parts), "utf-8")
    prune(packages)
    (work / "payload.files").write_text("\n".join(listing.listed(payload)) + "\n", "utf-8")
    print(listing.shown(listing.parts(payload)))
    return payload


def embeddable(source: str | None, sha256: str = EMBED_SHA256) -> bytes:
    """CPython's embeddable package, checked: from python.org, or from another file or address. Raises BuildError."""
    source = source or EMBED_ADDRESS
    try:
        if source.startswith("https://"):
            with urllib.request.urlopen(source, timeout=60) as answer:
                content: bytes = answer.read(_LARGEST_EMBED_BYTES + 1)
        else:
            content = Path(source).read_bytes()
    except (OSError, urllib.error.URLError) as error:
        raise BuildError(
            f"CPython's embeddable package could not be read from {source}: {error}\n"
            f"Fetch {EMBED} in another way, and say where it is: "
            "installer/build.py windows --python-embed FILE_OR_ADDRESS"
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise BuildError(f"{source} is not {EMBED}: its SHA-256 is {found}, and must be {sha256}.")
    return content


def install_wheels(packages: Path) -> None:
    """The locked wheels of the program as Windows gets them. Raises BuildError."""
    uv = Path(sys.executable).with_name("uv.exe" if sys.platform == "win32" else "uv")
    target = ["--target", str(packages), "--python-platform", "x86_64-pc-windows-msvc"]
    python = ["--python-version", ".".join(PYTHON.split(".")[:2]), "--only-binary", ":all:"]
    exact = ["--no-deps", "--require-hashes", "--link-mode", "copy", "-r", str(_LOCK)]
    done = subprocess.run(
        [str(uv), "pip", "install", "--quiet", *target, *python, *exact], capture_output=True, text=True
    )
    if done.returncode:
        raise BuildError(f"The wheels for Windows could not be installed:\n\n{done.stderr.strip()}")


def place_python(archive: bytes, payload: Path) -> None:
    """CPython in a folder of its own, told where the program and its packages are. Raises BuildError."""
    folder = payload / "python"
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as packed:
            packed.extractall(folder)
    except zipfile.BadZipFile as error:
        raise BuildError(f"CPython's embeddable package cannot be unpacked: {error}") from error
    short = "python" + "".join(PYTHON.split(".")[:2])
    # Read instead of every variable and registry key: nobody's own Python gets in.
    (folder / f"{short}._pth").write_text(f"{short}.zip\n.\n..\\app\n..\\packages\n", "utf-8")


def place_program(payload: Path) -> None:
    """Our modules and resources, the icon, and a launcher for the window and for the terminal."""
    app = payload / "app"
    left_out = shutil.ignore_patterns("collector", "__pycache__")
    shutil.copytree(ROOT / "readiness", app / "readiness", ignore=left_out)
    for name in ("icons", "models", "profiles"):
        shutil.copytree(ROOT / "resources" / name, app / "resources" / name)
    (payload / ICON_FILE).write_bytes(ico())
    for name, (stub, python) in _LAUNCHERS.items():
        (payload / name).write_bytes(launcher(stub, python))


def launcher(stub: str, python: str) -> bytes:
    """A program that starts our Python, which lies beside it: distlib's, with what it is to run behind it."""
    import distlib

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("__main__.py"), _MAIN)  # dated 1980: the same in every build
    start = f"#!<launcher_dir>\\python\\{python} -B\r\n".encode()
    return Path(distlib.__file__).with_name(stub).read_bytes() + start + packed.getvalue()


def prune(packages: Path) -> None:
    """Take away what the program never uses."""
    for file in sorted(packages.rglob("*"), reverse=True):
        if file.is_dir():
            if not any(file.iterdir()):
                file.rmdir()
        elif not is_used(file.relative_to(packages)):
            file.unlink()


def is_used(path: Path) -> bool:
    """Whether a file of an installed package serves the program."""
    parts = path.parts
    if path.suffix in _NEVER_USED or any(part in _NEVER_USED_FOLDERS for part in parts[:-1]):
        return False
    if parts[0] == "bin" or path.suffix == ".exe" or contents.is_of_the_installation(path):
        return False
    if contents.is_left_out(path):
        return False
    if parts[0] == "speechmos":
        return path.name == "__init__.py" or parts[1:] == ("dnsmos_models", "sig_bak_ovr.onnx")
    if parts[0] == "_sounddevice_data":  # the rest is for 32 bits, for ARM, with ASIO
        return path.suffix == ".py" or path.name == "libportaudio64bit.dll"
    if parts[:2] == ("cv2", "data"):  # the cascades: faces are found by a model of our own
        return False
    if parts[0] == "dukpy" and len(parts) > 2:
        return parts[1] == "jsruntime"
    if parts[0] == "pygments":
        return contents.is_wanted_module(".".join(path.with_suffix("").parts))
    if parts[0] == "PySide6":
        return _is_used_of_qt(path)
    return True


def _is_used_of_qt(path: Path) -> bool:
    if path.parts[1] in ("qml", "resources", "typesystems", "support"):
        return False
    if path.name == "opengl32sw.dll":  # draws OpenGL without a graphics card; widgets need none
        return False
    if path.suffix == ".pyd":
        return path.stem in ("QtCore", "QtGui", "QtWidgets", "QtNetwork", "QtSvg", "QtDBus")
    if path.name.startswith("Qt6"):
        return path.stem in ("Qt6Core", "Qt6Gui", "Qt6Widgets", "Qt6Network", "Qt6Svg", "Qt6DBus")
    return contents.is_wanted(path.as_posix(), "", ours=())
