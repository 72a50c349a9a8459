"""headers.py - the public headers as data: what each declares, and what its comments say of it.

The manual pages, the HTML reference and the tests of the interface all read the headers through this.
"""
import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "include/icecat"


@dataclasses.dataclass
class Doc:
    """A comment: paragraphs of text, then what its tags say."""

    paragraphs: list = dataclasses.field(default_factory=list)
    params: dict = dataclasses.field(default_factory=dict)
    retvals: list = dataclasses.field(default_factory=list)
    returns: str = ""
    lines: list = dataclasses.field(default_factory=list)

    @property
    def text(self):
        return " ".join(" ".join(self.lines).split())

    def rule(self, name):
        """The paragraph "NAME rule: ...", without its name; "" when there is none."""
        for paragraph in self.paragraphs:
            if paragraph.startswith(f"{name} rule: "):
                return paragraph.split(": ", 1)[1]
        return ""


@dataclasses.dataclass
class Entity:
    """One declaration. Kinds: function, type, macros, note (a comment between declarations), section."""

    kind: str
    name: str
    source: str
    doc: Doc
    line: int
    returns: str = ""
    params: list = dataclasses.field(default_factory=list)  # of a function: (type, name)


@dataclasses.dataclass
class Header:
    name: str
    brief: str
    doc: Doc
    entities: list

    def of(self, kind):
        return [entity for entity in self.entities if entity.kind == kind]


def strip(comment):
    """The lines of a comment without its stars."""
    body = re.sub(r"^/\*+<?|\*/$", "", comment.strip())
    lines = [re.sub(r"^ ?\* ?", "", line.lstrip("\t ") if line.lstrip().startswith("*") else line) for line in
             body.split("\n")]
    lines = [line.rstrip() if line.startswith(" ") and index else line.strip() for index, line in enumerate(lines)]
    while lines and not lines[0].strip():
        lines.pop(0)
    while lines and not lines[-1].strip():
        lines.pop()
    return lines


def parse_doc(comment):
    doc = Doc(lines=strip(comment))
    current = None  # the list of words that the next line goes to

    def start(kind, name, text):
        nonlocal current
        current = (kind, name, [text] if text else [])
        chunks.append(current)

    chunks = []
    for line in doc.lines:
        tag = re.match(r"@(param|retval|return)\b\s*(.*)", line)
        if tag and tag[1] == "return":
            start("return", "", tag[2])
        elif tag:
            name, _, text = tag[2].partition(" ")
            start(tag[1], name, text.strip())
        elif not line.strip():
            current = None
        elif line.startswith("  ") and (current is None or current[0] == "code"):
            if current is None:
                start("code", "", "")
            current[2].append(line)
        elif re.match(r"- |\w+ rule: ", line):
            start("text", "", line)
        elif current is None or current[0] == "code":
            start("text", "", line.strip())
        else:
            current[2].append(line.strip())
    for kind, name, words in chunks:
        text = ("\n" if kind == "code" else " ").join(words).strip("\n")
        if kind == "param":
            doc.params[name] = text
        elif kind == "retval":
            doc.retvals.append((name, text))
        elif kind == "return":
            doc.returns = text
        else:
            doc.paragraphs.append(text)
    return doc


def _split_params(text):
    parts, depth, start = [], 0, 0
    for at, character in enumerate(text + ","):
        depth += (character in "([") - (character in ")]")
        if character == "," and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [part for part in parts if part and part != "void"]


def _param(text):
    callback = re.match(r"(.*\(\*)(\w+)(\).*)", text, re.S)
    if callback:
        return callback[1] + callback[3], callback[2]
    plain = re.match(r"(.*?)(\w+)(\[\w*\])?$", text, re.S)
    return plain[1].strip() + (plain[3] or ""), plain[2]


