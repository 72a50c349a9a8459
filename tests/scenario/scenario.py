"""A scenario file: its pictures, and the answers that follow from it for every language."""
import json
import pathlib
import struct
import zlib

from pictures import sample

FOLDER = pathlib.Path(__file__).parent
FIFTY = FOLDER / "fifty_pictures.json"


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding="utf-8"))


def _with_comment(data, number):
    """Another file with the same pixels."""
    words = b"number %08d" % number
    if data[:2] == b"\xff\xd8":
        return data[:2] + b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words + data[2:]
    chunk = b"tEXtComment\0" + words
    return data[:33] + struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) + data[33:]


def content(picture):
    """The bytes of a picture, by its recipe."""
    if "sample" not in picture:
        return bytes.fromhex(picture["hex"]) if "hex" in picture else picture["text"].encode()
    data = sample(picture["sample"])
    if "comment" in picture:
        data = _with_comment(data, picture["comment"])
    if "patch" in picture:
        at, changed = picture["patch"]["at"], bytes.fromhex(picture["patch"]["hex"])
        data = data[:at] + changed + data[at + len(changed):]
    return bytes.fromhex(picture.get("before", "")) + data[:picture.get("cut")]


def make_pictures(scenario, folder):
    folder.mkdir()
    for picture in scenario["pictures"]:
        (folder / picture["file"]).write_bytes(content(picture))
