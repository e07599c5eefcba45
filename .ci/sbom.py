"""Write a bill of materials of the project, as CycloneDX 1.6 in JSON: `python .ci/sbom.py FILE`.

It lists each package of `requirements.lock` with version, hashes and, as the installed package states it, licence.
"""

import json
import re
import sys
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
ENTRY = re.compile(r"^([a-z0-9-]+)==([^\s;]+)(.*(?:\n +.*)*)", re.MULTILINE)
LONGEST_NAME = 60
"""Letters. Some packages put the complete text in the field for the licence's name; it is left out."""


def main() -> None:
    """Write the bill of materials to the file that the first argument names."""
    target = Path(sys.argv[1])
    project = {"type": "application", "bom-ref": "twiplomacy", "name": "twiplomacy", "version": version("twiplomacy")}
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**project, "licenses": [{"license": {"id": "MIT"}}]}},
        "components": [component(*entry) for entry in ENTRY.findall(LOCK.read_text())],
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")
    print(f"sbom: {target}")  # noqa: T201


def component(name: str, pinned: str, rest: str) -> dict[str, Any]:
    """Describe one locked package; `rest` is the remainder of its entry, with the hashes."""
    address = f"pkg:pypi/{name}@{pinned}"
    hashes = [{"alg": "SHA-256", "content": digest} for digest in re.findall(r"sha256:([0-9a-f]{64})", rest)]
    stated = licences(name, pinned)
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": pinned,
        "purl": address,
        **({"licenses": stated} if stated else {}),
        "externalReferences": [{"type": "distribution", "url": f"https://pypi.org/simple/{name}/", "hashes": hashes}],
    }


def licences(name: str, pinned: str) -> list[dict[str, Any]]:
    """List the licences that a package states; none if it is not installed, e.g. because it is for another system."""
    try:
        stated: dict[str, Any] = metadata(name).json
    except PackageNotFoundError:
        return []
    if stated["version"] != pinned:
        return []
    if expression := stated.get("license_expression"):
        return [{"expression": expression}]
    names = [each.split(" :: ")[-1] for each in stated.get("classifier", ()) if each.startswith("License :: ")]
    text = stated.get("license", "").strip()
    if not names and text.isprintable() and 0 < len(text) <= LONGEST_NAME:
        names = [text]
    return [{"license": {"name": each}} for each in names]


if __name__ == "__main__":
    main()
