"""Reading files that may be packed, broken or hostile."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from lists import fetch
from lists.errors import HostileInput, MalformedList
from lists.fetch import decode, find_files, open_file


def test_plain_and_gzip_are_the_same_file_whatever_their_name(tmp_path: Path) -> None:
    plain, packed = tmp_path / "sdn.csv", tmp_path / "other.bin"
    plain.write_bytes(b"a,b\n")
    packed.write_bytes(gzip.compress(b"a,b\n"))
    assert open_file(plain).content() == open_file(packed).content() == b"a,b\n"
    assert open_file(plain).sha256() == open_file(packed).sha256()


def test_name_drops_the_packing_suffix_and_case(tmp_path: Path) -> None:
    path = tmp_path / "SDN.CSV.GZ"
    path.write_bytes(gzip.compress(b"x"))
    assert open_file(path).name == "sdn.csv"


@pytest.mark.parametrize("content", [b"", b"\x1a", b"\r\n \n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sdn.csv"
    path.write_bytes(content)
    with pytest.raises(MalformedList, match="empty"):
        open_file(path)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MalformedList, match="no such file"):
        open_file(tmp_path / "sdn.csv")


def test_html_page_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "sdn.csv"
    path.write_bytes(b"\n <!DOCTYPE html><html><body>Moved</body></html>")
    with pytest.raises(MalformedList, match="HTML page"):
        open_file(path)


def test_cut_off_gzip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sdn.csv.gz"
    path.write_bytes(gzip.compress(bytes(range(256)) * 5000)[:-20])
    with pytest.raises(MalformedList, match="cut off"):
        open_file(path).content()


def test_gzip_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sdn.csv.gz"
    path.write_bytes(gzip.compress(b"a" * (40 << 20)))
    with pytest.raises(HostileInput, match="bomb"):
        open_file(path).content()


def test_file_above_the_cap_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MAX_MEMORY", 1000)
    path = tmp_path / "sdn.csv"
    path.write_bytes(b"abc\n" * 500)
    with pytest.raises(HostileInput, match="unpacks to more"):
        open_file(path).content()


def test_zip_of_one_file_is_read_and_of_two_refused(tmp_path: Path) -> None:
    for names in (["sdn.xml"], ["sdn.xml", "more.xml"]):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in names:
                archive.writestr(name, "<a/>")
        (tmp_path / f"{len(names)}.zip").write_bytes(packed.getvalue())
    assert open_file(tmp_path / "1.zip").content() == b"<a/>"
    with pytest.raises(MalformedList, match="holds 2 files"):
        open_file(tmp_path / "2.zip")


def test_end_mark_goes_and_is_reported() -> None:
    assert decode(b"1,2\r\n\x1a") == fetch.Text("1,2\r\n", end_mark=True, recoded=0)
    assert decode(b"1,2\r\n").end_mark is False


def test_mixed_encodings_are_read_line_by_line() -> None:
    text = decode("Société\n".encode() + "“Société”\n".encode("cp1252"))
    assert text.text == "Société\n“Société”\n"
    assert text.recoded == 1


def test_folder_walk_is_sorted_and_leaves_out_hidden_files_and_links_that_lead_outside(
    tmp_path: Path,
) -> None:
    outside = tmp_path / "secret.csv"
    outside.write_text("x")
    folder = tmp_path / "in"
    (folder / "b").mkdir(parents=True)
    for name in ("z.csv", "b/a.csv", ".hidden"):
        (folder / name).write_text("x")
    (folder / "link.csv").symlink_to(outside)
    assert [path.name for path, named in find_files([folder]) if not named] == ["a.csv", "z.csv"]
    assert list(find_files([outside])) == [(outside, True)]
