"""Operations of Glue that moto lacks, and what the platform says of those that nobody has."""

import json

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
    errors = glue.delete_schema_versions(SchemaId=SCHEMA, Versions="1-2,9")["SchemaVersionErrors"]
    assert [each["VersionNumber"] for each in errors] == [1, 9]
    assert [each["VersionNumber"] for each in glue.list_schema_versions(SchemaId=SCHEMA)["Schemas"]] == [1, 3]
    assert refusal(glue.delete_schema_versions, SchemaId=SCHEMA, Versions="x")[1] == "InvalidInputException"


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


def test_an_operation_that_nobody_has_is_refused_by_name(glue, client):
    status, code, message = refusal(glue.get_user_defined_functions, DatabaseName="shop", Pattern="*")
    assert (status, code) == (400, "UnsupportedOperationException")
    assert "get_user_defined_functions" in message
    topic = "arn:aws:sns:eu-west-1:123456789012:t"
    assert refusal(client("sns").get_data_protection_policy, ResourceArn=topic)[1] == "UnsupportedOperationException"
