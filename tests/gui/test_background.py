from __future__ import annotations

import gc

from readiness.gui.background import Background


def test_work_handed_in_at_the_very_end_is_passed_over() -> None:
    """And leaves nothing behind that complains of never having been awaited."""
    done: list[str] = []

    async def late() -> None:
        done.append("late")

    async def at_end() -> None:
        background.do(lambda: late())
        done.append("end")

    background = Background(
        on_error=lambda error: done.append(str(error)),
        before_end=lambda: background.do(lambda: late()),
        at_end=at_end,
        on_closed=lambda: done.append("closed"),
    )
    background.start()
    background.close()
    assert background.join(10)
    gc.collect()
    assert done[-2:] == ["end", "closed"]
    background.do(lambda: late())
