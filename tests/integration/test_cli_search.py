"""results as a search: each use case of the table's first design, by its command line."""
import os
import time

import pytest
from icecat_command import Command

DAY = 86400
BASE = 1_760_000_000  # 2025-10-09


def fingerprint(number):
    return f"{number:064x}"


@pytest.fixture(scope="module")
def table(local):
    """Two batches of one client, three days apart, and one of another; sorted by what happened to them."""
    name = f"finder-{os.urandom(4).hex()}"
    client = local.client("dynamodb")
    states = [("success", "True"), ("success", "False"), ("pending", None), ("fail", None)]
    number = 0
    for batch, who, when in ((BASE * 10**6 + 1, name, BASE), (BASE * 10**6 + 2, name, BASE + 3 * DAY),
                             (BASE * 10**6 + 3, name + "-2", BASE + 3 * DAY)):
        for index in range(12):
            status, is_cat = states[index % 4]
            item = {"batch_id": {"N": str(batch)}, "img_fprint": {"S": fingerprint(number)}, "client_id": {"S": who},
                    "file_name": {"S": f"{number}.png"}, "op_status": {"S": status},
                    "upload_ts": {"N": str(when + index * 3600)}, "logs": {"S": '["a line"]'}}
            if is_cat:
                item["rek_iscat"] = {"S": is_cat}
            client.put_item(TableName=local.env["DYNAMODB_TABLE_NAME"], Item=item)
            number += 1
    return name


@pytest.fixture
def results(tmp_path, local, table):
    def run(*args):
        done = Command(tmp_path)("results", *map(str, args), "-o", "json", **local.env)
        assert done.code == 0, done.err
        document = done.json("results_doc")
        return document["results"], document
    return run


def numbers(found):
    return sorted(int(result["img_fprint"], 16) for result in found)


def test_a_batch(tmp_path, local, table):
    """No search: the whole batch is read, and its failures count."""
    done = Command(tmp_path)("results", "--batchid", str(BASE * 10**6 + 1), "--only", "cat", "--allow-pending",
                             "-o", "json", **local.env)
    document = done.json("results_doc")
    assert done.code == 3 and document["counts"]["total"] == 12 and document["counts"]["failed"] == 3
    assert numbers(document["results"]) == [0, 4, 8] and document["batch_id"] == BASE * 10**6 + 1


@pytest.mark.parametrize("status, first", [("success", [0, 1]), ("pending", [2]), ("fail", [3])])
def test_a_batch_by_status(results, status, first):
    found, document = results("--batchid", BASE * 10**6 + 1, "--status", status)
    assert numbers(found) == sorted(number + 4 * i for number in first for i in range(3))
    assert {result["status"] for result in found} == {status}
    assert document["counts"]["total"] == len(found)


def test_a_client_by_status(results, table):
    found, document = results("--client-id", table, "--status", "fail")
    assert numbers(found) == [3, 7, 11, 15, 19, 23] and document["batch_id"] is None
    assert {result["client_id"] for result in found} == {table}


def test_logs_of_what_is_found(results, table):
    found, _ = results("--client-id", table, "--status", "fail", "--logs")
    assert all(result["logs"] == ["a line"] for result in found)
    assert "logs" not in results("--client-id", table, "--status", "fail")[0][0]


@pytest.fixture
def lean(local):
    """A table whose index has what a search shows and no more, as that of the deployed one."""
    client, name = local.client("dynamodb"), f"lean-{os.urandom(4).hex()}"
    shown = ["client_id", "s3img_key", "file_name", "op_status", "rek_confidence", "labels", "current_date", "rek_ts",
             "fail_code", "fail_reason", "ttl"]
    client.create_table(
        TableName=name, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "batch_id", "KeyType": "HASH"}, {"AttributeName": "img_fprint", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in
                              (("batch_id", "N"), ("img_fprint", "S"), ("rek_iscat", "S"), ("upload_ts", "N"))],
        GlobalSecondaryIndexes=[{
            "IndexName": "GSI5", "KeySchema": [{"AttributeName": "rek_iscat", "KeyType": "HASH"},
                                               {"AttributeName": "upload_ts", "KeyType": "RANGE"}],
            "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": shown}}])
    return name


def found_cats(tmp_path, local, lean, *args):
    env = dict(local.env, DYNAMODB_TABLE_NAME=lean)
    done = Command(tmp_path)("results", "--only", "cat", "--since", str(BASE), *args, "-o", "json", **env)
    assert done.code == 0, done.err
    return done.json("results_doc")["results"]


