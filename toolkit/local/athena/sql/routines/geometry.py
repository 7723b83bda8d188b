"""
Geometries: the types Geometry and SphericalGeography, whose values are bytes as OGC has them (WKB), by shapely.

Lengths and areas of SphericalGeography are metres on a sphere. What overlays and buffers give is the same area as Trino's,
of whose corners the order, and of round ones the number, are GEOS's. Source: https://trino.io/docs/current/functions/geospatial.html
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from toolkit.local.athena.sql.routines.refusal import Refusal, Routine, invalid

if TYPE_CHECKING:
    from shapely import Geometry

# As Trino has it; in metres.
EARTH_RADIUS = 6_371_010.0

_KINDS = {
    "Point": "POINT",
    "LineString": "LINE_STRING",
    "LinearRing": "LINE_STRING",
    "Polygon": "POLYGON",
    "MultiPoint": "MULTI_POINT",
    "MultiLineString": "MULTI_LINE_STRING",
    "MultiPolygon": "MULTI_POLYGON",
    "GeometryCollection": "GEOMETRY_COLLECTION",
}


def _read(content: bytes) -> Geometry:
    import shapely

    return shapely.from_wkb(content)


def _written(shape: Geometry) -> bytes:
    import shapely

    if shape.geom_type == "LinearRing":
        shape = shapely.LineString(shape)
    found: bytes = shapely.to_wkb(shapely.orient_polygons(shape), byte_order=1)
    return found


def _same(content: bytes) -> bytes:
    return content


def _kind(shape: Geometry) -> str:
    return _KINDS[shape.geom_type]


def _needed(name: str, shape: Geometry, *kinds: str) -> None:
    if _kind(shape) not in kinds:
        raise invalid(f"{name} only applies to {' or '.join(kinds)}. Input type is: {_kind(shape)}")


def _needed_on_earth(name: str, shape: Geometry, *kinds: str) -> None:
    if _kind(shape) not in kinds:
        supported = f"When applied to SphericalGeography inputs, {name} only supports {' or '.join(kinds)}"
        raise invalid(f"{supported}. Input type is: {_kind(shape)}")


def from_text(text: str) -> bytes:
    """Read WKT; rings that are left open are closed."""
    import shapely

    shape = shapely.from_wkt(text, on_invalid="fix")
    if shape is None:
        raise invalid(f"Invalid WKT: {text}")
    return _written(shape)


def _from_text_of(name: str, kind: str) -> Callable[[str], bytes]:
    def read(text: str) -> bytes:
        content = from_text(text)
        _needed(name, _read(content), kind)
        return content

    return read


def from_binary(content: bytes) -> bytes:
    """Read WKB."""
    import shapely

    try:
        return _written(_read(content))
    except shapely.errors.GEOSException as error:
        raise invalid("Invalid WKB") from error


def as_text(content: bytes) -> str:
    """Write WKT."""
    import shapely

    text: str = shapely.to_wkt(_read(content), rounding_precision=-1)
    return text


def from_geojson(text: str) -> bytes:
    """Read GeoJSON."""
    import shapely

    try:
        return _written(shapely.from_geojson(text))
    except shapely.errors.GEOSException as error:
        raise invalid(f"Invalid GeoJSON: {text}") from error


def to_geojson(content: bytes) -> str:
    """Write GeoJSON."""
    import shapely

    found = json.loads(shapely.to_geojson(_read(content)))
    found["coordinates"] = _floats(found.get("coordinates"))
    return json.dumps(found, separators=(",", ":"))


def _floats(value: Any) -> Any:
    return [_floats(each) for each in value] if isinstance(value, list) else float(value)


def point(x: float, y: float) -> bytes:
    """Give a point."""
    import shapely

    return _written(shapely.Point(x, y))


def line_string(points: Sequence[bytes | None]) -> bytes:
    """Give the line through points; of less than two it is empty."""
    import shapely

    found: list[tuple[float, float]] = []
    for number, each in enumerate(points, 1):
        if each is None:
            raise invalid(f"Invalid input to ST_LineString: null point at index {number}")
        shape = _read(each)
        if _kind(shape) != "POINT":
            raise invalid(f"ST_LineString takes only an array of valid points, {_named(shape)} was passed")
        if shape.is_empty:
            raise invalid(f"Invalid input to ST_LineString: empty point at index {number}")
        if found and found[-1] == shape.coords[0]:
            raise invalid(f"Invalid input to ST_LineString: consecutive duplicate points at index {number}")
        found.append(shape.coords[0])
    return _written(shapely.LineString(found if len(found) > 1 else None))


def multi_point(points: Sequence[bytes | None]) -> bytes | None:
    """Give several points as one, None for none."""
    import shapely

    shapes = []
    for number, each in enumerate(points, 1):
        if each is None:
            raise invalid(f"Invalid input to ST_MultiPoint: null at index {number}")
        shape = _read(each)
        if _kind(shape) != "POINT":
            raise invalid(f"Invalid input to ST_MultiPoint: geometry is not a point: {_named(shape)} at index {number}")
        if shape.is_empty:
            raise invalid(f"Invalid input to ST_MultiPoint: empty point at index {number}")
        shapes.append(shape)
    return _written(shapely.MultiPoint(shapes)) if shapes else None


def _named(shape: Geometry) -> str:
    return str(shape.geom_type)


def to_spherical(content: bytes) -> bytes:
    """Take longitudes and latitudes for a place on Earth."""
    for x, y, *_ in _coordinates(_read(content)):
        if not -90 <= y <= 90:
            raise invalid("Latitude must be between -90 and 90")
        if not -180 <= x <= 180:
            raise invalid("Longitude must be between -180 and 180")
    return content


def _coordinates(shape: Geometry) -> Any:
    import shapely

    return shapely.get_coordinates(shape).tolist()


# -- measures


def area(content: bytes) -> float:
    """Give the area in the plane."""
    return float(_read(content).area)


def length(content: bytes) -> float:
    """Give the length of a line in the plane."""
    shape = _read(content)
    _needed("ST_Length", shape, "LINE_STRING", "MULTI_LINE_STRING")
    return float(shape.length)


def distance(left: bytes, right: bytes) -> float | None:
    """Give how far apart two geometries lie in the plane, None if one is empty."""
    one, other = _read(left), _read(right)
    return None if one.is_empty or other.is_empty else float(one.distance(other))


def great_circle_distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Give the distance of two places on Earth in kilometres."""
    for value, limit, name in (
        (latitude, 90, "Latitude"),
        (other_latitude, 90, "Latitude"),
        (longitude, 180, "Longitude"),
        (other_longitude, 180, "Longitude"),
    ):
        if not -limit <= value <= limit:
            raise invalid(f"{name} must be between -{limit} and {limit}")
    first, second = math.radians(latitude), math.radians(other_latitude)
    delta = math.radians(longitude) - math.radians(other_longitude)
    t1 = math.cos(second) * math.sin(delta)
    t2 = math.cos(first) * math.sin(second) - math.sin(first) * math.cos(second) * math.cos(delta)
    across = math.sin(first) * math.sin(second) + math.cos(first) * math.cos(second) * math.cos(delta)
    return math.atan2(math.sqrt(t1 * t1 + t2 * t2), across) * EARTH_RADIUS / 1_000


