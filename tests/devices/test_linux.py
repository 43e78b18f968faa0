"""What Linux tells of devices, from folders and answers of a sound server as they really look."""

from __future__ import annotations

import contextlib
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from readiness.devices.linux import sound
from readiness.devices.linux.alsa import alsa_endpoints
from readiness.devices.linux.cameras import LinuxCameras
from readiness.devices.ports import Attachment, DeviceKind


def source(name: str, description: str, **more: Any) -> Any:
    """One of pulsectl's PulseSourceInfo."""
    return types.SimpleNamespace(
        name=name,
        description=description,
        index=more.get("index", 1),
        card=more.get("card", 4294967295),
        mute=more.get("mute", 0),
        volume=types.SimpleNamespace(value_flat=more.get("volume", 1.0)),
        channel_count=more.get("channels", 2),
        proplist=more.get("proplist", {}),
        port_active=more.get("port"),
    )


def port(state: str) -> Any:
    return types.SimpleNamespace(name="analog-input-mic", available_state=state)


LAPTOP = types.SimpleNamespace(
    server_info=lambda: types.SimpleNamespace(default_source_name="bluez_input.AA", default_sink_name=""),
    card_list=lambda: [
        types.SimpleNamespace(index=7, profile_active=types.SimpleNamespace(name="headset-head-unit-msbc")),
        types.SimpleNamespace(index=8, profile_active=None),
    ],
    source_list=lambda: [
        source("alsa_input.pci-0000_00_1f.3.analog-stereo", "Built-in Audio", port=port("no"),
               proplist={"device.bus": "pci", "device.class": "sound", "device.form_factor": "internal"}),
        source("alsa_output.pci-0000_00_1f.3.analog-stereo.monitor", "Monitor of Built-in Audio",
               proplist={"device.bus": "pci", "device.class": "monitor"}),
        source("alsa_input.usb-Jabra.mono-fallback", "Jabra Evolve2 30", port=port("unknown"), channels=1, mute=1,
               volume=0.256, proplist={"device.bus": "usb", "device.class": "sound"}),
        source("bluez_input.AA", "WH-1000XM4", card=7, port=port("yes"),
               proplist={"device.api": "bluez5", "device.class": "sound"}),
        source("echo-cancel", "Echo-Cancel Source", channels=0, proplist={"device.class": "filter"}),
    ],
    sink_list=lambda: [
        source("auto_null", "Dummy Output", proplist={"device.class": "abstract"}),
        source("spk", "Cable", proplist={"node.virtual": "true"}),
    ],
)  # fmt: skip


def test_a_laptops_microphones_as_the_sound_server_tells_them(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def server() -> Iterator[Any]:
        yield LAPTOP

    monkeypatch.setattr(sound, "sound_server", server)
    sony, own, jabra, filtered = sound.LinuxSound().endpoints(DeviceKind.MICROPHONE)
    assert (sony.is_default, sony.attachment, sony.call_mode, sony.plugged_in) == (
        True, Attachment.BLUETOOTH, True, True,
    )  # fmt: skip
    assert (own.attachment, own.plugged_in, own.call_mode) == (Attachment.BUILT_IN, False, None)
    assert (jabra.attachment, jabra.muted, jabra.volume_percent, jabra.plugged_in, jabra.channels) == (
        Attachment.USB, True, 25.6, None, 1,
    )  # fmt: skip
    assert (filtered.attachment, filtered.channels) == (Attachment.VIRTUAL, 1)
    (cable,) = sound.LinuxSound().endpoints(DeviceKind.SPEAKER)  # what stands for no speaker is none
    assert (cable.name, cable.attachment) == ("Cable", Attachment.VIRTUAL)


def test_alsas_cards_of_a_laptop_without_a_sound_server(tmp_path: Path) -> None:
    proc, classes = tmp_path / "asound", tmp_path / "class"
    for card, name in ((0, "PCH"), (2, "E30")):
        (proc / f"card{card}").mkdir(parents=True)
        (proc / f"card{card}" / "id").write_text(f"{name}\n")
        where = (
            tmp_path / "devices" / ("pci0000:00/0000:00:1f.3" if card == 0 else "pci0000:00/usb1/1-2/1-2:1.0")
        )
        where.mkdir(parents=True)
        (classes / f"card{card}").mkdir(parents=True)
        (classes / f"card{card}" / "device").symlink_to(where)
    (proc / "cards").write_text(
        " 0 [PCH            ]: HDA-Intel - HDA Intel PCH\n"
        "                      HDA Intel PCH at 0x603d1b8000 irq 145\n"
        " 2 [E30            ]: USB-Audio - Jabra Evolve2 30\n"
        "                      GN Audio A/S Jabra Evolve2 30 at usb-0000:00:14.0-2, full speed\n"
    )
    (proc / "pcm").write_text(
        "00-00: ALC257 Analog : ALC257 Analog : playback 1 : capture 1\n"
        "00-03: HDMI 0 : HDMI 0 : playback 1\n"
        "02-00: USB Audio : USB Audio : playback 1 : capture 1\n"
        "nonsense\n"
    )
    own, jabra = alsa_endpoints(DeviceKind.MICROPHONE, proc, classes)
    assert (own.id, own.name, own.attachment, own.is_default, own.address) == (
        "alsa:PCH,0", "HDA Intel PCH: ALC257 Analog", Attachment.BUILT_IN, True, "hw:0,0",
    )  # fmt: skip
    assert (jabra.id, jabra.name, jabra.attachment, jabra.address) == (
        "alsa:E30,0", "Jabra Evolve2 30: USB Audio", Attachment.USB, "hw:2,0",
    )  # fmt: skip
    assert len(alsa_endpoints(DeviceKind.SPEAKER, proc, classes)) == 3
    assert alsa_endpoints(DeviceKind.SPEAKER, tmp_path / "nothing", classes) == []


def test_cameras_by_sysfs_where_the_nodes_cannot_be_asked(tmp_path: Path) -> None:
    classes = tmp_path / "video4linux"
    for number, name, index, place, removable in (
        (0, "Integrated Camera: Integrated C", "0", "usb1/1-6", "fixed"),
        (1, "Integrated Camera: Integrated C", "1", "usb1/1-6", "fixed"),
        (10, "OBS Virtual Camera", "0", "virtual/video4linux", None),
        (2, "Logitech BRIO", "0", "usb2/2-1", "removable"),
    ):
        device = tmp_path / "devices" / place / f"node{number}"
        device.mkdir(parents=True)
        if removable is not None:
            (device.parent / "removable").write_text(f"{removable}\n")
        (device / "name").write_text(f"{name}\n")
        (device / "index").write_text(f"{index}\n")
        classes.mkdir(exist_ok=True)
        (classes / f"video{number}").symlink_to(device)
    found = LinuxCameras(classes, tmp_path / "dev").cameras()
    assert [(camera.name, camera.attachment) for camera in found] == [
        ("Integrated Camera: Integrated C", Attachment.BUILT_IN),
        ("Logitech BRIO", Attachment.USB),
        ("OBS Virtual Camera", Attachment.VIRTUAL),
    ]
    assert len({camera.id for camera in found}) == 3
    assert LinuxCameras(classes, tmp_path / "dev").shutter_closed(found[0]) is None
