from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from readiness.core.text import Text
from readiness.settings import (
    ENVIRONMENT,
    Places,
    Settings,
    SettingsError,
    checked,
    load,
    load_settings,
    places,
)
from readiness.settings.sources import Rank, Weight


@pytest.fixture
def where(tmp_path: Path) -> Places:
    return Places(
        settings_file=tmp_path / "user" / "settings.toml",
        machine_settings_file=tmp_path / "machine" / "settings.toml",
        policy_file=tmp_path / "machine" / "policy.toml",
        data=tmp_path / "data",
        resources=tmp_path / "resources",
    )


def write(file: Path | None, content: str | bytes) -> None:
    assert file is not None
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
    """The user's file, the machine's, the environment, the command line, the policy: each above the one before."""
    environment: dict[str, str] = {}
    above: dict[str, object] = {"profile": None}

    def in_force() -> tuple[str, str]:
        loaded = load(where, environment, above=above)
        assert load_settings(where, environment, above=above) == loaded.settings
        found = loaded.origins.get("profile")
        return loaded.settings.profile, found.rank if found else "default"

    assert in_force() == ("organisation", "default")
    write(where.settings_file, 'profile = "mine"\nunit = "kept"')
    assert in_force() == ("mine", "user")
    write(where.machine_settings_file, 'profile = "machine"')
    assert in_force() == ("machine", "machine")
    environment["READINESS_PROFILE"] = "environment"
    assert in_force() == ("environment", "environment")
    above["profile"] = "asked"
    assert in_force() == ("asked", "command")
    write(where.policy_file, 'profile = "policy"')
    assert in_force() == ("policy", "policy")
    assert load_settings(where, environment, above=above).unit == "kept"


def test_what_a_policy_overrules_just_now_is_said(where: Places) -> None:
    write(where.policy_file, 'profile = "policy"\nlanguage = "en"')
    loaded = load(where, {"READINESS_LANGUAGE": "en"}, above={"profile": "asked"})
    (remark,) = loaded.remarks
    assert remark.weight is Weight.OVERRULED
    assert "--profile is not used" in remark.text.en
    assert loaded.managed == {"profile", "language"}
    load_settings(where, {}, above={"profile": "asked"})  # and it is no fault


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_every_variable_of_the_environment(where: Places, name: str) -> None:
    values = {"collector_url": "https://a.example", "language": "en"}
    value = values.get(name, "x")
    assert getattr(load_settings(where, {ENVIRONMENT[name]: value}), name) == value
    assert load_settings(where, {ENVIRONMENT[name]: ""}) == Settings(), "empty is not set"


FAULTY = [
    ("language = ", "no TOML"),
    (b"\xff\xfe\x00", "no TOML"),
    ("a=" + "[" * 5000, "no TOML"),
    ("[collector]\nurl = 1", "unknown setting collector"),
    ('colour = "red"', "unknown setting colour"),
    ("unit = 7", "unit does not fit: 7"),
    ("unit = 2026-01-01", "unit does not fit"),
    ('unit = "a\\u0000b"', "unit does not fit"),
    (f'unit = "{"x" * 201}"', "at most 200 characters"),
    ("send_user_name = 1", "send_user_name does not fit: 1. Write true or false"),
    ('allow_insecure = "yes"', "allow_insecure does not fit"),
    ('collector_url = ["https://a.example"]', "collector_url does not fit"),
    ('collector_url = "moten.example.se"', "cannot be used: moten.example.se"),
    ('collector_url = "http://moten.example.se"', "not encrypted"),
    ('language = "fi"', "language does not fit: 'fi'. Write sv or en"),
    ("language = []", "language does not fit"),
]


@pytest.mark.parametrize(("content", "says"), FAULTY)
def test_a_faulty_file_of_the_users_is_named_with_what_is_wrong(
    where: Places, content: str | bytes, says: str
) -> None:
    write(where.settings_file, content)
    message = refused(where)
    assert says in message
    assert str(where.settings_file) in message