def _function(source, doc, line):
    flat = " ".join(source.split())
    match = re.match(r"(?:ICECAT_API|ICECAT_EXPERIMENTAL) (.*?)(icecat_\w+)\((.*)\);$", flat)
    if match is None:
        raise ValueError(f"not understood: {flat}")
    return Entity("function", match[2], source, doc, line, match[1].strip(),
                  [_param(part) for part in _split_params(match[3])])


def _statement_end(text, at):
    """Behind the semicolon that ends a declaration, and behind a comment on the same line."""
    depth = 0
    while True:
        if text.startswith("/*", at):
            at = text.index("*/", at) + 2
            continue
        depth += (text[at] == "{") - (text[at] == "}")
        at += 1
        if text[at - 1] == ";" and depth == 0:
            return at


def _directive_end(text, at):
    """Behind a preprocessor line, its continuations, and a comment that begins on its last line."""
    while True:
        end = text.index("\n", at)
        if text[end - 1] != "\\":
            break
        at = end + 1
    comment = text.find("/*", at, end)
    if comment >= 0 and text.find("*/", comment, end) < 0:
        end = text.index("*/", comment) + 2
    return end


def _macro(text, pending, line):
    name = re.match(r"#define (\w+)(.*)", text, re.S)
    if name is None or name[1].endswith("_INIT") or name[1].endswith("_H"):
        return None
    return Entity("macros", name[1], text, pending or Doc(), line)


def parse(path):
    text = path.read_text(encoding="utf-8")
    entities, pending, file_doc, at, after_gap, depth_of_if = [], None, None, 0, True, 0
    while at < len(text):
        if text[at].isspace():
            after_gap = after_gap or text.startswith("\n\n", at)
            at += 1
            continue
        line = text.count("\n", 0, at) + 1
        if text.startswith("/*", at):
            end = text.index("*/", at) + 2
            comment = text[at:end]
            if file_doc is None:
                file_doc = parse_doc(comment)
            elif comment.startswith("/**"):
                pending = parse_doc(comment)
            else:
                heading = re.match(r"/\* -+ (.*?) -+ \*/$", comment)
                doc = parse_doc(comment)
                entities.append(Entity("section" if heading else "note", heading[1] if heading else "", comment, doc,
                                       line))
        elif text[at] == "#":
            end = _directive_end(text, at)
            directive = text[at:end]
            if directive.startswith("#if") and "__cplusplus" in directive:
                end = text.index("#endif", at) + 6
            macro = _macro(directive, pending, line)
            if macro and not any(macro.name == each.name for each in entities):
                last = entities[-1] if entities else None
                if pending is None and not after_gap and last is not None and last.kind == "macros":
                    last.source += "\n" + directive
                else:
                    entities.append(macro)
            if macro:
                pending = None
        else:
            end = _statement_end(text, at)
            source = text[at:end]
            if source.startswith(("ICECAT_API", "ICECAT_EXPERIMENTAL")):
                entities.append(_function(source, pending or Doc(), line))
            else:
                name = re.search(r"\(\*(icecat_\w+)\)\(", source) or re.search(r"(\w+);$", source)
                entities.append(Entity("type", name[1], source, pending or Doc(), line))
            pending = None
        at, after_gap = end, False
    brief = re.sub(r"^\w+\.h - ", "", file_doc.paragraphs[0])
    return Header(path.name, brief, file_doc, entities)


def load(folder=FOLDER):
    """Every public header, by name."""
    return {path.name: parse(path) for path in sorted(pathlib.Path(folder).glob("*.h"))}


def conventions(headers, header):
    """What a parameter means where the function does not say it: by this header, else by icecat.h."""
    return {**headers["icecat.h"].doc.params, **header.doc.params}


def status_meanings(headers):
    """The sentence behind each value of icecat_status."""
    source = next(entity.source for entity in headers["error.h"].of("type") if entity.name == "icecat_status")
    found = re.findall(r"(ICECAT_\w+)\s*=\s*\d+,?\s*(?:/\*\*<(.*?)\*/)?", source, re.S)
    return {name: " ".join(text.split()) for name, text in found}
