"""What goes into packages, and small packages of the same kind as the real ones."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from installer import compare
from installer.packing import bill, compress, contents, linux, windows
from installer.packing.libraries import Needs
from installer.packing.listing import listed, parts
from installer.packing.product import CLIENT, COLLECTOR, ROOT, BuildError, alone, publisher, version
from readiness import __version__
from readiness.core.itself import part_of_itself

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages of Linux")
NEEDS = Needs(libraries=frozenset({"libc.so.6", "libGL.so.1"}), glibc=(2, 36))


@pytest.fixture(autouse=True)
def its_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")


def staged(name: str, folder: Path) -> Path:
    """All of a package but the frozen program, for which a script stands."""
    stage = folder / "stage"
    program = stage / "usr" / "lib" / name / linux.COMMANDS[name]
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    linux.stage_texts(name, stage)
    linux.place_beside(name, stage)
    return stage


def written(name: str, kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(linux, "WORK", folder)
    return linux.write_package(name, kind, staged(name, folder), NEEDS).file


def field(package: Path, name: str) -> str:
    return subprocess.check_output(["dpkg-deb", "--field", package, name], text=True).strip()


def test_the_version_stands_in_one_place():
    assert version() == __version__


def test_an_organisation_names_itself_in_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    stated = 'name = "Exempel & kommun"\nemail = "it@exempel.se"\nhomepage = "https://exempel.se/möten"\n'
    (tmp_path / "publisher.toml").write_text(stated, "utf-8")
    monkeypatch.setenv("MOTESKLAR_PUBLISHER", str(tmp_path / "publisher.toml"))
    package = written(CLIENT, "deb", tmp_path, monkeypatch)
    assert field(package, "Maintainer") == "Exempel & kommun <it@exempel.se>"
    assert field(package, "Homepage") == "https://exempel.se/möten"
    told = (tmp_path / "stage/usr/share/metainfo/se.motesklar.Motesklar.metainfo.xml").read_text("utf-8")
    assert "<name>Exempel &amp; kommun</name>" in told


@pytest.mark.parametrize(
    "stated",
    [
        'name = "A"\nemail = "it@a.se"\n',
        'name = "A"\nemail = "nobody"\nhomepage = "https://a.se"\n',
        'name = 1\nemail = "it@a.se"\nhomepage = "https://a.se"\n',
        'name = "A"\nemail = "it@a.se"\nhomepage = "https://a.se"\nhomepages = "https://a.se"\n',
        "name = ",
    ],
)
def test_a_publisher_that_is_not_one_stops_the_build(
    stated: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "publisher.toml").write_text(stated, "utf-8")
    monkeypatch.setenv("MOTESKLAR_PUBLISHER", str(tmp_path / "publisher.toml"))
    with pytest.raises(BuildError, match=r"publisher\.toml"):
        publisher()


def test_two_builds_in_one_folder_do_not_mix(tmp_path: Path):
    with alone(tmp_path), pytest.raises(BuildError, match="Another build"), alone(tmp_path):
        pass
    with alone(tmp_path):
        pass


def test_two_builds_are_compared_file_for_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / "motesklar.files").write_text("aa 644 3 usr/a b\nbb 755 4 usr/c\n")
        (folder / "motesklar_1_amd64.deb").write_bytes(b"same")
    assert compare.main([str(one), str(other)]) == 0
    assert "The same: 2 files" in capsys.readouterr().out
    (other / "motesklar.files").write_text("aa 644 4 usr/a b\ncc 755 4 usr/d\n")
    (other / "motesklar_1_amd64.deb").write_bytes(b"else")
    assert compare.main([str(one), str(other)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "motesklar.files: usr/a b differs",
        "motesklar.files: usr/c is only in the first",
        "motesklar.files: usr/d is only in the second",
        "motesklar_1_amd64.deb: the package differs",
    ]
    (tmp_path / "empty").mkdir()
    assert compare.main([str(one), str(tmp_path / "empty")]) == 2
    assert compare.main([str(one)]) == 2


def test_every_module_imported_by_name_is_taken_in():
    """An import statement leads PyInstaller to a module; a name in a string does not."""
    named = set()
    for file in (ROOT / "readiness").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            function = ast.unparse(node.func)
            if function.endswith(("import_module", "__import__", "find_spec")):
                named.add(node.args[0].value)
    known = {module for modules in contents.LATE.values() for module in modules}
    missing = {name for name in named if name not in known and name not in contents.late()}
    assert missing == set()


def imported() -> set[str]:
    """The modules of others that the client's modules import, at their top and when they are used."""
    named = set()
    for name in contents.late():
        path = ROOT.joinpath(*name.split("."))
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        for node in ast.walk(ast.parse(file.read_text("utf-8"))) if file.is_file() else ():
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                named.add(node.module)
    return named


