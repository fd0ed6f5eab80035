"""Print what an installation consists of as CycloneDX 1.6: `python -m docs.sbom`, or `make sbom`.

The same bytes on every machine: no moment, and a serial number that is made of the content.
"""

from __future__ import annotations

import json
import sys
import tomllib
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from docs.quote import ROOT
from docs.supply import Distribution, Vendored, distributions, vendored

SCOPES = {"run": "required", "serve": "optional", "dev": "excluded"}
"""What CycloneDX calls a part that always runs, one that a server needs, and one that only tests need."""


def make_sbom() -> dict[str, Any]:
    """Return the bill of materials: our own code, every distribution of the locks, every vendored file."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = {
        **_named("application", project["name"], project["version"], project["license"]),
        "bom-ref": project["name"],
        "description": project["description"],
    }
    parts = [*map(_distribution, distributions()), *map(_vendored, vendored())]
    refs = [part["bom-ref"] for part in parts]
    used = [part["bom-ref"] for part in parts if part["scope"] != "excluded"]
    body = {
        "metadata": {"component": ours},
        "components": parts,
        "dependencies": [{"ref": ours["bom-ref"], "dependsOn": used}, *({"ref": ref} for ref in refs)],
    }
    serial = uuid5(NAMESPACE_URL, json.dumps(body, sort_keys=True))
    head = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
    }
    return {**head, **body}


def _named(kind: str, name: str, version: str, licence: str) -> dict[str, Any]:
    return {"type": kind, "name": name, "version": version, "licenses": [{"expression": licence}]}


def _distribution(each: Distribution) -> dict[str, Any]:
    purl = f"pkg:pypi/{each.name}@{each.version}"
    return {
        **_named("library", each.name, each.version, each.licence),
        "bom-ref": purl,
        "purl": purl,
        "scope": SCOPES[each.lock],
        # One of these is the file of a platform; `hashes` would say that the distribution is a single file.
        "properties": [{"name": "headwater:file:sha256", "value": value} for value in each.hashes],
    }


def _vendored(each: Vendored) -> dict[str, Any]:
    return {
        **_named("file", each.file, each.version, each.licence),
        "bom-ref": f"vendored/{each.file}",
        "purl": f"pkg:npm/{each.package}@{each.version}",
        "scope": "optional",
        "hashes": [{"alg": "SHA-256", "content": each.sha256}],
    }


def main() -> None:
    """Print the bill of materials."""
    json.dump(make_sbom(), sys.stdout, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
