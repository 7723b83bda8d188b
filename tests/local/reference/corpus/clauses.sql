-- Stars of rows, columns of one name, names of the result in ORDER BY, conditions of joins.
SELECT (r).* FROM (SELECT CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) r) t
SELECT r.* FROM (SELECT CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) r) t
SELECT t.r.* AS (p, q) FROM (SELECT CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) r) t
SELECT (ROW(1, 'a')).* AS (p, q), 2
SELECT CAST(ROW(1, 'x') AS ROW(a integer, b varchar)).*
SELECT t.* AS (p, q) FROM (VALUES (1, 2)) t(a, b)
SELECT t.* AS (p) FROM (VALUES (1, 2)) t(a, b)
SELECT t.r.c.* FROM (SELECT CAST(ROW(ROW(1, 2)) AS ROW(c ROW(x integer, y integer))) r) t
SELECT (CAST(NULL AS ROW(a integer, b varchar))).*
SELECT t.r.* FROM (SELECT 1 r) t
SELECT (1).*
SELECT * FROM (SELECT a.*, b.* FROM (VALUES (1, 'x')) a(id, v) JOIN (VALUES (1, 'y')) b(id, w) ON a.id = b.id)
WITH j AS (SELECT a.*, b.* FROM (VALUES (1, 'x')) a(id, v) JOIN (VALUES (1, 'y')) b(id, w) ON a.id = b.id) SELECT * FROM j
WITH j AS (SELECT a.*, b.* FROM (VALUES (1, 'x')) a(id, v) JOIN (VALUES (1, 'y')) b(id, w) ON a.id = b.id) SELECT v, w FROM j WHERE v <> w
WITH j AS (SELECT a.*, b.* FROM (VALUES (1, 'x')) a(id, v) JOIN (VALUES (1, 'y')) b(id, w) ON a.id = b.id) SELECT id FROM j
SELECT count(*) FROM (SELECT 1, 2, 3)
SELECT * FROM (SELECT 1, 2 AS b, 3)
SELECT * FROM (SELECT 1 AS x, 2 AS X)
SELECT t.* FROM (SELECT 1 a, 2 a, 3 b) t ORDER BY b
SELECT * FROM (SELECT 1 a, 2 a UNION ALL SELECT 3, 4) t
SELECT * FROM (SELECT 1 a, 2 a) t CROSS JOIN (SELECT 3 a) u
SELECT * FROM (SELECT 1 a, 2 a) t JOIN (SELECT 1 c) u ON u.c = 1
SELECT x AS y, -x AS x FROM (VALUES 1, 2) t(x) ORDER BY x + 0
SELECT x AS y, -x AS z FROM (VALUES 1, 2) t(x) ORDER BY abs(z) DESC
SELECT upper(n) AS n FROM (VALUES 'b', 'A') t(n) ORDER BY lower(n)
SELECT k, sum(v) AS total FROM (VALUES ('a', 1), ('b', 5)) t(k, v) GROUP BY k ORDER BY total * -1
SELECT k, sum(v) AS total FROM (VALUES ('a', 1), ('b', 5)) t(k, v) GROUP BY k ORDER BY -total, k
SELECT k, sum(v) AS v FROM (VALUES ('a', 1), ('b', 5)) t(k, v) GROUP BY k ORDER BY sum(v)
SELECT k AS g, count(*) AS n FROM (VALUES 'a', 'b', 'b') t(k) GROUP BY k ORDER BY CASE WHEN n > 1 THEN 0 ELSE 1 END, g
SELECT x AS a, x AS a FROM (VALUES 1, 2) t(x) ORDER BY a
SELECT x AS a, -x AS a FROM (VALUES 1, 2) t(x) ORDER BY a
SELECT x AS a, -x AS a FROM (VALUES 1, 2) t(x) ORDER BY a + 1
SELECT DISTINCT x AS a FROM (VALUES 1, 2) t(x) ORDER BY a + 1
SELECT x AS a FROM (VALUES 1, 2) t(x) ORDER BY t.x DESC
SELECT x AS a, row_number() OVER (ORDER BY x DESC) AS rn FROM (VALUES 1, 2) t(x) ORDER BY rn + 1
SELECT x AS a FROM (VALUES 1, 2) t(x) ORDER BY (SELECT max(y) FROM (VALUES 1, 2) u(y) WHERE y <> a)
SELECT x a FROM (VALUES 1, 2) t(x) UNION ALL SELECT 3 ORDER BY a * -1
SELECT x a FROM (VALUES 1, 2) t(x) ORDER BY transform(ARRAY[1], a -> a + 1), a DESC
SELECT x FROM (VALUES 1, 2) t(x) ORDER BY x + 1, 1 + 1
SELECT x FROM (VALUES 1, 2) t(x) ORDER BY NULL
SELECT x FROM (VALUES 1, 2) t(x) GROUP BY 'a', x ORDER BY x
SELECT 'a' FROM (VALUES 1, 2) t(x) GROUP BY 'a'
SELECT x FROM (VALUES 1, 2, 3, 4) t(x) WHERE x IN (SELECT y FROM (VALUES 2, 3) u(y) WHERE y = x) ORDER BY x
SELECT EXISTS (VALUES 1), NOT EXISTS (VALUES 1)
SELECT EXISTS (TABLE nosuch)
SELECT * FROM (VALUES 1) a(x) INNER JOIN (VALUES 1) b(y)
SELECT * FROM (VALUES 1) a(x) LEFT JOIN (VALUES 1) b(y)
SELECT * FROM (VALUES ARRAY[1]) a(x) LEFT JOIN UNNEST(x)
SELECT * FROM (VALUES 1) a(x) JOIN (VALUES 1) b(y) JOIN (VALUES 1) c(z) ON y = z ON x = y
SELECT * FROM (VALUES 1) a(x), (VALUES 2) b(y) JOIN (VALUES 2) c(z) ON y = z
SELECT * FROM (VALUES 1) a(x) CROSS JOIN (VALUES 1) b(y) ON true
SELECT x, (SELECT y + t.x FROM (VALUES 1, 2) u(y) WHERE u.y = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT sum(y * t.x) FROM (VALUES 1, 2) u(y) WHERE u.y = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT sum(y) * t.x FROM (VALUES 1, 2) u(y) WHERE u.y = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT sum(y) FILTER (WHERE y > t.x) FROM (VALUES 1, 2) u(y)) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT sum(CASE WHEN y > t.x THEN 1 END) FROM (VALUES 1, 2) u(y)) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT y FROM (VALUES 1, 2) u(y) WHERE u.y = t.x LIMIT 1) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT max(y) FROM (VALUES 1, 2) u(y) WHERE u.y = t.x LIMIT 1) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT y FROM (VALUES 1, 2) u(y) WHERE u.y < t.x ORDER BY y DESC LIMIT 1) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT max(y) FROM (VALUES 1, 2) u(y) WHERE u.y = t.x ORDER BY 1 LIMIT 1) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, EXISTS (SELECT y FROM (VALUES 1, 2) u(y) WHERE u.y = t.x LIMIT 1) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, EXISTS (SELECT 1 FROM (VALUES 1, 2) u(y) WHERE u.y = t.x GROUP BY y) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, EXISTS (SELECT max(y) FROM (VALUES 1, 2) u(y) WHERE u.y = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, EXISTS (SELECT 1 FROM (VALUES (1, 2), (2, 3)) u(k, y) WHERE u.k = t.x UNION ALL SELECT 2 WHERE t.x = 3) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, x IN (SELECT y FROM (VALUES (1, 2), (2, 3)) u(k, y) WHERE u.k = t.x UNION ALL SELECT t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, x IN (SELECT y FROM (VALUES (1, 2), (2, 3)) u(k, y) WHERE u.k = t.x LIMIT 1) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, x IN (SELECT DISTINCT y FROM (VALUES (1, 2), (2, 3)) u(k, y) WHERE u.k = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, x IN (SELECT y FROM (SELECT * FROM (VALUES (1, 2), (2, 3)) u(k, y) WHERE k = t.x)) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, x IN (SELECT y FROM (VALUES 1, 2) a(y) JOIN (VALUES 1, 2) b(z) ON a.y = b.z WHERE b.z = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT count(*) FROM (VALUES 1, 2) a(y) JOIN (VALUES 1, 2) b(z) ON a.y = b.z WHERE b.z = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT count(*) FROM (VALUES 1, 2) a(y) LEFT JOIN (VALUES 1, 2) b(z) ON a.y = b.z WHERE a.y = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT max(s) FROM (SELECT k, sum(y) s FROM (VALUES (1, 2), (2, 3)) u(k, y) WHERE k <= t.x GROUP BY k)) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT array_agg(y ORDER BY y) FROM (VALUES (1, 2), (2, 3)) u(k, y) WHERE k <= t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT max(y) FROM (VALUES (1, 2), (2, 3)) u(k, y) GROUP BY k HAVING k = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT CASE WHEN count(*) > t.x THEN 'm' ELSE 'l' END FROM (VALUES 1, 2) u(y)) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT count(*) FROM (VALUES 1, 2) u(y) WHERE y IN (t.x, 1)) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT count(*) FROM (VALUES 1, 2) u(y) WHERE EXISTS (SELECT 1 FROM (VALUES 1, 2) v(z) WHERE z = y AND z = t.x)) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (WITH c AS (SELECT y FROM (VALUES 1, 2) u(y) WHERE y = t.x) SELECT count(*) FROM c) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT max(y) OVER () FROM (VALUES 1, 2) u(y) WHERE y = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
