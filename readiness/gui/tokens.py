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
SCROLL_BAR = 12
SMALLEST_WINDOW = (640, 520)
FIRST_WINDOW = (1060, 780)

SCALES = (1.0, 1.25, 1.5, 1.75, 2.0)
"""How large the text can be made."""

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
    bold: bool = False
    """Every surface has an edge of its own: for those who ask the system for more contrast."""

    @property
    def kind(self) -> str:
        """`light` or `dark`."""
        return self.name.rpartition("_")[2]

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

HIGH_LIGHT = Palette(
    name="high_light",
    ground="#ffffff",
    surface="#ffffff",
    raised="#ffffff",
    text="#000000",
    muted="#262626",
    line="#000000",
    edge="#000000",
    accent="#00208a",
    accent_hover="#000f4d",
    accent_tint="#ffffff",
    on_accent="#ffffff",
    focus="#b00000",
    screen="#000000",
    on_screen="#ffffff",
    ready=Tone(strong="#00451f", tint="#ffffff"),
    limited=Tone(strong="#5a3300", tint="#ffffff"),
    not_ready=Tone(strong="#8a0000", tint="#ffffff"),
    unknown=Tone(strong="#262626", tint="#ffffff"),
    bold=True,
)

HIGH_DARK = Palette(
    name="high_dark",
    ground="#000000",
    surface="#000000",
    raised="#000000",
    text="#ffffff",
    muted="#e6e6e6",
    line="#ffffff",
    edge="#ffffff",
    accent="#ffe14d",
    accent_hover="#fff3b0",
    accent_tint="#000000",
    on_accent="#000000",
    focus="#4dffff",
    screen="#000000",
    on_screen="#ffffff",
    ready=Tone(strong="#7dffb0", tint="#000000"),
    limited=Tone(strong="#ffd24d", tint="#000000"),
    not_ready=Tone(strong="#ffb3ad", tint="#000000"),
    unknown=Tone(strong="#e6e6e6", tint="#000000"),
    bold=True,
)

PALETTES = (LIGHT, DARK, HIGH_LIGHT, HIGH_DARK)
