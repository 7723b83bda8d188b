"""Operations of Glue that moto lacks, and what the platform says of those that nobody has."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

REGISTRY = {"RegistryName": "events"}
SCHEMA = {**REGISTRY, "SchemaName": "order"}


@pytest.fixture(scope="module")
def glue(client):
    glue = client("glue")
    glue.create_registry(RegistryName="events")
    for name in ("order", "payment"):
        glue.create_schema(
            RegistryId=REGISTRY,
            SchemaName=name,
            DataFormat="JSON",
            Compatibility="NONE",
            SchemaDefinition=json.dumps({"title": name}),
        )
    glue.create_database(DatabaseInput={"Name": "shop"})
    for name in ("orders", "payments"):
        table = {
            "Name": name,
            "Parameters": {"classification": "json"},
            "PartitionKeys": [{"Name": "day", "Type": "date"}],
        }
        glue.create_table(DatabaseName="shop", TableInput={**table, "Description": f"All {name}"})
    return glue


def refusal(call, **arguments):
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    answer = raised.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"], answer["Error"]["Message"]


def test_schemas_are_listed_in_pages(glue):
    first = glue.list_schemas(RegistryId=REGISTRY, MaxResults=1)
    second = glue.list_schemas(RegistryId=REGISTRY, MaxResults=1, NextToken=first["NextToken"])
    assert [each["SchemaName"] for each in first["Schemas"] + second["Schemas"]] == ["order", "payment"]
    assert "NextToken" not in second
    assert len(glue.list_schemas()["Schemas"]) == 2


def test_what_is_not_registered_is_not_found(glue):
    missing = {"RegistryName": "nowhere"}
    for call, arguments in (
        (glue.list_schemas, {"RegistryId": missing}),
        (glue.list_schema_versions, {"SchemaId": {**missing, "SchemaName": "order"}}),
        (glue.list_schema_versions, {"SchemaId": {**REGISTRY, "SchemaName": "other"}}),
        (glue.delete_schema_versions, {"SchemaId": {**missing, "SchemaName": "order"}, "Versions": "1"}),
    ):
        assert refusal(call, **arguments)[:2] == (400, "EntityNotFoundException")


def test_versions_are_listed_and_deleted_but_for_the_first(glue):
    for number in (2, 3):
        glue.register_schema_version(SchemaId=SCHEMA, SchemaDefinition=json.dumps({"title": f"order {number}"}))
    listed = glue.list_schema_versions(SchemaId=SCHEMA)["Schemas"]
    assert [(each["VersionNumber"], each["Status"]) for each in listed] == [(n, "AVAILABLE") for n in (1, 2, 3)]
    for versions, refused in (("1-2", [1]), ("9", [9])):
        errors = glue.delete_schema_versions(SchemaId=SCHEMA, Versions=versions)["SchemaVersionErrors"]
        assert [each["VersionNumber"] for each in errors] == refused
    assert [each["VersionNumber"] for each in glue.list_schema_versions(SchemaId=SCHEMA)["Schemas"]] == [1, 3]
    assert refusal(glue.delete_schema_versions, SchemaId=SCHEMA, Versions="x")[1] == "ValidationException"


@pytest.mark.parametrize(
    ("data_format", "definition", "is_valid"),
    [
        ("JSON", '{"type": "object"}', True),
        ("JSON", '{"type": ', False),
        ("JSON", "1", False),
        ("AVRO", '{"type": "record", "name": "r", "fields": []}', True),
        ("AVRO", '{"type": "nothing"}', False),
    ],
)
def test_a_definition_is_checked(glue, data_format, definition, is_valid):
    answer = glue.check_schema_version_validity(DataFormat=data_format, SchemaDefinition=definition)
    assert answer["Valid"] is is_valid
    assert ("Error" in answer) is not is_valid


def test_tables_are_found_by_words_and_properties(glue):
    def found(**arguments):
        return [table["Name"] for table in glue.search_tables(**arguments)["TableList"]]

    assert found(SearchText="Day shop") == ["orders", "payments"]
    assert found(SearchText='"all pay"') == ["payments"]
    assert found(SearchText="json") == ["orders", "payments"]
    assert found(SearchText="orders payments") == []
    assert found(Filters=[{"Key": "classification", "Value": "json"}, {"Key": "Name", "Value": "orders"}]) == ["orders"]
    assert found(SortCriteria=[{"FieldName": "Name", "Sort": "DESC"}], MaxResults=1) == ["payments"]


def test_an_update_that_skips_the_archive_keeps_no_older_version(glue):
    def versions():
        return len(glue.get_table_versions(DatabaseName="shop", TableName="orders")["TableVersions"])

    before = versions()
    glue.update_table(DatabaseName="shop", TableInput={"Name": "orders", "Description": "a"}, SkipArchive=True)
    assert versions() == before
    glue.update_table(DatabaseName="shop", TableInput={"Name": "orders", "Description": "b"})
    assert versions() == before + 1


def pages(glue, operation, key, **arguments):
    return [
        [each.get("Values") or each.get("Name") or each.get("VersionId") for each in page[key]]
        for page in glue.get_paginator(operation).paginate(**arguments)
    ]


def test_an_update_of_a_version_that_is_gone_by_is_refused(glue):
    table = {"DatabaseName": "shop", "Name": "orders"}
    version = glue.get_table(**table)["Table"]["VersionId"]
    update = {"DatabaseName": "shop", "TableInput": {"Name": "orders", "Description": "mine"}, "VersionId": version}
    glue.update_table(**update)
    with pytest.raises(glue.exceptions.ConcurrentModificationException, match="concurrent modifications"):
        glue.update_table(**{**update, "TableInput": {"Name": "orders", "Description": "yours"}})
    assert glue.get_table(**table)["Table"]["Description"] == "mine"


def test_the_catalogue_is_listed_in_pages_by_name(glue):
    glue.create_database(DatabaseInput={"Name": "many"})
    for name in ("c", "a", "b"):
        glue.create_table(
            DatabaseName="many", TableInput={"Name": name, "PartitionKeys": [{"Name": "day", "Type": "string"}]}
        )
    of_two = {"PaginationConfig": {"PageSize": 2}}
    assert pages(glue, "get_tables", "TableList", DatabaseName="many", **of_two) == [["a", "b"], ["c"]]
    glue.update_table(DatabaseName="many", TableInput={"Name": "a"})
    glue.update_table(
        DatabaseName="many", TableInput={"Name": "a", "PartitionKeys": [{"Name": "day", "Type": "string"}]}
    )
    table = {"DatabaseName": "many", "TableName": "a"}
    assert pages(glue, "get_table_versions", "TableVersions", **table, **of_two) == [["1", "2"], ["3"]]
    listed = pages(glue, "get_databases", "DatabaseList", PaginationConfig={"PageSize": 1})
    assert [page for page in listed if page != ["default"]] == [["many"], ["shop"]]
    descriptor = {"Location": "s3://lake/many/", "Columns": [{"Name": "x", "Type": "int"}]}
    for day in ("3", "1", "2", "10"):
        glue.create_partition(**table, PartitionInput={"Values": [day], "StorageDescriptor": descriptor})
    assert pages(glue, "get_partitions", "Partitions", **table, **of_two) == [[["1"], ["10"]], [["2"], ["3"]]]
    assert pages(glue, "get_partitions", "Partitions", **table, Expression="day > '2'") == [[["3"]]]
    segments = [
        pages(glue, "get_partitions", "Partitions", **table, Segment={"SegmentNumber": number, "TotalSegments": 2})
        for number in range(2)
    ]
    assert sorted(values for [page] in segments for [values] in page) == ["1", "10", "2", "3"]
    [first, *_] = glue.get_partitions(**table, ExcludeColumnSchema=True)["Partitions"]
    assert first["StorageDescriptor"] == {"Location": "s3://lake/many/"}
    # Answers have the shapes and times that Glue's model gives them, in lists and one by one.
    [whole, *_] = glue.get_partitions(**table)["Partitions"]
    assert whole["StorageDescriptor"] == descriptor
    assert whole == glue.get_partition(**table, PartitionValues=["1"])["Partition"]
    assert [whole] == glue.batch_get_partition(**table, PartitionsToGet=[{"Values": ["1"]}])["Partitions"]
    assert abs(datetime.now(UTC) - whole["CreationTime"]) < timedelta(hours=1)
    [listed, *_] = glue.get_tables(DatabaseName="many")["TableList"]
    assert listed == glue.get_table(DatabaseName="many", Name="a")["Table"]
    assert listed["CreateTime"].tzinfo is not None


def test_tables_can_be_deleted_while_they_are_listed(glue):
    glue.create_database(DatabaseInput={"Name": "doomed"})
    for number in range(5):
        glue.create_table(DatabaseName="doomed", TableInput={"Name": f"t{number}"})
    for page in glue.get_paginator("get_tables").paginate(DatabaseName="doomed", PaginationConfig={"PageSize": 2}):
        for table in page["TableList"]:
            glue.delete_table(DatabaseName="doomed", Name=table["Name"])
    assert glue.get_tables(DatabaseName="doomed")["TableList"] == []


def test_a_page_has_a_bound_and_a_token_that_was_given(glue):
    _, code, message = refusal(glue.get_tables, DatabaseName="shop", MaxResults=101)
    assert code == "ValidationException"
    assert message == (
        "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value "
        "less than or equal to 100"
    )
    for token in ("x", "MQ==", "eyJ9"):
        assert refusal(glue.get_tables, DatabaseName="shop", NextToken=token)[1] == "InvalidInputException"


def test_an_operation_that_nobody_has_is_refused_by_name(glue, client):
    status, code, message = refusal(glue.get_user_defined_functions, DatabaseName="shop", Pattern="*")
    assert (status, code) == (400, "UnsupportedOperationException")
    assert "get_user_defined_functions" in message
    topic = "arn:aws:sns:eu-west-1:123456789012:t"
    assert refusal(client("sns").get_data_protection_policy, ResourceArn=topic)[1] == "UnsupportedOperationException"


def test_parameters_come_in_the_order_of_a_java_map(client):
    glue = client("glue")
    glue.create_database(DatabaseInput={"Name": "ordered"})
    names = ["classification", "compressionType", "typeOfData", "projection.enabled"]
    given = {"Name": "t", "Parameters": dict.fromkeys(names, "x"), "StorageDescriptor": {"Columns": []}}
    glue.create_table(DatabaseName="ordered", TableInput=given)
    expected = ["compressionType", "classification", "projection.enabled", "typeOfData"]
    assert list(glue.get_table(DatabaseName="ordered", Name="t")["Table"]["Parameters"]) == expected
    assert list(glue.get_tables(DatabaseName="ordered")["TableList"][0]["Parameters"]) == expected
