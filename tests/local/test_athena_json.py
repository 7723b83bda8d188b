"""DDL into the catalogue and SELECT over JSON in S3, the whole way over the API."""

import gzip
import json

import pytest

OPENX = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
EVENTS = [
    {"eid": "a", "documentNumber": "1", "age": 7, "address": {"street": "High", "number": 1, "mailAddress": True}},
    {"eid": "b", "documentNumber": "2", "age": 8, "address": {"street": "Low", "number": 2, "mailAddress": False}},
]


@pytest.fixture(scope="module")
def shop(athena):
    athena.run("CREATE DATABASE shop")
    lines = "\n".join(map(json.dumps, EVENTS))
    athena.put("events/dt=2024-01-01/a.json.gz", gzip.compress(lines.encode()))
    athena.put("events/dt=2024-01-02/b.json", lines + "\n" + lines + "\n")
    athena.put("events/dt=2024-01-02/_SUCCESS", "not data")
    athena.put("events/dt=2024-01-02/.hidden/c.json", "not data")
    athena.run(
        "CREATE EXTERNAL TABLE `shop`.`events` (`eid` string, `documentnumber` string, `age` int,"
        " `address` struct<street:string,number:int,mailaddress:boolean>)"
        f" PARTITIONED BY (`dt` date) {OPENX} LOCATION 's3://lake/events/'"
    )
    athena.run("MSCK REPAIR TABLE shop.events")
    return athena


def table(athena, name, columns, lines, *, properties="", serde=OPENX):
    athena.put(f"{name}/a.json", lines if isinstance(lines, bytes) else "\n".join(lines))
    properties = f" WITH SERDEPROPERTIES ({properties})" if properties else ""
    athena.run(f"CREATE EXTERNAL TABLE shop.{name} ({columns}) {serde}{properties} LOCATION 's3://lake/{name}/'")
    return f"shop.{name}"


def test_nested_fields_are_read_whatever_the_case_of_their_keys(shop):
    assert shop.rows(
        "SELECT eid, documentnumber, address.mailaddress FROM events WHERE dt = DATE '2024-01-01'", "shop"
    ) == [
        ("a", "1", "true"),
        ("b", "2", "false"),
    ]


def test_whole_values_print_as_athena_prints_them(shop):
    assert shop.rows("SELECT * FROM shop.events WHERE dt = DATE '2024-01-01' ORDER BY eid LIMIT 1") == [
        ("a", "1", "7", "{street=High, number=1, mailaddress=true}", "2024-01-01")
    ]


def test_partitions_group_and_hidden_files_are_passed_over(shop):
    assert shop.rows("SELECT dt, count(*) n FROM shop.events GROUP BY dt ORDER BY dt") == [
        ("2024-01-01", "2"),
        ("2024-01-02", "4"),
    ]


def test_a_condition_on_the_partition_leaves_the_others_unread(shop):
    shop.run("SELECT count(*) FROM shop.events WHERE dt > DATE '2024-01-01' AND age > 1")
    assert shop.execution["Statistics"]["DataScannedInBytes"] == 2 * len("\n".join(map(json.dumps, EVENTS))) + 2


def test_path_names_the_object(shop):
    paths = shop.rows('SELECT DISTINCT "$path" FROM shop.events ORDER BY 1')
    assert paths == [("s3://lake/events/dt=2024-01-01/a.json.gz",), ("s3://lake/events/dt=2024-01-02/b.json",)]


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("string", '"a\\"b\\u00e9"', 'a"bé'),
        ("string", "0.10", "0.10"),
        ("string", "12345678901234567890123", "12345678901234567890123"),
        ("string", "true", "true"),
        ("string", '{"b":[1,2.50],"a":null}', '{"b":[1,2.50],"a":null}'),
        ("string", "null", None),
        ("varchar(2)", '"abc"', "ab"),
        ("int", '"12"', "12"),
        ("int", "1.0", "1"),
        ("int", "1e3", "1000"),
        ("int", "2147483648", None),
        ("int", '"x"', None),
        ("int", "true", None),
        ("bigint", "9223372036854775807", "9223372036854775807"),
        ("double", "1", "1.0"),
        ("double", '"NaN"', "NaN"),
        ("double", "1e10", "1.0E10"),
        ("decimal(5,2)", "1.005", "1.01"),
        ("decimal(5,2)", "1000", None),
        ("boolean", '"TRUE"', "true"),
        ("boolean", "1", "false"),
        ("date", '"2024-02-30"', "2024-03-01"),
        ("date", '"x"', None),
        ("timestamp", '"2024-01-02 03:04:05"', "2024-01-02 03:04:05.000"),
        ("timestamp", '"2024-01-02T03:04:05.678Z"', "2024-01-02 03:04:05.678"),
        ("timestamp", '"2024-01-02T03:04:05+02:00"', "2024-01-02 01:04:05.000"),
        ("timestamp", "1704164645", "2024-01-02 03:04:05.000"),
        ("timestamp", "1704164645678", "2024-01-02 03:04:05.678"),
        ("binary", '"AQL/"', "01 02 ff"),
        ("array<int>", "[1,null,3]", "[1, null, 3]"),
        ("array<int>", "5", "[5]"),
        ("map<string,int>", '{"Key":1}', "{key=1}"),
        ("struct<a:int,b:struct<c:string>>", '{"A":1,"B":{"C":"x"}}', "{a=1, b={c=x}}"),
        ("struct<a:int>", "{}", "{a=null}"),
    ],
)
def test_values_convert_as_the_serde_converts_them(shop, request, kind, text, shown):
    name = f"v{abs(hash(request.node.name))}"
    table(shop, name, f"v {kind}", [f'{{"v": {text}}}'])
    assert shop.value(f"SELECT v FROM shop.{name}") == shown


