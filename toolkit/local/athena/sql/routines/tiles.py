"""
Bing's tiles: squares of a map that has four times as many of them with each zoom.

A tile is a number: its zoom, x and y. Source: https://learn.microsoft.com/bingmaps/articles/bing-maps-tile-system
"""

from __future__ import annotations

import json
import math

from toolkit.local.athena.sql.routines.refusal import Routine, invalid

MAXIMUM_ZOOM = 23
MAXIMUM_LATITUDE = 85.05112878
# Of one side of a tile.
PIXELS = 256

_BITS = 23
_MASK = (1 << _BITS) - 1


def tile(x: int, y: int, zoom: int) -> int:
    """Give a tile by its place."""
    _check_zoom(zoom)
    if not (0 <= x < 1 << zoom and 0 <= y < 1 << zoom):
        raise invalid(f"XY coordinates for a Bing tile at zoom level {zoom} must be within [0, {1 << zoom}) range")
    return zoom << 2 * _BITS | x << _BITS | y


def _check_zoom(zoom: int) -> None:
    if zoom <= 0:
        raise invalid("Zoom level must be > 0")
    if zoom > MAXIMUM_ZOOM:
        raise invalid(f"Zoom level must be <= {MAXIMUM_ZOOM}")


def _parts(value: int) -> tuple[int, int, int]:
    return value >> _BITS & _MASK, value & _MASK, value >> 2 * _BITS


def tile_of_key(key: str) -> int:
    """Give a tile by its quad key, a digit for each zoom."""
    if not key:
        raise invalid("QuadKey must not be empty string")
    if len(key) > MAXIMUM_ZOOM:
        raise invalid(f"QuadKey must be {MAXIMUM_ZOOM} characters or less")
    x = y = 0
    for digit in key:
        if digit not in "0123":
            raise invalid(f"Invalid QuadKey digit sequence: {key}")
        x, y = x << 1 | int(digit) & 1, y << 1 | int(digit) >> 1
    return tile(x, y, len(key))


def key_of(value: int) -> str:
    """Give the quad key of a tile."""
    x, y, zoom = _parts(value)
    return "".join(str((x >> bit & 1) + 2 * (y >> bit & 1)) for bit in reversed(range(zoom)))


def tile_at(latitude: float, longitude: float, zoom: int) -> int:
    """Give the tile in which a place on Earth lies."""
    _check_zoom(zoom)
    if not -MAXIMUM_LATITUDE <= latitude <= MAXIMUM_LATITUDE:
        raise invalid(f"Latitude must be between -{MAXIMUM_LATITUDE} and {MAXIMUM_LATITUDE}")
    if not -180 <= longitude <= 180:
        raise invalid("Longitude must be between -180.0 and 180.0")
    size = PIXELS << zoom
    sine = math.sin(math.radians(latitude))
    x = (longitude + 180) / 360
    y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    column, row = (min(max(int(share * size), 0), size - 1) // PIXELS for share in (x, y))
    return tile(column, row, zoom)


def tiles_around(latitude: float, longitude: float, zoom: int) -> list[int]:
    """Give the tile in which a place lies and those that touch it."""
    x, y, _ = _parts(tile_at(latitude, longitude, zoom))
    last = (1 << zoom) - 1
    return [
        tile(column, row, zoom)
        for column in range(max(0, x - 1), min(last, x + 1) + 1)
        for row in range(max(0, y - 1), min(last, y + 1) + 1)
    ]


def coordinates_of(value: int) -> dict[str, int]:
    """Give x and y of a tile."""
    x, y, _ = _parts(value)
    return {"x": x, "y": y}


def zoom_of(value: int) -> int:
    """Give the zoom of a tile."""
    return _parts(value)[2]


def polygon_of(value: int) -> bytes:
    """Give the square of longitudes and latitudes that a tile covers."""
    import shapely

    x, y, zoom = _parts(value)
    west, north = _corner(x, y, zoom)
    east, south = _corner(x + 1, y + 1, zoom)
    square = shapely.Polygon([(west, south), (east, south), (east, north), (west, north)])
    found: bytes = shapely.to_wkb(square, byte_order=1)
    return found


def _corner(x: int, y: int, zoom: int) -> tuple[float, float]:
    size = PIXELS << zoom
    column, row = (min(max(each * PIXELS, 0), size) for each in (x, y))
    latitude = 90 - 360 * math.atan(math.exp(-(0.5 - row / size) * 2 * math.pi)) / math.pi
    return 360 * (column / size - 0.5), latitude


def text_of(value: int) -> str:
    """Write a tile as results show it."""
    x, y, zoom = _parts(value)
    return json.dumps({"x": x, "y": y, "zoom": zoom}, separators=(",", ":"))


ROUTINES: dict[str, Routine] = {
    "bing_tile": (tile, ("BIGINT", "BIGINT", "BIGINT"), "BIGINT"),
    "bing_tile_at": (tile_at, ("DOUBLE", "DOUBLE", "BIGINT"), "BIGINT"),
    "bing_tile_coordinates": (coordinates_of, ("BIGINT",), "STRUCT(x INTEGER, y INTEGER)"),
    "bing_tile_polygon": (polygon_of, ("BIGINT",), "BLOB"),
    "bing_tile_quadkey": (key_of, ("BIGINT",), "VARCHAR"),
    "bing_tile_text": (text_of, ("BIGINT",), "VARCHAR"),
    "bing_tile_zoom_level": (zoom_of, ("BIGINT",), "TINYINT"),
    "bing_tiles_around": (tiles_around, ("DOUBLE", "DOUBLE", "BIGINT"), "BIGINT[]"),
    "key_bing_tile": (tile_of_key, ("VARCHAR",), "BIGINT"),
}
