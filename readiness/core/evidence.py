"""Evidence to JSON and back: what is absent or unusable becomes unknown (None), never a guess."""

from __future__ import annotations

import functools
import math
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from readiness.core.model import Figures

EvidenceT = TypeVar("EvidenceT")


@functools.cache
def _adapter(evidence_type: Any) -> TypeAdapter[Any]:
    return TypeAdapter(evidence_type)


@functools.cache
def _reader(evidence_type: Any) -> TypeAdapter[Any]:
    """Reads evidence and refuses NaN and infinities, also those written as words.

    The tuple of one is there because a type that may not be configured itself may be within another.
    """
    return TypeAdapter(tuple[evidence_type], config=ConfigDict(allow_inf_nan=False))


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
    reader = _reader(kind)
    usable, made_finite = dict(figures), False
    while True:
        try:
            parsed: tuple[EvidenceT] = reader.validate_python((usable,))
        except ValidationError as error:
            if not made_finite:  # most have nothing that is not finite, and are spared the search
                usable, made_finite = _finite(usable), True
                continue
            misfits = {str(problem["loc"][1]) for problem in error.errors() if len(problem["loc"]) > 1}
            if not misfits & usable.keys():
                raise  # a field without a default: a fault of the evidence dataclass
            usable = {name: value for name, value in usable.items() if name not in misfits}
        else:
            return parsed[0]


def _finite(value: Any) -> Any:
    """`value` with every NaN and infinity in it replaced by None."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value
