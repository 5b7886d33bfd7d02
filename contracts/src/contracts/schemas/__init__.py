"""The events' JSON Schemas, for those who don't speak Python: one golden file per contract and version.

`python -m contracts.schemas` writes them; the tests hold that contracts and files say the same.
"""

from pathlib import Path

import orjson

from contracts import ALL
from svc_chassis.events.contract import Contract

FOLDER = Path(__file__).parent


def file_of(contract: type[Contract], folder: Path = FOLDER) -> Path:
    return folder / f"{contract.event_type()}.{contract.schema_version}.json"


def rendered(contract: type[Contract]) -> bytes:
    """The schema of the payload and an example, with keys as they are on the wire."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": contract.dataschema()}
    example = contract.example().model_dump(mode="json", by_alias=True)
    schema |= contract.model_json_schema(by_alias=True) | {"examples": [example]}
    return orjson.dumps(schema, option=orjson.OPT_INDENT_2) + b"\n"


def write(folder: Path = FOLDER) -> None:
    """Write every contract's schema; those of earlier versions stay as they are."""
    for contract in ALL:
        file_of(contract, folder).write_bytes(rendered(contract))


def stale(folder: Path = FOLDER) -> list[str]:
    """The names of the golden files that don't say what their contract says."""
    files = {file_of(contract, folder): rendered(contract) for contract in ALL}
    return [file.name for file, now in files.items() if not file.is_file() or file.read_bytes() != now]


def since(contract: type[Contract], folder: Path = FOLDER) -> dict[str, int]:
    """The payload's keys, each with the first schema version that has it."""
    found: dict[str, int] = {}
    for version in range(1, contract.schema_version + 1):
        file = folder / f"{contract.event_type()}.{version}.json"
        for key in orjson.loads(file.read_bytes())["properties"] if file.is_file() else ():
            found.setdefault(key, version)
    return found
