"""The definition of the MSI: made from the payload's folder, in the words of WiX 3 (wixl and candle read it).

Per machine and silent (`msiexec /i motesklar.msi /qn COLLECTORURL=... ENROLMENTKEY=... PROFILE=...`). The
three properties go to HKLM, Software\\Motesklar; an empty value is not set. An upgrade finds there what
was given before, and what is given anew stands above it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as Xml

from installer.packing.product import BuildError, publisher
from readiness.settings.places import MACHINE_KEY
from readiness.settings.schema import BY_NAME

NAMESPACE = "http://schemas.microsoft.com/wix/2006/wi"
UPGRADE_CODE = "2E1B9E0E-51F4-4C2B-8E4C-30A9D28F5E11"
"""Never changes: Windows tells by it that two packages are the same product."""
PROPERTIES = {"COLLECTORURL": "collector_url", "ENROLMENTKEY": "enrolment_key", "PROFILE": "profile"}
"""The public properties of the package and the settings that they are."""
DOWNGRADE = (
    "En nyare version av Motesklar finns redan. Den behålls. / "
    "A newer version of Motesklar is already installed. It is kept."
)
FOLDER = "Motesklar"
TASK = r"Motesklar\Recheck"
TASK_FILE = "recheck-task.xml"
ICON_FILE = "motesklar.ico"
FEATURE = "Main"
_SCHEME = r"Software\Classes\motesklar"


class PayloadError(BuildError):
    """The payload cannot be packed; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Launchers:
    """The payload's program for the window and that for the terminal, and what each is called with."""

    window: str
    terminal: str
    arguments: str = ""


def launchers(payload: Path) -> Launchers:
    """How the payload is started: by programs of its own, or by the Python that it holds.

    `-B`: what is installed stays as it is, so that nothing is left when it is removed.
    """
    own = [name for name in ("motesklar.exe", "readiness.exe") if (payload / name).is_file()]
    if own:
        return Launchers(window=own[0], terminal=own[-1])
    if (payload / "pythonw.exe").is_file() and (payload / "python.exe").is_file():
        return Launchers(window="pythonw.exe", terminal="python.exe", arguments="-B -m readiness")
    raise PayloadError(f"{payload} holds neither readiness.exe nor pythonw.exe and python.exe.")


def task(form: str, started: Launchers) -> bytes:
    """The scheduled task for this payload, from the form in `recheck-task.xml`; UTF-16 as schtasks writes it."""
    arguments = f"{started.arguments} recheck --notify".strip()
    filled = form.replace("@PROGRAM@", started.window).replace("@ARGUMENTS@", arguments)
    return filled.replace('encoding="UTF-8"', 'encoding="UTF-16"', 1).encode("utf-16")


def product_code(version: str, files: list[str]) -> str:
    """Another for each version and content, the same for the same: two builds of one commit are alike."""
    return _guid(f"product {version} {' '.join(files)}")


def place_task(payload: Path) -> None:
    """Put the task of the scheduled re-check beside what it starts. Raises PayloadError."""
    form = Path(__file__).with_name(TASK_FILE).read_text("utf-8")
    (payload / TASK_FILE).write_bytes(task(form, launchers(payload)))


def definition(payload: Path, version: str, source: str = "payload") -> bytes:
    """The definition as XML; files stand in it as below `source`, from where the builder runs. Raises PayloadError."""
    started, giver = launchers(payload), publisher()
    files = sorted(file.relative_to(payload).as_posix() for file in payload.rglob("*") if file.is_file())
    root = Xml.Element("Wix", xmlns=NAMESPACE)
    product = Xml.SubElement(
        root,
        "Product",
        Id=product_code(version, files),
        Name="Mötesklar",
        Language="1053",
        Codepage="65001",
        Version=version,
        Manufacturer=giver.name,
        UpgradeCode=UPGRADE_CODE,
    )
    Xml.SubElement(
        product,
        "Package",
        InstallerVersion="500",
        Compressed="yes",
        InstallScope="perMachine",
        Description="Mötesklar",
    )
    Xml.SubElement(
        product, "MajorUpgrade", DowngradeErrorMessage=DOWNGRADE, Schedule="afterInstallInitialize"
    )
    Xml.SubElement(product, "MediaTemplate", EmbedCab="yes", CompressionLevel="high")  # LZX, by WiX
    _properties(product)
    for about, value in (("ARPCONTACT", giver.email), ("ARPURLINFOABOUT", giver.homepage)):
        Xml.SubElement(product, "Property", Id=about, Value=value)
    if ICON_FILE in files:
        Xml.SubElement(product, "Icon", Id=ICON_FILE, SourceFile=f"{source}/{ICON_FILE}")
        Xml.SubElement(product, "Property", Id="ARPPRODUCTICON", Value=ICON_FILE)
    top = Xml.SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    Xml.SubElement(top, "Directory", Id="ProgramMenuFolder")
    programs = Xml.SubElement(top, "Directory", Id="ProgramFiles64Folder")
    folder = Xml.SubElement(programs, "Directory", Id="INSTALLFOLDER", Name=FOLDER)
    components = [
        *_tree(folder, source, files, started, has_icon=ICON_FILE in files),
        _machine_settings(folder),
        _link_scheme(folder, started),
    ]
    feature = Xml.SubElement(product, "Feature", Id=FEATURE, Level="1", Title="Mötesklar")
    for component in components:
        Xml.SubElement(feature, "ComponentRef", Id=component)
    _actions(product, has_task=TASK_FILE in files)
    Xml.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="utf-8") + b"\n"