def spherical_distance(left: bytes, right: bytes) -> float | None:
    """Give the distance of two points on Earth in metres, None if one is empty."""
    one, other = _read(left), _read(right)
    for shape in (one, other):
        _needed_on_earth("ST_Distance", shape, "POINT")
    if one.is_empty or other.is_empty:
        return None
    return great_circle_distance(one.y, one.x, other.y, other.x) * 1_000


def spherical_length(content: bytes) -> float | None:
    """Give the length of a line on Earth in metres, None if it is empty."""
    shape = _read(content)
    _needed_on_earth("ST_Length", shape, "LINE_STRING", "MULTI_LINE_STRING")
    if shape.is_empty:
        return None
    total = 0.0
    for line in getattr(shape, "geoms", (shape,)):
        places = list(line.coords)
        for (x, y, *_), (u, v, *_) in itertools.pairwise(places):
            total += great_circle_distance(y, x, v, u) * 1_000
    return total


def spherical_area(content: bytes) -> float | None:
    """Give the area of polygons on Earth in square metres, None if they are empty."""
    shape = _read(content)
    _needed_on_earth("ST_Area", shape, "POLYGON", "MULTI_POLYGON")
    if shape.is_empty:
        return None
    total = 0.0
    for polygon in getattr(shape, "geoms", (shape,)):
        for ring in (polygon.exterior, *polygon.interiors):
            total += _spherical_excess(list(ring.coords))
    return abs(total * EARTH_RADIUS * EARTH_RADIUS)


