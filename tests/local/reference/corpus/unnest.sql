-- UNNEST of arrays, maps and rows, with ordinality, several at once, lateral.
SELECT x FROM UNNEST(ARRAY[1, 2, 3]) t(x)
SELECT * FROM UNNEST(ARRAY[1, 2, 3])
SELECT x FROM UNNEST(ARRAY[]) t(x)
SELECT x FROM UNNEST(ARRAY[NULL, 1]) t(x)
SELECT x FROM UNNEST(CAST(NULL AS array(integer))) t(x)
SELECT x, n FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY t(x, n)
SELECT * FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY
SELECT k, v FROM UNNEST(MAP(ARRAY['a', 'b'], ARRAY[1, 2])) t(k, v)
SELECT k, v, n FROM UNNEST(MAP(ARRAY['a', 'b'], ARRAY[1, 2])) WITH ORDINALITY t(k, v, n)
SELECT a, b FROM UNNEST(ARRAY[1, 2, 3], ARRAY['x', 'y']) t(a, b)
SELECT a, b, n FROM UNNEST(ARRAY[1], ARRAY['x', 'y']) WITH ORDINALITY t(a, b, n)
SELECT a, k, v FROM UNNEST(ARRAY[1, 2, 3], MAP(ARRAY['x'], ARRAY[9])) t(a, k, v)
SELECT a, b FROM UNNEST(ARRAY[ROW(1, 'x'), ROW(2, 'y')]) t(a, b)
SELECT * FROM UNNEST(ARRAY[CAST(ROW(1, 'x') AS ROW(p integer, q varchar))])
SELECT p, q FROM UNNEST(ARRAY[CAST(ROW(1, 'x') AS ROW(p integer, q varchar)), NULL])
SELECT a, b, n FROM UNNEST(ARRAY[ROW(1, 'x'), ROW(2, 'y')]) WITH ORDINALITY t(a, b, n)
SELECT a, b FROM UNNEST(ARRAY[ARRAY[1, 2], ARRAY[3]]) t(a) CROSS JOIN UNNEST(a) u(b)
SELECT id, x FROM (VALUES (1, ARRAY['a', 'b']), (2, ARRAY[]), (3, NULL)) t(id, xs) CROSS JOIN UNNEST(xs) u(x)
SELECT id, x FROM (VALUES (1, ARRAY['a', 'b']), (2, ARRAY[]), (3, NULL)) t(id, xs), UNNEST(xs) u(x)
SELECT id, x FROM (VALUES (1, ARRAY['a', 'b']), (2, ARRAY[]), (3, NULL)) t(id, xs) LEFT JOIN UNNEST(xs) u(x) ON true
SELECT id, x, n FROM (VALUES (1, ARRAY['a', 'b']), (2, ARRAY['c'])) t(id, xs) CROSS JOIN UNNEST(xs) WITH ORDINALITY u(x, n)
SELECT id, x FROM (VALUES (1, ARRAY['a', 'b'])) t(id, xs) LEFT JOIN UNNEST(xs) u(x) ON x = 'a'
SELECT id, x FROM (VALUES (1, ARRAY['a', 'b'])) t(id, xs) RIGHT JOIN UNNEST(xs) u(x) ON true
SELECT id, k, v FROM (VALUES (1, MAP(ARRAY['a'], ARRAY[10])), (2, MAP(ARRAY['b', 'c'], ARRAY[20, 30]))) t(id, m) CROSS JOIN UNNEST(m) u(k, v)
SELECT id, a, b FROM (VALUES (1, ARRAY[1, 2], ARRAY['x'])) t(id, xs, ys) CROSS JOIN UNNEST(xs, ys) u(a, b)
SELECT id, count(*), sum(x) FROM (VALUES (1, ARRAY[1, 2]), (2, ARRAY[5])) t(id, xs) CROSS JOIN UNNEST(xs) u(x) GROUP BY id
SELECT sum(x) FROM UNNEST(sequence(1, 10)) t(x)
SELECT x FROM UNNEST(ARRAY[3, 1, 2]) t(x) WHERE x > 1 ORDER BY x DESC
SELECT x + 1 FROM UNNEST(ARRAY[1, 2]) AS t(x)
SELECT t.x FROM UNNEST(ARRAY[1]) t(x) JOIN (VALUES 1) u(y) ON t.x = u.y
SELECT UNNEST(ARRAY[1, 2])
SELECT x FROM UNNEST(1) t(x)
SELECT x FROM UNNEST('a') t(x)
SELECT x FROM UNNEST(ARRAY[1]) t(x, y)
SELECT x, y FROM UNNEST(ARRAY[ROW(1, 2)]) t(x)
SELECT (SELECT max(x) FROM UNNEST(xs) u(x)) FROM (VALUES ARRAY[1, 5], ARRAY[2]) t(xs)
SELECT id FROM (VALUES (1, ARRAY[1, 5]), (2, ARRAY[2])) t(id, xs) WHERE EXISTS (SELECT 1 FROM UNNEST(xs) u(x) WHERE x > 3)
SELECT a.x, b.x FROM UNNEST(ARRAY[1, 2]) a(x) CROSS JOIN UNNEST(ARRAY[3, 4]) b(x)
SELECT e.k, e.v FROM (VALUES MAP(ARRAY['a'], ARRAY[1])) t(m) CROSS JOIN UNNEST(map_entries(m)) e(k, v)
SELECT d FROM UNNEST(sequence(DATE '2020-01-30', DATE '2020-02-02', INTERVAL '1' DAY)) t(d)
WITH t AS (SELECT 1 id, ARRAY[CAST(ROW('a', 1) AS ROW(name varchar, n integer)), CAST(ROW('b', 2) AS ROW(name varchar, n integer))] items) SELECT id, name, n FROM t CROSS JOIN UNNEST(items)
WITH t AS (SELECT 1 id, ARRAY[CAST(ROW('a', 1) AS ROW(name varchar, n integer))] items) SELECT i.name FROM t CROSS JOIN UNNEST(items) AS i
WITH t AS (SELECT 1 id, ARRAY[1, 2] xs) SELECT * FROM t CROSS JOIN UNNEST(xs) AS u(x)
WITH t AS (SELECT 1 id, ARRAY[1, 2] xs) SELECT id, x FROM t CROSS JOIN UNNEST(t.xs) AS u(x) WHERE x = 2
SELECT x FROM LATERAL (SELECT 1) t(x)
SELECT a, b FROM (VALUES 1, 2) t(a) CROSS JOIN LATERAL (SELECT a * 10) u(b)
SELECT a, b FROM (VALUES 1, 2) t(a), LATERAL (VALUES a + 1, a + 2) u(b)
SELECT * FROM TABLE(sequence(1, 3))
SELECT * FROM TABLE(sequence(start => 1, stop => 10, step => 4))
SELECT u.element[1].a, u.element[1].b, u.i FROM (VALUES (ARRAY[CAST(ROW(1, 'x') AS ROW(a integer, b varchar)), NULL, CAST(ROW(2, NULL) AS ROW(a integer, b varchar))]), (ARRAY[]), (NULL)) t(l) CROSS JOIN UNNEST(transform(l, e -> ARRAY[e])) WITH ORDINALITY AS u (element, i) ORDER BY u.i
SELECT u.element[1].a, v.element FROM (VALUES (ARRAY[CAST(ROW(ARRAY[1, 2]) AS ROW(a array(integer)))])) t(l) CROSS JOIN UNNEST(transform(l, e -> ARRAY[e])) AS u (element) CROSS JOIN UNNEST(u.element[1].a) AS v (element) ORDER BY v.element
