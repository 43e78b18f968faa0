"""The E-model (ITU-T G.107): a mean opinion score from delay and loss. Pure.

R = Ro - Is - Id - Ie,eff + A with every default of G.107 but delay and loss: Ro - Is = 93.2, A = 0, no
echo, so that Id is Idd alone (G.107, equation 7-27). Ie,eff as in G.107, equation 7-29, with the
values of G.711 with concealment (G.113, appendix I): Ie = 0, Bpl = 25.1. No value for Opus is published, and
none is invented here.

What it cannot say: G.107 plans telephone networks for the narrow band; it does not know Opus, its repair of
lost packets or its wider band, is stated for losses of up to 20 % and delays of up to 500 ms, and nothing in it
was checked against listeners of web meetings. So no verdict rests on it: it is told for comparison.
"""

from __future__ import annotations

import math

_R0 = 93.2
_BPL = 25.1
MOST_LOSS_PERCENT = 20.0
MOST_DELAY_MS = 500.0


def mos(mouth_to_ear_ms: float, concealed_percent: float, burst_ratio: float = 1.0) -> float | None:
    """Between 1 and 4.5; None beyond what the model is stated for.

    `burst_ratio` (BurstR): the mean number of packets lost in a row, by that of random loss.
    """
    if concealed_percent > MOST_LOSS_PERCENT or mouth_to_ear_ms > MOST_DELAY_MS:
        return None
    rating = _R0 - delay_impairment(mouth_to_ear_ms) - loss_impairment(concealed_percent, burst_ratio)
    return score(rating)


def delay_impairment(mouth_to_ear_ms: float) -> float:
    """Idd of G.107, equation 7-27."""
    if mouth_to_ear_ms <= 100:
        return 0.0
    x = math.log2(mouth_to_ear_ms / 100)
    return 25 * (math.pow(1 + x**6, 1 / 6) - 3 * math.pow(1 + (x / 3) ** 6, 1 / 6) + 2)


def loss_impairment(loss_percent: float, burst_ratio: float = 1.0) -> float:
    """Ie,eff of G.107, equation 7-29, for G.711 with concealment."""
    return 95 * loss_percent / (loss_percent / max(1.0, burst_ratio) + _BPL)


def score(rating: float) -> float:
    """G.107, annex B: the mean opinion score of a rating R."""
    if rating <= 0:
        return 1.0
    if rating >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
