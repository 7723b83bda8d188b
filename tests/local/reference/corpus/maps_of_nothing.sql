SELECT map_agg(x, 1), multimap_agg(x, 1), histogram(x), map_union(MAP(ARRAY['a'], ARRAY[1])) FILTER (WHERE x IS NOT NULL) FROM (VALUES CAST(NULL AS varchar), NULL) t(x)
SELECT g, map_agg(x, g), multimap_agg(x, g) FROM (VALUES (1, NULL), (2, 'a'), (2, NULL), (2, 'b')) t(g, x) GROUP BY g ORDER BY g
SELECT map_agg(x, 1) OVER (ORDER BY g), multimap_agg(x, 1) OVER (ORDER BY g) FROM (VALUES (1, NULL), (2, 'a')) t(g, x) ORDER BY g
SELECT map_agg(x, y) FILTER (WHERE x > 'a'), map_agg(x, y) FILTER (WHERE y > 5), multimap_agg(x, y) FILTER (WHERE y > 5) FROM (VALUES ('a', 1), ('b', 2)) t(x, y)
SELECT map_union(m), map_union(m) FILTER (WHERE cardinality(m) = 0) FROM (VALUES MAP(), MAP(ARRAY['a'], ARRAY[NULL]), NULL) t(m)
SELECT cardinality(map_agg(x, y)), cardinality(multimap_agg(x % 10, y)), map_agg(x % 3, y)[2] IS NOT NULL, map_agg(DISTINCT x % 3, 1) FROM (SELECT x, x AS y FROM UNNEST(sequence(1, 2000)) t(x))
SELECT map_agg(x, y) FROM (VALUES (nan(), 1), (nan(), 2), (0e0, 3), (-0e0, 4)) t(x, y)
SELECT map_agg(x, y) FROM (SELECT 1 AS x, 2 AS y WHERE false)
SELECT multimap_from_entries(CAST(ARRAY[] AS array(row(integer, integer)))), map_from_entries(CAST(ARRAY[] AS array(row(integer, integer)))), split_to_multimap('', ',', '=')
