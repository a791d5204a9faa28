"""Unpacking: hostile and damaged archives leave nothing, honest ones come out whole."""

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assistant.models.unpack import ArchiveRefused, Limits, limits_for, only_folder, unpack

TAR_MODES = {".tar": "w", ".tar.gz": "w:gz", ".tar.xz": "w:xz", ".tar.bz2": "w:bz2"}


def make_zip(path: Path, entries: list[tuple[str, bytes]], mode: int = 0) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            archive.writestr(info, data)
    return path


def make_tar(path: Path, members: list[tuple[tarfile.TarInfo, bytes]], mode: str = "w") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for member, data in members:
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def refused(archive: Path, tmp_path: Path, limits: Limits | None = None) -> str:
    """The one line; nothing was left, in the folder or beside it."""
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ArchiveRefused) as failed:
        unpack(archive, tmp_path / "into", limits)
    assert sorted(tmp_path.rglob("*")) == before
    assert "\n" not in str(failed.value) and archive.name in str(failed.value)
    return str(failed.value)


@pytest.mark.parametrize("ending", [".zip", *TAR_MODES])
def test_an_honest_archive(ending: str, tmp_path: Path) -> None:
    wanted = {"m/am/final.mdl": b"model" * 999, "m/conf/a b.conf": b"x", "m/README": b"", "m/词表.txt": "你好".encode()}
    path = tmp_path / f"m{ending}"
    if ending == ".zip":
        make_zip(path, [("m/", b""), *wanted.items()])
    else:
        files = [(member(f"./{name}"), data) for name, data in wanted.items()]
        make_tar(path, [(member(".", tarfile.DIRTYPE), b""), (member("m", tarfile.DIRTYPE), b""), *files], TAR_MODES[ending])
    unpack(path, tmp_path / "into")
    into = tmp_path / "into"
    assert {file.relative_to(into).as_posix(): file.read_bytes() for file in into.rglob("*") if file.is_file()} == wanted
    assert only_folder(into) == into / "m"
    assert all(not file.stat().st_mode & (stat.S_ISUID | stat.S_IXUSR) for file in into.rglob("*") if file.is_file())


NAMES = ["../out", "m/../../out", "/etc/out", "//etc/out", "m/..", "..", "a\\..\\out", "C:/out", "C:out", "m/\n", "m/\x1b[2J", "",
         "/".join("d" * 13), "m/" + "n" * 201]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ending", [".zip", ".tar"])
def test_names_that_lead_out_or_are_odd(name: str, ending: str, tmp_path: Path) -> None:
    good, path = ("m/a", b"a"), tmp_path / f"m{ending}"
    if ending == ".zip":
        make_zip(path, [good, (name, b"evil")])
    else:
        make_tar(path, [(member(good[0]), good[1]), (member(name), b"evil")])
    refused(path, tmp_path)


def test_a_zip_name_with_a_zero_byte(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "m.zip", [("m/a0b", b"a")])
    path.write_bytes(path.read_bytes().replace(b"m/a0b", b"m/a\0b"))
    refused(path, tmp_path)


@pytest.mark.parametrize(
    ("kind", "link"),
    [
        (tarfile.SYMTYPE, "/etc/passwd"),
        (tarfile.SYMTYPE, "a"),
        (tarfile.LNKTYPE, "m/a"),
        (tarfile.LNKTYPE, "/etc/passwd"),
        (tarfile.CHRTYPE, ""),
        (tarfile.BLKTYPE, ""),
        (tarfile.FIFOTYPE, ""),
        (tarfile.GNUTYPE_SPARSE, ""),
    ],
)
def test_links_and_special_files_in_a_tar(kind: bytes, link: str, tmp_path: Path) -> None:
    path = tmp_path / "m.tar"
    if kind == tarfile.GNUTYPE_SPARSE:
        info = member("m/x", tarfile.REGTYPE)
        info.pax_headers = {"GNU.sparse.major": "0", "GNU.sparse.size": "9", "GNU.sparse.map": "0,3"}
        make_tar(path, [(member("m/a"), b"a"), (info, b"abc")])
    else:
        make_tar(path, [(member("m/a"), b"a"), (member("m/x", kind, link), b"")])
    assert "link or a special file" in refused(path, tmp_path)