def _spherical_excess(places: list[tuple[float, ...]]) -> float:
    """Give how much more than in the plane the angles of a ring are; as Trino reckons it, by Bevis and Cambareri's courses."""
    if places[0] == places[-1]:
        places = places[:-1]
    if len(places) < 3:
        raise invalid("Polygon is not valid: a loop contains less then 3 vertices.")
    full = 2 * math.pi
    excess = turned = first_bearing = last_bearing = 0.0
    before = places[-1]
    for number, place in enumerate(places):
        (x, y), (u, v) = (map(math.radians, each[:2]) for each in (before, place))
        if (x, y) == (u, v):
            raise invalid("Polygon is not valid: it has two identical consecutive vertices")
        delta, half, other_half = u - x, math.tan(y / 2), math.tan(v / 2)
        excess += 2 * math.atan2(math.tan(delta / 2) * (half + other_half), 1 + half * other_half)
        initial = _bearing(y, v, delta)
        final = (_bearing(v, y, -delta) + math.pi) % full
        if number:
            turned += (initial - last_bearing + 3 * math.pi) % full - math.pi
        else:
            first_bearing = initial
        turned += (final - initial + 3 * math.pi) % full - math.pi
        last_bearing, before = final, place
    turned += (first_bearing - last_bearing + 3 * math.pi) % full - math.pi
    # About a pole one turns not at all.
    return abs(excess) - full if abs(turned) < math.pi / 4 else excess


def _bearing(latitude: float, other_latitude: float, delta: float) -> float:
    y = math.sin(delta) * math.cos(other_latitude)
    x = math.cos(latitude) * math.sin(other_latitude) - math.sin(latitude) * math.cos(other_latitude) * math.cos(delta)
    return math.atan2(y, x) % (2 * math.pi)


# -- parts


def x_of(content: bytes) -> float | None:
    """Give a point's x, None if it is empty."""
    shape = _read(content)
    _needed("ST_X", shape, "POINT")
    return None if shape.is_empty else float(shape.x)


def y_of(content: bytes) -> float | None:
    """Give a point's y, None if it is empty."""
    shape = _read(content)
    _needed("ST_Y", shape, "POINT")
    return None if shape.is_empty else float(shape.y)


def _bound(place: int) -> Callable[[bytes], float | None]:
    def bound(content: bytes) -> float | None:
        shape = _read(content)
        return None if shape.is_empty else float(shape.bounds[place])

    return bound


def _of_line(name: str, number: int) -> Callable[[bytes], bytes | None]:
    def end(content: bytes) -> bytes | None:
        import shapely

        shape = _read(content)
        _needed(name, shape, "LINE_STRING")
        return None if shape.is_empty else _written(shapely.Point(shape.coords[number]))

    return end


