"""A fleet for the benchmarks: computers with their reports, written in bulk.

The documents are those of `tests/golden/reports` with other figures, so that they can be rated.
"""

from __future__ import annotations

import json
import random
import secrets
import uuid
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from readiness import checks
from readiness.collector import choices, fleet, store, tables
from readiness.collector.access import Access
from readiness.collector.database import Database
from readiness.core.profile_loading import load_profile
from readiness.core.rating import judged, rate
from readiness.core.report import from_document, to_document
from readiness.settings import places

UNITS = [f"Enhet {number}" for number in range(40)]
MODELS = [f"Model {number}" for number in range(30)]
KINDS = 300
"""How many documents there are."""
AT_ONCE = 5_000
NOW = datetime.now(UTC).replace(microsecond=0)
_GOLDEN = Path(__file__).parent.parent / "golden" / "reports"
_WHOLE = ("windows-*.json", "macos-*.json", "linux-*.json")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One report that many computers have sent: its JSON, its row's verdicts, what it found."""

    body: bytes
    packed: bytes
    verdicts: dict[str, Any]
    needs: str
    found: tuple[tuple[str, str, str | None], ...]


def samples(count: int = KINDS, seed: int = 1) -> list[Sample]:
    """`count` different reports, rated under the organisation's profile."""
    rng = random.Random(seed)
    golden = [json.loads(path.read_text()) for pattern in _WHOLE for path in sorted(_GOLDEN.glob(pattern))]
    profile = load_profile("organisation", places().resources / "profiles")
    return [_sample(rng.choice(golden), rng, profile) for _ in range(count)]


def renamed(sample: Sample, host: str) -> bytes:
    """The sample as another computer's new report."""
    document = json.loads(sample.body)
    document["id"] = str(uuid.uuid4())
    document["computer"] |= {"device_id": host, "host_name": host, "asset_tag": None}
    return json.dumps(document).encode()


def _sample(golden: dict[str, Any], rng: random.Random, profile: Any) -> Sample:
    document = json.loads(json.dumps(golden))
    for result in document["results"]:
        result["evidence"] = {name: _varied(value, rng) for name, value in result["evidence"].items()}
    report = from_document(document)
    by_id = {check.id: check for check in checks.CHECKS}
    results = [
        type(result)(**{**vars(result), "findings": judged(result, by_id[result.check_id], profile)})
        for result in report.results
    ]
    rating = rate(report.results, checks.CHECKS, profile)
    whole = type(report)(**{**vars(report), "results": tuple(results), "rating": rating})
    body = json.dumps(to_document(whole)).encode()
    findings = [finding for result in results for finding in result.findings]
    heavy = {f.code: f for f in findings if f.verdict != "READY"}
    return Sample(
        body=body,
        packed=zlib.compress(body),
        verdicts={
            "overall": rating.overall.value,
            **{a.value: v.value for a, v in rating.activities.items()},
        },
        needs=fleet.needs_of(findings),
        found=tuple((f.code, f.verdict.value, f.need.value if f.need else None) for f in heavy.values()),
    )


def _varied(value: Any, rng: random.Random) -> Any:
    return round(value * rng.uniform(0.9, 1.1), 3) if isinstance(value, float) else value


def fill(database: Database, computers: int, reports: int) -> None:
    """Write the fleet, as its reports came week by week, and the list of computers that IT expects."""
    each = max(1, reports // computers)
    kinds = samples()
    for turn in range(each):
        for start in range(0, computers, AT_ONCE):
            machines = range(start, min(computers, start + AT_ONCE))
            with database.writing() as connection:
                for name, rows in _rows(machines, turn, each, computers, kinds).items():
                    if rows:
                        connection.execute(insert(tables.metadata.tables[name]), rows)
    with database.writing() as connection:
        listed = "\n".join(f"PC-{number:06d};{UNITS[number % 40]}" for number in range(computers + computers // 20))  # fmt: skip
        choices.expect(connection, listed)


def enrol(database: Database) -> None:
    """A token for each computer, from one key."""
    Access(database).new_key(None)
    with database.writing() as connection:
        key = connection.scalar(select(tables.enrolment_key.c.number).limit(1))
        owners = connection.scalars(select(tables.computer.c.device_id)).all()
        for start in range(0, len(owners), AT_ONCE):
            rows = [
                {"hash": secrets.token_bytes(32), "device_id": owner, "key_number": key, "created_at": NOW, "used_at": NOW}
                for owner in owners[start : start + AT_ONCE]
            ]  # fmt: skip
            connection.execute(insert(tables.device_token), rows)


def _rows(
    machines: range, turn: int, each: int, computers: int, kinds: list[Sample]
) -> dict[str, list[dict[str, Any]]]:
    """One report of each of these computers; with the last one the rows of the fleet."""
    batch: dict[str, list[dict[str, Any]]] = {"report": [], "searched": [], "computer": [], "standing": []}
    for machine in machines:
        same = random.Random(machine)
        host, unit, model = f"PC-{machine:06d}", same.choice(UNITS), same.choice(MODELS)
        device = str(uuid.UUID(int=same.getrandbits(128), version=4))
        rng = random.Random(machine * each + turn)
        sample, number = rng.choice(kinds), turn * computers + machine + 1
        received = NOW - timedelta(days=rng.uniform(0, 7) + 7 * (each - 1 - turn))
        batch["report"].append(
            {
                "number": number, "id": str(uuid.UUID(int=rng.getrandbits(128), version=4)),
                "receipt": _code(number), "received_at": received, "created_at": received,
                "digest": rng.randbytes(32), "document": sample.packed, "device_id": device,
                "host_name": host, "asset_tag": f"KS-{machine}", "unit": unit, "model": model,
                "system": "Windows 11", "app_version": "0.1.0", "profile_id": "organisation",
                "profile_version": "1", **dict.fromkeys(store.ACTIVITIES), **sample.verdicts, "partial": False,
                "search": f"{host}\nks-{machine}".casefold(),
            }
        )  # fmt: skip
        if turn < each - 1:
            continue
        batch["searched"].append({"text": f"{host}\nks-{machine}".casefold()})
        batch["computer"].append(
            {
                "number": machine + 1, "device_id": device, "host_name": host, "host_key": host.casefold(),
                "asset_tag": f"KS-{machine}", "asset_key": f"ks-{machine}", "unit": unit, "model": model,
                "system": "Windows 11", "network_kind": rng.choice(("wifi", "ethernet")), "report_number": number,
                "tested_at": received, "seen_at": received, **dict.fromkeys(store.ACTIVITIES),
                **sample.verdicts, "needs": sample.needs,
            }
        )  # fmt: skip
        batch["standing"] += [
            {
                "computer_number": machine + 1, "code": code, "verdict": verdict, "need": need,
                "driver": f"10.0.{rng.randrange(9)}", "since": received,
            }
            for code, verdict, need in sample.found
        ]  # fmt: skip
    return batch


def _code(number: int) -> str:
    letters = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
    code = ""
    for _ in range(7):
        number, left = divmod(number, len(letters))
        code += letters[left]
    return code