def test_writing_through_a_link_is_not_tried(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    path = make_tar(tmp_path / "m.tar", [(member("m", tarfile.SYMTYPE, str(outside)), b""), (member("m/a"), b"evil")])
    refused(path, tmp_path)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_special_files_in_a_zip(kind: int, tmp_path: Path) -> None:
    path = make_zip(tmp_path / "m.zip", [("m/x", b"/etc/passwd")], kind | 0o777)
    assert "link or a special file" in refused(path, tmp_path)


def test_bombs(tmp_path: Path) -> None:
    zeros = bytes(32 << 20)
    assert "unpacks to more" in refused(make_zip(tmp_path / "b.zip", [("m/a", zeros)]), tmp_path)
    assert "unpacks to more" in refused(make_tar(tmp_path / "b.tar.gz", [(member("m/a"), zeros)], "w:gz"), tmp_path)
    many = [(f"m/{index}", zeros[: 1 << 18]) for index in range(16)]
    assert "unpacks to more" in refused(make_zip(tmp_path / "c.zip", many), tmp_path)
    crowd = [(f"m/{index}", b"") for index in range(30)]
    assert "more than 20 entries" in refused(make_zip(tmp_path / "d.zip", crowd), tmp_path, Limits(files=20))
    assert limits_for(100 << 20).bytes == 800 << 20 and limits_for(0).bytes == 1 << 20


def test_a_zip_that_lies_about_sizes(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "m.zip", [("m/a", bytes(4 << 20))])
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + offset
        data[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    refused(path, tmp_path)


def test_an_encrypted_zip(tmp_path: Path) -> None:
    path = make_zip(tmp_path / "m.zip", [("m/a", b"a" * 99)])
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    path.write_bytes(bytes(data))
    assert "encrypted" in refused(path, tmp_path)


@pytest.mark.parametrize(
    "names", [["m/a", "m/a"], ["m/a", "m//a"], ["m/a", "./m/a"], ["m/a", "m/a/b"], ["m/a/b", "m/a"], ["m/a", "m/a/"]]
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("ending", [".zip", ".tar"])
def test_what_stands_twice(names: list[str], ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"m{ending}"
    if ending == ".zip":
        make_zip(path, [(name, b"" if name.endswith("/") else name.encode()) for name in names])
    else:
        kinds = [(member(name.rstrip("/"), tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE), name) for name in names]
        make_tar(path, [(info, b"" if info.isdir() else name.encode()) for info, name in kinds])
    refused(path, tmp_path)


def whole(tmp_path: Path, ending: str) -> bytes:
    path, data = tmp_path / f"whole{ending}", bytes(range(256)) * 64
    if ending == ".zip":
        make_zip(path, [("m/a", data), ("m/b", data)])
    else:
        make_tar(path, [(member("m/a"), data), (member("m/b"), data)], TAR_MODES[ending])
    content = path.read_bytes()
    path.unlink()
    return content


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "cut": lambda data: data[: len(data) * 2 // 3],
    "cut in the first header": lambda data: data[:100],
    "empty": lambda data: b"",
    "text": lambda data: b"<html>not found</html>" * 50,
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("ending", [".zip", *TAR_MODES])
def test_a_damaged_archive(damage: str, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"m{ending}"
    path.write_bytes(DAMAGES[damage](whole(tmp_path, ending)))
    refused(path, tmp_path)


@pytest.mark.parametrize("entries", [[], [("a", b"")], [("m/a", b""), ("n/a", b"")]])
def test_an_archive_holds_one_folder(entries: list[tuple[str, bytes]], tmp_path: Path) -> None:
    unpack(make_zip(tmp_path / "m.zip", entries), tmp_path / "into")
    with pytest.raises(ArchiveRefused, match="one folder is expected"):
        only_folder(tmp_path / "into")


@pytest.mark.parametrize("ending", [".zip", ".tar.gz", ".tar.xz", ".tar.bz2"])
def test_one_bent_byte_is_found(ending: str, tmp_path: Path) -> None:
    data = Random(1).randbytes(50_000)
    path = tmp_path / f"m{ending}"
    if ending == ".zip":
        make_zip(path, [("m/a", data)])
    else:
        make_tar(path, [(member("m/a"), data)], TAR_MODES[ending])
    bent = bytearray(path.read_bytes())
    bent[5000] ^= 255
    path.write_bytes(bent)
    assert "damaged" in refused(path, tmp_path)


def test_modes_and_owners_are_not_taken(tmp_path: Path) -> None:
    info = member("m/x")
    info.mode, info.uid, info.uname = 0o6777, 12345, "nobody"
    unpack(make_tar(tmp_path / "m.tar", [(info, b"x")]), tmp_path / "into")
    made = (tmp_path / "into/m/x").stat()
    assert stat.S_IMODE(made.st_mode) & 0o7111 == 0 and made.st_uid == os.getuid()


def test_a_kind_of_entry_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    assert "special file" in refused(make_tar(tmp_path / "m.tar", [(member("m/x", b"Z"), b"")]), tmp_path)


def test_an_end_in_the_midst_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_zip(tmp_path / "m.zip", [("m/x", b"1"), ("m/y", b"2")])
    monkeypatch.setattr("assistant.models.unpack._write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        unpack(path, tmp_path / "into")
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_zip(tmp_path / "m.zip", [("m/x", bytes(1000))])
    real = Path.open

    def full(self: Path, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        return real(Path("/dev/full"), "wb", buffering=0) if mode == "xb" else real(self, mode, *args, **kwargs)

    monkeypatch.setattr(Path, "open", full)
    assert "No space left" in refused(path, tmp_path)
