"""Which classes stand behind ``STORED AS`` and what a table of the catalogue is stored as."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

TEXT_INPUT = "org.apache.hadoop.mapred.TextInputFormat"
CLOUDTRAIL_INPUT = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
TEXT_OUTPUT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"
IGNORE_KEY_OUTPUT = "org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat"
OPENX_JSON_SERDE = "org.openx.data.jsonserde.JsonSerDe"
# What Hive gives a SerDe as its property ``serialization.format`` where a statement says nothing.
DEFAULT_SERIALIZATION_FORMAT = "1"
LAZY_SIMPLE_SERDE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"


@dataclass(frozen=True, slots=True)
class StorageFormat:
    """The three Java classes by which Hive reads and writes a format."""

    serde: str
    input_format: str
    output_format: str


# Source: https://docs.aws.amazon.com/athena/latest/ug/supported-serdes.html
STORED_AS = {
    "TEXTFILE": StorageFormat(LAZY_SIMPLE_SERDE, TEXT_INPUT, TEXT_OUTPUT),
    "JSON": StorageFormat("org.apache.hive.hcatalog.data.JsonSerDe", TEXT_INPUT, TEXT_OUTPUT),
    "PARQUET": StorageFormat(
        "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
        "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    ),
    "ORC": StorageFormat(
        "org.apache.hadoop.hive.ql.io.orc.OrcSerde",
        "org.apache.hadoop.hive.ql.io.orc.OrcInputFormat",
        "org.apache.hadoop.hive.ql.io.orc.OrcOutputFormat",
    ),
    "AVRO": StorageFormat(
        "org.apache.hadoop.hive.serde2.avro.AvroSerDe",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerInputFormat",
        "org.apache.hadoop.hive.ql.io.avro.AvroContainerOutputFormat",
    ),
    "RCFILE": StorageFormat(
        "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe",
        "org.apache.hadoop.hive.ql.io.RCFileInputFormat",
        "org.apache.hadoop.hive.ql.io.RCFileOutputFormat",
    ),
    "SEQUENCEFILE": StorageFormat(
        LAZY_SIMPLE_SERDE,
        "org.apache.hadoop.mapred.SequenceFileInputFormat",
        "org.apache.hadoop.hive.ql.io.HiveSequenceFileOutputFormat",
    ),
    "ION": StorageFormat(
        "com.amazon.ionhiveserde.IonHiveSerDe",
        "com.amazon.ionhiveserde.formats.IonInputFormat",
        "com.amazon.ionhiveserde.formats.IonOutputFormat",
    ),
}


class Format(Enum):
    """A format by how it is read."""

    OPENX_JSON = "OpenX JSON"
    HIVE_JSON = "Hive JSON"
    PARQUET = "Parquet"
    ORC = "ORC"
    AVRO = "Avro"
    DELIMITED = "delimited text"
    CSV = "CSV"
    REGEX = "Regex"
    ION = "Ion"
    GROK = "Grok"
    OTHER = "other"


_BY_SERDE = {
    OPENX_JSON_SERDE.lower(): Format.OPENX_JSON,
    "org.apache.hive.hcatalog.data.jsonserde": Format.HIVE_JSON,
    "org.apache.hadoop.hive.serde2.jsonserde": Format.HIVE_JSON,
    "com.amazon.emr.hive.serde.cloudtrailserde": Format.HIVE_JSON,
    "com.amazon.emr.cloudtrail.cloudtrailserde": Format.HIVE_JSON,
    STORED_AS["PARQUET"].serde.lower(): Format.PARQUET,
    "parquet.hive.serde.parquethiveserde": Format.PARQUET,
    STORED_AS["ORC"].serde.lower(): Format.ORC,
    STORED_AS["AVRO"].serde.lower(): Format.AVRO,
    LAZY_SIMPLE_SERDE.lower(): Format.DELIMITED,
    "org.apache.hadoop.hive.serde2.opencsvserde": Format.CSV,
    "org.apache.hadoop.hive.serde2.regexserde": Format.REGEX,
    "org.apache.hadoop.hive.contrib.serde2.regexserde": Format.REGEX,
    STORED_AS["ION"].serde.lower(): Format.ION,
    "com.amazonaws.glue.serde.grokserde": Format.GROK,
}

# Further SerDes that Athena lists and the local one does not read.
_LISTED = frozenset(
    {
        "org.apache.hadoop.hive.serde2.columnar.columnarserde",
        "org.apache.hadoop.hive.serde2.lazybinary.lazybinaryserde",
        STORED_AS["RCFILE"].serde.lower(),
    }
)


def is_known_serde(name: str) -> bool:
    """Tell whether Athena has a SerDe of that class, whether it is read here or not."""
    return name.lower() in _BY_SERDE or name.lower() in _LISTED


def format_of(descriptor: dict[str, Any]) -> Format:
    """Tell how a table or partition with this StorageDescriptor is read."""
    serde = ((descriptor.get("SerdeInfo") or {}).get("SerializationLibrary") or "").lower()
    return _BY_SERDE.get(serde, Format.OTHER)


def holds_records(descriptor: dict[str, Any]) -> bool:
    """
    Tell whether each object is one JSON value whose ``Records`` are the rows, as CloudTrail writes its logs.

    Source: https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html
    """
    return str(descriptor.get("InputFormat") or "").lower() == CLOUDTRAIL_INPUT.lower()


def serde_name(descriptor: dict[str, Any]) -> str:
    """Give the class that a StorageDescriptor names."""
    return str((descriptor.get("SerdeInfo") or {}).get("SerializationLibrary") or "")


def serde_properties(descriptor: dict[str, Any]) -> dict[str, str]:
    """Give the properties of a StorageDescriptor's SerDe."""
    return dict((descriptor.get("SerdeInfo") or {}).get("Parameters") or {})
