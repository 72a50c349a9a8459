#!/usr/bin/env python3
"""docs/errors.md has every status, exit code and AWS code that the code has, as the code has it, and no other."""
import re
import sys

from pages import ROOT, read, report

PAGE = "docs/errors.md"
TICKED = re.compile(r"`([^`]+)`")
# Exit codes of the command that stand for no status.
OWN_CODES = {11, 130, 141, 143}


def source(path):
    return (ROOT / path).read_text(encoding="utf-8")


def enum_values():
    body = re.search(r"typedef enum icecat_status \{(.*?)\} icecat_status;", source("include/icecat/error.h"), re.S).group(1)
    return {name: int(value) for name, value in re.findall(r"\b(ICECAT_\w+)\s*=\s*(\d+)", body)}


def status_rows():
    rows = re.findall(r"ROW\((ICECAT_\w+), (\d), (\d+), ", source("lib/base/status.c"))
    return {name: ("yes" if retry == "1" else "no", int(code)) for name, retry, code in rows}


def aws_codes():
    body = re.search(r"meanings\[\] = \{(.*?)\n\};", source("lib/aws/service_error.c"), re.S).group(1)
    for status, texts in re.findall(r"\{ (ICECAT_E_\w+),((?:\s*\"[^\"]*\")+)", body):
        yield status, set("".join(re.findall(r'"([^"]*)"', texts)).split())


def curl_codes():
    """What each case of the switch returns, with the cases that fall through to it."""
    names = []
    for label, result in re.findall(r"case (CURLE_\w+):|return ([^;]+);", source("lib/aws/transport_status.c")):
        if label:
            names.append(label)
        elif names:
            yield from ((name, set(re.findall(r"ICECAT_\w+", result))) for name in names)
            names = []


def help_codes():
    text = source("examples/cli/help_topics.c")
    body = re.search(r"codes\[\] = \{(.*?)\n    \};", text, re.S).group(1)
    named = dict(re.findall(r"(EXIT_\w+) = (\d+)", source("examples/cli/cli.h")))
    for code, meaning in re.findall(r"\{ (\w+),\s*((?:\"[^\"]*\"\s*)+)\}", body):
        yield int(named.get(code, code)), "".join(re.findall(r'"([^"]*)"', meaning))


def table(heading):
    """Rows of the table under a heading, without its first two lines."""
    part = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", read(PAGE), re.M | re.S).group(1)
    rows = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def compare(what, page, code):
    for name in sorted(set(page) | set(code), key=str):
        if name not in page:
            yield f"{PAGE}: {what} {name} is missing"
        elif name not in code:
            yield f"{PAGE}: {what} {name} does not exist"
        elif page[name] != code[name]:
            yield f"{PAGE}: {what} {name}: the page says {page[name]}, the code {code[name]}"


def unique(what, names):
    return [f"{PAGE}: {what} {name} stands twice" for name in sorted({n for n in names if names.count(n) > 1}, key=str)]


def status_problems():
    rows = table("Statuses")
    page = {row[1].strip("`"): (int(row[0]), row[2], int(row[3])) for row in rows}
    values = enum_values()
    known = status_rows()
    yield from unique("status", [row[1] for row in rows])
    yield from compare("status", page, {name: (value, *known[name]) for name, value in values.items()})
    for row in rows:
        if row[1] != "`ICECAT_OK`" and not (row[4] and row[5]):
            yield f"{PAGE}: {row[1]} lacks who gives it, or what to do"


def exit_problems():
    rows = table("Exit codes of the command")
    yield from unique("exit code", [row[0] for row in rows])
    meanings = {int(row[0]): row[1].replace("`", "") for row in rows}
    yield from compare("exit code", meanings, dict(help_codes()))
    page = {name: int(row[0]) for row in rows for name in TICKED.findall(row[2])}
    others = {name: code for name, (_, code) in status_rows().items() if code == 1}
    yield from compare("exit code of", {**others, **page}, {name: code for name, (_, code) in status_rows().items()})
    for code in set(meanings) - {code for _, code in status_rows().values()} - OWN_CODES:
        yield f"{PAGE}: no status gives exit code {code}"


def retry_of(status):
    if status == "ICECAT_E_THROTTLED":
        return "throttled"
    return "transient" if status_rows()[status][0] == "yes" else "no"


def aws_problems():
    rows = table("AWS's codes")
    yield from unique("AWS code", [code for row in rows for code in TICKED.findall(row[2])])
    page = {code: (TICKED.findall(row[0])[0], row[1]) for row in rows for code in TICKED.findall(row[2])}
    yield from compare("AWS code", page, {code: (status, retry_of(status)) for status, codes in aws_codes() for code in codes})


def curl_problems():
    rows = table("libcurl's codes")
    page = {name: set(TICKED.findall(row[1])) for row in rows for name in re.findall(r"CURLE_\w+", row[0])}
    code = {name: statuses for name, statuses in curl_codes() if name not in {"CURLE_OK", "CURLE_WRITE_ERROR"}}
    page.pop("CURLE_WRITE_ERROR", None)
    yield from compare("libcurl code", page, code)


found = [*status_problems(), *exit_problems(), *aws_problems(), *curl_problems()]
sys.exit(report("errors", found))
