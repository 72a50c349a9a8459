#!/usr/bin/env python3
"""man_pages.py OUTPUT_FOLDER VERSION DATE - the manual pages of section 3, made from the public headers.

One page for each header, libicecat(3) from icecat.h, and a link for every function, so that
"man icecat_s3_put_object" works. Prints nothing; replaces what it wrote before.
"""
import pathlib
import re
import sys
import textwrap

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import headers as api  # noqa: E402


def escape(text):
    return text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")


def prose(text):
    """Words of a comment as roff: parameters slanted, functions and constants bold."""
    text = escape(" ".join(text.split())).replace("\\(aq", "'")
    text = re.sub(r"@p (\w+)", r"\\fI\1\\fR", text)
    text = re.sub(r"\b(icecat_\w+)\(\)", r"\\fB\1\\fR()", text)
    text = re.sub(r"\b(ICECAT_\w+)\b", r"\\fB\1\\fR", text)
    return "\n".join(re.sub(r"^([.'])", r"\\&\1", line) for line in
                     textwrap.wrap(text, 79, break_long_words=False, break_on_hyphens=False))


def code(text):
    lines = [re.sub(r"^([.'])", r"\\&\1", escape(line)) for line in text.split("\n")]
    return [".PP", ".nf", *lines, ".fi"]


def paragraphs(texts):
    lines = []
    for text in texts:
        if re.match(r"\w+ rule: ", text):
            continue
        if text.startswith("  "):
            lines += code(textwrap.dedent(text))
        else:
            lines += [".PP", prose(text)]
    return lines


def labelled(label, text):
    return [".TP", label, prose(text) or "See above."]


def prototype(entity):
    words = []
    for kind, name in entity.params:
        array = re.search(r"\[\w+\]$", kind)
        kind = kind[:array.start()] if array else kind
        callback = re.match(r"(.*\(\*)(\).*)", kind)
        if callback:
            words.append(f"{callback[1]}\" {name} \"{callback[2]}")
        else:
            words.append(f"{kind}{'' if kind.endswith('*') else ' '}\" {name} \"{array[0] if array else ''}")
    gives = f"{entity.returns}{'' if entity.returns.endswith('*') else ' '}{entity.name}("
    lines, line = [], gives
    for index, word in enumerate(words):
        word += ", " if index + 1 < len(words) else ");"
        if index and len(line + word) > 88:
            lines.append(line.rstrip())
            line = "    "
        line += word
    if not words:
        line += "void);"
    return [f'.BI "{each}"' for each in [*lines, line]]


def function(entity, known, meanings):
    lines = [f'.SS "{entity.name}()"', *paragraphs(entity.doc.paragraphs)]
    for _, name in entity.params:
        text = entity.doc.params.get(name) or ("" if f"@p {name}" in entity.doc.text else known.get(name, ""))
        if text:
            lines += labelled(f".I {name}", text)
    returns = [labelled(f".B {status}", text or meanings.get(status, "")) for status, text in entity.doc.retvals]
    if entity.doc.returns:
        lines += [".PP", prose(f"Returns {entity.doc.returns[0].lower()}{entity.doc.returns[1:]}")]
    elif returns:
        lines += [".PP", "Returns one of:"]
    return lines + [line for each in returns for line in each]


def sentence(header):
    """What the header is, as the NAME section has it: without a full stop."""
    return re.split(r"\.(?: |$)", header.brief)[0]


def first_lines(name, title, version, date):
    return [f'.TH {title.upper()} 3 "{date}" "libicecat {version}" "libicecat"', ".SH NAME", name]


def types(header):
    lines = []
    for entity in header.entities:
        if entity.kind in ("type", "macros"):
            lines += paragraphs(entity.doc.paragraphs)
            lines += code(entity.source)
    return [".SH TYPES AND CONSTANTS", *lines] if lines else []


def about(header):
    return header.brief[0].upper() + header.brief[1:]


def see_also(names):
    return [".SH SEE ALSO", ",\n".join(f".BR {name} (3)" for name in names).replace(",\n.BR", " ,\n.BR")]


def page(header, name, headers, stamp):
    functions = header.of("function")
    known, meanings = api.conventions(headers, header), api.status_meanings(headers)
    names = ", ".join([name, *(entity.name for entity in functions)])
    lines = first_lines(prose(names) + f"\n\\- {prose(sentence(header))}", name, *stamp)
    lines += [".SH SYNOPSIS", ".nf", f".B #include <icecat/{header.name}>"]
    for entity in functions:
        lines += [".PP", *prototype(entity)]
    lines += [".fi", ".SH DESCRIPTION", *paragraphs([about(header), *header.doc.paragraphs[1:]])]
    for note in header.of("note"):
        lines += paragraphs(note.doc.paragraphs)
    if functions:
        lines.append(".SH FUNCTIONS")
    for entity in functions:
        lines += function(entity, known, meanings)
    lines += types(header)
    for rule in ("Thread", "Ownership"):
        if header.doc.rule(rule):
            lines += [f".SH {rule.upper()} RULE", prose(header.doc.rule(rule)[:1].upper() + header.doc.rule(rule)[1:])]
    return lines + see_also(["libicecat"] + [f"icecat_{each}" for each in ("error",) if each not in name])


def example():
    readme = api.ROOT / "README.md"
    found = re.search(r"```c\n(.*?)```", readme.read_text(encoding="utf-8"), re.S) if readme.exists() else None
    return [".SH EXAMPLES", *code(found[1].rstrip())] if found else []


def overview(headers, pages, stamp):
    whole = headers["icecat.h"]
    lines = first_lines(f"libicecat \\- {prose(sentence(whole))}", "libicecat", *stamp)
    lines += [".SH SYNOPSIS", ".nf", ".B #include <icecat/icecat.h>", ".PP",
              ".BI \"cc \" prog.c \" $(pkg-config --cflags --libs libicecat)\"".replace("--", "\\-\\-"), ".fi",
              ".SH DESCRIPTION", *paragraphs(whole.doc.paragraphs[1:])]
    for name, text in whole.doc.params.items():
        lines += labelled(f".I {name}", text)
    lines.append(".SH PAGES")
    for name, header in pages.items():
        lines += labelled(f".BR {name} (3)", about(header))
    lines.append(".SH ERRORS")
    for status, text in api.status_meanings(headers).items():
        lines += labelled(f".B {status}", text)
    return lines + example() + see_also(list(pages))


def tidy(lines):
    """Without a paragraph macro where a heading has made a paragraph already."""
    lines = [line for line in lines if line]
    return [line for index, line in enumerate(lines)
            if line != ".PP" or not lines[index - 1].startswith((".SH", ".SS"))]


def write(folder, name, lines):
    (folder / f"{name}.3").write_text("\n".join(tidy(lines)) + "\n", encoding="utf-8")


def main():
    folder, stamp = pathlib.Path(sys.argv[1]), (sys.argv[2], sys.argv[3])
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.3"):
        old.unlink()
    headers = api.load()
    pages = {f"icecat_{header.name[:-2]}": header for header in headers.values()
             if header.name not in ("icecat.h", "export.h")}
    for name, header in pages.items():
        write(folder, name, page(header, name, headers, stamp))
        for entity in header.of("function"):
            write(folder, entity.name, [f".so man3/{name}.3"])
    write(folder, "libicecat", overview(headers, pages, stamp))


if __name__ == "__main__":
    main()
