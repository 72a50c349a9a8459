"""What `icecat validate` finds in an image is what Pillow finds: size, channels, colour, depth, EXIF, frames.

Pictures are made here by Pillow, in every mode it can write; with the third-party corpus, all its sound files too.
"""
import json
import os
import pathlib
import subprocess
import warnings

import PIL.Image
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = pathlib.Path(os.environ.get("ICECAT_TEST_DATA", ROOT.parent / "shared/data")) / "images"
ORIENTATION = 0x0112

# Sound files that Pillow does not open: in each, only a chunk that no pixel depends on is damaged or swollen, and
# libpng passes over it with a warning.
PILLOW_REFUSES = {
    "png/image_png/cicp_pq.png",
    "png/image_png/issue_430.png",
    "png/libpng_crashers/empty_ancillary_chunks.png",
    "png/synthetic/iccp_bomb_20MB.png",
    "png/synthetic/ztxt_bomb_20MB.png",
}

PNG_MODES = {
    # Pillow's mode: channels, colour, depths it may stand for
    "1": (1, "grey", {1}), "L": (1, "grey", {2, 4, 8}), "I": (1, "grey", {16}), "I;16": (1, "grey", {16}),
    "I;16B": (1, "grey", {16}), "LA": (2, "grey", {8, 16}), "P": (1, "palette", {1, 2, 4, 8}),
    "RGB": (3, "rgb", {8, 16}), "RGBA": (4, "rgb", {8, 16}),
}


def program():
    build = os.environ.get("ICECAT_BUILD_DIR")
    path = pathlib.Path(build or "") / "examples/cli/icecat"
    if not build or not path.is_file():
        pytest.skip("ICECAT_BUILD_DIR does not name a build folder with icecat")
    return str(path)


def validate(paths, limits="any"):
    done = subprocess.run([program(), "validate", "--profile-limit", limits, "-o", "json", "--files-from", "-"],
                          input="\n".join(map(str, paths)), capture_output=True, text=True, timeout=120)
    assert done.returncode in (0, 9), done.stderr
    return json.loads(done.stdout)["files"]


