-- Aggregates with FILTER and OVER and inside TRY; windows; casts and dates that fail.
SELECT x FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT count_if(x > 1) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT approx_percentile(x, 0.5e0) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT x FROM (VALUES (1, 'a'), (2, 'b')) t(x, y) ORDER BY x
SELECT max_by(y, x) OVER (ORDER BY x) FROM (VALUES (1, 'a'), (2, 'b')) t(x, y) ORDER BY x
SELECT map_agg(x, y) OVER (ORDER BY x) FROM (VALUES (1, 'a'), (2, 'b')) t(x, y) ORDER BY x
SELECT approx_distinct(y) OVER (ORDER BY x) FROM (VALUES (1, 'a'), (2, 'b')) t(x, y) ORDER BY x
SELECT count(DISTINCT y) OVER (ORDER BY x) FROM (VALUES (1, 'a'), (2, 'b')) t(x, y) ORDER BY x
SELECT array_agg(DISTINCT y) OVER () FROM (VALUES (1, 'a'), (2, 'b')) t(x, y) ORDER BY x
SELECT sum(x) FILTER (WHERE x > 1) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT listagg(y, ',') WITHIN GROUP (ORDER BY y) OVER () FROM (VALUES (1, 'a'), (2, 'b')) t(x, y) ORDER BY x
SELECT stddev(x) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT avg(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT bool_or(x > 2) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT min(x) OVER (ORDER BY x DESC) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT x FROM (VALUES (1, 2), (2, 3), (4, 4), (5, 9)) t(x, y) ORDER BY x
SELECT corr(x, y) OVER () FROM (VALUES (1, 2), (2, 3), (4, 4), (5, 9)) t(x, y) ORDER BY x
SELECT regr_slope(x, y) OVER () FROM (VALUES (1, 2), (2, 3), (4, 4), (5, 9)) t(x, y) ORDER BY x
SELECT kurtosis(x) OVER () FROM (VALUES (1, 2), (2, 3), (4, 4), (5, 9)) t(x, y) ORDER BY x
SELECT skewness(x) FILTER (WHERE x > 1) FROM (VALUES (1, 2), (2, 3), (4, 4), (5, 9)) t(x, y)
SELECT corr(x, y) FILTER (WHERE x > 1) FROM (VALUES (1, 2), (2, 3), (4, 4), (5, 9)) t(x, y)
SELECT sum(d) FILTER (WHERE k = 1) FROM (VALUES (1, INTERVAL '1' DAY), (2, INTERVAL '2' DAY)) t(k, d) GROUP BY d
SELECT avg(d) OVER () FROM (VALUES (1, INTERVAL '1' DAY), (2, INTERVAL '2' DAY)) t(k, d) GROUP BY d
SELECT sum(d) OVER () FROM (VALUES INTERVAL '1' DAY, INTERVAL '2' DAY) t(d)
SELECT max(x) OVER () FROM (VALUES 1e0, 2e0, nan()) t(x)
SELECT min(x) FILTER (WHERE x < 3) OVER () FROM (VALUES 1e0, 2e0, nan()) t(x)
SELECT reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 3) t(x)
SELECT map_agg(k, v) FILTER (WHERE v > 1) FROM (VALUES ('a', 1), ('b', 2)) t(k, v)
SELECT histogram(k) FILTER (WHERE v > 1) FROM (VALUES ('a', 1), ('b', 2)) t(k, v)
SELECT multimap_agg(k, v) FILTER (WHERE v > 1) FROM (VALUES ('a', 1), ('b', 2)) t(k, v)
SELECT map_union(MAP(ARRAY[k], ARRAY[v])) FILTER (WHERE v > 1) FROM (VALUES ('a', 1), ('b', 2)) t(k, v)
SELECT approx_percentile(x, 0.5e0) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 3) t(x)
SELECT approx_distinct(x) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 3) t(x)
SELECT approx_percentile(x, ARRAY[0.5e0]) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 3) t(x)
SELECT count_if(x > 2) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 3) t(x)
SELECT max(x, 2) FILTER (WHERE x < 3) FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) t(x, y)
SELECT max_by(y, x, 1) FILTER (WHERE x < 3) FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) t(x, y)
SELECT geometric_mean(x) FILTER (WHERE x > 1) FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) t(x, y)
SELECT checksum(x) IS NULL FROM (VALUES (1, 'a'), (2, 'b'), (3, 'c')) t(x, y)
SELECT k FROM (VALUES ('a', 1), ('a', 2)) t(k, v) GROUP BY k
SELECT entropy(v) FROM (VALUES ('a', 1), ('a', 2)) t(k, v) GROUP BY k
SELECT bitwise_xor_agg(v) FROM (VALUES ('a', 1), ('a', 2)) t(k, v) GROUP BY k
SELECT x FROM (VALUES 1, 2, NULL) t(x) ORDER BY x
SELECT lag(x, 2, -1) OVER (ORDER BY x) FROM (VALUES 1, 2, NULL) t(x) ORDER BY x
SELECT lead(x, 1) OVER (ORDER BY x) FROM (VALUES 1, 2, NULL) t(x) ORDER BY x
SELECT first_value(x) IGNORE NULLS OVER (ORDER BY x) FROM (VALUES 1, 2, NULL) t(x) ORDER BY x
SELECT last_value(x) OVER (ORDER BY x ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) FROM (VALUES 1, 2, NULL) t(x) ORDER BY x
SELECT nth_value(x, 2) IGNORE NULLS OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) FROM (VALUES 1, 2, NULL) t(x) ORDER BY x
SELECT x FROM (VALUES 1, 2, 2) t(x) WINDOW w AS (ORDER BY x) ORDER BY x
SELECT lag(x) OVER w FROM (VALUES 1, 2, 2) t(x) WINDOW w AS (ORDER BY x) ORDER BY x
SELECT sum(x) OVER (w ROWS 1 PRECEDING) FROM (VALUES 1, 2, 2) t(x) WINDOW w AS (ORDER BY x) ORDER BY x
SELECT rank() OVER w FROM (VALUES 1, 2, 2) t(x) WINDOW w AS (ORDER BY x) ORDER BY x
SELECT x FROM (VALUES (1, 'a'), (2, 'a')) t(x, k) WINDOW w AS (PARTITION BY k) ORDER BY x
SELECT sum(x) OVER (w ORDER BY x) FROM (VALUES (1, 'a'), (2, 'a')) t(x, k) WINDOW w AS (PARTITION BY k) ORDER BY x
SELECT x FROM (VALUES 1, 2, 4) t(x) ORDER BY x
SELECT count(*) OVER (ORDER BY x RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 2, 4) t(x) ORDER BY x
SELECT ts FROM (VALUES TIMESTAMP '2024-01-01 10:00:00', TIMESTAMP '2024-01-01 10:30:00', TIMESTAMP '2024-01-01 12:00:00') t(ts) ORDER BY ts
SELECT count(*) OVER (ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) FROM (VALUES TIMESTAMP '2024-01-01 10:00:00', TIMESTAMP '2024-01-01 10:30:00', TIMESTAMP '2024-01-01 12:00:00') t(ts) ORDER BY ts
SELECT x FROM (VALUES 1, 1, 2) t(x) ORDER BY x
SELECT dense_rank() OVER (ORDER BY x) FROM (VALUES 1, 1, 2) t(x) ORDER BY x
SELECT ntile(3) OVER (ORDER BY x) FROM (VALUES 1, 1, 2) t(x) ORDER BY x
SELECT row_number() OVER () > 0 FROM (VALUES 1, 1, 2) t(x) ORDER BY x
SELECT k FROM (VALUES (1, 2), (2, 3), (3, 1)) t(k, v) GROUP BY k ORDER BY k
SELECT sum(v) s FROM (VALUES (1, 2), (2, 3), (3, 1)) t(k, v) GROUP BY k ORDER BY k
SELECT rank() OVER (PARTITION BY k % 2 ORDER BY sum(v)) FROM (VALUES (1, 2), (2, 3), (3, 1)) t(k, v) GROUP BY k ORDER BY k
SELECT k FROM (VALUES (1, 2), (1, 3)) t(k, v) ORDER BY max(v) OVER (PARTITION BY k), v DESC
SELECT v FROM (VALUES (1, 2), (1, 3)) t(k, v) ORDER BY max(v) OVER (PARTITION BY k), v DESC
SELECT sum(x) OVER (ORDER BY x) + 1 FROM (VALUES 1, 2) t(x) ORDER BY 1
SELECT -sum(x) OVER () FROM (VALUES 1, 2) t(x) ORDER BY 1
SELECT CAST(sum(x) OVER () AS double) / 2 FROM (VALUES 1, 2) t(x) ORDER BY 1
SELECT DISTINCT k FROM (VALUES (1, 2), (1, 3)) t(k, v)
SELECT sum(v) OVER (PARTITION BY k) FROM (VALUES (1, 2), (1, 3)) t(k, v)
SELECT date_trunc('day', ts) d FROM (VALUES (TIMESTAMP '2024-01-01 10:00:00', 'x', 1), (TIMESTAMP '2024-01-01 11:00:00', 'y', 2)) t(ts, e, u) GROUP BY 1
SELECT count(*) FROM (VALUES (TIMESTAMP '2024-01-01 10:00:00', 'x', 1), (TIMESTAMP '2024-01-01 11:00:00', 'y', 2)) t(ts, e, u) GROUP BY 1
SELECT count(*) FILTER (WHERE e = 'x') * 1e0 / count(*) FROM (VALUES (TIMESTAMP '2024-01-01 10:00:00', 'x', 1), (TIMESTAMP '2024-01-01 11:00:00', 'y', 2)) t(ts, e, u) GROUP BY 1
SELECT approx_distinct(u) FROM (VALUES (TIMESTAMP '2024-01-01 10:00:00', 'x', 1), (TIMESTAMP '2024-01-01 11:00:00', 'y', 2)) t(ts, e, u) GROUP BY 1
SELECT arbitrary(u) IS NOT NULL FROM (VALUES (TIMESTAMP '2024-01-01 10:00:00', 'x', 1), (TIMESTAMP '2024-01-01 11:00:00', 'y', 2)) t(ts, e, u) GROUP BY 1
SELECT transform(array_agg(x ORDER BY x), v -> v * 2) FROM (VALUES 1, 2, 2) t(x)
SELECT filter(array_agg(x), v -> v > 1) FROM (VALUES 1, 2, 2) t(x)
SELECT array_sort(array_agg(DISTINCT x)) FROM (VALUES 1, 2, 2) t(x)
SELECT array_join(array_agg(CAST(x AS varchar) ORDER BY x DESC), '-') FROM (VALUES 1, 2, 2) t(x)
SELECT k FROM (VALUES (1, 2), (1, 3)) t(k, v) GROUP BY k
SELECT transform(array_agg(ROW(v, k)), r -> r[1] + r[2]) FROM (VALUES (1, 2), (1, 3)) t(k, v) GROUP BY k
SELECT x FROM (VALUES 1, 3, 5) t(x) ORDER BY x
SELECT reduce(sequence(1, x), 1, (s, e) -> s * e, s -> s) FROM (VALUES 1, 3, 5) t(x) ORDER BY x
SELECT zip_with(ARRAY[1, 2], ARRAY['a', 'b'], (n, s) -> ROW(n, s))
SELECT transform(ARRAY[1, NULL], x -> COALESCE(x, 0))
SELECT transform(MAP_ENTRIES(MAP(ARRAY['a'], ARRAY[1])), e -> e[1])
SELECT array_sort(ARRAY['bb', 'a'], (l, r) -> length(l) - length(r))
SELECT transform_values(MAP(ARRAY['a'], ARRAY[ARRAY[1, 2]]), (k, v) -> reduce(v, 0, (s, x) -> s + x, s -> s))
SELECT TRY(1 / x) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT TRY(CAST(s AS integer)) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT COALESCE(TRY(CAST(s AS integer)), -1) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT TRY(ARRAY[1][x]) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT TRY(JSON_PARSE(s)) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT TRY(COALESCE(CAST(s AS integer), 7)) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT TRY(IF(CAST(s AS integer) > 1, 'y', 'n')) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT TRY(1 / x + CAST(s AS integer)) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT TRY(concat_ws(',', CAST(CAST(s AS integer) AS varchar))) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT TRY(ARRAY[CAST(s AS integer)]) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT TRY(ROW(1 / x)) FROM (VALUES (0, 'a'), (1, '5')) t(x, s) ORDER BY x
SELECT TRY(sum(CAST(s AS integer))) FROM (VALUES '1', 'a') t(s)
SELECT TRY(date_parse(s, '%Y-%m-%d')) FROM (VALUES '2024-01-01', 'x') t(s) ORDER BY s
SELECT TRY(from_iso8601_date(s)) FROM (VALUES '2024-01-01', 'x') t(s) ORDER BY s
SELECT TRY(CAST(s AS date)) FROM (VALUES '2024-01-01', 'x') t(s) ORDER BY s
SELECT TRY(parse_datetime(s, 'yyyy-MM-dd')) FROM (VALUES '2024-01-01', 'x') t(s) ORDER BY s
SELECT TRY(date_format(CAST(s AS date), '%Y')) FROM (VALUES '2024-01-01', 'x') t(s) ORDER BY s
SELECT TRY(CASE WHEN CAST(s AS integer) > 3 THEN 1 ELSE 0 END) FROM (VALUES 'a', '5') t(s) ORDER BY s
SELECT TRY(transform(ARRAY[s], v -> CAST(v AS integer))) FROM (VALUES 'a', '5') t(s) ORDER BY s
SELECT TRY(filter(ARRAY[s], v -> CAST(v AS integer) > 1)) FROM (VALUES 'a', '5') t(s) ORDER BY s
SELECT TRY(CAST(s AS integer) IS NULL) FROM (VALUES 'a', '5') t(s) ORDER BY s
SELECT TRY(CAST(s AS integer) IN (1, 5)) FROM (VALUES 'a', '5') t(s) ORDER BY s
SELECT TRY(NULLIF(CAST(s AS integer), 5)) FROM (VALUES 'a', '5') t(s) ORDER BY s
SELECT TRY(CAST(s AS integer) IS DISTINCT FROM 5) FROM (VALUES 'a', '5') t(s) ORDER BY s
SELECT concat_ws('-', NULL, 'a')
SELECT concat_ws(NULL, 'a')
SELECT greatest(NULL, 1)
SELECT coalesce(NULL, NULL)
SELECT substr('abc', NULL)
SELECT cast('2024-01-01 10:00:00 America/New_York' AS timestamp with time zone)
SELECT cast('2024-01-01 10:00:00' AS timestamp with time zone)
SELECT cast('2024-01-01T10:00:00' AS timestamp)
SELECT CAST('2024-01-01 10:00' AS timestamp)
SELECT CAST('2024-01-01' AS timestamp)
SELECT CAST('2024-1-1' AS date)
SELECT CAST(' 2024-01-01 ' AS date)
SELECT CAST('10:00:00.5' AS time)
SELECT CAST(DATE '2024-01-01' AS timestamp)
SELECT CAST(TIMESTAMP '2024-01-01 23:59:59.999' AS date)
SELECT CAST('2024-01-01 10:00:00.123456' AS timestamp(6))
SELECT CAST(TIMESTAMP '2024-01-01 10:00:00.123456' AS timestamp(3))
SELECT CAST(TIMESTAMP '2024-01-01 10:00:00.9996' AS timestamp)
SELECT date_diff('day', TIMESTAMP '2024-01-01 23:00:00', TIMESTAMP '2024-01-02 01:00:00')
SELECT date_diff('month', DATE '2024-01-31', DATE '2024-03-01')
SELECT date_diff('hour', TIMESTAMP '2024-01-01 00:30:00', TIMESTAMP '2024-01-01 02:00:00')
SELECT date_diff('quarter', DATE '2024-01-01', DATE '2024-12-31')
SELECT date_diff('minute', TIMESTAMP '2024-01-01 00:00:59', TIMESTAMP '2024-01-01 00:01:00')
SELECT date_diff('millisecond', TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 00:00:00.5')
SELECT date_diff('day', TIMESTAMP '2024-03-01 00:00:00', TIMESTAMP '2024-02-01 00:00:00')
SELECT date_add('month', 1, TIMESTAMP '2024-01-31 10:00:00')
SELECT date_add('year', -1, DATE '2024-02-29')
SELECT DATE '2024-03-31' - INTERVAL '1' MONTH
SELECT DATE '2024-01-01' + INTERVAL '1' DAY * 10
SELECT TIMESTAMP '2024-01-01 00:00:00' + INTERVAL '1' MONTH + INTERVAL '1' DAY
SELECT date_add('day', CAST(BIGINT '5' AS integer), DATE '2024-01-01')
SELECT date_add('day', BIGINT '5', DATE '2024-01-01')
SELECT format_datetime(TIMESTAMP '2024-01-05 03:04:05.006', 'd/M/yy h:m:s a EEEE MMMM S')
SELECT date_format(TIMESTAMP '2024-01-05 03:04:05.006', '%W %M %e %Y %l:%i %p %%')
SELECT date_format(TIMESTAMP '2024-01-05 15:04:05', '%T %r %H:%i:%s.%f')
SELECT date_parse('05/Jan/2024:15:04:05', '%d/%b/%Y:%H:%i:%s')
SELECT format_datetime(TIMESTAMP '2024-01-05 03:04:05 UTC', 'yyyy-MM-dd''T''HH:mm:ssZZ')
SELECT regexp_extract('k1=v1;k2=v2', 'k2=([^;]+)', 1)
SELECT regexp_extract_all('a1b22', '[0-9]+')
SELECT regexp_replace('2024-01-05', '(\d+)-(\d+)-(\d+)', '$3/$2/$1')
SELECT regexp_like('Hello', '(?i)hello')
SELECT regexp_split('a1b2c', '\d')
SELECT regexp_count('aaa', 'a')
SELECT regexp_extract('abc', '(x)?b', 1)
SELECT regexp_replace('a.b', '\.', '\\.')
SELECT regexp_extract('foo', 'bar')
SELECT regexp_like('a\nb', 'a.b')
SELECT split('a||b', '||')
SELECT split_part('a.b.c', '.', 3)
SELECT split_part('a', '.', 2)
SELECT split_to_map('a:1;b:2', ';', ':')
SELECT element_at(split('a,b', ','), -1)
SELECT cardinality(split('a,b,', ','))
SELECT split('a,b', ',')[1]
SELECT TRY(sum(x) / sum(y)) FROM (VALUES (1, 0)) t(x, y)
SELECT k, TRY(sum(x) / sum(y)), TRY(sum(x) / k) FROM (VALUES (0, 1, 0), (1, 4, 2)) t(k, x, y) GROUP BY k ORDER BY k
SELECT TRY(count(*) / 0), TRY(sum(x)), TRY(max(x) FILTER (WHERE x > 1) / 0) FROM (VALUES 1, 2) t(x)
SELECT x, TRY(sum(x) OVER () / (x - 1)) FROM (VALUES 1, 2) t(x) ORDER BY x
SELECT TRY(CAST(max(s) AS integer)), TRY_CAST(max(s) AS integer) FROM (VALUES 'a', 'b') t(s)
SELECT COALESCE(TRY(sum(x) / count_if(x > 5)), -1) FROM (VALUES 1, 2) t(x)
SELECT skewness(x) FILTER (WHERE x > 1), skewness(x) FROM (VALUES 1, 2, 4, 9) t(x)
SELECT x, skewness(x) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 4, 9) t(x) ORDER BY x
SELECT k, map_agg(k, v) FILTER (WHERE v > 1) OVER (ORDER BY k) FROM (VALUES ('a', 1), ('b', 2)) t(k, v) ORDER BY k
SELECT k, multimap_agg(k, v) OVER (PARTITION BY k), map_union(MAP(ARRAY[k], ARRAY[v])) OVER (ORDER BY k) FROM (VALUES ('a', 1), ('b', 2)) t(k, v) ORDER BY k
SELECT x, max(x) OVER (ORDER BY x), min(x) OVER (ORDER BY x DESC), max(x) FILTER (WHERE x < 2) OVER () FROM (VALUES 1e0, 2e0, nan()) t(x) ORDER BY x
SELECT avg(d) OVER (), sum(d) FILTER (WHERE d > INTERVAL '1' DAY) OVER () FROM (VALUES INTERVAL '1' DAY, INTERVAL '2' DAY) t(d)
SELECT geometric_mean(x), geometric_mean(x) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 8) t(x)
SELECT x, geometric_mean(x) OVER (ORDER BY x) FROM (VALUES 1, 2, 8) t(x) ORDER BY x
SELECT corr(x, y) FILTER (WHERE x > 1), regr_slope(x, y) FILTER (WHERE x > 5) FROM (VALUES (1, 2), (2, 3), (4, 4)) t(x, y)
SELECT approx_percentile(x, ARRAY[0.5e0, 0.9e0]) FROM (VALUES 1, 2, 3, 4) t(x)
SELECT approx_most_frequent(2, x, 10) FILTER (WHERE x <> 'a') FROM (VALUES 'a', 'a', 'b') t(x)
