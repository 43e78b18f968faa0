"""What is taken out of a frozen program, tried on the libraries of this environment themselves."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest

from installer.packing import slim

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="packages of Linux")
SITE = Path(np.__file__).parent.parent


@pytest.fixture(scope="module")
def algebra(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    shared = next((SITE / "numpy.libs").glob("libscipy_openblas64_*"))
    made = tmp_path_factory.mktemp("algebra") / "libalgebra.so"
    slim.link_algebra(made, shared, rpath=str(shared.parent))
    return ctypes.CDLL(str(made))


def pointer(array: np.ndarray) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


def number(value: int) -> object:
    return ctypes.byref(ctypes.c_int32(value))


@pytest.mark.parametrize(("letter", "kind", "near"), [("s", np.float32, 1e-3), ("d", np.float64, 1e-10)])
def test_opencv_gets_the_answers_of_numpy(algebra: ctypes.CDLL, letter: str, kind: type, near: float):
    rng = np.random.default_rng(8)
    square, right = rng.normal(size=(40, 40)).astype(kind), rng.normal(size=(40, 3)).astype(kind)
    even = (square @ square.T + 40 * np.eye(40)).astype(kind)
    info = ctypes.c_int32(7)

    def called(name: str, *arguments: object) -> None:
        getattr(algebra, f"{letter}{name}_")(*arguments, ctypes.byref(info))
        assert info.value == 0, name

    n, three = number(40), number(3)
    matrix, answer, rows = np.asfortranarray(square), np.asfortranarray(right), np.zeros(42, np.int32)
    called("gesv", n, three, pointer(matrix), n, pointer(rows), pointer(answer), n)
    assert np.allclose(answer, np.linalg.solve(square, right), atol=near * 10)
    assert rows[:40].min() >= 1
    assert rows[:40].max() <= 40
    assert (rows[40:] == 0).all(), "nothing is written behind the rows"

    matrix, pivots = np.asfortranarray(square), np.zeros(42, np.int32)
    called("getrf", n, n, pointer(matrix), n, pointer(pivots))
    assert (pivots == rows).all(), "the same rows are exchanged"

    matrix, answer = np.asfortranarray(even), np.asfortranarray(right)
    called("posv", b"L", n, three, pointer(matrix), n, pointer(answer), n)
    assert np.allclose(answer, np.linalg.solve(even, right), atol=near)

    matrix = np.asfortranarray(even)
    called("potrf", b"L", n, pointer(matrix), n)
    assert np.allclose(np.tril(matrix), np.linalg.cholesky(even), atol=near)

    tall, work = rng.normal(size=(60, 20)).astype(kind), np.zeros(20000, kind)
    high, wide, room = number(60), number(20), number(work.size)
    matrix, answer = np.asfortranarray(tall), np.asfortranarray(rng.normal(size=(60, 1)).astype(kind))
    expected = np.linalg.lstsq(tall, answer, rcond=None)[0]
    called(
        *("gels", b"N", high, wide, number(1), pointer(matrix), high, pointer(answer), high),
        *(pointer(work), room),
    )
    assert np.allclose(answer[:20], expected, atol=near)

    matrix, tau = np.asfortranarray(tall), np.zeros(20, kind)
    called("geqrf", high, wide, pointer(matrix), high, pointer(tau), pointer(work), room)
    triangle = np.abs(np.triu(matrix[:20]))
    assert np.allclose(triangle, np.abs(np.linalg.qr(tall)[1]), atol=near)

    matrix, values = np.asfortranarray(tall), np.zeros(20, kind)
    u, v = np.zeros((60, 20), kind, order="F"), np.zeros((20, 20), kind, order="F")
    integers = np.zeros(160, np.int32)
    called(
        *("gesdd", b"S", high, wide, pointer(matrix), high, pointer(values), pointer(u), high),
        *(pointer(v), wide, pointer(work), room, pointer(integers)),
    )
    assert np.allclose(u * values @ v, tall, atol=near)


def test_a_matrix_without_an_answer_is_told(algebra: ctypes.CDLL):
    matrix, answer, rows = np.zeros((3, 3), order="F"), np.ones(3), np.zeros(3, np.int32)
    info = ctypes.c_int32(0)
    n = number(3)
    algebra.dgesv_(n, number(1), pointer(matrix), n, pointer(rows), pointer(answer), n, ctypes.byref(info))
    assert info.value == 1


def test_values_of_a_matrix_and_products(algebra: ctypes.CDLL):
    rng = np.random.default_rng(9)
    square, real, imaginary = rng.normal(size=(12, 12)), np.zeros(12), np.zeros(12)
    matrix, right, work, info = (
        np.asfortranarray(square),
        np.zeros((12, 12)),
        np.zeros(5000),
        ctypes.c_int32(7),
    )
    n = number(12)
    algebra.dgeev_(
        *(b"N", b"V", n, pointer(matrix), n, pointer(real), pointer(imaginary), None, number(1)),
        *(pointer(right), n, pointer(work), number(work.size), ctypes.byref(info)),
    )
    assert info.value == 0
    assert np.allclose(np.sort_complex(real + 1j * imaginary), np.sort_complex(np.linalg.eigvals(square)))
    for letter, kind, scalar in (
        ("s", np.float32, ctypes.c_float),
        ("d", np.float64, ctypes.c_double),
        ("c", np.complex64, None),
        ("z", np.complex128, None),
    ):
        a, b, c = (rng.normal(size=(5, 5)).astype(kind) for _ in range(3))
        expected, given = 2 * (a @ b) + 3 * c, c.copy()
        two, three = (scalar(value) if scalar else pointer(np.array([value], kind)) for value in (2, 3))
        side = [ctypes.c_int32(5)]
        row_major, plain = 101, 111
        getattr(algebra, f"cblas_{letter}gemm")(
            *(row_major, plain, plain, *side * 3, two, pointer(a), *side, pointer(b), *side, three),
            *(pointer(given), *side),
        )
        assert np.allclose(given, expected, atol=1e-4), letter


@pytest.mark.parametrize(
    ("item", "used"),
    [
        ("sv.res", True),
        ("en_GB.res", True),
        ("root.res", True),
        ("coll/sv.res", True),
        ("coll/ucadata.icu", True),
        ("zone/res_index.res", True),
        ("zoneinfo64.res", True),
        ("supplementalData.res", True),
        ("cnvalias.icu", True),
        ("ibm-5348_P100-1997.cnv", True),
        ("de.res", False),
        ("sr_Cyrl_BA.res", False),
        ("coll/zh.res", False),
        ("brkitr/cjdict.dict", False),
        ("translit/el.res", False),
        ("unames.icu", False),
        ("confusables.cfu", False),
        ("rfc3491.spp", False),
        ("ibm-1386_P100-2001.cnv", False),
    ],
)
def test_icu_keeps_swedish_english_and_what_belongs_to_no_language(item: str, used: bool):
    assert slim.icu_is_used(item) is used


QUESTIONS = """
import sys
from PySide6.QtCore import QCollator, QDateTime, QLocale, QTimeZone
for language in ("sv_SE", "en_GB"):
    locale = QLocale(language)
    order = QCollator(locale)
    order.setNumericMode(True)
    words = ["ö", "zebra", "å", "ä", "a", "Ärla", "fil 10", "fil 9", "o", "é"]
    print(sorted(words, key=order.sortKey), locale.toUpper("straße åäö"), locale.toLower("ÅÄÖ"))
    when = QDateTime(2026, 7, 1, 12, 0, 0, 0, QTimeZone(b"Europe/Stockholm"))
    print(locale.toString(when), when.timeZone().displayName(when, QTimeZone.LongName, locale))