def point_n(content: bytes, number: int) -> bytes | None:
    """Give a point of a line by its number from 1, None if there is none."""
    import shapely

    shape = _read(content)
    _needed("ST_PointN", shape, "LINE_STRING")
    return _written(shapely.Point(shape.coords[number - 1])) if 1 <= number <= len(shape.coords) else None


def points(content: bytes) -> list[bytes] | None:
    """Give all corners, None of what is empty."""
    import shapely

    shape = _read(content)
    return None if shape.is_empty else [_written(shapely.Point(each)) for each in _coordinates(shape)]


def number_of_points(content: bytes) -> int:
    """Count the corners, of a ring each once."""
    import shapely

    shape = _read(content)
    polygons = [each for each in shapely.get_parts(shape).tolist() if _kind(each) == "POLYGON" and not each.is_empty]
    return int(shapely.get_num_coordinates(shape)) - sum(1 + len(each.interiors) for each in polygons)


def number_of_geometries(content: bytes) -> int:
    """Count the parts; what is empty has none."""
    shape = _read(content)
    return 0 if shape.is_empty else len(getattr(shape, "geoms", (shape,)))


def geometry_n(content: bytes, number: int) -> bytes | None:
    """Give a part by its number from 1, None if there is none."""
    shape = _read(content)
    parts = () if shape.is_empty else getattr(shape, "geoms", (shape,))
    return _written(parts[number - 1]) if 1 <= number <= len(parts) else None


def geometries(content: bytes) -> list[bytes] | None:
    """Give the parts, None of what is empty."""
    shape = _read(content)
    return None if shape.is_empty else [_written(each) for each in getattr(shape, "geoms", (shape,))]


def exterior_ring(content: bytes) -> bytes | None:
    """Give the outer ring of a polygon, None if it is empty."""
    shape = _read(content)
    _needed("ST_ExteriorRing", shape, "POLYGON")
    return None if shape.is_empty else _written(shape.exterior)


def interior_rings(content: bytes) -> list[bytes] | None:
    """Give the inner rings of a polygon, None if it is empty."""
    shape = _read(content)
    _needed("ST_InteriorRings", shape, "POLYGON")
    return None if shape.is_empty else [_written(each) for each in shape.interiors]


def interior_ring_n(content: bytes, number: int) -> bytes | None:
    """Give an inner ring by its number from 1, None if there is none."""
    shape = _read(content)
    _needed("ST_InteriorRingN", shape, "POLYGON")
    return _written(shape.interiors[number - 1]) if 1 <= number <= len(shape.interiors) else None


def number_of_interior_rings(content: bytes) -> int | None:
    """Count the inner rings of a polygon, None if it is empty."""
    shape = _read(content)
    _needed("ST_NumInteriorRing", shape, "POLYGON")
    return None if shape.is_empty else len(shape.interiors)


def geometry_type(content: bytes) -> str:
    """Give the name of the kind of a geometry."""
    return {"GeometryCollection": "ST_GeomCollection"}.get(found := _named(_read(content)), f"ST_{found}")


def dimension(content: bytes) -> int:
    """Give 0 for points, 1 for lines, 2 for areas."""
    import shapely

    return max(0, int(shapely.get_dimensions(_read(content))))


def coordinate_dimension(content: bytes) -> int:
    """Give how many numbers a place has."""
    return 3 if _read(content).has_z else 2


def is_closed(content: bytes) -> bool:
    """Whether a line, or each of several, ends where it begins."""
    shape = _read(content)
    _needed("ST_IsClosed", shape, "LINE_STRING", "MULTI_LINE_STRING")
    return all(line.is_empty or line.coords[0] == line.coords[-1] for line in getattr(shape, "geoms", (shape,)))


def is_ring(content: bytes) -> bool:
    """Whether a line is closed and does not cross itself."""
    shape = _read(content)
    _needed("ST_IsRing", shape, "LINE_STRING")
    return bool(shape.is_ring)


