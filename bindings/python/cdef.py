"""cdef.py - the declarations that cffi needs, made from the public headers.

Nothing is written by hand: comments, include guards and C++ brackets are taken out of include/icecat/*.h,
plain constants are kept, and what is left is what cffi reads. The C compiler then checks every line of it
against the real headers.
"""
from __future__ import annotations

import pathlib
import re
import sys
from typing import Dict, List

# Functions that the package does not offer, and why. A test compares headers, cdef and this list.
_NOT_WRAPPED = {
    "Python programs do not replace the transport: a test talks to a server on loopback instead":
        "icecat_http_answer_status icecat_http_answer_header icecat_http_answer_body "
        "icecat_http_answer_explain",
    "icecat_client_new() makes it": "icecat_credentials_new_default",
    "the default chain begins with the environment": "icecat_credentials_new_environment",
    "`icecat doctor` reports on credentials": "icecat_credentials_report",
    "only for icecat_credentials_report()":
        "icecat_credentials_findings_count icecat_credentials_findings_at "
        "icecat_credentials_findings_free icecat_credentials_access_key_id "
        "icecat_credentials_source icecat_client_credentials",
    "`icecat config` shows settings with their origins":
        "icecat_client_settings icecat_settings_load icecat_settings_name icecat_settings_get "
        "icecat_settings_origin icecat_settings_free",
    "the client corrects its clock by itself": "icecat_client_clock_difference",
    "the client follows a bucket's region by itself": "icecat_client_bucket_region",
    "shim.c calls it for sign()": "icecat_sigv4_sign",
    "sign() signs whole bodies":
        "icecat_sigv4_sign_chunk icecat_sigv4_sign_trailer icecat_sigv4_chunk_head "
        "icecat_sigv4_chunked_length",
    "for servers and their tests": "icecat_sigv4_explain icecat_sigv4_parse icecat_sigv4_verify",
    "a client has its own cache; sign() is a pure function": "icecat_sigv4_cache_new icecat_sigv4_cache_free",
    "Cancel itself knows whether it was fired": "icecat_cancel_is_fired",
    "for programs on the command line": "icecat_status_exit_code",
    "the error record tells": "icecat_status_is_retryable",
    "Python reads numbers of any length": "icecat_item_get_int",
    "Result has every attribute; get_item() reads others": "icecat_results_attributes_json",
    "Labels are given as objects": "icecat_labels_json",
    }
NOT_WRAPPED: Dict[str, str] = {name: why for why, names in _NOT_WRAPPED.items() for name in names.split()}
# icecat_x_init() sets struct_size and zeroes; cffi zeroes new structs, and _native.Arena sets the size.
INIT = re.compile(r"^icecat_\w+_init$")

FUNCTION = re.compile(r"\b(icecat_\w+)\s*\((?!\*)")

# What C calls back, defined with @ffi.def_extern in icecat/_call.py.
CALLBACKS = """
extern "Python" int icecat_py_next(const char **path, void *userdata);
extern "Python" int icecat_py_settled(const icecat_submission *submission, void *userdata);
extern "Python" int icecat_py_known(const char *fingerprint, void *userdata);
extern "Python" int icecat_py_progress(const icecat_submit_counts *counts, void *userdata);
extern "Python" int icecat_py_wait(uint64_t finished, uint64_t total, void *userdata);
extern "Python" int icecat_py_keys(icecat_credentials_receiver *receiver, void *userdata);
extern "Python" void icecat_py_log(uint32_t level, const char *area, const char *text, void *userdata);
"""

# Functions of shim.c.
SHIM = """
size_t icecat_py_sign(const char *texts, icecat_pair *headers, size_t headers_count, const void *payload,
                      size_t payload_len, int64_t unix_s, uint32_t expires_s, uint32_t flags, char *out, size_t third,
                      icecat_error *err);
"""


def _is_skipped(name: str) -> bool:
    return name in NOT_WRAPPED or INIT.match(name) is not None


def _headers(include: pathlib.Path) -> List[pathlib.Path]:
    """The headers, each after those that it includes."""
    ordered: List[pathlib.Path] = []

    def visit(path: pathlib.Path) -> None:
        if path in ordered:
            return
        for name in re.findall(r"#include <icecat/(\w+\.h)>", path.read_text(encoding="utf-8")):
            visit(path.parent / name)
        ordered.append(path)

    visit(include / "icecat" / "icecat.h")
    return ordered


