SELECT ltrim(CAST('  ab ' AS char(6)))
SELECT rtrim(CAST('  ab ' AS char(6)))
SELECT trim(CAST('  ab ' AS char(6)))
SELECT length(ltrim(CAST('  ab ' AS char(6))))
SELECT length(rtrim(CAST('  ab ' AS char(6)))), length(trim(CAST('  ab ' AS char(6))))
SELECT trim(LEADING FROM CAST('  ab ' AS char(6)))
SELECT trim(BOTH 'a' FROM CAST('aba' AS char(6)))
SELECT ltrim(CAST('xxab' AS char(6)), 'x')
SELECT upper(CAST('ab' AS char(6))), lower(CAST('AB' AS char(6)))
SELECT concat(CAST('ab' AS char(4)), CAST('c' AS char(2)))
SELECT CAST('ab' AS char(4)) || 'x'
SELECT substr(CAST('abc' AS char(6)), 2)
SELECT reverse(CAST('abc' AS char(6)))
SELECT replace(CAST('abc' AS char(6)), 'b', 'x')
SELECT CAST('a' AS char(3)) > CAST('a' AS char(2)), CAST('a' AS char(3)) >= CAST('a' AS char(2)), CAST('a' AS char(3)) <= CAST('a' AS char(2))
SELECT CAST('a' AS char(3)) > 'a', CAST('a' AS char(3)) >= 'a  ', 'a' >= CAST('a' AS char(3)), 'a' = CAST('a' AS char(3))
SELECT CAST('a' AS char(2)) > CAST('a' || chr(1) AS char(2))
SELECT greatest(CAST('a' AS char(3)), CAST('b' AS char(3)))
SELECT max(x), min(x) FROM (VALUES CAST('a' AS char(3)), CAST('b' AS char(3))) t(x)
SELECT CAST('a' AS char(3)) BETWEEN 'a' AND 'b', CAST('a' AS char(3)) IN ('a', 'b')
SELECT CAST(REAL '1.1' AS decimal(30,20)), CAST(REAL '123456.789' AS decimal(38,10)), CAST(REAL '1e20' AS decimal(38,2))
SELECT CAST(REAL '1.1' AS decimal(10,5)), CAST(REAL '16777217' AS decimal(20,2))
SELECT CAST(1.1e0 AS decimal(30,20)), CAST(123456.789e0 AS decimal(38,10))
SELECT array_remove(ARRAY[nan(), 1e0], nan())
SELECT array_position(ARRAY[nan(), 1e0], nan())
SELECT contains(ARRAY[nan()], nan())
SELECT array_distinct(ARRAY[nan(), nan(), 1e0]), array_union(ARRAY[nan()], ARRAY[nan()]), array_intersect(ARRAY[nan()], ARRAY[nan()]), array_except(ARRAY[nan()], ARRAY[nan()])
SELECT json_array_contains('[1,2', 2)
SELECT json_array_contains('[1,', 2)
SELECT json_array_contains('[1', 2)
SELECT json_array_contains('[2,x', 2)
SELECT json_array_contains('[x', 2)
SELECT json_array_contains('[1,[2],{"a":2}', 2)
SELECT json_array_contains('[1] x', 1)
SELECT json_array_contains('1', 1)
SELECT json_array_contains('{"a": 1', 1)
SELECT json_array_contains('["a"', 'a')
SELECT json_array_contains('["a", true', true)
SELECT json_array_contains('[1.5', 1.5e0)
SELECT json_array_contains('', 1)
SELECT NULL || ARRAY[1]
SELECT ARRAY[ARRAY[1]] || NULL
SELECT CAST(' 1.5' AS decimal(3,1)), CAST('1.5 ' AS decimal(3,1))
SELECT CAST(' 1' AS integer), CAST('1 ' AS bigint), CAST(' 1.5' AS double), CAST('1.5 ' AS real)
SELECT ARRAY[1, NULL] < ARRAY[2, 2]
SELECT ARRAY[1, NULL] = ARRAY[1, 2]
SELECT ARRAY[1, NULL] = ARRAY[2, 2]
SELECT ROW(1, NULL) < ROW(1, 2)
SELECT ROW(1, NULL) < ROW(2, 2)
SELECT ARRAY[1, 2] BETWEEN ARRAY[1, NULL] AND ARRAY[3]
SELECT X'6 1'
SELECT round(2147483647, -1)
SELECT round(2147483647, -9), round(2147483647, -10), round(1234, -2), round(1250, -2), round(-1250, -2)
SELECT round(9223372036854775807, -1)
SELECT round(TINYINT '127', -1)
SELECT round(123.456e0, -5), round(123.456e0, 20), round(123.456e0, -400), round(1e300, 10)
SELECT round(DECIMAL '123.45', -2), round(DECIMAL '123.45', 1), round(DECIMAL '999.9', 0), round(DECIMAL '55', -2)
SELECT truncate(DECIMAL '123.45', 1), truncate(-1.9e0), truncate(12345, -2)
SELECT CAST('a' AS char(3)) BETWEEN CAST('a' AS char(2)) AND 'b'
SELECT x FROM (VALUES CAST('b' AS char(3)), CAST('a' || chr(1) AS char(3)), CAST('a' AS char(3))) t(x) ORDER BY x
SELECT concat(ARRAY[1], NULL)
SELECT count(*) FROM (VALUES 1) t(x) GROUP BY ALL
SELECT x - 1 FROM (VALUES -2147483648) t(x)
SELECT -x FROM (VALUES -2147483648) t(x)
SELECT abs(x) FROM (VALUES -2147483648) t(x)
SELECT -9223372036854775808 - 1
SELECT -(-9223372036854775808)
SELECT abs(-9223372036854775808)
SELECT -CAST(-128 AS tinyint)
SELECT array_agg(DISTINCT x ORDER BY x DESC) FROM (VALUES ('a', 2), ('b', 1)) t(x, y)
SELECT array_agg(DISTINCT x ORDER BY upper(x)) FROM (VALUES ('a', 2), ('b', 1)) t(x, y)
SELECT CAST(123456e0 AS decimal(5,2))
SELECT CAST('1e40' AS decimal(38,0))
SELECT CAST('123456' AS decimal(5,2))
SELECT CAST('abc' AS decimal(5,2))
SELECT CAST('' AS decimal(5,2))
SELECT CAST('1e2' AS decimal(5,2)), CAST('+1.5' AS decimal(5,2)), CAST('.5' AS decimal(5,2)), CAST('1.' AS decimal(5,2)), CAST('1E-1' AS decimal(5,2)), CAST('1.005' AS decimal(5,2)), CAST('-0' AS decimal(5,2))
SELECT CAST('1_000' AS decimal(5,2))
SELECT TRY_CAST('x' AS decimal(5,2)), TRY(CAST('x' AS decimal(5,2)))
SELECT CAST(x AS decimal(5,2)) FROM (VALUES '1', '2.5') t(x)
SELECT CAST(REAL '1.1' AS decimal(18,17)), CAST(REAL '0.1' AS decimal(18,10)), CAST(REAL '0.1' AS decimal(19,10))
SELECT CAST(REAL '123.456' AS decimal(18,3)), CAST(-REAL '0.3' AS decimal(38,20))
SELECT CAST(nan() AS decimal(38,1))
SELECT CAST(CAST(nan() AS real) AS decimal(38,1))
SELECT CAST(REAL '1e38' AS decimal(38,0))
SELECT contains(ARRAY[1e0, NULL], nan()), contains(NULL, nan()), contains(ARRAY[1e0, nan()], 1e0), array_position(ARRAY[nan(), 2e0], 2e0), array_remove(ARRAY[1e0, nan(), 2e0], 2e0)
SELECT array_position(ARRAY[CAST(nan() AS real)], CAST(nan() AS real)), contains(ARRAY[REAL '1'], REAL '1')
SELECT nan() IN (nan()), nan() = nan(), nan() IN (SELECT nan())
SELECT array_distinct(ARRAY[nan(), nan(), 1e0]), array_union(ARRAY[nan()], ARRAY[nan()])
SELECT json_array_contains('[ 1 , "a" ]', 'a'), json_array_contains(' [ ]', 1), json_array_contains('[]', 1), json_array_contains('[1,]', 1), json_array_contains('[1,]', 2), json_array_contains('[,1]', 1), json_array_contains('[1 2]', 2)
SELECT json_array_contains('[null]', 1), json_array_contains('[[1]]', 1), json_array_contains('[1.0]', 1), json_array_contains('[1]', 1e0), json_array_contains('[1e0]', 1e0), json_array_contains('["1"]', 1)
SELECT trim(CAST('  a ' AS char(5))) = 'a', rtrim(CAST('axx' AS char(5)), 'x'), trim(CAST('xax' AS char(5)), 'x')
SELECT X'', X'6 1 6 1', X'zz'
SELECT round(x, -400) FROM (VALUES 123.456e0) t(x)
SELECT NULL + INTERVAL '7' HOUR
SELECT NULL + 1, NULL - 1, 1 - NULL, NULL % 2
SELECT NULL + 1e0
SELECT NULL / 2
SELECT NULL * 2e0
SELECT 2e0 * NULL
SELECT 2e0 / NULL, 2 / NULL
SELECT NULL * INTERVAL '7' HOUR
SELECT INTERVAL '7' HOUR / NULL
SELECT DATE '2020-01-01' + NULL
SELECT DATE '2020-01-01' - NULL
SELECT NULL - DATE '2020-01-01'
SELECT NULL + DATE '2020-01-01'
SELECT TIMESTAMP '2020-01-01 00:00:00' - NULL
SELECT TIMESTAMP '2020-01-01 00:00:00' + NULL
SELECT NULL + NULL
SELECT NULL - NULL
SELECT NULL / NULL
SELECT NULL * DECIMAL '2.50', NULL / DECIMAL '2.50', NULL % DECIMAL '2.50'
SELECT -NULL
SELECT NULL || 'a', NULL || NULL
SELECT NULL < 1, NULL = NULL, NULL AND true
SELECT INTERVAL '7' HOUR - NULL
SELECT INTERVAL '7' HOUR + NULL
SELECT INTERVAL '7' MONTH + NULL
SELECT NULL - INTERVAL '7' MONTH
SELECT INTERVAL '7' MONTH - NULL
SELECT NULL * INTERVAL '7' MONTH
SELECT INTERVAL '7' MONTH % NULL
SELECT NULL - TIMESTAMP '2020-01-01 00:00:00'
SELECT NULL + TIMESTAMP '2020-01-01 00:00:00'
SELECT NULL - TIMESTAMP '2020-01-01 00:00:00 UTC'
SELECT TIMESTAMP '2020-01-01 00:00:00 UTC' - NULL
SELECT TIMESTAMP '2020-01-01 00:00:00 UTC' + NULL
SELECT TIMESTAMP '2020-01-01 00:00:00 UTC' * NULL
SELECT TIME '10:00:00' - NULL
SELECT TIME '10:00:00' + NULL
SELECT NULL - TIME '10:00:00'
SELECT NULL + TIME '10:00:00'
SELECT NULL * BIGINT '2'
SELECT BIGINT '2' * NULL
SELECT NULL / BIGINT '2'
SELECT NULL * REAL '2'
SELECT NULL / REAL '2'
SELECT NULL * TINYINT '2'
SELECT NULL - 2e0
SELECT 2e0 - NULL
SELECT 2e0 % NULL
SELECT DATE '2020-01-01' * NULL
SELECT NULL % DATE '2020-01-01'
SELECT NULL * DATE '2020-01-01'
SELECT -x FROM (VALUES 1, NULL) t(x)
SELECT nan() IN (nan(), NULL)
SELECT x IN (1e0, nan()) FROM (VALUES nan(), 1e0, 2e0, NULL) t(x)
SELECT x NOT IN (1e0, y) FROM (VALUES (nan(), nan()), (1e0, 2e0), (2e0, 2e0), (3e0, nan())) t(x, y)
SELECT x IN (y, 5) FROM (VALUES (nan(), nan()), (5e0, 2e0)) t(x, y)
SELECT CASE x WHEN nan() THEN 1 ELSE 2 END FROM (VALUES nan(), 1e0) t(x)
SELECT nullif(nan(), nan())
SELECT x = ANY (VALUES nan(), 1e0) FROM (VALUES nan(), 1e0) t(x)
SELECT count(*) FROM (VALUES nan(), 1e0) a(x) JOIN (VALUES nan(), 1e0) b(x) ON a.x = b.x
SELECT count(*) FROM (VALUES nan(), 1e0) a(x) JOIN (VALUES nan(), 1e0) b(x) USING (x)
SELECT a.x FROM (VALUES nan(), 1e0) a(x) WHERE EXISTS (SELECT 1 FROM (VALUES nan(), 1e0) b(x) WHERE b.x = a.x)
SELECT x, count(*) FROM (VALUES nan(), nan(), 1e0) t(x) GROUP BY x ORDER BY x
SELECT DISTINCT x FROM (VALUES nan(), nan()) t(x)
SELECT max(x), min(x) FROM (VALUES nan(), 1e0) t(x)
SELECT greatest(nan(), 1e0), least(1e0, nan())
SELECT map(ARRAY[nan()], ARRAY[1])[nan()]
SELECT element_at(map(ARRAY[nan()], ARRAY[1]), nan())
SELECT arrays_overlap(ARRAY[nan()], ARRAY[nan()])
SELECT nan() BETWEEN 1e0 AND nan()
SELECT array_sort(ARRAY[nan(), 1e0, -infinity()])
SELECT CASE x WHEN 1e0 THEN 'a' WHEN y THEN 'b' END FROM (VALUES (nan(), nan()), (1e0, 2e0), (2e0, 2e0)) t(x, y)
SELECT CASE x + 1 WHEN y THEN 'b' ELSE 'c' END FROM (VALUES (1, 2e0), (1, nan())) t(x, y)
SELECT nullif(x, y) FROM (VALUES (nan(), nan()), (1e0, 1e0), (2e0, NULL), (NULL, 1e0)) t(x, y)
SELECT nullif(x, 0) FROM (VALUES 0e0, 1e0) t(x)
SELECT nullif(1, 1), nullif('a', 'b'), nullif(1, 1e0)
SELECT sum(x) / nullif(count(y), 0) FROM (VALUES (1e0, NULL)) t(x, y)
SELECT nullif(sum(x), sum(y)) FROM (VALUES (1e0, 1e0)) t(x, y)
SELECT CASE sum(x) WHEN sum(y) THEN 1 END FROM (VALUES (1e0, 1e0)) t(x, y)
SELECT nullif(DATE '2020-01-01', DATE '2020-01-01'), nullif(TIMESTAMP '2020-01-01 00:00:00 UTC', TIMESTAMP '2020-01-01 01:00:00 +01:00')
SELECT nullif(CAST('a' AS char(3)), 'a'), nullif(CAST('a' AS char(3)), CAST('a' AS char(3))), nullif(CAST('b' AS char(3)), 'a')
SELECT nullif(from_iso8601_timestamp(x), from_iso8601_timestamp(y)) FROM (VALUES ('2020-01-01T00:00:00+01:00', '2019-12-31T23:00:00Z'), ('2020-01-01T00:00:00+01:00', '2020-01-01T00:00:00Z')) t(x, y)
SELECT nullif(ARRAY[1], ARRAY[1]), nullif(ROW(1, 2), ROW(1, 2)), nullif(JSON '1', JSON '1')
SELECT nullif(DECIMAL '1.0', DECIMAL '1.00'), nullif(1, DECIMAL '1.0')
