"""Submit a folder so that neither a killed process nor a second run loses or repeats anything, and print the verdicts.

    python folder.py FOLDER BATCH_FILE        settings: the environment, as for every icecat.Client

The journal beside BATCH_FILE has each picture as soon as it is uploaded. A run that finds a journal goes on with it;
one that finds BATCH_FILE only waits and prints. The icecat command reads the same files.
"""
from __future__ import annotations

import os
import pathlib
import sys
from typing import Iterator

import icecat

ENDS = (".jpg", ".jpeg", ".png")


def pictures(folder: pathlib.Path) -> Iterator[pathlib.Path]:
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in ENDS and path.is_file())


def submit(client: icecat.Client, folder: pathlib.Path, batch_file: pathlib.Path) -> None:
    journal = pathlib.Path(f"{batch_file}.journal")
    is_left = journal.exists()
    with icecat.BatchFile.resume(journal) if is_left else icecat.BatchFile() as file:
        batch = file.notes[0] if is_left else f"batch-{icecat.new_batch_id()}"
        done = set(file.fingerprints)
        if not is_left:
            file.note(batch)
            file.journal(journal)

        def keep(each: icecat.Submission) -> None:
            if each.error is not None:
                print(f"{each.path}: {each.error}", file=sys.stderr)
            elif each.action != "known":
                file.add(icecat.BatchRecord.of(each, os.environ["S3BUCKET_SOURCE"], each.index + 1))

        try:
            client.submit_many(pictures(folder), batch=batch, on_settled=keep, is_known=done.__contains__)
        except icecat.ValidationError:
            pass  # not one was sound; each was told
        file.save(batch_file)


def main() -> int:
    folder, batch_file = map(pathlib.Path, sys.argv[1:3])
    with icecat.Client(client_id=os.environ.get("ICECAT_CLIENT_ID", "folder")) as client:
        if not batch_file.exists():
            submit(client, folder, batch_file)
        with icecat.BatchFile.load(batch_file) as file:
            names = {record.fingerprint: record.path or record.file_name for record in file}
            for result in client.wait(file, timeout=300):
                verdict = {True: "cat", False: "not cat", None: result.fail_code}[result.is_cat]
                print(f"{names[result.fingerprint]}\t{verdict}\t{result.confidence or 0:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
