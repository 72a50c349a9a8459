"""icecat report: the page's structure, hostile names, thumbnails, CSV and JSON."""
import csv
import io
import json
import os
import re
import shutil

import pytest
from icecat_command import CLOSED, Command
from PIL import Image
from report_batch import BATCH, HOSTILE, HOSTILE_LABEL, Batch, Page, decode, picture, varied
from test_cli_batch import Client, lone, stack  # noqa: F401 (fixtures)

VERDICTS = {"cat": 2, "not-cat": 1 + len(HOSTILE), "pending": 1, "failed": 1}


@pytest.fixture
def icecat(tmp_path):
    return Command(tmp_path)


@pytest.fixture
def batch(tmp_path):
    return varied(tmp_path)


def report(icecat, *args, code=0, **env):
    result = icecat("report", *map(str, args), AWS_ENDPOINT_URL=CLOSED, **env)
    assert result.code == code, result.err
    return result


def page_of(icecat, batch, *options):
    report(icecat, batch.results_path, *options)
    return Page((icecat.folder / "report.html").read_text(encoding="utf-8"))


def visible(name):
    """A file name as the page has to show it."""
    text = os.fsencode(name).decode("utf-8", "replace")
    return re.sub("[\x00-\x1f\x7f]", lambda m: f"\\x{ord(m[0]):02x}",
                  re.sub("[\u202a-\u202e\u2066-\u2069]", lambda m: f"\\u{ord(m[0]):04x}", text))


def test_the_page_has_every_picture_once(icecat, batch):
    page = page_of(icecat, batch)
    assert [card["name"] for card in page.cards] == [visible(r["original_file_name"]) for r in batch.results]
    for verdict, count in VERDICTS.items():
        assert sum(verdict in card["classes"] for card in page.cards) == count, verdict
    assert page.title.startswith(f"2 of {len(batch.results)} pictures show a cat")
    assert all(len(card["images"]) == 1 for card in page.cards)


def test_nothing_runs_and_nothing_is_loaded(icecat, batch):
    page = page_of(icecat, batch)
    text = (icecat.folder / "report.html").read_text(encoding="utf-8")
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "iframe", "object", "embed", "base", "a", "video", "audio", "source", "foreignobject"}
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on")], attributes
        for name in ("src", "href", "srcset", "action", "poster", "data", "xlink:href", "background"):
            if name in attributes:
                assert attributes[name].startswith(("data:image/", "#")), (tag, name)
        assert "url(" not in attributes.get("style", "")
    assert "url(" not in page.styles and "@import" not in page.styles
    policies = [a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1 and "default-src 'none'" in policies[0] and "script-src" not in policies[0]
    bare = re.sub(r"data:image/[^\"]*", "", text)
    assert not re.search(r"https?:|//\w", bare)


def test_hostile_names_are_text(icecat, batch):
    page = page_of(icecat, batch)
    text = (icecat.folder / "report.html").read_bytes()
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", text)
    for mark in ("\u202e", "\u2066"):
        assert mark.encode() not in text
    assert [t for t, _ in page.tags if t in ("script", "style")] == ["style"]
    assert [card["images"][0]["alt"] for card in page.cards] == [visible(r["path"]) for r in batch.records]
    assert all(HOSTILE_LABEL in card["text"] for card in page.cards[-len(HOSTILE):])
    reason = next(card for card in page.cards if "failed" in card["classes"])
    assert "not <b>decodable</b>" in reason["text"] and "InvalidImageFormatException" in reason["text"]


def test_thumbnails_are_small_upright_and_without_metadata(icecat, tmp_path):
    batch = Batch(tmp_path)
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "secret place"
    out = io.BytesIO()
    Image.new("RGB", (1200, 400), (200, 30, 30)).save(out, "JPEG", exif=exif.tobytes())
    batch.add("turned.jpg", out.getvalue(), cat=True, confidence=90)
    batch.add("wide.png", picture(5, (3000, 100)))
    batch.write()
    page = page_of(icecat, batch)
    sizes = [decode(card["images"][0]).size for card in page.cards]
    assert sizes == [(107, 320), (320, 11)]
    assert b"secret place" not in (tmp_path / "report.html").read_bytes()
    assert not decode(page.cards[0]["images"][0]).getexif()
    pixel = decode(page.cards[0]["images"][0]).getpixel((50, 160))
    assert all(abs(a - b) < 8 for a, b in zip(pixel, (200, 30, 30)))
    assert "400 × 1200 px" in page.cards[0]["text"]
    small = page_of(icecat, batch, "--thumbs", "64")
    assert [decode(card["images"][0]).size for card in small.cards] == [(21, 64), (64, 2)]
    none = page_of(icecat, batch, "--thumbs", "0")
    assert not [t for t, _ in none.tags if t == "img"]


def test_only_the_pictures_that_were_submitted_are_shown(icecat, tmp_path):
    batch = Batch(tmp_path)
    gone, changed, link = (batch.add(f"{name}.png", picture(n)) for n, name in enumerate(("gone", "changed", "link")))
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture(9))
    gone.unlink()
    shutil.copy(secret, changed)
    link.unlink()
    link.symlink_to(secret)
    batch.write()
    page = page_of(icecat, batch)
    assert not [t for t, _ in page.tags if t == "img"]
    assert "not here" in page.cards[0]["text"]
    assert "another one" in page.cards[1]["text"] and "another one" in page.cards[2]["text"]
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "gone.png").write_bytes(picture(0))
    page = page_of(icecat, batch, "--images", elsewhere)
    assert len(page.cards[0]["images"]) == 1


