-- What Trino takes apart of the sub-queries that speak outwards, and what people ask of events and logs.
SELECT date_trunc('hour', from_unixtime(ts / 1000)) AS h, count(*) FROM (VALUES BIGINT '1704067200123', BIGINT '1704070800456') t(ts) GROUP BY 1 ORDER BY 1
SELECT from_unixtime(CAST(ts AS double) / 1000), from_unixtime(ts / 1e3), to_iso8601(from_unixtime(1704067200)), CAST(from_unixtime(1704067200) AS date), from_unixtime(1704067200, 'America/New_York') FROM (VALUES BIGINT '1704067200123') t(ts)
SELECT split(path, '/')[2], cardinality(split(path, '/')), element_at(split(path, '/'), -1), slice(split(path, '/'), 2, 2), array_join(slice(split(path, '/'), 1, 2), '>') FROM (VALUES '/a/b/c', 'x') t(path) WHERE cardinality(split(path, '/')) > 1
SELECT CAST(json_parse('[1, 2, 3]') AS array(integer)), CAST(json_parse('{"a": 1, "b": 2}') AS map(varchar, integer)), CAST(json_parse('{"x": 1, "y": "z"}') AS row(x integer, y varchar)), CAST(JSON '"x"' AS varchar), CAST(JSON '1.5' AS double), CAST(JSON 'null' AS integer)
SELECT k, v FROM (VALUES '{"a": 1, "b": [1, 2], "c": {"d": null}}') t(j) CROSS JOIN UNNEST(CAST(json_parse(j) AS map(varchar, json))) u(k, v) ORDER BY k
SELECT k, json_format(v) FROM (SELECT CAST(json_extract('{"p": {"a": "x", "b": 2.50}}', '$.p') AS map(varchar, json)) m) CROSS JOIN UNNEST(m) u(k, v) ORDER BY k
SELECT json_extract('{"a": [{"b": 1}, {"b": 2}]}', '$.a[0].b'), json_extract('{"a": [{"b": 1}, {"b": 2}]}', '$.a[*].b'), json_extract_scalar('{"a.b": 1}', '$["a.b"]'), json_extract_scalar('{"a": true}', '$.a'), json_extract('{"a": null}', '$.a'), json_extract_scalar('{"a": {"b": 1}}', '$.a'), json_array_length('[1, 2]'), json_size('{"a": {"b": 1, "c": 2}}', '$.a')
SELECT transform(CAST(json_extract(j, '$.tags') AS array(varchar)), t -> upper(t)), any_match(CAST(json_extract(j, '$.tags') AS array(varchar)), t -> t = 'b'), contains(CAST(json_extract(j, '$.tags') AS array(varchar)), 'a') FROM (VALUES '{"tags": ["a", "b"]}', '{"tags": []}', '{}') t(j)
SELECT sum(x) FILTER (WHERE k = 'a') AS a, count(*) FILTER (WHERE k <> 'a') AS others, avg(x) FILTER (WHERE false), max(x) FILTER (WHERE x < 3), array_agg(x ORDER BY x DESC) FILTER (WHERE x IS NOT NULL), count(DISTINCT k) FILTER (WHERE x > 1) FROM (VALUES ('a', 1), ('b', 2), ('a', 3), ('c', NULL)) t(k, x)
SELECT k, x, sum(x) OVER w AS running, avg(x) OVER (PARTITION BY k ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), 1e2 * x / sum(x) OVER (PARTITION BY k), rank() OVER w, dense_rank() OVER w, x - lag(x, 1, 0) OVER w FROM (VALUES ('a', 1), ('a', 3), ('a', 3), ('b', 2)) t(k, x) WINDOW w AS (PARTITION BY k ORDER BY x) ORDER BY k, x
SELECT * FROM (SELECT k, x, row_number() OVER (PARTITION BY k ORDER BY x DESC) rn FROM (VALUES ('a', 1), ('a', 3), ('b', 2)) t(k, x)) WHERE rn = 1 ORDER BY k
SELECT year(d), month(d), day_of_week(d), week(d), quarter(d), last_day_of_month(d), date_trunc('quarter', d), date_add('month', 1, d), d + INTERVAL '1' MONTH, d - INTERVAL '1' YEAR, date_diff('month', d, DATE '2024-12-31'), extract(doy FROM d) FROM (VALUES DATE '2024-01-31', DATE '2023-12-31', DATE '2020-02-29') t(d)
SELECT CASE WHEN x BETWEEN 0 AND 9 THEN 'low' WHEN x IN (10, 11) THEN 'mid' ELSE 'high' END AS bucket, count(*) FROM (VALUES 1, 10, 50, NULL) t(x) GROUP BY 1 ORDER BY 1
SELECT coalesce(nullif(trim(s), ''), 'none'), length(s), lower(s), s LIKE '%a_', regexp_like(s, '^\s*$'), s || '!' FROM (VALUES ' ', 'Xab', '', NULL) t(s)
SELECT try_cast(s AS integer), try_cast(s AS double), try_cast(s AS date), try_cast(s AS boolean), try_cast(s AS timestamp), try(CAST(s AS decimal(5,2))) FROM (VALUES '1', '1.5', '2024-01-01', 'true', 'x', '', ' 7 ', NULL) t(s)
SELECT array_agg(DISTINCT x ORDER BY x), set_agg FROM (SELECT x, 1 AS set_agg FROM (VALUES 2, 1, 2) t(x)) GROUP BY set_agg
SELECT approx_distinct(x), approx_percentile(x, 0.5), approx_percentile(x, ARRAY[0.1, 0.9]), stddev(x), variance(x), corr(x, y), covar_samp(x, y), regr_slope(y, x), skewness(x), kurtosis(x), geometric_mean(x), entropy FROM (SELECT x, y, 1 entropy FROM (VALUES (1e0, 2e0), (2e0, 4e0), (3e0, 5e0), (10e0, 21e0)) t(x, y)) GROUP BY entropy
SELECT array_sort(ARRAY[3, NULL, 1]), array_distinct(ARRAY[1, 1, NULL, NULL]), array_except(ARRAY[1, 2], ARRAY[2]), array_union(ARRAY[1], ARRAY[2, NULL]), array_max(ARRAY[1, NULL]), arrays_overlap(ARRAY[1, NULL], ARRAY[2]), array_position(ARRAY['a', 'b'], 'b'), array_remove(ARRAY[1, 2, 1], 1), flatten(ARRAY[ARRAY[1], ARRAY[2, 3]]), sequence(1, 10, 3), repeat('x', 3), ngrams(ARRAY['a', 'b', 'c'], 2), combinations(ARRAY[1, 2, 3], 2), zip(ARRAY[1, 2], ARRAY['a']), cardinality(ARRAY[]), reverse(ARRAY[1, 2]), shuffle(ARRAY[1])
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a', 'b'], ARRAY[2, 3])), map_keys(m), map_values(m), map_entries(m), cardinality(m), transform_keys(m, (k, v) -> upper(k)), map_zip_with(m, m, (k, a, b) -> a + b), split_to_map('a=1,b=2', ',', '='), map_from_entries(ARRAY[ROW('x', 1)]), multimap_from_entries(ARRAY[ROW('x', 1), ROW('x', 2)]) FROM (VALUES MAP(ARRAY['p', 'q'], ARRAY[1, 2])) t(m)
SELECT t.id, a.x, b.y FROM (VALUES (1, ARRAY[1, 2], ARRAY['a', 'b', 'c'])) t(id, xs, ys) CROSS JOIN UNNEST(xs) a(x) CROSS JOIN UNNEST(ys) b(y) WHERE x = 2 ORDER BY y
SELECT id, x, y, o FROM (VALUES (1, ARRAY[1, 2], ARRAY['a', 'b', 'c']), (2, NULL, ARRAY[]), (3, ARRAY[], NULL)) t(id, xs, ys) LEFT JOIN UNNEST(xs, ys) WITH ORDINALITY u(x, y, o) ON TRUE ORDER BY id, o
SELECT u.name, u.age FROM (VALUES ARRAY[CAST(ROW('bob', 38) AS ROW(name varchar, age integer)), CAST(ROW('alice', 35) AS ROW(name varchar, age integer))]) t(users) CROSS JOIN UNNEST(users) AS u(name, age) WHERE age > 36
SELECT dept, SUM(n) AS total FROM (SELECT 'eng' AS dept, ARRAY[1, 2] AS nums UNION ALL SELECT 'ops', ARRAY[5]) CROSS JOIN UNNEST(nums) AS t(n) GROUP BY dept HAVING SUM(n) > 1 ORDER BY total DESC
WITH dataset AS (SELECT ARRAY['hello', 'amazon', 'athena'] AS words) SELECT filter(words, w -> length(w) > 5), reduce(words, 0, (s, w) -> s + length(w), s -> s), array_join(transform(words, w -> substr(w, 1, 1)), '') FROM dataset
WITH dataset AS (SELECT CAST(ROW('Bob', 38) AS ROW(name VARCHAR, age INTEGER)) AS users, CAST(JSON '{"a": [1, 2]}' AS json) AS j) SELECT users.name, users.age + 1, json_format(j), users FROM dataset
WITH dataset AS (SELECT 'engineering' AS department, ARRAY[CAST(ROW('Sally', 'engineering') AS ROW(name VARCHAR, department VARCHAR)), CAST(ROW('John', 'finance') AS ROW(name VARCHAR, department VARCHAR))] AS users) SELECT department, array_agg(names.name ORDER BY names.name) FROM dataset CROSS JOIN UNNEST(users) AS t(names) GROUP BY department
SELECT x, y FROM (VALUES (1, 'a'), (2, 'b')) t(x, y) WHERE (x, y) IN (VALUES (1, 'a'), (3, 'c'))
SELECT a.k, a.v, b.v FROM (VALUES (1, 'x'), (2, 'y')) a(k, v) FULL OUTER JOIN (VALUES (2, 'z'), (3, 'w')) b(k, v) ON a.k = b.k ORDER BY coalesce(a.k, b.k)
SELECT k, a.v AS av, b.v AS bv FROM (VALUES (1, 'x'), (2, 'y')) a(k, v) FULL OUTER JOIN (VALUES (2, 'z'), (3, 'w')) b(k, v) USING (k) ORDER BY k
SELECT l.x, r.x FROM (VALUES 1, 2, 3) l(x) JOIN (VALUES 2, 3, 4) r(x) ON l.x < r.x AND r.x - l.x <= 1 ORDER BY 1, 2
SELECT format('%s has %d items costing $%,.2f (%5.1f%%)', 'Cart', 3, 1234.5e0, 12.345e0), format('%-10s|%10s|%010d|%x|%c|%b|%e', 'a', 'b', 42, 255, 'c', true, 12345.678e0), format('%s', ARRAY[1][1]), format_number(1234567), format_number(999)
SELECT to_base64(to_utf8('hi')), from_utf8(from_base64('aGk=')), to_hex(to_utf8('hi')), from_utf8(from_hex('6869')), length(to_utf8('é')), X'0A' || X'0B', reverse(X'0102'), substr(to_utf8('hello'), 2, 3), lpad(X'01', 3, X'00'), crc32(X'01'), to_big_endian_64(1), from_big_endian_64(X'0000000000000001')
SELECT 7 / 2, -7 / 2, 7 % -2, 7.0 / 2, 1 / 3e0, 10 / 4 * 4, 2147483647 + 1
SELECT BIGINT '2147483647' + 1, CAST(7 AS double) / 2, 5 / CAST(2 AS decimal(3,1)), CAST(1 AS decimal(10,2)) / 3, CAST(2 AS decimal(5,2)) * CAST(3 AS decimal(5,3)), CAST(1.005e0 AS decimal(10,2)), round(CAST(2.345 AS decimal(5,3)), 2), abs(CAST(-2.5 AS decimal(3,1)))
SELECT date_format(d, '%Y-%m'), date_format(d, '%x-W%v'), date_format(d, '%d/%m/%y %H.%i'), format_datetime(d, 'yyyy-''W''ww'), format_datetime(d, 'EEEE, MMMM d, yyyy h:mm a'), date_parse('2024-02-29 23:59', '%Y-%m-%d %H:%i'), date_parse('20240229', '%Y%m%d'), date_parse('Feb 29 2024 11:59PM', '%b %d %Y %h:%i%p') FROM (VALUES TIMESTAMP '2024-12-30 15:04:05', TIMESTAMP '2021-01-03 00:00:00') t(d)
SELECT at_timezone(ts, 'Asia/Tokyo'), with_timezone(CAST(ts AS timestamp), 'Asia/Tokyo'), timezone_hour(at_timezone(ts, 'Asia/Kolkata')), timezone_minute(at_timezone(ts, 'Asia/Kolkata')), CAST(at_timezone(ts, 'Asia/Tokyo') AS date), date_trunc('day', at_timezone(ts, 'Asia/Tokyo')), hour(at_timezone(ts, 'Asia/Tokyo')), CAST(at_timezone(ts, 'Asia/Tokyo') AS varchar), to_unixtime(ts) FROM (VALUES TIMESTAMP '2024-01-01 20:30:00 UTC') t(ts)
SELECT count(*), count(x), count(DISTINCT x), sum(x), min(x), max(x), avg(x), arbitrary(x), bool_and(x > 0), every(x > 0), checksum(x), array_agg(x) FROM (SELECT 1 AS x WHERE false)
SELECT k, sum(v) FROM (VALUES ('a', 1), (NULL, 2), (NULL, 3)) t(k, v) GROUP BY k HAVING count(*) > 0 ORDER BY k NULLS FIRST LIMIT 5
SELECT DISTINCT x % 2 AS parity FROM (VALUES 1, 2, 3) t(x) ORDER BY parity DESC
SELECT x FROM (VALUES 1, 2, 3) t(x) ORDER BY x OFFSET 1 ROWS FETCH NEXT 1 ROW ONLY
SELECT x FROM (VALUES 3, 1, 2, 2) t(x) ORDER BY x FETCH FIRST 2 ROWS WITH TIES
SELECT grp, max_by(name, score) AS best, min_by(name, score) AS worst, max_by(name, score, 2) FROM (VALUES ('g', 'a', 1), ('g', 'b', 5), ('g', 'c', 3)) t(grp, name, score) GROUP BY grp
SELECT url_extract_host(u), url_extract_path(u), url_extract_parameter(u, 'q'), url_extract_fragment(u), url_extract_protocol(u), url_extract_query(u) FROM (VALUES 'https://example.com/a?q=1&r=2#f', 'http://x', 'not a url', '') t(u)
SELECT hour, sum(n) OVER (ORDER BY hour RANGE BETWEEN INTERVAL '2' HOUR PRECEDING AND CURRENT ROW) FROM (VALUES (TIMESTAMP '2024-01-01 00:00:00', 1), (TIMESTAMP '2024-01-01 01:00:00', 2), (TIMESTAMP '2024-01-01 04:00:00', 4)) t(hour, n) ORDER BY hour
SELECT useridentity.arn, eventname FROM (VALUES (CAST(ROW('arn:aws:iam::1:user/x', 'IAMUser') AS ROW(arn varchar, type varchar)), 'RunInstances', '{"instancesSet":{"items":[{"imageId":"ami-1"}]}}')) c(useridentity, eventname, requestparameters) WHERE useridentity.type = 'IAMUser' AND json_extract_scalar(requestparameters, '$.instancesSet.items[0].imageId') = 'ami-1'
SELECT bucket, approx_percentile(latency, 0.99) p99, histogram(status) FROM (SELECT width_bucket(latency, 0, 100, 4) bucket, latency, status FROM (VALUES (5, 200), (30, 200), (99, 500), (150, 200)) t(latency, status)) GROUP BY bucket ORDER BY bucket
SELECT numeric_histogram(2, x), map_agg(x, x * 2), multimap_agg(x % 2, x), reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FROM (VALUES 1, 2, 10) t(x)
SELECT a, b FROM (VALUES (1, 2), (3, 4)) t(a, b) UNION SELECT 1, 2 EXCEPT SELECT 3, 4 ORDER BY a
SELECT EXISTS (SELECT 1 FROM (VALUES 1) t(x) WHERE x > 1), 1 = ANY (VALUES 1, 2), 3 > ALL (VALUES 1, 2), (SELECT count(*) FROM (VALUES 1, 2)) + 1, NOT 1 IN (SELECT 2)
SELECT s.id, s.total, r.name FROM (SELECT id, sum(v) AS total FROM (VALUES (1, 5), (1, 6), (2, 7)) x(id, v) GROUP BY id) s LEFT JOIN (VALUES (1, 'one')) r(id, name) ON s.id = r.id WHERE r.name IS NULL OR s.total > 10 ORDER BY s.id
SELECT CAST('2024-01-01T10:11:12Z' AS timestamp)
SELECT from_iso8601_timestamp('2024-01-01T10:11:12.345+02:00'), CAST(from_iso8601_timestamp('2024-01-01T10:11:12Z') AS timestamp), from_iso8601_timestamp('2024-01-01'), date(from_iso8601_timestamp('2024-01-01T23:00:00-05:00')), CAST('2024-01-01 10:11:12' AS timestamp) AT TIME ZONE 'UTC'
SELECT x, count(*) OVER (), count(*) OVER (PARTITION BY x), sum(count(*)) OVER () FROM (VALUES 1, 1, 2) t(x) GROUP BY x ORDER BY x
SELECT regexp_replace('2024-01-15', '(\d+)-(\d+)-(\d+)', '$3/$2/$1'), regexp_extract('key=val;k2=v2', 'k2=([^;]+)', 1), regexp_split('a1b22c', '\d+'), regexp_count('banana', 'an'), regexp_position('abc', 'c'), regexp_like('Hello', '(?i)hello'), regexp_replace('abc', '[bc]', x -> upper(x[1]))
SELECT regexp_replace('hello world', '(\w)(\w*)', x -> upper(x[1]) || lower(x[2])), regexp_extract_all('a1 b2', '([a-z])(\d)', 2), replace('a.b.c', '.', ''), split_part('a.b.c', '.', 2), concat('a', CAST(1 AS varchar)), chr(65) || chr(128512), length('😀'), upper('straße'), reverse('abc'), lpad('abc', 2, 'x'), rpad('', 3, 'ab'), position('b' IN 'abc'), substring('hello' FROM 2 FOR 3), trim(TRAILING '.' FROM 'a..'), starts_with('', ''), word_stem('cats')
SELECT (SELECT count(*) FROM (VALUES (1, 0), (1, 1)) t(a, b) WHERE a = c GROUP BY a LIMIT 1) FROM (VALUES (1)) t2(c)
SELECT (SELECT count(*) FROM (VALUES (1, 0), (1, 1)) t(a, b) WHERE a = c GROUP BY a ORDER BY 1 LIMIT 1) FROM (VALUES (1)) t2(c)
SELECT (SELECT count(*) FROM (VALUES (1, 0), (1, 1)) t(a, b) WHERE a = c GROUP BY b LIMIT 1) FROM (VALUES (1)) t2(c)
SELECT (SELECT count(*) FROM (VALUES (1, 0), (1, 1)) t(a, b) WHERE a = c LIMIT 1) FROM (VALUES (1)) t2(c)
SELECT (SELECT b FROM (VALUES (1, 0), (1, 1)) t(a, b) WHERE a = c GROUP BY b ORDER BY b LIMIT 1) FROM (VALUES (1)) t2(c)
SELECT (SELECT t.a FROM (VALUES (1, 2), (1, 3)) t(a, b) WHERE t.a = t2.a AND t2.b > 1 LIMIT 1) FROM (VALUES (1, 2)) t2(a, b)
SELECT (SELECT t.b FROM (VALUES (1, 2), (1, 3)) t(a, b) WHERE t.a = t2.a AND t2.b > 1 ORDER BY t.b LIMIT 1) FROM (VALUES (1, 2)) t2(a, b)
SELECT * FROM (VALUES 1, 2, 3, null) o(id) LEFT JOIN LATERAL (SELECT value FROM (VALUES 'c', 'a', 'b') i(value) WHERE o.id = 3 ORDER BY value LIMIT 2) ON TRUE
SELECT (SELECT DISTINCT t.b FROM (VALUES (1, 2), (1, 2)) t(a, b) WHERE t.a = t2.a AND t2.b > 1) FROM (VALUES (1, 2)) t2(a, b)
SELECT (SELECT t.a FROM (VALUES BIGINT '1', BIGINT '2') t(a) WHERE t.a = t2.b LIMIT 1) FROM (VALUES 1e0, 2e0) t2(b)
SELECT (SELECT t.a FROM (VALUES 1, 2) t(a) WHERE t.a = t2.b LIMIT 1) FROM (VALUES BIGINT '1', BIGINT '2') t2(b)
SELECT (SELECT t.a FROM (VALUES BIGINT '1', BIGINT '2') t(a) WHERE t.a = t2.b LIMIT 1) FROM (VALUES 1, 2) t2(b)
SELECT (SELECT t.a FROM (VALUES 'a', 'b') t(a) WHERE t.a = t2.b LIMIT 1) FROM (VALUES 'a', 'bcd') t2(b)
SELECT (SELECT t.a FROM (VALUES CAST('a' AS varchar)) t(a) WHERE t.a = t2.b LIMIT 1) FROM (VALUES 'a', 'bcd') t2(b)
SELECT (SELECT max(t.v) FROM (VALUES (1, 5), (2, 6)) t(a, v) WHERE t.a = t2.b) FROM (VALUES 1e0, 2e0) t2(b)
SELECT (SELECT o.k WHERE o.k = 1) FROM (VALUES 1, 2) o(k)
SELECT (SELECT o.k + 1) FROM (VALUES 1, 2) o(k)
SELECT * FROM (VALUES 1, 2) o(k) CROSS JOIN LATERAL (SELECT o.k AS j WHERE o.k > 1)
SELECT EXISTS (SELECT 1 WHERE o.k = 1) FROM (VALUES 1, 2) o(k)
SELECT EXISTS (SELECT 1 FROM (VALUES (BIGINT '1', 2)) t(a, b) WHERE t.a = t2.b GROUP BY t.b) FROM (VALUES 1e0, 2e0) t2(b)
SELECT EXISTS (SELECT 1 FROM (VALUES (1, 2)) t(a, b) WHERE t.a = t2.b GROUP BY t.b) FROM (VALUES 1, 2) t2(b)
SELECT (SELECT avg(a) FROM (SELECT count(*) FROM (VALUES 1, 1) r(k) WHERE n.k = r.k) t(a)) FROM (VALUES 1, 2) n(k)
SELECT (SELECT avg(a) FROM (SELECT count(*) FROM (VALUES 1, 1) r(k) WHERE n.k = r.k GROUP BY r.k) t(a)) FROM (VALUES 1, 2) n(k)
SELECT (SELECT max(a) FROM (SELECT v FROM (VALUES (1, 5), (1, 6)) r(k, v) WHERE n.k = r.k) t(a)) FROM (VALUES 1, 2) n(k)
