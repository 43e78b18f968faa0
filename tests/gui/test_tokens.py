from __future__ import annotations

import pytest

from readiness.core.model import Verdict
from readiness.gui.tokens import HIGH_DARK, HIGH_LIGHT, PALETTES, Palette


def luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", PALETTES, ids=[palette.name for palette in PALETTES])
def test_text_can_be_read_on_every_ground_it_stands_on(palette: Palette) -> None:
    pairs = [
        (text, ground)
        for text in (palette.text, palette.muted, palette.accent)
        for ground in (palette.ground, palette.surface, palette.raised, palette.accent_tint)
    ]
    pairs += [(palette.on_accent, palette.accent), (palette.on_accent, palette.accent_hover)]
    pairs += [(palette.on_screen, palette.screen)]
    for verdict in Verdict:
        tone = palette.tone(verdict)
        pairs += [
            (tone.strong, ground) for ground in (tone.tint, palette.surface, palette.ground, palette.raised)
        ]
        pairs += [(palette.text, tone.tint), (palette.muted, tone.tint)]
    for text, ground in pairs:
        assert contrast(text, ground) >= 4.5, (text, ground)


@pytest.mark.parametrize("palette", PALETTES, ids=[palette.name for palette in PALETTES])
def test_edges_of_controls_and_the_focus_can_be_seen(palette: Palette) -> None:
    for edge in (palette.edge, palette.focus):
        assert contrast(edge, palette.surface) >= 3.0
        assert contrast(edge, palette.ground) >= 3.0


@pytest.mark.parametrize("palette", [HIGH_LIGHT, HIGH_DARK], ids=["light", "dark"])
def test_who_asks_for_contrast_gets_more_of_it(palette: Palette) -> None:
    for text in (palette.text, palette.muted, palette.accent, palette.line):
        assert contrast(text, palette.ground) >= 7.0
    for verdict in Verdict:
        assert contrast(palette.tone(verdict).strong, palette.tone(verdict).tint) >= 7.0
