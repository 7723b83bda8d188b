"""What the local DynamoDB says of expressions."""

import pytest
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def table(client):
    dynamodb = client("dynamodb")
    key = "id"
    dynamodb.create_table(
        TableName="rooms",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(
        TableName="rooms",
        Item={
            "id": {"S": "a"},
            "Capacity": {"N": "3"},
            "seats": {"L": [{"M": {"name": {"S": "x"}, "row": {"N": "1"}}}]},
        },
    )
    return dynamodb


@pytest.mark.parametrize(
    ("projection", "word"), [("id, Capacity", "Capacity"), ("seats[0].name", "name"), ("seats[0].#r, user", "user")]
)
def test_a_reserved_word_in_a_projection_is_named_in_dynamodbs_words(table, projection, word):
    names = {"ExpressionAttributeNames": {"#r": "row"}} if "#r" in projection else {}
    for read in (
        lambda: table.get_item(TableName="rooms", Key={"id": {"S": "a"}}, ProjectionExpression=projection, **names),
        lambda: table.scan(TableName="rooms", ProjectionExpression=projection, **names),
    ):
        with pytest.raises(ClientError) as raised:
            read()
        assert raised.value.response["Error"] == {
            "Code": "ValidationException",
            "Message": f"Invalid ProjectionExpression: Attribute name is a reserved keyword; reserved keyword: {word}",
        }


def test_a_name_that_stands_for_a_reserved_word_is_projected(table):
    item = table.get_item(
        TableName="rooms",
        Key={"id": {"S": "a"}},
        ProjectionExpression="id, #c",
        ExpressionAttributeNames={"#c": "Capacity"},
    )["Item"]
    assert item == {"id": {"S": "a"}, "Capacity": {"N": "3"}}