from pathlib import Path
maps = Path("/proc/self/maps").read_text().splitlines()
print([line.split()[-1] for line in maps if "libicudata" in line], file=sys.stderr)
"""


@pytest.mark.skipif(find_spec("PySide6") is None or not shutil.which("icupkg"), reason="needs Qt and icupkg")
def test_qt_answers_in_swedish_and_english_as_before(tmp_path: Path):
    """The data is loaded first, by its path; Qt then finds a library of that name in memory already."""
    from PySide6 import QtCore

    whole = next((Path(QtCore.__file__).parent / "Qt" / "lib").glob("libicudata.so.*"), None)
    if whole is None:
        pytest.skip("this Qt brings no ICU")
    small = tmp_path / whole.name
    shutil.copy(whole, small)
    slim.trim_languages(small)
    assert small.stat().st_size < whole.stat().st_size / 5

    def answers(data: Path) -> subprocess.CompletedProcess[str]:
        program = f"import ctypes; ctypes.CDLL({str(data)!r}, ctypes.RTLD_GLOBAL)\n{QUESTIONS}"
        return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    before, after = answers(whole), answers(small)
    assert str(small) in after.stderr
    assert after.stdout == before.stdout
    assert "'fil 9', 'fil 10'" in after.stdout
    assert "'zebra', 'å', 'ä', 'Ärla', 'ö'" in after.stdout, "Swedish order: not by the letters' numbers"


READS = """
import hashlib, sys
import cv2
for file in sys.argv[1:]:
    film, digest, frames = cv2.VideoCapture(file, cv2.CAP_FFMPEG), hashlib.sha256(), 0
    while (read := film.read())[0]:
        frames += 1
        digest.update(read[1].tobytes())
    print(frames, digest.hexdigest())
