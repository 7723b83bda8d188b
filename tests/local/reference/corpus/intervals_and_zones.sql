-- Intervals of every kind, zones and their clocks, patterns of dates, sequences of days.
SELECT DATE '2024-01-31' + INTERVAL '1' MONTH, DATE '2024-03-31' - INTERVAL '1' MONTH, DATE '2024-02-29' + INTERVAL '1' YEAR
SELECT DATE '2024-01-31' + INTERVAL '36' HOUR
SELECT DATE '2024-01-31' + INTERVAL '48' HOUR
SELECT TIMESTAMP '2024-01-31 10:00:00' + INTERVAL '1 02:03:04.005' DAY TO SECOND
SELECT TIMESTAMP '2024-01-31 10:00:00' - INTERVAL '1-2' YEAR TO MONTH
SELECT INTERVAL '1 02' DAY TO HOUR, INTERVAL '02:03' HOUR TO MINUTE, INTERVAL '03:04' MINUTE TO SECOND, INTERVAL '1 02:03' DAY TO MINUTE
SELECT INTERVAL '2' DAY + INTERVAL '3' HOUR, INTERVAL '2' DAY - INTERVAL '3' HOUR, INTERVAL '2' DAY * 3, 3 * INTERVAL '2' DAY, INTERVAL '2' DAY / 3
SELECT INTERVAL '14' MONTH / 3, INTERVAL '14' MONTH * 2, -INTERVAL '14' MONTH, INTERVAL '1' YEAR + INTERVAL '3' MONTH
SELECT INTERVAL -'2' DAY, INTERVAL '-2' DAY, -INTERVAL -'2' DAY
SELECT INTERVAL '1' DAY > INTERVAL '23' HOUR, INTERVAL '24' HOUR = INTERVAL '1' DAY, INTERVAL '12' MONTH = INTERVAL '1' YEAR
SELECT INTERVAL '1' MONTH > INTERVAL '30' DAY
SELECT sum(i), min(i), max(i), avg(i) FROM (VALUES INTERVAL '1' DAY, INTERVAL '36' HOUR) t(i)
SELECT sum(i), avg(i) FROM (VALUES INTERVAL '1' YEAR, INTERVAL '5' MONTH) t(i)
SELECT year(INTERVAL '14' MONTH), month(INTERVAL '14' MONTH), day(INTERVAL '50' HOUR), hour(INTERVAL '50' HOUR), minute(INTERVAL '90' MINUTE), second(INTERVAL '90' SECOND), millisecond(INTERVAL '1.5' SECOND)
SELECT extract(DAY FROM INTERVAL '50' HOUR), extract(YEAR FROM INTERVAL '14' MONTH)
SELECT CAST(INTERVAL '50' HOUR AS varchar), CAST(INTERVAL '14' MONTH AS varchar), CAST(INTERVAL '-14' MONTH AS varchar), CAST(INTERVAL '-1.5' SECOND AS varchar)
SELECT TIMESTAMP '2024-03-10 12:00:00' - TIMESTAMP '2024-03-09 11:30:00', DATE '2024-03-10' - DATE '2024-03-01', TIME '12:00:00' - TIME '11:30:00'
SELECT TIME '23:30:00' + INTERVAL '45' MINUTE, TIME '00:15:00' - INTERVAL '30' MINUTE
SELECT DATE '2024-03-10' - TIMESTAMP '2024-03-09 11:30:00'
SELECT TIMESTAMP '2024-03-31 01:30:00 Europe/Berlin' + INTERVAL '1' HOUR, TIMESTAMP '2024-03-31 01:30:00 Europe/Berlin' + INTERVAL '1' DAY
SELECT TIMESTAMP '2024-10-27 00:30:00 UTC' AT TIME ZONE 'Europe/Berlin', TIMESTAMP '2024-10-27 01:30:00 UTC' AT TIME ZONE 'Europe/Berlin'
SELECT CAST(TIMESTAMP '2024-10-27 02:30:00 Europe/Berlin' AS timestamp), CAST(TIMESTAMP '2024-10-27 02:30:00 Europe/Berlin' AS date), CAST(TIMESTAMP '2024-10-27 02:30:00 Europe/Berlin' AS varchar)
SELECT with_timezone(TIMESTAMP '2024-06-01 12:00:00', 'America/Los_Angeles'), at_timezone(TIMESTAMP '2024-06-01 12:00:00 UTC', '+05:30')
SELECT timezone_hour(TIMESTAMP '2024-06-01 12:00:00 -03:30'), timezone_minute(TIMESTAMP '2024-06-01 12:00:00 -03:30'), extract(TIMEZONE_HOUR FROM TIMESTAMP '2024-06-01 12:00:00 Asia/Kolkata')
SELECT TIMESTAMP '2024-06-01 12:00:00 +00:00' = TIMESTAMP '2024-06-01 14:00:00 +02:00', TIMESTAMP '2024-06-01 12:00:00 UTC' < TIMESTAMP '2024-06-01 12:00:00'
SELECT date_diff('hour', TIMESTAMP '2024-03-31 00:00:00 Europe/Berlin', TIMESTAMP '2024-04-01 00:00:00 Europe/Berlin'), date_diff('day', TIMESTAMP '2024-03-31 00:00:00 Europe/Berlin', TIMESTAMP '2024-04-01 00:00:00 Europe/Berlin')
SELECT date_trunc('day', TIMESTAMP '2024-03-31 13:30:00 Europe/Berlin'), date_trunc('hour', TIMESTAMP '2024-10-27 02:30:00 Europe/Berlin'), date_trunc('month', TIMESTAMP '2024-03-31 13:30:00 Europe/Berlin')
SELECT date_add('month', 1, TIMESTAMP '2024-02-29 02:30:00 Europe/Berlin'), date_add('day', 31, TIMESTAMP '2024-02-29 02:30:00 Europe/Berlin')
SELECT hour(TIMESTAMP '2024-06-01 23:00:00 Asia/Tokyo'), day_of_year(TIMESTAMP '2024-12-31 23:00:00 Asia/Tokyo'), week(TIMESTAMP '2024-12-31 23:00:00 Asia/Tokyo'), year_of_week(DATE '2024-12-31')
SELECT to_unixtime(TIMESTAMP '2024-06-01 12:00:00 Asia/Tokyo'), from_unixtime(1717243200, 'Asia/Tokyo'), from_unixtime(1717243200, 5, 30), from_unixtime(1717243200.789)
SELECT to_iso8601(TIMESTAMP '2024-06-01 12:00:00.5 Asia/Tokyo'), to_iso8601(TIMESTAMP '2024-06-01 12:00:00.5'), to_iso8601(DATE '2024-06-01')
SELECT from_iso8601_timestamp('2024-06-01T12:00:00+09:00'), from_iso8601_timestamp('2024-06-01T12'), from_iso8601_timestamp('2024-06'), from_iso8601_timestamp('2024-W23-6T01:02:03Z'), from_iso8601_date('2024-153')
SELECT date_format(TIMESTAMP '2024-06-01 03:04:05.678', '%a %b %c %d %e %f %H %h %I %i %j %k %l %M %m %p %r %S %s %T %v %W %x %Y %y %%')
SELECT date_format(TIMESTAMP '2024-06-01 15:04:05.678', '%h:%i %p'), date_format(DATE '2024-06-01', '%W, %e %M %Y'), date_format(TIMESTAMP '2024-06-01 15:04:05 Asia/Tokyo', '%H')
SELECT date_format(TIMESTAMP '2024-06-01 15:04:05', '%D')
SELECT date_format(TIMESTAMP '2024-06-01 15:04:05', '%w'), date_format(TIMESTAMP '2024-06-01 15:04:05', '%q x')
SELECT date_parse('01/06/2024 15:04', '%d/%m/%Y %H:%i'), date_parse('2024-06-01T15:04:05.678', '%Y-%m-%dT%H:%i:%s.%f'), date_parse('June 1, 2024', '%M %e, %Y')
SELECT date_parse('2024-06-01 03:04:05 PM', '%Y-%m-%d %h:%i:%s %p'), date_parse('24153', '%y%j'), date_parse('2024', '%Y'), date_parse('Sat 01 Jun 2024', '%a %d %b %Y')
SELECT date_parse('2024-06-01 extra', '%Y-%m-%d')
SELECT date_parse('69-01-01', '%y-%m-%d'), date_parse('70-01-01', '%y-%m-%d'), date_parse('20', '%y')
SELECT format_datetime(TIMESTAMP '2024-06-01 15:04:05.678', 'yyyy-MM-dd''T''HH:mm:ss.SSS'), format_datetime(TIMESTAMP '2024-06-01 15:04:05.678', 'EEEE, d MMMM yy h:mm a'), format_datetime(TIMESTAMP '2024-06-01 15:04:05.678', 'D w x e')
SELECT format_datetime(TIMESTAMP '2024-06-01 15:04:05.678 Asia/Tokyo', 'yyyy-MM-dd HH:mm:ssZ'), format_datetime(TIMESTAMP '2024-06-01 15:04:05.678 Asia/Tokyo', 'ZZ ZZZ'), format_datetime(DATE '2024-06-01', 'G C Y')
SELECT parse_datetime('2024-06-01 15:04:05 +0900', 'yyyy-MM-dd HH:mm:ss Z'), parse_datetime('2024-06-01', 'yyyy-MM-dd'), parse_datetime('1 Jun 24', 'd MMM yy')
SELECT parse_datetime('2024-06-01 Asia/Tokyo', 'yyyy-MM-dd ZZZ')
SELECT parse_datetime('2024-06-01x', 'yyyy-MM-dd')
SELECT to_timestamp('2024-06-01 15:04:05', 'yyyy-mm-dd hh24:mi:ss'), to_date('2024-06-01', 'yyyy-mm-dd'), to_char(TIMESTAMP '2024-06-01 15:04:05', 'dd.mm.yyyy hh24:mi')
SELECT human_readable_seconds(0), human_readable_seconds(96), human_readable_seconds(3762), human_readable_seconds(56363463), human_readable_seconds(-5.5)
SELECT parse_duration('1.5h'), parse_duration('3d'), parse_duration('500 ms'), to_milliseconds(parse_duration('2m'))
SELECT parse_duration('abc')
SELECT date_diff('month', DATE '2024-01-31', DATE '2024-02-29'), date_diff('month', DATE '2024-01-30', DATE '2024-03-30'), date_diff('year', DATE '2020-02-29', DATE '2024-02-28'), date_diff('week', DATE '2024-01-01', DATE '2024-01-14'), date_diff('quarter', DATE '2024-01-31', DATE '2024-10-30')
SELECT date_diff('millisecond', TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 00:00:01.234'), date_diff('second', TIME '10:00:00', TIME '10:01:30'), date_diff('minute', TIME '10:00:30', TIME '10:01:29')
SELECT date_add('hour', 25, TIME '10:00:00'), date_add('week', -1, DATE '2024-01-01'), date_add('quarter', 1, DATE '2024-11-30'), date_add('second', 1, TIMESTAMP '2024-12-31 23:59:59')
SELECT date_add('hour', 1, DATE '2024-01-01')
SELECT date_diff('hour', DATE '2024-01-01', DATE '2024-01-02')
SELECT date_trunc('quarter', DATE '2024-05-17'), date_trunc('week', DATE '2024-05-19'), date_trunc('year', TIMESTAMP '2024-05-17 10:11:12'), date_trunc('minute', TIME '10:11:12.345'), date_trunc('second', TIMESTAMP '2024-05-17 10:11:12.345')
SELECT date_trunc('hour', DATE '2024-05-17')
SELECT date_trunc('decade', DATE '2024-05-17')
SELECT last_day_of_month(DATE '2023-02-03'), last_day_of_month(TIMESTAMP '2024-02-03 23:00:00'), quarter(DATE '2024-10-01'), dow(DATE '2024-06-02'), doy(DATE '2024-12-31'), yow(DATE '2021-01-01'), day_of_month(DATE '2024-06-02'), week_of_year(DATE '2021-01-01')
SELECT extract(DOW FROM DATE '2024-06-02'), extract(DOY FROM DATE '2024-06-02'), extract(YOW FROM DATE '2021-01-01'), extract(WEEK FROM DATE '2021-01-01'), extract(QUARTER FROM DATE '2021-07-01'), extract(DAY_OF_WEEK FROM DATE '2024-06-02')
SELECT extract(HOUR FROM DATE '2024-06-02')
SELECT extract(MILLISECOND FROM TIMESTAMP '2024-06-02 01:02:03.456')
SELECT CAST('2024-06-01 12:34:56.789 Asia/Tokyo' AS timestamp with time zone), CAST('2024-06-01 12:34' AS timestamp), CAST('2024-06-01' AS timestamp), CAST('12:34' AS time)
SELECT CAST('2024-06-01T12:34:56' AS timestamp)
SELECT CAST(TIMESTAMP '2024-06-01 12:34:56.789' AS time), CAST(TIME '12:34:56.789' AS varchar), CAST(DATE '2024-06-01' AS timestamp), CAST(TIMESTAMP '2024-06-01 23:34:56.789' AS date), CAST(TIMESTAMP '2024-06-01 23:34:56.789' AS timestamp with time zone)
SELECT CAST(TIMESTAMP '2024-06-01 12:34:56.789' AS timestamp(0)), CAST(TIMESTAMP '2024-06-01 12:34:56.499' AS timestamp(0)), CAST(TIMESTAMP '2024-06-01 12:34:56.789' AS timestamp(6)), typeof(CAST(TIMESTAMP '2024-06-01 12:34:56.789' AS timestamp(1)))
SELECT CAST(TIME '23:59:59.999' AS time(0))
SELECT CAST(12345 AS date)
SELECT CAST('24:00:00' AS time)
SELECT TIMESTAMP '2024-06-01 12:34:56.123456', typeof(TIMESTAMP '2024-06-01 12:34:56.123456'), typeof(TIMESTAMP '2024-06-01 12:34:56'), typeof(TIME '01:02:03.1'), typeof(TIMESTAMP '2024-06-01 12:34:56.12 UTC')
SELECT localtimestamp = current_timestamp, current_date = CAST(now() AS date), typeof(now() - INTERVAL '1' DAY)
SELECT sequence(DATE '2024-01-01', DATE '2024-03-01', INTERVAL '1' MONTH), sequence(DATE '2024-01-03', DATE '2024-01-01'), sequence(DATE '2024-01-01', DATE '2024-01-05', INTERVAL '2' DAY)
SELECT sequence(TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-01-01 06:00:00', INTERVAL '2' HOUR), cardinality(sequence(TIMESTAMP '2024-01-01 00:00:00', TIMESTAMP '2024-12-31 00:00:00', INTERVAL '1' MONTH))
SELECT sequence(DATE '2024-01-01', DATE '2024-03-01', INTERVAL '-1' DAY)
SELECT DATE '2024-01-01' BETWEEN DATE '2023-12-31' AND DATE '2024-01-02', TIMESTAMP '2024-01-01 00:00:00' BETWEEN DATE '2024-01-01' AND DATE '2024-01-02', DATE '2024-01-01' = TIMESTAMP '2024-01-01 00:00:00'
SELECT DATE '-0044-03-15', DATE '0001-01-01', year(DATE '-0044-03-15')
SELECT date '2024-6-1'
SELECT date('2024-06-01'), date(TIMESTAMP '2024-06-01 23:00:00'), date(TIMESTAMP '2024-06-01 23:00:00 America/New_York')
SELECT from_unixtime(1e10), from_unixtime(-1.5)
SELECT TIMESTAMP '2024-06-01 12:00:00' AT TIME ZONE 'Asia/Tokyo', TIMESTAMP '2024-06-01 12:00:00 America/New_York' AT TIME ZONE 'UTC'
SELECT TIMESTAMP '2024-06-01 12:00:00 America/New_York' AT TIME ZONE 'Mars/Base'
SELECT min(t), max(t), count(DISTINCT t) FROM (VALUES TIMESTAMP '2024-06-01 12:00:00 UTC', TIMESTAMP '2024-06-01 12:30:00 Europe/Berlin', TIMESTAMP '2024-06-01 09:00:00 America/New_York') x(t)
SELECT t, count(*) FROM (VALUES TIMESTAMP '2024-06-01 12:00:00 UTC', TIMESTAMP '2024-06-01 12:00:00 UTC', TIMESTAMP '2024-06-01 09:00:00 America/New_York') x(t) GROUP BY t ORDER BY t
