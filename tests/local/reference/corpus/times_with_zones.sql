SELECT TIME '10:11:12+02:00', TIME '10:11:12.123 +02:00', TIME '10:11 -05:30', TIME '10:11:12.123456+00:00'
SELECT typeof(TIME '10:11:12+02:00'), typeof(TIME '10:11:12.123 +02:00'), typeof(current_time), typeof(current_time(6)), typeof(localtime)
SELECT TIME '10:11:12+02:00' = TIME '08:11:12+00:00', TIME '10:11:12+02:00' < TIME '09:00:00+00:00', TIME '10:11:12+02:00' BETWEEN TIME '08:00:00+00:00' AND TIME '08:20:00+00:00'
SELECT CAST(TIME '10:11:12+02:00' AS varchar), CAST(TIME '10:11:12.5+02:00' AS time), CAST('10:11:12+02:00' AS time with time zone), CAST(TIME '10:11:12' AS time with time zone), CAST(TIME '10:11:12.123456+02:00' AS time(3) with time zone)
SELECT hour(TIME '10:11:12+02:00'), minute(TIME '10:11:12+02:00'), second(TIME '10:11:12+02:00'), millisecond(TIME '10:11:12.345+02:00'), extract(timezone_hour FROM TIME '10:11:12+02:00'), timezone_minute(TIME '10:11:12+02:30')
SELECT TIME '10:11:12+02:00' + INTERVAL '3' HOUR, TIME '23:11:12+02:00' + INTERVAL '3' HOUR, TIME '01:00:00+02:00' - INTERVAL '90' MINUTE, INTERVAL '1' SECOND + TIME '01:00:00.5+02:00'
SELECT TIME '10:11:12+02:00' - TIME '10:11:12+00:00', TIME '10:11:12+02:00' - TIME '09:11:12+02:00'
SELECT TIME '10:11:12+02:00' AT TIME ZONE '+05:00', TIME '10:11:12+02:00' AT TIME ZONE 'UTC', TIME '10:11:12' AT TIME ZONE '+05:00'
SELECT TIME '10:11:12+02:00' AT TIME ZONE INTERVAL '-3' HOUR
SELECT date_trunc('hour', TIME '10:11:12+02:00'), date_add('minute', 5, TIME '10:11:12+02:00'), date_diff('minute', TIME '10:11:12+02:00', TIME '10:11:12+00:00')
SELECT CAST(TIMESTAMP '2024-01-01 10:11:12 +02:00' AS time with time zone), CAST(TIMESTAMP '2024-01-01 10:11:12' AS time with time zone)
SELECT CAST(TIME '10:11:12+02:00' AS timestamp with time zone) IS NOT NULL, CAST(TIME '10:11:12+02:00' AS timestamp) IS NOT NULL
SELECT x FROM (VALUES TIME '10:11:12+02:00', TIME '09:30:00+00:00', TIME '10:11:12-02:00', NULL) t(x) ORDER BY x
SELECT min(x), max(x), count(DISTINCT x) FROM (VALUES TIME '10:11:12+02:00', TIME '08:11:12+00:00', TIME '10:11:12-02:00') t(x)
SELECT x, count(*) FROM (VALUES TIME '10:11:12+02:00', TIME '08:11:12+00:00', TIME '10:11:12-02:00') t(x) GROUP BY x
SELECT DISTINCT x FROM (VALUES TIME '10:11:12+02:00', TIME '10:11:12+02:00', TIME '10:11:12-02:00') t(x)
SELECT current_time IS NOT NULL, TIME '10:11:12+02:00'
SELECT CAST(current_time AS varchar) LIKE '__:__:__.___+00:00', CAST(localtime AS varchar) LIKE '__:__:__.___'
SELECT current_timezone(), typeof(now()), typeof(current_timestamp), typeof(localtimestamp), typeof(current_date), typeof(localtime), typeof(current_time), typeof(current_timestamp(6))
SELECT TIME '10:11:12+15:00'
SELECT TIME '10:11:12 Europe/Paris'
SELECT TIME '25:11:12+01:00'
SELECT TIME '10:11:12+02:00' = TIME '08:11:12'
SELECT coalesce(NULL, TIME '10:11:12+02:00', TIME '10:11:12.123'), IF(true, TIME '10:11:12+02:00')
SELECT ARRAY[TIME '10:11:12+02:00'], ROW(TIME '10:11:12+02:00'), MAP(ARRAY[1], ARRAY[TIME '10:11:12+02:00'])
SELECT to_iso8601(TIME '10:11:12+02:00')
SELECT format_datetime(TIME '10:11:12+02:00', 'HH')
SELECT CAST(TIME '10:11:12+02:00' AS date)
SELECT CAST('x' AS time with time zone)
SELECT TRY_CAST('10:11' AS time with time zone), TRY_CAST('10:11:12' AS time with time zone), TRY_CAST('10:11:12+01' AS time with time zone), TRY_CAST(' 1:2:3.4 -1:00 ' AS time(0) with time zone)
SELECT TIME '10:11:12+02:00' + INTERVAL '1' MONTH
SELECT CAST(ARRAY[TIME '10:11:12+02:00'] AS json)
SELECT current_time IS NOT NULL, current_time - current_time, current_time + INTERVAL '1' HOUR IS NOT NULL
SELECT x IN (TIME '08:11:12+00:00', TIME '09:00:00+00:00'), nullif(x, TIME '08:11:12+00:00'), greatest(x, TIME '08:30:00+00:00') FROM (VALUES TIME '10:11:12+02:00') t(x)
SELECT typeof(TIME '10:11:12'), localtime - localtime, TIME '10:11:12' + INTERVAL '1' DAY, TIME '10:11:12' - TIME '11:11:12.5', date_diff('second', TIME '10:11:12', TIME '11:11:12.5')
SELECT TIMESTAMP '2024-01-01 10:00:00' AT TIME ZONE '+15:00'
SELECT TIME '10:00:00' AT TIME ZONE '+15:00'
SELECT TIME '10:00:00+01:00' AT TIME ZONE 'Europe/Paris'
SELECT TIMESTAMP '2024-01-01 10:00:00' AT TIME ZONE '+14:30'
SELECT from_unixtime(0, 15, 0)
SELECT at_timezone(TIMESTAMP '2024-01-01 10:00:00 UTC', '+15:00')
SELECT with_timezone(TIMESTAMP '2024-01-01 10:00:00', '-14:00')
SELECT timezone_minute(TIME '10:11:12-02:30'), timezone_hour(TIME '10:11:12-02:30'), timezone_minute(TIME '10:11:12-00:30')
SELECT format('%s', TIME '10:11:12+02:00')
SELECT TIME '10:11:12-02:30' + NULL
