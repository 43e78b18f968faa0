"""ALSA's cards, for a computer without sound server, and the switches of their mixers.

The list is read from /proc and /sys: PortAudio finds out what a card can do by opening it, and then
a card that is in use is missing from the list.
"""

from __future__ import annotations

import contextlib
import ctypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from readiness.devices.endpoint import Endpoint, attachment_by_name
from readiness.devices.ports import Attachment, DeviceKind

_PCM = re.compile(r"(\d+)-(\d+): (.*?) ?: (.*?) ?:(.*)")
_FOR_ALL = {DeviceKind.MICROPHONE: b"Capture", DeviceKind.SPEAKER: b"Master"}
"""The switches that stand above those of single inputs and outputs."""
_FRONT_LEFT = 0  # SND_MIXER_SCHN_FRONT_LEFT, alsa/mixer.h


def alsa_endpoints(
    kind: DeviceKind,
    proc: Path = Path("/proc/asound"),
    classes: Path = Path("/sys/class/sound"),
    *,
    mixers: bool = True,
) -> list[Endpoint]:
    """The devices of all cards, the first card's first device being the default; `mixers` tell the switches."""
    direction = "capture" if kind is DeviceKind.MICROPHONE else "playback"
    try:
        lines = (proc / "pcm").read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    found: list[Endpoint] = []
    for line in lines:
        parts = _PCM.fullmatch(line.strip())
        if parts is None or direction not in parts[5]:
            continue
        card, device = int(parts[1]), int(parts[2])
        address = f"hw:{card},{device}"
        name = _card_name(proc, card)
        found.append(
            Endpoint(
                id=f"alsa:{_card_id(proc, card)},{device}",
                name=f"{name}: {parts[4] or parts[3]}" if name else parts[4] or address,
                attachment=_attachment(classes / f"card{card}", name or ""),
                is_default=not found,
                address=address,
                hardware_muted=switched_off(card, kind) if mixers else None,
            )
        )
    return found


def nodes(kind: DeviceKind, folder: Path = Path("/dev/snd")) -> list[Path]:
    """The device files of the microphones, or of the speakers."""
    return sorted(folder.glob("pcmC*D*c" if kind is DeviceKind.MICROPHONE else "pcmC*D*p"))


def node_of(address: str, kind: DeviceKind, folder: Path = Path("/dev/snd")) -> Path:
    """The device file of `hw:0,0`."""
    card, device = address.removeprefix("hw:").split(",")
    return folder / f"pcmC{card}D{device}{'c' if kind is DeviceKind.MICROPHONE else 'p'}"


def switched_off(card: int, kind: DeviceKind) -> bool | None:
    """Whether the card's mixer has its switch for all sound in (or out) turned off.

    A capture switch that any input has on lets sound through. None where the card has no switch.
    """
    with contextlib.suppress(OSError, AttributeError), _mixer(card) as (alsa, mixer):
        side = "capture" if kind is DeviceKind.MICROPHONE else "playback"
        states: list[bool] = []
        element = alsa.snd_mixer_first_elem(mixer)
        while element:
            name = alsa.snd_mixer_selem_get_name(element)
            if getattr(alsa, f"snd_mixer_selem_has_{side}_switch")(element) and (
                kind is DeviceKind.MICROPHONE or name in (b"Master", b"PCM", b"Speaker", b"Headphone")
            ):
                value = ctypes.c_int(1)
                read = getattr(alsa, f"snd_mixer_selem_get_{side}_switch")
                if read(element, _FRONT_LEFT, ctypes.byref(value)) == 0:
                    if name == _FOR_ALL[kind] and not value.value:
                        return True
                    states.append(bool(value.value))
            element = alsa.snd_mixer_elem_next(element)
        return not any(states) if states else None
    return None


@contextlib.contextmanager
def _mixer(card: int) -> Iterator[tuple[Any, ctypes.c_void_p]]:
    """The card's mixer, loaded. Raises OSError where it cannot be opened."""
    alsa = ctypes.CDLL("libasound.so.2")  # PortAudio needs it as well
    alsa.snd_mixer_first_elem.restype = alsa.snd_mixer_elem_next.restype = ctypes.c_void_p
    alsa.snd_mixer_selem_get_name.restype = ctypes.c_char_p
    for call in ("elem_next", "selem_get_name", "selem_has_capture_switch", "selem_has_playback_switch"):
        getattr(alsa, f"snd_mixer_{call}").argtypes = [ctypes.c_void_p]
    for side in ("capture", "playback"):
        read = getattr(alsa, f"snd_mixer_selem_get_{side}_switch")
        read.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p]
    mixer = ctypes.c_void_p()
    if alsa.snd_mixer_open(ctypes.byref(mixer), 0) < 0:
        raise OSError("no mixer")
    try:
        if alsa.snd_mixer_attach(mixer, f"hw:{card}".encode()) < 0:
            raise OSError("no mixer of this card")
        alsa.snd_mixer_selem_register(mixer, None, None)
        if alsa.snd_mixer_load(mixer) < 0:
            raise OSError("the mixer cannot be read")
        yield alsa, mixer
    finally:
        alsa.snd_mixer_close(mixer)


def _card_id(proc: Path, card: int) -> str:
    try:
        return (proc / f"card{card}" / "id").read_text("utf-8", "replace").strip()
    except OSError:
        return str(card)


def _card_name(proc: Path, card: int) -> str | None:
    """The name in ` 0 [PCH            ]: HDA-Intel - HDA Intel PCH`."""
    try:
        lines = (proc / "cards").read_text("utf-8", "replace").splitlines()
    except OSError:
        return None
    for line in lines:
        number, _, rest = line.strip().partition(" ")
        if number == str(card) and " - " in rest:
            return rest.split(" - ", 1)[1].strip()
    return None


def _attachment(card: Path, name: str) -> Attachment:
    """From where the card's device lies in /sys."""
    try:
        path = str((card / "device").resolve(strict=True))
    except OSError:
        path = ""
    if "/usb" in path:
        return Attachment.USB
    if "/pci" in path or "/soc" in path:
        return Attachment.BUILT_IN
    if "snd_aloop" in path or "snd_dummy" in path:
        return Attachment.VIRTUAL
    return attachment_by_name(name)
