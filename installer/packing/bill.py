"""What is inside, for those who must know: the SBOM (CycloneDX) and everybody's licence."""

from __future__ import annotations

import re
import shutil
import sys
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import Distribution, distributions
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseAcknowledgement
from cyclonedx.output.json import JsonV1Dot6
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from installer.packing.product import LICENCE, ROOT, BuildError, source_date, version

_TEXTS = re.compile(r"(LICEN[CS]E|COPYING|NOTICE|AUTHORS|COPYRIGHT)", re.IGNORECASE)
_PYTHON_LICENCE = "PSF-2.0"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Somebody else's work inside: a distribution of Python's index, Python itself, or a system library."""

    name: str
    version: str
    licence: str | None
    texts: tuple[Path, ...]
    purl: PackageURL
    sha256: str | None = None


def parts_of(sources: Iterable[Path], packages: Path) -> list[Part]:
    """The distributions in `packages` that the files `sources` belong to, Python, and system libraries."""
    wanted = {source.resolve() for source in sources}
    found = []
    for distribution in distributions(path=[str(packages)]):
        files = {Path(str(distribution.locate_file(file))).resolve() for file in distribution.files or ()}
        if files & wanted:
            found.append(_distribution(distribution))
    system = [source for source in sorted(wanted) if _is_of_the_system(source, packages)]
    return [*sorted(found, key=lambda part: part.name.lower()), python(), *_system_parts(system)]


def every_distribution(packages: Path) -> list[Part]:
    """All distributions in a folder, for a build that takes all of them."""
    found = [_distribution(distribution) for distribution in distributions(path=[str(packages)])]
    return sorted(found, key=lambda part: part.name.lower())


def python(release: str | None = None, texts: tuple[Path, ...] = ()) -> Part:
    """CPython itself, the one that runs this or `release`."""
    release = release or ".".join(map(str, sys.version_info[:3]))
    short = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    likely = (
        Path(sys.base_prefix) / "lib" / short / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path("/usr/share/doc") / short / "copyright",
    )
    return Part(
        name="CPython",
        version=release,
        licence=_PYTHON_LICENCE,
        texts=texts or tuple(file for file in likely if file.is_file())[:1],
        purl=PackageURL("generic", None, "cpython", release),
    )


def collect_licences(parts: Sequence[Part], folder: Path) -> None:
    """A folder for each part with its texts. Raises BuildError where a part has neither text nor licence."""
    for part in parts:
        if not part.texts and not part.licence:
            raise BuildError(f"{part.name} {part.version} says nothing of its licence.")
        place = folder / part.name
        place.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(part.texts):
            target = place / text.name
            shutil.copyfile(text, place / f"{text.name}.{number}" if target.exists() else target)
        if not part.texts:
            (place / "LICENSE").write_text(f"{part.name} {part.version}: {part.licence}\n", "utf-8")


def sbom(name: str, parts: Sequence[Part]) -> str:
    """The bill of materials as CycloneDX 1.6 (JSON), the same for the same parts. Raises BuildError."""
    bom = Bom(serial_number=uuid.uuid5(uuid.NAMESPACE_URL, f"{name} {version()} {source_date()}"))
    bom.metadata.timestamp = datetime.fromtimestamp(source_date(), UTC)
    root = Component(
        name=name,
        version=version(),
        type=ComponentType.APPLICATION,
        bom_ref=name,
        licenses=[DisjunctiveLicense(id=LICENCE)],
    )
    bom.metadata.component = root
    components = [_component(part) for part in parts]
    for component in components:
        bom.components.add(component)
    bom.register_dependency(root, components)
    document = JsonV1Dot6(bom).output_as_string(indent=1)
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(document):
        raise BuildError(f"The SBOM of {name} is not valid: {fault}")
    return document


def _component(part: Part) -> Component:
    licences = []
    if part.licence:
        declared = LicenseAcknowledgement.DECLARED
        licences = [LicenseFactory().make_from_string(part.licence, license_acknowledgement=declared)]
    return Component(
        name=part.name,
        version=part.version,
        type=ComponentType.LIBRARY,
        bom_ref=part.purl.to_string(),
        purl=part.purl,
        licenses=licences,
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=part.sha256)] if part.sha256 else None,
    )


def _distribution(distribution: Distribution) -> Part:
    name, release = distribution.metadata["Name"], distribution.version
    files = [file for file in distribution.files or () if _TEXTS.match(file.name) and file.suffix != ".py"]
    texts = (Path(str(distribution.locate_file(file))) for file in files)
    return Part(
        name=name,
        version=release,
        licence=_licence(distribution),
        texts=tuple(text for text in texts if text.is_file()),
        purl=PackageURL("pypi", None, re.sub(r"[-_.]+", "-", name).lower(), release),
    )


def _licence(distribution: Distribution) -> str | None:
    metadata = distribution.metadata
    if expression := metadata.get("License-Expression"):
        return str(expression)
    classes = [
        line.rpartition("::")[2].strip()
        for line in metadata.get_all("Classifier") or ()
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    stated = (metadata.get("License") or "").strip()
    if stated and "\n" not in stated and len(stated) < 80:
        return str(stated)
    return " / ".join(classes) or None


def _is_of_the_system(source: Path, packages: Path) -> bool:
    inside = (packages.resolve(), ROOT, Path(sys.base_prefix).resolve() / "lib" / "python3")
    python_folder = Path(sys.base_prefix).resolve()
    if str(python_folder) != "/usr" and source.is_relative_to(python_folder):
        return False
    return (
        source.name.startswith("lib")
        and ".so" in source.name
        and not any(str(source).startswith(str(folder)) for folder in inside)
    )


def _system_parts(libraries: Sequence[Path]) -> list[Part]:
    found: dict[str, Part] = {}
    for library in libraries:
        owner = _owner(library)
        if owner is None:
            raise BuildError(f"{library} goes into the program, and no system package is known for it.")
        package, release = owner
        text = Path("/usr/share/doc") / package / "copyright"
        found[package] = Part(
            name=package,
            version=release,
            licence=None if text.is_file() else "unknown",
            texts=(text,) if text.is_file() else (),
            purl=PackageURL("deb", "debian", package, release),
        )
    return [found[name] for name in sorted(found)]


def _owner(library: Path) -> tuple[str, str] | None:
    import subprocess

    for path in (
        library,
        Path("/") / library.relative_to("/usr") if library.is_relative_to("/usr") else library,
    ):
        asked = subprocess.run(["dpkg-query", "--search", str(path)], capture_output=True, text=True)
        if asked.returncode == 0:
            package = asked.stdout.split(":")[0].strip()
            version_asked = subprocess.run(
                ["dpkg-query", "--show", "--showformat=${Version}\n", package], capture_output=True, text=True
            )
            return package, version_asked.stdout.split("\n")[0]
    return None
