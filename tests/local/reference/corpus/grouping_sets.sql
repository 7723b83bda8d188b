-- GROUPING SETS, ROLLUP, CUBE, grouping().
SELECT a, b, sum(x) FROM (VALUES ('p', 'q', 1), ('p', 'r', 2), ('s', 'q', 4)) t(a, b, x) GROUP BY ROLLUP (a, b) ORDER BY a, b
SELECT a, b, sum(x) FROM (VALUES ('p', 'q', 1), ('p', 'r', 2), ('s', 'q', 4)) t(a, b, x) GROUP BY CUBE (a, b) ORDER BY a, b
SELECT a, b, sum(x) FROM (VALUES ('p', 'q', 1), ('p', 'r', 2), ('s', 'q', 4)) t(a, b, x) GROUP BY GROUPING SETS ((a, b), (a), ()) ORDER BY a, b
SELECT a, b, sum(x), grouping(a, b), grouping(a), grouping(b) FROM (VALUES ('p', 'q', 1), ('s', 'q', 4)) t(a, b, x) GROUP BY GROUPING SETS ((a), (b), ()) ORDER BY 4, 1, 2
SELECT a, b, count(*) FROM (VALUES ('p', 'q'), ('p', 'r')) t(a, b) GROUP BY a, ROLLUP (b) ORDER BY a, b
SELECT a, count(*) FROM (VALUES 'p', NULL) t(a) GROUP BY ROLLUP (a) ORDER BY a, 2
SELECT a, grouping(a), count(*) FROM (VALUES 'p', NULL) t(a) GROUP BY ROLLUP (a) ORDER BY 2, 1
SELECT a, count(*) FROM (VALUES 'p') t(a) GROUP BY GROUPING SETS (a, a)
SELECT count(*) FROM (VALUES 'p') t(a) GROUP BY ()
SELECT count(*) FROM (SELECT 1 x WHERE false) GROUP BY ()
SELECT x, count(*) FROM (SELECT 1 x WHERE false) GROUP BY ROLLUP (x)
SELECT a, b, c, count(*) FROM (VALUES (1, 2, 3)) t(a, b, c) GROUP BY GROUPING SETS (ROLLUP (a, b), CUBE (c)) ORDER BY 1, 2, 3
SELECT a, b, count(*) FROM (VALUES (1, 2)) t(a, b) GROUP BY DISTINCT ROLLUP (a, b), ROLLUP (b) ORDER BY 1, 2
SELECT a, b FROM (VALUES (1, 2)) t(a, b) GROUP BY ROLLUP (a)
SELECT grouping(a) FROM (VALUES 1) t(a)
SELECT grouping(b) FROM (VALUES (1, 2)) t(a, b) GROUP BY a
SELECT a, sum(x) FROM (VALUES ('p', 1), ('q', 2)) t(a, x) GROUP BY ROLLUP (a) HAVING grouping(a) = 1
SELECT coalesce(a, 'total'), sum(x) FROM (VALUES ('p', 1), ('q', 2)) t(a, x) GROUP BY ROLLUP (a) ORDER BY 1
SELECT a % 2, sum(a) FROM (VALUES 1, 2, 3) t(a) GROUP BY ROLLUP (a % 2)
SELECT count(*) FROM (VALUES (1, 2)) t(x, y) GROUP BY ROLLUP ((x + 1), length(CAST(y AS varchar)))
