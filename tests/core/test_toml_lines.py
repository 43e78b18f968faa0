from __future__ import annotations

from readiness.core.toml_lines import line_of

TEXT = '''# a comment
id = "p"
note = """
[[limits]]
unit = "not a key"
"""
helpdesk.mail = "a"

[[limits]]   # the first
figure = "x"
[[limits]]
"unit" = "ms"
[limits.more]
deep = 1

[helpdesk.more]
hours = '8-16'
list = [
  1,
]
'''


def test_the_line_of_a_value() -> None:
    assert line_of(TEXT, ("id",)) == 2
    assert line_of(TEXT, ("helpdesk", "mail")) == 7
    assert line_of(TEXT, ("limits", 0)) == 9
    assert line_of(TEXT, ("limits", 0, "figure")) == 10
    assert line_of(TEXT, ("limits", 1, "unit")) == 12
    assert line_of(TEXT, ("limits", 1, "more", "deep")) == 14
    assert line_of(TEXT, ("helpdesk", "more", "hours")) == 17


def test_a_value_without_a_line_of_its_own_stands_where_its_holder_does() -> None:
    assert line_of(TEXT, ("helpdesk", "more", "list", 0)) == 18
    assert line_of(TEXT, ("limits", 1, "source")) == 11
    assert line_of(TEXT, ("absent",)) is None
    assert line_of("", ()) is None
