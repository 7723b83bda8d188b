-- Points in time: arithmetic, formats, zones that each value carries.
SELECT date_trunc('second', t), date_trunc('minute', t), date_trunc('hour', t), date_trunc('day', t), date_trunc('week', t), date_trunc('month', t), date_trunc('quarter', t), date_trunc('year', t) FROM (VALUES TIMESTAMP '2024-08-29 17:45:36.789') x(t)
SELECT date_trunc('week', DATE '2024-01-07'), date_trunc('month', DATE '2024-02-29'), date_trunc('year', DATE '2024-02-29'), date_trunc('day', TIMESTAMP '2024-03-31 12:00:00 Europe/Paris')
SELECT date_diff('second', a, b), date_diff('minute', a, b), date_diff('hour', a, b), date_diff('day', a, b), date_diff('week', a, b), date_diff('month', a, b), date_diff('quarter', a, b), date_diff('year', a, b), date_diff('millisecond', a, b) FROM (VALUES (TIMESTAMP '2023-12-31 23:59:59.500', TIMESTAMP '2024-12-31 00:00:00')) x(a, b)
SELECT date_diff('day', DATE '2024-03-01', DATE '2024-02-28'), date_diff('month', DATE '2024-01-31', DATE '2024-02-29'), date_diff('year', DATE '2020-02-29', DATE '2024-02-28'), date_diff('day', TIMESTAMP '2024-01-01 23:00:00', TIMESTAMP '2024-01-02 01:00:00')
SELECT date_add('second', -1, t), date_add('day', 1, t), date_add('month', 1, t), date_add('quarter', 1, t), date_add('year', -1, t), date_add('week', 2, t), date_add('millisecond', 5, t) FROM (VALUES TIMESTAMP '2024-01-31 00:00:00') x(t)
SELECT date_add('hour', 3, DATE '2024-01-01')
SELECT date_add('fortnight', 1, DATE '2024-01-01')
SELECT date_trunc('decade', DATE '2024-01-01')
SELECT date_diff('day', '2024-01-01', DATE '2024-01-02')
SELECT date_format(t, '%Y-%m-%dT%H:%i:%s.%f'), date_format(t, '%a %b %e %c %y'), date_format(t, '%W %M %d %j'), date_format(t, '%h:%i %p'), date_format(t, '%r|%T|%k|%l'), date_format(t, '%v %x'), date_format(t, 'plain %% text') FROM (VALUES TIMESTAMP '2024-08-09 17:05:06.789') x(t)
SELECT date_format(t, '%D')  FROM (VALUES TIMESTAMP '2024-08-09 17:05:06.789') x(t)
SELECT date_format(DATE '2024-08-09', '%Y/%m/%d'), date_format(TIMESTAMP '2024-01-01 05:00:00 America/New_York', '%H:%i')
SELECT date_parse('2024-08-09 17:05', '%Y-%m-%d %H:%i'), date_parse('09/Aug/2024', '%d/%b/%Y'), date_parse('20240809170506', '%Y%m%d%H%i%s'), date_parse('5:07 PM', '%l:%i %p')
SELECT date_parse('2024-13-01', '%Y-%m-%d')
SELECT date_parse('2024-08-09 x', '%Y-%m-%d')
SELECT format_datetime(t, 'yyyy-MM-dd''T''HH:mm:ss.SSS'), format_datetime(t, 'EEEE, d MMMM yyyy'), format_datetime(t, 'h:mm a'), format_datetime(t, 'yy/M/d H:m:s'), format_datetime(t, 'D e w x'), format_datetime(t, 'G C Y') FROM (VALUES TIMESTAMP '2024-08-09 17:05:06.789') x(t)
SELECT format_datetime(TIMESTAMP '2024-08-09 17:05:06 Europe/Paris', 'yyyy-MM-dd HH:mm:ss Z'), format_datetime(TIMESTAMP '2024-08-09 17:05:06 Europe/Paris', 'HH:mm ZZ'), format_datetime(TIMESTAMP '2024-08-09 17:05:06 Europe/Paris', 'ZZZ')
SELECT parse_datetime('2024-08-09 17:05:06', 'yyyy-MM-dd HH:mm:ss'), parse_datetime('09.08.2024 +0200', 'dd.MM.yyyy Z'), parse_datetime('Aug 9, 2024', 'MMM d, yyyy')
SELECT from_iso8601_timestamp('2024-08-09T17:05:06.789+02:00'), from_iso8601_timestamp('2024-08-09'), from_iso8601_date('2024-W10-3'), from_iso8601_timestamp('2024-08-09T17Z')
SELECT from_iso8601_timestamp(x) FROM (VALUES '2024-08-09T17:05:06+02:00', '2024-08-09T17:05:06Z', '2024-08-09T17:05:06-08:00', NULL) t(x)
SELECT x, from_iso8601_timestamp(x) AT TIME ZONE 'UTC' u, CAST(from_iso8601_timestamp(x) AS date) d, hour(from_iso8601_timestamp(x)) h FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-09T17:05:06Z') t(x) ORDER BY x
SELECT date_trunc('day', from_iso8601_timestamp(x)) d, count(*) FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-09T17:05:06Z', '2024-08-10T01:05:06+00:00') t(x) GROUP BY 1 ORDER BY 1
SELECT min(from_iso8601_timestamp(x)), max(from_iso8601_timestamp(x)) FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-09T17:05:06Z') t(x)
SELECT date_format(from_iso8601_timestamp(x), '%Y-%m-%d %H') FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-09T17:05:06Z') t(x) ORDER BY 1
SELECT to_iso8601(from_iso8601_timestamp(x)), CAST(from_iso8601_timestamp(x) AS varchar), to_unixtime(from_iso8601_timestamp(x)) FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-09T17:05:06Z') t(x) ORDER BY 1
SELECT from_iso8601_timestamp(x) = TIMESTAMP '2024-08-10 01:05:06 UTC', from_iso8601_timestamp(x) > TIMESTAMP '2024-08-10 00:00:00' FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-09T17:05:06Z') t(x) ORDER BY x
SELECT from_iso8601_timestamp(x) + INTERVAL '1' DAY, date_add('hour', 1, from_iso8601_timestamp(x)), date_diff('hour', from_iso8601_timestamp(x), TIMESTAMP '2024-08-11 00:00:00 UTC') FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-09T17:05:06Z') t(x) ORDER BY x
SELECT ARRAY[from_iso8601_timestamp('2024-08-09T17:05:06+02:00'), from_iso8601_timestamp('2024-08-09T17:05:06Z')]
SELECT t FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 Europe/Paris', TIMESTAMP '2024-01-01 00:00:00 UTC', TIMESTAMP '2024-01-01 00:00:00 +05:30') x(t) ORDER BY t
SELECT t AT TIME ZONE z FROM (VALUES (TIMESTAMP '2024-01-01 00:00:00 UTC', 'Europe/Paris'), (TIMESTAMP '2024-07-01 00:00:00 UTC', 'America/New_York'), (TIMESTAMP '2024-07-01 00:00:00 UTC', '+09:00')) x(t, z) ORDER BY 1
SELECT with_timezone(t, z), at_timezone(TIMESTAMP '2024-01-01 00:00:00 UTC', z) FROM (VALUES (TIMESTAMP '2024-01-01 00:00:00', 'Europe/Paris'), (TIMESTAMP '2024-07-01 00:00:00', 'Asia/Tokyo')) x(t, z) ORDER BY 1
SELECT CAST('2024-01-01 00:00:00 Europe/Paris' AS timestamp with time zone), CAST(x AS timestamp with time zone) FROM (VALUES '2024-01-01 00:00:00 Asia/Tokyo', '2024-01-01 00:00:00 -03:00', '2024-01-01 00:00:00') t(x) ORDER BY 2
SELECT parse_datetime(x, 'yyyy-MM-dd HH:mm Z') FROM (VALUES '2024-01-01 10:00 +0100', '2024-01-01 10:00 +0000') t(x) ORDER BY 1
SELECT count(*), count(DISTINCT t) FROM (VALUES TIMESTAMP '2024-01-01 01:00:00 Europe/Paris', TIMESTAMP '2024-01-01 00:00:00 UTC') x(t)
SELECT t AT TIME ZONE 'Asia/Kolkata', CAST(t AT TIME ZONE 'Asia/Kolkata' AS timestamp), hour(t AT TIME ZONE 'Asia/Kolkata'), CAST(t AT TIME ZONE 'America/Los_Angeles' AS date), timezone_hour(t AT TIME ZONE 'Asia/Kolkata'), timezone_minute(t AT TIME ZONE 'Asia/Kolkata') FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 UTC') x(t)
SELECT TIMESTAMP '2024-01-01 00:00:00' AT TIME ZONE 'Europe/Paris', TIMESTAMP '2024-03-31 02:30:00 Europe/Paris', TIMESTAMP '2024-10-27 02:30:00 Europe/Paris'
SELECT current_timezone(), typeof(now()), typeof(current_timestamp), typeof(localtimestamp), typeof(current_date), typeof(localtime), typeof(current_time), typeof(current_timestamp(6))
SELECT from_unixtime(1723223106), from_unixtime(1723223106.789), from_unixtime(1723223106, 'Europe/Paris'), from_unixtime(1723223106, 2, 30), to_unixtime(TIMESTAMP '2024-08-09 17:05:06'), from_unixtime(-1)
SELECT from_unixtime(x / 1000), from_unixtime(x / 1e3), CAST(from_unixtime(x / 1000) AS date) FROM (VALUES 1723223106789) t(x)
SELECT from_unixtime_nanos(1723223106789000000), from_iso8601_timestamp_nanos('2024-08-09T17:05:06.789123Z'), from_iso8601_timestamp_nanos('2024-08-09T17:05:06.789123456Z')
SELECT INTERVAL '1' DAY + INTERVAL '2' HOUR, INTERVAL '3' MONTH * 2, INTERVAL '1' DAY / 2, -INTERVAL '90' SECOND, INTERVAL '1 2:03:04.567' DAY TO SECOND, INTERVAL '2-3' YEAR TO MONTH
SELECT INTERVAL '36' HOUR, INTERVAL '100' MINUTE, INTERVAL '0.5' SECOND, INTERVAL -'2' DAY, INTERVAL '-2' DAY, INTERVAL '14' MONTH, INTERVAL '1:30' HOUR TO MINUTE
SELECT INTERVAL '1' DAY = INTERVAL '24' HOUR, INTERVAL '1' DAY > INTERVAL '23' HOUR, INTERVAL '1' YEAR = INTERVAL '12' MONTH
SELECT INTERVAL '1' YEAR > INTERVAL '1' DAY
SELECT INTERVAL '1' YEAR + INTERVAL '1' DAY
SELECT DATE '2024-01-01' + INTERVAL '1' HOUR
SELECT DATE '2024-01-01' - DATE '2023-12-30', TIMESTAMP '2024-01-02 12:00:00' - TIMESTAMP '2024-01-01 00:00:00', TIME '10:00:00' - TIME '08:30:00', DATE '2024-01-03' - TIMESTAMP '2024-01-01 12:00:00'
SELECT DATE '2024-01-01' + 1
SELECT DATE '2024-01-31' + INTERVAL '1' MONTH, DATE '2024-03-31' - INTERVAL '1' MONTH, TIMESTAMP '2024-02-29 00:00:00' + INTERVAL '1' YEAR, TIME '23:00:00' + INTERVAL '2' HOUR
SELECT extract(year FROM t), extract(quarter FROM t), extract(month FROM t), extract(week FROM t), extract(day FROM t), extract(dow FROM t), extract(doy FROM t), extract(hour FROM t), extract(minute FROM t), extract(second FROM t), extract(yow FROM t) FROM (VALUES TIMESTAMP '2024-12-30 17:05:06.789') x(t)
SELECT extract(hour FROM INTERVAL '26' HOUR), extract(day FROM INTERVAL '26' HOUR), day(INTERVAL '49' HOUR), extract(month FROM INTERVAL '14' MONTH), year(INTERVAL '14' MONTH)
SELECT extract(epoch FROM TIMESTAMP '2024-01-01 00:00:00')
SELECT year('2024-01-01')
SELECT millisecond(TIMESTAMP '2024-01-01 00:00:00.789'), second(TIME '10:11:12.5'), hour(TIME '10:11:12'), week_of_year(DATE '2021-01-03'), year_of_week(DATE '2021-01-03'), day_of_month(DATE '2024-02-29'), human_readable_seconds(93784)
SELECT CAST(TIMESTAMP '2024-01-01 23:59:59.9996' AS timestamp(3)), CAST(TIMESTAMP '2024-01-01 10:11:12.345678' AS timestamp(0)), CAST(DATE '2024-01-01' AS timestamp), CAST(TIMESTAMP '2024-01-01 10:11:12' AS time), CAST('10:11' AS time), CAST('2024-01-01 10:11:12.123456' AS timestamp(6))
SELECT TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-01 10:11', TIMESTAMP '2024-01-01 10:11:12.1234567', TIME '10:11:12.123', DATE '2024-1-5'
SELECT CAST('2024-01-01T10:11:12' AS timestamp)
SELECT CAST('2024/01/01' AS date)
SELECT CAST(' 2024-01-01 ' AS date), TRY_CAST('2024-02-30' AS date), TRY_CAST('x' AS timestamp), CAST('2024-01-01' AS timestamp), CAST(TIMESTAMP '2024-01-01 10:11:12.5' AS varchar), CAST(DATE '2024-01-01' AS varchar(20))
SELECT DATE '2024-02-30'
SELECT TIMESTAMP '2024-01-01 25:00:00'
SELECT DATE '2024-01-01' = '2024-01-01'
SELECT TIMESTAMP '2024-01-01 00:00:00' > '2023-01-01'
SELECT DATE '2024-01-01' BETWEEN DATE '2023-01-01' AND TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 00:00:00' IN (DATE '2024-01-01'), coalesce(DATE '2024-01-01', TIMESTAMP '2024-01-02 00:00:00')
SELECT greatest(DATE '2024-01-01', DATE '2023-01-01'), least(TIMESTAMP '2024-01-01 00:00:00', DATE '2023-01-01'), max(t), min(t) FROM (VALUES TIMESTAMP '2024-01-01 00:00:00', NULL) x(t)
SELECT avg(DATE '2024-01-01')
SELECT sum(i), avg(i), max(i) FROM (VALUES INTERVAL '1' DAY, INTERVAL '12' HOUR) t(i)
SELECT sequence(TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 01:00:00', INTERVAL '20' MINUTE), sequence(DATE '2024-01-31', DATE '2024-04-30', INTERVAL '1' MONTH), sequence(DATE '2024-01-03', DATE '2024-01-01', INTERVAL '-1' DAY)
SELECT date('2024-01-05'), date(TIMESTAMP '2024-01-05 10:00:00'), date(TIMESTAMP '2024-01-05 23:00:00 America/New_York'), day_of_week(DATE '2024-01-07'), dow(DATE '2024-01-08'), doy(DATE '2024-12-31'), yow(DATE '2024-12-31')
SELECT to_milliseconds(INTERVAL '1' SECOND), parse_duration('1.5h'), to_iso8601(DATE '2024-01-01'), to_iso8601(TIMESTAMP '2024-01-01 10:00:00'), to_iso8601(TIMESTAMP '2024-01-01 10:00:00 +02:00')
SELECT date_trunc('hour', TIME '10:11:12.345'), date_add('minute', 90, TIME '23:00:00'), date_diff('minute', TIME '10:00:00', TIME '11:30:00'), CAST(TIME '10:11:12' AS varchar)
SELECT current_date - INTERVAL '1' DAY < current_date, now() - INTERVAL '1' HOUR < now(), CAST(now() AS date) = current_date, current_timestamp AT TIME ZONE 'Europe/Paris' = current_timestamp
SELECT TIMESTAMP '2024-01-01 00:00:00 Nowhere/City'
SELECT at_timezone(TIMESTAMP '2024-01-01 00:00:00 UTC', 'Nowhere/City')
SELECT at_timezone(TIMESTAMP '2024-01-01 00:00:00', 'UTC')
SELECT typeof(TIMESTAMP '2024-01-01 00:00:00'), typeof(TIMESTAMP '2024-01-01 00:00:00.123456'), typeof(CAST('2024-01-01' AS timestamp)), typeof(from_unixtime(0)), typeof(date_parse('2024', '%Y')), typeof(DATE '2024-01-01' + INTERVAL '1' DAY), typeof(date_trunc('day', TIMESTAMP '2024-01-01 00:00:00')), typeof(from_iso8601_timestamp('2024')), typeof(INTERVAL '1' DAY), typeof(date_add('day', 1, DATE '2024-01-01'))
SELECT date_trunc('hour', from_iso8601_timestamp(x)) = TIMESTAMP '2024-08-10 01:00:00 UTC', count(*) FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-10T01:15:06Z') t(x) GROUP BY date_trunc('hour', from_iso8601_timestamp(x)) ORDER BY 1
SELECT TIMESTAMP '2024-01-01 00:00:00 Europe/Paris' x UNION ALL SELECT TIMESTAMP '2024-01-01 00:00:00 UTC' ORDER BY 1
SELECT row_number() OVER (PARTITION BY from_iso8601_timestamp(x) ORDER BY x), date_diff('day', lag(from_iso8601_timestamp(x)) OVER (ORDER BY x), from_iso8601_timestamp(x)) FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-19T23:05:06Z') t(x) ORDER BY 2
SELECT from_iso8601_timestamp(x) BETWEEN TIMESTAMP '2024-08-01 00:00:00 UTC' AND TIMESTAMP '2024-08-11 00:00:00 UTC', from_iso8601_timestamp(x) IN (TIMESTAMP '2024-08-10 01:05:06 UTC') FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-19T23:05:06Z') t(x) ORDER BY 1
SELECT max_by(x, from_iso8601_timestamp(x)), to_unixtime(max(from_iso8601_timestamp(x))), coalesce(max(from_iso8601_timestamp(x)), TIMESTAMP '2024-01-01 00:00:00 UTC') FROM (VALUES '2024-08-09T23:05:06-02:00', '2024-08-19T23:05:06Z') t(x)
SELECT transform(ARRAY['2024-08-09T23:05:06-02:00'], x -> from_iso8601_timestamp(x)), transform(ARRAY['2024-08-09T23:05:06-02:00'], x -> hour(from_iso8601_timestamp(x)))
SELECT TRY(from_iso8601_timestamp(x)), TRY_CAST(x AS timestamp with time zone) FROM (VALUES 'nope', '2024-08-19 01:00 Asia/Tokyo', '2024-08-19 01:00:00Z') t(x) ORDER BY 2
SELECT CAST(x AS timestamp with time zone) - INTERVAL '1' MONTH, CAST(x AS timestamp with time zone) + INTERVAL '36' HOUR, date_add('month', 1, CAST(x AS timestamp with time zone)), CAST(CAST(x AS timestamp with time zone) AS varchar), CAST(CAST(x AS timestamp with time zone) AS timestamp) FROM (VALUES '2024-03-15 01:00:00 Europe/Paris', '2024-08-19 01:00:00 +09:00') t(x) ORDER BY 1
SELECT timezone_hour(t), timezone_minute(t), extract(day FROM t), format_datetime(t, 'yyyy-MM-dd HH:mm ZZ'), to_iso8601(t) FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 Asia/Kolkata', TIMESTAMP '2024-01-01 00:00:00 -08:00') x(t) ORDER BY 1
SELECT t AT TIME ZONE 'UTC', at_timezone(t, 'Asia/Tokyo'), date_trunc('day', t AT TIME ZONE 'UTC') FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 Asia/Kolkata', TIMESTAMP '2024-01-01 00:00:00 -08:00') x(t) ORDER BY 1
SELECT a.t = b.t, a.t < b.t, a.t - b.t FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 Asia/Kolkata', TIMESTAMP '2024-01-01 00:00:00 -08:00') a(t) CROSS JOIN (VALUES TIMESTAMP '2023-12-31 18:30:00 UTC') b(t) ORDER BY 1
SELECT t, lead(t) OVER (ORDER BY t), first_value(t) OVER (ORDER BY t), count(t) OVER () FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 Asia/Kolkata', TIMESTAMP '2024-01-01 00:00:00 -08:00') x(t) ORDER BY t
SELECT array_agg(t ORDER BY t), min(t), approx_distinct(t), map_agg(1, t) FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 Asia/Kolkata', TIMESTAMP '2023-12-31 18:30:00 UTC') x(t)
SELECT at_timezone(t, 'Mars/Base') FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 UTC') x(t)
SELECT with_timezone(TIMESTAMP '2024-01-01 00:00:00', z) FROM (VALUES 'Mars/Base') x(z)
