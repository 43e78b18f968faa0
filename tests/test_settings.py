from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from readiness.core.text import Text
from readiness.settings import ENVIRONMENT, Places, Settings, SettingsError, checked, load_settings, places


@pytest.fixture
def where(tmp_path: Path) -> Places:
    return Places(
        settings_file=tmp_path / "user" / "settings.toml",
        machine_settings_file=tmp_path / "machine" / "settings.toml",
        data=tmp_path / "data",
        resources=tmp_path / "resources",
    )


def write(file: Path, content: str | bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)


def refused(where: Places, environment: dict[str, str] | None = None, **above: object) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings(where, environment or {}, above=above)
    text = caught.value.text
    assert text.sv != text.en
    assert str(caught.value) == text.en
    return text.en


def test_without_any_file_the_defaults_hold(where: Places, tmp_path: Path) -> None:
    assert load_settings(where, {}) == Settings()
    assert Settings().language == "sv"
    assert Settings().profile == "organisation"
    assert list(tmp_path.iterdir()) == [], "loading creates nothing"


def test_a_file_sets_what_it_names(where: Places) -> None:
    write(
        where.settings_file,
        'language = "en"\ncollector_url = "https://moten.example.se"\nenrolment_key = "mk_k"\n'
        'unit = "Skolan"\nsend_wifi_name = true\n',
    )
    assert load_settings(where, {}) == Settings(
        language="en",
        collector_url="https://moten.example.se",
        enrolment_key="mk_k",
        unit="Skolan",
        send_wifi_name=True,
    )


def test_a_mark_in_front_as_notepad_writes_it_does_no_harm(where: Places) -> None:
    write(where.settings_file, 'unit = "Vård"'.encode("utf-8-sig"))
    assert load_settings(where, {}).unit == "Vård"


def test_the_strongest_wins(where: Places) -> None:
    """The machine's file, the user's, the environment, the command line: each above the one before."""
    variables = {name: variable for name, variable in ENVIRONMENT.items() if name == "profile"}
    environment: dict[str, str] = {}
    above: dict[str, object] = {"profile": None}
    assert load_settings(where, environment, above=above).profile == "organisation"
    write(where.machine_settings_file, 'profile = "machine"\nunit = "kept"')
    assert load_settings(where, environment, above=above).profile == "machine"
    write(where.settings_file, 'profile = "user"')
    assert load_settings(where, environment, above=above).profile == "user"
    environment[variables["profile"]] = "environment"
    assert load_settings(where, environment, above=above).profile == "environment"
    above["profile"] = "command"
    assert load_settings(where, environment, above=above).profile == "command"
    assert load_settings(where, environment, above=above).unit == "kept"


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_every_variable_of_the_environment(where: Places, name: str) -> None:
    values = {"collector_url": "https://a.example", "language": "en"}
    value = values.get(name, "x")
    assert getattr(load_settings(where, {ENVIRONMENT[name]: value}), name) == value
    assert load_settings(where, {ENVIRONMENT[name]: ""}) == Settings(), "empty is not set"


@pytest.mark.parametrize("which", ["settings_file", "machine_settings_file"])
@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("language = ", "no TOML"),
        (b"\xff\xfe\x00", "no TOML"),
        ('colour = "red"', "unknown setting colour"),
        ("[collector]\nurl = 1", "unknown setting collector"),
        ("unit = 7", "unit does not fit: 7"),
        ("send_user_name = 1", "send_user_name does not fit: 1"),
        ('allow_insecure = "yes"', "allow_insecure does not fit"),
        ('collector_url = ["https://a.example"]', "collector_url does not fit"),
        ('language = "fi"', "language does not fit: 'fi'"),
        ("language = []", "language does not fit"),
    ],
)
def test_a_faulty_file_is_named_with_what_is_wrong(
    where: Places, which: str, content: str | bytes, says: str
) -> None:
    file = getattr(where, which)
    write(file, content)
    message = refused(where)
    assert says in message
    assert str(file) in message


def test_a_file_that_cannot_be_read(where: Places) -> None:
    where.settings_file.mkdir(parents=True)
    assert "cannot be read" in refused(where)


def test_the_key_is_not_shown(where: Places) -> None:
    write(where.settings_file, "enrolment_key = 12345")
    assert "12345" not in refused(where)
    assert "mk_secret" not in repr(Settings(enrolment_key="mk_secret"))


@pytest.mark.parametrize("language", ["fi", "SV", "sv_SE"])
def test_a_language_that_there_is_not(where: Places, language: str) -> None:
    assert language in refused(where, {"READINESS_LANGUAGE": language})
    assert language in refused(where, language=language)


@pytest.mark.parametrize(
    "url",
    [
        *("moten.example.se", "ftp://moten.example.se", "https://", "https://:443", "//a.example"),
        *(
            "https://a.example:0",
            "https://a.example:99999",
            "https://a.example:x",
            "https://[",
            "{",
            "javascript:1",
        ),
    ],
)
def test_an_address_that_is_none(where: Places, url: str) -> None:
    assert f"cannot be used: {url}" in refused(where, {"READINESS_COLLECTOR_URL": url})
    with pytest.raises(SettingsError) as caught:
        checked(Settings(collector_url=url))
    assert url in caught.value.text.say("sv")


@pytest.mark.parametrize(
    "url", ["http://moten.example.se", "http://10.0.0.7:8470", "http://localhost.example"]
)
def test_an_address_without_encryption_is_for_this_computer_alone(where: Places, url: str) -> None:
    assert "not encrypted" in refused(where, {"READINESS_COLLECTOR_URL": url})
    settings = load_settings(where, {"READINESS_COLLECTOR_URL": url}, above={"allow_insecure": True})
    assert settings.collector_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8470",
        "http://127.0.0.1:8470/",
        "http://[::1]:8470",
        "https://moten.example.se/under",
    ],
)
def test_addresses_that_are_good(where: Places, url: str) -> None:
    assert load_settings(where, {"READINESS_COLLECTOR_URL": url}).collector_url == url


def test_the_files_live_where_the_system_keeps_them() -> None:
    here = places()
    assert here.settings_file.name == here.machine_settings_file.name == "settings.toml"
    assert here.settings_file != here.machine_settings_file
    assert here.outbox.is_relative_to(here.data)
    assert (here.profiles / "organisation.toml").is_file()
    if os.name == "posix":
        assert here.machine_settings_file == Path("/etc/motesklar/settings.toml")


def test_every_setting_has_a_default() -> None:
    for field in dataclasses.fields(Settings):
        assert field.default is not dataclasses.MISSING, field.name


def test_what_a_newer_version_wrote_can_be_passed_over_and_said(where: Places) -> None:
    write(where.settings_file, 'unit = "Skolan"\nhologram = true\nsend_wifi_name = "perhaps"')
    write(where.machine_settings_file, "this is [no TOML")
    said: list[Text] = []
    assert load_settings(where, {}, passed_over=said) == Settings(unit="Skolan")
    assert ["TOML" in said[0].en, "hologram" in said[1].en, "perhaps" in said[2].en] == [True] * 3
    assert str(where.settings_file) in said[1].sv


def test_a_secret_that_does_not_fit_is_not_said(where: Places) -> None:
    write(where.settings_file, "enrolment_key = 4711")
    said: list[Text] = []
    load_settings(where, {}, passed_over=said)
    assert "4711" not in said[0].en
