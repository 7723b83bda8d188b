-- comparators that contradict themselves, decimals of 38 digits, rows beside ALL and ANY
WITH dataset AS (SELECT ARRAY[4, 2, 1, 9, NULL] AS items) SELECT array_sort(items), array_max(items), array_sort(items, (a,b) -> IF(a < b, 1, IF(a = b, 0, -1))) FROM dataset
SELECT array_sort(ARRAY[3, 2, NULL, 5, NULL, 1, 2], (x, y) -> IF(x < y, 1, IF(x = y, 0, -1))), array_sort(ARRAY[NULL, 2, 7, 5, NULL, 1, 2], (x, y) -> IF(x < y, -1, IF(x = y, 0, 1)))
SELECT array_sort(ARRAY[3, 2, NULL, 5, NULL, 1, 2], (x, y) -> CASE WHEN x IS NULL THEN -1 WHEN y IS NULL THEN 1 WHEN x < y THEN 1 WHEN x = y THEN 0 ELSE -1 END)
SELECT array_sort(a, (x, y) -> IF(length(x) < length(y), -1, IF(length(x) = length(y), 0, 1))) FROM (VALUES ARRAY['bc', 'a', 'ddd', 'cb'], NULL, ARRAY[], ARRAY['x']) t(a)
SELECT array_sort(sequence(1, 40), (x, y) -> IF(x % 7 < y % 7, -1, IF(x % 7 = y % 7, 0, 1)))
SELECT array_sort(ARRAY[1, 2], (x, y) -> 5)
SELECT array_sort(ARRAY[1, 2], (x, y) -> NULL)
SELECT TRY(array_sort(ARRAY[1, 2], (x, y) -> CAST('a' AS integer)))
SELECT array_sort(ARRAY[ROW('a', 3), ROW('b', 1)], (x, y) -> IF(x[2] < y[2], -1, IF(x[2] = y[2], 0, 1)))
SELECT array_sort(ARRAY[ARRAY[3,1], ARRAY[2]], (x, y) -> IF(cardinality(x) < cardinality(y), -1, 1))
SELECT transform(ARRAY[ARRAY[3,1,2], ARRAY[2,5]], z -> array_sort(z, (x, y) -> IF(x < y, 1, -1)))
SELECT DECIMAL '12345678901234567890.12' * DECIMAL '1.5'
SELECT CAST('12345678901234567890123456789012345678' AS decimal(38,0)) + 1
SELECT CAST('12345678901234567890.1234567890' AS decimal(38,10)) * CAST('2.0000000000' AS decimal(38,10))
SELECT CAST('1.0000000000' AS decimal(38,10)) / CAST('3.0000000000' AS decimal(38,10))
SELECT CAST('10' AS decimal(38,18)) / CAST('3' AS decimal(38,18))
SELECT CAST('10' AS decimal(38,18)) * CAST('3' AS decimal(38,18))
SELECT CAST('10' AS decimal(38,18)) + CAST('3' AS decimal(10,2))
SELECT CAST('10' AS decimal(38,18)) % CAST('3' AS decimal(10,2))
SELECT sum(x) FROM (VALUES CAST('10.5' AS decimal(38,18)), CAST('3' AS decimal(38,18))) t(x)
SELECT avg(x) FROM (VALUES CAST('10.5' AS decimal(38,18)), CAST('3' AS decimal(38,18))) t(x)
SELECT CAST('10.5' AS decimal(38,18)) > CAST('3' AS decimal(20,2)), CAST('10.5' AS decimal(38,18)) = CAST('10.5' AS decimal(38,2))
SELECT CAST('10.5' AS decimal(38,18)) * 2, CAST('10.5' AS decimal(38,18)) / 2, CAST('10.5' AS decimal(38,18)) - 1, CAST('10.5' AS decimal(38,2)) * BIGINT '2'
SELECT round(CAST('10.555' AS decimal(38,18)), 2), floor(CAST('10.5' AS decimal(38,18))), abs(CAST('-10.5' AS decimal(38,18)))
SELECT CAST('10.5' AS decimal(38,18)) * 1.5e0
SELECT x / y, x * y, x + y FROM (VALUES (CAST('100.00' AS decimal(38,2)), CAST('7.000000' AS decimal(38,6)))) t(x, y)
SELECT sum(x * y) FROM (VALUES (CAST('100.00' AS decimal(38,2)), CAST('7.000000' AS decimal(38,6)))) t(x, y)
SELECT sum(x) / sum(y) FROM (VALUES (CAST('100.00' AS decimal(12,2)), CAST('7.00' AS decimal(12,2)))) t(x, y)
SELECT sum(x) * 100 / sum(y) FROM (VALUES (CAST('100.00' AS decimal(12,2)), CAST('7.00' AS decimal(12,2)))) t(x, y)
SELECT sum(x * (1 - y) * (1 + z)) FROM (VALUES (CAST('100.00' AS decimal(15,2)), CAST('0.05' AS decimal(15,2)), CAST('0.10' AS decimal(15,2)))) t(x, y, z)
SELECT 100 * sum(x) / (SELECT sum(x) FROM (VALUES CAST('50.00' AS decimal(15,2))) u(x)) FROM (VALUES CAST('100.00' AS decimal(15,2))) t(x)
SELECT CAST('99999999999999999999999999999999999999' AS decimal(38,0)) * 10
SELECT CAST(1 AS decimal(38,37)) * CAST(1 AS decimal(38,37))
SELECT CAST(1 AS decimal(38,37)) + CAST(1 AS decimal(38,0))
SELECT DECIMAL '0.12345678901234567890' * DECIMAL '0.12345678901234567890'
SELECT power(CAST('2.5' AS decimal(10,2)), 2), sqrt(DECIMAL '2.25'), CAST('123.456' AS decimal(10,3)) / 0.5e0
SELECT i, greatest(x, DECIMAL '1.5') FROM (VALUES (0, DECIMAL '0.00'), (1, DECIMAL '1.25')) t(i, x) ORDER BY i
SELECT x FROM (VALUES 1, 2) t(x) WHERE (x, x) <> ALL (VALUES (3, 4))
SELECT x FROM (VALUES 1, 2) t(x) WHERE (x, x) <> ALL (SELECT 1, 1)
SELECT (1, 2) = ANY (VALUES ROW(1, 2), ROW(5, 6))
TABLE default.nosuch2
SELECT TIMESTAMP '2020-01-01 12:00:00.000 UTC' AT TIME ZONE INTERVAL -'2' HOUR
SELECT TIMESTAMP '2020-01-01 12:00:00.000 UTC' AT TIME ZONE INTERVAL '-2' HOUR
SELECT TIMESTAMP '2020-01-01 12:00:00.000 UTC' AT TIME ZONE INTERVAL '02:30' HOUR TO MINUTE
SELECT at_timezone(TIMESTAMP '2020-05-01 12:34:56 +07:09', INTERVAL '03:04' HOUR TO MINUTE), at_timezone(TIMESTAMP '2020-05-01 12:34:56 +07:09', INTERVAL '90' MINUTE)
SELECT TIMESTAMP '2020-01-01 12:00:00.000 UTC' AT TIME ZONE INTERVAL '20' HOUR
SELECT cast((cast(DECIMAL '123456789012345678901234567890.12345678' as JSON)) as DECIMAL(38,8))
SELECT CAST(JSON '1e60' AS bigint)
SELECT CAST(JSON '1e60' AS decimal(38,0))
SELECT CAST(JSON '123456789012345678901234567890.555' AS decimal(38,2)), CAST(JSON '1.5' AS integer), CAST(JSON '12345678901234567890.1' AS decimal(38,10))
SELECT cast(' 	 2001-1-22' as date)
SELECT cast(' 2001-01-22 ' as date), cast('2001-1-2' as date)
