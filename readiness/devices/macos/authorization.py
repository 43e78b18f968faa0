"""Whether macOS lets this program use camera and microphone (System Settings, Privacy & Security)."""

from __future__ import annotations

import importlib
from enum import Enum
from typing import Any

from readiness.devices.ports import DeviceKind


class Authorization(Enum):
    """AVAuthorizationStatus, in words."""

    NOT_ASKED = "not asked yet"
    RESTRICTED = "restricted by an administrator"
    DENIED = "denied in the privacy settings"
    ALLOWED = "allowed"


_BY_STATUS = tuple(Authorization)  # 0 notDetermined, 1 restricted, 2 denied, 3 authorized
_MEDIA = {DeviceKind.CAMERA: "AVMediaTypeVideo", DeviceKind.MICROPHONE: "AVMediaTypeAudio"}


def authorization(kind: DeviceKind, framework: Any = None) -> Authorization:
    """The status for `kind`; a speaker needs none. `framework` is pyobjc's AVFoundation."""
    if kind not in _MEDIA:
        return Authorization.ALLOWED
    framework = framework or importlib.import_module("AVFoundation")
    status = framework.AVCaptureDevice.authorizationStatusForMediaType_(getattr(framework, _MEDIA[kind]))
    return _BY_STATUS[status] if 0 <= status < len(_BY_STATUS) else Authorization.NOT_ASKED
