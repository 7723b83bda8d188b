-- JSON with odd paths, lambdas in lambdas, UNNEST of everything, sub-queries that speak outwards.
SELECT json_extract('{"a": {"b": [1, {"c": null}, "x"]}}', '$.a.b[1]'), json_extract('{"a": {"b": [1, {"c": null}, "x"]}}', '$.a.b[1].c'), json_extract('{"a": {"b": [1]}}', '$.a.b[5]')
SELECT json_extract('{"a b": 1, "c.d": 2, "": 3}', '$["a b"]'), json_extract('{"a b": 1, "c.d": 2, "": 3}', '$["c.d"]'), json_extract('{"a": {"x y": 2}}', '$.a["x y"]')
SELECT json_extract_scalar('{"a": 1.50}', '$.a'), json_extract_scalar('{"a": 1e3}', '$.a'), json_extract_scalar('{"a": true}', '$.a'), json_extract_scalar('{"a": null}', '$.a'), json_extract_scalar('{"a": [1]}', '$.a'), json_extract_scalar('{"a": "\u00e9\n"}', '$.a')
SELECT json_extract('{"store":{"book":[{"price":8},{"price":12}]}}', '$.store.book[*].price'), json_extract('{"a":[1,2,3]}', '$.a[*]'), json_extract('{"a":[1,2,3]}', '$..a')
SELECT json_extract('[1, 2', '$[0]'), json_extract('nope', '$'), json_extract_scalar('', '$')
SELECT json_extract('{"a": 1}', '$[')
SELECT json_extract(JSON '{"b": 2, "a": 1}', '$'), json_format(JSON '{"b": 2, "a": 1}'), json_format(json_parse('{"b":2,"a":1,"b":3}'))
SELECT json_parse('{"a": 1.10, "b": 1e5, "c": 12345678901234567890, "d": "é\u0041"}')
SELECT json_parse('[1,2')
SELECT json_array_contains('[1, 2, 3]', 2), json_array_contains('["a", "b"]', 'a'), json_array_contains('[1.5, 2]', 1.5), json_array_contains('[true]', true), json_array_contains('[null]', 1), json_array_contains('{}', 1)
SELECT json_array_contains('[1', 1)
SELECT json_array_length('[1, [2, 3]]'), json_array_length('{"a": 1}'), json_array_length('[]'), json_array_length('x'), json_size('{"a": {"b": 1, "c": 2}}', '$.a'), json_size('{"a": [1,2,3]}', '$.a'), json_size('{"a": 1}', '$.a'), json_size('{"a": 1}', '$.b')
SELECT json_array_get('["a", [1], null]', -3)
SELECT is_json_scalar('1'), is_json_scalar('"x"'), is_json_scalar('[1]'), is_json_scalar('null'), is_json_scalar(JSON 'true')
SELECT is_json_scalar('{')
SELECT CAST(JSON '{"a": [1, 2], "b": null}' AS map(varchar, array(integer))), CAST(JSON '[1, "2", null, true]' AS array(varchar)), CAST(JSON '{"x": 1, "y": "z"}' AS row(x integer, y varchar)), CAST(JSON '[1, "z"]' AS row(x integer, y varchar))
SELECT CAST(JSON '{"X": 1, "z": 5}' AS row(x integer, y varchar))
SELECT CAST(JSON '"1.5"' AS double), CAST(JSON '1.5' AS integer), CAST(JSON 'true' AS integer), CAST(JSON '"true"' AS boolean), CAST(JSON '1.55' AS decimal(3,1)), CAST(JSON '"x"' AS varchar), CAST(JSON 'null' AS varchar), CAST(JSON '1' AS boolean)
SELECT CAST(JSON '[1, 2]' AS varchar)
SELECT CAST(JSON '"abc"' AS bigint)
SELECT CAST(JSON '[[1, 2], [3]]' AS array(array(bigint))), CAST(JSON '[{"a": 1}, {"a": 2}]' AS array(row(a bigint))), CAST(JSON '{"1": "a"}' AS map(integer, varchar))
SELECT CAST(MAP(ARRAY['b', 'a'], ARRAY[1, NULL]) AS json), CAST(ARRAY[1, NULL, 3] AS json), CAST(ROW(1, 'a', NULL) AS json), CAST(CAST(ROW(1, 'a') AS row(x integer, y varchar)) AS json)
SELECT CAST('x"y' AS json), CAST(1.5 AS json), CAST(DECIMAL '1.50' AS json), CAST(DATE '2024-01-01' AS json), CAST(TIMESTAMP '2024-01-01 01:02:03' AS json), CAST(true AS json), CAST(NULL AS json), CAST(REAL '1.1' AS json)
SELECT CAST(MAP(ARRAY[1, 2], ARRAY['x', 'y']) AS json), CAST(MAP(ARRAY[true], ARRAY[1.5]) AS json), CAST(ARRAY[MAP(ARRAY['k'], ARRAY[ARRAY[1]])] AS json)
SELECT JSON '{"a": 1, "b": 2}' = JSON '{"b": 2, "a": 1}', JSON '[1, 2]' = JSON '[2, 1]', JSON '1.0' = JSON '1', JSON 'null' IS NULL
SELECT json_value('{"a": {"b": 7}}', 'lax $.a.b'), json_value('{"a": {"b": 7}}', 'strict $.a.c' DEFAULT 'none' ON ERROR), json_value('{"a": 7}', 'lax $.a' RETURNING integer), json_value('{"a": null}', 'lax $.a'), json_value('{"a": [1]}', 'lax $.a' NULL ON ERROR)
SELECT json_value('{"a": "x"}', 'lax $.a' RETURNING bigint ERROR ON ERROR)
SELECT json_value('{}', 'lax $.a' ERROR ON EMPTY)
SELECT json_value('{}', 'lax $.a' DEFAULT 'd' ON EMPTY)
SELECT json_query('{"a": [1, 2]}', 'lax $.a'), json_query('{"a": [1, 2]}', 'lax $.a[*]' WITH ARRAY WRAPPER), json_query('{"a": 1}', 'lax $.a' WITH CONDITIONAL ARRAY WRAPPER), json_query('{"a": "x"}', 'lax $.a' OMIT QUOTES), json_query('{}', 'lax $.a' EMPTY ARRAY ON EMPTY)
SELECT json_exists('{"a": [1, 5]}', 'lax $.a[*]?(@ > 3)'), json_exists('{"a": 1}', 'strict $.b'), json_exists('{"a": 1}', 'strict $.b' TRUE ON ERROR), json_exists('x', 'lax $' UNKNOWN ON ERROR)
SELECT json_query('[{"p": 1, "n": "a"}, {"p": 9, "n": "b"}]', 'lax $[*]?(@.p > 5).n' WITH WRAPPER), json_query('{"a": {"x": 1, "y": 2}}', 'lax $.a.*' WITH WRAPPER), json_query('[1, 2, 3, 4]', 'lax $[1 to 2]' WITH WRAPPER), json_query('[1, 2, 3, 4]', 'lax $[last]')
SELECT json_query('{"a": 1.5}', 'lax $.a.floor()'), json_query('{"a": [1, 2]}', 'lax $.a.size()'), json_query('{"a": "x"}', 'lax $.a.type()'), json_query('{"a": -3}', 'lax $.a.abs()'), json_query('{"a": {"k": 1}}', 'lax $.a.keyvalue()')
SELECT json_array(1, 'a', NULL, true), json_array(1, NULL NULL ON NULL), json_array(), json_object('a': 1, 'b': 'x'), json_object(KEY 'a' VALUE NULL ABSENT ON NULL), json_object('a': json_array(1, 2) FORMAT JSON)
SELECT json_object('a' : 1, 'a' : 2 WITH UNIQUE KEYS)
SELECT json_extract_scalar(j, '$.id'), CAST(json_extract(j, '$.tags') AS array(varchar)) FROM (VALUES '{"id": 1, "tags": ["a", "b"]}', '{"id": "2"}', 'broken') t(j)
SELECT e.k, e.v FROM (VALUES JSON '{"x": 1, "y": [2]}') t(j) CROSS JOIN UNNEST(CAST(j AS map(varchar, json))) e(k, v) ORDER BY 1
SELECT json_format(CAST(MAP(ARRAY['a'], ARRAY[JSON '{"z": [1, 2]}']) AS json)), json_format(CAST(ARRAY[JSON '1', JSON '"x"', NULL] AS json))
SELECT array_agg(json_extract_scalar(x, '$.v') ORDER BY 1) FROM UNNEST(CAST(json_parse('[{"v": "b"}, {"v": "a"}]') AS array(json))) t(x)
SELECT typeof(json_extract('{"a":1}', '$.a')), typeof(json_query('{"a":1}', 'lax $.a')), typeof(json_value('{"a":1}', 'lax $.a' RETURNING decimal(10,2))), typeof(JSON '1')
SELECT transform(ARRAY[ARRAY[1, 2], ARRAY[3]], a -> transform(a, x -> x * cardinality(a))), transform(ARRAY[1, 2], x -> transform(ARRAY[10, 20], y -> x + y)), filter(ARRAY[ARRAY[1, 2], ARRAY[3]], a -> any_match(a, x -> x > 2))
SELECT reduce(ARRAY[5, 20, 50], CAST(ROW(0.0, 0) AS row(sum double, count integer)), (s, x) -> CAST(ROW(x + s.sum, s.count + 1) AS row(sum double, count integer)), s -> IF(s.count = 0, NULL, s.sum / s.count))
SELECT reduce(ARRAY[1, 2, NULL], 0, (s, x) -> s + coalesce(x, 100), s -> s), reduce(ARRAY[], 0, (s, x) -> s + 1, s -> s), reduce(ARRAY['a', 'b'], '', (s, x) -> s || x, s -> upper(s))
SELECT t.x, transform(ARRAY[1, 2], y -> y + t.x), filter(ARRAY[1, 2, 3], y -> y > x) FROM (VALUES 1, 2) t(x) ORDER BY 1
SELECT transform_keys(MAP(ARRAY[1, 2], ARRAY['a', 'b']), (k, v) -> CAST(k AS varchar) || v), transform_values(MAP(ARRAY['a', 'b'], ARRAY[1, NULL]), (k, v) -> coalesce(v, -1)), map_filter(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v > 1)
SELECT transform_keys(MAP(ARRAY[1, 2], ARRAY['a', 'b']), (k, v) -> 'same')
SELECT map_zip_with(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), MAP(ARRAY['b', 'c'], ARRAY[10, 20]), (k, v1, v2) -> coalesce(v1, 0) + coalesce(v2, 0)), zip_with(ARRAY[1, 2, 3], ARRAY['a', 'b'], (x, y) -> (x, y)), zip_with(ARRAY[1, 2], ARRAY[3, 4], (x, y) -> x * y)
SELECT array_sort(ARRAY['bb', 'a', 'ccc'], (x, y) -> IF(length(x) < length(y), -1, IF(length(x) = length(y), 0, 1))), array_sort(ARRAY[3, NULL, 1], (x, y) -> CASE WHEN x IS NULL THEN -1 WHEN y IS NULL THEN 1 WHEN x < y THEN 1 WHEN x = y THEN 0 ELSE -1 END)
SELECT all_match(ARRAY[], x -> false), any_match(ARRAY[NULL, 1], x -> x = 1), any_match(ARRAY[NULL, 2], x -> x = 1), none_match(ARRAY[1, NULL], x -> x = 2), all_match(ARRAY[1, NULL], x -> x > 0)
SELECT transform(ARRAY[1, 2], x -> y) FROM (VALUES 1) t(z)
SELECT transform(ARRAY['a', NULL], x -> x IS NULL), transform(ARRAY[ROW(1, 'a')], r -> r[2]), transform(ARRAY[CAST(ROW(1, 'a') AS row(n integer, s varchar))], r -> r.s || CAST(r.n AS varchar))
SELECT regexp_replace('foo_bar_baz', '_(\w)', m -> upper(m[1])), regexp_replace('a1b22', '(\d+)', x -> CAST(length(x[1]) AS varchar))
SELECT reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b), reduce_agg(x, 1, (a, b) -> a * b, (a, b) -> a * b) FROM (VALUES 2, 3, 4) t(x)
SELECT (SELECT array_agg(transform(ARRAY[x, u.y], z -> z * t.x)) FROM UNNEST(t.ys) u(y)) FROM (VALUES (2, ARRAY[1, 2])) t(x, ys)
SELECT u.* FROM UNNEST(MAP(ARRAY['a', 'b'], ARRAY[1, 2])) WITH ORDINALITY AS u(k, v, n) ORDER BY n
SELECT u.* FROM UNNEST(ARRAY[ROW(1, 'a'), ROW(2, 'b'), NULL]) WITH ORDINALITY AS u(x, y, n) ORDER BY n
SELECT t.id, u.x, u.y, u.n FROM (VALUES (1, ARRAY[1, 2], ARRAY['a']), (2, ARRAY[], NULL), (3, NULL, ARRAY['z'])) t(id, xs, ys) LEFT JOIN UNNEST(xs, ys) WITH ORDINALITY AS u(x, y, n) ON true ORDER BY id, n
SELECT t.id, u.k, u.v FROM (VALUES (1, MAP(ARRAY['a'], ARRAY[ROW(1, 'x')])), (2, MAP())) t(id, m) LEFT JOIN UNNEST(m) u(k, v) ON true ORDER BY 1
SELECT * FROM UNNEST(ARRAY[1, 2], MAP(ARRAY['a', 'b', 'c'], ARRAY[10, 20, 30])) AS u(x, k, v)
SELECT * FROM (VALUES 1) t(a), UNNEST(ARRAY[ARRAY[1, 2], ARRAY[3]]) u(xs), UNNEST(u.xs) w(x) ORDER BY x
SELECT count(*) FROM UNNEST(ARRAY[]) t(x)
SELECT id, x FROM (VALUES (1, ARRAY[3, 4])) t(id, xs) LEFT JOIN UNNEST(xs) u(x) ON x > 3
SELECT id, x FROM (VALUES (1, ARRAY[3, 4])) t(id, xs) INNER JOIN UNNEST(xs) u(x) ON true WHERE x > 3
SELECT id, x FROM (VALUES (1, ARRAY[3, 4])) t(id, xs) FULL JOIN UNNEST(xs) u(x) ON true
SELECT * FROM UNNEST(ARRAY[ROW(1, ROW(2, 'x'))]) AS t(a, b)
SELECT b.c, b.d FROM UNNEST(ARRAY[CAST(ROW(1, ROW(2, 'x')) AS row(a integer, b row(c integer, d varchar)))]) AS t(a, b)
SELECT x FROM UNNEST(ARRAY[1, 2, 3]) AS t(x, y)
SELECT * FROM UNNEST(1)
SELECT * FROM UNNEST(ARRAY[1, 2]) WITH ORDINALITY
SELECT id, l.s FROM (VALUES (1, 10), (2, 20)) t(id, v) CROSS JOIN LATERAL (SELECT t.v * 2 AS s) l ORDER BY 1
SELECT id, l.c FROM (VALUES (1, ARRAY[1, 2, 3]), (2, ARRAY[])) t(id, xs) CROSS JOIN LATERAL (SELECT count(*) c, sum(x) s FROM UNNEST(t.xs) u(x)) l ORDER BY 1
SELECT id, l.x FROM (VALUES (1, ARRAY[1, 2, 3]), (2, ARRAY[])) t(id, xs) LEFT JOIN LATERAL (SELECT max(x) x FROM UNNEST(t.xs) u(x)) l ON true ORDER BY 1
SELECT id, (SELECT sum(v) FROM (VALUES (1, 10), (1, 20), (2, 5)) s(k, v) WHERE s.k = t.id) FROM (VALUES 1, 2, 3) t(id) ORDER BY 1
SELECT id, EXISTS (SELECT 1 FROM (VALUES 1, 3) s(k) WHERE s.k = t.id), t.id IN (SELECT k FROM (VALUES 1, NULL) s(k)), t.id NOT IN (SELECT k FROM (VALUES 1, NULL) s(k)) FROM (VALUES 1, 2) t(id) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x > ALL (SELECT y FROM (VALUES 1, 2) s(y)), x
SELECT x > ALL (VALUES 1, 2), x >= ANY (VALUES 2, 5), x = SOME (VALUES 3, NULL), x <> ALL (VALUES 1, NULL), x = ALL (SELECT 1 WHERE false), x = ANY (SELECT 1 WHERE false) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT x FROM (VALUES 1, 2) t(x) WHERE (x, 'a') IN (VALUES (1, 'a'), (2, 'b'))
SELECT (SELECT ROW(1, 2)).field0
SELECT t.a FROM (SELECT 1 AS a) t WHERE EXISTS (SELECT 1 FROM (VALUES 1, 2) s(b) WHERE s.b > t.a HAVING count(*) > 0)
SELECT id, (SELECT y FROM (VALUES (1, 'a', 1), (1, 'b', 2)) s(k, y, o) WHERE s.k = t.id ORDER BY o DESC LIMIT 1) FROM (VALUES 1, 2) t(id) ORDER BY 1