def _plain(path: pathlib.Path) -> str:
    """Without comments, and with continued lines joined."""
    text = re.sub(r"/\*.*?\*/", " ", path.read_text(encoding="utf-8"), flags=re.S)
    text = text.replace("\\\n", " ")
    text = re.sub(r"#ifdef __cplusplus.*?#endif", "", text, flags=re.S)
    return text


def _constants(text: str) -> List[str]:
    """#define lines of whole numbers and of texts; cffi checks the numbers at compile time."""
    lines = []
    for name, value in re.findall(r"^#define (ICECAT_\w+)[ \t]+(.+?)[ \t]*$", text, flags=re.M):
        if re.fullmatch(r"\d+u?", value):
            lines.append(f"#define {name} {value.rstrip('u')}")
        elif value.startswith('"'):
            lines.append(f"static char *const {name};")
    return lines


def _declarations(text: str) -> List[str]:
    """Declarations without macros, each ending with a semicolon."""
    text = re.sub(r"^\s*#.*$", "", text, flags=re.M)
    found, depth, start = [], 0, 0
    for at, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if character == ";" and depth == 0:
            found.append(" ".join(text[start:at + 1].split()))
            start = at + 1
    return found


def _function(declaration: str) -> str:
    """The name of a declared function; "" for another declaration."""
    if not declaration.startswith(("ICECAT_API ", "ICECAT_EXPERIMENTAL ")):
        return ""
    match = FUNCTION.search(declaration)
    if match is None:
        raise ValueError(f"not understood: {declaration}")
    return match.group(1)


def functions(include: pathlib.Path) -> List[str]:
    """Every function of the public headers."""
    names = (_function(each) for path in _headers(include) for each in _declarations(_plain(path)))
    return [name for name in names if name]


def generate(include: pathlib.Path) -> str:
    """The whole cdef of the headers in this folder (the one that has icecat/icecat.h)."""
    lines: List[str] = []
    for path in _headers(include):
        text = _plain(path)
        lines += _constants(text)
        for declaration in _declarations(text):
            if _is_skipped(_function(declaration)):
                continue
            lines.append(re.sub(r"^(ICECAT_API|ICECAT_EXPERIMENTAL) ", "", declaration))
    return "\n".join(lines) + "\n" + CALLBACKS + SHIM


# Types of C that are numbers, beside those whose names begin with these.
_NUMBER = re.compile(r"^(u?int\d*_t|int|size_t|icecat_status)$")


def _stub_line(declaration: str) -> str:
    """One declaration of a function, or an extern "Python" one, for type checkers; "" for another."""
    match = re.match(r"^(?:const )?(\w+)( \*| )(icecat_\w+)\((.*)\);$", declaration)
    if match is None:
        return ""
    kind, pointer, name, parameters = match.groups()
    gives = ("Any" if "*" in pointer else "int" if _NUMBER.match(kind) else "float" if kind == "double" else "None")
    flat = re.sub(r"\([^()]*\)", "", parameters)  # a function as a parameter
    count = 0 if flat in ("", "void") else flat.count(",") + 1
    names = "".join(f", _{number}: Any" for number in range(1, count + 1))
    return f"    def {name}(self{names}) -> {gives}: ..."


def stub(include: pathlib.Path) -> str:
    """icecat/_icecat.pyi: the functions with the number of their arguments, and the constants."""
    cdef = generate(include)
    constants = re.findall(r"^#define (\w+) ", cdef, flags=re.M) + re.findall(r"\b(ICECAT_\w+)\b(?= = -?\d)", cdef)
    texts = re.findall(r"^static char \*const (\w+);", cdef, flags=re.M)
    lines = [f"    {name}: int" for name in constants] + [f"    {name}: Any" for name in texts]
    shim = re.sub(r"\s+", " ", SHIM).replace("; ", ";\n").strip().splitlines()
    lines += filter(None, map(_stub_line, cdef[:cdef.index(CALLBACKS)].splitlines() + shim))
    lines += [f"    {name}: Any" for name in re.findall(r"(icecat_py_\w+)\(", CALLBACKS)]
    head = '"""Made by cdef.py --stub from the public headers; a test compares."""\nfrom typing import Any\n\n\nclass _Lib:\n'
    return head + "\n".join(lines) + "\n\n\nffi: Any\nlib: _Lib\n"


if __name__ == "__main__":
    print((stub if "--stub" in sys.argv else generate)(pathlib.Path(__file__).resolve().parents[2] / "include"), end="")
