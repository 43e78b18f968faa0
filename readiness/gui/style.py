"""The stylesheet, from the design tokens."""

from __future__ import annotations

from pathlib import Path

from readiness.gui.tokens import (
    CODE_FONTS,
    FONTS,
    RADIUS_L,
    RADIUS_M,
    RADIUS_S,
    SCROLL_BAR,
    SIZES,
    Palette,
    Tone,
)


def stylesheet(palette: Palette, icons: Path, scale: float = 1.0) -> str:
    """The whole window's style in one theme, its text `scale` times as large."""
    return "\n".join(
        (_text(palette, scale), _surfaces(palette), _controls(palette, scale), _fields(palette, icons, scale))
    )


def _families(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _text(palette: Palette, scale: float) -> str:
    sizes = "\n".join(
        f'QLabel[type="{name}"] {{ font-size: {round(pixels * scale)}px; }}' for name, pixels in SIZES.items()
    )
    return f"""
* {{ font-family: {_families(FONTS)}; font-size: {round(SIZES["body"] * scale)}px; color: {palette.text}; }}
QLabel {{ background: transparent; }}
{sizes}
QLabel[type="verdict"], QLabel[type="title"], QLabel[type="heading"], QLabel[strong="true"] {{
    font-weight: 600;
}}
QLabel[type="code"] {{ font-family: {_families(CODE_FONTS)}; font-weight: 600; }}
QLabel[muted="true"] {{ color: {palette.muted}; }}
{_toned(palette)}
"""


def _toned(palette: Palette) -> str:
    def edge(tone: Tone) -> str:
        return f"border: 2px solid {tone.strong};" if palette.bold else ""

    rules = []
    for name, tone in _tones(palette).items():
        rules.append(f'QLabel[tone="{name}"] {{ color: {tone.strong}; }}')
        rules.append(
            f'QFrame[card="{name}"] {{ background: {tone.tint}; {edge(tone)} border-radius: {RADIUS_L}px; }}'
        )
        rules.append(f'QProgressBar[tone="{name}"]::chunk {{ background: {tone.strong}; }}')
    return "\n".join(rules)


def _tones(palette: Palette) -> dict[str, Tone]:
    return {
        "READY": palette.ready,
        "LIMITED": palette.limited,
        "NOT_READY": palette.not_ready,
        "UNKNOWN": palette.unknown,
        "accent": Tone(strong=palette.accent, tint=palette.accent_tint),
    }


def _surfaces(palette: Palette) -> str:
    tile_edge = f"border: 1px solid {palette.line};" if palette.bold else ""
    return f"""
QWidget#window, QWidget#sheet, QStackedWidget, QScrollArea {{ background: {palette.ground}; border: none; }}
QFrame#header {{ background: {palette.surface}; border-bottom: 1px solid {palette.line}; }}
QFrame#actions {{ background: {palette.surface}; border-top: 1px solid {palette.line}; }}
QFrame[card="plain"] {{
    background: {palette.surface}; border: 1px solid {palette.line}; border-radius: {RADIUS_L}px;
}}
QFrame[card="row"] {{ background: transparent; border: none; border-top: 1px solid {palette.line}; }}
QFrame[card="first_row"] {{ background: transparent; border: none; }}
QFrame[card="tile"] {{ background: {palette.raised}; border-radius: {RADIUS_M}px; {tile_edge} }}
QToolTip {{
    background: {palette.surface}; color: {palette.text}; border: 1px solid {palette.edge}; padding: 6px;
}}
QScrollBar:vertical {{ background: transparent; width: {SCROLL_BAR}px; margin: 2px; }}
QScrollBar::handle:vertical {{ background: {palette.edge}; border-radius: 4px; min-height: 40px; }}
QScrollBar::handle:vertical:disabled {{ background: transparent; }}
QScrollBar:horizontal {{ background: transparent; height: {SCROLL_BAR}px; margin: 2px; }}
QScrollBar::handle:horizontal {{ background: {palette.edge}; border-radius: 4px; min-width: 40px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _controls(palette: Palette, scale: float) -> str:
    # Every button keeps a border of its own width, so that nothing moves when the focus ring shows.
    # With more contrast the rest of a bar is a frame: filled in the strongest colour it would look done.
    track = (
        f"background: {palette.surface}; border: 1px solid {palette.edge};"
        if palette.bold
        else f"background: {palette.line}; border: none;"
    )
    return f"""
QPushButton {{
    min-height: 28px; padding: 8px 18px; border-radius: {RADIUS_M}px; font-weight: 600;
    border: 2px solid transparent; background: transparent; color: {palette.accent};
}}
QPushButton[kind="primary"] {{ background: {palette.accent}; color: {palette.on_accent}; }}
QPushButton[kind="primary"]:hover {{ background: {palette.accent_hover}; }}
QPushButton[kind="large"] {{
    background: {palette.accent}; color: {palette.on_accent};
    min-height: 40px; padding: 12px 40px; border-radius: {RADIUS_L}px; font-size: {round(SIZES["heading"] * scale)}px;
}}
QPushButton[kind="large"]:hover {{ background: {palette.accent_hover}; }}
QPushButton[kind="secondary"] {{ background: {palette.surface}; border-color: {palette.edge}; }}
QPushButton[kind="secondary"]:hover, QPushButton[kind="quiet"]:hover {{ background: {palette.accent_tint}; }}
QPushButton[kind="quiet"] {{ padding: 6px 4px; }}
QPushButton[kind="choice"] {{
    padding: 2px 12px; border-radius: {RADIUS_S}px; color: {palette.muted}; font-size: {round(SIZES["small"] * scale)}px;
}}
QPushButton[kind="choice"]:hover {{ background: {palette.raised}; }}
QPushButton[kind="choice"]:checked {{
    background: {palette.accent_tint}; color: {palette.accent};
    text-decoration: {"underline" if palette.bold else "none"};
}}
QPushButton:disabled {{ background: {palette.raised}; color: {palette.muted}; border-color: transparent; }}
QPushButton:focus {{ border: 2px solid {palette.focus}; }}
QPushButton[kind="primary"]:focus, QPushButton[kind="large"]:focus {{
    background: {palette.accent_hover}; border: 3px double {palette.on_accent};
}}
QProgressBar {{
    {track} border-radius: 3px; min-height: 6px; max-height: 6px;
}}
QProgressBar::chunk {{ background: {palette.accent}; border-radius: 3px; }}
"""


def _fields(palette: Palette, icons: Path, scale: float) -> str:
    tick, arrow = ((icons / f"{name}_on_{palette.kind}.svg").as_posix() for name in ("tick", "list"))
    return f"""
QComboBox, QLineEdit, QPlainTextEdit {{
    background: {palette.surface}; color: {palette.text}; border: 2px solid {palette.edge};
    border-radius: {RADIUS_S}px; padding: 6px 10px; min-height: 26px;
    selection-background-color: {palette.accent}; selection-color: {palette.on_accent};
    placeholder-text-color: {palette.muted};
}}
QPlainTextEdit {{ font-family: {_families(CODE_FONTS)}; font-size: {round(SIZES["small"] * scale)}px; border-width: 1px; }}
QComboBox:focus, QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {palette.focus}; }}
QComboBox::drop-down {{ border: none; width: 36px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 18px; height: 18px; }}
QComboBox QAbstractItemView {{
    background: {palette.surface}; color: {palette.text}; border: 1px solid {palette.edge}; outline: none;
    selection-background-color: {palette.accent_tint}; selection-color: {palette.text}; padding: 4px;
}}
QCheckBox {{ spacing: 12px; padding: 6px; border: 2px solid transparent; border-radius: {RADIUS_S}px; }}
QCheckBox:focus {{ border-color: {palette.focus}; }}
QCheckBox::indicator {{
    width: 20px; height: 20px; border: 2px solid {palette.edge}; border-radius: 6px;
    background: {palette.surface};
}}
QCheckBox::indicator:checked {{
    background: {palette.accent}; border-color: {palette.accent}; image: url("{tick}");
}}
"""