def invalid_reason(content: bytes) -> str | None:
    """Say why a geometry is not valid, None if it is."""
    import shapely

    shape = _read(content)
    if is_valid(content):
        return None
    return "Non-simple or repeated points" if shape.is_valid else str(shapely.is_valid_reason(shape))


def is_valid(content: bytes) -> bool:
    """Whether a geometry is valid and simple, with no point twice in a row."""
    import shapely

    shape = _read(content)
    return bool(shape.is_valid and shape.is_simple and shape.equals_exact(shapely.remove_repeated_points(shape)))


# -- what is made of geometries


def buffer(content: bytes, radius: float) -> bytes | None:
    """Give what lies within a distance, None for an empty geometry."""
    if math.isnan(radius):
        raise invalid("distance is NaN")
    if radius < 0:
        raise invalid("distance is negative")
    import shapely

    shape = _read(content)
    if shape.is_empty:
        return None
    if math.isinf(radius):
        return _written(shapely.MultiPolygon())
    return content if radius == 0 else _written(shape.buffer(radius, quad_segs=24))


def envelope(content: bytes) -> bytes:
    """Give the rectangle around a geometry."""
    import shapely

    shape = _read(content)
    if shape.is_empty:
        return _written(shapely.Polygon())
    x, y, u, v = shape.bounds
    return _written(shapely.Polygon([(x, y), (u, y), (u, v), (x, v)]))


def envelope_points(content: bytes) -> list[bytes] | None:
    """Give the lower left and the upper right corner of the rectangle around a geometry, None if it is empty."""
    shape = _read(content)
    if shape.is_empty:
        return None
    x, y, u, v = shape.bounds
    return [point(x, y), point(u, v)]


def centroid(content: bytes) -> bytes:
    """Give the centre of mass."""
    shape = _read(content)
    _needed(
        "ST_Centroid", shape, "POINT", "MULTI_POINT", "LINE_STRING", "MULTI_LINE_STRING", "POLYGON", "MULTI_POLYGON"
    )
    return _written(shape.centroid)


def simplified(content: bytes, tolerance: float) -> bytes:
    """Give a geometry with fewer corners, none farther off than the tolerance."""
    if math.isnan(tolerance):
        raise invalid("distanceTolerance is NaN")
    if tolerance < 0:
        raise invalid("distanceTolerance is negative")
    return content if tolerance == 0 else _written(_read(content).simplify(tolerance))


def union_of(contents: Sequence[bytes | None]) -> bytes | None:
    """Give the union of geometries, None of none."""
    import shapely

    shapes = [_read(each) for each in contents if each is not None]
    return _written(_from_lowest(shapely.union_all(shapes))) if shapes else None


def hull_of(contents: Sequence[bytes | None]) -> bytes | None:
    """Give the convex hull of geometries, None of none."""
    import shapely

    shapes = [_read(each) for each in contents if each is not None]
    return _written(_from_lowest(shapely.GeometryCollection(shapes).convex_hull)) if shapes else None


def boundary(content: bytes) -> bytes:
    """Give the ends of lines, or the rings of polygons."""
    import shapely

    shape = _read(content)
    found = shape.boundary
    parts = [] if found is None or found.is_empty else list(getattr(found, "geoms", (found,)))
    if _kind(shape).endswith("POLYGON"):
        return _written(shapely.MultiLineString(parts))
    # Where lines begin and end, in their order.
    ends = [tuple(line.coords[place]) for line in getattr(shape, "geoms", (shape,)) for place in (0, -1) if parts]
    return _written(shapely.MultiPoint(sorted(parts, key=lambda each: ends.index(each.coords[0]))))


def _overlaid(make: str) -> Callable[[bytes, bytes], bytes]:
    def overlaid(left: bytes, right: bytes) -> bytes:
        import shapely

        one, other = _read(left), _read(right)
        if make == "intersection" and not shapely.box(*one.bounds).intersects(shapely.box(*other.bounds)):
            return _written(shapely.MultiPolygon())
        try:
            return _written(_from_lowest(getattr(one, make)(other)))
        except shapely.errors.GEOSException as error:
            what = make.replace("_", " ")
            raise Refusal(f"NOT_SUPPORTED: the local Athena makes no {what} of a geometry that is not valid") from error

    return overlaid


