"""What the tests of tables share: schemas, and Hive's own parser where Java is present."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"
WEBHOOKS = ROOT.parent / "shared" / "data" / "github-webhooks"


@pytest.fixture(scope="session")
def hive():
    """The Java virtual machine with Hive 2.3 on its class path, as PySpark's jars bring it."""
    if shutil.which("java") is None:
        pytest.skip("needs Java")
    pyspark = pytest.importorskip("pyspark", reason="needs PySpark, whose jars hold Hive's parser")
    from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

    jars = Path(pyspark.__file__).parent / "jars"
    port = launch_gateway(
        jarpath=str(next(jars.glob("py4j*.jar"))), classpath=f"{jars}/*", die_on_exit=True, javaopts=["-Xmx512m"]
    )
    gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port))
    yield gateway.jvm
    gateway.shutdown()


@pytest.fixture(scope="session")
def hive_parser(hive):
    """A function that parses a statement with ``org.apache.hadoop.hive.ql.parse`` and returns the tree."""
    driver = hive.org.apache.hadoop.hive.ql.parse.ParseDriver()
    return driver.parse