def _properties(product: Xml.Element) -> None:
    for name, setting in PROPERTIES.items():
        secret = {"Hidden": "yes"} if BY_NAME[setting].secret else {}
        Xml.SubElement(product, "Property", Id=name, Secure="yes", **secret)
        kept = Xml.SubElement(product, "Property", Id=f"KEPT{name}", Secure="yes", **secret)
        Xml.SubElement(
            kept,
            "RegistrySearch",
            Id=f"Kept{BY_NAME[setting].key}",
            Root="HKLM",
            Key=MACHINE_KEY,
            Name=BY_NAME[setting].key,
            Type="raw",
            Win64="yes",
        )
    Xml.SubElement(product, "Property", Id="ARPNOMODIFY", Value="1")


def _tree(
    folder: Xml.Element, source: str, files: list[str], started: Launchers, *, has_icon: bool
) -> Iterator[str]:
    """A component for each file, in directories as in the payload; their ids as they are made."""
    directories: dict[PurePosixPath, Xml.Element] = {PurePosixPath(): folder}
    for name in files:
        path = PurePosixPath(name)
        for parent in reversed([above for above in path.parents if above not in directories]):
            directories[parent] = Xml.SubElement(
                directories[parent.parent], "Directory", Id=_id("d", str(parent)), Name=parent.name
            )
        component = Xml.SubElement(
            directories[path.parent], "Component", Id=_id("c", name), Guid=_guid(f"file {name}"), Win64="yes"
        )
        file = Xml.SubElement(
            component, "File", Id=_id("f", name), Name=path.name, Source=f"{source}/{name}", KeyPath="yes"
        )
        if name == started.window:
            shortcut = Xml.SubElement(
                file,
                "Shortcut",
                Id="StartMenu",
                Directory="ProgramMenuFolder",
                Name="Mötesklar",
                Description="Fungerar din dator i möten?",
                WorkingDirectory="INSTALLFOLDER",
                Advertise="no",
            )
            if started.arguments:
                shortcut.set("Arguments", started.arguments)
            if has_icon:
                shortcut.set("Icon", "motesklar.ico")
        yield _id("c", name)


def _machine_settings(folder: Xml.Element) -> str:
    component = Xml.SubElement(
        folder, "Component", Id="MachineSettings", Guid=_guid("machine settings"), Win64="yes"
    )
    for number, (name, setting) in enumerate(PROPERTIES.items()):
        Xml.SubElement(
            component,
            "RegistryValue",
            Id=f"Value{BY_NAME[setting].key}",
            Root="HKLM",
            Key=MACHINE_KEY,
            Name=BY_NAME[setting].key,
            Type="string",
            Value=f"[{name}]",
            **({"KeyPath": "yes"} if number == 0 else {}),
        )
    return "MachineSettings"


def _link_scheme(folder: Xml.Element, started: Launchers) -> str:
    component = Xml.SubElement(folder, "Component", Id="LinkScheme", Guid=_guid("link scheme"), Win64="yes")
    command = " ".join(
        part for part in (f'"[INSTALLFOLDER]{started.window}"', started.arguments, '"%1"') if part
    )
    rows = (
        ("SchemeName", _SCHEME, "", "URL:Motesklar"),
        ("SchemeProtocol", _SCHEME, "URL Protocol", ""),
        ("SchemeCommand", rf"{_SCHEME}\shell\open\command", "", command),
    )
    for number, (key, path, name, value) in enumerate(rows):
        row = Xml.SubElement(
            component, "RegistryValue", Id=key, Root="HKLM", Key=path, Type="string", Value=value
        )
        if name:
            row.set("Name", name)
        if number == 0:
            row.set("KeyPath", "yes")
    return "LinkScheme"


def _actions(product: Xml.Element, *, has_task: bool) -> None:
    sequence = Xml.Element("InstallExecuteSequence")
    for name, setting in PROPERTIES.items():
        action = f"Keep{BY_NAME[setting].key}"
        Xml.SubElement(product, "CustomAction", Id=action, Property=name, Value=f"[KEPT{name}]")
        Xml.SubElement(
            sequence, "Custom", Action=action, After="AppSearch"
        ).text = f"NOT {name} AND KEPT{name}"
    if has_task:
        Xml.SubElement(
            product,
            "CustomAction",
            Id="NameScheduler",
            Property="SCHEDULER",
            Value="[System64Folder]schtasks.exe",
        )
        Xml.SubElement(sequence, "Custom", Action="NameScheduler", After="CostFinalize").text = "1"
        for action, command, after, condition in (
            (
                "AddTask",
                f'/Create /F /TN "{TASK}" /XML "[INSTALLFOLDER]{TASK_FILE}"',
                "InstallFiles",
                'NOT REMOVE~="ALL"',
            ),
            (
                "RemoveTask",
                f'/Delete /F /TN "{TASK}"',
                "InstallInitialize",
                'REMOVE~="ALL" AND NOT UPGRADINGPRODUCTCODE',
            ),
        ):
            Xml.SubElement(
                product,
                "CustomAction",
                Id=action,
                Property="SCHEDULER",
                ExeCommand=command,
                Execute="deferred",
                Impersonate="no",
                Return="ignore",
            )
            Xml.SubElement(sequence, "Custom", Action=action, After=after).text = condition
    product.append(sequence)


def _id(kind: str, name: str) -> str:
    """An identifier of the tables: letters, digits and _, at most 72."""
    return f"{kind}_{uuid.uuid5(_OURS, name).hex}"


def _guid(name: str) -> str:
    return str(uuid.uuid5(_OURS, name)).upper()


_OURS = uuid.uuid5(uuid.UUID(UPGRADE_CODE), "motesklar")
