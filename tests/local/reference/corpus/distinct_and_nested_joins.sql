-- Aggregates of distinct values that are made of others here; constants by which they are ordered; joins inside joins
SELECT max(DISTINCT x), min(DISTINCT x), max(DISTINCT x) FILTER (WHERE x < 2E0) FROM (VALUES 1.5E0, 2.5E0, 2.5E0) t(x)
SELECT geometric_mean(DISTINCT x), skewness(DISTINCT x), kurtosis(DISTINCT x), stddev(DISTINCT x) FROM (VALUES 1E0, 2E0, 2E0, 5E0, 7E0) t(x)
SELECT count_if(DISTINCT x), bool_and(DISTINCT x) FROM (VALUES true, true, false) t(x)
SELECT approx_distinct(DISTINCT x), checksum(DISTINCT x), histogram(DISTINCT x) FROM (VALUES 1, 1, 2) t(x)
SELECT map_union(DISTINCT x) FROM (VALUES MAP(ARRAY[1], ARRAY[2]), MAP(ARRAY[1], ARRAY[2])) t(x)
SELECT sum(DISTINCT x), avg(DISTINCT x) FROM (VALUES INTERVAL '1' DAY, INTERVAL '1' DAY, INTERVAL '3' DAY) t(x)
SELECT sum(DISTINCT x) FILTER (WHERE x > INTERVAL '1' MONTH), avg(DISTINCT x) FROM (VALUES INTERVAL '1' MONTH, INTERVAL '4' MONTH, INTERVAL '4' MONTH) t(x)
SELECT approx_percentile(DISTINCT x, 0.5), approx_percentile(DISTINCT x, ARRAY[0.1, 0.9]) FROM (VALUES 1, 1, 1, 6, 8) t(x)
SELECT max(DISTINCT x, 2), min(DISTINCT x, 2) FROM (VALUES 1E0, 1E0, nan(), 6E0, 8E0, 8E0) t(x)
SELECT max_by(DISTINCT x, y, 2), max_by(DISTINCT x, y) FROM (VALUES (1, 1), (6, 2), (8, 3), (8, 3)) t(x, y)
SELECT map_agg(DISTINCT x, y), corr(DISTINCT x, y) FROM (VALUES (1E0, 2E0), (1E0, 2E0), (4E0, 9E0)) t(x, y)
SELECT max(DISTINCT x ORDER BY x), array_agg(DISTINCT x ORDER BY x DESC, x) FROM (VALUES 1E0, 2E0, 1E0) t(x)
SELECT merge(DISTINCT approx_set(1))
SELECT array_agg(x ORDER BY 1), array_agg(x ORDER BY 1, x DESC), array_agg(x ORDER BY 'a', x DESC), array_agg(x ORDER BY true), array_agg(x ORDER BY NULL) FROM (VALUES 1, 3, 2) t(x)
SELECT array_agg(x ORDER BY 2.5 DESC NULLS FIRST) FILTER (WHERE x > 1), array_agg(DISTINCT 'a' ORDER BY 'a') FROM (VALUES 1, 3, 2) t(x)
SELECT max_by(x, y ORDER BY 'a'), map_agg(x, y ORDER BY 'k'), listagg(CAST(x AS varchar)) WITHIN GROUP (ORDER BY 1, x DESC) FROM (VALUES (1, 2)) t(x, y)
SELECT count(*) FROM (VALUES 1, 2) a(x) JOIN (VALUES 1, 2) b(y) CROSS JOIN UNNEST(ARRAY[1, 2]) u(z) ON x = y
SELECT x, z, y FROM (VALUES 1, 2, 3) a(x) LEFT JOIN (VALUES 1, 2) c(z) CROSS JOIN UNNEST(ARRAY[z, z + 1]) b(y) ON x = z ORDER BY 1, 2, 3
SELECT * FROM (VALUES 1, 2, 3) a(x) FULL JOIN (VALUES 1, 2) c(z) CROSS JOIN UNNEST(ARRAY[z, 9]) WITH ORDINALITY b(y, o) ON x = y ORDER BY 1, 2, 3
SELECT * FROM (VALUES 1, 2) a(x) LEFT JOIN (VALUES 1, 2) b(y) CROSS JOIN (VALUES 3) c(z) LEFT JOIN (VALUES 3) d(w) ON z = w ON x = y ORDER BY 1
SELECT count(*) FROM (VALUES 1, 2) a(x) LEFT JOIN (VALUES 1, 2) b(x) CROSS JOIN (VALUES 1, 4) c(z) USING (x)
SELECT a.x, z FROM (VALUES 1, 2, 3) a(x) JOIN (VALUES 1, 2) c(z) CROSS JOIN UNNEST(ARRAY[a.x]) b(y) ON a.x = z
SELECT a.x, z FROM (VALUES 1, 2, 3) a(x) JOIN ((VALUES 1, 2) c(z) CROSS JOIN UNNEST(ARRAY[z, x]) b(y)) ON a.x = z
SELECT a.x, z FROM (VALUES 1, 2, 3) a(x) LEFT JOIN (VALUES 1, 2) c(z) JOIN (VALUES 1, 2) d(w) ON a.x = w ON a.x = z
SELECT count(*) FROM (VALUES 1, 2) a(x) CROSS JOIN (VALUES 1, 2) b(y) ON x = y
