from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readiness.gui.arguments import Wish, asks_for_window, read_arguments
from readiness.gui.link import LinkError, read_link


@pytest.mark.parametrize(
    ("link", "case"),
    [
        ("motesklar:test?case=SUP-1234", "SUP-1234"),
        ("motesklar://test?case=SUP-1234", "SUP-1234"),
        ("motesklar://test/?case=SUP-1234&from=mail", "SUP-1234"),
        ("MOTESKLAR:test?case=%C3%84rende%2012", "Ärende 12"),
    ],
)
def test_a_link_from_support_names_the_case(link: str, case: str) -> None:
    assert read_link(link).case == case


@pytest.mark.parametrize(
    "link",
    [
        "",
        "motesklar:",
        "motesklar:test",
        "motesklar:test?case=",
        "motesklar:test?case=1&case=2",
        "motesklar:send?case=1",
        "https://example.se/test?case=1",
        "motesklar:test?case=%3Cscript%3E",
        "motesklar:test?case=1%0A2",
        "motesklar:test?case=" + "1" * 41,
        "motesklar:test?" + "a=b&" * 200 + "case=1",
        "motesklar://[test?case=1",
    ],
)
def test_anything_else_is_no_invitation(link: str) -> None:
    with pytest.raises(LinkError) as refused:
        read_link(link)
    assert refused.value.text.sv


@given(st.text(max_size=500) | st.text(max_size=60).map(lambda rest: f"motesklar:test?case={rest}"))
def test_whatever_comes_is_read_or_refused(link: str) -> None:
    try:
        case = read_link(link).case
    except LinkError:
        return
    assert 0 < len(case) <= 40
    assert not set(case) & set("<>\"'&\n\r\0;`$")


def test_the_command_line_of_the_window() -> None:
    assert asks_for_window([])
    assert asks_for_window(["window", "--technician"])
    assert asks_for_window(["motesklar:test?case=1"])
    assert not asks_for_window(["check"])
    assert read_arguments([]) == Wish()
    assert read_arguments(["motesklar:test?case=1", "--technician"]) == Wish(link="motesklar:test?case=1")
    wish = read_arguments(
        ["window", "--technician", "--asset-tag", "K-1", "--unit", "Skolan", "--lang", "en"]
    )
    assert wish == Wish(technician=True, asset_tag="K-1", unit="Skolan", language="en")


def test_a_wrong_argument_ends_with_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(["window", "--flying"])
    assert ended.value.code == 2
    assert "--flying" in capsys.readouterr().err
