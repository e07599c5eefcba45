"""Write what this project is made of, as CycloneDX 1.6 in JSON: `python sbom.py FILE`.

In: `requirements.lock`, and what the installed packages say of their licences. Out: one component per locked package
with version, hashes and licence, the same file for the same lock. Never: the network, or a clock.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
_ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^\s;]+)(?P<rest>.*(?:\n +.*)*)", re.MULTILINE)
_SHORT = 60
"""Letters that a licence's name has at most; some packages give the whole text."""


def main() -> None:
    """Write the file that is named."""
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(sbom((ROOT / "requirements.lock").read_text()), indent=2) + "\n", encoding="utf-8")
    print(f"sbom: {target}")  # noqa: T201


def sbom(lock: str) -> dict[str, Any]:
    """Return the bill of materials of a lock file's packages."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "twiplomacy",
                "name": "twiplomacy",
                "licenses": [{"license": {"id": "MIT"}}],
            }
        },
        "components": [_component(found["name"], found["version"], found["rest"]) for found in _ENTRY.finditer(lock)],
    }


def _component(name: str, version: str, rest: str) -> dict[str, Any]:
    address = f"pkg:pypi/{name}@{version}"
    hashes = [{"alg": "SHA-256", "content": digest} for digest in re.findall(r"sha256:([0-9a-f]{64})", rest)]
    licences = list(_licences(name, version))
    return {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
        **({"licenses": licences} if licences else {}),
        "externalReferences": [{"type": "distribution", "url": f"https://pypi.org/simple/{name}/", "hashes": hashes}],
    }


def _licences(name: str, version: str) -> Iterator[dict[str, Any]]:
    """Yield a package's licences; none if it is not installed, as one for another system, or says nothing."""
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return
    if said["Version"] != version:
        return
    if expression := said.get("License-Expression"):
        yield {"expression": expression}
    else:
        yield from ({"license": {"name": each}} for each in _names(said))


def _names(said: PackageMetadata) -> list[str]:
    marked = "License :: "
    listed = [each.split(" :: ")[-1] for each in said.get_all("Classifier") or () if each.startswith(marked)]
    stated = (said.get("License") or "").strip()
    return listed or ([stated] if 0 < len(stated) <= _SHORT and stated.isprintable() else [])


if __name__ == "__main__":
    main()
