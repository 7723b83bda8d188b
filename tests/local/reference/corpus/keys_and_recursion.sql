-- Keys of maps, rows in brackets, aggregates of pairs, recursion, casts of odd texts.
SELECT m['zz'] FROM (VALUES MAP(ARRAY['a'], ARRAY[1])) t(m)
SELECT m['a'], m[k] FROM (VALUES (MAP(ARRAY['a', 'b'], ARRAY[1, 2]), 'b  '), (MAP(ARRAY['a', 'b  '], ARRAY[1, 2]), 'b')) t(m, k)
SELECT MAP(ARRAY[1], ARRAY[2])[BIGINT '1']
SELECT MAP(ARRAY[1], ARRAY[2])[1e0]
SELECT MAP(ARRAY[BIGINT '1'], ARRAY[2])[1], MAP(ARRAY[1e0], ARRAY[2])[1], element_at(MAP(ARRAY['a'], ARRAY[2]), 'abc'), element_at(MAP(ARRAY[1], ARRAY[2]), BIGINT '1')
SELECT MAP(ARRAY[CAST('a' AS char(2))], ARRAY[2])['a']
SELECT map_agg(DISTINCT x, y), multimap_agg(DISTINCT x, y), min_by(DISTINCT x, y), max_by(DISTINCT x, y) FROM (VALUES (1, 1), (2, 2), (2, 2), (3, 3)) t(x, y)
SELECT k, map_agg(DISTINCT x, y) FILTER (WHERE x > 1) FROM (VALUES ('a', 1, 1), ('a', 2, 2), ('b', 2, 2), ('b', 2, 2)) t(k, x, y) GROUP BY k
SELECT CAST(MAP(ARRAY[1, 10, 9, 2], ARRAY['a', 'b', 'c', 'd']) AS json), CAST(MAP(ARRAY[1.5e0, -2e0, 10e0], ARRAY[1, 2, NULL]) AS json), json_format(CAST(MAP(ARRAY['b', 'a', 'a!'], ARRAY[1, 2, 3]) AS json)), CAST(MAP(ARRAY[true, false], ARRAY[1, 2]) AS json)
SELECT INTERVAL '6' MONTH / nan()
SELECT d * nan() FROM (VALUES INTERVAL '6' DAY) t(d)
SELECT d / n, d * n, n * d, d / 1.5e0, m / n, m * 2.5e0 FROM (VALUES (INTERVAL '6' DAY, INTERVAL '5' MONTH, 2), (INTERVAL '1' SECOND, INTERVAL '1' YEAR, NULL)) t(d, m, n)
SELECT (SELECT (name, regionkey) FROM (VALUES ('A', 0)) nation(name, regionkey)).*
SELECT array_intersect(ARRAY[(123, 'abc'), (123, 'abc')], ARRAY[(123, 'abc'), (123, NULL)]), multimap_from_entries(ARRAY[(1, 'x'), (2, 'y'), (1, 'a'), (3, null)]), map_from_entries(ARRAY[(1, 'x'), (2, NULL)])
SELECT (1, 'a') AS r, ARRAY[(1, NULL), (2, 'b')], typeof((1, 'a')), (x, x + 1) FROM (VALUES 5) t(x)
SELECT r.* FROM (SELECT (1, 'a') AS r)
SELECT t.r.* FROM (SELECT (1, 'a') AS r) t
SELECT * FROM (VALUES ARRAY[2, 1, 1], ARRAY[3]) t(a) INNER JOIN LATERAL (SELECT x FROM (VALUES 1) LEFT JOIN UNNEST(a) u(x) ON TRUE ORDER BY x LIMIT 1) ON TRUE
SELECT b FROM (VALUES ('a', ARRAY[1, 2, 3]), ('b', ARRAY[4])) t(id, a) LEFT JOIN LATERAL (SELECT ROW(id, array_agg(x)) FROM (SELECT x FROM (VALUES 1) LEFT JOIN UNNEST(a) u(x) ON TRUE)) t2(b) ON TRUE
SELECT (SELECT array_agg(x) FROM (VALUES 1) LEFT JOIN UNNEST(a) u(x) ON TRUE WHERE x > 1) FROM (VALUES ARRAY[1, 2]) t(a)
SELECT m[k], m[1], element_at(m, k) FROM (VALUES (MAP(ARRAY[1, 2], ARRAY['a', 'b']), BIGINT '2')) t(m, k)
SELECT m[k] FROM (VALUES (MAP(ARRAY[1, 2], ARRAY['a', 'b']), BIGINT '3000000000')) t(m, k)
SELECT m[DATE '2024-01-01'] FROM (VALUES MAP(ARRAY[TIMESTAMP '2024-01-01 00:00:00'], ARRAY['a'])) t(m)
SELECT m['a'] FROM (VALUES MAP(ARRAY[1], ARRAY['a'])) t(m)
SELECT CAST(x AS decimal(20,10)), CAST(x AS decimal(17,0)), CAST(x AS varchar) FROM (VALUES REAL '1234567940', REAL '12345678400000000', REAL '0.1', REAL '-123456790519087104') t(x)
SELECT CAST(REAL '0.1' AS decimal(10,5)), CAST(REAL '1234.5678' AS decimal(10,2)), CAST(REAL '100.02' AS decimal(38,37))
SELECT CAST(x AS decimal(18,0)), CAST(x AS decimal(20,2)), CAST(x AS decimal(4,2)) FROM (VALUES 12.345e0, 12.355e0, -12.345e0) t(x)
SELECT CAST(10 AS decimal(38,37))
SELECT CAST(1000 AS decimal(3,0))
SELECT CAST(x AS decimal(4,2)) FROM (VALUES 100, 1000) t(x)
SELECT CAST(x AS decimal(4,2)) FROM (VALUES 100.5e0) t(x)
SELECT CAST('1e3' AS decimal(10,2)), CAST(DECIMAL '123.456' AS decimal(5,2)), CAST('123.456' AS decimal(5,2)), CAST(TRUE AS decimal(5,2))
SELECT CAST(DECIMAL '123.456' AS decimal(4,2))
SELECT CAST(x AS date), try_cast(x AS date) FROM (VALUES ' 2024-01-05 ', '2024-1-5', '+2024-01-05') t(x)
SELECT CAST(x AS uuid) FROM (VALUES X'12151fd2758611e98f9e2a86e4085a59') t(x)
SELECT truncate(DECIMAL '1.25', CAST(NULL AS integer)), round(DECIMAL '-3.0', CAST(NULL as INTEGER)), round(NULL, 1), round(1e0, NULL), round(x, n) FROM (VALUES (1.256e0, NULL), (1.256e0, 2)) t(x, n)
SELECT random(SMALLINT '-20000', SMALLINT '30000') BETWEEN -20000 AND 30000, random(-2147483648, 2147483647) IS NULL, random(TINYINT '-100', TINYINT '100') < 100
SELECT lag(x, n) OVER (ORDER BY x) FROM (VALUES (1, 1), (2, NULL)) t(x, n)
SELECT cosine_similarity(map(ARRAY['a', 'b'], ARRAY[1.0E0, null]), map(ARRAY['c', 'b'], ARRAY[1.0E0, 3.0E0]))
SELECT nullif(ARRAY[CAST(NULL AS BIGINT)], ARRAY[CAST(NULL AS BIGINT)]), nullif(ARRAY[1], ARRAY[1]), nullif(ROW(1, NULL), ROW(1, NULL))
SELECT 1 WHERE 'a' NOT BETWEEN 3 AND 'z'
SELECT DOUBLE '-NaN', CAST('-NaN' AS double), CAST('+NaN' AS double), CAST('nan' AS double)
SELECT map(ARRAY[ARRAY[NULL]], ARRAY[2])
SELECT map(array[array[1,1]], array['a'])[array[1,1]], map(ARRAY[ROW(1, 'a')], ARRAY[2])[ROW(1, 'a')], element_at(map(array[array[1,1]], array['a']), array[1, 1])
WITH RECURSIVE t(n) AS (SELECT * FROM (VALUES 1, 1) x UNION SELECT n + 1 FROM t CROSS JOIN (VALUES 1, 2) WHERE n < 4) SELECT n, count(*) FROM t GROUP BY n
WITH RECURSIVE t(n, p) AS (VALUES (1, 'a') UNION (SELECT n + 1, p FROM t AS x WHERE n < 4)) SELECT * FROM t ORDER BY n DESC
WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT (n + 1) % 3 FROM t) SELECT n FROM t
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL (((SELECT n + 2 FROM t WHERE n < 6)))) SELECT * from t
WITH RECURSIVE ancestors(id, parent, depth) AS (SELECT id, parent, 1 FROM (VALUES (1, NULL), (2, 1), (3, 2)) e(id, parent) WHERE id = 3 UNION ALL SELECT e.id, e.parent, a.depth + 1 FROM ancestors a JOIN (VALUES (1, NULL), (2, 1), (3, 2)) e(id, parent) ON e.id = a.parent), other AS (SELECT 1 AS x) SELECT * FROM ancestors CROSS JOIN other ORDER BY depth
WITH RECURSIVE a AS (SELECT 1 AS x) SELECT * FROM a
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3), other AS (SELECT 1 AS x) SELECT * FROM t, other
