-- Hours that come twice, digits of a second, and casts between points in time.
SELECT x FROM (VALUES 3, 1 UNION ALL SELECT 2 ORDER BY 1) t(x)
SELECT * FROM (VALUES 1, 2) CROSS JOIN (VALUES 3)
SELECT count(*) FROM (VALUES 'ab', 'cd') CROSS JOIN UNNEST(ARRAY['x', 'y']) WITH ORDINALITY
SELECT * FROM (SELECT 1 UNION SELECT 2) x(a) ORDER BY a
SELECT v LIKE p ESCAPE e FROM (VALUES ('a%', 'a#%', '#'), ('ab', 'a#%', '#')) t(v, p, e)
SELECT INTERVAL '6' DAY / 0
SELECT INTERVAL '6' DAY / 0e0, 1
SELECT d / 0 FROM (VALUES INTERVAL '6' DAY) t(d)
SELECT CAST(X'f000001100' AS uuid)
SELECT DATE ' 2024-01-05 ', CAST(' 2024-1-5' AS date), CAST('+2024-01-05' AS date), date(' 2024-01-05')
SELECT CAST(x AS date) FROM (VALUES ' 2024-01-05 ', '2024-1-5', '+2024-01-05') t(x)
SELECT lag(x, NULL) OVER (ORDER BY x) FROM (VALUES 1) t(x)
WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t ORDER BY n
WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n * 2 FROM t WHERE n < 20) SELECT sum(n) FROM t
SELECT min_by(DISTINCT x, y), max_by(DISTINCT x, y) FROM (VALUES (1, 1), (2, 2), (2, 2), (3, 3)) t(x, y)
SELECT TIMESTAMP '2024-10-27 02:30:00 Europe/Berlin', CAST(TIMESTAMP '2024-10-27 02:30:00 Europe/Berlin' AS varchar), to_unixtime(TIMESTAMP '2024-10-27 02:30:00 Europe/Berlin'), with_timezone(TIMESTAMP '2024-10-27 02:30:00', 'Europe/Berlin'), to_unixtime(with_timezone(TIMESTAMP '2024-10-27 02:30:00', 'Europe/Berlin'))
SELECT to_unixtime(with_timezone(t, 'Europe/Berlin')), to_unixtime(with_timezone(t, z)) FROM (VALUES (TIMESTAMP '2024-10-27 02:30:00', 'Europe/Berlin')) t(t, z)
SELECT to_unixtime(date_trunc('hour', x)), to_unixtime(date_add('hour', 1, x)), to_unixtime(date_add('day', 1, date_add('day', -1, x))), hour(x) FROM (VALUES TIMESTAMP '2024-10-27 00:30:00 UTC' AT TIME ZONE 'Europe/Berlin', TIMESTAMP '2024-10-27 01:30:00 UTC' AT TIME ZONE 'Europe/Berlin') t(x)
SELECT to_unixtime(CAST('2024-10-27 02:30:00 Europe/Berlin' AS timestamp with time zone)), to_unixtime(CAST(x AS timestamp with time zone)), to_unixtime(parse_datetime('2024-10-27 02:30 Europe/Berlin', 'yyyy-MM-dd HH:mm ZZZ')) FROM (VALUES '2024-10-27 02:30:00 Europe/Berlin') t(x)
SELECT with_timezone(TIMESTAMP '2024-03-31 02:30:00', 'Europe/Berlin')
SELECT CAST(TIMESTAMP '2024-03-31 02:30:00' AS timestamp with time zone), date_add('hour', 24, TIMESTAMP '2024-03-30 02:30:00 Europe/Berlin'), TIMESTAMP '2024-03-30 02:30:00 Europe/Berlin' + INTERVAL '1' DAY, TIMESTAMP '2024-02-29 02:30:00 Europe/Berlin' + INTERVAL '1' MONTH + INTERVAL '2' DAY
SELECT date_diff('day', TIMESTAMP '2024-03-30 12:00:00 Europe/Berlin', TIMESTAMP '2024-03-31 12:00:00 Europe/Berlin'), date_diff('hour', TIMESTAMP '2024-03-30 12:00:00 Europe/Berlin', TIMESTAMP '2024-03-31 12:00:00 Europe/Berlin'), date_trunc('month', TIMESTAMP '2024-03-31 12:00:00 Europe/Berlin')
SELECT CAST(TIMESTAMP '2020-05-01 12:34:56.11111' AS TIMESTAMP(1) WITH TIME ZONE), CAST(TIMESTAMP '2020-05-10 12:34:56.95 Asia/Kathmandu' AS TIMESTAMP(1) WITH TIME ZONE), CAST(x AS timestamp(0) with time zone), CAST(CAST(x AS timestamp(0)) AS varchar) FROM (VALUES TIMESTAMP '1969-12-31 23:59:59.5', TIMESTAMP '2020-01-01 00:00:00.5') t(x)
SELECT CAST('2020-05-01 12:34:56.11156 UTC' AS TIMESTAMP(3) WITH TIME ZONE), CAST(x AS TIMESTAMP(1) WITH TIME ZONE), CAST(x AS timestamp with time zone) FROM (VALUES '2020-05-01 12:34:56.15556 Europe/Paris', '2020-05-01 12:34:56.15556 +02:00') t(x)
SELECT CAST(TIMESTAMP '1500-05-10 12:34:56.5' AS TIMESTAMP(0)), CAST(TIMESTAMP '1500-05-10 12:34:56.4999' AS TIMESTAMP(3))
SELECT TIMESTAMP '2020-05-01 12:34:56.1234' AT TIME ZONE INTERVAL '10' HOUR, TIMESTAMP '2020-05-01 12:34:56' AT TIME ZONE 'Asia/Tokyo', to_iso8601(TIMESTAMP '2020-11-01 07:00:00.1 UTC' AT TIME ZONE 'America/Chicago'), typeof(TIMESTAMP '2020-05-01 12:34:56.1' AT TIME ZONE 'UTC')
SELECT format_datetime(TIMESTAMP '2020-05-10 12:34:56.5555 Asia/Kathmandu', 'yyyy-MM-dd HH:mm:ss.SSS Z'), format_datetime(TIMESTAMP '2020-05-10 12:34:56.5555', 'ss.SSS'), date_format(TIMESTAMP '2020-05-10 12:34:56.5555', '%s.%f'), date_format(TIMESTAMP '2020-05-10 12:34:56.999999', '%s.%f')
SELECT EXTRACT(TIMEZONE_HOUR FROM TIMESTAMP '2020-05-10 12:34:56.12')
SELECT to_unixtime(TIMESTAMP '2024-11-03 01:30:00 America/New_York'), TIMESTAMP '2024-11-03 01:30:00 America/New_York' + INTERVAL '1' HOUR, date_add('month', 1, TIMESTAMP '2024-10-03 01:30:00 America/New_York'), to_unixtime(date_add('month', 1, TIMESTAMP '2024-10-03 01:30:00 America/New_York')), to_unixtime(date_add('day', -1, TIMESTAMP '2024-11-04 01:30:00 America/New_York'))
SELECT to_unixtime(date_trunc('hour', x)), to_unixtime(date_add('hour', 1, x)), to_unixtime(date_add('day', 1, date_add('day', -1, x))), hour(x), date_trunc('minute', x), date_trunc('day', x), date_trunc('month', x), x + INTERVAL '1' MONTH FROM (VALUES TIMESTAMP '2024-10-27 00:30:40 UTC' AT TIME ZONE 'Europe/Berlin', TIMESTAMP '2024-10-27 01:30:40 UTC' AT TIME ZONE 'Europe/Berlin') t(x)
SELECT date_trunc('hour', x), date_trunc('day', x), date_add('day', 1, x), date_add('month', -1, x), x + INTERVAL '1' YEAR, to_unixtime(date_add('week', 1, x)) FROM (VALUES TIMESTAMP '2024-10-27 00:30:40 +05:30', TIMESTAMP '2024-10-26 02:30:40 Europe/Berlin', TIMESTAMP '2024-03-30 02:30:40 Europe/Berlin', NULL) t(x)
SELECT date_add('day', 1, TIMESTAMP '2024-03-30 02:30:00 Europe/Berlin'), date_add('year', 1, TIMESTAMP '2023-03-31 02:30:00 Europe/Berlin'), TIMESTAMP '2023-10-29 02:30:00 Europe/Berlin' + INTERVAL '12' MONTH, TIMESTAMP '2024-02-29 10:00:00 Europe/Berlin' + INTERVAL '1' YEAR
SELECT least(TIMESTAMP '2001-01-02 03:04:05.321 +07:09', TIMESTAMP '2001-01-02 01:04:05.321 +02:09', TIMESTAMP '2002-01-02 01:04:05.321 +02:09')
SELECT greatest(a, b), least(a, b), coalesce(a, b), if(a > b, a, b) FROM (VALUES (TIMESTAMP '2001-01-02 03:04:05 +07:00', TIMESTAMP '2001-01-02 01:04:05 Europe/Paris')) t(a, b)
SELECT max(x), min(x), max_by(x, x), array_agg(x ORDER BY x DESC) FROM (VALUES TIMESTAMP '2001-01-02 03:04:05 +07:00', TIMESTAMP '2001-01-02 01:04:05 Europe/Paris') t(x)
SELECT date_add(u, 1, x), date_diff(u, x, TIMESTAMP '2024-11-30 02:30:15 Europe/Berlin') FROM (VALUES ('hour', TIMESTAMP '2024-10-26 02:30:15 Europe/Berlin'), ('day', TIMESTAMP '2024-10-26 02:30:15 Europe/Berlin'), ('MONTH', TIMESTAMP '2024-10-26 02:30:15 Europe/Berlin'), (NULL, TIMESTAMP '2024-10-26 02:30:15 Europe/Berlin')) t(u, x)
SELECT date_add(u, n, x), date_diff(u, x, y) FROM (VALUES ('day', 1, TIMESTAMP '2024-03-30 12:00:00 Europe/Berlin', TIMESTAMP '2024-03-31 11:30:00 Europe/Berlin'), ('hour', 2, TIMESTAMP '2024-03-30 12:00:00 +05:30', TIMESTAMP '2024-03-31 11:30:00 Asia/Tokyo')) t(u, n, x, y)
SELECT date_add(u, 1, x) FROM (VALUES ('nonsense', TIMESTAMP '2024-10-26 02:30:15 Europe/Berlin')) t(u, x)
SELECT date_add(u, 1, TIMESTAMP '2024-10-26 02:30:15 UTC'), date_add(u, 1, TIMESTAMP '2024-10-26 02:30:15'), date_diff(u, DATE '2024-01-31', DATE '2024-03-01') FROM (VALUES 'day', 'month') t(u)
