-- Maps and rows.
SELECT MAP()
SELECT MAP(ARRAY['a', 'b'], ARRAY[1, 2])
SELECT MAP(ARRAY[1], ARRAY[NULL])
SELECT MAP(ARRAY[], ARRAY[])
SELECT MAP(ARRAY['a'], ARRAY[ARRAY[1]])
SELECT MAP(ARRAY[ROW(1, 2)], ARRAY['x'])
SELECT MAP(ARRAY['a', 'a'], ARRAY[1, 2])
SELECT MAP(ARRAY['a'], ARRAY[1, 2])
SELECT MAP(ARRAY[NULL], ARRAY[1])
SELECT MAP(ARRAY['a'])
SELECT MAP('a', 1)
SELECT MAP {'a': 1}
SELECT typeof(MAP())
SELECT typeof(MAP(ARRAY['a'], ARRAY[1]))
SELECT typeof(map_entries(MAP(ARRAY['a'], ARRAY[1])))
SELECT typeof(ROW(1, 'a'))
SELECT typeof(CAST(ROW(1) AS ROW(x bigint)))
SELECT MAP(ARRAY['a', 'b'], ARRAY[1, 2])['a']
SELECT MAP(ARRAY[1, 2], ARRAY['x', 'y'])[2]
SELECT MAP(ARRAY['a'], ARRAY[1])['z']
SELECT MAP(ARRAY[1], ARRAY[1])['z']
SELECT MAP(ARRAY['a'], ARRAY[1])[1]
SELECT MAP(ARRAY['a'], ARRAY[1])[NULL]
SELECT element_at(MAP(ARRAY['a'], ARRAY[1]), 'a')
SELECT element_at(MAP(ARRAY['a'], ARRAY[1]), 'z')
SELECT element_at(MAP(ARRAY['a'], ARRAY[1]), NULL)
SELECT element_at(MAP(ARRAY['a'], ARRAY[1]), 1)
SELECT cardinality(MAP(ARRAY['a'], ARRAY[1]))
SELECT cardinality(MAP())
SELECT map_keys(MAP(ARRAY['b', 'a'], ARRAY[1, 2]))
SELECT map_values(MAP(ARRAY['b', 'a'], ARRAY[1, 2]))
SELECT map_keys(MAP())
SELECT map_entries(MAP(ARRAY['b', 'a'], ARRAY[1, 2]))
SELECT map_from_entries(ARRAY[ROW('a', 1), ROW('b', 2)])
SELECT map_from_entries(ARRAY[])
SELECT map_from_entries(ARRAY[ROW('a', 1), ROW('a', 2)])
SELECT map_from_entries(ARRAY[NULL])
SELECT map_from_entries(ARRAY[ROW('a', 1, 2)])
SELECT multimap_from_entries(ARRAY[ROW('a', 1), ROW('b', 2), ROW('a', 3)])
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['b'], ARRAY[2]))
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a'], ARRAY[2]))
SELECT map_concat(MAP(), MAP(ARRAY['a'], ARRAY[1]))
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), NULL)
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['b'], ARRAY[2]), MAP(ARRAY['c'], ARRAY[3]))
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]))
SELECT map_filter(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v > 1)
SELECT map_filter(MAP(ARRAY['a', 'b'], ARRAY[1, NULL]), (k, v) -> v IS NULL)
SELECT map_filter(MAP(), (k, v) -> true)
SELECT map_filter(MAP(ARRAY['a'], ARRAY[1]), k -> true)
SELECT transform_keys(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> upper(k))
SELECT transform_keys(MAP(ARRAY[1, 2], ARRAY[10, 20]), (k, v) -> k + v)
SELECT transform_values(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v * 10)
SELECT transform_values(MAP(ARRAY['a'], ARRAY[1]), (k, v) -> k || CAST(v AS varchar))
SELECT transform_values(MAP(), (k, v) -> 1)
SELECT transform_keys(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> 'x')
SELECT transform_keys(MAP(ARRAY['a'], ARRAY[1]), (k, v) -> NULL)
SELECT map_zip_with(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), MAP(ARRAY['a', 'b'], ARRAY[10, 20]), (k, x, y) -> x + y)
SELECT map_zip_with(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['b'], ARRAY[2]), (k, x, y) -> coalesce(x, 0) + coalesce(y, 0))
SELECT map_zip_with(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['b'], ARRAY['x']), (k, x, y) -> (x, y))
SELECT MAP(ARRAY['a'], ARRAY[1]) = MAP(ARRAY['a'], ARRAY[1])
SELECT MAP(ARRAY['a', 'b'], ARRAY[1, 2]) = MAP(ARRAY['b', 'a'], ARRAY[2, 1])
SELECT MAP(ARRAY['a'], ARRAY[NULL]) = MAP(ARRAY['a'], ARRAY[1])
SELECT map_subset(MAP(ARRAY['a'], ARRAY[1]), ARRAY['a'])
SELECT map_keys(1)
SELECT map_contains_key(MAP(ARRAY['a'], ARRAY[1]), 'a')
SELECT ROW(1, 'a')
SELECT ROW(1)
SELECT ROW(NULL, NULL)
SELECT (1, 'a')
SELECT ROW(1, ROW(2, 3))
SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar))
SELECT ROW(ARRAY[1], MAP(ARRAY['k'], ARRAY[1]))
SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)).x
SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)).Y
SELECT CAST(ROW(ROW(5)) AS ROW(a ROW(b integer))).a.b
SELECT ROW(1, 'a')[1]
SELECT ROW(1, 'a')[2]
SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)).z
SELECT ROW(1, 'a')[3]
SELECT ROW(1, 'a')[0]
SELECT ROW(1, 'a').field0
SELECT CAST(ROW(1) AS ROW(x integer))['x']
SELECT ROW()
SELECT CAST(ROW(1, 'a') AS ROW(integer, varchar))
SELECT CAST(ROW('1') AS ROW(x integer))
SELECT CAST(ROW(1, 2) AS ROW(x double, y varchar))
SELECT CAST(ROW('x') AS ROW(x integer))
SELECT ROW(1, 2) = ROW(1, 2)
SELECT ROW(1, 2) <> ROW(1, 3)
SELECT ROW(1, 2) < ROW(2, 0)
SELECT ROW(1, NULL) IS NULL
SELECT ROW(NULL) IS NULL
SELECT ROW(NULL, NULL) IS NOT NULL
SELECT ROW(1, 'a') = ROW('a', 1)
SELECT ROW(1) = 1
SELECT r.x, r FROM (SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) r)
SELECT r.* FROM (SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) r)
SELECT t.r.x FROM (SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) r) t
SELECT r.nosuch FROM (SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) r)
SELECT (ROW(1, 'a')).*
SELECT r.* AS (p, q) FROM (SELECT CAST(ROW(1, 'a') AS ROW(x integer, y varchar)) r)
SELECT m['a'], element_at(m, 'b') FROM (SELECT MAP(ARRAY['a'], ARRAY[1]) m)
SELECT m FROM (VALUES MAP(ARRAY['a'], ARRAY[1]), NULL) t(m)
SELECT m, count(*) FROM (VALUES MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a'], ARRAY[1])) t(m) GROUP BY m
SELECT m FROM (VALUES MAP(ARRAY['a'], ARRAY[1])) t(m) ORDER BY m
SELECT r FROM (VALUES ROW(ROW(2, 'b')), ROW(ROW(1, 'z'))) t(r) ORDER BY r
SELECT transform(map_entries(m), e -> e[1]) FROM (SELECT MAP(ARRAY['a', 'b'], ARRAY[1, 2]) m)
SELECT reduce(map_values(m), 0, (s, v) -> s + v, s -> s) FROM (VALUES MAP(ARRAY['a', 'b'], ARRAY[1, 2]), MAP(ARRAY['c'], ARRAY[5])) t(m)
SELECT map_keys(map_concat(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), MAP(ARRAY['k'], ARRAY[3]))), map_keys(map_concat(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), MAP(ARRAY['b', 'c'], ARRAY[3, 4]), MAP(ARRAY['d', 'a'], ARRAY[5, 6])))
SELECT map_values(map_concat(m, n)), map_keys(map_concat(m, MAP(), n)) FROM (VALUES (MAP(ARRAY[1, 2], ARRAY['a', NULL]), MAP(ARRAY[3, 2], ARRAY['c', 'd'])), (NULL, MAP(ARRAY[1], ARRAY['x']))) t(m, n)
SELECT map_keys(multimap_from_entries(ARRAY[ROW('b', 1), ROW('a', 2), ROW('b', 3)])), map_values(multimap_from_entries(ARRAY[ROW('b', 1), ROW('a', 2), ROW('b', 3)]))
