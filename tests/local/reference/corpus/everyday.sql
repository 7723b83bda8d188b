-- What analysts ask every day: sessions, running totals, pivots, gaps, JSON, windows, sets, samples.
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) t(id, n) TABLESAMPLE BERNOULLI (100)
SELECT count(*) FROM (VALUES 1, 2, 3) t(x) TABLESAMPLE SYSTEM (100)
SELECT count(*) FROM (VALUES 1, 2, 3) t(x) TABLESAMPLE BERNOULLI (0)
SELECT x FROM (VALUES 3, 1, 2) t(x) ORDER BY x FETCH FIRST ROW ONLY
SELECT x FROM (VALUES 3, 1, 2, 1) t(x) ORDER BY x FETCH FIRST 1 ROW WITH TIES
SELECT x, y FROM (VALUES (3, 'c'), (1, 'a'), (2, 'b'), (1, 'd')) t(x, y) ORDER BY x OFFSET 1 ROW FETCH NEXT 2 ROWS ONLY
SELECT x FROM (VALUES 3, 1, 2) t(x) ORDER BY x OFFSET 2
SELECT x FROM (VALUES 3, 1, 2) t(x) ORDER BY x LIMIT ALL
SELECT x, sum(x) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 1, 2, 4) t(x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 1, 2, 4) t(x) ORDER BY x
SELECT d, count(*) OVER (ORDER BY d RANGE BETWEEN INTERVAL '2' DAY PRECEDING AND CURRENT ROW) FROM (VALUES DATE '2024-01-01', DATE '2024-01-02', DATE '2024-01-04', DATE '2024-01-09') t(d) ORDER BY d
SELECT x, array_agg(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT k, x, lag(x, 1, 0) OVER (PARTITION BY k ORDER BY x), lead(x) IGNORE NULLS OVER (PARTITION BY k ORDER BY x NULLS FIRST) FROM (VALUES ('a', 1), ('a', NULL), ('b', 3), ('a', 5)) t(k, x) ORDER BY k, x
SELECT k, x, percent_rank() OVER (PARTITION BY k ORDER BY x), cume_dist() OVER (PARTITION BY k ORDER BY x), ntile(2) OVER (PARTITION BY k ORDER BY x) FROM (VALUES ('a', 1), ('a', 2), ('b', 3), ('a', 5)) t(k, x) ORDER BY k, x
SELECT a, b, count(*), grouping(a, b) FROM (VALUES (1, 'x'), (1, 'y'), (2, 'x')) t(a, b) GROUP BY CUBE (a, b) ORDER BY 1, 2, 4
SELECT a, b, sum(c) FROM (VALUES (1, 'x', 10), (1, 'y', 20), (2, 'x', 30)) t(a, b, c) GROUP BY GROUPING SETS ((a), (b), ()) ORDER BY a NULLS LAST, b NULLS LAST
SELECT a, sum(c) FROM (VALUES (1, 'x', 10), (1, 'y', 20), (2, 'x', 30)) t(a, b, c) GROUP BY a, ROLLUP (b) ORDER BY 1, 2
SELECT a AS k, count(*) FROM (VALUES 1, 1, 2) t(a) GROUP BY k
SELECT a % 2 AS a, count(*) FROM (VALUES 1, 1, 2) t(a) GROUP BY a ORDER BY 1
SELECT a % 2 AS p, count(*) c FROM (VALUES 1, 1, 2) t(a) GROUP BY 1 HAVING count(*) > 1 ORDER BY c
SELECT count(*) c FROM (VALUES 1, 1, 2) t(a) HAVING c > 1
SELECT t.id, u.x FROM (VALUES (1, ARRAY[1, 2]), (2, ARRAY[]), (3, NULL)) t(id, xs) CROSS JOIN UNNEST(xs) AS u(x) ORDER BY 1, 2
SELECT t.id, u.x, u.n FROM (VALUES (1, ARRAY['a', 'b']), (2, ARRAY[]), (3, NULL)) t(id, xs) LEFT JOIN UNNEST(xs) WITH ORDINALITY AS u(x, n) ON TRUE ORDER BY 1, 3
SELECT k, v FROM (VALUES MAP(ARRAY['a', 'b'], ARRAY[1, 2])) t(m) CROSS JOIN UNNEST(m) AS u(k, v) ORDER BY k
SELECT a, b, n FROM UNNEST(ARRAY[1, 2, 3], ARRAY['x', 'y']) WITH ORDINALITY AS t(a, b, n) ORDER BY n
SELECT animals, lifespan FROM (VALUES ARRAY[CAST(ROW('dog', 13) AS ROW(a varchar, l integer)), CAST(ROW('cat', 16) AS ROW(a varchar, l integer))]) t(x) CROSS JOIN UNNEST(x) AS u(animals, lifespan) ORDER BY 1
SELECT * FROM UNNEST(ARRAY[ROW(1, 'a'), ROW(2, 'b')]) AS t(n, s) ORDER BY n
SELECT n.x, l.y FROM (VALUES 1, 2) n(x) CROSS JOIN LATERAL (SELECT x * 10 AS y) l ORDER BY 1
SELECT n.x, l.y FROM (VALUES 1, 2) n(x), LATERAL (SELECT n.x + 1) l(y) ORDER BY 1
WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 4) SELECT sum(n) FROM t
WITH RECURSIVE fib(a, b) AS (SELECT 0, 1 UNION ALL SELECT b, a + b FROM fib WHERE b < 50) SELECT a FROM fib ORDER BY a
WITH RECURSIVE tree(id, path) AS (SELECT id, ARRAY[id] FROM (VALUES (1, NULL), (2, 1), (3, 2)) n(id, p) WHERE p IS NULL UNION ALL SELECT n.id, tree.path || n.id FROM (VALUES (1, NULL), (2, 1), (3, 2)) n(id, p) JOIN tree ON n.p = tree.id) SELECT * FROM tree ORDER BY id
WITH RECURSIVE t(n) AS (VALUES 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t
SELECT a.id, b.v FROM (VALUES (1), (2)) a(id) LEFT JOIN (VALUES (1, 'x')) b(id, v) ON a.id = b.id ORDER BY 1
SELECT a.id, b.id FROM (VALUES 1, 2) a(id) FULL OUTER JOIN (VALUES 2, 3) b(id) ON a.id = b.id ORDER BY 1, 2
SELECT id, v, w FROM (VALUES (1, 'x')) a(id, v) FULL JOIN (VALUES (2, 'y')) b(id, w) USING (id) ORDER BY id
SELECT a.id FROM (VALUES 1, 2, 3) a(id) JOIN (VALUES 2, 3) b(id) ON a.id >= b.id AND a.id < b.id + 2 ORDER BY 1
SELECT id FROM (VALUES 1, 2) a(id) NATURAL JOIN (VALUES 2) b(id)
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE EXISTS (SELECT 1 FROM (VALUES 2, 3) u(y) WHERE u.y = t.x) ORDER BY x
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE NOT EXISTS (SELECT 1 FROM (VALUES 2, 3) u(y) WHERE u.y = t.x)
SELECT x FROM (VALUES 1, 2, 3, NULL) t(x) WHERE x NOT IN (SELECT y FROM (VALUES 2, NULL) u(y))
SELECT x, (SELECT max(y) FROM (VALUES (1, 10), (1, 20), (2, 5)) u(k, y) WHERE u.k = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, (SELECT count(*) FROM (VALUES (1, 10), (1, 20), (2, 5)) u(k, y) WHERE u.k = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x >= ALL (VALUES 1, 2, 3)
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x = ANY (VALUES 1, 3) ORDER BY x
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x > SOME (SELECT 1) ORDER BY x
SELECT 1 UNION SELECT 1 UNION ALL SELECT 2 ORDER BY 1
SELECT 1 INTERSECT SELECT 1.0E0
SELECT x FROM (VALUES 1, 1, 2) t(x) EXCEPT SELECT 2
SELECT x FROM (VALUES 1, 1, 2, 2) t(x) INTERSECT ALL SELECT y FROM (VALUES 1, 2, 2) u(y) ORDER BY x
SELECT x FROM (VALUES 1, 1, 2, 2) t(x) EXCEPT ALL SELECT y FROM (VALUES 1, 2) u(y) ORDER BY x
(SELECT 1 AS x LIMIT 1) UNION ALL (SELECT 2 ORDER BY 1) ORDER BY x DESC
VALUES (1, 'a'), (2, 'b') ORDER BY 1 DESC
TABLE x
SELECT DISTINCT x, y FROM (VALUES (1, 2), (1, 2), (2, 1)) t(x, y) ORDER BY y
SELECT x FROM (VALUES 1, 2, NULL) t(x) ORDER BY x DESC
SELECT x FROM (VALUES 1, 2, NULL) t(x) ORDER BY x DESC NULLS FIRST
SELECT x FROM (VALUES 1, 2, NULL) t(x) ORDER BY -x
SELECT x AS y, -x AS x FROM (VALUES 1, 2) t(x) ORDER BY x
SELECT x AS y, -x AS z FROM (VALUES 1, 2) t(x) ORDER BY y + z, x
SELECT count(*) FILTER (WHERE x > 1), sum(x) FILTER (WHERE x > 5), array_agg(x ORDER BY x DESC) FILTER (WHERE x IS NOT NULL) FROM (VALUES 1, 2, NULL, 3) t(x)
SELECT array_agg(x), array_agg(DISTINCT x), array_agg(x ORDER BY y DESC) FROM (VALUES (1, 1), (1, 2)) t(x, y)
SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x DESC) FROM (VALUES 'a', 'c', 'b', NULL) t(x)
SELECT k, listagg(x, ', ') WITHIN GROUP (ORDER BY x) FILTER (WHERE x <> 'a') FROM (VALUES (1, 'a'), (1, 'c'), (2, 'b')) t(k, x) GROUP BY k ORDER BY k
SELECT max_by(x, y), min_by(x, y), max_by(x, y, 2), max(x, 2), min(x, 2) FROM (VALUES ('a', 3), ('b', 1), ('c', 2)) t(x, y)
SELECT histogram(x), map_agg(x, 1), multimap_agg(x, y), count_if(y > 1), bool_and(y > 0), every(y > 1) FROM (VALUES ('a', 3), ('b', 1)) t(x, y)
SELECT map_union(m) FROM (VALUES MAP(ARRAY[1], ARRAY['a']), MAP(ARRAY[2], ARRAY['b'])) t(m)
SELECT approx_distinct(x), approx_percentile(x, 0.5e0), approx_percentile(x, ARRAY[0.25e0, 0.75e0]) FROM UNNEST(sequence(1, 100)) t(x)
SELECT approx_percentile(x, 0.9e0) FROM UNNEST(sequence(1, 10)) t(x)
SELECT reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FROM (VALUES 1, 2, 3) t(x)
SELECT stddev(x), stddev_pop(x), variance(x), var_pop(x), skewness(x), kurtosis(x) FROM (VALUES 1, 2, 3, 5, 9) t(x)
SELECT corr(x, y), covar_pop(x, y), covar_samp(x, y), regr_slope(y, x), regr_intercept(y, x) FROM (VALUES (1, 2), (2, 4), (3, 7)) t(x, y)
SELECT regr_avgx(y, x), regr_avgy(y, x), regr_count(y, x), regr_r2(y, x), regr_sxx(y, x), regr_sxy(y, x), regr_syy(y, x) FROM (VALUES (1, 2), (2, 4), (3, 7)) t(x, y)
SELECT entropy(x), geometric_mean(x) FROM (VALUES 1, 2, 3) t(x)
SELECT bitwise_and_agg(x), bitwise_or_agg(x), bitwise_xor_agg(x) FROM (VALUES 3, 5) t(x)
SELECT any_value(x), arbitrary(x) FROM (VALUES NULL, 5) t(x)
SELECT sum(DISTINCT x), avg(DISTINCT x), count(DISTINCT x) FROM (VALUES 1, 1, 2) t(x)
SELECT avg(x), sum(x) FROM (VALUES DECIMAL '1.10', DECIMAL '2.25') t(x)
SELECT avg(x), typeof(avg(x)), typeof(sum(x)) FROM (VALUES 1, 2) t(x)
SELECT avg(x) FROM (VALUES INTERVAL '1' DAY, INTERVAL '2' DAY) t(x)
WITH events(user_id, ts, name) AS (VALUES (1, TIMESTAMP '2024-01-01 10:00:00', 'view'), (1, TIMESTAMP '2024-01-01 10:10:00', 'click'), (1, TIMESTAMP '2024-01-01 12:00:00', 'view'), (2, TIMESTAMP '2024-01-02 09:00:00', 'view')), marked AS (SELECT *, CASE WHEN date_diff('minute', lag(ts) OVER (PARTITION BY user_id ORDER BY ts), ts) > 30 OR lag(ts) OVER (PARTITION BY user_id ORDER BY ts) IS NULL THEN 1 ELSE 0 END AS is_new FROM events) SELECT user_id, sum(is_new) OVER (PARTITION BY user_id ORDER BY ts) AS session, ts, name FROM marked ORDER BY 1, 3
WITH d AS (SELECT CAST(day AS date) AS day FROM UNNEST(sequence(DATE '2024-01-01', DATE '2024-01-05', INTERVAL '1' DAY)) t(day)), s(day, v) AS (VALUES (DATE '2024-01-02', 3), (DATE '2024-01-04', 5)) SELECT d.day, COALESCE(s.v, 0) v, sum(COALESCE(s.v, 0)) OVER (ORDER BY d.day) running, avg(COALESCE(s.v, 0)) OVER (ORDER BY d.day ROWS 2 PRECEDING) ma FROM d LEFT JOIN s ON d.day = s.day ORDER BY 1
SELECT k, max(v) FILTER (WHERE n = 'x') AS x, max(v) FILTER (WHERE n = 'y') AS y FROM (VALUES (1, 'x', 10), (1, 'y', 20), (2, 'x', 5)) t(k, n, v) GROUP BY k ORDER BY k
SELECT k, kv['x'] AS x, element_at(kv, 'y') AS y FROM (SELECT k, map_agg(n, v) kv FROM (VALUES (1, 'x', 10), (1, 'y', 20), (2, 'x', 5)) t(k, n, v) GROUP BY k) ORDER BY k
SELECT date_trunc('month', d) AS m, count(DISTINCT u) AS mau, lag(count(DISTINCT u)) OVER (ORDER BY date_trunc('month', d)) AS prev FROM (VALUES (DATE '2024-01-03', 1), (DATE '2024-01-09', 2), (DATE '2024-02-02', 1)) t(d, u) GROUP BY date_trunc('month', d) ORDER BY m
SELECT grp, min(d) AS s, max(d) AS e, count(*) AS n FROM (SELECT d, date_add('day', -CAST(row_number() OVER (ORDER BY d) AS integer), d) AS grp FROM (VALUES DATE '2024-01-01', DATE '2024-01-02', DATE '2024-01-05') t(d)) GROUP BY grp ORDER BY 2
SELECT * FROM (SELECT k, v, row_number() OVER (PARTITION BY k ORDER BY v DESC) AS rn FROM (VALUES ('a', 1), ('a', 5), ('b', 2)) t(k, v)) WHERE rn = 1 ORDER BY k
SELECT json_extract_scalar(e, '$.user.id') AS uid, CAST(json_extract(e, '$.items') AS array(ROW(sku varchar, qty integer))) AS items FROM (VALUES JSON '{"user": {"id": "u1"}, "items": [{"sku": "a", "qty": 2}, {"sku": "b", "qty": 1}]}') t(e)
SELECT uid, i.sku, i.qty FROM (SELECT json_extract_scalar(e, '$.user.id') AS uid, CAST(json_extract(e, '$.items') AS array(ROW(sku varchar, qty integer))) AS items FROM (VALUES JSON '{"user": {"id": "u1"}, "items": [{"sku": "a", "qty": 2}, {"sku": "b", "qty": 1}]}') t(e)) CROSS JOIN UNNEST(items) AS i(sku, qty) ORDER BY 2
SELECT id, reduce(xs, 0, (s, x) -> s + x * id, s -> s), filter(xs, x -> x > id), transform(xs, x -> x || '-' || CAST(id AS varchar)) FROM (VALUES (1, ARRAY[1, 2, 3])) t(id, xs)
SELECT id, filter(xs, x -> x > id) f, transform(xs, x -> CAST(x AS varchar) || '-' || CAST(id AS varchar)) g, any_match(xs, x -> contains(ARRAY[2], x)) h FROM (VALUES (1, ARRAY[1, 2, 3]), (2, ARRAY[])) t(id, xs) ORDER BY id
SELECT a.x, b.y FROM (VALUES 1, 2) a(x) CROSS JOIN (SELECT y FROM (VALUES 3, 4) t(y)) b WHERE a.x + 2 = b.y ORDER BY 1
SELECT t.x, (SELECT array_agg(y ORDER BY y DESC) FROM (VALUES (1, 10), (1, 20), (2, 5)) u(k, y) WHERE u.k = t.x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT t.x FROM (VALUES 1, 2, 3) t(x) WHERE (SELECT count(*) FROM (VALUES 1, 1, 2) u(y) WHERE u.y <= t.x) > 2 ORDER BY 1
SELECT x, CASE WHEN x IN (SELECT y FROM (VALUES 1, 3) u(y)) THEN 'in' ELSE 'out' END FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT x, EXISTS (SELECT 1 FROM (VALUES 1, 3) u(y) WHERE y > x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 1
SELECT (x, y) IN (SELECT a, b FROM (VALUES (1, 2)) u(a, b)) FROM (VALUES (1, 2), (2, 3)) t(x, y) ORDER BY 1
SELECT t.x, l.s FROM (VALUES 1, 2) t(x) CROSS JOIN LATERAL (SELECT sum(y) AS s FROM (VALUES 1, 2, 3) u(y) WHERE y > t.x) l ORDER BY 1
SELECT t.x, l.y FROM (VALUES 1, 2) t(x) LEFT JOIN LATERAL (SELECT y FROM (VALUES 1, 3) u(y) WHERE u.y = t.x) l ON true ORDER BY 1
SELECT t.x, u.e FROM (VALUES (1, ARRAY[1, 2]), (2, ARRAY[3])) t(x, es) LEFT JOIN UNNEST(es) u(e) ON true ORDER BY 1, 2
SELECT id, x FROM (VALUES (1, ARRAY[3, 1])) t(id, xs), UNNEST(xs) AS u(x) ORDER BY x
SELECT id, (SELECT sum(x) FROM UNNEST(xs) AS u(x)) s, (SELECT max(x) FROM UNNEST(xs) u(x) WHERE x < 3) m FROM (VALUES (1, ARRAY[3, 1]), (2, ARRAY[])) t(id, xs) ORDER BY 1
SELECT id FROM (VALUES (1, ARRAY[3, 1]), (2, ARRAY[1])) t(id, xs) WHERE EXISTS (SELECT 1 FROM UNNEST(xs) u(x) WHERE x > 2)
SELECT id, array_join(ARRAY(SELECT 1), ',') FROM (VALUES 1) t(id)
SELECT count(*), count(x), count(DISTINCT x), sum(x), avg(x), min(x), max(x) FROM (SELECT 1 AS x WHERE false)
SELECT sum(x) FROM (VALUES 1, 2) t(x) HAVING sum(x) > 5
SELECT x FROM (VALUES 1, 2) t(x) GROUP BY x HAVING max(x) > 1
SELECT "Key", "VAL ue" FROM (VALUES (1, 'a')) t("Key", "VAL ue")
SELECT T.X FROM (VALUES 1) t(x)
SELECT t.* FROM (VALUES (1, 'a')) t(x, y)
SELECT t.x AS a, t.* FROM (VALUES (1, 'a')) t(x, y)
SELECT *, x + 1 FROM (VALUES (1, 'a')) t(x, y)
SELECT u.*, t.x FROM (VALUES (1, 'a')) t(x, y) JOIN (VALUES (1, 'b')) u(x, z) ON t.x = u.x
SELECT * FROM (VALUES (1, 'a')) t(x, y) JOIN (VALUES (1, 'b')) u(x, z) USING (x) JOIN (VALUES (1, 'c')) v(x, w) USING (x)
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS x FROM a), a2 AS (WITH a AS (SELECT 10 AS x) SELECT * FROM a) SELECT a.x, b.x, a2.x FROM a, b, a2
SELECT r.a, r.b.c FROM (SELECT CAST(ROW(1, ROW(2)) AS ROW(a integer, b ROW(c integer))) AS r)
SELECT t.r.a FROM (SELECT CAST(ROW(1, ROW(2)) AS ROW(a integer, b ROW(c integer))) AS r) t
SELECT (r).a FROM (SELECT CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) r)
SELECT CAST(ROW(1, 'x') AS ROW(a integer, b varchar)).b
SELECT xs[1].a, xs[1]['k'] FROM (SELECT ARRAY[CAST(ROW(1) AS ROW(a integer))] xs)
SELECT xs[1].a, m['k'][2] FROM (SELECT ARRAY[CAST(ROW(1) AS ROW(a integer))] xs, MAP(ARRAY['k'], ARRAY[ARRAY[1, 2]]) m)
SELECT x, count(*) OVER () c, sum(x) OVER (PARTITION BY x % 2 ORDER BY x DESC) s FROM (VALUES 1, 2, 3, 4) t(x) ORDER BY x LIMIT 3
SELECT x FROM (VALUES 1, 2, 3) t(x) ORDER BY row_number() OVER (ORDER BY x DESC)
SELECT k, array_agg(v ORDER BY v)[1], max_by(v, v), cardinality(array_agg(v)) FROM (VALUES (1, 2), (1, 1), (2, 9)) t(k, v) GROUP BY k ORDER BY k
SELECT k, sum(v) s FROM (VALUES (1, 2), (1, 1), (2, 9)) t(k, v) GROUP BY k ORDER BY sum(v) DESC, s
SELECT k FROM (VALUES (1, 2), (1, 1), (2, 9)) t(k, v) GROUP BY k ORDER BY max(v)
SELECT upper(k) || 'x', count(*) FROM (VALUES 'a', 'A', 'b') t(k) GROUP BY upper(k) ORDER BY 1
SELECT k + 1, k + 1 + 1 FROM (VALUES 1, 2) t(k) GROUP BY k + 1 ORDER BY 1
SELECT k, v FROM (VALUES (1, 2)) t(k, v) GROUP BY k
SELECT CASE WHEN x > 1 THEN 'big' ELSE 'small' END AS size, count(*) FROM (VALUES 1, 2, 3) t(x) GROUP BY CASE WHEN x > 1 THEN 'big' ELSE 'small' END ORDER BY size
SELECT date_format(ts, '%Y-%m') AS ym, count(*) FROM (VALUES TIMESTAMP '2024-01-05 00:00:00', TIMESTAMP '2024-02-05 00:00:00') t(ts) GROUP BY 1 ORDER BY 1
SELECT GROUPING(k), k, sum(v) FROM (VALUES ('a', 1), ('b', 2)) t(k, v) GROUP BY ROLLUP(k) ORDER BY 1, 2
SELECT k1, k2, sum(v), grouping(k1, k2) FROM (VALUES ('a', 'x', 1), ('b', 'y', 2)) t(k1, k2, v) GROUP BY GROUPING SETS ((k1, k2), (k1), ()) ORDER BY 4, 1, 2
SELECT x FROM (VALUES 'b', 'A', 'a', 'B', NULL, '') t(x) ORDER BY x
SELECT x FROM (VALUES 1.5, NULL, nan(), infinity(), -infinity()) t(x) ORDER BY x
SELECT max(x), min(x) FROM (VALUES 1.5, nan(), 2.5) t(x)
SELECT x FROM (VALUES true, false, NULL) t(x) ORDER BY x DESC
SELECT x FROM (VALUES ARRAY[1, 2], ARRAY[1], ARRAY[2]) t(x) ORDER BY x
SELECT x FROM (VALUES ROW(1, 'b'), ROW(1, 'a')) t(x) ORDER BY x
SELECT DISTINCT x FROM (VALUES ARRAY[1, 2], ARRAY[1, 2]) t(x)
SELECT x, count(*) FROM (VALUES MAP(ARRAY[1], ARRAY[2]), MAP(ARRAY[1], ARRAY[2])) t(x) GROUP BY x
SELECT count(DISTINCT x) FROM (VALUES ROW(1, 2), ROW(1, 2), ROW(1, NULL)) t(x)
SELECT count(DISTINCT (x, y)) FROM (VALUES (1, 2), (1, 2), (1, NULL)) t(x, y)
SELECT * FROM (VALUES (1, NULL), (NULL, 2)) t(a, b) ORDER BY a, b
SELECT NULL AS x UNION ALL SELECT 1
SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2.5, 'yy'
SELECT typeof(x) FROM (SELECT 1 AS x UNION ALL SELECT BIGINT '2') LIMIT 1
SELECT typeof(x) FROM (SELECT DECIMAL '1.5' AS x UNION ALL SELECT 2) LIMIT 1
SELECT typeof(x) FROM (SELECT 'a' AS x UNION ALL SELECT 'abc') LIMIT 1
SELECT typeof(x) FROM (SELECT DATE '2024-01-01' AS x UNION ALL SELECT TIMESTAMP '2024-01-01 00:00:00') LIMIT 1
SELECT x FROM (VALUES 1) t(x) UNION SELECT y FROM (VALUES 2) t(y) ORDER BY x DESC
SELECT x FROM (VALUES 1) t(x) UNION SELECT y FROM (VALUES 2) t(y) ORDER BY y
SELECT * FROM (VALUES 1, 2) t(x) WHERE x = (SELECT max(x) FROM (VALUES 1, 2) t(x))
SELECT * FROM (VALUES 1, 2) t(x) WHERE x > (SELECT avg(y) FROM (VALUES 1, 2) u(y))
SELECT 1 WHERE 1 = 1 AND NOT (2 > 3) OR NULL
SELECT U&'\+01F600', U&'d\0061t\+000061', U&'!0061' UESCAPE '!'
SELECT 1e3, .5, 5., 1E-2, 0x1F, 0b101, 1_000
SELECT -1, - 1, +1, - -1, -(-1)
SELECT 1 AS "select", 2 AS "A b"
SELECT a.b FROM (VALUES 1) a(b) WHERE a.b IS NOT NULL AND a.b <> 2 AND a.b != 3
SELECT x FROM (VALUES 1, 2, 3, 4, 5) t(x) WHERE x BETWEEN SYMMETRIC 4 AND 2
SELECT DATE '2024-01-01' > '2023-01-01'
SELECT TIMESTAMP '2024-01-01 00:00:00' > DATE '2023-01-01', DATE '2024-01-01' BETWEEN TIMESTAMP '2023-01-01 00:00:00' AND TIMESTAMP '2025-01-01 00:00:00'
SELECT now() - INTERVAL '1' DAY < now(), current_date - INTERVAL '7' DAY < current_date
SELECT CAST(now() AS date) - DATE '2020-01-01' > INTERVAL '1' DAY
SELECT date_diff('day', DATE '2024-01-01', current_timestamp) > 0
SELECT year(now()) >= 2024, date_trunc('day', now()) <= now()
SELECT to_unixtime(from_iso8601_timestamp('2024-01-01T00:00:00Z')), CAST(to_unixtime(TIMESTAMP '2024-01-01 00:00:00') AS bigint)
SELECT date(from_unixtime(1704067200)), CAST(from_unixtime(1704067200) AS date), date('2024-01-01'), date(TIMESTAMP '2024-01-01 10:00:00')
SELECT date_parse('20240115', '%Y%m%d'), CAST(date_parse('2024-01-15 13:45:10', '%Y-%m-%d %H:%i:%s') AS date), date_parse('Jan 5, 2024', '%b %e, %Y'), date_parse('2024-01-15 01:45:10 PM', '%Y-%m-%d %h:%i:%s %p'), date_parse('15/01/24', '%d/%m/%y')
SELECT format_datetime(from_unixtime(0), 'yyyy-MM-dd HH:mm:ss.SSS ZZ'), date_format(from_unixtime(0), '%Y%m%d%H'), date_format(DATE '2024-02-09', '%d.%m.%y %x-%v %U %u %w %D')
SELECT try(json_parse('{bad')), json_extract_scalar('{bad', '$.a'), json_extract('{"a":1}', '$.b'), try(json_extract('{"a":1}', 'bad path'))
SELECT json_extract_scalar(x, '$.a') FROM (VALUES '{"a": true}', '{"a": 1.50}', '{"a": null}', '{"a": [1]}', '{"a": "q\"q"}') t(x)
SELECT json_extract('{"store":{"book":[{"t":"A"},{"t":"B"}]}}', '$.store.book[*].t'), json_extract('{"a":[1,2,3]}', '$.a[-1]'), json_extract('{"a":{"b":1}}', '$..b'), json_extract_scalar('{"a.b": 1}', '$["a.b"]')
SELECT CAST(json_parse('{"a":[1,2],"b":{"c":"d"}}') AS map(varchar, json)), json_format(json_parse('{"a" : 1.0, "b": "x/y", "c": "\u00e9"}')), json_parse('[1.10, 1e5, 12345678901234567890]')
SELECT CAST(MAP(ARRAY['a', 'b'], ARRAY[JSON '1', JSON 'null']) AS json), CAST(CAST(ROW(1, NULL, 'x') AS ROW(a integer, b varchar, c varchar)) AS json), CAST(ARRAY[MAP(ARRAY['k'], ARRAY[1.5])] AS json), CAST(TIMESTAMP '2024-01-01 00:00:00' AS json)
SELECT CAST(json_extract('{"a": {"x": 1, "y": 2}}', '$.a') AS map(varchar, bigint)), map_keys(CAST(JSON '{"k":1}' AS map(varchar, integer)))
SELECT k, v FROM (VALUES JSON '{"a": 1, "b": 2}') t(j) CROSS JOIN UNNEST(CAST(j AS map(varchar, integer))) u(k, v) ORDER BY k
SELECT transform(CAST(JSON '[{"n": "a"}, {"n": "b"}]' AS array(json)), x -> json_extract_scalar(x, '$.n'))
SELECT CAST(JSON '"2024-01-01"' AS date)
SELECT CAST(JSON '1' AS varchar), CAST(JSON '"a"' AS varchar), CAST(JSON '1.5' AS integer), CAST(JSON 'true' AS boolean), CAST(JSON 'null' AS integer), CAST(JSON '"12"' AS bigint)
SELECT a, b FROM (VALUES ('x', 1)) t(a, b) WHERE (a, b) = ('x', 1)
SELECT ROW(1, NULL) = ROW(1, NULL), ROW(1, 2) <> ROW(1, 3), ARRAY[1, NULL] = ARRAY[1, NULL], MAP(ARRAY[1], ARRAY[NULL]) = MAP(ARRAY[1], ARRAY[2])
SELECT IF(x > 1, x), NULLIF(x, 2), COALESCE(NULLIF(x, 2), 0) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT sum(IF(x > 1, 1, 0)), sum(CASE WHEN x > 1 THEN 1.0 END), count(CASE WHEN x > 1 THEN 1 END), avg(CAST(x AS double)), 1.0 * count_if(x > 1) / count(*) FROM (VALUES 1, 2, 3) t(x)
