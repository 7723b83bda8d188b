-- Which names and types the columns of a result have.
SELECT 1, 'a', 1.5, true, NULL, DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00', X'01', ARRAY[1], MAP(ARRAY['a'], ARRAY[1]), ROW(1, 'a')
SELECT count(*), sum(x) AS total, max(x) "Max X", x + 1, x, t.x, upper('a') u FROM (VALUES 1) t(x) GROUP BY x
SELECT x FROM (SELECT count(*) x FROM (VALUES 1) t(y))
SELECT * FROM (SELECT 1, 2 b, 3)
SELECT * FROM (VALUES (1, 'a')) t
SELECT _col0 FROM (SELECT 1)
SELECT "_col1" FROM (SELECT 1, 2)
SELECT t._col0 FROM (VALUES 5) t
SELECT r.a, (r).b, r[1] FROM (SELECT CAST(ROW(1, 2) AS ROW(a integer, b integer)) r)
SELECT m['a'], a[1], element_at(a, 1) e FROM (SELECT MAP(ARRAY['a'], ARRAY[1]) m, ARRAY[2] a)
SELECT CAST(1 AS bigint), CAST(1 AS bigint) b, CASE WHEN true THEN 1 END, (SELECT 5), (SELECT 6 q), EXISTS (SELECT 1), 1 IN (1)
SELECT CAST(1 AS decimal(10, 2)), CAST('a' AS varchar(5)), CAST('a' AS char(5)), 'abc', CAST('a' AS varchar), CAST(1 AS real), CAST(1 AS tinyint), CAST(1 AS smallint), now() IS NULL, INTERVAL '1' DAY, INTERVAL '1' YEAR, TIME '10:00:00', JSON '1', UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'
SELECT x AS "SELECT", x AS "a.b", x AS "quo""te", x AS ünïcode FROM (VALUES 1) t(x)
SELECT x AS Mixed, x AS "Mixed", X FROM (VALUES 1) t(x)
SELECT "T"."X" FROM (VALUES 1) t(x)
SELECT a.*, b.* FROM (VALUES (1, 2)) a(x, y) CROSS JOIN (VALUES (3, 4)) b(x, y)
SELECT * FROM (VALUES (1, 2)) a(x, y) CROSS JOIN (VALUES (3, 4)) b(x, y)
SELECT * FROM (VALUES (1, 2)) a(x, y) JOIN (VALUES (1, 4)) b(x, z) USING (x)
SELECT x, x FROM (VALUES 1) t(x)
SELECT 1 a UNION SELECT 2 b
SELECT 'a' a UNION ALL SELECT 'bcd'
SELECT 1 a UNION ALL SELECT 2.5
SELECT DECIMAL '1.5' a UNION ALL SELECT DECIMAL '12.25' UNION ALL SELECT 3
SELECT NULL a UNION ALL SELECT 1
SELECT DATE '2024-01-01' a UNION ALL SELECT TIMESTAMP '2024-01-01 10:00:00'
SELECT CAST('a' AS char(2)) a UNION ALL SELECT 'abc'
SELECT ARRAY[1] a UNION ALL SELECT ARRAY[2.5]
SELECT ROW(1, 'a') a UNION ALL SELECT ROW(2.5, NULL)
SELECT x FROM (VALUES 1, 2.5) t(x)
SELECT x, typeof(x) FROM (VALUES DECIMAL '1.5', 2) t(x)
SELECT coalesce(x, 0), typeof(coalesce(x, 0)) FROM (VALUES 1.5, NULL) t(x)
SELECT typeof(x) FROM (VALUES NULL, NULL) t(x)
SELECT x FROM (VALUES NULL) t(x)
SELECT NULL, ARRAY[NULL], coalesce(NULL, NULL)
SELECT lag(x) OVER (ORDER BY x), count(*) OVER (), avg(x) OVER () FROM (VALUES 1) t(x)
SELECT array_agg(x), map_agg(x, x), max_by(x, x), approx_percentile(x, 0.5), histogram(x), approx_distinct(x), array_agg(ROW(x, 'a')) FROM (VALUES 1) t(x)
SELECT extract(year FROM DATE '2024-01-01'), date_trunc('day', TIMESTAMP '2024-01-01 00:00:00'), date_diff('day', DATE '2024-01-01', DATE '2024-01-02'), year(DATE '2024-01-01'), date_format(DATE '2024-01-01', '%Y'), from_unixtime(0), to_unixtime(TIMESTAMP '2024-01-01 00:00:00'), DATE '2024-01-02' - DATE '2024-01-01'
SELECT length('a'), strpos('a', 'a'), split('a', ','), regexp_like('a', 'a'), regexp_extract('a', 'a'), cardinality(ARRAY[1]), json_extract('{}', '$'), json_extract_scalar('{}', '$'), md5(X'00'), crc32(X'00'), levenshtein_distance('a', 'b')
SELECT sum(x), avg(x), min(x), count_if(x > 0), bool_or(true), stddev(x), sum(y), avg(y), sum(z), avg(z) FROM (VALUES (1, DECIMAL '1.5', CAST(1 AS real))) t(x, y, z)
TABLE nosuchtable
