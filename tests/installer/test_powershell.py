"""Intune's scripts, parsed by the published grammar of PowerShell, and what they call, called here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter
import tree_sitter_powershell
from tree_sitter import Node

from installer.packing.product import ROOT
from readiness.terminal.summary import LONGEST

SCRIPTS = sorted((ROOT / "installer" / "windows").rglob("*.ps1"))
CMDLETS = {"join-path", "test-path", "write-output", "select-object"}
"""What a script may use of PowerShell: nothing that asks for the names of persons or computers."""
VARIABLES = {"$env:ProgramFiles", "$LASTEXITCODE", "$null", "$_", "$ErrorActionPreference"}
PROGRAMS = {"$own", "$python", "$program"}


def parse(source: bytes) -> Node:
    language = tree_sitter.Language(tree_sitter_powershell.language())
    return tree_sitter.Parser(language).parse(source).root_node


def below(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield child
        yield from below(child)


def text(node: Node | None) -> str:
    return ((node.text if node else None) or b"").decode()


def of_kind(root: Node, *kinds: str) -> list[Node]:
    return [node for node in below(root) if node.type in kinds]


def tree(script: Path) -> Node:
    root = parse(script.read_bytes())
    faults = [f"line {node.start_point[0] + 1}: {text(node)[:60]}" for node in below(root) if node.is_error or node.is_missing]  # fmt: skip
    assert not root.has_error, faults
    return root


def ends_with_exit(block: Node) -> str:
    """The last statement of a block, which leaves the script."""
    statements = [node for node in below(block) if node.type == "statement_list"]
    return text(statements[0].named_children[-1])


@pytest.mark.parametrize("broken", ["if ($x { }", "$x = (1", "Write-Output 'a", "if ($a) { exit 0 } els { }"])
def test_the_grammar_finds_what_is_wrong(broken: str) -> None:
    assert parse(broken.encode()).has_error


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_whole_and_ends_on_every_way_with_its_status(script: Path) -> None:
    root = tree(script)
    (trial,) = of_kind(root, "try_statement")
    (caught,) = of_kind(root, "catch_clause")
    (inside,) = [node for node in trial.named_children if node.type == "statement_block"]
    assert re.fullmatch(r"exit [01]", ends_with_exit(inside))
    assert ends_with_exit(caught) == "exit 1", "a fault of the script is an issue, told in one line"
    exits = [text(node) for node in of_kind(root, "flow_control_statement")]
    assert set(exits) == {"exit 0", "exit 1"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_uses_nothing_that_knows_a_person(script: Path) -> None:
    root = tree(script)
    names = {text(node) for node in of_kind(root, "command_name")}
    assert {name.lower() for name in names if not name.startswith("$")} <= CMDLETS
    assigned = {text(node.named_children[0]) for node in of_kind(root, "assignment_expression")}
    used = {text(node) for node in of_kind(root, "variable")}
    assert used <= VARIABLES | assigned | {"@before"}, used - assigned
    members = {text(node).lower() for node in of_kind(root, "member_name")}
    assert members <= {"length", "substring", "exception", "gettype", "name"}, (
        "the kind of a fault, not its words"
    )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_what_a_script_prints_is_one_line_of_ours_cut_to_size(script: Path) -> None:
    root = tree(script)
    printed = [
        text(node).removeprefix("Write-Output ")
        for node in of_kind(root, "command")
        if text(node).startswith("Write-Output")
    ]
    assert "$line" in printed
    for said in printed:
        assert said == "$line" or re.match(r"""["']Motesklar state=\w+""", said), said
    source = text(root)
    assert source.index(f"Substring(0, {LONGEST})") < source.index("Write-Output $line")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_words_on_the_error_output_do_not_end_a_script(script: Path) -> None:
    """Windows PowerShell 5.1 ends at a program's first line there under 'Stop' (PowerShell issue 4002)."""
    root = tree(script)
    calls = [node for node in of_kind(root, "command") if text(node).startswith("& $")]
    assert calls
    eases = [
        node.start_byte
        for node in of_kind(root, "assignment_expression")
        if text(node) == "$ErrorActionPreference = 'Continue'"
    ]
    assert eases
    assert all(min(eases) < call.start_byte for call in calls)


def called(script: Path) -> list[list[str]]:
    """The commands of the program that a script calls, without what hides their error output."""
    found = []
    for node in of_kind(tree(script), "command"):
        words = text(node).split()
        if words[0] == "&":
            assert words[1] in PROGRAMS
            arguments = [word for word in words[2:] if not re.match(r"[2*]>|\$null|@before", word)]
            found.append(arguments[3:] if arguments[:3] == ["-B", "-m", "readiness"] else arguments)
    return found


def test_what_the_scripts_call_answers_with_one_line_and_a_status(tmp_path: Path) -> None:
    commands = {tuple(command) for script in SCRIPTS for command in called(script)}
    assert commands == {
        ("recheck", "--summary"),
        ("outbox", "send"),
        ("recheck", "--notify", "--summary"),
    }
    for command in sorted(commands):
        done = subprocess.run(
            [sys.executable, "-B", "-m", "readiness", *command],
            env={**os.environ, "HOME": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": "disabled:"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if command[0] == "recheck":
            (line,) = done.stdout.splitlines()
            assert done.returncode == 1, "never tested: an issue"
            assert line.startswith("Motesklar ")
            assert "state=never_tested" in line
            assert line.isascii()
            assert len(line) <= LONGEST
            for named in (os.uname().nodename, os.environ.get("USER") or "root"):
                assert named not in line.split()
        else:
            assert done.returncode == 2, "no server is set"
            assert done.stderr
