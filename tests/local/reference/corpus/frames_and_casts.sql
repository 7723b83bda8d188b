-- Window frames, grouping sets, regular expressions, decimals, overflow, casts, conditional expressions.
SELECT x, sum(x) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING), count(*) OVER (ORDER BY x GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 2, 4, 7) t(x) ORDER BY x
SELECT d, sum(x) OVER (ORDER BY d RANGE BETWEEN INTERVAL '2' DAY PRECEDING AND CURRENT ROW) FROM (VALUES (DATE '2024-01-01', 1), (DATE '2024-01-02', 2), (DATE '2024-01-05', 3)) t(d, x) ORDER BY d
SELECT d, count(*) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND INTERVAL '1' MONTH FOLLOWING) FROM (VALUES DATE '2024-01-31', DATE '2024-02-29', DATE '2024-04-01') t(d) ORDER BY d
SELECT x, array_agg(x) OVER (ORDER BY x DESC RANGE BETWEEN 2 PRECEDING AND UNBOUNDED FOLLOWING) FROM (VALUES 1, 2, NULL, 5) t(x) ORDER BY x
SELECT x, array_agg(x) OVER (ORDER BY x NULLS FIRST GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 2, NULL, NULL, 5) t(x) ORDER BY x
SELECT x, first_value(x) IGNORE NULLS OVER (ORDER BY o ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), last_value(x) IGNORE NULLS OVER (ORDER BY o), nth_value(x, 2) OVER (ORDER BY o ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), lag(x, 2, -1) OVER (ORDER BY o), lead(x) IGNORE NULLS OVER (ORDER BY o) FROM (VALUES (1, 10), (2, NULL), (3, 30), (4, NULL)) t(o, x) ORDER BY o
SELECT x, rank() OVER w, dense_rank() OVER w, row_number() OVER (w ROWS UNBOUNDED PRECEDING), percent_rank() OVER w, cume_dist() OVER w, ntile(2) OVER w FROM (VALUES 1, 2, 2, 3) t(x) WINDOW w AS (ORDER BY x) ORDER BY x
SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), sum(x) OVER (ORDER BY x ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING), sum(x) OVER (ROWS BETWEEN x PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 3) t(x) ORDER BY x
SELECT sum(x) OVER (ORDER BY x ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM (VALUES 1, 2) t(x)
SELECT sum(x) OVER (ORDER BY x ROWS BETWEEN -1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2) t(x)
SELECT sum(x) OVER (RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2) t(x)
SELECT rank() OVER () FROM (VALUES 1, 2) t(x)
SELECT lag(x, -1) OVER (ORDER BY x) FROM (VALUES 1) t(x)
SELECT x, count(*) FILTER (WHERE y > 1) OVER (PARTITION BY x), count(DISTINCT y) OVER (PARTITION BY x) FROM (VALUES (1, 1), (1, 2)) t(x, y)
SELECT k, sum(sum(v)) OVER (ORDER BY k), rank() OVER (ORDER BY sum(v) DESC) FROM (VALUES ('a', 1), ('b', 5), ('a', 2)) t(k, v) GROUP BY k ORDER BY k
SELECT a, b, sum(c), grouping(a, b), grouping(b) FROM (VALUES (1, 'x', 10), (1, 'y', 20), (2, 'x', 5)) t(a, b, c) GROUP BY ROLLUP (a, b) ORDER BY 1 NULLS LAST, 2 NULLS LAST
SELECT a, b, count(*) FROM (VALUES (1, 'x'), (1, NULL), (NULL, 'x')) t(a, b) GROUP BY CUBE (a, b) ORDER BY 1, 2, 3
SELECT a, b, c, count(*) FROM (VALUES (1, 2, 3), (1, 5, 6)) t(a, b, c) GROUP BY a, GROUPING SETS ((b), (c), ()) ORDER BY 1, 2, 3
SELECT a, count(*) FROM (VALUES 1, 1, 2) t(a) GROUP BY GROUPING SETS ((a), (a), ()) ORDER BY 1, 2
SELECT a, count(*) FROM (VALUES 1, 1, 2) t(a) GROUP BY DISTINCT GROUPING SETS ((a), (a), ()) ORDER BY 1, 2
SELECT grouping(a) FROM (VALUES 1) t(a) GROUP BY a
SELECT grouping(b) FROM (VALUES (1, 2)) t(a, b) GROUP BY ROLLUP (a)
SELECT a + 1, count(*) FROM (VALUES 1, 1, 2) t(a) GROUP BY ROLLUP (a + 1) ORDER BY 1
SELECT count(*) FROM (VALUES 1) t(a) WHERE false GROUP BY ()
SELECT count(*), sum(a) FROM (VALUES 1) t(a) WHERE false GROUP BY GROUPING SETS (())
SELECT a, sum(b) s FROM (VALUES (1, 2), (1, 3), (2, 1)) t(a, b) GROUP BY 1 HAVING sum(b) > 1 ORDER BY s DESC
SELECT a, b FROM (VALUES (1, 2)) t(a, b) GROUP BY a
SELECT a FROM (VALUES 1) t(a) HAVING a > 0
SELECT sum(a) FROM (VALUES 1) t(a) WHERE sum(a) > 1
SELECT regexp_like('1a 2b 14m', '\d+b'), regexp_like('abc', '^b'), regexp_like('ABC', '(?i)abc'), regexp_like('a' || chr(10) || 'b', 'a.b'), regexp_like('a' || chr(10) || 'b', '(?s)a.b')
SELECT regexp_extract('1a 2b 14m', '(\d+)([a-z]+)', 2), regexp_extract('1a', '(\d+)(x)?', 2), regexp_extract('abc', '\d'), regexp_extract_all('1a 2b 14m', '(\d+)([a-z]+)', 2), regexp_extract_all('abc', 'x')
SELECT regexp_replace('1a 2b 14m', '(\d+)([ab]) ', '3c$2 '), regexp_replace('1a 2b', '\d+[ab] '), regexp_replace('new york', '(\w)(\w*)', x -> upper(x[1]) || lower(x[2])), regexp_replace('abc', '(?<first>\w)', '<${first}>'), regexp_replace('a$b', '\$', '\$\$')
SELECT regexp_extract('foobar', 'foo(?=bar)'), regexp_extract('foobaz', 'foo(?!bar)'), regexp_like('price: 100', '(?<=: )\d+'), regexp_replace('aXbX', '(?<!a)X', '-')
SELECT regexp_split('1a 2b 14m', '\s*[a-z]+\s*'), regexp_split('abc', ''), regexp_split('', 'x'), regexp_count('1a 2b 14m', '\s*[a-z]+\s*'), regexp_position('1a 2b 14m', '[a-z]', 3), regexp_position('9102, say good bye', '\bsay\b', 1, 1)
SELECT regexp_extract('abc', '(a)', 2)
SELECT regexp_replace('abc', '(b)', '$3')
SELECT regexp_extract_all('aaa', 'a*?'), regexp_extract_all('banana', '(?=ana)'), regexp_replace('banana', 'a|', '-'), regexp_count('aaa', ''), regexp_extract('ab12', '[[:digit:]]+'), regexp_extract('ab12', '\p{Alpha}+'), regexp_extract('éa', '\p{L}+')
SELECT 'abc' LIKE 'a_c', 'a%c' LIKE 'a\%c' ESCAPE '\', 'abc' NOT LIKE '%b', 'a' || chr(10) || 'b' LIKE 'a_b', '' LIKE '%', NULL LIKE 'a', 'abc' LIKE NULL, 'ABC' LIKE 'abc'
SELECT 'abc' LIKE 'a%' ESCAPE 'ab'
SELECT 'abc' LIKE 'a\' ESCAPE '\'
SELECT DECIMAL '1.23' + DECIMAL '4.5', typeof(DECIMAL '1.23' + DECIMAL '4.5'), DECIMAL '1.23' * DECIMAL '4.5', typeof(DECIMAL '1.23' * DECIMAL '4.5'), DECIMAL '10' / DECIMAL '3.00', typeof(DECIMAL '10' / DECIMAL '3.00'), DECIMAL '10.5' % DECIMAL '3', typeof(DECIMAL '10.5' % DECIMAL '3')
SELECT DECIMAL '9999999999.99' * DECIMAL '9999999999.99', typeof(DECIMAL '9999999999.99' * 10), DECIMAL '1' / DECIMAL '3', DECIMAL '2' / 3, 2 / DECIMAL '3', typeof(DECIMAL '2' / 3), DECIMAL '1.0' / 3e0
SELECT CAST(12345.678 AS decimal(10,2)), CAST(DECIMAL '12345.675' AS decimal(10,2)), CAST('12345.675' AS decimal(10,2)), CAST(-0.005e0 AS decimal(5,2)), CAST(DECIMAL '-0.005' AS decimal(5,2)), CAST(1e10 AS decimal(20,0))
SELECT CAST(DECIMAL '12345.67' AS decimal(5,2))
SELECT CAST(1e40 AS decimal(38,0))
SELECT DECIMAL '99999999999999999999999999999999999999' * DECIMAL '10'
SELECT DECIMAL '1.0' / DECIMAL '0.0'
SELECT DECIMAL '5' % DECIMAL '0'
SELECT sum(x), avg(x), min(x), max(x), typeof(sum(x)), typeof(avg(x)) FROM (VALUES DECIMAL '1.10', DECIMAL '2.25', NULL) t(x)
SELECT avg(x) FROM (VALUES DECIMAL '1.10', DECIMAL '2.25', DECIMAL '2.25') t(x)
SELECT round(DECIMAL '2.345', 2), round(DECIMAL '-2.345', 2), round(DECIMAL '2.5'), truncate(DECIMAL '2.9'), truncate(DECIMAL '2.987', 2), floor(DECIMAL '-2.1'), ceil(DECIMAL '2.1'), sign(DECIMAL '-2.1'), typeof(round(DECIMAL '2.345', 2)), typeof(floor(DECIMAL '-2.1')), typeof(round(DECIMAL '99.99'))
SELECT round(2.5e0), round(-2.5e0), round(1234.567e0, -2), round(1.005e0, 2), round(0.5e0), round(-0.4e0), truncate(-1.9e0), truncate(123.456e0, 1), round(REAL '2.345', 2), round(15, -1), round(nan()), round(infinity(), 2)
SELECT -9223372036854775808
SELECT abs(CAST(-128 AS tinyint))
SELECT 5e0 / 0, -5e0 / 0, 0e0 / 0, 5e0 % 0, REAL '1' / 0
SELECT 7 / 2, -7 / 2, 7 % -3, -7 % 3, 7 / 2e0, mod(-7, 3), 5.5e0 % 2, CAST(7 AS smallint) / CAST(2 AS bigint), typeof(CAST(7 AS smallint) / CAST(2 AS bigint)), typeof(1 + REAL '1')
SELECT CAST(1.5e0 AS integer), CAST(2.5e0 AS integer), CAST(-1.5e0 AS integer), CAST('12' AS integer), CAST(' 12 ' AS integer), CAST(true AS integer), CAST(DECIMAL '2.5' AS integer), CAST(0e0 AS boolean), CAST('t' AS boolean), CAST('1' AS boolean), CAST('FALSE' AS boolean)
SELECT CAST('1e3' AS double), CAST('Infinity' AS double), CAST('NaN' AS double), CAST('-0' AS double), CAST(' 1 ' AS double), CAST('1d' AS double), CAST(1e0 AS varchar), CAST(1e7 AS varchar), CAST(1.5e-5 AS varchar), CAST(REAL '1.1' AS varchar), CAST(REAL '1.1' AS double), CAST(nan() AS varchar), CAST(123456789e0 AS varchar)
SELECT CAST('abcdef' AS varchar(3)), CAST('abc' AS char(5)) || 'x', CAST('abc ' AS char(5)) = CAST('abc' AS char(3)), length(CAST('a' AS char(4))), CAST(CAST('a' AS char(4)) AS varchar), CAST(true AS varchar), CAST(DECIMAL '1.10' AS varchar), typeof(CAST('abc' AS char(5)) || 'x')
SELECT CAST(true AS varchar(2))
SELECT CAST(ARRAY[1, 2] AS array(varchar)), CAST(MAP(ARRAY[1], ARRAY['2']) AS map(varchar, integer)), CAST(ROW(1, '2') AS row(a varchar, b integer)), CAST(ARRAY['x'] AS array(varchar(1)))
SELECT CAST(ROW(1, 2) AS row(a integer))
SELECT TRY_CAST('x' AS integer), TRY_CAST('2024-02-30' AS date), TRY_CAST(300 AS tinyint), TRY(1 / 0), TRY(CAST('x' AS double)), TRY(ARRAY[1][2]), TRY(json_parse('{')), TRY(DECIMAL '99999999999999999999999999999999999999' + 1)
SELECT TRY(fail('boo'))
SELECT coalesce(NULL, 1, 2e0), typeof(coalesce(NULL, 1, 2e0)), nullif(1, 1e0), typeof(nullif(1, 2e0)), coalesce(NULL, NULL), if(NULL, 1), if(true, 1, 2e0), typeof(if(true, 1, BIGINT '2')), CASE WHEN false THEN 1 END, CASE 1 WHEN 1e0 THEN 'y' ELSE 'n' END
SELECT coalesce(1)
SELECT if(1, 2, 3)
SELECT CASE 'a' WHEN 1 THEN 2 END
SELECT greatest('a', 'B', 'c'), least(DATE '2024-01-01', DATE '2023-01-01'), greatest(1, NULL), greatest(1, 2e0, REAL '3'), greatest(nan(), 1e0), least(nan(), 1e0)