def _lowest(shape: Geometry) -> list[float]:
    return min(each[1::-1] for each in _coordinates(shape))


def _from_lowest(shape: Geometry) -> Geometry:
    """Let rings begin where Trino's do: at the leftmost of their lowest corners."""
    import shapely

    kind = _kind(shape)
    if shape.is_empty or kind in ("POINT", "LINE_STRING"):
        return shape
    if kind != "POLYGON":
        # Points before lines before areas, and the lowest first.
        parts = [(shapely.get_dimensions(each), _lowest(each), each) for each in map(_from_lowest, shape.geoms)]
        return type(shape)([part for *_, part in sorted(parts, key=lambda each: each[:2])])

    def ring(line: Geometry) -> list[tuple[float, ...]]:
        corners = list(line.coords)[:-1]
        first = min(range(len(corners)), key=lambda number: corners[number][1::-1])
        return corners[first:] + corners[:first]

    return shapely.Polygon(ring(shape.exterior), [ring(each) for each in shape.interiors])


def _related(relation: str) -> Callable[[bytes, bytes], bool]:
    def related(left: bytes, right: bytes) -> bool:
        return bool(getattr(_read(left), relation)(_read(right)))

    return related


def relate(left: bytes, right: bytes, pattern: str) -> bool:
    """Whether two geometries are to each other as a pattern of DE-9IM says."""
    return bool(_read(left).relate_pattern(_read(right), pattern))


def line_locate_point(line: bytes, place: bytes) -> float | None:
    """Give where on a line, from 0 to 1, it is nearest to a point; None if one is empty."""
    shape, target = _read(line), _read(place)
    if _kind(shape) not in ("LINE_STRING", "MULTI_LINE_STRING"):
        raise invalid(
            f"First argument to line_locate_point must be a LineString or a MultiLineString. Got: {_named(shape)}"
        )
    if _kind(target) != "POINT":
        raise invalid(f"Second argument to line_locate_point must be a Point. Got: {_named(target)}")
    return None if shape.is_empty or target.is_empty else float(shape.project(target, normalized=True))


def line_interpolate_point(line: bytes, fraction: float) -> bytes | None:
    """Give the point at a fraction of a line, None if it is empty."""
    found = _interpolated(line, fraction, 1)
    return found[0] if found else None


def line_interpolate_points(line: bytes, fraction: float) -> list[bytes] | None:
    """Give the points at each multiple of a fraction of a line, None if it is empty."""
    return _interpolated(line, fraction, math.floor(1 / fraction + 1e-12) if fraction else 1)


def _interpolated(line: bytes, fraction: float, times: int) -> list[bytes] | None:
    if not 0 <= fraction <= 1:
        raise invalid("fraction must be between 0 and 1")
    shape = _read(line)
    if _kind(shape) != "LINE_STRING":
        raise invalid(f"line_interpolate_point only applies to LINE_STRING. Input type is: {_kind(shape)}")
    if shape.is_empty:
        return None
    return [_written(shape.interpolate(fraction * number, normalized=True)) for number in range(1, times + 1)]


def nearest_points(left: bytes, right: bytes) -> dict[str, bytes] | None:
    """Give the points at which two geometries are nearest to each other, None if one is empty."""
    import shapely

    one, other = _read(left), _read(right)
    if one.is_empty or other.is_empty:
        return None
    line = shapely.shortest_line(one, other)
    return dict(zip(("field0", "field1"), (point(*each[:2]) for each in line.coords), strict=True))


# -- polylines


