"""Build the folder for a Windows PC without Python, as a zip: CPython's embeddable package, locked wheels, one `.cmd`.

    python packaging/windows.py                  dist/ecps-guide-VERSION-windows.zip
    python packaging/windows.py --pdf            dist/ecps-guide-VERSION-windows-pdf.zip, with Typst
    python packaging/windows.py --python FILE    from another embeddable package than the one pinned below

Beside the zip it writes what is in it, as CycloneDX (`.cdx.json`). It needs uv, and runs on any system. Nothing is
compiled, and every entry has one date and its place in order: the same commit gives the same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import re
import shutil
import subprocess
import tempfile
import urllib.request
import zipfile
from importlib.metadata import distributions
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
HERE = Path(__file__).parent
PYTHON = "https://www.python.org/ftp/python/3.13.16/python-3.13.16-embed-amd64.zip"
"""The newest minor version for which every locked library has a wheel: pyscard has none for 3.14."""
PYTHON_SHA256 = "97dae5274cc54867065e8d5a3226e48c35017ed332a0fdb0e27d5b5821961297"
EXTRAS = ("card",)
"""In each zip: the folder is for the PC that the reader is plugged into."""
DATE = (2020, 2, 2, 0, 0, 0)
"""Of every entry: the one that hatchling gives to what is in a wheel."""
OF_THE_MACHINE = re.compile(r"lib/(bin/|\.lock$|[^/]*\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json|uv_.*)$)")
"""What an installation leaves that names this machine, its paths or its tool; nothing reads it there."""


def main() -> None:
    """Build the zip that the command line asks for, and print its name, size and SHA-256."""
    parser = argparse.ArgumentParser(description="Build the folder for Windows, as a zip.")
    parser.add_argument("--pdf", action="store_true", help="with the pdf extra")
    parser.add_argument("--python", type=Path, metavar="FILE", help="an embeddable package of CPython, as a zip")
    arguments = parser.parse_args()
    package = arguments.python.read_bytes() if arguments.python else download(PYTHON, PYTHON_SHA256)
    python = unpacked(package)
    with tempfile.TemporaryDirectory() as temporary:
        wheel = build_wheel(Path(temporary))
        lib = Path(temporary) / "lib"
        install(lib, wheel, minor_version(python), pdf=arguments.pdf)
        bill = bill_of_materials(lib, hashlib.sha256(package).hexdigest())
        files = {**{f"python/{name}": data for name, data in python.items()}, **files_of(lib), **beside()}
        name = f"ecps-guide-{wheel.name.split('-')[1]}-windows{'-pdf' if arguments.pdf else ''}.zip"
    target = ROOT / "dist" / name
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(zipped(files))
    bill_of = f"ecps-guide-windows{'-pdf' if arguments.pdf else ''}.cdx.json"  # a workflow names it: no version
    target.with_name(bill_of).write_text(bill, "utf-8", newline="\n")
    print(f"{hashlib.sha256(target.read_bytes()).hexdigest()}  {name}  {target.stat().st_size / 1e6:.1f} MB")


def download(url: str, sha256: str) -> bytes:
    """Bytes of an https address, if they are those that were expected.

    Raises:
        SystemExit: they are not.

    """
    with urllib.request.urlopen(url) as answer:  # noqa: S310 — the address is the constant above
        data: bytes = answer.read()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise SystemExit(f"{url} has SHA-256 {found}, not {sha256}.")
    return data


def unpacked(package: bytes) -> dict[str, bytes]:
    """Files of an embeddable package, by name, with our libraries added to where it looks for modules.

    Its `._pth` names all that is on the path, and so nothing of the PC (PYTHONPATH, the registry, another Python) is.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        (exe,) = (PurePosixPath(name) for name in archive.namelist() if PurePosixPath(name).name == "python.exe")
        inside = [name for name in archive.namelist() if PurePosixPath(name).parent == exe.parent]
        files = {PurePosixPath(name).name: archive.read(name) for name in inside if not name.endswith("/")}
    (pth,) = (name for name in files if name.endswith("._pth"))
    files[pth] = f"{pth.removesuffix('._pth')}.zip\r\n.\r\n..\\lib\r\n".encode()
    return files


def minor_version(python: dict[str, bytes]) -> str:
    """Version of an embeddable package such as 3.13, from the name of its library."""
    (found,) = filter(None, (re.fullmatch(r"python(3)(\d\d)\.dll", name) for name in python))
    return f"{found[1]}.{found[2]}"


def build_wheel(folder: Path) -> Path:
    """Path of our own wheel, built into a folder."""
    uv("build", "--wheel", "--out-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(lib: Path, wheel: Path, version: str, *, pdf: bool) -> None:
    """Install the locked wheels for Windows, each with its hash, and our own beside them."""
    extras = [f"--extra={extra}" for extra in (*EXTRAS, *(["pdf"] if pdf else []))]
    locked = lib.with_name("locked.txt")
    uv("export", "--frozen", "--no-dev", "--no-emit-project", *extras, "--project", ROOT, "--output-file", locked)
    windows = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", version, "--only-binary", ":all:")
    into = ("pip", "install", "--target", lib, "--no-deps", "--link-mode", "copy", *windows)
    uv(*into, "--require-hashes", "--requirements", locked)
    uv(*into, wheel)


def uv(*arguments: str | Path) -> None:
    """Run uv; what it prints is shown only when it fails."""
    program = shutil.which("uv")
    if program is None:
        raise SystemExit("uv is needed: python -m pip install uv")
    done = subprocess.run([program, "--quiet", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"uv {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")


def files_of(lib: Path) -> dict[str, bytes]:
    """Files of an installation, by their name in the zip."""
    paths = {path.relative_to(lib.parent).as_posix(): path for path in lib.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in paths.items() if not OF_THE_MACHINE.match(name)}


def beside() -> dict[str, bytes]:
    """Files that stand beside the folders: what is clicked, what is read first, our licence; with Windows' newlines."""
    texts = (HERE / "ecps-guide.cmd", HERE / "LISEZ-MOI.txt", ROOT / "LICENSE")
    return {
        path.name + ("" if path.suffix else ".txt"): path.read_text("utf-8").replace("\n", "\r\n").encode()
        for path in texts
    }


def bill_of_materials(lib: Path, python_sha256: str) -> str:
    """CycloneDX document of what the zip holds: CPython by the hash of its package, and each installed library."""
    python = {"type": "platform", "name": "CPython, Windows embeddable package (64-bit)"}
    components: list[dict[str, object]] = [{**python, "hashes": [{"alg": "SHA-256", "content": python_sha256}]}]
    found = sorted((each.name.lower().replace("_", "-"), each.version) for each in distributions(path=[str(lib)]))
    for name, version in found:
        purl = f"pkg:pypi/{name}@{version}"
        components.append({"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl})
    (own,) = (each for each in components if each["name"] == "ecps-guide")
    components.remove(own)
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**own, "type": "application"}},
        "components": components,
    }
    return json.dumps(document, indent=2) + "\n"


def zipped(files: dict[str, bytes]) -> bytes:
    """Zip of these files, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # as written on Windows, wherever this runs
            archive.writestr(entry, files[name])
    return out.getvalue()


if __name__ == "__main__":
    main()
