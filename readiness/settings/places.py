"""Where settings and files live on each system."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP = "motesklar"
BUNDLE = "se.motesklar.Motesklar"
"""The program's name on macOS, and of its preferences there."""
POLICY_KEY = r"Software\Policies\Motesklar"
MACHINE_KEY = r"Software\Motesklar"


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where files live: settings, the user's data, and what came with the program.

    `managed_preferences` are property lists, the strongest first (macOS). Where the registry holds
    what the organisation and the machine say, `registry` is true and there are no files for that.
    """

    settings_file: Path
    machine_settings_file: Path | None
    data: Path
    resources: Path
    policy_file: Path | None = None
    managed_preferences: tuple[Path, ...] = ()
    registry: bool = False

    @property
    def secrets_file(self) -> Path | None:
        """The machine's secrets, beside its settings, for the eyes of the service alone."""
        return self.machine_settings_file.with_name("secrets.toml") if self.machine_settings_file else None

    @property
    def outbox(self) -> Path:
        """Reports not yet delivered, and the receipts of those that were."""
        return self.data / "outbox"

    @property
    def chosen_file(self) -> Path:
        """What the person chose in the window."""
        return self.data / "window.json"

    @property
    def tokens(self) -> Path:
        """This computer's tokens for IT's servers, where the system has no keyring for them."""
        return self.settings_file.with_name("tokens.json")

    @property
    def adopted_file(self) -> Path:
        """The requirements that IT adopted at its server, as they were fetched last."""
        return self.data / "requirements.json"

    @property
    def profiles(self) -> Path:
        """The profiles that came with the program."""
        return self.resources / "profiles"


def places(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> Places:
    """The places of this user on this system. Creates nothing."""
    bundle = getattr(sys, "_MEIPASS", None)
    root = Path(bundle) if bundle else Path(__file__).resolve().parent.parent.parent
    settings_file = Path(platformdirs.user_config_dir(APP, appauthor=False)) / "settings.toml"
    data = Path(platformdirs.user_data_dir(APP, appauthor=False))
    resources = root / "resources"
    if platform == "win32":
        # Not C:\ProgramData: there everybody may make a folder, and speak for the machine.
        return Places(
            settings_file=settings_file,
            machine_settings_file=None,
            data=data,
            resources=resources,
            registry=True,
        )
    if platform == "darwin":
        managed = Path("/Library/Managed Preferences")
        user = environment.get("USER", "")
        named = (managed / user / f"{BUNDLE}.plist",) if user and "/" not in user else ()
        return Places(
            settings_file=settings_file,
            machine_settings_file=Path("/Library/Application Support/Motesklar/settings.toml"),
            data=data,
            resources=resources,
            managed_preferences=(*named, managed / f"{BUNDLE}.plist"),
        )
    return Places(
        settings_file=settings_file,
        machine_settings_file=Path("/etc/motesklar/settings.toml"),
        data=data,
        resources=resources,
        policy_file=Path("/etc/motesklar/policy.toml"),
    )
