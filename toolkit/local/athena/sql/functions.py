"""
Trino's functions: what each takes, what it gives, and how DuckDB computes it.

Only what stands here can be called. A function is DuckDB's own where the two agree (``native``), or a macro of ours
whose text is in ``macros``. Sources: the function pages of https://trino.io/docs/current/functions.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from toolkit.local.athena.errors import QueryError
from toolkit.local.athena.hive_types import BIGINT, MIXED_ZONES, STRING, HiveType

Kind = HiveType | None
Returns = Callable[[Sequence[Kind]], Kind]

BOOLEAN = HiveType("boolean")
INTEGER = HiveType("int")
DOUBLE = HiveType("double")
DATE = HiveType("date")
TIMESTAMP = HiveType("timestamp")
ZONED = HiveType("timestamp with time zone")
TIME = HiveType("time")
ZONED_TIME = HiveType("time with time zone")
BINARY = HiveType("binary")
JSON = HiveType("json")
INTERVAL = HiveType("interval day to second")
MONTHS = HiveType("interval year to month")
UNKNOWN = HiveType("unknown")

TEXT = frozenset({"string", "varchar", "char"})
INTERVALS = frozenset({INTERVAL.name, MONTHS.name})
# How many digits the values of the integer types have at most.
DECIMAL_DIGITS = {"tinyint": 3, "smallint": 5, "int": 10, "bigint": 19}
NUMERIC_ORDER = ("tinyint", "smallint", "int", "bigint", "decimal", "float", "double")
INTEGRAL = frozenset({"tinyint", "smallint", "int", "bigint"})
TIMES_OF_DAY = frozenset({TIME.name, ZONED_TIME.name})
TEMPORAL_ORDER = ("date", "timestamp", "timestamp with time zone")


def in_zone(zone: str) -> HiveType:
    """
    Give the type of instants shown in that zone.

    Trino keeps a zone with each value; here it is known from the query where that is possible.
    """
    return HiveType(ZONED.name, fields=(zone,))


def with_own_zones(kind: HiveType) -> HiveType:
    """Give the type of instants of which each has a zone of its own."""
    return HiveType(ZONED.name, kind.arguments, fields=(MIXED_ZONES,))


def zone_of(kind: Kind) -> str:
    """Give the zone in which instants of this type are shown."""
    return kind.fields[0] if kind is not None and kind.fields and kind.name == ZONED.name else "UTC"


def time_at(offset: str) -> HiveType:
    """
    Give the type of times of day that are shown at an offset such as ``+02:00``.

    Trino keeps an offset with each value; here it is known from the query, or the value is not shown.
    """
    return HiveType(ZONED_TIME.name, fields=("+00:00" if offset == "UTC" else offset,))


def offset_minutes(kind: HiveType) -> int:
    """
    Give the offset at which times of a type are shown.

    Raises:
        QueryError: each value has one of its own.
    """
    offset = kind.fields[0] if kind.fields else MIXED_ZONES
    if offset == MIXED_ZONES:
        raise QueryError(
            "NOT_SUPPORTED: the local Athena shows times with time zone only where their offset is known from the query; "
            "cast them to time, or use timestamps"
        )
    hours, minutes = offset[1:].split(":")
    return (60 * int(hours) + int(minutes)) * (-1 if offset[0] == "-" else 1)


def precision_of(kind: HiveType) -> int:
    """Give the number of digits after the seconds, 3 if none is named; -1 for what is no time of day."""
    if kind.name == "date":
        return 0
    if kind.name not in ("time", "timestamp", ZONED.name, ZONED_TIME.name):
        return -1
    return kind.arguments[0] if kind.arguments else 3


def with_precision(kind: HiveType, precision: int) -> HiveType:
    """Give a type of points in time with so many digits after the seconds; a type without a number has 3."""
    return HiveType(kind.name, () if precision == 3 or kind.name == "date" else (precision,), fields=kind.fields)


def array_of(kind: Kind) -> Kind:
    """Give the type of an array of that type."""
    return HiveType("array", children=(kind,)) if kind is not None else None


def common(kinds: Sequence[Kind]) -> Kind:
    """Give the type to which all of these can be coerced, None if that is not known."""
    known = [kind for kind in kinds if kind is not None and kind.name != "unknown"]
    if not known or None in kinds:
        return None if None in kinds else (UNKNOWN if kinds else None)
    first = known[0]
    if all(kind == first for kind in known):
        return first
    names = {kind.name for kind in known}
    for order in (NUMERIC_ORDER, TEMPORAL_ORDER):
        if names <= set(order):
            widest = max(known, key=lambda kind: order.index(kind.name))
            return None if widest.name == "decimal" else widest
    if names <= {"string", "varchar", "char"}:
        return STRING
    return None


def _fixed(kind: HiveType) -> Returns:
    return lambda kinds: kind


def _argument(number: int) -> Returns:
    return lambda kinds: kinds[number] if number < len(kinds) else None


def _element(kinds: Sequence[Kind]) -> Kind:
    whole = kinds[0]
    if whole is None or not whole.children:
        return None
    return whole.children[-1] if whole.name in ("array", "map") else None


def _sum(kinds: Sequence[Kind]) -> Kind:
    kind = kinds[0]
    if kind is None or kind.name not in NUMERIC_ORDER:
        return None
    if kind.name == "decimal":
        return HiveType("decimal", (38, kind.arguments[1]))
    return BIGINT if kind.name in INTEGRAL else kind


def _average(kinds: Sequence[Kind]) -> Kind:
    kind = kinds[0]
    return kind if kind is not None and kind.name in ("decimal", "float", *INTERVALS) else DOUBLE


def _array_of_first(kinds: Sequence[Kind]) -> Kind:
    return array_of(kinds[0])


def _map_from(kinds: Sequence[Kind]) -> Kind:
    keys, values = (kinds[0], kinds[1]) if len(kinds) == 2 else (None, None)
    if keys is None or values is None or not keys.children or not values.children:
        return None
    return HiveType("map", children=(keys.children[0], values.children[0]))


def _map_of(kinds: Sequence[Kind]) -> Kind:
    if len(kinds) < 2 or kinds[0] is None or kinds[1] is None:
        return None
    return HiveType("map", children=(kinds[0], kinds[1]))


def _map_parts(index: int) -> Returns:
    def returns(kinds: Sequence[Kind]) -> Kind:
        kind = kinds[0]
        return array_of(kind.children[index]) if kind is not None and kind.name == "map" else None

    return returns


def _histogram(kinds: Sequence[Kind]) -> Kind:
    return HiveType("map", children=(kinds[0], BIGINT)) if kinds[0] is not None else None


@dataclass(frozen=True, slots=True)
class Function:
    """
    One function: the type it gives, how many arguments it takes, and its name in DuckDB.

    ``is_macro`` tells a macro of ours from a function of DuckDB's own.
    """

    returns: Returns
    implementation: str
    minimum: int
    maximum: int
    is_macro: bool = False
    is_aggregate: bool = False
    is_window: bool = False


def _table(rows: str, **kind: bool) -> dict[str, Function]:
    table: dict[str, Function] = {}
    for line in rows.strip().splitlines():
        name, arity, returns, *implementation = line.split()
        low, _, high = arity.partition("-")
        table[name] = Function(
            _RETURNS[returns],
            implementation[0] if implementation else name,
            int(low),
            int(high) if high and high != "*" else (int(low) if not high else 10_000),
            **kind,
        )
    return table


_RETURNS: dict[str, Returns] = {
    "boolean": _fixed(BOOLEAN),
    "integer": _fixed(INTEGER),
    "bigint": _fixed(BIGINT),
    "double": _fixed(DOUBLE),
    "varchar": _fixed(STRING),
    "varchars": _fixed(HiveType("array", children=(STRING,))),
    "bigints": _fixed(HiveType("array", children=(BIGINT,))),
    "date": _fixed(DATE),
    "time": _fixed(TIME),
    "zoned_time": _fixed(ZONED_TIME),
    "timestamp": _fixed(TIMESTAMP),
    "zoned": _fixed(ZONED),
    "varbinary": _fixed(BINARY),
    "json": _fixed(JSON),
    "uuid": _fixed(HiveType("uuid")),
    "interval": _fixed(INTERVAL),
    "varchar_map": _fixed(HiveType("map", children=(STRING, STRING))),
    "same": _argument(0),
    "second": _argument(1),
    "third": _argument(2),
    "common": common,
    "element": _element,
    "sum": _sum,
    "average": _average,
    "array": _array_of_first,
    "flattened": lambda kinds: _element(kinds),
    "map_from": _map_from,
    "map_of": _map_of,
    "keys": _map_parts(0),
    "values": _map_parts(1),
    "histogram": _histogram,
    "most_frequent": lambda kinds: _histogram(kinds[1:]),
    "unknown": lambda kinds: None,
}

# name, number of arguments, type of the result, name in DuckDB if it differs
NATIVE = _table(
    """
    abs 1 same
    acos 1 double
    asin 1 double
    atan 1 double
    atan2 2 double
    cbrt 1 double
    ceil 1 same
    ceiling 1 same ceil
    coalesce 2-* common
    cos 1 double
    degrees 1 double
    exp 1 double
    floor 1 same
    is_finite 1 boolean isfinite
    is_infinite 1 boolean isinf
    ln 1 double
    log10 1 double
    log2 1 double
    lower 1 varchar
    nullif 2 same
    pi 0 double
    pow 2 double
    power 2 double pow
    radians 1 double
    sin 1 double
    sqrt 1 double
    starts_with 2 boolean
    tan 1 double
    uuid 0 uuid
    """
)
MACROS = _table(
    """
    array_distinct 1 same
    array_except 2 same
    array_histogram 1 unknown
    array_intersect 2 same
    array_join 2-3 varchar
    array_max 1 element
    array_min 1 element
    array_position 2 bigint
    array_remove 2 same
    array_sort 1-2 same
    array_union 2 same
    arrays_overlap 2 boolean
    beta_cdf 3 double
    bit_count 2 bigint
    bitwise_and 2 bigint
    bitwise_left_shift 2 same
    bitwise_not 1 bigint
    bitwise_or 2 bigint
    bitwise_right_shift 2 same
    bitwise_right_shift_arithmetic 2 same
    bitwise_xor 2 bigint
    cardinality 1 bigint
    chr 1 varchar
    codepoint 1 integer
    combinations 2 unknown
    concat_ws 2-* varchar
    contains 2 boolean
    contains_sequence 2 boolean
    cosh 1 double
    cosine_similarity 2 double
    crc32 1 bigint
    current_timezone 0 varchar
    date 1 date
    date_add 3 third
    date_diff 3 bigint
    date_format 2 varchar
    date_parse 2 timestamp
    date_trunc 2 second
    day 1 bigint
    day_of_month 1 bigint day
    day_of_week 1 bigint
    day_of_year 1 bigint
    dow 1 bigint day_of_week
    doy 1 bigint day_of_year
    e 0 double
    empty_approx_set 0 unknown
    element_at 2 element
    flatten 1 element
    format_datetime 2 varchar
    format_number 1 varchar
    from_base 2 bigint
    from_base32 1 varbinary
    from_base64 1 varbinary
    from_base64url 1 varbinary
    from_big_endian_32 1 integer
    from_big_endian_64 1 bigint
    from_hex 1 varbinary
    from_ieee754_32 1 double
    from_ieee754_64 1 double
    from_iso8601_date 1 date
    from_iso8601_timestamp 1 zoned
    from_iso8601_timestamp_nanos 1 zoned
    from_unixtime 1-3 zoned
    from_unixtime_nanos 1 zoned
    from_utf8 1-2 varchar
    greatest 1-* common
    hamming_distance 2 bigint
    hmac_md5 2 varbinary
    hmac_sha1 2 varbinary
    hmac_sha256 2 varbinary
    hmac_sha512 2 varbinary
    hour 1 bigint
    human_readable_seconds 1 varchar
    infinity 0 double
    inverse_normal_cdf 3 double
    is_json_scalar 1 boolean
    is_nan 1 boolean
    json_array_contains 2 boolean
    json_array_get 2 json
    json_array_length 1 bigint
    json_extract 2 json
    json_extract_scalar 2 varchar
    json_format 1 varchar
    json_parse 1 json
    json_size 2 bigint
    last_day_of_month 1 date
    least 1-* common
    length 1 bigint
    levenshtein_distance 2 bigint
    log 2 double
    lpad 3 varchar
    ltrim 1-2 varchar
    luhn_check 1 boolean
    map 0-2 map_from
    map_concat 2-* same
    map_entries 1 unknown
    map_from_entries 1 unknown
    map_keys 1 keys
    map_values 1 values
    md5 1 varbinary
    millisecond 1 bigint
    minute 1 bigint
    mod 2 common
    month 1 bigint
    multimap_from_entries 1 unknown
    murmur3 1 varbinary
    nan 0 double
    ngrams 2 array
    normal_cdf 3 double
    normalize 2 varchar
    now 0 zoned
    parse_data_size 1 unknown
    parse_datetime 2 zoned
    parse_duration 1 interval
    parse_presto_data_size 1 unknown parse_data_size
    quantile_at_value 2 double
    quarter 1 bigint
    rand 0-2 double
    random 0-2 double rand
    regexp_count 2 bigint
    regexp_extract 2-3 varchar
    regexp_extract_all 2-3 varchars
    regexp_like 2 boolean
    regexp_position 2-4 integer
    regexp_replace 2-3 varchar
    regexp_split 2 varchars
    repeat 2 array
    reverse 1 same
    round 1-2 same
    rpad 3 varchar
    rtrim 1-2 varchar
    second 1 bigint
    sequence 2-3 array
    sha1 1 varbinary
    sha256 1 varbinary
    sha512 1 varbinary
    shuffle 1 same
    sign 1 same
    sinh 1 double
    slice 3 same
    soundex 1 varchar
    split 2-3 varchars
    split_part 3 varchar
    split_to_map 3 varchar_map
    split_to_multimap 3 unknown
    strpos 2-3 bigint
    substr 2-3 varchar
    substring 2-3 varchar substr
    tanh 1 double
    timezone_hour 1 bigint
    timezone_minute 1 bigint
    to_base 2 varchar
    to_base32 1 varchar
    to_base64 1 varchar
    to_base64url 1 varchar
    to_big_endian_32 1 varbinary
    to_big_endian_64 1 varbinary
    to_hex 1 varchar
    to_ieee754_32 1 varbinary
    to_ieee754_64 1 varbinary
    to_milliseconds 1 bigint
    to_unixtime 1 double
    to_utf8 1 varbinary
    translate 3 varchar
    trim 1-2 varchar
    trim_array 2 same
    truncate 1-2 same
    replace 2-3 varchar
    upper 1 varchar
    url_decode 1 varchar
    url_encode 1 varchar
    url_extract_fragment 1 varchar
    url_extract_host 1 varchar
    url_extract_parameter 2 varchar
    url_extract_path 1 varchar
    url_extract_port 1 bigint
    url_extract_protocol 1 varchar
    url_extract_query 1 varchar
    value_at_quantile 2 unknown
    values_at_quantiles 2 unknown
    week 1 bigint
    week_of_year 1 bigint week
    width_bucket 2-4 bigint
    wilson_interval_lower 3 double
    wilson_interval_upper 3 double
    word_stem 1-2 varchar
    xxhash64 1 varbinary
    year 1 bigint
    year_of_week 1 bigint
    yow 1 bigint year_of_week
    zip 2-5 unknown
    """,
    is_macro=True,
)

# Functions that take lambdas; their types are worked out in ``analysis``.
HIGHER_ORDER = _table(
    """
    all_match 2 boolean
    any_match 2 boolean
    filter 2 same
    map_filter 2 same
    none_match 2 boolean
    reduce 4 unknown
    transform 2 unknown
    transform_keys 2 unknown
    transform_values 2 unknown
    map_zip_with 3 unknown
    zip_with 3 unknown
    """,
    is_macro=True,
)

AGGREGATES = _table(
    """
    any_value 1 same
    approx_distinct 1-2 bigint
    approx_most_frequent 3 most_frequent
    approx_percentile 2-4 same
    approx_set 1 unknown
    arbitrary 1 same any_value
    array_agg 1 array
    avg 1 average
    bitwise_and_agg 1 bigint bit_and
    bitwise_or_agg 1 bigint bit_or
    bool_and 1 boolean
    bool_or 1 boolean
    convex_hull_agg 1 unknown
    geometry_union_agg 1 unknown
    checksum 1 varbinary
    corr 2 double
    count 0-1 bigint
    count_if 1 bigint
    covar_pop 2 double
    covar_samp 2 double
    every 1 boolean bool_and
    geometric_mean 1 double
    histogram 1 histogram
    kurtosis 1 double
    listagg 1-2 varchar
    map_agg 2 map_of
    merge 1 same
    numeric_histogram 2-3 unknown
    qdigest_agg 1-3 unknown
    reduce_agg 4 unknown
    map_union 1 same
    multimap_agg 2 unknown
    max 1-2 same
    max_by 2-3 same arg_max_null
    min 1-2 same
    min_by 2-3 same arg_min_null
    regr_intercept 2 double
    regr_slope 2 double
    skewness 1 double
    stddev 1 double stddev_samp
    stddev_pop 1 double
    stddev_samp 1 double
    sum 1 sum
    tdigest_agg 1-2 unknown
    var_pop 1 double
    var_samp 1 double
    variance 1 double var_samp
    """,
    is_aggregate=True,
)

# Of Trino's geospatial plugin; what they take and give is in ``geospatial_signatures.txt``.
GEOSPATIAL = _table(
    "\n".join(
        f"{name} 1-* unknown"
        for name in """
        bing_tile bing_tile_at bing_tile_coordinates bing_tile_polygon bing_tile_quadkey bing_tile_zoom_level
        bing_tiles_around from_encoded_polyline from_geojson_geometry geometry_invalid_reason geometry_nearest_points
        geometry_union great_circle_distance line_interpolate_point line_interpolate_points line_locate_point
        simplify_geometry st_area st_asbinary st_astext st_boundary st_buffer st_centroid st_contains st_convexhull
        st_coorddim st_crosses st_difference st_dimension st_disjoint st_distance st_endpoint st_envelope st_envelopeaspts
        st_equals st_exteriorring st_geometries st_geometryfromtext st_geometryn st_geometrytype st_geomfrombinary
        st_interiorringn st_interiorrings st_intersection st_intersects st_isclosed st_isempty st_isring st_issimple
        st_isvalid st_length st_linefromtext st_linestring st_multipoint st_numgeometries st_numinteriorring st_numpoints
        st_overlaps st_point st_pointn st_points st_polygon st_relate st_startpoint st_symdifference st_touches st_union
        st_within st_x st_xmax st_xmin st_y st_ymax st_ymin to_encoded_polyline to_geojson_geometry to_geometry
        to_spherical_geography
        """.split()  # noqa: SIM905 - eighty quoted words would read worse
    ),
    is_macro=True,
)

WINDOWS = _table(
    """
    cume_dist 0 double
    dense_rank 0 bigint
    first_value 1 same
    lag 1-3 same
    last_value 1 same
    lead 1-3 same
    nth_value 2 same
    ntile 1 bigint
    percent_rank 0 double
    rank 0 bigint
    row_number 0 bigint
    """,
    is_window=True,
)

# Calls that the rewrites turn into syntax.
SPECIAL = _table(
    """
    concat 2-* unknown
    coalesce 2-* common
    current_timestamp 0-1 zoned
    format 1-* varchar
    grouping 1-* bigint
    current_time 0-1 zoned_time
    localtime 0-1 time
    localtimestamp 0-1 timestamp
    nullif 2 same
    row 1-* unknown
    at_timezone 2 zoned
    to_iso8601 1 varchar
    try 1 same
    typeof 1 varchar
    with_timezone 2 zoned
    """
)

FUNCTIONS: dict[str, Function] = {**SPECIAL, **NATIVE, **MACROS, **HIGHER_ORDER, **AGGREGATES, **WINDOWS, **GEOSPATIAL}
