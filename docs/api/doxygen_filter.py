#!/usr/bin/env python3
"""doxygen_filter.py HEADER - a public header as Doxygen reads it.

What the comments of a header say once for all of its functions (parameters, thread rule, the sentence behind a
status) is written out at each function, so that Doxygen's own check for complete documentation can be strict.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import headers as api  # noqa: E402


def comment(lines):
    body = "\n".join(f" * {line}".rstrip() for line in lines)
    return f"/**\n{body}\n */"


def paragraphs(doc, without=()):
    lines = []
    for text in doc.paragraphs:
        if text.split(" rule: ")[0] in without:
            continue
        if text.startswith("  "):
            text = "@verbatim\n" + text + "\n@endverbatim"
        lines += [*text.split("\n"), ""]
    return lines


def function(entity, known, meanings, thread):
    doc, lines = entity.doc, paragraphs(entity.doc)
    for _, name in entity.params:
        text = doc.params.get(name) or ("See above." if f"@p {name}" in doc.text else known.get(name, ""))
        lines.append(f"@param {name} {text}")
    for status, text in doc.retvals:
        lines.append(f"@retval {status} {text or meanings.get(status, '')}")
    if doc.returns:
        lines.append(f"@return {doc.returns}")
    elif entity.returns != "void" and not doc.retvals:
        lines.append(f"@return {doc.paragraphs[0]}")
    if "thread" not in doc.text:
        lines += ["@par Threads", thread]
    return comment(lines) + "\n" + " ".join(entity.source.split())


def filtered(headers, name):
    header = headers[name]
    known, meanings = api.conventions(headers, header), api.status_meanings(headers)
    top = [f"@file icecat/{name}", f"@brief {header.brief}", ""]
    top += paragraphs(api.Doc(paragraphs=header.doc.paragraphs[1:]))
    for note in header.of("note"):
        top += paragraphs(note.doc)
    parts = [comment(top)]
    for entity in header.entities:
        if entity.kind == "function":
            parts.append(function(entity, known, meanings, header.doc.rule("Thread")))
        elif entity.kind in ("type", "macros"):
            written = comment(paragraphs(entity.doc)) + "\n" if entity.doc.lines else ""
            parts.append(written + entity.source)
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1])
    sys.stdout.write(filtered(api.load(path.parent), path.name))
