-- Decimals with their precision and scale, integers at their ends, rounding, casts.
SELECT DECIMAL '1.10' + DECIMAL '2.205', DECIMAL '1.10' * DECIMAL '2.205', DECIMAL '10.00' / DECIMAL '3', DECIMAL '10.5' % DECIMAL '3.25', -DECIMAL '1.5', abs(DECIMAL '-1.50')
SELECT typeof(DECIMAL '1.10' + DECIMAL '2.205'), typeof(DECIMAL '1.10' * DECIMAL '2.205'), typeof(DECIMAL '10.00' / DECIMAL '3'), typeof(DECIMAL '10.5' % DECIMAL '3.25'), typeof(DECIMAL '1.5' + 1), typeof(DECIMAL '1.5' * BIGINT '2'), typeof(DECIMAL '1.5' + 1.5)
SELECT CAST(1 AS decimal(38, 0)) / CAST(3 AS decimal(38, 10)), CAST(2 AS decimal(20, 5)) * CAST(3 AS decimal(20, 5)), CAST(1 AS decimal(18, 2)) + CAST(1 AS decimal(38, 2))
SELECT CAST(1 AS decimal(38, 20)) * CAST(1 AS decimal(38, 20))
SELECT DECIMAL '99999999999999999999999999999999999999' + 1
SELECT CAST(99.985 AS decimal(4, 2)), CAST('12.345' AS decimal(10, 2)), CAST(DECIMAL '12.345' AS decimal(4, 1)), CAST(DECIMAL '2.5' AS integer), CAST(DECIMAL '-2.5' AS integer), CAST(DECIMAL '1.50' AS varchar), CAST(DECIMAL '1.50' AS double)
SELECT CAST(1000 AS decimal(3, 1))
SELECT CAST('1e3' AS decimal(10, 2)), CAST('-0' AS integer), CAST('+5' AS bigint), CAST('1e3' AS double), CAST('Infinity' AS double), CAST('.5' AS double)
SELECT CAST('abc' AS decimal(10, 2))
SELECT CAST('1.5' AS integer)
SELECT CAST(2147483648 AS integer)
SELECT CAST(1e20 AS bigint)
SELECT CAST(nan() AS integer)
SELECT BIGINT '9223372036854775807' * 2
SELECT CAST(100 AS smallint) * CAST(1000 AS smallint)
SELECT 5 / 0
SELECT 5 % 0
SELECT 5.0 / 0, -5.0 / 0, 0.0 / 0
SELECT DECIMAL '5.0' / 0
SELECT 7 / 2, -7 / 2, 7 / -2, 7 % -3, -7 % 3, 7 / 2.0, 7 / DECIMAL '2', mod(-7, 3), mod(7.5, 2)
SELECT 1 / 3.0, 2 / 3, 10 * 1.0 / 4, 1.0, 0.1 + 0.2, 1e100, 1.0E-7, 123456789.0, 1e7, 0.001, 1e-3, 100.0
SELECT round(2.5), round(-2.5), round(3.14159, 2), round(DECIMAL '3.145', 2), round(1234, -2), round(BIGINT '15', -1), truncate(3.99), truncate(DECIMAL '3.999', 2), ceil(-1.5), floor(-1.5), ceiling(DECIMAL '1.2'), sign(-2.5)
SELECT typeof(round(DECIMAL '3.145', 2)), typeof(round(DECIMAL '3.145')), typeof(ceil(DECIMAL '1.2')), typeof(truncate(DECIMAL '3.999')), typeof(floor(5)), typeof(abs(DECIMAL '1.5')), typeof(sign(DECIMAL '1.5')), typeof(mod(DECIMAL '1.5', DECIMAL '2')), typeof(round(1.5)), typeof(power(2, 3)), typeof(greatest(1, DECIMAL '2.5')), typeof(1 + BIGINT '1')
SELECT sum(v), avg(v), min(v), max(v), count(v), sum(v) / count(*), sum(v) * 2 FROM (VALUES DECIMAL '1.25', DECIMAL '2.50', NULL) t(v)
SELECT typeof(sum(v)), typeof(avg(v)), typeof(max(v)), typeof(stddev(v)), typeof(sum(v) / count(*)), typeof(approx_percentile(CAST(v AS double), 0.5)) FROM (VALUES DECIMAL '1.25') t(v)
SELECT typeof(sum(x)), typeof(avg(x)), typeof(sum(CAST(x AS real))), typeof(avg(CAST(x AS real))), typeof(count(*)), typeof(max(x)), typeof(sum(BIGINT '1')), typeof(sum(CAST(1 AS tinyint))), typeof(geometric_mean(x)), typeof(checksum(x)), typeof(corr(x, x)) FROM (VALUES 1) t(x)
SELECT avg(x), sum(x), stddev(x), var_pop(x), geometric_mean(x), kurtosis(x), skewness(x) FROM (VALUES 1, 2, 4, 8) t(x)
SELECT avg(x) FROM (VALUES 1, 2) t(x) WHERE x > 5
SELECT bitwise_and(12, 10), bitwise_or(12, 10), bitwise_xor(12, 10), bitwise_not(12), bitwise_left_shift(1, 4), bitwise_right_shift(-8, 1), bitwise_right_shift_arithmetic(-8, 1), bit_count(255, 64)
SELECT to_base(255, 2), from_base('zz', 36), width_bucket(3.5, 0, 10, 5), width_bucket(3.5, ARRAY[1.0, 2.0, 5.0]), log(2, 64), log2(8), log10(1000), ln(e()), exp(0), sqrt(16), cbrt(27), power(2, 0.5), pi()
SELECT cos(0), sin(0), atan2(1, 1), degrees(pi()), radians(180), is_nan(nan()), is_finite(1.0), is_infinite(infinity()), nan() = nan(), infinity() > 1e308
SELECT sqrt(-1), ln(0), ln(-1), log10(0), power(0, -1), acos(2), 0e0 / 0e0
SELECT format('%d', 5), format('%,d', 1234567), format('%.2f', 3.14159), format('%s|%10s|%-5s|', 'a', 'b', 'c'), format('%05d', 42), format('%x', 255), format('%e', 12345.678), format('%b', true), format('%%'  || '%s', 1)
SELECT format('%d', 1.5)
SELECT format('%.2f', DECIMAL '3.14159'), format('%s', DECIMAL '3.10')
SELECT format_number(1234567), format_number(1234.5), parse_data_size('2.5MB'), parse_presto_data_size('1kB')
SELECT CAST(1.5 AS varchar), CAST(1e10 AS varchar), CAST(CAST(1.1 AS real) AS varchar), CAST(100 AS varchar(2))
SELECT CAST(123456 AS varchar(3))
SELECT CAST(true AS varchar), CAST('t' AS boolean), CAST('FALSE' AS boolean), CAST(1 AS boolean), CAST(0.0 AS boolean), CAST(true AS double)
SELECT 0x1F, 1e3, 1E-2, .5, 5., 0b11
SELECT 1_000_000, 0o17
SELECT REAL '1.1' + 1, REAL '1.1' * DOUBLE '2', CAST(REAL '1.1' AS double), REAL '16777217', CAST(0.1 AS real), REAL '3.4028235e38' * 2
SELECT random() < 1, rand(5) < 5, random(1, 2), cardinality(shuffle(ARRAY[1, 2])), length(CAST(uuid() AS varchar))
SELECT 'a' + 'b'
SELECT -'1'
SELECT abs('1')
SELECT round(1.5, 'a')
SELECT true AND 1
SELECT 1 IN (1, 'a')
SELECT coalesce(1, 'a')
SELECT nullif(1, 'a')
SELECT greatest(1, 2.5, NULL), least(1, 2.5), greatest('a', 'b'), greatest(DECIMAL '1.5', 2), least(BIGINT '1', 2)
SELECT 5 BETWEEN 1 AND 'a'
SELECT 5 BETWEEN 10 AND 1, NULL BETWEEN 1 AND 2, 2 NOT BETWEEN 1 AND 3, 1.5 BETWEEN 1 AND 2