def test_a_report_has_a_size_limit(icecat, batch):
    page = page_of(icecat, batch, "--max-inline", "1K")
    images = [card["images"][0] for card in page.cards if card["images"]]
    assert len(images) < len(page.cards)
    assert sum(len(image["src"]) for image in images) < 1400
    assert [card for card in page.cards if "Left out" in card["text"]]


def test_csv_reads_back(icecat, batch):
    out = report(icecat, batch.results_path, "--format", "csv", "--output-file", "-").out_bytes
    rows = list(csv.DictReader(io.StringIO(out.decode("utf-8", "surrogateescape"), newline="")))
    assert len(rows) == len(batch.results)
    for row, record in zip(rows, batch.records):
        assert row["fingerprint"] == record["img_fprint"] and row["batch_id"] == str(BATCH)
        assert row["file"] == record["path"] and int(row["size"]) == record["size"]
        assert row["uploaded"] == "2025-04-11T13:22:52Z"
    assert rows[0]["verdict"] == "cat" and rows[0]["confidence"] == "98.4" and rows[0]["labels"] == "Cat 98.4, Pet 97.0"


def test_csv_runs_no_formula(icecat, tmp_path):
    batch = Batch(tmp_path)
    batch.add("=1+1.png")
    batch.results[0]["original_file_name"] = "=1+1.png"
    batch.write()
    batch.path.unlink()
    out = report(icecat, batch.results_path, "--format", "csv", "--output-file", "-").out
    assert '"\'=1+1.png"' in out


def test_json_fits_its_schema(icecat, batch):
    document = report(icecat, batch.results_path, "--format", "json", "--output-file", "-", "--title",
                      "Spring").json("report_doc")
    assert document["batch_id"] == BATCH and document["title"] == "Spring"
    assert document["counts"]["cat"] == 2 and document["counts"]["total"] == len(document["results"])
    assert [r["size"] for r in document["results"]] == [r["size"] for r in batch.records]


def test_answers_of_the_python_client_have_labels(icecat, tmp_path):
    batch = Batch(tmp_path)
    batch.add("old.png", cat=True)
    del batch.results[0]["labels"]
    batch.results[0]["rek_resp"] = json.dumps({"Labels": [{"Name": "Cat", "Confidence": 97.5}, {"Name": 3}]})
    batch.write()
    page = page_of(icecat, batch)
    assert "Cat 97.5" in page.cards[0]["text"]


