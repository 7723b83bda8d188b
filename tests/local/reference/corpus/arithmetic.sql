-- Integer, decimal and double arithmetic; the mathematical functions.
SELECT 7/2
SELECT -7/2
SELECT 7/-2
SELECT -7/-2
SELECT 7%2
SELECT -7%2
SELECT 7%-2
SELECT 7/2e0
SELECT 7/2.0
SELECT 1/0
SELECT 1%0
SELECT mod(1,0)
SELECT 1e0/0
SELECT -1e0/0
SELECT 0e0/0
SELECT 1/0e0
SELECT DECIMAL '1'/DECIMAL '0'
SELECT DECIMAL '1.0'/0
SELECT 5e0 % 3
SELECT -5e0 % 3
SELECT 5.5e0 % 2
SELECT 2147483647 + 1
SELECT 2147483647 * 2
SELECT -2147483648 - 1
SELECT CAST(2147483647 AS bigint) + 1
SELECT 9223372036854775807 + 1
SELECT 9223372036854775807 * 2
SELECT -(-2147483648)
SELECT CAST(127 AS tinyint) + CAST(1 AS tinyint)
SELECT CAST(100 AS tinyint) + CAST(20 AS tinyint)
SELECT typeof(CAST(1 AS tinyint) + CAST(1 AS tinyint))
SELECT typeof(CAST(1 AS tinyint) + 1)
SELECT typeof(CAST(1 AS smallint) * CAST(1 AS bigint))
SELECT typeof(1 + 1e0)
SELECT typeof(1 + DECIMAL '1.0')
SELECT typeof(CAST(1 AS real) + 1)
SELECT typeof(CAST(1 AS real) + 1e0)
SELECT typeof(DECIMAL '1.0' + 1e0)
SELECT DECIMAL '1.50' + DECIMAL '2.255'
SELECT DECIMAL '1.50' - DECIMAL '2.255'
SELECT DECIMAL '1.50' * DECIMAL '2.255'
SELECT DECIMAL '1.50' / DECIMAL '2.25'
SELECT DECIMAL '1' / DECIMAL '3'
SELECT DECIMAL '1.000000' / DECIMAL '3'
SELECT DECIMAL '10' / DECIMAL '3.0'
SELECT DECIMAL '2' / 3
SELECT 1 / DECIMAL '3.00'
SELECT DECIMAL '5.5' % DECIMAL '2'
SELECT DECIMAL '-5.5' % DECIMAL '2'
SELECT typeof(DECIMAL '1.50' + DECIMAL '2.255')
SELECT typeof(DECIMAL '1.50' * DECIMAL '2.255')
SELECT typeof(DECIMAL '1.50' / DECIMAL '2.25')
SELECT DECIMAL '99999999999999999999999999999999999999' + DECIMAL '1'
SELECT DECIMAL '12345678901234567890' * DECIMAL '12345678901234567890'
SELECT DECIMAL '1.5' + 1
SELECT DECIMAL '1.5' * 2
SELECT DECIMAL '1.5' + 1e0
SELECT CAST(1 AS decimal(10,2)) / 3
SELECT CAST(10 AS decimal(38,0)) / CAST(3 AS decimal(38,10))
SELECT 0.1e0 + 0.2e0
SELECT 1e308 * 10
SELECT -1e308 * 10
SELECT 1e-320
SELECT 1e16
SELECT 1e15
SELECT 123456789e0
SELECT 1234567e0
SELECT 12345678e0
SELECT 0.001e0
SELECT 0.0001e0
SELECT 1e21
SELECT 1.0e-5
SELECT 100e0
SELECT 1e2
SELECT 100.5e0
SELECT 3e0
SELECT -0e0
SELECT CAST(1.1e0 AS real) + CAST(2.2e0 AS real)
SELECT CAST(1 AS real) / 3
SELECT CAST(1e10 AS real)
SELECT CAST(0.1e0 AS real)
SELECT CAST(16777216 AS real)
SELECT - 5
SELECT -(5)
SELECT +5
SELECT - -5
SELECT 2 + 3 * 4 - 1
SELECT (2 + 3) * 4
SELECT 2 * 3 % 4
SELECT 10 - 2 - 3
SELECT 100 / 10 / 2
SELECT abs(-5)
SELECT abs(5)
SELECT abs(0)
SELECT abs(NULL)
SELECT abs(-1.5e0)
SELECT abs(DECIMAL '-1.50')
SELECT abs(CAST(-5 AS tinyint))
SELECT abs(-2147483648)
SELECT abs(-9223372036854775807 - 1)
SELECT sign(-5)
SELECT sign(0)
SELECT sign(5)
SELECT sign(-1.5e0)
SELECT sign(DECIMAL '-2.5')
SELECT sign(0e0)
SELECT sign(nan())
SELECT ceil(1.2e0)
SELECT ceil(-1.2e0)
SELECT ceiling(1.0e0)
SELECT floor(1.8e0)
SELECT floor(-1.2e0)
SELECT ceil(5)
SELECT floor(5)
SELECT ceil(DECIMAL '1.20')
SELECT floor(DECIMAL '-1.20')
SELECT typeof(ceil(5))
SELECT typeof(ceil(1.5e0))
SELECT typeof(ceil(DECIMAL '1.20'))
SELECT typeof(round(DECIMAL '1.25', 1))
SELECT typeof(round(5))
SELECT typeof(truncate(DECIMAL '1.25', 1))
SELECT round(1.5e0)
SELECT round(2.5e0)
SELECT round(-1.5e0)
SELECT round(-2.5e0)
SELECT round(0.5e0)
SELECT round(-0.5e0)
SELECT round(1.2345e0, 2)
SELECT round(1.235e0, 2)
SELECT round(1.005e0, 2)
SELECT round(-1.235e0, 2)
SELECT round(1234.5e0, -2)
SELECT round(1250, -2)
SELECT round(1350, -2)
SELECT round(-1250, -2)
SELECT round(DECIMAL '1.25')
SELECT round(DECIMAL '1.25', 1)
SELECT round(DECIMAL '-1.25', 1)
SELECT round(DECIMAL '1.35', 1)
SELECT round(5, 2)
SELECT round(CAST(1.25e0 AS real), 1)
SELECT round(nan())
SELECT round(infinity(), 2)
SELECT round(1e300, 2)
SELECT round(123456789.987654321e0, 5)
SELECT truncate(1.9e0)
SELECT truncate(-1.9e0)
SELECT truncate(DECIMAL '12.345', 2)
SELECT truncate(DECIMAL '12.345', -1)
SELECT truncate(DECIMAL '-12.9')
SELECT truncate(12.345e0, 2)
SELECT sqrt(2)
SELECT sqrt(4e0)
SELECT sqrt(0)
SELECT sqrt(-1)
SELECT cbrt(27)
SELECT cbrt(-8)
SELECT cbrt(2)
SELECT exp(0)
SELECT exp(1)
SELECT exp(-1)
SELECT exp(1000)
SELECT ln(1)
SELECT ln(10)
SELECT ln(0)
SELECT ln(-1)
SELECT log2(8)
SELECT log2(10)
SELECT log10(1000)
SELECT log10(2)
SELECT log(2, 8)
SELECT log(10, 1000)
SELECT log(3, 10)
SELECT power(2, 10)
SELECT pow(2, 0.5e0)
SELECT power(-8, 1e0/3)
SELECT power(0, 0)
SELECT power(2, -1)
SELECT typeof(power(2, 10))
SELECT typeof(sqrt(4))
SELECT typeof(mod(5, 2))
SELECT typeof(mod(5, 2e0))
SELECT mod(7, 3)
SELECT mod(-7, 3)
SELECT mod(7, -3)
SELECT mod(7.5e0, 2)
SELECT mod(DECIMAL '7.5', 2)
SELECT pi()
SELECT e()
SELECT sin(1)
SELECT cos(1)
SELECT tan(1)
SELECT asin(1)
SELECT acos(1)
SELECT atan(1)
SELECT atan2(1, 2)
SELECT sinh(1)
SELECT cosh(1)
SELECT tanh(1)
SELECT asin(2)
SELECT acos(2)
SELECT atan2(0, -1)
SELECT atan2(0, 0)
SELECT degrees(pi())
SELECT radians(180)
SELECT greatest(1, 2, 3)
SELECT least(1, 2, 3)
SELECT greatest('a', 'b')
SELECT least(DATE '2020-01-01', DATE '2019-01-01')
SELECT greatest(1, NULL)
SELECT least(NULL, 1)
SELECT greatest(1, 2.5e0)
SELECT least(1, DECIMAL '0.5')
SELECT greatest(1, nan())
SELECT greatest(nan(), 1)
SELECT least(nan(), 1)
SELECT greatest(ARRAY[1], ARRAY[2])
SELECT greatest(1)
SELECT greatest()
SELECT greatest(1, 'a')
SELECT is_nan(nan())
SELECT is_nan(1)
SELECT is_finite(1)
SELECT is_finite(infinity())
SELECT is_infinite(-infinity())
SELECT is_infinite(nan())
SELECT is_nan(NULL)
SELECT nan() = nan(), nan() <> nan(), nan() > 1, nan() < 1, nan() IS NOT DISTINCT FROM nan()
SELECT infinity() > 1e308
SELECT -infinity() < -1e308
SELECT width_bucket(3.5e0, 1, 10, 3)
SELECT width_bucket(0, 1, 10, 3)
SELECT width_bucket(20, 1, 10, 3)
SELECT width_bucket(1, 1, 10, 3)
SELECT width_bucket(10, 1, 10, 3)
SELECT width_bucket(5, 10, 1, 3)
SELECT width_bucket(5, 1, 10, 0)
SELECT width_bucket(3e0, ARRAY[1e0, 2e0, 4e0])
SELECT width_bucket(0e0, ARRAY[1e0, 2e0])
SELECT width_bucket(2e0, ARRAY[1e0, 2e0])
SELECT width_bucket(1e0, ARRAY[])
SELECT from_base('ff', 16)
SELECT from_base('1010', 2)
SELECT from_base('zz', 36)
SELECT from_base('-ff', 16)
SELECT from_base('9', 8)
SELECT from_base('1', 37)
SELECT to_base(255, 16)
SELECT to_base(10, 2)
SELECT to_base(-255, 16)
SELECT to_base(35, 36)
SELECT to_base(0, 2)
SELECT to_base(1, 1)
SELECT normal_cdf(0, 1, 1.96e0)
SELECT inverse_normal_cdf(0, 1, 0.975e0)
SELECT inverse_normal_cdf(0, 1, 1)
SELECT beta_cdf(3, 3.6e0, 0.5e0)
SELECT inverse_beta_cdf(3, 3.6e0, 0.5e0)
SELECT wilson_interval_lower(1250, 1310, 1.96e0)
SELECT wilson_interval_upper(1250, 1310, 1.96e0)
SELECT cosine_similarity(MAP(ARRAY['a'], ARRAY[1e0]), MAP(ARRAY['a'], ARRAY[2e0]))
SELECT cosine_similarity(MAP(ARRAY['a','b'], ARRAY[1e0, 2e0]), MAP(ARRAY['a','c'], ARRAY[2e0, 1e0]))
SELECT random() < 1
SELECT rand() >= 0
SELECT random(5) < 5
SELECT random(3, 4)
SELECT random(0)
SELECT random(5, 1)
SELECT bitwise_and(12, 10)
SELECT bitwise_or(12, 10)
SELECT bitwise_xor(12, 10)
SELECT bitwise_not(12)
SELECT bitwise_not(-1)
SELECT bitwise_left_shift(1, 4)
SELECT bitwise_left_shift(1, 64)
SELECT bitwise_left_shift(-1, 2)
SELECT bitwise_right_shift(16, 2)
SELECT bitwise_right_shift(-16, 2)
SELECT bitwise_right_shift_arithmetic(-16, 2)
SELECT bitwise_left_shift(CAST(7 AS tinyint), 2)
SELECT bitwise_left_shift(CAST(100 AS tinyint), 2)
SELECT bitwise_right_shift(CAST(-8 AS tinyint), 1)
SELECT bitwise_right_shift_arithmetic(CAST(-8 AS smallint), 1)
SELECT bitwise_left_shift(1, 31)
SELECT bitwise_left_shift(1, 32)
SELECT bitwise_left_shift(CAST(1 AS bigint), 63)
SELECT bitwise_right_shift(CAST(-1 AS bigint), 60)
SELECT bit_count(9, 64)
SELECT bit_count(9, 8)
SELECT bit_count(-7, 64)
SELECT bit_count(-7, 8)
SELECT bit_count(300, 8)
SELECT typeof(bitwise_and(1, 2))
SELECT typeof(bitwise_left_shift(1, 2))
SELECT typeof(bit_count(1, 8))
SELECT format_number(123456)
SELECT format_number(1000000)
SELECT format_number(999)
SELECT human_readable_seconds(93784)
SELECT human_readable_seconds(0)
SELECT human_readable_seconds(56363463)
SELECT parse_data_size('1B')
SELECT parse_data_size('1kB')
SELECT parse_data_size('2.3MB')
SELECT parse_data_size('x')
SELECT parse_presto_data_size('1kB')
SELECT luhn_check('79927398713')
SELECT luhn_check('79927398714')
SELECT luhn_check('x')
SELECT 'a' + 1
SELECT '1' + 1
SELECT 1 + '1'
SELECT true + 1
SELECT 1 || 2
SELECT DATE '2020-01-01' + 1
SELECT sqrt('4')
SELECT abs('x')
SELECT round('1.5')
SELECT -'a'
SELECT - true
SELECT 1 + NULL
SELECT NULL * 2
SELECT NULL / 0
SELECT sum(1)
SELECT power('2', 2)
SELECT mod('a', 2)
SELECT 2 ** 3
SELECT 7 // 2
SELECT 1 & 2