WITHOUT = """
import importlib, sys
left_out, wanted = (words.split() for words in sys.stdin.read().splitlines())
class Absent:
    def find_spec(self, name, path=None, target=None):
        if any(name == absent or name.startswith(absent + ".") for absent in left_out) or not is_wanted_module(name):
            raise ModuleNotFoundError(name, name=name)
from installer.packing.contents import is_wanted_module
sys.meta_path.insert(0, Absent())
from readiness.gui.widgets.plots import Plot, Series, load_pyqtgraph
load_pyqtgraph()
for name in wanted:
    try:
        importlib.import_module(name)
    except ModuleNotFoundError as error:
        print(name, error.name)
import numpy, rich.traceback
numpy.unique(numpy.polyval(numpy.polyfit(range(4), range(4), 1), [1, 1]))

from pathlib import Path
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from readiness.gui.look import Look
from readiness.gui.tokens import LIGHT
application = QApplication([])
places = tuple(map(float, range(50)))
plot = Plot(Look(language="sv", palette=LIGHT, icons=Path("resources/icons")), Series(name="delay_ms", along=places, values=places, along_unit=""))
plot.resize(400, 300)
shown = plot.grab().toImage()
colours = [shown.pixelColor(x, y) for x in range(shown.width()) for y in range(shown.height())]
print("drawn", colours.count(QColor(LIGHT.accent)))
"""


def test_the_client_needs_nothing_that_is_left_out():
    """As in the program: what is left out fails as if it were not there."""
    wanted = {name for name in imported() if not name.startswith(("readiness.collector", "keyring"))}
    assert {"PySide6.QtNetwork", "pyqtgraph", "cv2", "dns.asyncquery", "pyroute2", "truststore"} <= wanted
    names = f"{' '.join(contents.CLIENT_LEAVES_OUT)}\n{' '.join(sorted(wanted))}\n"
    told = subprocess.run(
        [sys.executable, "-c", WITHOUT],
        input=names,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=100,
    )
    assert told.returncode == 0, told.stderr
    absent = dict(line.split() for line in told.stdout.splitlines())
    assert int(absent.pop("drawn")) > 50, "curves are drawn without Qt's OpenGL"
    left_out = {name: gone for name, gone in absent.items() if gone.startswith(contents.CLIENT_LEAVES_OUT)}
    assert left_out == {}
    assert not [gone for gone in absent.values() if not contents.is_wanted_module(gone)]


