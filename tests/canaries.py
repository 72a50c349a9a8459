"""Secrets that sing: every secret of a test is a canary, and is looked for in all that our programs print and leave.

A secret is what matches `canary-...-digits`, a key that icecat-local made (register()), or a signature. What a test itself
wrote before it started a program, a file of credentials for example, is no leak of the program.
"""
import base64
import os
import pathlib
import re
import subprocess

KINDS = ("secret", "token", "password")


def _coded(kind, pad):
    """The middle of it in base64, when it stands `pad` bytes behind the beginning of a group."""
    text = b"\0" * pad + f"canary-{kind}-".encode()
    return base64.b64encode(text)[-(-8 * pad // 6):8 * len(text) // 6]


_PLAIN = rb"canary-(?:%s)-[0-9a-f]{6}" % "|".join(KINDS).encode()
_CODED = [_coded(kind, pad) for kind in KINDS for pad in range(3)]
_SIGNED = rb"Signature=[0-9a-f]{64}"

_registered, _stores = set(), set()


def register(secret, store):
    """One that icecat-local made: only its exports and its own folder may have it."""
    _registered.add(secret.encode())
    _stores.add(pathlib.Path(store).resolve())


def find(data):
    """The first secret in some bytes, or None."""
    words = [_PLAIN, _SIGNED, *map(re.escape, _CODED), *map(re.escape, _registered)]
    found = re.search(b"|".join(words), data)
    return found and found.group().decode()


def check(data, where):
    secret = find(data)
    assert secret is None, f"{secret} is in {where}"


def _files(folder):
    for path in pathlib.Path(folder).rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                yield path, path.read_bytes()
        except OSError:  # it went away, or is not for us
            continue


def _is_a_store(path):
    return not _stores.isdisjoint(path.resolve().parents)


class Watch:
    """Looks at what the programs of a build print, and at a folder before and after."""

    def __init__(self, folder, programs):
        self.folder, self.programs = folder, str(programs)
        self.given = set()
        self.outputs = []

    def is_ours(self, command):
        return self.programs and str(command).startswith(self.programs)

    def begin(self):
        """What has a secret now has it from the test."""
        self.given |= {path for path, data in _files(self.folder) if find(data)}

    def note(self, command, stdout, stderr):
        words = [str(word) for word in command]
        name = pathlib.Path(words[0]).name
        for stream, data in (("stdout", stdout), ("stderr", stderr)):
            if isinstance(data, str):
                data = data.encode("utf-8", "surrogateescape")
            # These two print a secret because that is what they are for.
            is_meant = stream == "stdout" and (name == "icecat-local" or (name == "icecat" and "presign" in words))
            if data and not is_meant:
                self.outputs.append((f"{stream} of {' '.join(words)}", data))

    def check(self):
        for where, data in self.outputs:
            check(data, where)
        for path, data in _files(self.folder):
            if path not in self.given and not _is_a_store(path):
                check(data, path)


def watching(watch):
    """A subprocess.Popen that tells the watch."""

    class Watched(subprocess.Popen):
        def __init__(self, args, *more, **named):
            self.words = [args] if isinstance(args, (str, bytes, os.PathLike)) else list(args)
            if watch.is_ours(self.words[0]):
                watch.begin()
            super().__init__(args, *more, **named)

        def communicate(self, *more, **named):
            stdout, stderr = super().communicate(*more, **named)
            if watch.is_ours(self.words[0]):
                watch.note(self.words, stdout, stderr)
            return stdout, stderr

    return Watched
