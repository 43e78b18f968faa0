"""The administrative templates of Group Policy and Intune, from the settings' schema.

The shape follows Microsoft's "Group Policy ADMX Syntax Reference Guide": one ADMX without words, and
one ADML for each language. Values go to HKLM, Software\\Policies\\Motesklar.
"""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from readiness.core.text import Language, Text
from readiness.settings.places import POLICY_KEY
from readiness.settings.schema import SETTINGS, Kind, Setting

NAMESPACE = "http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"
FOLDERS: dict[Language, str] = {"sv": "sv-SE", "en": "en-US"}
REVISION = "1.0"
SUPPORTED = "SupportedMotesklar"

PRODUCT = Text(sv="Mötesklar", en="Mötesklar")
DESCRIPTION = Text(
    sv="Inställningar för Mötesklar, som visar om en dator fungerar i webbmöten.",
    en="Settings of Mötesklar, which shows whether a computer works in web meetings.",
)
SUPPORTED_ON = Text(sv="Mötesklar 0.1 eller senare på Windows 10 eller senare", en="Mötesklar 0.1 or later on Windows 10 or later")  # fmt: skip
STANDS_ABOVE = Text(
    sv="Aktiverad: värdet gäller före datorns och användarens egna värden.",
    en="Enabled: the value holds above the computer's and the user's own.",
)
TRUTH = Text(
    sv="Aktiverad: ja. Inaktiverad: nej. Båda gäller före datorns och användarens egna värden.",
    en="Enabled: yes. Disabled: no. Both hold above the computer's and the user's own value.",
)
NOT_CONFIGURED = Text(
    sv="Inte konfigurerad: datorns eller användarens eget värde gäller, annars förvalet ({default}).",
    en="Not configured: the computer's or the user's own value holds, else the default ({default}).",
)
NO_DEFAULT = Text(sv="inte satt", en="not set")
YES = Text(sv="ja", en="yes")
EXPECTED = Text(sv="Skriv {expected}.", en="Write {expected}.")
ITEMS = {"sv": Text(sv="Svenska (sv)", en="Swedish (sv)"), "en": Text(sv="Engelska (en)", en="English (en)")}


def managed() -> list[Setting]:
    """The settings that a policy may set."""
    return [setting for setting in SETTINGS if setting.by_policy]


def admx() -> str:
    """The template itself."""
    root = Xml.Element(
        "policyDefinitions", {"xmlns": NAMESPACE, "revision": REVISION, "schemaVersion": "1.0"}
    )
    namespaces = Xml.SubElement(root, "policyNamespaces")
    Xml.SubElement(namespaces, "target", prefix="motesklar", namespace="Motesklar.Policies.Motesklar")
    Xml.SubElement(root, "resources", minRequiredRevision=REVISION)
    definitions = Xml.SubElement(Xml.SubElement(root, "supportedOn"), "definitions")
    Xml.SubElement(definitions, "definition", name=SUPPORTED, displayName=f"$(string.{SUPPORTED})")
    Xml.SubElement(
        Xml.SubElement(root, "categories"), "category", name="Motesklar", displayName="$(string.Motesklar)"
    )
    policies = Xml.SubElement(root, "policies")
    for setting in managed():
        policies.append(_policy(setting))
    return _written(root)


def adml(language: Language) -> str:
    """The words of the template in one language."""
    root = Xml.Element(
        "policyDefinitionResources", {"xmlns": NAMESPACE, "revision": REVISION, "schemaVersion": "1.0"}
    )
    Xml.SubElement(root, "displayName").text = PRODUCT.say(language)
    Xml.SubElement(root, "description").text = DESCRIPTION.say(language)
    resources = Xml.SubElement(root, "resources")
    strings, presentations = (
        Xml.SubElement(resources, name) for name in ("stringTable", "presentationTable")
    )
    words = {"Motesklar": PRODUCT.say(language), SUPPORTED: SUPPORTED_ON.say(language)}
    for setting in managed():
        words[setting.key] = setting.title.say(language)
        words[f"{setting.key}_Explain"] = _explained(setting, language)
        for value in setting.allowed:
            words[f"{setting.key}_{value}"] = ITEMS[value].say(language)
        if setting.kind is not Kind.TRUTH:
            presentations.append(_presentation(setting, language))
    for name, said in words.items():
        Xml.SubElement(strings, "string", id=name).text = said
    return _written(root)


def _policy(setting: Setting) -> Xml.Element:
    policy = Xml.Element(
        "policy",
        {
            "name": setting.key,
            "class": "Machine",
            "displayName": f"$(string.{setting.key})",
            "explainText": f"$(string.{setting.key}_Explain)",
            "key": POLICY_KEY,
        },
    )
    Xml.SubElement(policy, "parentCategory", ref="Motesklar")
    Xml.SubElement(policy, "supportedOn", ref=SUPPORTED)
    if setting.kind is Kind.TRUTH:
        policy.set("valueName", setting.key)
        for name, value in (("enabledValue", "1"), ("disabledValue", "0")):
            Xml.SubElement(Xml.SubElement(policy, name), "decimal", value=value)
        return policy
    policy.set("presentation", f"$(presentation.{setting.key})")
    elements = Xml.SubElement(policy, "elements")
    if setting.kind is Kind.CHOICE:
        chosen = Xml.SubElement(elements, "enum", id=setting.key, valueName=setting.key, required="true")
        for value in setting.allowed:
            item = Xml.SubElement(chosen, "item", displayName=f"$(string.{setting.key}_{value})")
            Xml.SubElement(Xml.SubElement(item, "value"), "string").text = value
    else:
        Xml.SubElement(
            elements,
            "text",
            id=setting.key,
            valueName=setting.key,
            required="true",
            maxLength=str(setting.longest),
        )
    return policy


def _presentation(setting: Setting, language: Language) -> Xml.Element:
    made = Xml.Element("presentation", id=setting.key)
    if setting.kind is Kind.CHOICE:
        box = Xml.SubElement(made, "dropdownList", refId=setting.key, noSort="true", defaultItem="0")
        box.text = setting.title.say(language)
    else:
        box = Xml.SubElement(made, "textBox", refId=setting.key)
        Xml.SubElement(box, "label").text = setting.title.say(language)
    return made


def _explained(setting: Setting, language: Language) -> str:
    default: object = NO_DEFAULT if setting.default is None else setting.default
    parts = [setting.help.say(language)]
    if setting.kind is Kind.TRUTH:
        default = YES if setting.default else Text(sv="nej", en="no")
        parts.append(TRUTH.say(language))
    else:
        parts.append(EXPECTED.say(language, {"expected": setting.expected}))
        parts.append(STANDS_ABOVE.say(language))
    parts.append(NOT_CONFIGURED.say(language, {"default": default}))
    return "\n\n".join(parts)


def _written(root: Xml.Element) -> str:
    Xml.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{Xml.tostring(root, encoding="unicode")}\n'
