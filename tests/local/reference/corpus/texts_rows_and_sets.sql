-- Texts beyond ASCII, NULL in arrays and maps, aggregates, set operations, order, recursion, rows, names, errors of each.
SELECT length('日本語'), reverse('日本語a'), upper('straße'), lower('ÀÉ'), substr('日本語', 2, 1), strpos('日本語', '語'), lpad('日', 3, '本'), rpad('é', 3, 'ab'), codepoint('é'), chr(128512), length('😀'), substr('a😀b', 2, 1), to_utf8('é')
SELECT normalize('ﬁ', NFKC), length(normalize('é', NFD)), normalize('a'), levenshtein_distance('kitten', 'sitting'), hamming_distance('abc', 'abd'), soundex('Robert'), luhn_check('79927398713'), translate('abcd', 'abc', 'xy')
SELECT split('a,b,,c', ','), split('a,b,,c', ',', 2), split_part('a,b,,c', ',', 3), split_part('a,b', ',', 5), split_to_map('a=1;b=2', ';', '='), split_to_multimap('a=1;a=2', ';', '='), split('', ','), split('abc', '')
SELECT split_to_map('a=1;a=2', ';', '=')
SELECT split_to_map('a=1;b', ';', '=')
SELECT split_to_map('a=1;a=2', ';', '=', (k, v1, v2) -> v1 || v2)
SELECT trim('  a '), ltrim('xxa', 'x'), rtrim('axx', 'x'), trim(BOTH 'x' FROM 'xax'), trim(LEADING FROM '  a'), trim(TRAILING 'ab' FROM 'cab'), trim('a' FROM 'aba')
SELECT substr('abc', 0), substr('abc', -2), substr('abc', 2, 100), substr('abc', -5, 2), substring('abc' FROM 2 FOR 1), substring('abc', 2), substr('abc', 1, -1)
SELECT position('b' IN 'abc'), strpos('abcabc', 'c', 2), strpos('abcabc', 'c', -1), strpos('abc', ''), starts_with('abc', 'ab'), ends_with('abc', 'bc'), starts_with('abc', ''), concat('a', 'b', NULL), concat_ws('-', 'a', NULL, 'c'), concat_ws(',', ARRAY['x', NULL, 'y']), replace('abab', 'a'), replace('abab', 'ab', 'c'), replace('abc', '', '-')
SELECT ends_with('abc', 'c'), lpad('abc', 2, 'x'), lpad('abc', 0, 'x'), repeat('ab', 3), repeat(1, 3), word_stem('running')
SELECT lpad('abc', -1, 'x')
SELECT lpad('abc', 5, '')
SELECT format('%d %s %.2f %05d %x %,d %e %b %%', 42, 'x', 3.14159e0, 42, 255, 1234567, 12345.678e0, true), format('%2$s %1$s', 'a', 'b'), format('%10s|%-10s|', 'a', 'b'), format('%tF', DATE '2024-01-02'), format('%s', ARRAY[1])
SELECT format('%d', 'x')
SELECT format('%s %s', 'x')
SELECT 'a' || NULL, 'a' || 'b' || CAST(1 AS varchar), U&'\00e9', U&'d!0061t' UESCAPE '!', 'it''s'
SELECT 'a' < 'B', 'a' = 'a ', 'é' > 'z', 'Z' < 'a', '' < 'a', CAST('a' AS char(2)) = 'a', 'abc' BETWEEN 'a' AND 'b'
SELECT from_utf8(X'ff61'), from_utf8(X'ff61', '?'), from_utf8(X'c3a9'), to_hex(to_utf8('é')), from_hex('C3A9'), to_base64(to_utf8('hi?')), to_base64url(X'fbff'), from_base64('aGk_'), X'6162' || X'63', length(X'616263'), substr(X'616263', 2), reverse(X'616263'), lpad(X'61', 3, X'00'), X'61' < X'62'
SELECT md5(to_utf8('a')), sha1(to_utf8('a')), sha256(to_utf8('a')), crc32(to_utf8('a')), xxhash64(to_utf8('a')), murmur3(to_utf8('a')), hmac_sha256(to_utf8('a'), to_utf8('k')), to_big_endian_64(5), from_big_endian_32(X'00000005'), to_ieee754_64(1.5e0), from_ieee754_32(X'3fc00000'), to_base32(to_utf8('a')), from_base('ff', 16), to_base(255, 2)
SELECT from_base('zz', 16)
SELECT url_extract_host('https://a.b:8080/p/q?x=1&y=%20z#f'), url_extract_port('https://a.b:8080/p'), url_extract_path('https://a.b/p/q?x'), url_extract_query('https://a.b/p?x=1&y=2'), url_extract_parameter('https://a.b/p?x=1&y=%20z', 'y'), url_extract_fragment('https://a.b/#f'), url_extract_protocol('https://a.b'), url_encode('a b&é'), url_decode('a+b%26'), url_extract_host('not a url'), url_extract_parameter('https://a.b/p?x', 'x')
SELECT array_distinct(ARRAY[1, NULL, 1, NULL]), array_union(ARRAY[1, NULL], ARRAY[NULL, 2]), array_intersect(ARRAY[1, NULL], ARRAY[NULL, 1]), array_except(ARRAY[1, NULL, 2], ARRAY[NULL]), array_remove(ARRAY[1, NULL, 2], 1), array_position(ARRAY[1, NULL, 2], 2), array_position(ARRAY[1, NULL], NULL), contains(ARRAY[1, NULL], 1), contains(ARRAY[1, NULL], 2), array_max(ARRAY[1, NULL, 3]), array_min(ARRAY[1, 2]), array_sort(ARRAY[3, NULL, 1]), arrays_overlap(ARRAY[1, NULL], ARRAY[2]), arrays_overlap(ARRAY[1, NULL], ARRAY[NULL, 1])
SELECT array_join(ARRAY[1, NULL, 3], ','), array_join(ARRAY[1, NULL, 3], ',', 'n'), array_join(ARRAY[true, false], '-'), array_join(ARRAY[1.5e0], ''), array_join(ARRAY[DATE '2024-01-01'], ','), array_join(ARRAY[], ',')
SELECT element_at(ARRAY[1, 2], -1), element_at(ARRAY[1, 2], 3), element_at(MAP(ARRAY['a'], ARRAY[1]), 'b'), MAP(ARRAY['a'], ARRAY[1])['a']
SELECT slice(ARRAY[1, 2, 3, 4], 2, 2), slice(ARRAY[1, 2, 3], -2, 2), slice(ARRAY[1], 5, 1), trim_array(ARRAY[1, 2, 3], 2), reverse(ARRAY[1, NULL]), flatten(ARRAY[ARRAY[1], NULL, ARRAY[2, NULL]]), shuffle(ARRAY[1]), repeat(NULL, 2), ngrams(ARRAY['a', 'b', 'c'], 2), combinations(ARRAY[1, 2, 3], 2), sequence(5, 1, -2), zip(ARRAY[1, 2], ARRAY['a']), cardinality(ARRAY[]), ARRAY[1] || 2, 0 || ARRAY[1], ARRAY[1] || ARRAY[NULL], ARRAY[ARRAY[1]] || ARRAY[2]
SELECT ARRAY[1, 2e0, NULL], typeof(ARRAY[1, 2e0, NULL]), typeof(ARRAY[]), typeof(MAP()), typeof(ARRAY[NULL]), typeof(ROW(1, 'a', NULL)), typeof(MAP(ARRAY[1], ARRAY[ARRAY['x']]))
SELECT ARRAY[1, 2] = ARRAY[1, 2], ARRAY[1, NULL] = ARRAY[1, NULL], ARRAY[1, NULL] = ARRAY[2, NULL], ARRAY[1] < ARRAY[1, 2], ARRAY[1, 2] <> ARRAY[1], MAP(ARRAY[1], ARRAY[2]) = MAP(ARRAY[1], ARRAY[2]), ROW(1, NULL) = ROW(1, NULL), ROW(1, NULL) = ROW(2, NULL), ROW(1, 2) < ROW(1, 3), ARRAY[1, NULL] IS NOT DISTINCT FROM ARRAY[1, NULL]
SELECT ARRAY[1, NULL] < ARRAY[1, 2]
SELECT MAP(ARRAY[1], ARRAY[2]) < MAP(ARRAY[1], ARRAY[2])
SELECT map_concat(MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['a', 'b'], ARRAY[2, 3])), map_keys(MAP(ARRAY['a'], ARRAY[1])), map_values(MAP(ARRAY['a'], ARRAY[NULL])), map_entries(MAP(ARRAY['a'], ARRAY[1])), map_from_entries(ARRAY[('a', 1), ('b', 2)]), multimap_from_entries(ARRAY[('a', 1), ('a', 2)]), cardinality(MAP(ARRAY['a'], ARRAY[1]))
SELECT map_from_entries(ARRAY[('a', 1), ('a', 2)])
SELECT map_agg(k, v), multimap_agg(k, v), map_union(MAP(ARRAY[k], ARRAY[v])), histogram(k) FROM (VALUES ('a', 1), ('b', 2), ('a', 1)) t(k, v)
SELECT histogram(x), approx_distinct(x), approx_most_frequent(2, x, 10), count(x), count(*), count(DISTINCT x), arbitrary(x) FROM (VALUES 'a', 'a', 'b', NULL) t(x)
SELECT approx_percentile(x, 0.5e0), approx_percentile(x, ARRAY[0.25e0, 0.75e0]), approx_distinct(x, 0.01e0) FROM UNNEST(sequence(1, 1000)) t(x)
SELECT max_by(x, y), min_by(x, y), max_by(x, y, 2), min(x, 2), max(y, 2), max_by(x, NULL) FROM (VALUES ('a', 1), ('b', 3), ('c', 2)) t(x, y)
SELECT bool_and(x), bool_or(x), every(x), count_if(x) FROM (VALUES true, NULL, false) t(x)
SELECT stddev(x), stddev_pop(x), variance(x), var_pop(x), skewness(x), kurtosis(x), geometric_mean(x), corr(x, y), covar_pop(x, y), covar_samp(x, y), regr_slope(x, y), regr_intercept(x, y), entropy(y) FROM (VALUES (1e0, 2e0), (2e0, 3e0), (4e0, 5e0), (8e0, 1e0)) t(x, y)
SELECT bitwise_and_agg(x), bitwise_or_agg(x), bitwise_xor_agg(x), checksum(x) IS NULL FROM (VALUES 6, 3) t(x)
SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x DESC), listagg(DISTINCT x) WITHIN GROUP (ORDER BY x), listagg(x, '-' ON OVERFLOW TRUNCATE '...' WITH COUNT) WITHIN GROUP (ORDER BY x) FROM (VALUES 'a', 'b', NULL, 'a') t(x)
SELECT array_agg(x ORDER BY x DESC NULLS LAST), array_agg(DISTINCT x ORDER BY x), array_agg(x ORDER BY x) FILTER (WHERE x IS NOT NULL), array_agg(x ORDER BY y DESC, x) FROM (VALUES (1, 1), (NULL, 2), (2, 1), (1, 3)) t(x, y)
SELECT sum(x), avg(x), min(x), max(x), count(x), array_agg(x), bool_and(x > 1), map_agg(x, x), stddev(x), max_by(x, x), approx_distinct(x) FROM (SELECT 1 AS x WHERE false) t
SELECT sum(DISTINCT x), avg(DISTINCT x), sum(x) FILTER (WHERE x > 1), count(*) FILTER (WHERE false) FROM (VALUES 1, 1, 2) t(x)
SELECT avg(x), sum(x), typeof(sum(x)), typeof(avg(x)) FROM (VALUES REAL '1.5', REAL '2.5') t(x)
SELECT x FROM (VALUES 1, 1, 2, 3) t(x) EXCEPT SELECT 1
SELECT x FROM (VALUES 1, 1, 2, 3) t(x) EXCEPT ALL SELECT 1
SELECT x FROM (VALUES 1, 1, 2) t(x) INTERSECT ALL SELECT * FROM (VALUES 1, 1, 1)
SELECT 1 UNION SELECT 1 UNION ALL SELECT 1
SELECT 1 AS a UNION ALL SELECT 2.5e0 ORDER BY a DESC LIMIT 1
(SELECT 2 ORDER BY 1 LIMIT 1) UNION ALL (SELECT 1) ORDER BY 1
SELECT x FROM (VALUES 3, NULL, 1) t(x) ORDER BY x DESC
SELECT x FROM (VALUES 3, NULL, 1) t(x) ORDER BY x NULLS FIRST OFFSET 1 ROW FETCH NEXT 1 ROW ONLY
SELECT x FROM (VALUES 3, 3, 2, 1) t(x) ORDER BY x DESC FETCH FIRST 1 ROW WITH TIES
SELECT x FROM (VALUES 3, 3, 2, 1) t(x) FETCH FIRST 1 ROW WITH TIES
SELECT x FROM (VALUES 1, 2) t(x) ORDER BY 1 LIMIT 0
SELECT x FROM (VALUES 1, 2) t(x) ORDER BY 3
SELECT x AS y, y AS x FROM (VALUES (1, 2), (2, 1)) t(x, y) ORDER BY x
SELECT count(*) FROM (VALUES 1, 2, 3) t(x) TABLESAMPLE BERNOULLI (100)
SELECT count(*) FROM (VALUES 1, 2, 3) t(x) TABLESAMPLE SYSTEM (0)
SELECT count(*) FROM (VALUES 1, 2, 3) t(x) TABLESAMPLE BERNOULLI (101)
VALUES (1, 'a'), (2, NULL) ORDER BY 1 DESC
VALUES 1, 2e0, NULL
VALUES (1), ('a')
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT sum(n), count(*) FROM t
WITH RECURSIVE t(n, p) AS (VALUES (1, 'a') UNION ALL SELECT n + 1, p || 'a' FROM t WHERE n < 3) SELECT * FROM t ORDER BY n
WITH RECURSIVE t(n, p) AS (VALUES (1, CAST('a' AS varchar)) UNION ALL SELECT n + 1, p || 'a' FROM t WHERE n < 3) SELECT * FROM t ORDER BY n
WITH RECURSIVE t AS (SELECT 1 UNION ALL SELECT 2 FROM t) SELECT * FROM t
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t
WITH a AS (SELECT 1 x), b AS (SELECT x + 1 y FROM a) SELECT * FROM a CROSS JOIN b
WITH a AS (SELECT 1), a AS (SELECT 2) SELECT * FROM a
SELECT CAST(ROW(1, 'x') AS row(a integer, b varchar)).b, (ROW(1, 2)[2]), r.a, r.* FROM (SELECT CAST(ROW(1, 'x') AS row(a integer, b varchar))) t(r)
SELECT r.c FROM (SELECT CAST(ROW(1, 'x') AS row(a integer, b varchar))) t(r)
SELECT (ROW(1, 2)).*, (CAST(ROW(3, 4) AS row(p integer, q integer))).* AS (m, n)
SELECT t.*, t.x FROM (VALUES (1, 2)) t(x, y)
SELECT u.* FROM (VALUES 1) t(x)
SELECT * FROM (VALUES (1, 'a')) t(id, n) JOIN (VALUES (1, 'b')) u(id, m) USING (id)
SELECT t.id FROM (VALUES (1, 'a')) t(id, n) JOIN (VALUES (1, 'b')) u(id, m) USING (id)
SELECT * FROM (VALUES (1, 'a'), (2, 'b')) t(id, n) FULL JOIN (VALUES (1, 'x'), (3, 'y')) u(id, m) USING (id) ORDER BY id
SELECT id FROM (VALUES 1) t(id), (VALUES 1) u(id)
SELECT x FROM (VALUES 1) t(x) JOIN (VALUES 1) u(y)
SELECT * FROM (VALUES 1, 2) t(x) LEFT JOIN (VALUES 2, 3) u(y) ON t.x = u.y AND t.x > 5 ORDER BY x
SELECT 1 = NULL, NULL IS NULL, 1 IS DISTINCT FROM NULL, NULL IS NOT DISTINCT FROM NULL, NOT NULL, NULL AND false, NULL OR true, 1 IN (2, NULL), 1 NOT IN (2, NULL), NULL BETWEEN 1 AND 2
SELECT 1 IN ('a')
SELECT width_bucket(3.5e0, 0e0, 10e0, 5), width_bucket(-1e0, 0e0, 10e0, 5), width_bucket(2, ARRAY[1e0, 2e0, 3e0]), cbrt(27), exp(1), ln(2), log2(8), log10(1000), log(2, 8), power(2, 10), sqrt(2), pi(), e(), degrees(pi()), radians(180), mod(10, 3), sign(-3), sign(-3e0), ceil(-1.5e0), floor(-1.5e0), cosine_similarity(MAP(ARRAY['a'], ARRAY[1e0]), MAP(ARRAY['a'], ARRAY[2e0])), atan2(1, 1), tanh(1), is_finite(1e0 / 0), is_nan(nan()), nan() = nan(), infinity() > 1e308, normal_cdf(0, 1, 1.96e0), inverse_normal_cdf(0, 1, 0.5e0), wilson_interval_lower(1, 10, 1.96e0), bit_count(9, 64), bitwise_left_shift(1, 3), bitwise_not(5), bitwise_xor(5, 3)
SELECT ln(-1), sqrt(-1), log2(0), acos(2), power(0, -1), power(-8, 1e0 / 3)
SELECT width_bucket(1e0, 1e0, 1e0, 5)
SELECT rand(0)
SELECT random(5, 2)
SELECT length(1)
SELECT length('a', 'b')
SELECT FROM t
SELECT "x" FROM (VALUES 1) t("X")
SELECT CAST(1 AS nosuchtype)
SELECT CAST(1 AS decimal(39, 2))
SELECT CAST('a' AS varchar(0))
SELECT uuid() IS NOT NULL, typeof(uuid()), CAST('12151FD2-7586-11e9-8f9e-2a86e4085a59' AS uuid), CAST(UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59' AS varchar), UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59' < UUID '22151fd2-7586-11e9-8f9e-2a86e4085a59'
SELECT CAST('x' AS uuid)
SELECT typeof(1), typeof(1.0e0), typeof('abc'), typeof(NULL), typeof(true), typeof(DATE '2024-01-01'), typeof(INTERVAL '1' DAY), typeof(X'00'), typeof(CAST('a' AS varchar)), typeof(CAST(NULL AS row(a bigint, "B c" varchar(3)))), typeof(DECIMAL '001.10'), typeof(2147483648)
SELECT typeof(concat('a', 'b')), typeof('a' || 'b'), typeof(upper('a')), typeof(substr('abc', 1, 1)), typeof(length('a')), typeof(split('a', ',')), typeof(round(1)), typeof(ceil(1)), typeof(abs(REAL '1')), typeof(sqrt(4)), typeof(power(2, 2)), typeof(count(*)), typeof(date_diff('day', now(), now())), typeof(current_date - INTERVAL '1' DAY), typeof(from_unixtime(0)), typeof(date_parse('2024', '%Y')), typeof(to_unixtime(now()))
