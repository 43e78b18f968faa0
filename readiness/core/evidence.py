"""Evidence to JSON and back: what is absent or unusable becomes unknown (None), never a guess."""

from __future__ import annotations

import functools
import math
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from readiness.core.model import Figures

EvidenceT = TypeVar("EvidenceT")


@functools.cache
def _adapter(evidence_type: Any) -> TypeAdapter[Any]:
    return TypeAdapter(evidence_type)


def encode(evidence: object) -> dict[str, Any]:
    """An evidence dataclass as JSON values; numbers that are not finite become None."""
    kind: Any = type(evidence)
    encoded = _adapter(kind).dump_python(evidence, mode="json")
    finite: dict[str, Any] = _finite(encoded)
    return finite


def parse(evidence_type: type[EvidenceT], figures: Figures) -> EvidenceT:
    """`figures` as the dataclass. Unknown fields are passed over; those that do not fit are None.

    Every field of an evidence dataclass has a default, so that reports of older versions parse.
    """
    kind: Any = evidence_type
    adapter = _adapter(kind)
    usable = _finite(dict(figures))
    while True:
        try:
            parsed: EvidenceT = adapter.validate_python(usable)
        except ValidationError as error:
            misfits = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
            if not misfits & usable.keys():
                raise  # a field without a default: a fault of the evidence dataclass
        else:
            # Words such as "nan" and "inf" pass for numbers.
            misfits = {name for name in usable if _not_finite(getattr(parsed, name, None))}
            if not misfits:
                return parsed
        usable = {name: value for name, value in usable.items() if name not in misfits}


def _not_finite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _finite(value: Any) -> Any:
    """`value` with every NaN and infinity in it replaced by None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value
