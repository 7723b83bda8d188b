import pytest

from toolkit import aws
from toolkit.athena.catalog import Catalog
from toolkit.errors import NotFound, TableError
from toolkit.hive import Column, DateProjection, plan_table, table_input
from toolkit.repositories import open_repository

KEYS = (Column("dt", "string"),)


@pytest.fixture
def database(platform, unique):
    name = f"catalog_{unique}"
    aws.call("glue", "create_database", DatabaseInput={"Name": name})
    return name


def orders(database, **options):
    schema = open_repository().load("order_placed", "2")
    location = "s3://some-bucket/orders/"
    return plan_table(schema, database=database, name="orders", location=location, partition_keys=KEYS, **options).table


def create(table):
    aws.call("glue", "create_table", DatabaseName=table.database, TableInput=table_input(table))


def test_a_table_comes_back_as_it_was_made(database):
    table = orders(database)
    create(table)
    assert Catalog().table(database, "orders") == table


def test_a_projected_table_comes_back_as_it_was_made(database):
    table = orders(database, projections={"dt": DateProjection("2026-03-01")})
    create(table)
    assert Catalog().table(database, "orders") == table


def test_names_are_taken_in_lower_case(database):
    create(orders(database))
    assert Catalog().table(database.upper(), "Orders").name == "orders"


def test_databases_and_tables_are_listed_sorted(database):
    for name in ("zebra", "ant"):
        aws.call("glue", "create_table", DatabaseName=database, TableInput={"Name": name})
    assert Catalog().tables(database) == ("ant", "zebra")
    assert database in Catalog().databases()
    assert list(Catalog().databases()) == sorted(Catalog().databases())


def test_an_account_may_be_named(database):
    assert database in Catalog(catalog_id="123456789012").databases()


def test_what_is_not_there_is_not_found(database):
    with pytest.raises(NotFound):
        Catalog().table(database, "nothing")
    with pytest.raises(NotFound):
        Catalog().table("no_such_database", "nothing")


def test_a_view_is_refused(database):
    aws.call("glue", "create_table", DatabaseName=database, TableInput={"Name": "seen", "TableType": "VIRTUAL_VIEW"})
    with pytest.raises(TableError, match="table 'seen': expected a table, found a view"):
        Catalog().table(database, "seen")