def differences(found, path):
    """Pairs of ours and Pillow's that are not equal; None when Pillow does not open the file."""
    try:
        image = PIL.Image.open(path)
    except (OSError, ValueError, SyntaxError):
        return None
    with image:
        pairs = {"size": ((found["width"], found["height"]), image.size)}
        if found["format"] == "jpeg" or "exif" in image.info:  # else Pillow would decode a PNG to its end
            try:
                orientation = image.getexif().get(ORIENTATION, 0)
            except (OSError, ValueError, SyntaxError):
                orientation = 0
            if "exif-damaged" not in found["warnings"]:
                pairs["orientation"] = (found["orientation"], orientation if orientation in range(9) else 0)
        if found["format"] == "jpeg":
            pairs["format"] = (image.format in ("JPEG", "MPO"), True)
            pairs["channels"] = (found["channels"], image.layers)
            pairs["bits"] = (found["bit_depth"], image.bits)
            pairs["progressive"] = (found["progressive"], bool(image.info.get("progressive")))
            mode = {1: "L", 3: "RGB", 4: "CMYK"}[found["channels"]]
            pairs["mode"] = (mode, image.mode)
        else:
            channels, colour, depths = PNG_MODES[image.mode]
            if (found["channels"], found["bit_depth"]) == (2, 16):
                channels, colour = 2, "grey"  # which Pillow has no mode for, and opens as RGBA
            pairs["format"] = ("PNG", image.format)
            pairs["channels"] = (found["channels"], channels)
            pairs["colour"] = (found["colour"], colour)
            pairs["depth"] = (found["bit_depth"] in depths, True)
            pairs["interlace"] = (found["progressive"], bool(image.info.get("interlace")))
            if getattr(image, "is_animated", False):
                pairs["animated"] = (found["animated"], True)
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@pytest.fixture(autouse=True)
def without_limits(monkeypatch):
    monkeypatch.setattr(PIL.Image, "MAX_IMAGE_PIXELS", None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def pictures(folder):
    """One file of every kind that Pillow writes."""
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        image = PIL.Image.new("L" if mode in ("P", "LA") else mode, (97, 83)).convert(mode)
        image.save(folder / f"{mode.replace(';', '')}.png")
    for mode in ("L", "RGB", "CMYK"):
        for progressive in (False, True):
            PIL.Image.new(mode, (101, 89)).save(folder / f"{mode}-{progressive}.jpg", progressive=progressive)
    for orientation in range(1, 9):
        exif = PIL.Image.Exif()
        exif[ORIENTATION] = orientation
        PIL.Image.new("RGB", (90, 120)).save(folder / f"turned-{orientation}.jpg", exif=exif)
        PIL.Image.new("RGB", (90, 120)).save(folder / f"turned-{orientation}.png", exif=exif)
    frames = [PIL.Image.new("RGB", (90, 90), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "animated.png", save_all=True, append_images=frames[1:])
    frames[0].save(folder / "several.jpg", format="MPO", save_all=True, append_images=frames[1:])
    PIL.Image.new("RGB", (300, 300)).save(folder / "profile.jpg", icc_profile=bytes(200_000))
    return sorted(folder.iterdir())


def test_pillows_pictures(tmp_path):
    paths = pictures(tmp_path)
    found = validate(paths)
    assert [each["file"] for each in found] == [str(path) for path in paths]
    assert all(each["valid"] and each["warnings"] == [] for each in found)
    wrong = {path.name: differences(each, path) for each, path in zip(found, paths)}
    assert {name: pairs for name, pairs in wrong.items() if pairs != {}} == {}
    by_name = {path.name: each for each, path in zip(found, paths)}
    assert by_name["animated.png"]["animated"] and not by_name["RGB.png"]["animated"]
    assert by_name["several.jpg"]["multi_picture"] and not by_name["RGB-True.jpg"]["multi_picture"]
    for orientation in range(1, 9):
        each = by_name[f"turned-{orientation}.jpg"]
        assert each["orientation"] == by_name[f"turned-{orientation}.png"]["orientation"] == orientation
        turned = (120, 90) if orientation >= 5 else (90, 120)
        assert (each["display_width"], each["display_height"]) == turned
        assert (each["width"], each["height"]) == (90, 120)


def test_a_plain_area_is_no_bomb(tmp_path):
    """The smallest files that real encoders make of many pixels stay inside the limits."""
    for mode in ("1", "L", "RGB"):
        PIL.Image.new(mode, (9999, 9999)).save(tmp_path / f"{mode}.png", compress_level=9)
    for mode in ("L", "RGB", "CMYK"):
        for progressive in (False, True):
            PIL.Image.new(mode, (9999, 9999)).save(tmp_path / f"{mode}-{progressive}.jpg", optimize=True, quality=1,
                                                   progressive=progressive, subsampling=2)
    found = validate(sorted(tmp_path.iterdir()), "s3object")
    assert len(found) == 9
    assert [(each["file"], each["problems"]) for each in found if not each["valid"]] == []


def test_sound_files_of_the_corpus():
    if not (CORPUS / "MANIFEST.tsv").is_file():
        pytest.skip(f"no corpus in {CORPUS}")
    lines = (CORPUS / "MANIFEST.tsv").read_text().splitlines()[1:]
    paths = [CORPUS / line.split("\t")[0] for line in lines]
    sound = [(each, path) for each, path in zip(validate(paths), paths) if each["valid"]]
    assert len(sound) > 440
    wrong, unread = {}, set()
    for each, path in sound:
        pairs = differences(each, path)
        name = str(path.relative_to(CORPUS))
        if pairs is None:
            unread.add(name)
        elif pairs:
            wrong[name] = pairs
    assert wrong == {}
    assert unread == PILLOW_REFUSES
