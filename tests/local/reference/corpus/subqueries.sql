-- Sub-queries that speak of the query around them, and those of which Trino can make no join; LATERAL; joins in brackets.
SELECT x, (SELECT y FROM (VALUES (1, 5), (2, 6)) u(k, y) WHERE u.k = t.x LIMIT 1) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT y FROM (VALUES (1, 5), (2, 6)) u(k, y) WHERE u.k < t.x LIMIT 1) FROM (VALUES 1, 2) t(x) ORDER BY 1
SELECT x, (SELECT y FROM (VALUES (1, 5), (1, 7), (2, 6)) u(k, y) WHERE u.k = t.x ORDER BY y DESC LIMIT 1) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT y FROM (VALUES (1, 5), (1, 7), (2, 6)) u(k, y) WHERE u.k = t.x ORDER BY y DESC LIMIT 2) FROM (VALUES 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT t.x + 1) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT max(y) FROM (VALUES 1, 2, 3) u(y) WHERE u.y < t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT max(y + t.x) FROM (VALUES 1, 2, 3) u(y)) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT y FROM (VALUES 1, 2, 3) u(y) WHERE u.y = t.x GROUP BY y) FROM (VALUES 1, 2, 4) t(x) ORDER BY 1
SELECT x, (SELECT DISTINCT y FROM (VALUES 1, 1, 3) u(y) WHERE u.y = t.x) FROM (VALUES 1, 2, 4) t(x) ORDER BY 1
SELECT x, (SELECT sum(s) FROM (SELECT y AS s FROM (VALUES 1, 1, 3) u(y) WHERE u.y = t.x)) FROM (VALUES 1, 2, 4) t(x) ORDER BY 1
SELECT x, (SELECT count(*) FROM (SELECT y AS s FROM (VALUES 1, 1, 3) u(y) WHERE u.y = t.x GROUP BY y)) FROM (VALUES 1, 2, 4) t(x) ORDER BY 1
SELECT x, (SELECT max(r) FROM (SELECT row_number() OVER (ORDER BY y) r FROM (VALUES 1, 1, 3) u(y) WHERE u.y = t.x)) FROM (VALUES 1, 2, 4) t(x) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE EXISTS (SELECT 1 FROM (VALUES 1, 2) u(y) WHERE u.y > t.x LIMIT 1) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE EXISTS (SELECT count(*) FROM (VALUES 1, 2) u(y) WHERE u.y > t.x HAVING count(*) > 1) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x IN (SELECT y FROM (VALUES (1, 1), (2, 2)) u(y, z) WHERE u.z = t.x) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x IN (SELECT y FROM (VALUES (1, 1), (2, 2)) u(y, z) WHERE u.z >= t.x) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x IN (SELECT y + t.x FROM (VALUES 0, 5) u(y)) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x > ALL (SELECT y FROM (VALUES 1, 2) u(y) WHERE u.y < t.x) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x IN (SELECT max(y) FROM (VALUES (1, 1), (2, 2)) u(y, z) WHERE u.z = t.x GROUP BY z) ORDER BY 1
SELECT x, (SELECT y FROM (VALUES 1, 2) u(y) WHERE u.y = t.x UNION SELECT 9 WHERE t.x > 2) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT a.y + b.z FROM (VALUES 1, 2) a(y), (VALUES 1, 2) b(z) WHERE a.y = t.x AND b.z = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT a.y FROM (VALUES 1, 2) a(y) LEFT JOIN (VALUES 1, 2) b(z) ON a.y = b.z AND b.z = t.x WHERE a.y = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT y FROM (VALUES 1, 2) a(y) JOIN (VALUES 1, 2) b(z) ON a.y = b.z AND b.z = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT (SELECT max(z) FROM (VALUES 1, 2, 3) b(z) WHERE z < t.x)) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT id, (SELECT sum(x) FROM UNNEST(xs) AS u(x)) FROM (VALUES (1, ARRAY[3, 1]), (2, ARRAY[])) t(id, xs) ORDER BY 1
SELECT id, (SELECT count(*) FROM UNNEST(xs) AS u(x)) FROM (VALUES (1, ARRAY[3, 1]), (2, ARRAY[])) t(id, xs) ORDER BY 1
SELECT id, (SELECT sum(x) FROM UNNEST(xs) AS u(x) WHERE x > 1) FROM (VALUES (1, ARRAY[3, 1]), (2, ARRAY[])) t(id, xs) ORDER BY 1
SELECT id, (SELECT x FROM UNNEST(xs) AS u(x) ORDER BY x LIMIT 1) FROM (VALUES (1, ARRAY[3, 1]), (2, ARRAY[])) t(id, xs) ORDER BY 1
SELECT id, (SELECT array_agg(x + id) FROM UNNEST(xs) AS u(x)) FROM (VALUES (1, ARRAY[3, 1]), (2, ARRAY[])) t(id, xs) ORDER BY 1
SELECT id, (SELECT array_agg(DISTINCT x) FROM UNNEST(xs) AS u(x)) FROM (VALUES (1, ARRAY[3, 3]), (2, ARRAY[])) t(id, xs) ORDER BY 1
SELECT id FROM (VALUES (1, ARRAY[3, 1]), (2, ARRAY[])) t(id, xs) WHERE EXISTS (SELECT 1 FROM UNNEST(xs)) ORDER BY 1
SELECT id FROM (VALUES (1, ARRAY[3, 1]), (2, ARRAY[2])) t(id, xs) WHERE id IN (SELECT x FROM UNNEST(xs) u(x)) ORDER BY 1
SELECT id FROM (VALUES (1, ARRAY[3, 1]), (2, ARRAY[2])) t(id, xs) WHERE 3 IN (SELECT x FROM UNNEST(xs) u(x)) ORDER BY 1
SELECT id, (SELECT max(v) FROM UNNEST(map_values(m)) u(v)) FROM (VALUES (1, MAP(ARRAY['a'], ARRAY[1]))) t(id, m)
SELECT id, (SELECT max(v) FROM UNNEST(m) u(k, v) WHERE k = 'a') FROM (VALUES (1, MAP(ARRAY['a'], ARRAY[1]))) t(id, m)
SELECT id, u.s FROM (VALUES (1, ARRAY[3, 1])) t(id, xs) CROSS JOIN LATERAL (SELECT sum(x) s FROM UNNEST(xs) AS v(x)) u
SELECT id, u.s FROM (VALUES (1, ARRAY[3, 1])) t(id, xs) CROSS JOIN LATERAL (SELECT sum(x) s FROM UNNEST(xs) AS v(x) WHERE x > 1) u
SELECT id, u.x FROM (VALUES (1, ARRAY[3, 1])) t(id, xs) CROSS JOIN LATERAL (SELECT x FROM UNNEST(xs) AS v(x) WHERE x > 1) u
SELECT t.x, l.y FROM (VALUES 1, 2) t(x) CROSS JOIN LATERAL (SELECT y FROM (VALUES (1, 'a'), (1, 'b'), (2, 'c')) u(k, y) WHERE k = t.x ORDER BY y LIMIT 1) l ORDER BY 1
SELECT t.x, l.y FROM (VALUES 1, 2) t(x) CROSS JOIN LATERAL (VALUES t.x + 1, t.x + 2) l(y) ORDER BY 1, 2
SELECT t.x, l.y FROM (VALUES 1, 2) t(x) CROSS JOIN LATERAL (SELECT y FROM (VALUES 1, 2, 3) u(y) WHERE u.y > t.x) l ORDER BY 1, 2
SELECT t.x, l.y FROM (VALUES 1, 2) t(x) LEFT JOIN LATERAL (SELECT y FROM (VALUES 1, 2, 3) u(y) WHERE u.y > t.x) l ON l.y = 3 ORDER BY 1, 2
SELECT t.x, l.y FROM (VALUES 1, 2) t(x) CROSS JOIN LATERAL (SELECT t.x * 10 UNION ALL SELECT 5) l(y) ORDER BY 1, 2
SELECT t.x, l.c FROM (VALUES 1, 2) t(x) CROSS JOIN LATERAL (SELECT count(*) c FROM (VALUES 1, 2, 2) u(y) WHERE u.y = t.x) l ORDER BY 1
SELECT t.x, l.m, l.k FROM (VALUES 1, 2) t(x) CROSS JOIN LATERAL (SELECT k, max(y) m FROM (VALUES (1, 1), (2, 5), (1, 3)) u(k, y) WHERE u.k = t.x GROUP BY k) l ORDER BY 1
SELECT x FROM (VALUES 1, 2) t(x) JOIN (VALUES 1, 2) u(y) ON t.x = (SELECT max(z) FROM (VALUES 1) w(z) WHERE z = u.y) ORDER BY 1
SELECT a.x, b.y FROM (VALUES 1, 2) a(x) JOIN (VALUES 2, 3) b(y) ON a.x IN (SELECT 2) AND b.y = a.x ORDER BY 1
SELECT a.x, b.y FROM (VALUES 1, 2) a(x) LEFT JOIN (VALUES 2, 3) b(y) ON EXISTS (SELECT 1 WHERE a.x = b.y) ORDER BY 1, 2
SELECT sum(x) FROM (VALUES 1, 2) t(x) WHERE x = (SELECT 3)
SELECT x, sum((SELECT max(y) FROM (VALUES 1, 2) u(y))) FROM (VALUES 1, 2) t(x) GROUP BY x ORDER BY x
SELECT x FROM (VALUES 1, 2) t(x) GROUP BY x HAVING x > (SELECT min(y) FROM (VALUES 1) u(y))
SELECT x, (SELECT max(y) FROM (VALUES (1, 4)) u(k, y) WHERE k = x) FROM (VALUES 1, 2) t(x) GROUP BY x ORDER BY x
SELECT x FROM (VALUES 1, 2, 3) t(x) ORDER BY (SELECT max(y) FROM (VALUES (1, 9), (2, 3), (3, 5)) u(k, y) WHERE k = x)
SELECT CASE WHEN EXISTS (SELECT 1 FROM (VALUES 1) u(y) WHERE y = x) THEN 'y' ELSE 'n' END FROM (VALUES 1, 2) t(x) ORDER BY 1
SELECT x FROM (VALUES 1) t(x) WHERE x = (SELECT x, 1)
SELECT (SELECT ROW(1, 2))
SELECT (SELECT x FROM (VALUES 1) t(x) WHERE false)
SELECT EXISTS (SELECT 1 WHERE false), NOT EXISTS (VALUES 1)
SELECT 1 IN (SELECT NULL), 1 NOT IN (SELECT NULL WHERE false), NULL IN (SELECT 1 WHERE false), NULL IN (SELECT 1)
SELECT 1 = ALL (SELECT 2 WHERE false), 1 = ANY (SELECT 1 WHERE false), 1 > ALL (VALUES 0, NULL), 1 < ANY (VALUES 2, NULL), 1 <> ALL (VALUES 2, 3)
SELECT count(*) FROM (VALUES 1, 2) a(x) CROSS JOIN (VALUES 1, 2, 3) b(y)
SELECT a.id, b.id FROM (VALUES 1, NULL) a(id) JOIN (VALUES 1, NULL) b(id) ON a.id IS NOT DISTINCT FROM b.id ORDER BY 1
SELECT a.id, b.id FROM (VALUES 1, 2) a(id) RIGHT JOIN (VALUES 2, 3) b(id) ON a.id = b.id ORDER BY 2
SELECT id FROM (VALUES 1) a(id) JOIN (VALUES 1) b(id) ON a.id = b.id
SELECT id FROM (VALUES (1, 2)) a(id, x) JOIN (VALUES (1, 3)) b(id, x) USING (id, x)
SELECT a.id FROM (VALUES 1) a(id) JOIN (VALUES 1) b(id) USING (id)
SELECT * FROM (VALUES (1, 'a')) a(id, v) LEFT JOIN (VALUES (2, 'b')) b(id, w) USING (id)
SELECT id, coalesce(v, '-'), coalesce(w, '-') FROM (VALUES (1, 'a'), (3, 'c')) a(id, v) FULL JOIN (VALUES (2, 'b'), (3, 'd')) b(id, w) USING (id) ORDER BY id
SELECT count(*) FROM (VALUES 1, 2, 3) a(x) JOIN (VALUES 1, 2, 3) b(y) ON x <> y JOIN (VALUES 1) c(z) ON true
SELECT a.x FROM (VALUES 1) a(x), (VALUES 2) b(x) WHERE a.x < b.x
SELECT a.x FROM (VALUES 1) a(x) JOIN (VALUES 1) a(x) ON true
SELECT x FROM (VALUES 1) t
SELECT * FROM (VALUES (1, 2)) AS t (a)
SELECT * FROM ((VALUES 1) a(x) CROSS JOIN (VALUES 2) b(y))
SELECT * FROM (((VALUES 1) a(x) JOIN (VALUES 1) b(y) ON a.x = b.y) JOIN (VALUES 1) c(z) ON c.z = a.x)
SELECT q.x FROM ((SELECT 1 AS x) UNION ALL (SELECT 2)) q ORDER BY 1
SELECT * FROM (SELECT * FROM (SELECT * FROM (VALUES 1) a(x)) b) c
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x NOT IN (SELECT y + t.x FROM (VALUES 0, 5) u(y)) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE NOT EXISTS (SELECT y FROM (VALUES 0, 5) u(y) WHERE y > x LIMIT 1) ORDER BY 1
SELECT x, (SELECT avg(y) FROM (VALUES (1, 2), (1, 4), (2, 3)) u(k, y) WHERE u.k = t.x AND y > 1 AND u.y > t.x) FROM (VALUES 1, 2) t(x) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x > (SELECT avg(y) FROM (VALUES 1, 2, 3) u(y) WHERE u.y <> t.x) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x > (SELECT avg(y) * 1.5 FROM (VALUES 1, 2, 3) u(y) WHERE u.y <> t.x) ORDER BY 1
SELECT t.k, t.v FROM (VALUES ('a', 1), ('a', 2), ('b', 3)) t(k, v) WHERE t.v = (SELECT max(u.v) FROM (VALUES ('a', 1), ('a', 2), ('b', 3)) u(k, v) WHERE u.k = t.k) ORDER BY 1
SELECT t.k FROM (VALUES 'a', 'b') t(k) WHERE EXISTS (SELECT 1 FROM (VALUES ('a', 1)) u(k, v) JOIN (VALUES (1, 'x')) w(v, z) ON u.v = w.v WHERE u.k = t.k) ORDER BY 1
SELECT t.k FROM (VALUES 'a', 'b') t(k) WHERE EXISTS (SELECT 1 FROM (VALUES ('a', 1)) u(k, v) LEFT JOIN (VALUES (1, 'x')) w(v, z) ON u.v = w.v WHERE u.k = t.k AND w.z = 'x') ORDER BY 1
SELECT t.k FROM (VALUES 'a', 'b') t(k) WHERE EXISTS (SELECT 1 FROM (SELECT k, count(*) c FROM (VALUES ('a', 1), ('a', 2)) u(k, v) GROUP BY k) g WHERE g.k = t.k AND g.c > 1) ORDER BY 1
SELECT t.k FROM (VALUES 'a', 'b') t(k) WHERE EXISTS (SELECT count(*) FROM (VALUES ('a', 1), ('a', 2)) u(k, v) WHERE u.k = t.k GROUP BY u.k HAVING count(*) > 1) ORDER BY 1
SELECT t.k, (SELECT count(*) FROM (VALUES ('a', 1), ('a', 2)) u(k, v) WHERE u.k = t.k GROUP BY u.k HAVING count(*) > 1) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT max(v) - min(v) + 1 FROM (VALUES ('a', 1), ('a', 2)) u(k, v) WHERE u.k = t.k) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT v FROM (VALUES ('a', 1), ('b', 2)) u(k, v) WHERE upper(u.k) = upper(t.k)) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT v FROM (VALUES ('a', 1), ('b', 2)) u(k, v) WHERE u.k = upper(t.k) ORDER BY v LIMIT 1) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT v FROM (VALUES ('a', 1), ('b', 2)) u(k, v) WHERE upper(u.k) = t.k ORDER BY v LIMIT 1) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT v FROM (VALUES ('a', 1), ('b', 2)) u(k, v) WHERE u.k = t.k AND u.v > 1 ORDER BY v LIMIT 1) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT u.v || '!' FROM (VALUES ('a', 'x'), ('b', 'y')) u(k, v) WHERE u.k = t.k) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT u.v || '!' FROM (VALUES ('a', 'x'), ('b', 'y')) u(k, v) WHERE u.k = t.k ORDER BY v LIMIT 1) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT u.v FROM (VALUES ('a', 'x'), ('b', 'y')) u(k, v) WHERE u.k = t.k OR t.k = 'c') FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT max_by(u.v, u.k) FROM (VALUES ('a', 'x'), ('b', 'y')) u(k, v) WHERE u.k <= t.k) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT DISTINCT v FROM (VALUES ('a', 1), ('a', 1)) u(k, v) WHERE u.k = t.k) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT DISTINCT v FROM (VALUES ('a', 1), ('a', 1)) u(k, v) WHERE u.k < t.k) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, (SELECT count(DISTINCT v) FROM (VALUES ('a', 1), ('a', 1)) u(k, v) WHERE u.k < t.k) FROM (VALUES 'a', 'b') t(k) ORDER BY 1
SELECT t.k, l.* FROM (VALUES 'a', 'b') t(k) CROSS JOIN LATERAL (SELECT u.v, t.k || u.v AS kv FROM (VALUES ('a', 'x'), ('b', 'y')) u(k, v) WHERE u.k = t.k) l ORDER BY 1
SELECT t.k, l.* FROM (VALUES 'a', 'b') t(k) CROSS JOIN LATERAL (SELECT u.v AS kv FROM (VALUES ('a', 'x'), ('b', 'y')) u(k, v) WHERE u.k = t.k LIMIT 1) l ORDER BY 1
SELECT t.k, l.* FROM (VALUES 'a', 'b') t(k) CROSS JOIN LATERAL (SELECT u.v AS kv FROM (VALUES ('a', 'x'), ('b', 'y')) u(k, v) WHERE u.k = t.k LIMIT 2) l ORDER BY 1
SELECT t.k, l.* FROM (VALUES 'a', 'b') t(k) CROSS JOIN LATERAL (SELECT u.v, row_number() OVER (ORDER BY v) AS n FROM (VALUES ('a', 'x'), ('b', 'y')) u(k, v) WHERE u.k = t.k) l ORDER BY 1
SELECT t.k, l.* FROM (VALUES 'a', 'b') t(k) CROSS JOIN LATERAL (SELECT u.v FROM (VALUES ('a', 'x'), ('b', 'y')) u(k, v)) l ORDER BY 1, 2
SELECT t.k, l.* FROM (VALUES 'a', 'b') t(k) CROSS JOIN LATERAL (SELECT t.k || 'z' AS kz, 1 AS one) l ORDER BY 1, 2
SELECT t.k, l.* FROM (VALUES 'a', 'b') t(k) LEFT JOIN LATERAL (SELECT max(v) m FROM (VALUES ('a', 'x'), ('b', 'y')) u(k, v) WHERE u.k > t.k) l ON true ORDER BY 1, 2
SELECT id, l.a, l.b FROM (VALUES (1, ARRAY[1, 2])) t(id, xs) CROSS JOIN LATERAL (SELECT x AS a, x * id AS b FROM UNNEST(xs) u(x)) l ORDER BY 2
SELECT id, l.a FROM (VALUES (1, ARRAY[1, 2])) t(id, xs) CROSS JOIN LATERAL (SELECT x AS a FROM UNNEST(xs) u(x) ORDER BY x DESC LIMIT 1) l ORDER BY 2
SELECT id, (SELECT array_agg(x ORDER BY x DESC) FROM UNNEST(xs) u(x)) FROM (VALUES (1, ARRAY[1, 2])) t(id, xs)
SELECT id, (SELECT count(DISTINCT x) FROM UNNEST(xs) u(x)) FROM (VALUES (1, ARRAY[1, 1])) t(id, xs)
SELECT id, (SELECT sum(x) FILTER (WHERE x > 1) FROM UNNEST(xs) u(x)) FROM (VALUES (1, ARRAY[1, 2])) t(id, xs)
SELECT id, (SELECT sum(x) / count(*) FROM UNNEST(xs) u(x)) FROM (VALUES (1, ARRAY[1, 2])) t(id, xs)
SELECT id, (SELECT max(n) FROM UNNEST(xs) WITH ORDINALITY u(x, n)) FROM (VALUES (1, ARRAY[1, 2])) t(id, xs)
SELECT id, (SELECT x FROM UNNEST(xs) u(x) GROUP BY x) FROM (VALUES (1, ARRAY[1, 1])) t(id, xs)
SELECT id, (SELECT max(c) FROM (SELECT x, count(*) c FROM UNNEST(xs) u(x) GROUP BY x)) FROM (VALUES (1, ARRAY[1, 1])) t(id, xs)
SELECT id, EXISTS (SELECT 1 FROM UNNEST(xs) u(x) WHERE x = 1) FROM (VALUES (1, ARRAY[1, 1])) t(id, xs)
SELECT id, (SELECT sum(x * y) FROM UNNEST(xs, ys) u(x, y)) FROM (VALUES (1, ARRAY[1, 2], ARRAY[3, 4])) t(id, xs, ys)
SELECT id, (SELECT sum(x) FROM UNNEST(xs) u(x) CROSS JOIN (VALUES 1, 2) v(y)) FROM (VALUES (1, ARRAY[1, 2])) t(id, xs)
SELECT id, (SELECT sum(x) FROM (VALUES 1, 2) v(y) CROSS JOIN UNNEST(xs) u(x)) FROM (VALUES (1, ARRAY[1, 2])) t(id, xs)
SELECT id, (SELECT sum(x) FROM (VALUES 1, 2) v(y) CROSS JOIN UNNEST(ARRAY[y]) u(x) WHERE y <= id) FROM (VALUES 1, 2) t(id) ORDER BY 1
SELECT a.x FROM (VALUES 1, 2) a(x) WHERE EXISTS (SELECT 1 FROM (VALUES 1) b(y) WHERE EXISTS (SELECT 1 FROM (VALUES 1) c(z) WHERE c.z = b.y) AND b.y = a.x)
SELECT a.x FROM (VALUES 1, 2) a(x) WHERE EXISTS (SELECT 1 FROM (VALUES 1) b(y) WHERE EXISTS (SELECT 1 FROM (VALUES 1) c(z) WHERE c.z = a.x))
SELECT a.x FROM (VALUES 1, 2) a(x) WHERE a.x IN (SELECT b.y FROM (VALUES 1) b(y) WHERE b.y IN (SELECT z FROM (VALUES 1) c(z)) AND b.y = a.x)
SELECT a.x, (SELECT b.y FROM (VALUES 1) b(y) WHERE b.y = a.x AND a.x > 0) FROM (VALUES 1, 2) a(x) ORDER BY 1
SELECT a.x, (SELECT 'c' FROM (VALUES 1) b(y) WHERE b.y = a.x) FROM (VALUES 1, 2) a(x) ORDER BY 1
SELECT a.x, (SELECT 'c' FROM (VALUES 1) b(y) WHERE b.y = a.x LIMIT 1) FROM (VALUES 1, 2) a(x) ORDER BY 1
SELECT a.x, (SELECT a.x FROM (VALUES 1) b(y) WHERE b.y = a.x) FROM (VALUES 1, 2) a(x) ORDER BY 1
SELECT a.x, (SELECT COALESCE(max(y), a.x) FROM (VALUES 1) b(y) WHERE b.y = a.x) FROM (VALUES 1, 2) a(x) ORDER BY 1
SELECT a.x, (SELECT y FROM (VALUES 1, 2) b(y) WHERE b.y = a.x FETCH FIRST 1 ROW ONLY) FROM (VALUES 1, 2) a(x) ORDER BY 1
SELECT a.x, (SELECT y FROM (VALUES (1, 5), (2, 6)) b(k, y) WHERE b.k = a.x FETCH FIRST 1 ROW ONLY) FROM (VALUES 1, 2) a(x) ORDER BY 1
SELECT x, x <> ANY (SELECT y FROM (VALUES 1, 2) s(y)), x <> ANY (SELECT y FROM (VALUES 1) s(y)), x <> ANY (SELECT y FROM (VALUES NULL) s(y)), x <> ANY (SELECT y FROM (VALUES 1, NULL) s(y)), x <> ANY (SELECT 1 WHERE false) FROM (VALUES 1, 2, NULL) t(x) ORDER BY 1
SELECT x, x = ALL (SELECT y FROM (VALUES 1, 2) s(y)), x = ALL (SELECT y FROM (VALUES 1) s(y)), x = ALL (SELECT y FROM (VALUES NULL) s(y)), x = ALL (SELECT y FROM (VALUES 1, NULL) s(y)), x = ALL (SELECT 1 WHERE false) FROM (VALUES 1, 2, NULL) t(x) ORDER BY 1
SELECT x FROM (VALUES 1, 2, NULL) t(x) WHERE x <> ANY (SELECT y FROM (VALUES 1, 2) s(y)) ORDER BY 1
WITH n AS (SELECT 1 y UNION ALL SELECT 3) SELECT x, x = ALL (VALUES 1, 2), NOT x <> ANY (TABLE n), x = ALL (SELECT y FROM n WHERE y = x) FROM (VALUES 1, NULL) t(x) ORDER BY 1
