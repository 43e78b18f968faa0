"""The design in one place: spacing, radii, type scale, fonts, and the colours light and dark."""

from __future__ import annotations

from dataclasses import dataclass

from readiness.core.model import Verdict

SPACE_XS = 4
SPACE_S = 8
SPACE_M = 16
SPACE_L = 24
SPACE_XL = 40

RADIUS_S = 8
RADIUS_M = 12
RADIUS_L = 18

BRAND = "#3567d6"
"""The colour of our own mark, the same in both themes."""

CONTENT_WIDTH = 920
SMALLEST_WINDOW = (640, 520)
FIRST_WINDOW = (1060, 780)

SIZES = {"code": 52, "verdict": 32, "title": 28, "heading": 20, "lead": 18, "body": 16, "small": 14}
"""The type scale, in pixels at 100 %."""

FONTS = (
    "Segoe UI Variable Text",
    "Segoe UI",
    "SF Pro Text",
    ".AppleSystemUIFont",
    "Inter",
    "Cantarell",
    "Ubuntu",
    "Noto Sans",
    "Open Sans",
    "DejaVu Sans",
)
"""Each system's own font first; DejaVu Sans is what the set-up puts on a machine without any."""

CODE_FONTS = ("Cascadia Mono", "Consolas", "SF Mono", "Menlo", "Noto Sans Mono", "DejaVu Sans Mono")


@dataclass(frozen=True, kw_only=True)
class Tone:
    """One meaning: its strong colour, for text and marks, and its tint, to stand behind them."""

    strong: str
    tint: str


@dataclass(frozen=True, kw_only=True)
class Palette:
    """All colours of one theme. Text on its ground has a contrast of at least 4.5:1."""

    name: str
    ground: str
    surface: str
    raised: str
    text: str
    muted: str
    line: str
    edge: str
    accent: str
    accent_hover: str
    accent_tint: str
    on_accent: str
    focus: str
    screen: str
    on_screen: str
    ready: Tone
    limited: Tone
    not_ready: Tone
    unknown: Tone

    def tone(self, verdict: Verdict) -> Tone:
        """The colours of a verdict; its shape and words say the same."""
        tones = {
            Verdict.READY: self.ready,
            Verdict.LIMITED: self.limited,
            Verdict.NOT_READY: self.not_ready,
            Verdict.UNKNOWN: self.unknown,
        }
        return tones[verdict]


LIGHT = Palette(
    name="light",
    ground="#f5f6f8",
    surface="#ffffff",
    raised="#eef1f5",
    text="#1a1f26",
    muted="#525d69",
    line="#e1e5ea",
    edge="#7f8a97",
    accent="#2354c4",
    accent_hover="#1b439f",
    accent_tint="#e8eefc",
    on_accent="#ffffff",
    focus="#1b439f",
    screen="#1c2128",
    on_screen="#e8ecf1",
    ready=Tone(strong="#13693c", tint="#e3f4ea"),
    limited=Tone(strong="#7d4f00", tint="#fff2d4"),
    not_ready=Tone(strong="#a8231c", tint="#fde9e7"),
    unknown=Tone(strong="#4b5662", tint="#e9edf1"),
)

DARK = Palette(
    name="dark",
    ground="#13161a",
    surface="#1d2126",
    raised="#272c33",
    text="#edf0f4",
    muted="#aab4c0",
    line="#313740",
    edge="#7b8693",
    accent="#9dbcff",
    accent_hover="#bcd2ff",
    accent_tint="#222e47",
    on_accent="#0c1d42",
    focus="#bcd2ff",
    screen="#0b0d10",
    on_screen="#e8ecf1",
    ready=Tone(strong="#7bd8a4", tint="#183224"),
    limited=Tone(strong="#f3c65c", tint="#362b12"),
    not_ready=Tone(strong="#ffa49c", tint="#3d1f1d"),
    unknown=Tone(strong="#b6c0cb", tint="#2a3038"),
)
