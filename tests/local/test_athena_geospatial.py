"""
Geometries, places on Earth and Bing's tiles.

Each line of geospatial.txt is a call, and what the functions of Trino's geospatial plugin answer to it; they were called
one by one. g'…' stands for ST_GeometryFromText('…').
"""

import re
from pathlib import Path

import pytest

CASES = (Path(__file__).parent / "geospatial.txt").read_text(encoding="utf-8").splitlines()

SQUARE = "ST_GeometryFromText('POLYGON ((0 0, 0 2, 2 2, 2 0, 0 0))')"


@pytest.mark.parametrize("case", CASES)
def test_a_function_answers_as_trinos_does(athena, case):
    short, _, expected = case.partition(" => ")
    call = re.sub(r"\bg('[^']*')", r"ST_GeometryFromText(\1)", short)
    if expected.startswith("INVALID"):
        assert athena.reason(f"SELECT {call}") == expected
        assert athena.rows(f"SELECT TRY({call})") == [(None,)]
    else:
        assert athena.rows(f"SELECT {call}") == [(None if expected == "NULL" else expected,)]


def test_geometries_are_shown_as_text(athena):
    select = f"SELECT ST_Point(-121.7602, 46.8527) AS p, typeof({SQUARE}), ST_AsBinary(ST_Point(1, 2)), ARRAY[ST_Point(1, 2)]"
    wkb = "01 01 00 00 00 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 00 40"
    assert athena.rows(select) == [("POINT (-121.7602 46.8527)", "Geometry", wkb, "[POINT (1 2)]")]


def test_places_on_earth_are_measured_in_metres(athena):
    line = "to_spherical_geography(ST_GeometryFromText('LINESTRING (-71.0882 42.3607, -74.1197 40.6976)'))"
    octant = "to_spherical_geography(ST_GeometryFromText('POLYGON((90 0, 0 0, 0 90))'))"
    cap = "to_spherical_geography(ST_GeometryFromText('POLYGON((0 85, 90 85, 180 85, -90 85))'))"
    point = "to_spherical_geography(ST_Point({}))"
    far = f"ST_Distance({point.format('-71.0882, 42.3607')}, {point.format('-74.1197, 40.6976')})"
    [found] = athena.rows(f"SELECT ST_Length({line}), ST_Area({octant}), ST_Area({cap}), {far}")
    expected = [312822.1793690028, 6.375825913974856e13, 6.190022898265656e11, 312822.1793690028]
    assert [float(each) for each in found] == pytest.approx(expected, rel=1e-9)


def test_rows_are_joined_and_gathered_by_place(athena):
    points = "(VALUES 1e0, 2e0, 3e0) t(x)"
    assert athena.rows(f"SELECT x FROM {points} JOIN (VALUES {SQUARE}) s(g) ON ST_Within(ST_Point(x, 1), g)") == [
        ("1.0",)
    ]
    gathered = f"SELECT geometry_union_agg(ST_Point(x, x)), convex_hull_agg(ST_Point(x, x * x)) FROM {points}"
    assert athena.rows(gathered) == [("MULTIPOINT ((1 1), (2 2), (3 3))", "POLYGON ((1 1, 2 4, 3 9, 1 1))")]


def test_tiles_have_keys_and_neighbours(athena):
    tile = "bing_tile_at(30.12, 60, 15)"
    select = f"SELECT {tile}, bing_tile_quadkey({tile}), bing_tile('213'), bing_tile_coordinates(bing_tile('213')).x"
    shown = ('{"x":21845,"y":13506,"zoom":15}', "123030123010121", '{"x":3,"y":5,"zoom":3}', "3")
    assert athena.rows(select) == [shown]
    around = "transform(bing_tiles_around(30.12, 60, 1), t -> bing_tile_quadkey(t))"
    assert athena.rows(f"SELECT {around}") == [("[0, 2, 1, 3]",)]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        (
            "SELECT ST_Point(1, 2) = ST_Point(1, 2)",
            "TYPE_MISMATCH: line 1:23: Cannot apply operator: Geometry = Geometry",
        ),
        ("CREATE TABLE default.shapes AS SELECT ST_Point(1, 2) p", "NOT_SUPPORTED: Unsupported Hive type: Geometry"),
        (
            "SELECT geometry_to_bing_tiles(ST_Point(1, 2), 3)",
            "NOT_SUPPORTED: line 1:8: the local Athena does not support",
        ),
        ("SELECT bing_tiles_around(1, 2, 3, 4.0)", "NOT_SUPPORTED: line 1:8: the local Athena does not support"),
    ],
)
def test_what_can_not_be_is_refused(athena, sql, reason):
    assert athena.reason(sql).startswith(reason)
