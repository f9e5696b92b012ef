"""Writes src/sandbox/packages/python-lock.json: which wheels each supported Python gets, with their hashes.

Run by hand when the list or its versions are to change, with a python3 that has pip:

    python3 scripts/lock_python_packages.py

pip resolves for each interpreter and architecture; nothing is installed and nothing of a package is run. pip
judges markers such as `python_version < "3.11"` by the Python that it runs on, so they are judged again here.
The lock names files and hashes, never where they came from.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

from pip._vendor.packaging.requirements import Requirement

FOLDER = pathlib.Path(__file__).parent.parent / "src" / "sandbox" / "packages"
PYTHONS = ["3.10", "3.11", "3.12", "3.13", "3.14"]
MACHINES = {"x64": "x86_64", "arm64": "aarch64"}
# Every Linux since 2018 has it.
NEWEST_GLIBC = 28


def main():
    roots = json.loads((FOLDER / "python-packages.json").read_text())
    files, targets = {}, {}
    for python in PYTHONS:
        for architecture, machine in MACHINES.items():
            target = f"{python}-{architecture}"
            print(target, flush=True)
            found = resolve(list(roots), python, machine)
            targets[target] = {
                "glibc": glibc_of(found),
                "files": sorted(file["file"] for file in found),
            }
            files.update({file.pop("file"): file for file in found})
    lock = {"packages": roots, "files": dict(sorted(files.items())), "targets": targets}
    (FOLDER / "python-lock.json").write_text(json.dumps(lock, indent=2) + "\n")


def resolve(wanted, python, machine):
    while True:
        items = ask_pip(wanted, python, machine)
        by_name = {normal(item["metadata"]["name"]): item for item in items}
        needed, waiting = set(), [(normal(name), frozenset()) for name in wanted]
        missing = set()
        while waiting:
            name, extras = waiting.pop()
            if name not in by_name:
                missing.add(name)
                continue
            if name in needed and not extras:
                continue
            needed.add(name)
            for line in by_name[name]["metadata"].get("requires_dist", []):
                requirement = Requirement(line)
                if applies(requirement.marker, python, machine, extras):
                    waiting.append((normal(requirement.name), frozenset(requirement.extras)))
        if not missing:
            return [describe(by_name[name]) for name in sorted(needed)]
        wanted = [*wanted, *sorted(missing)]


def ask_pip(wanted, python, machine):
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, 4, -1)]
    platforms += [f"manylinux2014_{machine}", f"manylinux2010_{machine}", f"manylinux1_{machine}"]
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
            + ["--only-binary", ":all:", "--target", folder, "--report", str(report)]
            + ["--implementation", "cp", "--python-version", python]
            + [part for platform in platforms for part in ("--platform", platform)]
            + wanted,
            check=True,
        )
        return json.loads(report.read_text())["install"]


def applies(marker, python, machine, extras):
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.99",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "platform_machine": machine,
    }
    if marker is None:
        return True
    return any(marker.evaluate({**environment, "extra": extra}) for extra in extras or {""})


def describe(item):
    info = item["download_info"]
    return {
        "file": info["url"].rsplit("/", 1)[1],
        "name": normal(item["metadata"]["name"]),
        "version": item["metadata"]["version"],
        "sha256": info["archive_info"]["hashes"]["sha256"],
    }


def glibc_of(found):
    """The minor version of glibc 2 that all wheels are content with."""
    least = 5
    for file in found:
        tags = [int(minor) for minor in re.findall(r"manylinux_2_(\d+)_", file["file"])]
        older = {"manylinux2014": 17, "manylinux2010": 12, "manylinux1": 5}
        tags += [minor for tag, minor in older.items() if tag + "_" in file["file"]]
        least = max(least, min(tags, default=0))
    return least


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
