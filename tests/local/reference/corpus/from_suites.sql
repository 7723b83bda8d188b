-- what Trino's own suites found: LIKE, TRIM and char, times, rows from sub-queries, aggregates in an order, lateral joins
SELECT '_monkey_' NOT LIKE 'X_monkeyX_' ESCAPE 'X', 'a%' NOT LIKE 'a#%' ESCAPE '#', NOT 'a%' LIKE 'a#%' ESCAPE '#', 'ab' NOT LIKE 'a#%' ESCAPE '#'
SELECT x FROM (VALUES 'a_b', 'axb', NULL) t(x) WHERE x NOT LIKE 'a!_b' ESCAPE '!'
SELECT CAST('foo' AS char(6)) LIKE 'foo', CAST('foo' AS char(6)) LIKE 'foo   ', CAST('foo' AS char(6)) LIKE 'fo_', CAST('foob' AS char(6)) LIKE 'f%b__', CAST('foo' AS char(6)) NOT LIKE 'foo', 'foo ' LIKE CAST('foo' AS char(4))
SELECT x LIKE 'a%' ESCAPE '#', x LIKE 'a  ' ESCAPE '#', x LIKE 'a' ESCAPE '#' FROM (VALUES CAST('a' AS char(3))) t(x)
SELECT regexp_like('ala', CHAR 'ala  '), regexp_like(CHAR 'ala  ', 'ala$'), regexp_like(CHAR 'ala  ', 'ala  '), regexp_replace(CHAR 'a ', 'a')
SELECT ltrim('  hello  ', CHAR ' '), rtrim(CAST('abc def' AS char(7)), 'def'), trim(CAST(' abc ' AS char(7))), trim(LEADING CHAR ' ' FROM '  hello  '), rtrim(CHAR 'ab  '), trim(BOTH 'a' FROM CAST('a b a' AS char(8))), ltrim(CAST('  a ' AS char(6)))
SELECT length(ltrim(chr(8232) || ' x')), length(rtrim('x' || chr(8232))), length(trim(chr(12288) || 'x' || chr(9))), length(ltrim(chr(160) || 'x'))
SELECT approx_most_frequent(2, x, 15) FROM (VALUES 1, 2, 1, 3, 1, 2, 3, 4, 5) t(x)
SELECT approx_most_frequent(2, x, 15) FROM (VALUES 'A', 'B', 'A', 'C', 'A', 'B', 'C', 'D', 'E') t(x)
SELECT TIME '12:34:56.9999' - TIME '12:34:55.1111', TIME '12:34:55.1111' - TIME '12:34:56.9999', TIMESTAMP '2020-05-01 12:34:56.999999' - TIMESTAMP '2020-05-01 12:34:55.111111', TIMESTAMP '2020-05-01 12:34:56.1111 UTC' - TIMESTAMP '2020-05-01 12:34:55.9999 UTC', TIME '00:00:00.0005' - TIME '00:00:00', TIME '00:00:00' - TIME '00:00:00.0005'
SELECT CAST(CAST(TIME '12:34:56.15' AS timestamp(0)) AS time), CAST(CAST(TIME '12:34:56.1567' AS timestamp(1)) AS time), CAST(CAST(TIME '12:34:56.1567' AS timestamp) AS time), CAST(CAST(TIME '12:34:56' AS timestamp with time zone) AS time), CAST(CAST(TIME '12:34:56.987' AS timestamp(0) with time zone) AS time)
SELECT typeof(current_timestamp(0)), length(CAST(current_timestamp(0) AS varchar)), length(CAST(current_timestamp(1) AS varchar)), length(CAST(localtimestamp(0) AS varchar)), millisecond(current_timestamp(0)), millisecond(localtimestamp(1)) % 100, millisecond(localtimestamp(0))
SELECT parse_data_size('6917529027641081856EB'), parse_data_size('69175290276410818560EB'), parse_data_size('1.5kB'), parse_data_size('0.1B')
SELECT format_number(-9223372036854775808), format_number(-12345), format_number(-999999), format_number(12345), format_number(-123456789.0)
SELECT json_value('["a"]', 'lax 1' DEFAULT null ON EMPTY DEFAULT null ON ERROR), json_value('["a"]', 'lax 1 + $[0]' DEFAULT NULL ON ERROR)
SELECT json_query('["a"]', 'lax $' RETURNING varchar FORMAT JSON ENCODING UTF8)
SELECT json_exists('["a", "b"]', 'lax $var' PASSING null FORMAT JSON AS "var")
SELECT lag(x, 2) OVER () FROM (VALUES 1, 2) t(x)
SELECT lead(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 2) t(x)
SELECT x, lag(x) OVER w FROM (VALUES 1, 2) t(x) WINDOW w AS (ORDER BY x DESC) ORDER BY x
SELECT array_agg(x ORDER BY x) OVER (PARTITION BY x) FROM (VALUES 1, 2) t(x)
SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) OVER (PARTITION BY x) FROM (VALUES 'a') t(x)
SELECT transform(ARRAY[1], y -> max(x)) FROM (VALUES 10) t(x)
SELECT transform(ARRAY[1], y -> row_number() OVER ()) FROM (VALUES 10) t(x)
SELECT array_agg(x ORDER BY x) FROM (VALUES MAP(ARRAY['a'], ARRAY['b'])) t(x)
SELECT count(DISTINCT x) FROM (SELECT approx_set(1) x)
SELECT corr(DISTINCT x, y), covar_pop(DISTINCT x, y), regr_slope(DISTINCT x, y) FROM (VALUES (1, 1), (2, 2), (2, 2), (3, 3)) t(x, y)
SELECT map_agg(DISTINCT x, y) FROM (VALUES (1, 1), (2, 2), (2, 2), (3, 3)) t(x, y)
SELECT multimap_agg(x, y ORDER BY z) FROM (VALUES (1, 2, 2), (1, 5, 5), (2, 1, 5), (3, 4, 4), (2, 5, 1), (1, 1, 1)) t(x, y, z)
SELECT map_agg(x, y ORDER BY z), map_agg(x, y ORDER BY z DESC) FROM (VALUES (1, 2, 2), (1, 5, 5), (1, 1, 1)) t(x, y, z)
SELECT max_by(x, y ORDER BY z), sum(x ORDER BY z), avg(x ORDER BY z), count_if(x > 1 ORDER BY z) FROM (VALUES (1, 2, 2), (1, 5, 5), (2, 1, 1)) t(x, y, z)
SELECT array_agg(a) OVER (ORDER BY a GROUPS BETWEEN DECIMAL '1' PRECEDING AND DECIMAL '2' FOLLOWING) FROM (VALUES 3, 3, 3, 2, 2, 1) t(a)
SELECT array_agg(a) OVER (ORDER BY a ROWS BETWEEN DECIMAL '1' PRECEDING AND DECIMAL '2.0' FOLLOWING) FROM (VALUES 3, 3, 3, 2, 2, 1) t(a)
SELECT (SELECT 'a' AS x, 1 AS y), (SELECT 1, 2), (SELECT t.* FROM (VALUES 1)) FROM (SELECT 1, 'a') t(a, b)
SELECT (SELECT 1 AS a, 2 AS b WHERE false), (SELECT 1 AS a WHERE false), (SELECT 1 AS a, 2 AS b WHERE false) IS NULL
VALUES CAST(ROW(1, 'a') AS row(x integer, y varchar)), ROW(2, 'b'), (3, 'c')
SELECT * FROM (VALUES CAST(ROW(1, 'a') AS row(x integer, y varchar))) t
SELECT r.x FROM (VALUES ROW(CAST(ROW(1, 'a') AS row(x integer, y varchar)))) t(r)
SELECT ROW(1) IN (SELECT 1), ROW(1) IN (VALUES ROW(1)), ROW(0) IN (VALUES ROW(1), ROW(NULL)), ROW(1) = ALL (SELECT 1), ROW(2) > ALL (VALUES ROW(0), ROW(1)), ROW(1) <> ANY (SELECT 1)
SELECT ROW(1, 2) IN (SELECT 1, 2), (1, 2) IN (VALUES (1, 2), (3, 4)), (1, 2) IN (VALUES (1, NULL)), (1, NULL) IN (VALUES (2, 3)), ROW(1, 2) = ALL (SELECT 1, 2)
SELECT * FROM (VALUES 1) t1(a) JOIN (VALUES 2) t2(b) ON a < b, LATERAL (VALUES 3)
SELECT * FROM (VALUES 1, 2) t(a), LATERAL (VALUES a + 10) u(b)
SELECT * FROM (SELECT 1 FROM (VALUES 1) WHERE rand() = 5) t(a) FULL JOIN LATERAL (SELECT * FROM (VALUES 2, null)) t2(b) ON TRUE
SELECT b FROM (SELECT 1 FROM (VALUES 1) WHERE rand() = 5) t(a) RIGHT JOIN LATERAL (SELECT * FROM (VALUES 2, 3)) t2(b) ON TRUE
SELECT a FROM (SELECT 1 where 0 = 1) t(a) RIGHT JOIN LATERAL (VALUES 2) t2(b) ON true
SELECT * FROM (VALUES 1) t(a) FULL JOIN LATERAL (SELECT 1 WHERE false) t2(b) ON true
SELECT * FROM (VALUES 1, 5) t(a) RIGHT JOIN LATERAL (SELECT * FROM (VALUES 2, 3)) t2(b) ON a < b
SELECT (SELECT t.* FROM (SELECT 'a', 'b')) FROM (VALUES 1, 2) t(a)
SELECT (SELECT t.* FROM (VALUES 0) LIMIT 5) FROM (VALUES 1, 2) t(a)
SELECT (SELECT x FROM (VALUES 1) LEFT JOIN UNNEST(a) u(x) ON TRUE) FROM (VALUES ARRAY[1], ARRAY[], null) t(a)
SELECT b FROM (VALUES ARRAY[1, 2, 3], null, ARRAY[4], ARRAY[]) t(a) LEFT JOIN LATERAL (SELECT count(x) FROM (SELECT x FROM (VALUES 1) LEFT JOIN UNNEST(a) u(x) ON TRUE)) t2(b) ON TRUE
SELECT * FROM (VALUES ARRAY[1, 2], ARRAY[], null) t(a) LEFT JOIN LATERAL (SELECT x IS NULL FROM (VALUES 1) LEFT JOIN UNNEST(a) u(x) ON TRUE) ON TRUE
SELECT * FROM (VALUES ARRAY[1, null]) a(x) INNER JOIN UNNEST(x) b(y) ON b.y = 1
SELECT c, r.a FROM (VALUES CAST(ROW(ROW(1, 2)) AS row(r row(a integer, b integer)))) t(r) JOIN (VALUES 1) u(c) ON c = r.a
SELECT approx_percentile(x, p), approx_percentile(x, ARRAY[p, 0.9e0]) FROM (VALUES (1, 0.5e0), (2, 0.5e0), (3, 0.5e0)) t(x, p)
SELECT round(2147483647, -100), round(BIGINT '5', -30)
SELECT round(BIGINT '-9223372036854775807', -20)
SELECT round(123.456e0, -400), round(x, -400), round(x, 400) FROM (VALUES 123.456e0) t(x)
SELECT split('a.b.c', '.', 2147483648)
SELECT split_to_multimap('', 'x', 'x')
SELECT contains('0.0.0.1/0', IPADDRESS '0.0.0.0')
SELECT contains('10.0.0.0/8', IPADDRESS '10.1.2.3'), contains('::ffff:0:0/96', IPADDRESS '10.1.2.3'), contains('::/0', IPADDRESS '10.1.2.3'), contains('0:0:0:0:0:ffff:aabb:ccdd/96', IPADDRESS '170.187.204.221'), contains('2001:db8::1/32', IPADDRESS '2001:db8::5')
-- NaN and rows in lists and sub-queries
SELECT ROW(0) IN (VALUES ROW(1), ROW(NULL))
SELECT ROW(1) IN (SELECT 1), ROW(1) IN (VALUES ROW(1))
SELECT ROW(1) = ALL (SELECT 1), ROW(2) > ALL (VALUES ROW(0), ROW(1)), ROW(1) <> ANY (SELECT 1)
SELECT 0 IN (VALUES 1, NULL), 0 IN (SELECT x FROM (VALUES 1, NULL) t(x))
SELECT 2 > ALL (VALUES 0, 1), 1 <> ANY (SELECT 1), 1 <> ANY (VALUES 1), 1 = ANY (VALUES 2), 1 <> ALL (VALUES 1), 1 <> ALL (VALUES 2)
SELECT x <> ANY (VALUES 1, 2), x <> ALL (VALUES 1, 2), x = ALL (VALUES 1, 1), NOT x = ANY (VALUES 1) FROM (VALUES 1, 2, 3) t(x)
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x <> ANY (SELECT 1)
SELECT nan() IN (nan(), NULL), nan() IN (1e0, NULL), 1e0 IN (nan(), NULL), nan() IN (nan()), nan() NOT IN (nan(), 1e0)
SELECT x, x IN (nan(), 1e0), x IN (nan(), NULL), x NOT IN (nan(), 1e0), x IN (x, 2e0) FROM (VALUES nan(), 1e0, NULL) t(x)
SELECT x IN (SELECT y FROM (VALUES nan(), 1e0) s(y)), x NOT IN (SELECT y FROM (VALUES nan()) s(y)) FROM (VALUES nan(), 1e0) t(x)
SELECT x = ANY (VALUES nan(), 1e0), x <> ALL (VALUES nan(), 1e0) FROM (VALUES nan(), 1e0) t(x)
SELECT count(*) FROM (VALUES nan(), 1e0) a(x) LEFT JOIN (VALUES nan(), 1e0) b(x) USING (x)
SELECT element_at(map(ARRAY[nan()], ARRAY[1]), nan()), element_at(map(ARRAY[nan(), 1e0], ARRAY[1, 2]), 1e0)
SELECT map(ARRAY[nan(), nan()], ARRAY[1, 2])
SELECT DISTINCT x FROM (VALUES nan(), nan(), 1e0) t(x)
SELECT x, count(*) FROM (VALUES nan(), nan(), 1e0) t(x) GROUP BY x
SELECT CASE x WHEN nan() THEN 1 WHEN 1e0 THEN 2 ELSE 3 END FROM (VALUES nan(), 1e0) t(x)
SELECT a.x FROM (VALUES nan()) a(x) WHERE EXISTS (SELECT 1 FROM (VALUES nan()) b(x) WHERE a.x = b.x)
SELECT x FROM (VALUES nan(), 1e0) t(x) INTERSECT SELECT y FROM (VALUES nan()) s(y)
SELECT 1 IN (VALUES 'a')
SELECT 1 IN (VALUES (1, 2))
SELECT x, x IN (VALUES x) FROM (VALUES 1, 2) t(x)
SELECT x, x IN (VALUES x, 2) FROM (VALUES 1, 2) t(x)
SELECT (VALUES true) IN (VALUES 1)
SELECT (1, 'a') IN (VALUES (1, 'a'), (2, 'b')), (1, 'a') NOT IN (VALUES (2, 'b'))
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x NOT IN (VALUES 1, 3)
SELECT BIGINT '1' IN (VALUES 1, 2), 1.0 IN (VALUES 1), DECIMAL '1.0' IN (VALUES 1)
-- NaN among the greatest, sub-queries in GROUP BY
SELECT min(x, 2), max(x, 2) FROM (VALUES nan(), 5.5e0, 3.3e0, 4.4e0) t(x)
SELECT max(x, 3), max(x, 1), max(REAL '1', 2) FROM (VALUES 8.8e0, nan(), NULL) t(x)
SELECT max(x, 2) FROM (VALUES CAST(NULL AS double)) t(x)
SELECT k, max(x, 2), max(x, 2) FILTER (WHERE x > 2) FROM (VALUES (1, nan()), (1, 2e0), (1, 3e0), (2, 1e0), (3, nan())) t(k, x) GROUP BY k ORDER BY k
SELECT min_by(x, y), max_by(x, y) FROM (VALUES ('a', nan()), ('b', 5.5e0), ('c', 3.3e0), ('d', NULL)) t(x, y)
SELECT max_by(x, y), max_by(x, y) FILTER (WHERE y < 1), max_by(x, CAST(y AS real)) FROM (VALUES ('a', nan()), (NULL, 5.5e0)) t(x, y)
SELECT x, max_by(x, y) OVER (ORDER BY x) FROM (VALUES ('a', nan()), ('b', 5.5e0), ('c', 3.3e0)) t(x, y) ORDER BY x
SELECT max_by(x, y) FROM (VALUES ('a', nan()), ('b', nan())) t(x, y) WHERE x = 'b'
SELECT k, min(x) FROM (VALUES (1, 10), (2, 20), (1, 3)) t(k, x) GROUP BY k, EXISTS (SELECT x FROM (VALUES 1, 5) s(x) WHERE x < 4) ORDER BY k
SELECT k, count(*) FROM (VALUES (1, 10), (2, 20)) t(k, x) GROUP BY k, (SELECT max(x) FROM (VALUES 1, 5) s(x)) ORDER BY k
SELECT count(*) FROM (VALUES ARRAY[1, 2], ARRAY[3]) t(a) GROUP BY transform(a, x -> x + 1) ORDER BY 1
SELECT * FROM VALUES (1, 2), (2, 1)
SELECT * FROM (VALUES 1) a JOIN VALUES (1) b ON true
SELECT x FROM (VALUES (1, 2)) t(x, y) WHERE x IS DISTINCT FROM (VALUES 2)
SELECT x FROM (VALUES 1, 2, 3) t(x) ORDER BY x IN (SELECT x FROM (VALUES 2, 3) s(x) WHERE x > 2) DESC, x
SELECT x AS y FROM (VALUES 1, 2, 3) t(x) ORDER BY EXISTS (SELECT y FROM (VALUES 7) s(y) WHERE y = 7), y DESC
