-- Arrays, maps and rows: unnesting, lambdas, casts from and to JSON.
SELECT k, v, n FROM UNNEST(MAP(ARRAY['a', 'b'], ARRAY[1, 2])) WITH ORDINALITY t(k, v, n) ORDER BY n
SELECT a, b, n FROM UNNEST(ARRAY[ROW(1, 'x'), ROW(2, 'y')]) WITH ORDINALITY t(a, b, n) ORDER BY n
SELECT * FROM UNNEST(ARRAY[1, 2], ARRAY['a', 'b', 'c']) WITH ORDINALITY t(x, y, n) ORDER BY n
SELECT * FROM UNNEST(MAP(ARRAY['a'], ARRAY[1]), ARRAY[10, 20]) t(k, v, x) ORDER BY x
SELECT id, k, v FROM (VALUES (1, MAP(ARRAY['a', 'b'], ARRAY[10, 20])), (2, MAP()), (3, NULL)) t(id, m) CROSS JOIN UNNEST(m) u(k, v) ORDER BY id, k
SELECT id, k, v FROM (VALUES (1, MAP(ARRAY['a', 'b'], ARRAY[10, 20])), (2, MAP()), (3, NULL)) t(id, m) LEFT JOIN UNNEST(m) u(k, v) ON true ORDER BY id, k
SELECT id, a, b FROM (VALUES (1, ARRAY[ROW(1, 'x')]), (2, ARRAY[ROW(2, 'y'), ROW(3, NULL)])) t(id, r) CROSS JOIN UNNEST(r) u(a, b) ORDER BY id, a
SELECT id, x FROM (VALUES (1, ARRAY[ARRAY[1, 2], ARRAY[3]])) t(id, xs) CROSS JOIN UNNEST(xs) u(ys) CROSS JOIN UNNEST(ys) v(x) ORDER BY x
SELECT id, u.x, u.n FROM (VALUES (1, ARRAY['p', NULL]), (2, ARRAY['q'])) t(id, xs), UNNEST(xs) WITH ORDINALITY u(x, n) ORDER BY id, n
SELECT x FROM UNNEST(ARRAY[1, 2, 3]) t(x) WHERE x > 1 ORDER BY x DESC
SELECT * FROM UNNEST(ARRAY[CAST(ROW(1, 'x') AS ROW(a integer, b varchar))])
SELECT t.a FROM UNNEST(ARRAY[CAST(ROW(1, 'x') AS ROW(a integer, b varchar))]) AS t(a, b)
SELECT count(*) FROM UNNEST(sequence(1, 1000)) t(x)
SELECT sum(x) FROM (VALUES ARRAY[1, 2], ARRAY[3]) t(xs) CROSS JOIN UNNEST(xs) u(x)
SELECT transform(ARRAY[1, NULL, 3], x -> coalesce(x, 0) * 2), filter(ARRAY['a', NULL, 'b'], x -> x IS NOT NULL), reduce(ARRAY['a', 'b'], '', (s, x) -> s || x, s -> s)
SELECT transform(ARRAY[ARRAY[1, 2], ARRAY[3]], a -> transform(a, x -> x + 1)), transform(ARRAY[1, 2], x -> ARRAY[x, x]), transform(ARRAY[1], x -> ROW(x, 'a'))
SELECT y, transform(ARRAY[1, 2], x -> x * y) FROM (VALUES 10, 20) t(y) ORDER BY y
SELECT reduce(ARRAY[1, 2, 3, 4], 0, (s, x) -> s + x, s -> s), reduce(ARRAY[1.0, 2.5], 0.0, (s, x) -> s + x, s -> s / 2), reduce(ARRAY[5, 20, 50], CAST(ROW(0, 0) AS ROW(s bigint, n integer)), (a, x) -> CAST(ROW(a.s + x, a.n + 1) AS ROW(s bigint, n integer)), a -> a.s / a.n)
SELECT zip_with(ARRAY[1, 2], ARRAY['a', 'b', 'c'], (x, y) -> concat(y, CAST(x AS varchar))), zip(ARRAY[1, 2], ARRAY['a']), zip_with(ARRAY[1], ARRAY[2], (x, y) -> x * y)
SELECT array_sort(ARRAY[3, NULL, 1], (x, y) -> CASE WHEN x IS NULL THEN -1 WHEN y IS NULL THEN 1 WHEN x < y THEN -1 WHEN x = y THEN 0 ELSE 1 END)
SELECT array_sort(ARRAY['bb', 'a', 'ccc'], (x, y) -> IF(length(x) > length(y), -1, IF(length(x) = length(y), 0, 1)))
SELECT array_sort(ARRAY[ROW('b', 2), ROW('a', 3), ROW('c', 1)], (p, q) -> IF(p[2] < q[2], -1, IF(p[2] = q[2], 0, 1)))
SELECT array_sort(ARRAY[5, 2, 4], (x, y) -> 7)
SELECT array_sort(xs, (x, y) -> IF(x * k < y * k, -1, IF(x = y, 0, 1))) FROM (VALUES (ARRAY[2, 3, 1], 1), (ARRAY[2, 3, 1], -1)) t(xs, k)
SELECT array_sort(ARRAY[2, 1], (x, y) -> IF(x < y, 1, -1)), array_sort(CAST(ARRAY[] AS array(integer)), (x, y) -> 0), array_sort(CAST(NULL AS array(integer)), (x, y) -> 0)
SELECT array_sort(ARRAY[2, 1], (x, y) -> x < y)
SELECT array_sort(ARRAY[3, 1, NULL, 2]), array_sort(ARRAY['b', 'a']), array_sort(ARRAY[ARRAY[2], ARRAY[1, 5]]), array_sort(ARRAY[true, false])
SELECT array_distinct(ARRAY[1, NULL, 1, NULL]), array_union(ARRAY[1, 2], ARRAY[2, 3]), array_intersect(ARRAY[1, 2, 2], ARRAY[2]), array_except(ARRAY[1, 2, 2, 3], ARRAY[2])
SELECT array_max(ARRAY[1, 3, 2]), array_min(ARRAY['b', 'a']), array_max(ARRAY[1, NULL]), array_position(ARRAY[1, 2, 1], 1), contains(ARRAY[1, NULL], 2), cardinality(ARRAY[1, NULL])
SELECT element_at(ARRAY[1, 2, 3], -1), element_at(ARRAY[1], 2), slice(ARRAY[1, 2, 3, 4], -2, 2), trim_array(ARRAY[1, 2, 3], 2), repeat('x', 3), sequence(10, 1, -3), flatten(ARRAY[ARRAY[1], NULL, ARRAY[2]])
SELECT any_match(ARRAY[1, 2], x -> x > 1), all_match(ARRAY[1, NULL], x -> x > 0), none_match(ARRAY['a'], x -> x = 'b'), any_match(ARRAY[], x -> true), arrays_overlap(ARRAY[1, NULL], ARRAY[2])
SELECT ngrams(ARRAY['a', 'b', 'c'], 2), combinations(ARRAY[1, 2, 3], 2), array_histogram(ARRAY['a', 'b', 'a']), contains_sequence(ARRAY[1, 2, 3], ARRAY[2, 3]), array_remove(ARRAY[1, NULL, 1, 2], 1)
SELECT ARRAY[1, 2] || ARRAY[3], ARRAY[1] || 2, 0 || ARRAY[1], ARRAY['a'] || 'bc', ARRAY[ARRAY[1]] || ARRAY[2]
SELECT ARRAY[1, 2][1], ARRAY['a', 'b'][2], ARRAY[ARRAY[1, 2]][1][2]
SELECT map_filter(MAP(ARRAY['a', 'b', 'c'], ARRAY[1, 2, 3]), (k, v) -> v % 2 = 1 AND k <> 'c'), transform_values(MAP(ARRAY['a'], ARRAY[ARRAY[1, 2]]), (k, v) -> reduce(v, 0, (s, x) -> s + x, s -> s)), transform_keys(MAP(ARRAY['a'], ARRAY[1]), (k, v) -> k || 'x')
SELECT map_zip_with(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), MAP(ARRAY['b', 'c'], ARRAY['x', 'y']), (k, v1, v2) -> concat(k, coalesce(CAST(v1 AS varchar), '-'), coalesce(v2, '-')))
SELECT map_from_entries(ARRAY[ROW('a', 1), ROW('b', NULL)]), map_entries(MAP(ARRAY[1], ARRAY['x'])), map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a'], ARRAY[9])), map_union(m) FROM (VALUES MAP(ARRAY['p'], ARRAY[1])) t(m)
SELECT MAP(ARRAY['a', 'b'], ARRAY[1, 2])['c']
SELECT MAP(ARRAY[1, 2], ARRAY['x', 'y'])[2], element_at(MAP(ARRAY['a'], ARRAY[1]), 'b'), cardinality(MAP(ARRAY['a'], ARRAY[1])), map_keys(MAP(ARRAY['k'], ARRAY[1])), map_values(MAP(ARRAY['k'], ARRAY[1]))
SELECT MAP(ARRAY['a', NULL], ARRAY[1, 2])
SELECT map_agg(k, v) FROM (VALUES ('a', 1), ('a', 2), (NULL, 3), ('b', NULL)) t(k, v)
SELECT split_to_map('a=1;b=2', ';', '='), split_to_multimap('a=1;a=2', ';', '=')
SELECT multimap_from_entries(ARRAY[ROW(1, 'x'), ROW(1, 'y')]), reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FROM (VALUES 1, 2, 3) t(x)
SELECT histogram(x), approx_most_frequent(2, x, 10) FROM (VALUES 'a', 'b', 'a', 'c', 'a', 'b') t(x)
SELECT CAST(ROW(1, 'x') AS ROW(a bigint, b varchar)).b, ROW(1, ROW(2, 'y'))[2][1], CAST(ROW(1) AS ROW(a decimal(5,2)))
SELECT r.a, r.b[1], r.c['k'] FROM (SELECT CAST(ROW(1, ARRAY['x'], MAP(ARRAY['k'], ARRAY[2])) AS ROW(a integer, b array(varchar), c map(varchar, integer))) r)
SELECT r.* FROM (SELECT CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) r)
SELECT t.r.*, 1 z FROM (SELECT CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) r) t
SELECT r.* AS (p, q) FROM (SELECT ROW(1, 'x') r)
SELECT (CAST(ROW(1, 'x') AS ROW(a integer, b varchar))).a
SELECT ROW(1, 'a') IN (ROW(1, 'a'), ROW(2, 'b')), ROW(1, 2) < ROW(1, 3), (1, 'x') = (1, 'x'), ROW(1, NULL) = ROW(1, 2), ROW(1, NULL) = ROW(2, NULL)
SELECT ARRAY[1, 2] < ARRAY[1, 3], ARRAY[1, NULL] = ARRAY[1, 2], MAP(ARRAY[1], ARRAY[2]) = MAP(ARRAY[1], ARRAY[3]), ARRAY[1] IN (ARRAY[1], ARRAY[2]), ARRAY['a'] <> ARRAY['a', 'b']
SELECT CAST(JSON '{"a": [1, 2], "b": {"c": "x"}}' AS ROW(a array(integer), b ROW(c varchar))), CAST(JSON '{"k": [1, null]}' AS map(varchar, array(integer)))
SELECT CAST(CAST(ROW(1, ARRAY['x', NULL], MAP(ARRAY['k'], ARRAY[1.5])) AS ROW(a integer, b array(varchar), c map(varchar, double))) AS json)
SELECT json_format(CAST(ARRAY[ROW(1, 'x')] AS json)), CAST(MAP(ARRAY[true], ARRAY[DATE '2024-01-01']) AS json), CAST(ARRAY[TIMESTAMP '2024-01-01 00:00:00', NULL] AS json)
SELECT CAST(JSON '[[1, 2], [3]]' AS array(array(bigint))), CAST(JSON '{"1": true}' AS map(integer, boolean)), CAST(JSON '[1, "x", true, null]' AS array(varchar)), CAST(JSON '[{"a": 1}]' AS array(json))
SELECT CAST(JSON '{"a": 1, "B": 2}' AS ROW(A integer, b integer)), CAST(JSON '[1, 2]' AS ROW(a integer, b varchar)), CAST(JSON '{"a": {"x": null}}' AS map(varchar, map(varchar, integer)))
SELECT TRY_CAST(JSON '[1, "x"]' AS array(integer)), TRY(CAST(JSON '{"a": "x"}' AS map(varchar, integer))), TRY_CAST('[1]' AS json)
SELECT CAST(ARRAY['1', '2'] AS array(integer)), CAST(MAP(ARRAY['1'], ARRAY['2.5']) AS map(integer, double)), CAST(ARRAY[ROW(1, '2')] AS array(ROW(a varchar, b integer)))
SELECT CAST(ARRAY['x'] AS array(integer))
SELECT array_agg(x) || ARRAY[9] FROM (VALUES 1, 2) t(x)
SELECT array_join(ARRAY[1, NULL, 3], ',', '?'), array_join(ARRAY['a', NULL], '-'), array_join(ARRAY[1.5, 2], ';'), array_join(ARRAY[true, false], ' '), array_join(ARRAY[DATE '2024-01-01'], '')
SELECT id, cardinality(filter(tags, t -> t LIKE 'a%')) n, array_position(tags, 'b') p FROM (VALUES (1, ARRAY['a', 'ab', 'b']), (2, ARRAY[]), (3, NULL)) t(id, tags) ORDER BY id
SELECT id, m['k'] FROM (VALUES (1, MAP(ARRAY['k'], ARRAY[5])), (2, MAP(ARRAY['z'], ARRAY[6]))) t(id, m)
SELECT id, TRY(m['k']), element_at(m, 'k') FROM (VALUES (1, MAP(ARRAY['k'], ARRAY[5])), (2, MAP(ARRAY['z'], ARRAY[6]))) t(id, m) ORDER BY id
SELECT typeof(ARRAY[1, 2.5]), typeof(MAP(ARRAY['a'], ARRAY[1])), typeof(ROW(1, 'a')), typeof(CAST(ROW(1) AS ROW(a integer))), typeof(ARRAY[]), typeof(MAP()), typeof(ARRAY['a', 'bcd']), typeof(ROW(NULL))
SELECT typeof(transform(ARRAY[1], x -> x + BIGINT '1')), typeof(map_entries(MAP(ARRAY['a'], ARRAY[1]))), typeof(zip(ARRAY[1], ARRAY['a'])), typeof(histogram(x)), typeof(array_agg(ROW(x, 1))) FROM (VALUES 'a') t(x)
SELECT MAP(ARRAY[1], ARRAY['a']) || MAP(ARRAY[2], ARRAY['b'])
SELECT filter(ARRAY[1], x -> x)
SELECT reduce(ARRAY[1], 'a', (s, x) -> s + x, s -> s)
SELECT map_filter(MAP(ARRAY[1], ARRAY[2]), x -> true)
SELECT x.a FROM (SELECT ARRAY[1] x)
SELECT r.c FROM (SELECT CAST(ROW(1) AS ROW(a integer)) r)
SELECT UNNEST(ARRAY[1])
SELECT * FROM UNNEST('abc')
SELECT * FROM UNNEST(1) t(x)
SELECT * FROM UNNEST(ARRAY[1, 2]) t(a, b)
SELECT ROW(ROW(1, 2)) IN (SELECT ROW(a, b) FROM (VALUES (1, 2), (2, 3)) AS t(a, b))
SELECT ROW(ROW(1, 9)) NOT IN (SELECT ROW(a, b) FROM (VALUES (1, 2), (2, 3)) AS t(a, b))
SELECT ROW(1, 2) IN (SELECT ROW(a, b) FROM (VALUES (1, 2), (2, 3)) AS t(a, b))
SELECT CAST(ROW(ROW(1, 2)) AS ROW(k ROW(x bigint, y bigint))) IN (SELECT CAST(ROW(a, b) AS ROW(x bigint, y bigint)) FROM (VALUES (1, 2), (2, 3)) AS t(a, b))
SELECT CAST(ROW(1) AS ROW(x integer)) IN (SELECT a FROM (VALUES (1, 2), (2, 3)) AS t(a, b))
SELECT r IN (SELECT a FROM (VALUES (1, 2), (2, 3)) AS t(a, b)) FROM (VALUES CAST(ROW(2) AS ROW(x integer)), CAST(ROW(5) AS ROW(x integer))) v(r)
SELECT a FROM (VALUES (1, 2)) u(a, b) WHERE ROW(ROW(a, b)) IN (SELECT ROW(a, b) FROM (VALUES (1, 2), (2, 3)) AS t(a, b))
