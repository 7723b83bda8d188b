-- NaN that meets itself, rows in sub-queries, JSON objects, letter case of columns, chars with control characters
SELECT x, a, b FROM (VALUES (nan(),1), (1e0,2)) a(x,a) LEFT JOIN (VALUES (nan(),3), (1e0,4)) b(x,b) USING (x) ORDER BY 2
SELECT x, a, b FROM (VALUES (nan(),1), (1e0,2)) a(x,a) FULL JOIN (VALUES (nan(),3), (1e0,4)) b(x,b) USING (x) ORDER BY 2, 3
SELECT count(*) FROM (VALUES nan(), 1e0) a(x) WHERE x IN (SELECT nan())
SELECT count(*) FROM (VALUES nan(), 1e0) a(x) WHERE x = (SELECT nan())
SELECT x, count(*) FROM (VALUES nan(), nan()) a(x) GROUP BY x
SELECT * FROM (VALUES (nan(),1), (1e0,2)) a(x,a) JOIN (VALUES (nan(),3), (1e0,4)) b(x,b) USING (x) JOIN (VALUES (1e0,5)) c(x,c) USING (x)
SELECT count(*) FROM (VALUES nan(), 1e0) a(x) WHERE x IN (nan(), 2e0)
SELECT nan() IS DISTINCT FROM nan(), nan() = nan(), nan() < 1e0, nan() > 1e0, nan() <> nan(), nan() BETWEEN 1e0 AND nan()
SELECT * FROM (VALUES (REAL '1.5', 1)) a(x,a) JOIN (VALUES (1.5e0, 3)) b(x,b) USING (x)
SELECT * FROM (VALUES (1, 1)) a(x,a) JOIN (VALUES (1e0, 3)) b(x,b) USING (x)
SELECT count(*) FROM (VALUES nan(), 1e0) a(x) WHERE x NOT IN (SELECT nan())
SELECT count(*) FROM (VALUES nan(), 1e0, 2e0) a(x) WHERE x = ANY (SELECT y FROM (VALUES nan(), 1e0) b(y))
SELECT count(*) FROM (VALUES nan(), 1e0, 2e0) a(x) WHERE x <> ALL (SELECT y FROM (VALUES nan(), 1e0) b(y))
SELECT x IN (SELECT y FROM (VALUES nan(), NULL) b(y)) FROM (VALUES nan(), 1e0) a(x)
SELECT a.k, x, b.v, c.v FROM (VALUES (1, 1e0), (2, nan())) a(k, x) JOIN (VALUES (1e0, 'p')) b(x, v) USING (x) LEFT JOIN (VALUES (1e0, 'q')) c(x, v) USING (x)
WITH d AS (SELECT 1e0 AS "X", 2 AS y) SELECT * FROM d JOIN d AS e USING (x)
SELECT * FROM (VALUES (1e0, 2)) a("X", y) RIGHT JOIN (VALUES (1e0, 2), (5e0, 6)) b(x, "Y") USING (x) ORDER BY 1
SELECT count(*) FROM (VALUES nan(), 1e0) a(x) WHERE x IN (SELECT nan()) OR x < 0
SELECT count(*) FROM (VALUES nan(), 1e0) a(x) WHERE (x IN (SELECT nan() UNION SELECT 1e0)) AND x IS NOT NULL
SELECT * FROM (VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 2), (5, 6)) b(x, "Y") USING (X) ORDER BY 1
SELECT X FROM (VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 2), (5, 6)) b(x, "Y") USING (x) ORDER BY 1
SELECT t.* AS (X, y) FROM (VALUES (1, 2)) t(a, b)
SELECT t.* AS ("X", "Y") FROM (VALUES (1, 2)) t(a, b)
SELECT r.* AS (X, Y) FROM (VALUES ROW(CAST(ROW(1, 2) AS ROW(a int, B int)))) t(r)
SELECT r.* FROM (VALUES ROW(CAST(ROW(1, 2) AS ROW(a int, B int)))) t(r)
SELECT X AS Foo, "Y" FROM (VALUES (1, 2)) t(x, y)
SELECT Foo FROM (SELECT 1 AS Foo) t
SELECT * FROM (SELECT 1 AS Foo, 2 "Bar") t
SELECT foo FROM (SELECT 1 AS "FOO") t
WITH a(P, "q") AS (SELECT 1, 2) SELECT * FROM a
WITH a(P, "q") AS (SELECT 1, 2) SELECT Q, p FROM a
SELECT * FROM (VALUES 1) T(Abc)
SELECT k FROM UNNEST(ARRAY[1]) AS t(K)
SELECT * FROM UNNEST(ARRAY[1]) AS t(K)
SELECT Count(*) AS CNT, max(X) FROM (VALUES 1) t(x)
SELECT t.X FROM (VALUES 1) T(x)
SELECT CAST(ROW(1) AS ROW("Abc" int)), CAST(ROW(1) AS ROW(Abc int))
SELECT typeof(CAST(ROW(1) AS ROW("Abc" int)))
SELECT CAST(ROW(1) AS ROW("Abc" int)).abc
SELECT r.Abc FROM (VALUES CAST(ROW(1) AS ROW("Abc" int))) t(r)
SELECT 1 AS "a.b", 2 AS "A B", 3 AS "ä"
SELECT json_object('b' : 1, 'a' : 2, 'b2': 3)
SELECT json_object('b' : 1, 'a' : x, 'aa' : NULL) FROM (VALUES 5, 6) t(x)
SELECT json_object('zz' : 1, 'y' : 2, 'x' : 'v', 'key10': 1, 'key9': 2, 'a': JSON '1')
SELECT json_object('zebra' : 1, 'mango' : 2, 'apple' : 3, 'kiwi': 4, 'Banana': 5, '1': 6, '': 7)
SELECT json_object(k : v) FROM (VALUES ('b', 1), ('a', 2)) t(k, v)
SELECT json_object('a' : 1, 'a' : 2)
SELECT json_object('a' : 1, 'b' : json_object('z' : 1, 'c' : 2) FORMAT JSON)
SELECT json_array(json_object('z' : 1, 'c' : 2), 3)
SELECT json_query('{"z": 1, "a": {"y": 2, "b": 3}}', 'lax $'), json_query('{"z": 1, "a": {"y": 2, "b": 3}}', 'lax $.a')
SELECT x FROM (VALUES 'b', 'a' || chr(1), 'a') t(x) ORDER BY x
SELECT CAST('a' || chr(1) AS char(3)) < CAST('a' AS char(3)), CAST('a' || chr(10) AS char(3)) = CAST('a' AS char(3))
SELECT max(x), min(x) FROM (VALUES CAST('a' || chr(1) AS char(3)), CAST('a' AS char(3))) t(x)
SELECT x, count(*) FROM (VALUES CAST('a' AS char(3)), CAST('a ' AS char(3))) t(x) GROUP BY x
SELECT x, row_number() OVER (ORDER BY x DESC) FROM (VALUES CAST('b' AS char(3)), CAST('a' || chr(1) AS char(3)), CAST('a' AS char(3))) t(x) ORDER BY 2
SELECT array_agg(x ORDER BY x), max(x) FILTER (WHERE x < 'b'), max(x, 2), array_sort(array_agg(x)) FROM (VALUES CAST('b' AS char(3)), CAST('a' || chr(1) AS char(3)), CAST('a' AS char(3))) t(x)
SELECT greatest(CAST('a' || chr(1) AS char(3)), CAST('a' AS char(3))), CAST('a' || chr(1) AS char(3)) BETWEEN CAST('a' AS char(3)) AND CAST('b' AS char(3))
SELECT max(x) OVER (ORDER BY y), y FROM (VALUES (CAST('b' AS char(3)), 1), (CAST('a' AS char(3)), 2)) t(x, y)
SELECT (1, NULL) IN (SELECT 1, 3)
SELECT ROW(1, NULL) IN (VALUES ROW(1, 3))
SELECT ROW(1, NULL) IN (SELECT a, b FROM (VALUES (1, 3), (2, 4)) t(a, b))
SELECT ROW(a, b) IN (SELECT 1, 3) FROM (VALUES (1, CAST(NULL AS integer)), (1, 3), (2, NULL)) t(a, b)
SELECT ROW(1, 2) IN (SELECT 1, NULL)
SELECT ROW(1, NULL) = ANY (SELECT 1, 3)
SELECT ROW(1, NULL) <> ALL (SELECT 1, 3)
SELECT ROW(1, 2) = ANY (SELECT 1, CAST(NULL AS integer))
SELECT ROW(1, NULL) = ANY (SELECT 1, NULL)
SELECT ROW(1, NULL) = ROW(1, 3), ROW(1, NULL) IN (ROW(1, 3), ROW(2, 3))
SELECT format('%1$tz %1$tr %1$tl %1$tk %1$ty %1$tb %1$ta %1$tI %1$tN', TIMESTAMP '2020-02-09 13:04:05.678 Europe/Paris')
SELECT a FROM (VALUES (1, NULL), (2, 3)) t(a, b) WHERE (a, b) IN (SELECT 1, CAST(NULL AS integer))
SELECT a FROM (VALUES (1, NULL), (2, 3)) t(a, b) WHERE (a, b) NOT IN (SELECT 1, CAST(NULL AS integer))
SELECT a FROM (VALUES (1, NULL), (2, 3)) t(a, b) WHERE (a, b) NOT IN (SELECT 2, 4)
SELECT a FROM (VALUES (1, NULL), (2, 3)) t(a, b) WHERE (a, b) IN (SELECT BIGINT '2', DOUBLE '3')
SELECT a FROM (VALUES (1, NULL), (2, 3)) t(a, b) WHERE (a, b) IN ((2, 3), (5, 6))
SELECT a FROM (VALUES (1, NULL), (2, 3)) t(a, b) WHERE (a, b) NOT IN ((1, 3), (5, 6))
SELECT ARRAY[1, NULL] IN (ARRAY[1, 2], ARRAY[3]), ARRAY[1] IN (ARRAY[1], NULL), MAP(ARRAY[1], ARRAY[2]) IN (MAP(ARRAY[1], ARRAY[2]))
SELECT x IN (SELECT y FROM (VALUES ROW(ROW(1, 2))) u(y)) FROM (VALUES ROW(ROW(1, 2)), ROW(ROW(1, NULL))) t(x)
SELECT x.a, (x.a, x.b) IN (SELECT k, v FROM (VALUES (1, 'p')) u(k, v)) FROM (VALUES ROW(CAST(ROW(1, 'p') AS ROW(a int, b varchar)))) t(x)
SELECT count(*) FROM (VALUES (1, 2)) t(a, b) WHERE (a, b) IN (SELECT c, d FROM (VALUES (1, 2)) u(c, d) WHERE c = a)
SELECT (1, 2) IN (SELECT 1, 2, 3)
SELECT (1, 'a') IN (SELECT 1, 2)
SELECT ROW(1, 2) IN (ROW(1, 2, 3))
SELECT x IN (VALUES (1, 2), (3, 4)) FROM (VALUES ROW(ROW(1, 2))) t(x)