def to_polyline(content: bytes) -> str:
    """Write a line, or points, as Google does: latitudes and longitudes of five digits."""
    shape = _read(content)
    _needed("encode_polyline", shape, "MULTI_POINT", "LINE_STRING")
    text, before = [], (0, 0)
    for x, y, *_ in _coordinates(shape):
        place = (math.floor(y * 1e5 + 0.5), math.floor(x * 1e5 + 0.5))
        for now, last in zip(place, before, strict=True):
            number = (now - last) << 1
            number = ~number if now < last else number
            while number >= 0x20:
                text.append(chr((0x20 | (number & 0x1F)) + 63))
                number >>= 5
            text.append(chr(number + 63))
        before = place
    return "".join(text)


def from_polyline(text: str) -> bytes:
    """Read such a line."""
    import shapely

    numbers, value, shift = [], 0, 0
    for letter in text:
        part = ord(letter) - 63
        value |= (part & 0x1F) << shift
        shift += 5
        if part < 0x20:
            numbers.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    if len(numbers) % 2 or shift:
        raise invalid("Input is not a valid encoded polyline")
    latitude = longitude = 0
    found = []
    for north, east in zip(numbers[::2], numbers[1::2], strict=True):
        latitude, longitude = latitude + north, longitude + east
        found.append((longitude * 1e-5, latitude * 1e-5))
    return _written(shapely.LineString(found if len(found) > 1 else None))


_ONE, _TWO, _MANY = ("BLOB",), ("BLOB", "BLOB"), ("BLOB[]",)

