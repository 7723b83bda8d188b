-- What analysts write: whole queries, and many functions side by side.
SELECT k, sum(v) s, rank() OVER (ORDER BY sum(v) DESC) r FROM (VALUES ('a', 1), ('b', 5), ('a', 3)) t(k, v) GROUP BY k ORDER BY r
SELECT date_trunc('month', d) m, count(*) c FROM (VALUES DATE '2024-01-05', DATE '2024-01-09', DATE '2024-02-01') t(d) GROUP BY 1 ORDER BY 1
SELECT date_trunc('month', d) m, count(*) c FROM (VALUES DATE '2024-01-05', DATE '2024-01-09') t(d) GROUP BY date_trunc('month', d)
SELECT x, lag(x) OVER (ORDER BY x) p, x - lag(x, 1, 0) OVER (ORDER BY x) d FROM (VALUES 1, 4, 9) t(x) ORDER BY x
SELECT t.k, u.v FROM (VALUES 1, 2) t(k) LEFT JOIN (VALUES (1, 'x')) u(k, v) ON t.k = u.k ORDER BY 1
SELECT k, v FROM (VALUES (1, 'x')) t(k, v) JOIN (VALUES (1, 2.5e0)) u(k, w) USING (k)
SELECT n, x FROM UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS t(x, n) ORDER BY n
SELECT k, v FROM UNNEST(MAP(ARRAY['a', 'b'], ARRAY[1, 2])) t(k, v) ORDER BY k
SELECT a, b FROM UNNEST(ARRAY[CAST(ROW(1, 'x') AS ROW(a integer, b varchar)), ROW(2, 'y')]) t(a, b) ORDER BY 1
SELECT id, tag FROM (VALUES (1, ARRAY['a', 'b']), (2, ARRAY[])) t(id, tags) CROSS JOIN UNNEST(tags) u(tag) ORDER BY 1, 2
SELECT id, tag FROM (VALUES (1, ARRAY['a', 'b']), (2, ARRAY[])) t(id, tags) LEFT JOIN UNNEST(tags) u(tag) ON true ORDER BY 1, 2
SELECT 7 / 2, 7 % 3, -7 / 2, 7 / 2e0, 1 / 3e0, 10 / 4 * 2
SELECT CAST(10 AS decimal(10, 2)) / 3 + 1, CAST(1.005e0 AS decimal(10, 2))
SELECT sum(CAST(x AS decimal(10, 2))) / count(*), avg(CAST(x AS decimal(10, 2))) FROM (VALUES 1, 2, 4) t(x)
SELECT CASE WHEN x > 1 THEN 'big' WHEN x = 1 THEN 'one' END FROM (VALUES 0, 1, 2) t(x) ORDER BY x
SELECT filter(sequence(1, 10), x -> x % 2 = 0), transform(ARRAY[1, 2], x -> x * 1.5e0), reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s / 2)
SELECT map_filter(MAP(ARRAY['a', 'b'], ARRAY[1, 2]), (k, v) -> v > 1), transform_values(MAP(ARRAY['a'], ARRAY[1]), (k, v) -> v * 2)
SELECT array_agg(x ORDER BY x DESC), array_agg(DISTINCT x) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 2) t(x)
SELECT approx_distinct(x), count(DISTINCT x), max_by(x, y), min_by(x, y) FROM (VALUES (1, 'b'), (2, 'a'), (2, 'c')) t(x, y)
SELECT regexp_replace('2024-01-05', '(\d+)-(\d+)-(\d+)', '$3/$2/$1'), regexp_extract('user=42', 'user=(\d+)', 1), regexp_like('abc', '^a(?=b)')
SELECT json_extract_scalar('{"a": {"b": [1, 2]}}', '$.a.b[1]'), CAST(json_parse('[1, 2]') AS array(integer)), json_format(CAST(MAP(ARRAY['k'], ARRAY[1]) AS json))
SELECT CAST(json_parse('{"a": 1, "b": "x"}') AS map(varchar, json)), CAST(json_parse('{"a": 1, "b": "x"}') AS ROW(a integer, b varchar))
SELECT from_unixtime(0), to_unixtime(TIMESTAMP '1970-01-02 00:00:00 UTC'), from_iso8601_timestamp('2024-01-05T10:00:00Z')
SELECT date_add('month', 1, DATE '2024-01-31'), date_diff('day', DATE '2024-01-01', DATE '2024-03-01'), day_of_week(DATE '2024-01-07'), DATE '2024-01-31' + INTERVAL '1' MONTH
SELECT date_format(TIMESTAMP '2024-01-05 13:04:05', '%Y-%m-%d %H:%i:%s'), date_parse('05/01/2024', '%d/%m/%Y'), format_datetime(TIMESTAMP '2024-01-05 13:04:05', 'yyyy-MM-dd HH:mm')
SELECT TIMESTAMP '2024-01-05 10:00:00 Europe/Paris' AT TIME ZONE 'America/New_York', CAST(TIMESTAMP '2024-01-05 10:00:00 Europe/Paris' AS timestamp)
SELECT split_part('a-b-c', '-', 2), lpad('7', 3, '0'), substr('hello', -3), strpos('hello', 'l'), reverse('abc'), replace('aXb', 'X'), concat_ws(',', 'a', NULL, 'b')
SELECT try(1 / 0), try_cast('x' AS integer), coalesce(NULL, 2), nullif(1, 1), if(1 > 2, 'a')
SELECT greatest(1, 3, 2), least('b', 'a'), abs(-5), round(2.5e0), round(-1.25e0, 1), truncate(1.99e0), sqrt(2), power(2, 10), mod(7, 3), ceil(1.1e0)
SELECT histogram(x), map_agg(x, y) FROM (VALUES ('a', 1), ('b', 2)) t(x, y)
SELECT a, b, grouping(a, b) g, count(*) c FROM (VALUES ('x', 1), ('y', 2)) t(a, b) GROUP BY GROUPING SETS ((a), (b), ()) ORDER BY 3, 1, 2
SELECT sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), avg(x) OVER (PARTITION BY x % 2 ORDER BY x), first_value(x) OVER (ORDER BY x), ntile(2) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 3, 1
SELECT x FROM (VALUES 3, 1, NULL, 2) t(x) ORDER BY x DESC NULLS FIRST LIMIT 2
WITH a AS (SELECT 1 x), b AS (SELECT x + 1 y FROM a) SELECT x, y, x || '' FROM a, b
WITH a AS (SELECT 1 x), b AS (SELECT x + 1 y FROM a) SELECT x, y FROM a CROSS JOIN b
SELECT * FROM (SELECT 1 a, 'b' b) WHERE a IN (SELECT 1) AND EXISTS (SELECT 1) AND b LIKE '%b%'
SELECT (SELECT max(x) FROM (VALUES 1, 2) t(x)), (SELECT count(*) FROM (VALUES 1) t(x) WHERE x > 5)
SELECT o.k, (SELECT sum(i.v) FROM (VALUES (1, 10), (1, 20), (2, 5)) i(k, v) WHERE i.k = o.k) s FROM (VALUES 1, 2) o(k) ORDER BY 1
SELECT DISTINCT x % 2 m FROM (VALUES 1, 2, 3) t(x) ORDER BY m
SELECT DISTINCT k, v + 1 FROM (VALUES (1, 2)) t(k, v) ORDER BY v + 1
SELECT k, count(*) FROM (VALUES 'a', 'b', 'a') t(k) GROUP BY k HAVING count(*) > 1
SELECT k, count(*) n FROM (VALUES 'a', 'b', 'a') t(k) GROUP BY k ORDER BY count(*) DESC, k
SELECT upper(k) u, count(*) FROM (VALUES 'a', 'A') t(k) GROUP BY upper(k) ORDER BY upper(k)
SELECT lower(k) || '!' FROM (VALUES 'a', 'A') t(k) GROUP BY lower(k)
SELECT t.* , t.x + 1 FROM (VALUES (1, 2)) t(x, y)
SELECT count(*), count(x), sum(x), avg(x), min(x), max(x), stddev(x), variance(x) FROM (VALUES 1, 2, NULL, 4) t(x)
SELECT percent_rank() OVER (ORDER BY x), cume_dist() OVER (ORDER BY x), dense_rank() OVER (ORDER BY x) FROM (VALUES 1, 2, 2) t(x) ORDER BY 1
SELECT cardinality(ARRAY[1, 2]), contains(ARRAY[1, 2], 2), element_at(ARRAY[1], 5), ARRAY[1, 2] || 3, array_join(ARRAY[1, 2], '-'), slice(ARRAY[1, 2, 3], 2, 2), array_distinct(ARRAY[1, 1]), flatten(ARRAY[ARRAY[1], ARRAY[2]])
SELECT MAP(ARRAY['a'], ARRAY[1])['b']
SELECT r.a, r.b.c FROM (SELECT CAST(ROW(1, ROW('x')) AS ROW(a integer, b ROW(c varchar))) r)
SELECT CAST('2024-01-05' AS date) = DATE '2024-01-05', DATE '2024-01-05' < TIMESTAMP '2024-01-06 00:00:00'
SELECT x FROM (VALUES DATE '2024-01-05') t(x) WHERE x >= '2024-01-01'
SELECT x FROM (VALUES 1, 2) t(x) WHERE x = '1'
SELECT sum('1')
SELECT x, count(*) FROM (VALUES (1, 2)) t(x, y)
SELECT x.y.z FROM (VALUES 1) x(y)
SELECT substring('hello' FROM 2 FOR 3), position('l' IN 'hello'), trim(BOTH 'x' FROM 'xax'), extract(year FROM DATE '2024-05-06')
SELECT 1 UNION SELECT 2 UNION ALL SELECT 2 ORDER BY 1
SELECT 1 a INTERSECT SELECT 1 EXCEPT SELECT 2
SELECT x FROM (VALUES 1, 2, 3) t(x) ORDER BY x OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY
SELECT to_hex(md5(to_utf8('a'))), to_base64(to_utf8('a')), from_utf8(from_base64('YQ==')), to_hex(sha256(to_utf8('')))
SELECT format('%s is %.2f and %05d', 'a', 1.5e0, 42), url_extract_host('https://x.com/a?b=1'), url_extract_parameter('https://x.com/a?b=1', 'b')
SELECT count(*) FROM (VALUES 1, 2) t(x) WHERE x BETWEEN 1 AND 2 AND NOT x = 3 AND x IS NOT NULL
SELECT sum(CASE WHEN x > 1 THEN 1 ELSE 0 END) * 100.0 / count(*) FROM (VALUES 1, 2, 3) t(x)
SELECT sum(x) / count(*) FROM (VALUES 1, 2, 4) t(x)
SELECT avg(x) / 2, sum(x) / 2 FROM (VALUES 1, 2) t(x)
SELECT CAST(1.7e0 AS integer), CAST('12' AS bigint), CAST(true AS integer), CAST(0 AS boolean), CAST(1.5e0 AS varchar), CAST(DATE '2024-01-01' AS varchar)
SELECT typeof(1), typeof(1.5e0), typeof('a'), typeof(ARRAY[1]), typeof(DATE '2024-01-01'), typeof(NULL), typeof(now())
SELECT any_match(ARRAY[1, 2], x -> x > 1), zip(ARRAY[1], ARRAY['a']), zip_with(ARRAY[1, 2], ARRAY[3, 4], (a, b) -> a + b), array_sort(ARRAY[3, 1, 2]), array_max(ARRAY[1, 5])
SELECT x, sum(x) OVER w FROM (VALUES 1, 2) t(x) WINDOW w AS (ORDER BY x) ORDER BY x
SELECT last_value(x) IGNORE NULLS OVER (ORDER BY y ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM (VALUES (1, 1), (NULL, 2), (3, 3)) t(x, y) ORDER BY 1
SELECT k, listagg(v, ',') WITHIN GROUP (ORDER BY v) FROM (VALUES ('a', 'x'), ('a', 'y')) t(k, v) GROUP BY k
SELECT a.x, b.x FROM (VALUES 1, 2) a(x) FULL OUTER JOIN (VALUES 2, 3) b(x) ON a.x = b.x ORDER BY 1, 2
SELECT sum(x) FILTER (WHERE x > 1), count_if(x > 1), bool_and(x > 0), every(x > 1), arbitrary(1) FROM (VALUES 1, 2, 3) t(x)
SELECT max(d) - min(d), max(t) - min(t) FROM (VALUES (DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00'), (DATE '2024-01-03', TIMESTAMP '2024-01-01 05:00:00')) t(d, t)
SELECT year(d), month(d), week(d), quarter(d), day_of_year(d), last_day_of_month(d) FROM (VALUES DATE '2024-02-10') t(d)
SELECT rank() OVER (PARTITION BY k ORDER BY v) FROM (VALUES ('a', 1), ('a', 2)) t(k, v) ORDER BY 1
SELECT * FROM (SELECT k, row_number() OVER (PARTITION BY k ORDER BY v DESC) rn FROM (VALUES ('a', 1), ('a', 2)) t(k, v)) WHERE rn = 1
SELECT k, sum(v) * 1e0 / sum(sum(v)) OVER () share FROM (VALUES ('a', 1), ('b', 3)) t(k, v) GROUP BY k ORDER BY k
SELECT t1.a FROM (VALUES 1) t1(a) WHERE NOT EXISTS (SELECT 1 FROM (VALUES 2) t2(b) WHERE t2.b = t1.a)
SELECT x FROM (VALUES 1, 2) t(x) WHERE x NOT IN (SELECT y FROM (VALUES 2, NULL) u(y))
SELECT 1 = ALL (SELECT 1), 1 < ANY (SELECT x FROM (VALUES 0, 2) t(x))
SELECT listagg(x) WITHIN GROUP (ORDER BY x DESC) FROM (VALUES 'b', 'a') t(x)
SELECT a || b || CAST(1 AS varchar), concat(a, '-', b) FROM (VALUES ('x', 'yy')) t(a, b)
SELECT CASE k WHEN 'a' THEN 1 ELSE 2.5e0 END FROM (VALUES 'a', 'b') t(k)
SELECT date_diff('hour', a, b), date_diff('month', a, b), date_add('hour', 5, a), a + INTERVAL '90' MINUTE, b - a FROM (VALUES (TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-03-01 12:30:00')) t(a, b)
SELECT transform(split('1,2,3', ','), x -> CAST(x AS integer) * 2), array_join(transform(ARRAY[1, 2], x -> 'n' || CAST(x AS varchar)), '|')
SELECT reduce(ARRAY[5, 20, 50], CAST(ROW(0.0e0, 0) AS ROW(sum double, count integer)), (s, x) -> CAST(ROW(x + s.sum, s.count + 1) AS ROW(sum double, count integer)), s -> IF(s.count = 0, NULL, s.sum / s.count))
SELECT map_keys(m), map_values(m), m['a'], element_at(m, 'z'), cardinality(m), map_entries(m) FROM (SELECT MAP(ARRAY['a', 'b'], ARRAY[1, 2]) m)
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a', 'b'], ARRAY[2, 3])), multimap_agg(k, v) FROM (VALUES ('x', 1), ('x', 2)) t(k, v)
SELECT map_zip_with(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a', 'b'], ARRAY[10, 20]), (k, x, y) -> coalesce(x, 0) + coalesce(y, 0)), transform_keys(MAP(ARRAY[1], ARRAY['x']), (k, v) -> k + 1)
SELECT CAST(ARRAY[1, 2] AS array(varchar)), CAST(MAP(ARRAY[1], ARRAY[2]) AS map(varchar, double)), CAST(ROW(1, 2) AS ROW(x double, y varchar))
SELECT JSON '{"a": [1, 2]}', json_array_length('[1, 2]'), json_size('{"a": {"b": 1}}', '$.a'), json_array_contains('[1, 2]', 2), json_extract('{"a": [1, {"b": 2}]}', '$.a[1].b')
SELECT CAST(CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) AS json), CAST(ARRAY[DATE '2024-01-01'] AS json), CAST(NULL AS json)
SELECT x FROM (VALUES 'apple', 'banana') t(x) WHERE regexp_like(x, '(?i)^A') OR x LIKE '_an%'
SELECT regexp_extract_all('a1b22', '\d+'), regexp_split('a1b22c', '\d+'), regexp_count('aaa', 'a'), regexp_position('xay', 'a'), regexp_replace('aXbX', 'X'), regexp_replace('abc', '(?<first>a)', '${first}${first}')
SELECT row_number() OVER (), x FROM (VALUES 1) t(x)
SELECT sum(x) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW) FROM (VALUES (DATE '2024-01-01', 1), (DATE '2024-01-02', 2), (DATE '2024-01-04', 4)) t(d, x) ORDER BY 1
SELECT nth_value(x, 2) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), lead(x, 1, 0) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY 2
SELECT corr(x, y), covar_pop(x, y), regr_slope(y, x), stddev_pop(x), var_pop(x), geometric_mean(x), kurtosis(x), skewness(x) FROM (VALUES (1, 2), (2, 3), (4, 9), (7, 1)) t(x, y)
SELECT approx_percentile(x, 0.5e0), approx_percentile(x, ARRAY[0.25e0, 0.75e0]) FROM UNNEST(sequence(1, 100)) t(x)
SELECT bitwise_and(5, 3), bitwise_or(5, 3), bitwise_xor(5, 3), bit_count(7, 8), to_base(255, 16), from_base('ff', 16), chr(65), codepoint('A'), levenshtein_distance('kitten', 'sitting'), hamming_distance('ab', 'ac')
SELECT now() > TIMESTAMP '2020-01-01 00:00:00 UTC', current_date >= DATE '2020-01-01', localtimestamp IS NOT NULL, current_timestamp IS NOT NULL
SELECT sequence(DATE '2024-01-01', DATE '2024-01-03'), sequence(1, 10, 3), sequence(TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 02:00:00', INTERVAL '1' HOUR)
SELECT word, count(*) FROM (VALUES 'to be or not to be') t(s) CROSS JOIN UNNEST(split(s, ' ')) u(word) GROUP BY word ORDER BY 2 DESC, 1
SELECT x, y FROM (VALUES 1, 2) a(x), (VALUES 2, 3) b(y) WHERE x < y ORDER BY x, y
SELECT CAST(x AS decimal(5, 2)) * 2, CAST(x AS decimal(5, 2)) + CAST(1 AS decimal(3, 1)), CAST(x AS decimal(5, 2)) % 2, -CAST(x AS decimal(5, 2)), abs(CAST(-x AS decimal(5, 2))) FROM (VALUES 1.25e0) t(x)
SELECT a.k FROM (VALUES 1) a(k) WHERE a.k IN (1, 2) AND a.k NOT IN (3) AND (a.k = 1 OR a.k > 5) AND a.k <> 7
SELECT at_timezone(TIMESTAMP '2024-01-01 00:00:00 UTC', '+05:30'), with_timezone(TIMESTAMP '2024-01-01 00:00:00', 'Asia/Tokyo'), to_iso8601(TIMESTAMP '2024-01-01 00:00:00 UTC'), hour(TIMESTAMP '2024-01-01 05:00:00 Asia/Tokyo')
SELECT date '2024-01-01', timestamp '2024-01-01 10:00:00', time '10:00:00', interval '1' day, x'0aff'
SELECT k, v FROM (VALUES (1, 'a')) AS t (k, v) WHERE (k, v) = (1, 'a')
SELECT k, v FROM (VALUES (1, 'a'), (2, 'b')) AS t (k, v) WHERE (k, v) IN ((1, 'a'), (3, 'c'))
SELECT count(*) FROM (SELECT DISTINCT a, b FROM (VALUES (1, 2), (1, 2)) t(a, b))
SELECT cardinality(array_intersect(ARRAY[1, 2], ARRAY[2, 3])), array_except(ARRAY[1, 2], ARRAY[2]), arrays_overlap(ARRAY[1], ARRAY[1]), array_position(ARRAY['a', 'b'], 'b'), array_remove(ARRAY[1, 2], 1), trim_array(ARRAY[1, 2], 1), combinations(ARRAY[1, 2, 3], 2), ngrams(ARRAY['a', 'b', 'c'], 2)
SELECT split_to_map('a=1,b=2', ',', '='), translate('abc', 'ab', 'xy'), soundex('Robert'), starts_with('abc', 'ab'), normalize('e', NFC), length('日本'), rpad('a', 3, 'x'), ltrim('  a'), rtrim('a  ')
SELECT max(x, 2), min(x, 2), max_by(x, x, 2) FROM (VALUES 1, 3, 2) t(x)
SELECT ARRAY[1, NULL, 3], ROW(1, NULL), MAP(ARRAY['a'], ARRAY[NULL]), CAST(NULL AS array(integer))
SELECT e(), pi(), infinity(), nan(), ln(2), log10(100), log(2, 8), exp(1), cbrt(27), degrees(pi()), sign(-3), width_bucket(5, 0, 10, 5)
SELECT x FROM (VALUES 1) t(x) WHERE x + 'a' > 1
SELECT upper(NULL), length(NULL), NULL || 'a', 1 + NULL, NULL = NULL
SELECT ARRAY[1, 2] = ARRAY[1, 2], ROW(1, 2) = ROW(1, 3), MAP(ARRAY[1], ARRAY[2]) = MAP(ARRAY[1], ARRAY[2]), ARRAY[1] < ARRAY[2], ARRAY[1, NULL] IS NOT DISTINCT FROM ARRAY[1, NULL]
SELECT x FROM (VALUES (1, 2)) t(x, x)
SELECT sum(x) FROM (VALUES 1) t(x) GROUP BY 5
SELECT x FROM (VALUES 1) t(x) ORDER BY 3
SELECT CAST('abc' AS date)
SELECT date_parse('x', '%Y')
SELECT MAP(ARRAY[1, 1], ARRAY[2, 3])
