-- what guides, tutorials and answers have: arrays, maps and rows, JSON, dates, texts, windows, sub-queries, slips
SELECT * FROM (VALUES (1,'a'),(2,'b')) AS t (id, name) WHERE id IN (SELECT 1)
WITH dataset AS (SELECT ARRAY ['hello', 'amazon', 'athena'] AS words, ARRAY ['hi', 'alexa'] AS alexa) SELECT concat(words, alexa) AS welcome_msg FROM dataset
WITH dataset AS (SELECT 'engineering' as department, ARRAY['Sharon', 'John', 'Bob', 'Sally'] as users) SELECT department, names FROM dataset CROSS JOIN UNNEST(users) as t(names)
WITH dataset AS ( SELECT 'engineering' as department, ARRAY['Sharon', 'John', 'Bob', 'Sally'] as users ) SELECT department, names, n FROM dataset CROSS JOIN UNNEST(users) WITH ORDINALITY as t(names, n)
WITH dataset AS ( SELECT 'engineering' as department, ARRAY[ MAP(ARRAY['first', 'last', 'age'],ARRAY['Bob', 'Smith', '40']), MAP(ARRAY['first', 'last', 'age'],ARRAY['Jane', 'Doe', '30']), MAP(ARRAY['first', 'last', 'age'],ARRAY['Billy', 'Smith', '8']) ] AS people ) SELECT names['first'] AS first_name, names['last'] AS last_name, department FROM dataset, UNNEST(people) AS t(names)
WITH dataset AS ( SELECT 'engineering' as department, MAP( ARRAY['Sharon', 'John', 'Bob', 'Sally'], ARRAY[1, 2, 3, 4] ) AS users ) SELECT department, names, n FROM dataset CROSS JOIN UNNEST(users) AS t(names, n)
WITH dataset AS (SELECT ARRAY[ROW('Bob', 38), ROW('Alice', 35)] AS users) SELECT transform(users, u -> u[1]) FROM dataset
WITH dataset AS (SELECT ARRAY[CAST(ROW('Bob', 38) AS ROW(name VARCHAR, age INTEGER)), CAST(ROW('Alice', 35) AS ROW(name VARCHAR, age INTEGER))] AS users) SELECT filter(users, u -> u.age > 36), users[1].name FROM dataset
WITH dataset AS ( SELECT 'engineering' AS department, ARRAY[1, 2, 3] AS numbers) SELECT reduce(numbers, 0, (s, x) -> s + x, s -> s) AS sum, cardinality(numbers) FROM dataset
WITH dataset AS (SELECT ARRAY[4, 2, 1, 9, NULL] AS items) SELECT array_sort(items), array_max(items), array_sort(items, (a,b) -> IF(a < b, 1, IF(a = b, 0, -1))) FROM dataset
SELECT array_distinct(ARRAY[1,2,2]), array_join(ARRAY['a',NULL,'c'], ',', 'null'), array_position(ARRAY[1,2], 2), slice(ARRAY[1,2,3], 2, 2), sequence(1, 10, 3)
SELECT sequence(date '2024-01-01', date '2024-03-01', interval '1' month)
SELECT t.d FROM UNNEST(sequence(date '2024-01-01', date '2024-01-05', interval '1' day)) AS t(d)
SELECT date_trunc('week', d) wk, count(*) FROM UNNEST(sequence(date '2024-01-01', date '2024-01-31')) t(d) GROUP BY 1 ORDER BY 1
WITH dataset AS (SELECT '{"name": "Susan Smith", "org": "engineering", "projects": [{"name":"project1", "completed":false},{"name":"project2", "completed":true}]}' AS myblob) SELECT json_extract(myblob, '$.name') AS name, json_extract(myblob, '$.projects') AS projects, json_extract_scalar(myblob, '$.projects[0].name') FROM dataset
WITH dataset AS (SELECT '{"bob_smith": {"org": "engineering"}}' AS b) SELECT json_extract(b, '$["bob_smith"]'), json_extract_scalar(b, '$.bob_smith["org"]'), json_extract_scalar(b, '$[''bob_smith''].org') FROM dataset
WITH dataset AS ( SELECT * FROM (VALUES (JSON '{"name": "Bob Smith", "org": "legal", "projects": ["project1"]}'), (JSON '{"name": "Susan Smith", "org": "engineering", "projects": ["project1", "project2", "project3"]}'), (JSON '{"name": "Jane Smith", "org": "finance", "projects": ["project1", "project2"]}') ) AS t (users) ) SELECT json_extract_scalar(users, '$.name') AS user FROM dataset WHERE json_array_contains(json_extract(users, '$.projects'), 'project2')
WITH dataset AS (SELECT * FROM (VALUES (JSON '{"name": "Bob Smith", "org": "legal", "projects": [{"name":"project1", "completed":false}]}'), (JSON '{"name": "Jane", "projects": []}')) AS t (users)) SELECT json_extract_scalar(users, '$.name') AS name, json_size(users, '$.projects') AS count FROM dataset ORDER BY count DESC
WITH dataset AS (SELECT CAST('HELLO ATHENA' AS JSON) AS hello_msg) SELECT * FROM dataset
SELECT CAST(MAP(ARRAY['a','b'], ARRAY[1,2]) AS JSON), CAST(ROW(1, 'x') AS JSON), CAST(ARRAY[1.5, null] AS JSON), json_format(CAST(CAST(ROW(1,'x') AS ROW(a int, b varchar)) AS JSON))
SELECT CAST(JSON '"HELLO ATHENA"' AS VARCHAR), CAST(JSON '12345' AS INTEGER), CAST(JSON '{"k1": 1, "k2": 2}' AS MAP(VARCHAR, INTEGER)), CAST(JSON '[1,2]' AS ARRAY(BIGINT)), CAST(JSON '{"a":1,"b":"x"}' AS ROW(a int, b varchar))
SELECT CAST(json_extract('{"items":[{"id":1,"tags":["a"]},{"id":2}]}', '$.items') AS ARRAY(ROW(id int, tags array(varchar))))
SELECT item.id, item.name FROM (VALUES '{"items":[{"id":1,"name":"a"},{"id":2,"name":"b"}]}') t(j) CROSS JOIN UNNEST(CAST(json_extract(j, '$.items') AS ARRAY(ROW(id int, name varchar)))) AS item(id, name)
SELECT id, name FROM (VALUES '{"items":[{"id":1,"name":"a"},{"id":2,"name":"b"}]}') t(j) CROSS JOIN UNNEST(CAST(json_parse(j) AS MAP(VARCHAR, ARRAY(ROW(id int, name varchar))))['items']) AS item(id, name)
SELECT k, v FROM (VALUES '{"a": 1, "b": {"c": 2}}') t(j) CROSS JOIN UNNEST(CAST(json_parse(j) AS MAP(VARCHAR, JSON))) AS u(k, v)
SELECT json_extract_scalar(j, '$.a.b[1]'), json_query(j, 'lax $.a.b'), json_value(j, 'lax $.a.b[0]' RETURNING int), json_exists(j, 'lax $.zzz') FROM (VALUES '{"a":{"b":[1,2]}}') t(j)
SELECT x, y FROM (VALUES (1, ARRAY[1,2]), (2, ARRAY[]), (3, NULL)) t(x, a) LEFT JOIN UNNEST(a) AS u(y) ON TRUE ORDER BY 1, 2
SELECT t.x, u.k, u.v FROM (VALUES (1, MAP(ARRAY['a'], ARRAY[1])), (2, MAP())) t(x, m) LEFT JOIN UNNEST(m) AS u(k, v) ON TRUE
SELECT a, b FROM UNNEST(ARRAY[1,2], ARRAY['x','y','z']) AS t(a, b)
SELECT date_parse('2024-01-15 10:11:12', '%Y-%m-%d %H:%i:%s'), date_format(timestamp '2024-01-15 10:11:12', '%W %M %e %Y %r'), date_format(date '2024-01-05', '%Y%m%d')
SELECT from_unixtime(1700000000), to_unixtime(timestamp '2024-01-01 00:00:00'), from_unixtime(1700000000.5), from_unixtime(1700000000, 'America/New_York')
SELECT from_iso8601_timestamp('2024-01-15T10:11:12Z'), from_iso8601_timestamp('2024-01-15T10:11:12.123+02:00'), from_iso8601_date('2024-01-15'), to_iso8601(date '2024-01-15')
SELECT CAST(from_iso8601_timestamp('2024-01-15T10:11:12Z') AS timestamp), CAST('2024-01-15' AS date), CAST('2024-01-15 10:00:00' AS timestamp), CAST(timestamp '2024-01-15 10:00:00' AS varchar), CAST(timestamp '2024-01-15 10:00:00' AS date)
SELECT date_diff('day', date '2024-01-01', date '2024-03-01'), date_diff('month', timestamp '2024-01-31 00:00:00', timestamp '2024-02-29 00:00:00'), date_add('month', 1, date '2024-01-31'), date_add('hour', -3, timestamp '2024-01-01 00:00:00')
SELECT year(d), month(d), day(d), quarter(d), week(d), day_of_week(d), day_of_year(d), year_of_week(d), last_day_of_month(d), extract(dow from d), extract(doy FROM d), extract(year_of_week FROM d) FROM (VALUES date '2024-12-30') t(d)
SELECT timestamp '2024-01-01 12:00:00' AT TIME ZONE 'America/Los_Angeles', timestamp '2024-01-01 12:00:00 UTC' AT TIME ZONE 'Asia/Tokyo', at_timezone(timestamp '2024-07-01 12:00:00 UTC', 'Europe/Berlin'), with_timezone(timestamp '2024-01-01 12:00:00', 'Europe/Berlin')
SELECT date_trunc('month', timestamp '2024-05-15 10:11:12.345'), date_trunc('quarter', date '2024-05-15'), date_trunc('year', timestamp '2024-05-15 00:00:00 Europe/Berlin'), date_trunc('hour', timestamp '2024-05-15 10:11:12')
SELECT format_datetime(timestamp '2024-01-15 10:11:12', 'yyyy-MM-dd''T''HH:mm:ss'), parse_datetime('2024/01/15 10-11', 'yyyy/MM/dd HH-mm'), format_datetime(from_unixtime(0), 'EEE, d MMM yyyy')
SELECT interval '2' day + interval '3' hour, date '2024-01-01' + interval '1' month, timestamp '2024-01-01 00:00:00' - interval '90' minute, timestamp '2024-01-02 00:00:00' - timestamp '2024-01-01 12:00:00', date '2024-03-01' - date '2024-02-01'
SELECT to_milliseconds(interval '1' day), parse_duration('3.5d'), human_readable_seconds(3661)
SELECT regexp_extract('1a 2b 14m', '(\d+)([a-z]+)', 2), regexp_extract_all('1a 2b 14m', '\d+'), regexp_like('1a 2b 14m', '\d+b'), regexp_replace('1a 2b 14m', '(\d+)([ab]) ', '3c$2 '), regexp_split('1a 2b 14m', '\s*[a-z]+\s*'), regexp_replace('new york', '(\w)(\w*)', x -> upper(x[1]) || lower(x[2])), regexp_count('a1b2', '\d'), regexp_position('I have 23', '\d')
SELECT regexp_extract('https://www.example.com/path?x=1', '(?<=//)[^/]+'), regexp_like('Foo', '(?i)foo'), regexp_extract('user_123@mail.com', '^([^@]+)@(.+)$', 2)
SELECT split_part('a,b,c', ',', 2), split('a,b,c', ','), split('a,b,c', ',', 2), split_to_map('a=1;b=2', ';', '='), split_to_multimap('a=1;a=2', ';', '='), strpos('abc', 'c'), substr('abcdef', -3), substring('abcdef', 2, 3), substring('abcdef' from 2 for 3), position('c' in 'abc')
SELECT lower('ABC'), upper('abc'), trim('  a '), ltrim('xxa', 'x'), trim(both '$' from '$a$'), lpad('7', 3, '0'), rpad('7', 3, '0'), reverse('abc'), replace('aXbX', 'X', '-'), replace('aXbX','X'), concat('a','b','c'), concat_ws('-', 'a', null, 'b'), length('abc'), chr(65), codepoint('A'), levenshtein_distance('kitten','sitting'), translate('abc', 'ab', 'xy'), normalize('é', NFD) = 'é', starts_with('abc', 'ab'), soundex('Miller'), word_stem('running')
SELECT url_extract_host('https://example.com:8080/p?q=1#f'), url_extract_path('https://example.com:8080/p?q=1#f'), url_extract_parameter('https://example.com/p?q=1&r=2', 'r'), url_extract_port('https://example.com:8080/p'), url_extract_query('http://a/b?c=d'), url_encode('a b&c'), url_decode('a%20b')
SELECT to_hex(md5(to_utf8('a'))), to_hex(sha256(to_utf8('a'))), lower(to_hex(sha1(to_utf8('x')))), to_base64(to_utf8('abc')), from_utf8(from_base64('YWJj')), from_utf8(from_hex('616263')), crc32(to_utf8('a')), xxhash64(to_utf8('a')), to_hex(hmac_sha256(to_utf8('a'), to_utf8('k'))), from_base('ff', 16), to_base(255, 16)
SELECT try_cast('abc' AS integer), try(1/0), coalesce(null, 1), nullif(1, 1), if(1 > 2, 'a', 'b'), case 1 when 1 then 'x' else 'y' end, greatest(1, 2, 3), least('a', 'b'), typeof(1.5), typeof(DECIMAL '1.5'), typeof('a'), typeof(ARRAY[1])
SELECT x, grp, row_number() OVER (PARTITION BY grp ORDER BY x), rank() OVER (ORDER BY grp), dense_rank() OVER (ORDER BY grp), lag(x) OVER (PARTITION BY grp ORDER BY x), lead(x, 1, 0) OVER (PARTITION BY grp ORDER BY x), sum(x) OVER (PARTITION BY grp ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), first_value(x) OVER w, last_value(x) IGNORE NULLS OVER w, ntile(2) OVER (ORDER BY x), percent_rank() OVER (ORDER BY x), cume_dist() OVER (ORDER BY x), nth_value(x, 2) OVER w FROM (VALUES (1,'a'),(2,'a'),(3,'b'),(4,'b')) t(x, grp) WINDOW w AS (PARTITION BY grp ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY x
SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY ts DESC) AS rn FROM (VALUES (1, 10, 'a'), (1, 20, 'b'), (2, 5, 'c')) t(id, ts, v)) WHERE rn = 1 ORDER BY id
SELECT grp, sum(x), avg(x), count(DISTINCT x) FROM (VALUES (1,'a'),(2,'a'),(3,'b')) t(x, grp) GROUP BY ROLLUP(grp) ORDER BY grp NULLS FIRST
SELECT a, b, grouping(a, b), sum(x) FROM (VALUES ('p','q',1),('p','r',2)) t(a,b,x) GROUP BY GROUPING SETS ((a, b), (a), ()) ORDER BY 3, 1, 2
SELECT a, b, sum(x) FROM (VALUES ('p','q',1),('p','r',2)) t(a,b,x) GROUP BY CUBE (a, b) ORDER BY 1, 2
SELECT x FROM (VALUES 1, 2, 3) t(x) WHERE x BETWEEN 2 AND 3 INTERSECT SELECT 2 UNION ALL SELECT 9 EXCEPT SELECT 8
SELECT map_keys(m), map_values(m), element_at(m, 'z'), m['a'], cardinality(m), map_filter(m, (k, v) -> v > 1), transform_values(m, (k, v) -> v * 10), transform_keys(m, (k, v) -> upper(k)), map_concat(m, MAP(ARRAY['z'], ARRAY[26])), map_entries(m), map_from_entries(ARRAY[(1, 'x')]), multimap_from_entries(ARRAY[(1, 'x'), (1, 'y')]), map_zip_with(m, m, (k, a, b) -> a + b) FROM (VALUES MAP(ARRAY['a','b'], ARRAY[1,2])) t(m)
SELECT zip(ARRAY[1,2], ARRAY['a','b']), zip_with(ARRAY[1,2], ARRAY[3,4], (x, y) -> x * y), flatten(ARRAY[ARRAY[1], ARRAY[2,3]]), any_match(ARRAY[1,2], x -> x > 1), all_match(ARRAY[1,2], x -> x > 1), none_match(ARRAY[1,2], x -> x > 5), ngrams(ARRAY['a','b','c'], 2), combinations(ARRAY[1,2,3], 2), array_except(ARRAY[1,2], ARRAY[2]), array_intersect(ARRAY[1,2], ARRAY[2]), array_union(ARRAY[1], ARRAY[2]), arrays_overlap(ARRAY[1], ARRAY[1]), array_remove(ARRAY[1,2], 1), reverse(ARRAY[1,2]), repeat('a', 3), contains(ARRAY[1,2], 2), element_at(ARRAY[1,2], -1), trim_array(ARRAY[1,2,3], 1), array_histogram(ARRAY[1,1,2]), ARRAY[1] || ARRAY[2] || 3
SELECT CAST(ROW(1, 'a') AS ROW(x BIGINT, y VARCHAR)).x, ROW(1, 2), CAST(ROW(1, ROW(2)) AS ROW(a int, b ROW(c int))).b.c
SELECT bitwise_left_shift(1, 3), bit_count(7, 64), bitwise_xor(1, 3), bitwise_not(5)
SELECT tumbling, count(*) FROM (SELECT date_trunc('minute', ts) - (minute(ts) % 5) * interval '1' minute AS tumbling FROM (VALUES timestamp '2024-01-01 10:03:00', timestamp '2024-01-01 10:07:00') t(ts)) GROUP BY 1 ORDER BY 1
SELECT 'it''s', "x" FROM (VALUES 1) t("x")
SELECT count(*) filter (where x is null) * 100.0 / count(*) FROM (VALUES 1, null) t(x)
SELECT format('%,d %s %.2f %05d %x %%', 1234567, 'a', 3.14159, 42, 255), format_number(1234567)
SELECT a.x, b.y FROM (VALUES 1, 2) a(x) FULL OUTER JOIN (VALUES 2, 3) b(y) ON a.x = b.y ORDER BY 1 NULLS LAST, 2
SELECT x FROM (VALUES 1,2,3) t(x) WHERE EXISTS (SELECT 1 FROM (VALUES 2) u(y) WHERE u.y = t.x) OR x NOT IN (SELECT 5)
SELECT x, (SELECT max(y) FROM (VALUES (1,10),(1,20),(2,5)) u(k,y) WHERE u.k = t.x) FROM (VALUES 1, 2) t(x) ORDER BY 1
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n) FROM t
SELECT CAST('1,234' AS double)
SELECT CAST(replace('1,234', ',', '') AS double), CAST('  12 ' AS integer)
SELECT date('2024-01-05T10:00:00')
SELECT date(from_iso8601_timestamp('2024-01-05T10:00:00Z')), date('2024-01-05')
SELECT CAST('2024-01-05T10:00:00' AS timestamp)
SELECT '2024-01-01' > date '2023-01-01'
SELECT * FROM (VALUES 1) t(x) WHERE x = 'a'
SELECT x FROM nosuch
SELECT x, count(*) FROM (VALUES 1) t(x)
SELECT ARRAY[1,2][3]
SELECT element_at(ARRAY[1,2], 3), MAP(ARRAY['a'], ARRAY[1])['b']
SELECT cast('abc' as int)
SELECT "max"(x), sum(x) / count(*) FROM (VALUES 1, 2) t(x)
SELECT DISTINCT ON (x) x FROM (VALUES 1) t(x)
SELECT x::int FROM (VALUES '1') t(x)
SELECT TOP 10 x FROM (VALUES 1) t(x)
SELECT ifnull(null, 1)
SELECT nvl(null, 1)
SELECT datediff(day, date '2024-01-01', date '2024-01-02')
SELECT dateadd(day, 1, date '2024-01-01')
SELECT to_date('2024-01-01')
SELECT date_sub('day', 1, current_date)
SELECT last_value(x) OVER (ORDER BY x) FROM (VALUES 1,2) t(x) QUALIFY true
SELECT x ilike 'A%' FROM (VALUES 'abc') t(x)
SELECT x FROM (VALUES 'a_b', 'acb') t(x) WHERE x LIKE 'a\_b' ESCAPE '\'
SELECT 'abc' LIKE '%b%', 'a' NOT LIKE 'b', 'abc' || 'def' || cast(1 as varchar)
SELECT substr('abc', 0), left('abc', 1)
SELECT t.* , 1 AS one FROM (VALUES (1, 2)) t(a, b)
SELECT ROW_NUMBER() OVER () AS rn, x FROM (VALUES 5) t(x)
SELECT sum(sum(x)) OVER (ORDER BY g), g FROM (VALUES (1, 'a'), (2, 'b')) t(x, g) GROUP BY g ORDER BY g
SELECT g, cast(sum(x) as double) / sum(sum(x)) OVER () pct FROM (VALUES (1, 'a'), (3, 'b')) t(x, g) GROUP BY g ORDER BY g
SELECT approx_most_frequent(3, x, 10) FROM (VALUES 'a','a','b') t(x)
SELECT tdigest_agg(x) IS NOT NULL, value_at_quantile(tdigest_agg(x), 0.5) FROM (VALUES 1e0, 2e0, 3e0) t(x)
SELECT numeric_histogram(2, x) FROM (VALUES 1, 2, 10) t(x)
SELECT x, sum(x) OVER (ORDER BY d RANGE BETWEEN INTERVAL '7' DAY PRECEDING AND CURRENT ROW) FROM (VALUES (1, date '2024-01-01'), (2, date '2024-01-05'), (3, date '2024-02-01')) t(x, d) ORDER BY 1
SELECT max(x) - min(x), max(d) - interval '1' day FROM (VALUES (1, date '2024-01-01')) t(x, d)
SELECT cast(cast(1.005 as decimal(10,2)) as varchar), cast(12345.678 as decimal(10,1)), decimal '10' / 3, cast(1 as decimal(10,2)) / cast(3 as decimal(10,2))
SELECT cast(1e10 as varchar), cast(0.1 as varchar), cast(100.0 as varchar), cast(true as varchar), cast(1 as boolean), cast('true' as boolean), cast(1.7 as int), cast(date '2024-01-01' as timestamp)
SELECT TIME '10:11:12', hour(TIME '10:11:12'), CAST('10:11:12' AS TIME), date_trunc('hour', TIME '10:11:12')
SELECT current_time IS NOT NULL, TIME '10:11:12+02:00'
SELECT TIMESTAMP '2024-01-01 10:11:12.123456789', CAST('2024-01-01 10:11:12.123456789' AS TIMESTAMP(9)), CAST(TIMESTAMP '2024-01-01 10:11:12.123456789' AS TIMESTAMP(3))
SELECT timezone_hour(timestamp '2024-01-01 00:00:00 +05:30'), timezone_minute(timestamp '2024-01-01 00:00:00 +05:30'), current_timezone()
SELECT * FROM (VALUES (1, 'x')) AS "T"("A", "b c") WHERE "b c" = 'x'
TABLE default.nosuch2
VALUES (1, 'a'), (2, 'b')
SELECT 1 AS "select", 2 AS "from"
SELECT 1 AS select
SELECT array_agg(DISTINCT x) FROM (VALUES 1, 1) t(x)
SELECT array_agg(x) FILTER (WHERE x > 1) FROM (VALUES 1, 2) t(x)
SELECT reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FROM (VALUES 1, 2) t(x)
SELECT any_value(x), every(x > 0), bitwise_or_agg(x), corr(x, y), covar_pop(x, y), regr_slope(x, y), kurtosis(x), skewness(x), entropy(x) FROM (VALUES (1, 2), (2, 4), (3, 7), (4, 1)) t(x, y)
SELECT map_union(m), multimap_agg(k, k), map_agg(k, m) FROM (VALUES ('a', MAP(ARRAY[1], ARRAY[2])), ('b', MAP(ARRAY[2], ARRAY[3]))) t(k, m)
SELECT json_array_get('["a", "b"]', 0), json_array_length('[1,2]'), is_json_scalar('1')
SELECT json_object('a' : 1, 'b' : 'x'), json_array(1, 'x', true), json_object(KEY 'k' VALUE 1 ABSENT ON NULL)
SELECT try(json_parse('{bad')), try_cast('x' as json), json_parse('{"b":1, "a":2}')