@pytest.mark.parametrize("which", ["policy_file", "machine_settings_file"])
@pytest.mark.parametrize(("content", "says"), FAULTY)
def test_what_it_set_wrongly_is_told_and_stops_nobody(
    where: Places, which: str, content: str | bytes, says: str
) -> None:
    write(getattr(where, which), content)
    write(where.settings_file, 'collector_url = "https://mine.example"\nunit = "mine"\nlanguage = "en"')
    loaded = load(where, {})
    name = says.partition(" does not fit")[0]
    managed_alone = which == "policy_file" and name in ("send_user_name", "allow_insecure")
    (remark,) = loaded.remarks
    assert ("cannot be set by a policy" if managed_alone else says) in remark.text.en
    assert str(getattr(where, which)) in remark.text.en
    assert remark.text.sv != remark.text.en
    assert remark.rank is (Rank.POLICY if which == "policy_file" else Rank.MACHINE)
    assert remark.weight is (Weight.HINT if "unknown" in says else Weight.FAULT)
    kept = Settings(collector_url="https://mine.example", unit="mine", language="en")
    assert loaded.settings == load_settings(where, {}) == kept, "the next source's values hold"


def test_a_profile_that_is_not_there_stops_nobody_where_it_set_it(where: Places) -> None:
    write(where.profiles / "organisation.toml", "")
    write(where.profiles / "common.toml", "")
    write(where.policy_file, 'profile = "gone"')
    write(where.machine_settings_file, 'profile = "common"')
    loaded = load(where, {})
    assert loaded.settings.profile == "organisation"
    assert ["Choose among organisation." in remark.text.en for remark in loaded.faults] == [True, True]


def test_one_wrong_value_of_a_policy_takes_no_other_along(where: Places) -> None:
    write(where.policy_file, 'collector_url = 7\nunit = "Skolan"\nlanguage = "en"')
    write(where.machine_settings_file, 'collector_url = "https://machine.example"')
    loaded = load(where, {})
    assert loaded.settings == Settings(unit="Skolan", language="en", collector_url="https://machine.example")
    assert [remark.key for remark in loaded.faults] == ["collector_url"]


def test_no_policy_sets_a_secret_or_a_persons_own_choice(where: Places) -> None:
    write(where.policy_file, 'enrolment_key = "mk_a"\nsend_user_name = true\nasset_tag = "1"')
    loaded = load(where, {})
    assert loaded.settings == Settings()
    assert len(loaded.faults) == 3
    assert "mk_a" not in " ".join(remark.text.en + remark.text.sv for remark in loaded.remarks)


def test_an_empty_line_is_not_set(where: Places) -> None:
    write(where.policy_file, 'collector_url = ""\nunit = ""')
    write(where.machine_settings_file, 'unit = "Skolan"')
    assert load_settings(where, {}) == Settings(unit="Skolan")
    assert load(where, {}).remarks == ()


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
    assert here.settings_file.name == "settings.toml"
    assert here.outbox.is_relative_to(here.data)
    assert (here.profiles / "organisation.toml").is_file()
    linux, mac, windows = (places(platform, {"USER": "anna"}) for platform in ("linux", "darwin", "win32"))
    assert linux.machine_settings_file == Path("/etc/motesklar/settings.toml")
    assert linux.policy_file == Path("/etc/motesklar/policy.toml")
    assert linux.secrets_file == Path("/etc/motesklar/secrets.toml")
    assert [file.as_posix() for file in mac.managed_preferences] == [
        "/Library/Managed Preferences/anna/se.motesklar.Motesklar.plist",
        "/Library/Managed Preferences/se.motesklar.Motesklar.plist",
    ]
    assert (windows.registry, windows.machine_settings_file, windows.secrets_file) == (True, None, None)
    assert places("darwin", {"USER": "../../tmp"}).managed_preferences == mac.managed_preferences[1:]


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
