"""What device management on macOS sets: a manifest of the keys, and an example of a profile."""

from __future__ import annotations

import plistlib
import uuid
from typing import Any

from readiness.settings.places import BUNDLE
from readiness.settings.schema import SETTINGS, Kind, Setting

_OURS = uuid.uuid5(uuid.NAMESPACE_DNS, "motesklar")
_EXAMPLES = {
    "language": "sv",
    "profile": "organisation",
    "collector_url": "https://moten.example.se",
    "unit": "Hemtjänsten",
    "helpdesk_phone": "0000-12 34 56",
    "recheck": True,
}


def manifest() -> bytes:
    """The keys in the format that ProfileCreator, iMazing and Jamf's editors read."""
    return _plist(
        {
            "pfm_domain": BUNDLE,
            "pfm_format_version": 1,
            "pfm_version": 1,
            "pfm_title": "Mötesklar",
            "pfm_description": "Settings of Mötesklar that an organisation may set.",
            "pfm_platforms": ["macOS"],
            "pfm_targets": ["system", "user"],
            "pfm_unique": True,
            "pfm_subkeys": [_subkey(setting) for setting in SETTINGS if setting.by_policy],
        }
    )


def example() -> bytes:
    """A configuration profile to begin from: put in your own values, and sign it."""
    payload = {
        "PayloadType": BUNDLE,
        "PayloadIdentifier": f"{BUNDLE}.settings",
        "PayloadUUID": str(uuid.uuid5(_OURS, "settings")).upper(),
        "PayloadVersion": 1,
        "PayloadDisplayName": "Mötesklar",
        **{setting.key: _EXAMPLES[setting.name] for setting in SETTINGS if setting.name in _EXAMPLES},
    }
    return _plist(
        {
            "PayloadType": "Configuration",
            "PayloadIdentifier": f"{BUNDLE}.profile",
            "PayloadUUID": str(uuid.uuid5(_OURS, "profile")).upper(),
            "PayloadVersion": 1,
            "PayloadScope": "System",
            "PayloadDisplayName": "Mötesklar",
            "PayloadDescription": "Inställningar för Mötesklar. Settings of Mötesklar.",
            "PayloadContent": [payload],
        }
    )


def _subkey(setting: Setting) -> dict[str, Any]:
    row: dict[str, Any] = {
        "pfm_name": setting.key,
        "pfm_title": setting.title.en,
        "pfm_description": f"{setting.help.en} Value: {setting.expected.en}.",
        "pfm_description_reference": setting.help.sv,
        "pfm_type": "boolean" if setting.kind is Kind.TRUTH else "string",
    }
    if setting.default is not None:
        row["pfm_default"] = setting.default
    if setting.allowed:
        row["pfm_range_list"] = list(setting.allowed)
    return row


def _plist(document: dict[str, Any]) -> bytes:
    return plistlib.dumps(document, sort_keys=False)
