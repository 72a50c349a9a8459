"""Folders of small pictures, each a sound PNG of about a hundred bytes, some of them equal."""
import struct
import zlib


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def small_png(number):
    """80 x 80 grey pixels; the number is in a comment, so that every one has its own fingerprint."""
    header = struct.pack(">IIBBBBB", 80, 80, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 81 * 80)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"tEXt", b"n\0%d" % number) +
            chunk(b"IDAT", pixels) + chunk(b"IEND", b""))


def small_pictures(folder, count, equal_every=10, broken_every=0):
    """Every tenth is equal to the first of its hundred; of `broken_every` one is no picture."""
    folder.mkdir(parents=True)
    for number in range(count):
        same = number - number % 100 if equal_every and number % equal_every == 0 else number
        data = small_png(same)
        if broken_every and number % broken_every == broken_every - 1:
            data = b"no picture %d" % number
        (folder / f"{number:06}.png").write_bytes(data)
    return folder
