"""Settings: what IT manages, what the user chose, and where files live.

Strongest first: the organisation's policy, the command line, the environment, the machine, the user,
the default. A value that cannot be used is told, and the next source's holds.
"""

from readiness.settings.chosen import Chosen, keep_chosen, read_chosen
from readiness.settings.loading import (
    Loaded,
    Settings,
    SettingsError,
    checked,
    load,
    load_settings,
    raise_what_can_be_corrected,
)
from readiness.settings.places import APP, Places, places
from readiness.settings.schema import ENVIRONMENT

__all__ = [
    "APP",
    "ENVIRONMENT",
    "Chosen",
    "Loaded",
    "Places",
    "Settings",
    "SettingsError",
    "checked",
    "keep_chosen",
    "load",
    "load_settings",
    "places",
    "raise_what_can_be_corrected",
    "read_chosen",
]
