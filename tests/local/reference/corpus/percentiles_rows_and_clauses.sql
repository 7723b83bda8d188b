-- Weighted percentiles, lambdas, rows compared, frames, stars, what clauses may hold, recursion, names of types.
SELECT approx_percentile(x, w, ARRAY[0.9, 0.5]) FROM (VALUES (1e0, 1), (2e0, 2), (10e0, 7)) t(x, w)
SELECT approx_percentile(x, w, 0.5) FROM (VALUES (NULL, 1), (2e0, NULL), (10e0, 7)) t(x, w)
SELECT approx_percentile(x, w, 0.5), approx_percentile(x, w, ARRAY[0.5]) FROM (VALUES (1, 1)) t(x, w) WHERE false
SELECT approx_percentile(x, w, 1.5) FROM (VALUES (1, 1)) t(x, w)
SELECT approx_percentile(x, w, q) FROM (VALUES (1, 1, 0.5), (2, 1, 0.5), (4, 3, 0.5)) t(x, w, q)
SELECT x, approx_percentile(x, w, 0.5) OVER (ORDER BY x) FROM (VALUES (1, 1), (2, 2), (10, 7)) t(x, w)
SELECT approx_percentile(x, w, 0.5) FILTER (WHERE x > 1) FROM (VALUES (1, 1), (2, 2), (10, 7)) t(x, w)
SELECT approx_percentile(x, w, 0.5) FROM (VALUES (-1, 1), (-2, 2), (-3, 1)) t(x, w)
SELECT approx_percentile(x, w, 0.25) FROM (VALUES (-1, 1), (-2, 2), (-3, 1)) t(x, w)
SELECT approx_percentile(x, 0.5e0, 0.5) FROM (VALUES 1e0, 2e0) t(x)
SELECT approx_percentile(x, w, 0.5) FROM (VALUES (SMALLINT '1', 1), (SMALLINT '4', 3)) t(x, w)
SELECT approx_percentile(x, w, 0.5) FROM (VALUES (DECIMAL '1.5', 1), (DECIMAL '4.5', 3)) t(x, w)
SELECT approx_percentile(x, w, NULL) FROM (VALUES (1e0, 1)) t(x, w)
SELECT transform(ARRAY['a'], t -> t || (SELECT 'b'))
SELECT transform(ARRAY['a'], t -> t IN (SELECT 'b'))
SELECT filter(ARRAY[1], t -> t > ALL (SELECT 1))
SELECT TIMESTAMP '2024-01-01T00:00:00Z'
SELECT CAST('2024-01-01T00:00:00' AS timestamp)
SELECT TRY(CAST('2024-01-01T00:00' AS timestamp))
SELECT transform(ARRAY[1], x -> x + 'a')
SELECT transform(ARRAY[1], x -> 'a' + x)
SELECT transform(ARRAY[1], x -> x.y)
SELECT transform(ARRAY[1], x -> x[1])
SELECT transform(ARRAY[ROW(1)], x -> x.y)
SELECT transform(ARRAY[1], x -> x = 'a')
SELECT transform(ARRAY[1], x -> x BETWEEN 'a' AND 'b')
SELECT transform(ARRAY[1], x -> x IN ('a'))
SELECT transform(ARRAY[1], x -> x LIKE 'a')
SELECT transform(ARRAY[1], x -> nosuch(x))
SELECT transform(ARRAY[1], x -> lower(x))
SELECT transform(ARRAY[1], x -> -x), transform(ARRAY['a'], x -> -x)
SELECT transform(ARRAY[1], x -> CAST(x AS date))
SELECT transform(ARRAY[1], x -> sum(x))
SELECT transform(ARRAY[1], x -> row_number() OVER ())
SELECT transform(ARRAY[1], x -> CASE WHEN x THEN 1 END)
SELECT transform(ARRAY[1], x -> IF(x, 1))
SELECT transform(ARRAY[1], x -> coalesce(x, 'a'))
SELECT transform(ARRAY[1], x -> x AND true)
SELECT transform(ARRAY[1], x -> NOT x)
SELECT transform(ARRAY[1], 1)
SELECT reduce(ARRAY[1], 0, (s, x) -> s + x)
SELECT reduce(ARRAY[1], 0, (s, x) -> s + x + 'a', s -> s)
SELECT zip_with(ARRAY[1], ARRAY['a'], (x, y) -> x + y)
SELECT map_filter(MAP(ARRAY[1], ARRAY[2]), (k, v) -> k)
SELECT transform_values(MAP(ARRAY[1], ARRAY[2]), (k, v) -> k || v)
SELECT any_match(ARRAY[1], x -> x)
SELECT array_sort(ARRAY[1], (x, y) -> x < y)
SELECT transform(ARRAY[1], x -> transform(ARRAY['a'], y -> x + y))
SELECT transform(ARRAY[1], x -> x + nosuch) FROM (VALUES 1) t(a)
SELECT transform(ARRAY[1], x -> x + t.nosuch) FROM (VALUES 1) t(a)
SELECT transform(ARRAY[1], x -> x AT TIME ZONE 'UTC')
SELECT transform(ARRAY[1], x -> x IS NULL OR x > 'a')
SELECT transform(ARRAY[1], x -> 1 + 2 * (x || 'a'))
SELECT transform(ARRAY['a'], x -> substr(x, x))
SELECT device.os FROM (SELECT CAST(ROW('a', 1) AS ROW(os varchar, n int)) AS device) GROUP BY ROLLUP (device.os)
SELECT device.os FROM (SELECT CAST(ROW('a', 1) AS ROW(os varchar, n int)) AS device) GROUP BY GROUPING SETS ((device.os), ())
SELECT device.os, count(*) FROM (SELECT CAST(ROW('a', 1) AS ROW(os varchar, n int)) AS device) t GROUP BY CUBE (t.device.os)
SELECT t.device, count(*) FROM (SELECT CAST(ROW('a', 1) AS ROW(os varchar, n int)) AS device) t GROUP BY CUBE (t.device)
SELECT device.os, grouping(device.os) FROM (SELECT CAST(ROW('a', 1) AS ROW(os varchar, n int)) AS device) t GROUP BY device.os
SELECT approx_percentile(x, w, 0.5), approx_percentile(x, w, ARRAY[0.1, 0.5, 0.9]) FROM (VALUES (1e0, 1), (2e0, 2), (10e0, 7)) t(x, w)
SELECT approx_percentile(x, w, 0.5), approx_percentile(x, w, ARRAY[0.1, 0.5, 0.9]), approx_percentile(x, w, 0.5, 0.01) FROM (VALUES (1, 1), (2, 2), (10, 7)) t(x, w)
SELECT approx_percentile(x, w, 0.5), approx_percentile(x, w, ARRAY[0.1, 0.25, 0.75, 0.9, 0.99]) FROM (VALUES (1.5e0, 100), (99.99e0, 5), (1e10, 1), (-2.25e0, 100)) t(x, w)
SELECT approx_percentile(x, w, 0.5) FROM (VALUES (REAL '1.5', 100), (REAL '99.99', 500), (REAL '1e10', 100), (REAL '-2.25', 100)) t(x, w)
SELECT approx_percentile(x, w, 0.5) FROM (VALUES (1.5e0, 1e0), (2.5e0, 1.5e0)) t(x, w)
SELECT approx_percentile(x, 0, 0.5) FROM (VALUES 1e0, 2e0) t(x)
SELECT approx_percentile(x, -1, 0.5) FROM (VALUES 1e0, 2e0) t(x)
SELECT approx_percentile(x, 0, 0.5) FROM (VALUES 1, 2) t(x)
SELECT approx_percentile(x, 0.5), approx_percentile(x, 0.25), approx_percentile(x, ARRAY[0.1, 0.75]) FROM (VALUES 1e0, 2e0, 10e0, 11e0) t(x)
SELECT CAST(x AS array(string)) FROM (VALUES NULL) t(x)
SELECT CAST(x AS row(a int64)) FROM (VALUES NULL) t(x)
SELECT CAST(x AS row(string, text)) FROM (VALUES NULL) t(x)
SELECT CAST(x AS map(varchar, row(a string))) FROM (VALUES NULL) t(x)
SELECT CAST(x AS array(row(n varchar, string varchar))) FROM (VALUES NULL) t(x)
SELECT CAST(x AS array(row(int64 varchar, text bigint))) FROM (VALUES NULL) t(x)
SELECT TRY_CAST(x AS string) FROM (VALUES NULL) t(x)
SELECT CAST(x AS array<varchar>) FROM (VALUES NULL) t(x)
SELECT CAST(x AS varchar array) FROM (VALUES NULL) t(x)
SELECT CAST(x AS decimal(10)) FROM (VALUES NULL) t(x)
SELECT CAST(x AS timestamp(3) with time zone) FROM (VALUES NULL) t(x)
SELECT CAST(x AS timestamp without time zone) FROM (VALUES NULL) t(x)
SELECT CAST(x AS unsigned) FROM (VALUES NULL) t(x)
SELECT CAST(x AS signed integer) FROM (VALUES NULL) t(x)
SELECT DOUBLE '1', DOUBLE '1.5', DOUBLE '1e5', DOUBLE ' 1 ', DOUBLE 'NaN', DOUBLE 'Infinity', DOUBLE '-Infinity', REAL '1.5', REAL '.5', REAL '5.'
SELECT DOUBLE '1d'
SELECT DOUBLE '1f', REAL '2f'
SELECT DOUBLE 'nan'
SELECT DOUBLE 'infinity'
SELECT DOUBLE '+Infinity'
SELECT REAL '1.2.3'
SELECT REAL ''
SELECT DOUBLE PRECISION '1.5'
SELECT DATE '2024-01-01' AT TIME ZONE 'UTC'
SELECT NULL AT TIME ZONE 'UTC'
SELECT 'abc' AT TIME ZONE 'UTC'
SELECT TIME '10:00:00' AT TIME ZONE 'UTC' IS NOT NULL
SELECT TIMESTAMP '2024-01-01 00:00:00Z', TIMESTAMP '2024-01-01 00:00:00 Z', TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-01 UTC', TIMESTAMP '2024-01-01 10:00', TIMESTAMP '2024-01-01 10:00 +01:00'
SELECT CAST('2024-01-01 10:00 +01:00' AS timestamp with time zone), CAST('2024-01-01' AS timestamp with time zone)
SELECT x, CAST(x AS timestamp with time zone) FROM (VALUES '2024-01-01 10:00:00 UTC', '2024-01-01 10:00:00.123') t(x)
SELECT TRY(CAST(x AS timestamp with time zone)) FROM (VALUES '2024-01-01T10:00:00Z', '2024-01-01T10:00:00') t(x)
SELECT TRY(CAST(x AS timestamp)) FROM (VALUES '2024-01-01T10:00:00Z', '2024-01-01T10:00:00', '2024-01-01 10:00:00 UTC', '2024-01-01 10:00:00+02:00') t(x)
SELECT from_iso8601_timestamp('2024-01-01T10:00:00Z'), from_iso8601_timestamp('2024-01-01T10:00'), from_iso8601_timestamp('2024-01-01')
SELECT TIMESTAMP '2024-01-01T00:00:00'
SELECT DECIMAL '123456789012345678901234567890123456789'
SELECT DECIMAL '0.123456789012345678901234567890123456789'
SELECT DECIMAL '1.', DECIMAL '.5', DECIMAL '-1.50', DECIMAL '+00012.3400'
SELECT DECIMAL 'a'
SELECT distinct(c) FROM (VALUES 1) t(c)
SELECT (c), ((c)), (t.c), (c) + 1 FROM (VALUES 1) t(c)
SELECT (SELECT 1), (SELECT x FROM (VALUES 1) t(x))
SELECT t.* AS (a, b) FROM (VALUES (1, 2)) t
SELECT * FROM (WITH t(k, v) AS (VALUES (1, 'a')) SELECT a.v, b.v FROM t a JOIN t b USING (k))
WITH t(k, v) AS (VALUES (1, 'a')) SELECT * FROM t JOIN t USING (k)
WITH t(k, v) AS (VALUES (1, 'a')) SELECT * FROM t, t
WITH t(k, v) AS (VALUES (1, 'a')) SELECT t.v FROM t JOIN t USING (k)
SELECT * FROM (VALUES 1) t(x) CROSS JOIN (VALUES 2) t(x)
SELECT * FROM (VALUES 1) t(x) CROSS JOIN (VALUES 2) t(y)
SELECT x, y FROM (VALUES 1) t(x) CROSS JOIN (VALUES 2) t(y)
SELECT x.c as x FROM (VALUES 1) x(c) ORDER BY x.c
SELECT x, count(*) FROM (VALUES 3, 1, 2, 2, 3) t(x) GROUP BY x ORDER BY x OFFSET 1 FETCH FIRST 1 ROW WITH TIES
SELECT x FROM (VALUES 3, 1, 2, 2, 3) t(x) ORDER BY x OFFSET 1 ROW FETCH FIRST 1 ROW WITH TIES
SELECT x FROM (VALUES 3, 1, 2, 2, 3) t(x) ORDER BY x OFFSET 10 ROWS FETCH FIRST 1 ROW WITH TIES
SELECT 1 FROM (VALUES 1) HAVING count(*) OVER () > 1
SELECT array_agg(a) OVER(ORDER BY a DESC GROUPS x PRECEDING) FROM (VALUES (1, 1), (2, null)) t(a, x)
SELECT array_agg(a) OVER(ORDER BY a ROWS x PRECEDING) FROM (VALUES (1, 1), (2, null)) t(a, x)
SELECT array_agg(a) OVER(ORDER BY a ROWS BETWEEN CURRENT ROW AND x FOLLOWING) FROM (VALUES (1, 1), (2, null)) t(a, x)
SELECT array_agg(a) OVER(ORDER BY a RANGE x PRECEDING) FROM (VALUES (1, 1), (2, null)) t(a, x)
SELECT array_agg(a) OVER(ORDER BY a RANGE BETWEEN 1 PRECEDING AND x FOLLOWING) FROM (VALUES (1, 1), (2, null)) t(a, x)
SELECT array_agg(a) OVER(ORDER BY a RANGE BETWEEN 1 PRECEDING AND x FOLLOWING) FROM (VALUES (1, 1), (2, -1)) t(a, x)
SELECT array_agg(a) OVER(ORDER BY a RANGE BETWEEN x PRECEDING AND CURRENT ROW) FROM (VALUES (DATE '2024-01-01', INTERVAL '1' DAY), (DATE '2024-01-02', NULL)) t(a, x)
SELECT sum(a) OVER(ORDER BY a ROWS BETWEEN CAST(NULL AS integer) PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2) t(a)
SELECT max(a) FROM (values (1,2)) t(a,b) GROUP BY b WINDOW w AS (ORDER BY a)
SELECT max(a) FROM (values (1,2)) t(a,b) GROUP BY b WINDOW w AS (PARTITION BY a)
SELECT max(a) FROM (values (1,2)) t(a,b) GROUP BY b WINDOW w AS (ORDER BY b)
SELECT rank() OVER w FROM (values (1,2)) t(a,b) GROUP BY b WINDOW w AS (ORDER BY a)
SELECT rank() OVER (ORDER BY a) FROM (values (1,2)) t(a,b) GROUP BY b
SELECT sum(a) OVER w FROM (VALUES 1) t(a) WINDOW w AS (ORDER BY nosuch)
SELECT a FROM (VALUES 1) t(a) WINDOW w AS (ORDER BY nosuch)
SELECT array_agg(x) OVER (ORDER BY x RANGE INTERVAL '1' day PRECEDING) FROM (VALUES INTERVAL '1' year) t(x)
SELECT abs(x ORDER BY y) FROM (VALUES (1, 2)) t(x, y)
SELECT count() IGNORE NULLS OVER ()
SELECT count() RESPECT NULLS OVER ()
SELECT sum(x) IGNORE NULLS OVER () FROM (VALUES 1) t(x)
SELECT lag(x) RESPECT NULLS OVER (ORDER BY x) FROM (VALUES 1) t(x)
SELECT row_number() IGNORE NULLS OVER () FROM (VALUES 1) t(x)
SELECT * FROM (VALUES array[2, 2]) a(x) LEFT JOIN UNNEST(x) b(x) USING (x)
SELECT * FROM (VALUES array[2, 2]) a(x) RIGHT OUTER JOIN LATERAL(VALUES x) ON true
SELECT * FROM (VALUES array[2, 2]) a(x) FULL OUTER JOIN LATERAL(VALUES x) ON true
SELECT * FROM (VALUES 1) a(x) FULL OUTER JOIN LATERAL(VALUES 2) b(x) USING (x)
SELECT a FROM (VALUES (1), (2)) t(a), UNNEST(ARRAY[COUNT(t.a)])
SELECT ROW(1, 'a')[x]
SELECT ROW(1, 'a')[9999999999]
SELECT ROW(1, 'a')[-1]
SELECT ROW(1, 2) <> ANY (VALUES (1, 2), (1, 3)), ROW(1, 2) <> ANY (VALUES (1, 2))
SELECT ROW(1, 2) < ALL (VALUES (1, 3), (2, 0)), ROW(1, 2) >= ANY (VALUES (1, 3), (2, 0))
SELECT ROW(1, 2) <= ANY (SELECT 1, 2 WHERE false), ROW(1, 2) < ALL (SELECT 1, 2 WHERE false)
SELECT ROW(1, 2) < ALL (VALUES (1, NULL))
SELECT x FROM (VALUES ROW(1, 2), ROW(3, 4)) t(x, y) WHERE ROW(x, y) = ALL (VALUES (1, 2))
SELECT x FROM (VALUES ROW(1, 2), ROW(3, 4)) t(x, y) WHERE (x, y) > ALL (VALUES (1, 2))
SELECT INTERVAL '12' YEAR TO DAY
SELECT INTERVAL '12' SECOND TO MINUTE
SELECT INTERVAL '12' DAY TO YEAR
SELECT DISTINCT a, a + b FROM (VALUES (1, 2)) t(a, b) ORDER BY a + b
SELECT DISTINCT a + b FROM (VALUES (1, 2)) t(a, b) ORDER BY a + b
SELECT DISTINCT a AS x, b FROM (VALUES (1, 2)) t(a, b) ORDER BY x + b
SELECT DISTINCT a AS x, b FROM (VALUES (1, 2)) t(a, b) ORDER BY a
SELECT DISTINCT t.a FROM (VALUES (1, 2)) t(a, b) ORDER BY a
SELECT DISTINCT upper(a) FROM (VALUES ('x', 2)) t(a, b) ORDER BY upper(a)
SELECT DISTINCT a, upper(a) FROM (VALUES ('x', 2)) t(a, b) ORDER BY upper(a)
SELECT DISTINCT a, upper(a) AS u FROM (VALUES ('x', 2)) t(a, b) ORDER BY upper(a)
SELECT DISTINCT a, upper(t.a) AS u FROM (VALUES ('x', 2)) t(a, b) ORDER BY upper(t.a)
SELECT CAST(ROW(1) AS ROW(f BIGINT)) AS x FROM (VALUES 1) t(a) ORDER BY x.f
SELECT (CAST(NULL AS row(a int, b int))).a
SELECT (1, 2).* , t.* FROM (VALUES 1) t(a)
SELECT CAST(TIMESTAMP '0000-01-01 00:00:00' AS varchar), CAST(DATE '0000-01-01' AS varchar), CAST(DATE '-0001-01-01' AS varchar)
SELECT CAST(ARRAY[json_extract('{"a":1}', '$.a')] AS json), CAST(ARRAY[json_array_get('[1,2]', 0)] AS json)
SELECT ROW(1, NULL) < ROW(2, 2), ROW(1, 2) < ROW(1, 3), ROW(1, 2) <= ROW(1, 2), ROW(1, 2) < ROW(1, 2), ROW(2, 2) > ROW(1, 5), ROW(1, 'a') >= ROW(1, 'b')
SELECT CAST(NULL AS row(a int, b int)) < ROW(1, 2)
SELECT r < q, r >= q FROM (VALUES (ROW(1, 'a'), ROW(1, 'b')), (NULL, ROW(1, 'x'))) t(r, q)
SELECT ROW(1, ROW(2, 3)) < ROW(1, ROW(2, 4)), ROW(ARRAY[1, 2], 1) < ROW(ARRAY[1, 3], 0)
SELECT ROW(nan(), 1) < ROW(nan(), 2), ROW(1e0, 1) < ROW(nan(), 2)
SELECT ARRAY[1, NULL] < ARRAY[2, 2], ARRAY[1] < ARRAY[1, NULL], ARRAY[1, 2] < ARRAY[1, 3], ARRAY[1, 2] >= ARRAY[1], ARRAY[] < ARRAY[1]
SELECT ARRAY[1, 2] BETWEEN ARRAY[1] AND ARRAY[3], ROW(1, 2) BETWEEN ROW(1, 1) AND ROW(1, 3), ROW(1, 2) NOT BETWEEN ROW(1, 1) AND ROW(1, 3)
SELECT x < y FROM (VALUES (ARRAY[1, 2], ARRAY[2]), (NULL, ARRAY[1]), (ARRAY[3] , NULL)) t(x, y)
SELECT ARRAY[ARRAY[1], ARRAY[2]] < ARRAY[ARRAY[1], ARRAY[3]]
SELECT ROW(1, 2) < ANY (VALUES (1, 3)), ROW(CAST('a' AS char(2)), 1) < ROW(CAST('b' AS char(2)), 1)
SELECT (1, 2) < (1, 3), (a, b) < (2, 2) FROM (VALUES (1, 5), (2, 1), (2, 2)) t(a, b)
SELECT a FROM (VALUES (1, 5), (2, 1), (2, 2), (NULL, 1)) t(a, b) WHERE (a, b) < (2, 2)
SELECT CAST(DATE '0000-01-01' AS varchar), CAST(DATE '-0001-01-01' AS varchar), CAST(DATE '2024-02-29' AS varchar), concat('a', CAST(d AS varchar)) FROM (VALUES DATE '1582-10-15', NULL) t(d)
SELECT DATE '0000-01-01', DATE '-0001-01-01', ARRAY[DATE '0000-01-01']
SELECT CAST(CAST(MAP(ARRAY[DATE '2024-01-01'], ARRAY[1]) AS map(varchar, integer)) AS json), format('%s', DATE '2024-01-01'), array_join(ARRAY[DATE '2024-01-01'], ',')
SELECT TIMESTAMP '2024-01-01 00:00:00' > DATE '2023-01-01', DATE '2024-01-01' BETWEEN DATE '2023-01-01' AND TIMESTAMP '2024-01-01 00:00:00'
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM t WHERE n < 6 ) SELECT * from t
WITH RECURSIVE t(n, m) AS ( SELECT * FROM (VALUES(1, 2), (4, 100)) UNION ALL SELECT n + 1, m - 1 FROM t WHERE n < 5 ) SELECT * from t
WITH RECURSIVE t(n, m, o) AS ( SELECT * FROM (VALUES(1, 2, ROW(3, 4)), (5, 6, ROW(7, 8))) UNION ALL SELECT t.o.*, ROW(10, 10) FROM t WHERE m < 3 ) SELECT * from t
WITH RECURSIVE a(x) AS (SELECT 1), b(y) AS ( SELECT x FROM a UNION ALL SELECT y + 1 FROM b WHERE y < 2 ), c(z) AS ( SELECT y FROM b UNION ALL SELECT z * 4 FROM c WHERE z < 4 ) SELECT * FROM a, b, c
WITH RECURSIVE t(n) AS ( SELECT CAST(n AS varchar) FROM (VALUES('a'), ('b')) AS T(n) UNION ALL SELECT n || 'x' FROM t WHERE n < 'axx' ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT BIGINT '1' UNION ALL SELECT CAST(n + 1 AS integer) FROM t WHERE n < 3 ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT CAST(1 AS decimal(20,10)) UNION ALL SELECT CAST(n + 1 AS decimal(10,0)) FROM t WHERE n < 2 ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT VARCHAR 'ABCDE' UNION ALL SELECT CAST(substr(n, 2) AS varchar(5)) FROM t WHERE n < 'E' ) SELECT * from t
WITH RECURSIVE t(n, m) AS ( SELECT BIGINT '1', INTEGER '2' UNION ALL SELECT CAST(n + 1 AS tinyint), CAST(m + 2 AS smallint) FROM t WHERE n < 3 ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM (SELECT 10) u RIGHT JOIN t ON true WHERE n < 6 ) SELECT * FROM t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM t LEFT JOIN (SELECT 10) u ON true WHERE n < 6 ) SELECT * FROM t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT * FROM t ) SELECT * FROM t
WITH RECURSIVE T(a, orig_a) AS (VALUES (1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (6, 3), (7, 5)), CTE(a, orig_a, base_id, root_a) AS( SELECT a, orig_a, 'base_entry', a FROM T WHERE orig_a = 0 UNION ALL SELECT T.a, T.orig_a, 'derived', CTE.root_a FROM T INNER JOIN CTE ON CTE.a = T.orig_a ) SELECT * FROM CTE
WITH RECURSIVE t(list) AS ( SELECT ARRAY[0] UNION ALL SELECT list || 0 FROM t WHERE any_match(list, x -> x = x) AND cardinality(list) < 4) SELECT * FROM t
WITH RECURSIVE t(list, a) AS ( SELECT ARRAY[0], 1 UNION ALL SELECT list || a, a + 1 FROM t WHERE all_match(list, x -> x < a) AND cardinality(list) < 4) SELECT list FROM t
WITH RECURSIVE a(w, x, y, z) AS (SELECT * FROM t1), a(a, b, c, d) AS (SELECT * FROM t1)SELECT * FROM a
WITH RECURSIVE a(w, x, y, z) AS (SELECT * FROM t1), A(a, b, c, d) AS (SELECT * FROM t1)SELECT * FROM a
WITH RECURSIVE a(x) AS (SELECT 1), b(y) AS ( SELECT x FROM a UNION ALL SELECT y + 1 FROM b WHERE y < 3), c(z) AS ( SELECT y FROM b UNION ALL SELECT z - 1 FROM c WHERE z > 0)SELECT * FROM a, b, c
WITH RECURSIVE a(x) AS (SELECT * FROM t1)SELECT * FROM a
WITH RECURSIVE a(x, y, z, x) AS (SELECT * FROM t1)SELECT * FROM a
WITH RECURSIVE a AS (SELECT * FROM t1)SELECT * FROM a
WITH RECURSIVE t(n, m) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM t WHERE n < 6 ) SELECT * from t
WITH RECURSIVE t AS ( SELECT 1, 2 UNION ALL SELECT n + 2, m - 2 FROM t WHERE n < 6 ) SELECT * from t
WITH RECURSIVE t(n, m) AS ( SELECT * FROM (VALUES(1, 2), (4, 100)) AS t(n, m) UNION ALL SELECT n + 1, m - 1 FROM t WHERE n < 5 ) SELECT * from t
WITH RECURSIVE t(n, m) AS ( SELECT * FROM (VALUES(1, 2), (4, 100)) AS t1(x1, y1) UNION ALL SELECT n + 1, m - 1 FROM t WHERE n < 5 ) SELECT * from t
WITH RECURSIVE t(n, m) AS ( SELECT * FROM (VALUES(1, 2), (4, 100)) AS t(m, n) UNION ALL SELECT n + 1, m - 1 FROM t WHERE n < 5 ) SELECT * from t
WITH t(n) AS ( SELECT * FROM (WITH RECURSIVE t2(m) AS (SELECT 1) SELECT m FROM t2) ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT * FROM (WITH t2(m) AS (SELECT 1) SELECT m FROM t2) ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL (((SELECT n + 2 FROM t WHERE n < 6))) ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT a.n + 2 FROM t AS a, t AS b WHERE n < 6 ) SELECT * from t
WITH RECURSIVE t(n) AS ( WITH t2(m) AS (SELECT 1) SELECT 1 UNION ALL SELECT n + 2 FROM t WHERE n < 6 ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM t WHERE n < 6 ORDER BY 1 ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM t WHERE n < 6 OFFSET 1 ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM t WHERE n < 6 LIMIT 1 ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM t WHERE n < 6 FETCH FIRST 1 ROW ONLY ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM (SELECT 10) u LEFT JOIN t ON true WHERE n < 6 ) SELECT * FROM t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM t RIGHT JOIN (SELECT 10) u ON true WHERE n < 6 ) SELECT * FROM t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT n + 2 FROM t FULL JOIN (SELECT 10) u ON true WHERE n < 6 ) SELECT * FROM t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT * FROM (WITH t(m) AS (SELECT 4) SELECT n + 1 FROM t) ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT 1 UNION ALL SELECT BIGINT '9' FROM t WHERE n < 7 ) SELECT * from t
WITH RECURSIVE t(n, m, p) AS ( SELECT * FROM (VALUES(1, 2, 3)) UNION ALL SELECT n + 1, BIGINT '9', BIGINT '9' FROM t WHERE n < 7 ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT DECIMAL '1' UNION ALL SELECT n * 0.9 FROM t WHERE n > 0.7 ) SELECT * from t
WITH RECURSIVE t(n) AS ( SELECT * FROM (VALUES('a'), ('b')) AS t(n) UNION ALL SELECT n || 'x' FROM t WHERE n < 'axxxx' ) SELECT * from t
SELECT CAST(x AS CHARACTER) FROM (VALUES NULL) t(x)
SELECT CAST(x AS CLOB) FROM (VALUES NULL) t(x)
SELECT CAST(x AS DATETIME) FROM (VALUES NULL) t(x)
SELECT CAST(x AS DEC) FROM (VALUES NULL) t(x)
SELECT CAST(x AS DOUBLE) FROM (VALUES NULL) t(x)
SELECT CAST(x AS INT64) FROM (VALUES NULL) t(x)
SELECT CAST(x AS LONG) FROM (VALUES NULL) t(x)
SELECT CAST(x AS NUMBER) FROM (VALUES NULL) t(x)
SELECT CAST(x AS NUMERIC) FROM (VALUES NULL) t(x)
SELECT CAST(x AS REAL) FROM (VALUES NULL) t(x)
SELECT CAST(x AS STR) FROM (VALUES NULL) t(x)
SELECT CAST(x AS TIMESTAMPTZ) FROM (VALUES NULL) t(x)
SELECT CAST(x AS UNKNOWN) FROM (VALUES NULL) t(x)
SELECT CAST(x AS UUID) FROM (VALUES NULL) t(x)
SELECT count(*) FROM (VALUES 1, 2, 3) t(x) LIMIT 5, 10
SELECT x FROM (VALUES 1, 2, 3) t(x) ORDER BY x LIMIT 1,1
SELECT x -> 'a' FROM (VALUES '{}') t(x)
SELECT x->'a' FROM (VALUES '{}') t(x) WHERE x->'a' = '1'
SELECT t.*, count(*) FROM (VALUES (1, 2)) t(a, b)
SELECT *, count(*) FROM (VALUES (1, 2)) t(a, b)
SELECT t.*, count(*) FROM (VALUES (1, 2)) t(a, b) GROUP BY a
SELECT t.*, count(*) FROM (VALUES (1, 2)) t(a, b) GROUP BY a, b
SELECT *, max(c) FROM (SELECT 1 AS a, 2 AS c) GROUP BY a
SELECT * FROM (VALUES 1, 2) t(x) HAVING count(*) > 1
SELECT x FROM (VALUES 1, 'a') t(x)
SELECT x FROM (VALUES (1, 2), (1)) t(x, y)
SELECT x FROM ( VALUES (1, 2), (1, 'a')) t(x, y)
VALUES (1, 2), (1, 'a')
SELECT * FROM (VALUES (1, 2), (3, 4, 5))
WITH t(x) AS (VALUES 1, 'a') SELECT * FROM t
SELECT 1 WHERE 1 IN (VALUES 1, 'a')
SELECT * FROM (SELECT * FROM (VALUES 1, 'a'))
SELECT ARRAY[1, 2][1] FROM (VALUES (1, 2), (1, DATE '2024-01-01')) t(x, y) JOIN (VALUES 1) u(z) ON true
SELECT 1 LIMIT 1
SELECT x FROM (VALUES 1, 2) t(x) ORDER BY x LIMIT 1
SELECT 'LIMIT 5, 10'
SELECT a, c FROM (SELECT 1 AS a, 2 AS c) GROUP BY a
SELECT a, c + 1, max(c) FROM (SELECT 1 AS a, 2 AS c) GROUP BY a
SELECT a, c FROM (SELECT 1 AS a, 2 AS c), (SELECT 3 AS d) GROUP BY a, d
SELECT a, (SELECT max(x) FROM (VALUES 1) t(x) WHERE x = a) FROM (SELECT 1 AS a, 2 AS c) GROUP BY a
SELECT max(a) FROM (SELECT 1 AS a, 2 AS c) HAVING c > 1
SELECT a FROM (SELECT 1 AS a, 2 AS c) GROUP BY a ORDER BY c
SELECT count(*) AS n, k FROM (SELECT x AS k FROM (VALUES 1, 2) t(x)) GROUP BY k ORDER BY k
SELECT x, y FROM (SELECT 1 AS x) CROSS JOIN UNNEST(ARRAY[1, 2]) t(y) GROUP BY x
SELECT t.* FROM (VALUES 0, 1) t(a), LATERAL (SELECT t.*) t
SELECT t.* FROM (VALUES 1) t(a) CROSS JOIN (VALUES 2) t(b)
SELECT t.* FROM (VALUES 1) t(a) CROSS JOIN (VALUES 2) u(b)
SELECT t.a, t.b FROM (VALUES 1) t(a) CROSS JOIN (VALUES 2) t(b)
SELECT t.*, u.* FROM (VALUES (1, 2)) t(a, b) JOIN (VALUES (1, 3)) u(a, c) USING (a)