def test_logs_from_a_table_whose_index_lacks_them(tmp_path, local, lean, table):
    """They are read from the table, and given in the order of the search."""
    for number in range(250):
        local.client("dynamodb").put_item(TableName=lean, Item={
            "batch_id": {"N": str(BASE * 10**6 + number % 7)}, "img_fprint": {"S": fingerprint(number // 7)},
            "client_id": {"S": table}, "op_status": {"S": "success"}, "rek_iscat": {"S": "True"},
            "upload_ts": {"N": str(BASE + number)}, "logs": {"S": f'["line {number}"]'}})
    found = found_cats(tmp_path, local, lean, "--logs")
    assert [result["logs"] for result in found] == [[f"line {n}"] for n in range(250)]


def test_a_search_reads_the_table_only_for_labels_that_are_not_in_the_index(tmp_path, local, lean, table):
    def put(number, **more):
        local.client("dynamodb").put_item(TableName=lean, Item={
            "batch_id": {"N": str(BASE * 10**6)}, "img_fprint": {"S": fingerprint(number)}, "client_id": {"S": table},
            "op_status": {"S": "success"}, "rek_iscat": {"S": "True"}, "upload_ts": {"N": str(BASE + number)},
            **{name: {"S": text} for name, text in more.items()}})

    def reads():
        return local.log_text().count("BatchGetItem")

    put(0, labels='[{"name":"Cat","confidence":99.5}]')
    before = reads()
    assert [label["name"] for label in found_cats(tmp_path, local, lean)[0]["labels"]] == ["Cat"]
    assert reads() == before
    put(1, rek_resp='{"Labels":[{"Name":"Kitten","Confidence":98.5}]}')  # as the Python system wrote it
    assert [[label["name"] for label in result["labels"]] for result in found_cats(tmp_path, local, lean)] == [["Cat"], ["Kitten"]]
    assert reads() == before + 1


def test_a_batch_in_a_time_range(results):
    found, _ = results("--batchid", BASE * 10**6 + 1, "--since", BASE + 3600, "--until", BASE + 3 * 3600)
    assert numbers(found) == [1, 2]


def test_a_client_in_a_time_range(results, table):
    assert numbers(results("--client-id", table, "--since", BASE + DAY)[0]) == list(range(12, 24))
    assert numbers(results("--client-id", table, "--until", BASE + DAY)[0]) == list(range(12))
    day = time.strftime("%Y-%m-%d", time.gmtime(BASE + 3 * DAY))
    before = numbers(results("--client-id", table, "--until", day)[0])
    since = numbers(results("--client-id", table, "--since", day)[0])
    assert set(before) | set(since) == set(range(24)) and before[:12] == list(range(12))


def test_a_client_s_cats(results, table):
    assert numbers(results("--client-id", table, "--only", "cat")[0]) == [0, 4, 8, 12, 16, 20]


def test_all_cats_in_a_time_range(results):
    found, _ = results("--only", "cat", "--since", BASE, "--until", BASE + 4 * DAY)
    assert numbers(found) == [0, 4, 8, 12, 16, 20, 24, 28, 32]
    found, _ = results("--only", "not-cat", "--since", BASE + DAY, "--until", BASE + 4 * DAY)
    assert numbers(found) == [13, 17, 21, 25, 29, 33]


def test_a_batch_of_a_client(results, table):
    assert len(results("--batchid", BASE * 10**6 + 1, "--client-id", table)[0]) == 12
    assert results("--batchid", BASE * 10**6 + 1, "--client-id", table + "-2")[0] == []


def test_nothing_found_is_no_failure(results):
    found, document = results("--client-id", "nobody-at-all")
    assert found == [] and document["counts"]["total"] == 0


def test_a_table_for_people(tmp_path, local, table):
    done = Command(tmp_path)("results", "--client-id", table, "--only", "cat", "--sort", "file", **local.env)
    assert done.code == 0 and done.out.count("\n") == 7
    assert not list(tmp_path.iterdir())  # a search writes no files


@pytest.mark.parametrize("args, words", [
    (["--status", "fail"], "needs one of"),
    (["--since", "7d"], "needs one of"),
    (["--only", "pending"], "needs one of"),
    (["--only", "missing", "--client-id", "a"], "--only missing"),
    (["--client-id", "a", "--status", "done"], "pending, success, fail"),
    (["--client-id", "a", "--since", "soon"], "--since soon"),
    (["--client-id", "a", "--since", "2d", "--until", "3d"], "later"),
    (["--client-id", "a", "--wait"], "--wait"),
    (["--client-id", "a", "-b", "f"], "--batchid"),
    (["--client-id", "a", "--status", "fail", "--only", "cat"], "--only cat"),
    (["--batchid", "x", "--status", "fail"], "--batchid x"),
])
def test_bad_searches(tmp_path, local, args, words):
    done = Command(tmp_path)("results", *args, **local.env)
    assert done.code == 2 and words in done.err and done.out == ""