@pytest.mark.parametrize("args, words", [
    (["--format", "pdf"], "--format"),
    (["--thumbs", "7"], "--thumbs"),
    (["--max-inline", "x"], "--max-inline"),
    (["--latest"], "one of"),
    (["--batchid", str(BATCH)], "one of"),
])
def test_a_wrong_command_line_writes_nothing(icecat, batch, args, words):
    result = report(icecat, batch.results_path, *args, code=2)
    assert words in result.err and not list(icecat.folder.glob("report.*"))


@pytest.mark.parametrize("text", ["{}", "[{\"op_status\": \"x\"}]", "[{\"op_status\": 1, \"img_fprint\": 2}]",
                                  "[\"op_status\"]"])
def test_a_broken_file_writes_nothing(icecat, tmp_path, text):
    path = tmp_path / "x-results.json"
    path.write_text(text)
    result = icecat("report", str(path))
    assert result.code != 0 and str(path) in result.err
    assert not list(tmp_path.glob("report.*"))


def test_an_old_report_stays_when_the_new_one_fails(icecat, batch):
    folder = icecat.folder / "full"
    folder.mkdir()
    (folder / "x.html").mkdir()
    assert icecat("report", str(batch.results_path), "--output-file", "full/x.html").code != 0
    assert [p.name for p in folder.iterdir()] == ["x.html"]


def test_title_and_an_empty_batch(icecat, tmp_path):
    path = tmp_path / "x-results.json"
    path.write_text("[]")
    (tmp_path / "empty_batch-1744377772.json").write_text("[]")
    report(icecat, "-b", "empty_batch-1744377772.json", "--title", "<Cats> & \"dogs\"")
    page = Page((tmp_path / "report.html").read_text())
    assert page.cards == [] and page.title.startswith("<Cats> & \"dogs\" - ")


def test_submit_and_wait_write_a_report(tmp_path, stack):  # noqa: F811
    icecat = Client(tmp_path, stack)
    for name in ("tabby.jpg", "dog.jpg", "half-a-kitten.png"):
        shutil.copy(f"{os.path.dirname(__file__)}/../../examples/samples/{name}", tmp_path)
    result = icecat("submit", "tabby.jpg", "dog.jpg", "half-a-kitten.png", "--wait", "--report", "a.html")
    assert result.code == 3, result.err
    page = Page((tmp_path / "a.html").read_text())
    found = {card["name"]: card for card in page.cards}
    assert set(found) == {"tabby.jpg", "dog.jpg", "half-a-kitten.png"}
    assert "cat" in found["tabby.jpg"]["classes"] and "not-cat" in found["dog.jpg"]["classes"]
    assert "rejected" in found["half-a-kitten.png"]["classes"] and "truncated" in found["half-a-kitten.png"]["text"]
    assert len(found["tabby.jpg"]["images"]) == 1 and not found["half-a-kitten.png"]["images"]
    assert icecat("report", "--latest").code == 0
    assert len(Page((tmp_path / "report.html").read_text()).cards) == 2
    assert icecat("results", "--latest", "--report", "b.html", "--only", "cat").code == 0
    assert len(Page((tmp_path / "b.html").read_text()).cards) == 2
    batch_id = re.search(r"batch-(\d+)\.json$", str(icecat.batch_files()[0]))[1]
    assert icecat("report", "--batchid", batch_id, "--logs-dir", "none", "--output-file", "c.html").code == 0
    assert {card["name"] for card in Page((tmp_path / "c.html").read_text()).cards} == {"tabby.jpg", "dog.jpg"}
    assert icecat("submit", "tabby.jpg", "--report", "d.html").code == 2


def test_what_has_no_verdict_is_in_the_report(lone, tmp_path):  # noqa: F811
    (tmp_path / "a.png").write_bytes(picture(1))
    assert lone("submit", "a.png").code == 0
    assert lone("report", "--latest").code == 0
    card, = Page((tmp_path / "report.html").read_text()).cards
    assert "missing" in card["classes"] and "no record" in card["text"] and card["images"]
