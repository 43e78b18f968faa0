"""The keyring of a Linux desktop, through the system's own library for it.

libsecret (LGPL, used as a shared library) speaks the Secret Service, which GNOME Keyring, KeePassXC and newer
KWallets offer, and encrypts what passes over D-Bus. Its functions and their memory are described at
https://gnome.pages.gitlab.gnome.org/libsecret/; the others are GLib's and GIO's.

The attributes are those that the Python package `keyring` gives an item: what that one stored is found here.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import POINTER, byref, c_char_p, c_int, c_ssize_t, c_uint32, c_void_p
from pathlib import Path
from typing import Any

_LIBRARY = "libsecret-1.so.0"
_SCHEMA = b"org.freedesktop.Secret.Generic"
_DONT_MATCH_NAME = 1 << 1  # SECRET_SCHEMA_DONT_MATCH_NAME
_STRING = None  # SECRET_SCHEMA_ATTRIBUTE_STRING, which is 0, as a value of a hash table
_SESSION_BUS = 2  # G_BUS_TYPE_SESSION
_DEFAULT_SERVICE = _DEFAULT_COLLECTION = _NO_SCHEMA = None
_APPLICATION = "Python keyring library"


class _Error(ctypes.Structure):
    """GLib's GError."""

    _fields_ = (("domain", c_uint32), ("code", c_int), ("message", c_char_p))


_Told = POINTER(POINTER(_Error))
_FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "g_strdup": (c_void_p, [c_char_p]),
    "g_error_free": (None, [POINTER(_Error)]),
    "g_hash_table_new_full": (c_void_p, [c_void_p, c_void_p, c_void_p, c_void_p]),
    "g_hash_table_insert": (c_int, [c_void_p, c_void_p, c_void_p]),
    "g_hash_table_unref": (None, [c_void_p]),
    "g_bus_get_sync": (c_void_p, [c_int, c_void_p, _Told]),
    "g_dbus_connection_set_exit_on_close": (None, [c_void_p, c_int]),
    "secret_schema_newv": (c_void_p, [c_char_p, c_int, c_void_p]),
    "secret_value_new": (c_void_p, [c_char_p, c_ssize_t, c_char_p]),
    "secret_value_unref": (None, [c_void_p]),
    "secret_service_store_sync": (c_int, [c_void_p] * 3 + [c_char_p] * 2 + [c_void_p] * 2 + [_Told]),
    "secret_password_lookupv_sync": (c_void_p, [c_void_p, c_void_p, c_void_p, _Told]),
    "secret_password_clearv_sync": (c_int, [c_void_p, c_void_p, c_void_p, _Told]),
    "secret_password_free": (None, [c_void_p]),
}
"""What each gives and takes; `_Told` is where it puts an error."""


class SecretError(Exception):
    """There is no keyring, it is locked, or it did not keep what it was given."""


class Libsecret:
    """The keyring of whoever runs the program. A locked one asks the person, and every method waits for that."""

    def __init__(self) -> None:
        """Raises OSError without the library and SecretError without a session bus."""
        if not _has_bus():
            raise SecretError("there is no session bus")
        # What libsecret was linked with itself, GLib and GIO, is found through it.
        self._library = ctypes.CDLL(_LIBRARY)
        for name, (gives, takes) in _FUNCTIONS.items():
            function = getattr(self._library, name)
            function.restype, function.argtypes = gives, takes
        bus = self._call("g_bus_get_sync", _SESSION_BUS, None)
        # Otherwise GIO would end this program where the bus ends. libsecret will use this same connection.
        self._library.g_dbus_connection_set_exit_on_close(bus, False)
        with self._table(service=_STRING, username=_STRING, application=_STRING) as types:
            self._schema = self._library.secret_schema_newv(_SCHEMA, _DONT_MATCH_NAME, types)

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, if there is one. Raises SecretError."""
        with self._table(service=service, username=username) as wanted:
            found = self._call("secret_password_lookupv_sync", self._schema, wanted, None)
        if found is None:
            return None
        try:
            return ctypes.string_at(found).decode("utf-8")
        finally:
            self._library.secret_password_free(found)  # which overwrites it first

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret in place of an older one. Raises SecretError."""
        label, secret = _bytes(f"Password for '{username}' on '{service}'"), _bytes(password)
        value = self._library.secret_value_new(secret, len(secret), b"text/plain")
        try:
            with self._table(service=service, username=username, application=_APPLICATION) as kept:
                # What has the same attributes is replaced. With a schema libsecret would add one, its name.
                place = (_DEFAULT_SERVICE, _NO_SCHEMA, kept, _DEFAULT_COLLECTION)
                if not self._call("secret_service_store_sync", *place, label, value, None):
                    raise SecretError("the keyring did not keep it")
        finally:
            self._library.secret_value_unref(value)  # which overwrites it first

    def delete_password(self, service: str, username: str) -> None:
        """Forget the secret, whoever stored it. Raises SecretError."""
        with self._table(service=service, username=username) as which:
            self._call("secret_password_clearv_sync", self._schema, which, None)

    def _call(self, name: str, *arguments: Any) -> Any:
        error = POINTER(_Error)()
        result = getattr(self._library, name)(*arguments, byref(error))
        if error:
            message = error.contents.message.decode("utf-8", "replace")
            self._library.g_error_free(error)
            raise SecretError(message)
        return result

    @contextmanager
    def _table(self, **entries: str | None) -> Iterator[int]:
        """A GHashTable with copies of its own of these texts."""
        library = self._library
        of_text = (library.g_str_hash, library.g_str_equal, library.g_free, library.g_free)
        table = library.g_hash_table_new_full(*(ctypes.cast(function, c_void_p) for function in of_text))
        try:
            for name, value in entries.items():
                copy = None if value is None else library.g_strdup(_bytes(value))
                library.g_hash_table_insert(table, library.g_strdup(_bytes(name)), copy)
            yield table
        finally:
            library.g_hash_table_unref(table)


def _has_bus() -> bool:
    """Whether a session bus is there already: GIO would start one of its own, which nobody else is on."""
    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if address:
        return not address.startswith("autolaunch:")
    usual = Path(os.environ.get("XDG_RUNTIME_DIR") or "/nowhere", "bus")
    return sys.platform != "win32" and usual.is_socket() and usual.stat().st_uid == os.geteuid()


def _bytes(text: str) -> bytes:
    if "\0" in text:
        raise SecretError("a text of C ends at its first zero")
    return text.encode("utf-8")