def test_a_frozen_program_starts_its_parts_by_its_own_file(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert part_of_itself("readiness.devices", "--device-host")[1:] == ["-m", "readiness.devices"]
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert part_of_itself("readiness.devices", "--device-host")[1:] == ["-B", "-m", "readiness.devices"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert part_of_itself("readiness.devices", "--device-host") == [sys.executable, "--device-host"]


@pytest.mark.parametrize("name", [CLIENT, COLLECTOR])
@pytest.mark.parametrize("kind", ["deb", "rpm"])
def test_two_packages_of_the_same_are_the_same(
    name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    first, second = (written(name, kind, tmp_path / part, monkeypatch) for part in ("one", "two"))
    assert listed(tmp_path / "one" / "stage") == listed(tmp_path / "two" / "stage")
    assert hashlib.sha256(first.read_bytes()).digest() == hashlib.sha256(second.read_bytes()).digest()


@pytest.mark.parametrize("kind", ["deb", "rpm"])
def test_a_package_compressed_anew_is_sound_and_whole(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    package = written(COLLECTOR, kind, tmp_path, monkeypatch)
    out = tmp_path / "out"
    out.mkdir()
    if kind == "deb":
        assert b"data.tar.xz" in subprocess.check_output(["ar", "t", package])
        subprocess.run(["dpkg-deb", "--extract", package, out], check=True)
    else:
        rpm = ["rpm", "--dbpath", str(tmp_path / "rpmdb")]
        checked = subprocess.check_output([*rpm, "-K", "-v", package], text=True).splitlines()[1:]
        assert len(checked) == 4
        assert all(line.endswith("digest: OK") for line in checked), checked
        told = ["-qp", "--queryformat", "%{PAYLOADCOMPRESSOR} %{PAYLOADFLAGS}", package]
        assert subprocess.check_output([*rpm, *told], text=True) == "xz 9"
        archive = subprocess.check_output(["rpm2archive", "-n", "-"], input=package.read_bytes())
        subprocess.run(["tar", "-x", "-C", out], input=archive, check=True)
    assert listed(out) == listed(tmp_path / "stage")


def test_a_package_of_another_layout_is_not_touched(tmp_path: Path):
    for kind, content in (("deb", b"no archive"), ("deb", b"!<arch>\n"), ("rpm", b"x" * 200)):
        (tmp_path / "package").write_bytes(content)
        with pytest.raises(BuildError, match="nfpm wrote"):
            compress.again(tmp_path / "package", kind)
        assert (tmp_path / "package").read_bytes() == content


def test_the_client_says_what_it_is_and_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package = written(CLIENT, "deb", tmp_path, monkeypatch)
    assert field(package, "Package") == "motesklar"
    assert field(package, "Version") == version()
    assert field(package, "Depends") == "libc6 (>= 2.36), libgl1"
    inside = subprocess.check_output(["dpkg-deb", "--contents", package], text=True)
    for path in (
        "./usr/bin/readiness -> ../lib/motesklar/readiness",
        "./usr/share/applications/motesklar.desktop",
        "./usr/share/icons/hicolor/48x48/apps/motesklar.png",
        "./usr/share/icons/hicolor/scalable/apps/motesklar.svg",
        "./usr/share/man/man1/readiness.1.gz",
        "./usr/share/metainfo/se.motesklar.Motesklar.metainfo.xml",
    ):
        assert path in inside
    assert {line.split()[1] for line in inside.splitlines()} == {"root/root"}


def test_the_collector_keeps_its_configuration_and_its_scripts_are_sound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    package = written(COLLECTOR, "deb", tmp_path, monkeypatch)
    subprocess.run(["dpkg-deb", "--control", package, tmp_path / "control"], check=True)
    assert (tmp_path / "control" / "conffiles").read_text().split() == ["/etc/motesklar/collector.toml"]
    for script in ("preinst", "postinst", "prerm", "postrm"):
        subprocess.run(["sh", "-n", tmp_path / "control" / script], check=True)
        assert "@" not in (tmp_path / "control" / script).read_text().replace("$@", "")


@pytest.mark.parametrize(
    ("tool", "file", "arguments"),
    [
        ("desktop-file-validate", "usr/share/applications/motesklar.desktop", []),
        (
            "appstreamcli",
            "usr/share/metainfo/se.motesklar.Motesklar.metainfo.xml",
            ["validate", "--no-net", "--explain"],
        ),
    ],
)
def test_the_desktop_can_read_it(tool: str, file: str, arguments: list[str], tmp_path: Path):
    stage = staged(CLIENT, tmp_path)
    done = subprocess.run([tool, *arguments, stage / file], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_library_without_a_package_stops_the_build():
    with pytest.raises(BuildError, match=r"libstrange\.so\.1"):
        Needs(libraries=frozenset({"libstrange.so.1"}), glibc=(2, 36)).debian()
    assert NEEDS.rpm() == ["libc.so.6(GLIBC_2.36)(64bit)", "libGL.so.1()(64bit)"]


def test_what_is_inside_is_told_with_licences(tmp_path: Path):
    import h11
    import httpx

    packages = Path(sysconfig.get_path("purelib"))
    found = bill.parts_of([Path(httpx.__file__), Path(h11.__file__)], packages)
    assert [part.name for part in found] == ["h11", "httpx", "CPython"]
    document = json.loads(bill.sbom(CLIENT, found))
    assert {component["purl"].split("@")[0] for component in document["components"]} == {
        "pkg:pypi/h11",
        "pkg:pypi/httpx",
        "pkg:generic/cpython",
    }
    assert bill.sbom(CLIENT, found) == bill.sbom(CLIENT, found)
    bill.collect_licences(found, tmp_path)
    assert "MIT" in next((tmp_path / "h11").iterdir()).read_text()


def test_qt_comes_without_what_the_window_never_uses():
    def stays(path: str) -> bool:
        return contents.is_wanted(f"PySide6/Qt/{path}", "", ours=())

    assert stays("lib/libQt6Widgets.so.6")
    assert stays("plugins/platforms/libqxcb.so")
    assert stays("translations/qtbase_sv.qm")
    assert not stays("lib/libQt6Quick.so.6")
    assert not stays("qml/QtQuick/qmldir")
    assert not stays("plugins/sqldrivers/libqsqlite.so")
    assert not stays("translations/qtbase_de.qm")
    # It holds digests of scripts that name the builder's own folder.
    assert not contents.is_wanted("numpy-2.4.6.dist-info/RECORD", str(ROOT / "RECORD"), ours=(ROOT,))
    assert not contents.is_wanted(
        "pyqtgraph/icons/peegee/peegee_512px.png", str(ROOT / "a.png"), ours=(ROOT,)
    )
    assert contents.is_wanted("pyqtgraph/icons/auto.png", str(ROOT / "auto.png"), ours=(ROOT,))
    assert not contents.is_wanted("libglib-2.0.so.0", "/lib/libglib-2.0.so.0", ours=(ROOT,))


def test_the_parts_add_up(tmp_path: Path):
    for name, size in (("_internal/cv2/cv2.so", 10), ("_internal/PySide6/a", 5), ("readiness", 3)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x" * size)
    assert dict(parts(tmp_path)) == {"OpenCV": 10, "Qt": 5, "the program's file: all Python modules": 3}


def test_other_systems_say_where_they_are_built():
    def built(*arguments: str) -> subprocess.CompletedProcess[str]:
        program = ROOT / "installer" / "build.py"
        return subprocess.run([sys.executable, program, *arguments], capture_output=True, text=True)

    assert built("macos").returncode == 1
    assert "can only be built on macOS" in built("macos").stderr
    assert built("amiga").returncode == 2


def embed() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("python.exe", b"MZ")
        archive.writestr("python313._pth", "python313.zip\n.\n")
    return packed.getvalue()


def test_windows_needs_the_right_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(windows, "EMBED_ADDRESS", "https://127.0.0.1:1/python.zip")
    with pytest.raises(BuildError, match="--python-embed"):
        windows.embeddable(None)
    with pytest.raises(BuildError, match="could not be read"):
        windows.embeddable(str(tmp_path / "none.zip"))
    other = tmp_path / "other.zip"
    other.write_bytes(embed())
    with pytest.raises(BuildError, match="must be 90b4e5b9"):
        windows.embeddable(str(other))
    right = hashlib.sha256(embed()).hexdigest()
    assert windows.embeddable(str(other), right) == embed()


def test_the_payload_for_windows_starts_our_program_with_its_own_python(tmp_path: Path):
    windows.place_python(embed(), tmp_path)
    windows.place_program(tmp_path)
    paths = (tmp_path / "python" / "python313._pth").read_text().split()
    assert paths == ["python313.zip", ".", "..\\app", "..\\packages"]
    assert (tmp_path / "app" / "readiness" / "__main__.py").is_file()
    assert (tmp_path / "app" / "resources" / "profiles" / "common.toml").is_file()
    assert not (tmp_path / "app" / "readiness" / "collector").exists()
    program = (tmp_path / "readiness.exe").read_bytes()
    assert program.startswith(b"MZ")
    assert b"#!<launcher_dir>\\python\\python.exe -B\r\n" in program
    with zipfile.ZipFile(io.BytesIO(program)) as behind:
        assert "readiness.__main__" in behind.read("__main__.py").decode()
    assert (tmp_path / "motesklar.ico").read_bytes()[:4] == b"\0\0\1\0"


@pytest.mark.parametrize(
    ("path", "used"),
    [
        ("PySide6/Qt6Widgets.dll", True),
        ("PySide6/Qt6Quick.dll", False),
        ("PySide6/QtWidgets.pyd", True),
        ("PySide6/QtQml.pyd", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/plugins/sqldrivers/qsqlite.dll", False),
        ("PySide6/opengl32sw.dll", False),
        ("PySide6/designer.exe", False),
        ("cv2/cv2.pyd", True),
        ("speechmos/dnsmos_models/sig_bak_ovr.onnx", True),
        ("speechmos/pdnsmos_models/sig_bak_ovr.onnx", False),
        ("speechmos/aecmos_models/a.onnx", False),
        ("cv2/data/haarcascade_eye.xml", False),
        ("numpy-2.4.6.dist-info/RECORD", False),
        ("numpy-2.4.6.dist-info/METADATA", True),
        ("pygments/lexers/python.py", False),
        ("pygments/lexers/_mapping.py", True),
        ("pygments/styles/vim.py", False),
        ("pygments/styles/monokai.py", True),
        ("pygments/lexers/__init__.py", True),
        ("pygments/token.py", True),
        ("numpy/random/mtrand.cp313-win_amd64.pyd", False),
        ("numpy/f2py/__init__.py", False),
        ("numpy/_core/_multiarray_umath.cp313-win_amd64.pyd", True),
        ("pydantic/v1/main.py", False),
        ("pydantic/main.py", True),
        ("_sounddevice_data/portaudio-binaries/libportaudio64bit.dll", True),
        ("_sounddevice_data/portaudio-binaries/libportaudio32bit.dll", False),
    ],
)
def test_the_payload_leaves_out_what_is_never_used(path: str, used: bool):
    assert windows.is_used(PurePosixPath(path)) is used  # type: ignore[arg-type]


def test_rpm_asks_for_libraries_and_runs_its_scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    package = written(COLLECTOR, "rpm", tmp_path, monkeypatch)

    def asked(*arguments: str) -> str:
        database = str(tmp_path / "rpmdb")
        return subprocess.check_output(["rpm", "--dbpath", database, "-qp", *arguments, package], text=True)

    assert "libGL.so.1()(64bit)" in asked("--requires").split()
    assert "/usr/bin/readiness-collector" in asked("--list").split()
    assert asked("--configfiles").split() == ["/etc/motesklar/collector.toml"]
    assert "systemd-sysusers" in asked("--scripts")
    # The folders too, so that removing the package leaves none of them empty.
    assert {"/usr/lib/motesklar-collector", "/usr/share/doc/motesklar-collector"} <= set(
        asked("--list").split()
    )
    assert "/usr/lib" not in asked("--list").split()
    shutil.rmtree(tmp_path / "rpmdb", ignore_errors=True)