def test_mappings_rename_keys_at_every_depth(shop):
    name = table(
        shop, "mapped", "ts string, x struct<ts:int>", ['{"Event Time": "t", "x": {"event time": 1}}'],
        properties="'mapping.ts'='Event Time'",
    )  # fmt: skip
    assert shop.rows(f"SELECT ts, x.ts FROM {name}") == [("t", "1")]


def test_case_sensitive_keys_need_their_mapping(shop):
    name = table(
        shop, "cased", "eid string, other string", ['{"eId": "a", "Other": "b", "other": "c"}'],
        properties="'case.insensitive'='false', 'mapping.eid'='eId'",
    )  # fmt: skip
    assert shop.rows(f"SELECT eid, other FROM {name}") == [("a", "c")]


def test_dots_in_keys_become_underscores_where_asked(shop):
    name = table(shop, "dotted", "a_b int", ['{"a.b": 1}'], properties="'dots.in.keys'='true'")
    assert shop.value(f"SELECT a_b FROM {name}") == "1"


def test_a_broken_line_fails_the_query_and_names_the_object(shop):
    name = table(shop, "broken", "a int", ['{"a": 1}', '{"a": '])
    reason = shop.reason(f"SELECT a FROM {name}")
    assert reason.startswith("HIVE_CURSOR_ERROR: Row is not a valid JSON Object - JSONException: ")
    assert reason.endswith("(s3://lake/broken/a.json)")


def test_broken_lines_are_rows_of_nulls_where_ignored(shop):
    name = table(
        shop,
        "ignored",
        "a int",
        b'{"a": 1}\n{"a": \n\ntext\n{"a": 2} trailing\n{"a": 3, "b": "\xff"}\n',
        properties="'ignore.malformed.json'='true'",
    )
    assert shop.rows(f"SELECT a FROM {name}") == [("1",), (None,), (None,), (None,), ("2",), ("3",)]


def test_keys_that_differ_in_case_alone_are_a_duplicate(shop):
    name = table(shop, "twice", "a int", ['{"a": 1, "A": 2}'])
    assert 'Duplicate key "a"' in shop.reason(f"SELECT a FROM {name}")


def test_an_object_in_a_number_column_fails_only_queries_that_read_it(shop):
    name = table(shop, "mixed", "a int, b int", ['{"a": {"x": 1}, "b": 2}'])
    assert shop.value(f"SELECT b FROM {name}") == "2"
    assert shop.reason(f"SELECT a FROM {name}").startswith("HIVE_BAD_DATA: Error parsing column 'a'")


def test_hives_own_json_serde_refuses_what_is_no_object(shop):
    name = table(
        shop, "hive_json", "a int", ["text"], serde="ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'"
    )
    assert shop.reason(f"SELECT a FROM {name}").startswith("HIVE_CURSOR_ERROR: Row is not a valid JSON Object")


def test_a_changed_object_is_read_anew(shop):
    name = table(shop, "changing", "a int", ['{"a": 1}'])
    assert shop.value(f"SELECT a FROM {name}") == "1"
    shop.put("changing/a.json", '{"a": 2}')
    assert shop.value(f"SELECT a FROM {name}") == "2"


def test_an_empty_table_has_its_columns_and_no_rows(shop):
    shop.run(f"CREATE EXTERNAL TABLE shop.empty (a int, b array<string>) {OPENX} LOCATION 's3://lake/empty/'")
    assert shop.rows("SELECT * FROM shop.empty") == []
    assert shop.value("SELECT count(*) FROM shop.empty") == "0"