print(cv2.__file__, file=sys.stderr)
"""


def test_films_are_read_without_the_libraries_that_are_never_called(tmp_path: Path):
    """Also WebM (VP8 and VP9), which libvpx writes and FFmpeg reads by itself."""
    films = []
    for ending, kind in (
        ("mp4", "mp4v"),
        ("avi", "MJPG"),
        ("mkv", "FFV1"),
        ("webm", "VP80"),
        ("webm", "VP90"),
    ):
        films.append(str(tmp_path / f"{kind}.{ending}"))
        code = cv2.VideoWriter.fourcc(*kind)
        writer = cv2.VideoWriter(films[-1], cv2.CAP_FFMPEG, code, 25, (160, 120))
        assert writer.isOpened(), kind
        for number in range(10):
            picture = np.full((120, 160, 3), 20 * number, np.uint8)
            picture[30:60, 10 * number : 10 * number + 20] = (0, 200, 50)
            writer.write(picture)
        writer.release()
    inside = tmp_path / "inside"
    for name in ("cv2", "opencv_python_headless.libs"):
        shutil.copytree(SITE / name, inside / name)
    slim.leave_out_never_called(inside)
    kept = {
        file.name.split("-")[0]: file.stat().st_size
        for file in (inside / "opencv_python_headless.libs").iterdir()
    }
    assert "libaom" not in kept
    assert all(kept[name] < 50_000 for name in ("libavif", "libvpx", "libssl", "libcrypto"))
    assert kept["libdav1d"] > 1_000_000, "AV1 is read by it"

    def read(packages: str) -> subprocess.CompletedProcess[str]:
        told = {**os.environ, "PYTHONPATH": packages}
        command = [sys.executable, "-c", READS, *films]
        return subprocess.run(command, env=told, capture_output=True, text=True, check=True)

    whole, small = read(""), read(str(inside))
    assert str(inside) in small.stderr
    assert "no version information" not in small.stderr, "the loader is content"
    assert small.stdout == whole.stdout
    assert [line.split()[0] for line in small.stdout.splitlines()] == ["10"] * len(films)


def test_a_value_that_others_read_is_not_made_a_function(tmp_path: Path):
    (tmp_path / "a.c").write_text("int number = 3; int called(void) { return 3; }")
    library = tmp_path / "liba.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", library, tmp_path / "a.c"], check=True)
    before = library.read_bytes()
    with pytest.raises(slim.BuildError, match="number"):
        slim.hollow(library, {"number", "called"})
    assert library.read_bytes() == before
    slim.hollow(library, {"called", "unknown"})
    assert ctypes.CDLL(str(library)).called() == 0


def test_a_library_is_stripped_only_where_the_loader_still_takes_it(tmp_path: Path):
    source = tmp_path / "a.c"
    source.write_text("static int inner(void) { return 3; } int outer(void) { return inner(); }")
    library = tmp_path / "liba.so"
    subprocess.run(["gcc", "-g", "-shared", "-fPIC", "-o", library, source], check=True)
    before = library.stat().st_size
    slim.strip(library)
    assert library.stat().st_size < before
    assert slim.loads_evenly(library)
    assert ctypes.CDLL(str(library)).outer() == 3
