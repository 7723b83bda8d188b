"""How rows are read and written: the SerDes that matter here, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from toolkit.hive.losses import Effect
from toolkit.hive.policy import Storage
from toolkit.hive.rules import Properties, check_properties


@dataclass(frozen=True, slots=True)
class Serde:
    """How rows are read and written: the SerDe's class with its properties, and Hadoop's input and output formats."""

    library: str
    input_format: str
    output_format: str
    properties: Mapping[str, str] = field(default_factory=Properties)

    def __post_init__(self) -> None:
        object.__setattr__(self, "properties", check_properties(self.properties, what="SerDe property"))


_TEXT_FORMATS = (
    "org.apache.hadoop.mapred.TextInputFormat",
    "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
)
OPENX_JSON = Serde("org.openx.data.jsonserde.JsonSerDe", *_TEXT_FORMATS)
HIVE_JSON = Serde("org.apache.hive.hcatalog.data.JsonSerDe", *_TEXT_FORMATS)
LAZY_SIMPLE = Serde("org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe", *_TEXT_FORMATS)
PARQUET = Serde(
    "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
)
ORC = Serde(
    "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
    "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
    "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
)
ION = Serde(
    "com.amazon.ionhiveserde.IonHiveSerDe",
    "com.amazon.ionhiveserde.formats.IonInputFormat",
    "com.amazon.ionhiveserde.formats.IonOutputFormat",
)
AVRO = Serde(
    "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
    "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
    "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
)
RCFILE = Serde(
    "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe",
    "org.apache.hadoop.hive.ql.io.RCFileInputFormat",
    "org.apache.hadoop.hive.ql.io.RCFileOutputFormat",
)
SEQUENCEFILE = Serde(
    LAZY_SIMPLE.library,
    "org.apache.hadoop.mapred.SequenceFileInputFormat",
    "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
)
# An Iceberg table says in its own metadata how it is read; Glue holds no SerDe for it.
ICEBERG = Serde("", "", "")

SERDES: dict[Storage, Serde] = {
    "openx": OPENX_JSON,
    "hive": HIVE_JSON,
    "parquet": PARQUET,
    "orc": ORC,
    "ion": ION,
    "iceberg": ICEBERG,
}


def malformed_effect(serde: Serde) -> Effect:
    """Return what becomes of a line that *serde*, which reads JSON, can't read: ``error``, or ``null`` for a row of nulls."""
    ignored = serde.properties.get("ignore.malformed.json", "false").lower() == "true"
    return "null" if ignored and serde.library == OPENX_JSON.library else "error"