ROUTINES: dict[str, Routine] = {
    "convex_hull_agg": (hull_of, _MANY, "BLOB"),
    "from_encoded_polyline": (from_polyline, ("VARCHAR",), "BLOB"),
    "from_geojson_geometry": (from_geojson, ("VARCHAR",), "BLOB"),
    "geometry_invalid_reason": (invalid_reason, _ONE, "VARCHAR"),
    "geometry_nearest_points": (nearest_points, _TWO, "STRUCT(field0 BLOB, field1 BLOB)"),
    "geometry_union": (union_of, _MANY, "BLOB"),
    "great_circle_distance": (great_circle_distance, ("DOUBLE", "DOUBLE", "DOUBLE", "DOUBLE"), "DOUBLE"),
    "line_interpolate_point": (line_interpolate_point, ("BLOB", "DOUBLE"), "BLOB"),
    "line_interpolate_points": (line_interpolate_points, ("BLOB", "DOUBLE"), "BLOB[]"),
    "line_locate_point": (line_locate_point, _TWO, "DOUBLE"),
    "simplify_geometry": (simplified, ("BLOB", "DOUBLE"), "BLOB"),
    "spherical_st_area": (spherical_area, _ONE, "DOUBLE"),
    "spherical_st_distance": (spherical_distance, _TWO, "DOUBLE"),
    "spherical_st_length": (spherical_length, _ONE, "DOUBLE"),
    "st_area": (area, _ONE, "DOUBLE"),
    "st_asbinary": (_same, _ONE, "BLOB"),
    "st_astext": (as_text, _ONE, "VARCHAR"),
    "st_boundary": (boundary, _ONE, "BLOB"),
    "st_buffer": (buffer, ("BLOB", "DOUBLE"), "BLOB"),
    "st_centroid": (centroid, _ONE, "BLOB"),
    "st_contains": (_related("contains"), _TWO, "BOOLEAN"),
    "st_convexhull": (lambda content: hull_of([content]), _ONE, "BLOB"),
    "st_coorddim": (coordinate_dimension, _ONE, "TINYINT"),
    "st_crosses": (_related("crosses"), _TWO, "BOOLEAN"),
    "st_difference": (_overlaid("difference"), _TWO, "BLOB"),
    "st_dimension": (dimension, _ONE, "TINYINT"),
    "st_disjoint": (_related("disjoint"), _TWO, "BOOLEAN"),
    "st_distance": (distance, _TWO, "DOUBLE"),
    "st_endpoint": (_of_line("ST_EndPoint", -1), _ONE, "BLOB"),
    "st_envelope": (envelope, _ONE, "BLOB"),
    "st_envelopeaspts": (envelope_points, _ONE, "BLOB[]"),
    "st_equals": (_related("equals"), _TWO, "BOOLEAN"),
    "st_exteriorring": (exterior_ring, _ONE, "BLOB"),
    "st_geometries": (geometries, _ONE, "BLOB[]"),
    "st_geometryfromtext": (from_text, ("VARCHAR",), "BLOB"),
    "st_geometryn": (geometry_n, ("BLOB", "BIGINT"), "BLOB"),
    "st_geometrytype": (geometry_type, _ONE, "VARCHAR"),
    "st_geomfrombinary": (from_binary, _ONE, "BLOB"),
    "st_interiorringn": (interior_ring_n, ("BLOB", "BIGINT"), "BLOB"),
    "st_interiorrings": (interior_rings, _ONE, "BLOB[]"),
    "st_intersection": (_overlaid("intersection"), _TWO, "BLOB"),
    "st_intersects": (_related("intersects"), _TWO, "BOOLEAN"),
    "st_isclosed": (is_closed, _ONE, "BOOLEAN"),
    "st_isempty": (lambda content: bool(_read(content).is_empty), _ONE, "BOOLEAN"),
    "st_isring": (is_ring, _ONE, "BOOLEAN"),
    "st_issimple": (lambda content: bool(_read(content).is_simple), _ONE, "BOOLEAN"),
    "st_isvalid": (is_valid, _ONE, "BOOLEAN"),
    "st_length": (length, _ONE, "DOUBLE"),
    "st_linefromtext": (_from_text_of("ST_LineFromText", "LINE_STRING"), ("VARCHAR",), "BLOB"),
    "st_linestring": (line_string, _MANY, "BLOB"),
    "st_multipoint": (multi_point, _MANY, "BLOB"),
    "st_numgeometries": (number_of_geometries, _ONE, "INTEGER"),
    "st_numinteriorring": (number_of_interior_rings, _ONE, "BIGINT"),
    "st_numpoints": (number_of_points, _ONE, "BIGINT"),
    "st_overlaps": (_related("overlaps"), _TWO, "BOOLEAN"),
    "st_point": (point, ("DOUBLE", "DOUBLE"), "BLOB"),
    "st_pointn": (point_n, ("BLOB", "BIGINT"), "BLOB"),
    "st_points": (points, _ONE, "BLOB[]"),
    "st_polygon": (_from_text_of("ST_Polygon", "POLYGON"), ("VARCHAR",), "BLOB"),
    "st_relate": (relate, ("BLOB", "BLOB", "VARCHAR"), "BOOLEAN"),
    "st_startpoint": (_of_line("ST_StartPoint", 0), _ONE, "BLOB"),
    "st_symdifference": (_overlaid("symmetric_difference"), _TWO, "BLOB"),
    "st_touches": (_related("touches"), _TWO, "BOOLEAN"),
    "st_union": (_overlaid("union"), _TWO, "BLOB"),
    "st_within": (_related("within"), _TWO, "BOOLEAN"),
    "st_x": (x_of, _ONE, "DOUBLE"),
    "st_xmax": (_bound(2), _ONE, "DOUBLE"),
    "st_xmin": (_bound(0), _ONE, "DOUBLE"),
    "st_y": (y_of, _ONE, "DOUBLE"),
    "st_ymax": (_bound(3), _ONE, "DOUBLE"),
    "st_ymin": (_bound(1), _ONE, "DOUBLE"),
    "to_encoded_polyline": (to_polyline, _ONE, "VARCHAR"),
    "to_geojson_geometry": (to_geojson, _ONE, "VARCHAR"),
    "to_geometry": (_same, _ONE, "BLOB"),
    "to_spherical_geography": (to_spherical, _ONE, "BLOB"),
}
