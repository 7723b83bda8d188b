-- Trino's functions as macros of DuckDB; macros.py makes each when it is first used.
-- text of values
CREATE MACRO trino.java_double(x) AS CASE
    WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN (CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END)
    WHEN x = 0 THEN CAST(x AS VARCHAR)
    WHEN abs(x) >= 1e-3 AND abs(x) < 1e7 THEN CAST(x AS VARCHAR)
    ELSE trino.scientific(x) END;
CREATE MACRO trino.scientific_parts(digits, exponent, sign) AS
    sign || left(digits, 1) || '.' || (CASE WHEN length(digits) > 1 THEN substring(digits, 2) ELSE '0' END) || 'E' || exponent;
CREATE MACRO trino.significant(x) AS trino.no_zero(rtrim(ltrim(replace(regexp_extract(CAST(abs(x) AS VARCHAR), '^([0-9.]+)', 1), '.', ''), '0'), '0'));
CREATE MACRO trino.no_zero(digits) AS CASE WHEN digits = '' THEN '0' ELSE digits END;
CREATE MACRO trino.scientific(x) AS CASE
    WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN (CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END)
    WHEN x = 0 THEN '0.0E0'
    ELSE trino.scientific_parts(trino.significant(x), trino.exponent(CAST(abs(x) AS VARCHAR)), CASE WHEN x < 0 THEN '-' ELSE '' END) END;
CREATE MACRO trino.exponent(t) AS CASE
    WHEN contains(t, 'e') THEN CAST(regexp_extract(t, 'e(.*)$', 1) AS INTEGER) + trino.plain_exponent(regexp_extract(t, '^([^e]*)', 1))
    ELSE trino.plain_exponent(t) END;
CREATE MACRO trino.plain_exponent(t) AS CASE
    WHEN regexp_matches(t, '^0?\.') THEN -1 - length(regexp_extract(t, '^0?\.(0*)', 1))
    ELSE length(regexp_extract(t, '^([0-9]+)', 1)) - 1 END;
CREATE MACRO trino.timestamp_text(x) AS strftime(x, '%Y-%m-%d %H:%M:%S.%g');
CREATE MACRO trino.interval_text(x) AS CASE
    WHEN datepart('year', x) <> 0 OR datepart('month', x) <> 0 THEN
        (CASE WHEN datepart('year', x) * 12 + datepart('month', x) < 0 THEN '-' ELSE '' END)
        || abs(datepart('year', x)) || '-' || abs(datepart('month', x))
    ELSE trino.day_interval_text(datepart('day', x) * 86400000 + datepart('hour', x) * 3600000 + datepart('minute', x) * 60000 + datepart('millisecond', x)) END;
CREATE MACRO trino.day_interval_text(ms) AS
    (CASE WHEN ms < 0 THEN '-' ELSE '' END) || (abs(ms) // 86400000) || ' ' || lpad(CAST(abs(ms) // 3600000 % 24 AS VARCHAR), 2, '0') || ':'
    || lpad(CAST(abs(ms) // 60000 % 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(ms) // 1000 % 60 AS VARCHAR), 2, '0') || '.' || lpad(CAST(abs(ms) % 1000 AS VARCHAR), 3, '0');
-- casts
CREATE MACRO trino.refuse(name, message) AS error(name || ': ' || message);
CREATE MACRO trino.text_to_integer(s, kind) AS CASE WHEN s IS NULL OR regexp_full_match(s, '[+-]?[0-9]+') THEN s
    ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || s || ''' to ' || kind) END;
CREATE MACRO trino.text_to_double(s) AS CASE WHEN s IS NULL OR regexp_full_match(trim(s), '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[dDfF]?|[+-]?Infinity|NaN') THEN rtrim(trim(s), 'dDfF')
    ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || s || ''' to DOUBLE') END;
CREATE MACRO trino.text_to_boolean(s) AS CASE lower(s) WHEN 'true' THEN true WHEN 't' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN 'f' THEN false WHEN '0' THEN false
    ELSE (CASE WHEN s IS NULL THEN NULL ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || s || ''' to BOOLEAN') END) END;
CREATE MACRO trino.text_to_date(s) AS CASE WHEN s IS NULL OR regexp_full_match(trim(s), '[+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}') AND TRY_CAST(trim(s) AS DATE) IS NOT NULL THEN CAST(trim(s) AS DATE)
    ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Value cannot be cast to date: ' || s) END;
CREATE MACRO trino.text_to_timestamp(s) AS CASE WHEN s IS NULL OR regexp_full_match(trim(s), '[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]+)?)?)?') THEN trino.padded_time(trim(s))
    ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Value cannot be cast to timestamp: ' || s) END;
CREATE MACRO trino.padded_time(s) AS CASE WHEN regexp_full_match(s, '.* [0-9]+:[0-9]+') THEN s || ':00' ELSE s END;
CREATE MACRO trino.double_to_integer(x, kind) AS CASE WHEN isnan(x) OR isinf(x) THEN trino.refuse('INVALID_CAST_ARGUMENT', 'Cannot cast ' || trino.java_double(x) || ' to ' || kind) ELSE round(x) END;
-- containers
CREATE MACRO trino.array_subscript(a, i) AS CASE
    WHEN a IS NULL OR i IS NULL THEN NULL
    WHEN i = 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1')
    WHEN i < 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Array subscript is negative: ' || i)
    WHEN i > len(a) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Array subscript must be less than or equal to array length: ' || i || ' > ' || len(a))
    ELSE a[i] END;
CREATE MACRO trino.map_subscript(m, k) AS CASE
    WHEN m IS NULL OR k IS NULL OR map_contains(m, k) THEN m[k]
    ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Key not present in map: ' || k) END;
CREATE MACRO trino.element_at(a, i) AS a[i];
CREATE MACRO trino.array_element_at(a, i) AS CASE WHEN i = 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1') ELSE a[i] END;
CREATE MACRO trino.cardinality(x) AS CAST(len(x) AS BIGINT);
CREATE MACRO trino.map_cardinality(m) AS CAST(len(map_keys(m)) AS BIGINT);
CREATE MACRO trino.contains(a, x) AS CASE WHEN list_contains(a, x) THEN true WHEN a IS NULL OR x IS NULL THEN NULL WHEN len(list_filter(a, lambda e: e IS NULL)) > 0 THEN NULL ELSE false END;
CREATE MACRO trino.array_distinct(a) AS list_filter(a, lambda e, i: trino.first_place(a, e) = i);
CREATE MACRO trino.first_place(a, e) AS CASE WHEN e IS NULL THEN list_position(list_transform(a, lambda z: z IS NULL), true) ELSE list_position(a, e) END;
CREATE MACRO trino.array_join(a, d) AS array_to_string(list_transform(list_filter(a, lambda e: e IS NOT NULL), lambda e: CAST(e AS VARCHAR)), d),
    (a, d, n) AS array_to_string(list_transform(a, lambda e: coalesce(CAST(e AS VARCHAR), n)), d);
CREATE MACRO trino.array_sort(a) AS list_sort(a, 'ASC', 'NULLS LAST');
CREATE MACRO trino.array_max(a) AS CASE WHEN len(list_filter(a, lambda e: e IS NULL)) > 0 THEN NULL ELSE list_max(a) END;
CREATE MACRO trino.array_min(a) AS CASE WHEN len(list_filter(a, lambda e: e IS NULL)) > 0 THEN NULL ELSE list_min(a) END;
CREATE MACRO trino.array_sum(a) AS list_sum(a);
CREATE MACRO trino.array_average(a) AS list_avg(a);
CREATE MACRO trino.array_position(a, x) AS CASE WHEN a IS NULL OR x IS NULL THEN NULL ELSE CAST(coalesce(list_position(a, x), 0) AS BIGINT) END;
CREATE MACRO trino.array_remove(a, x) AS list_filter(a, lambda e: e IS DISTINCT FROM x);
CREATE MACRO trino.array_union(a, b) AS trino.array_distinct(list_concat(a, b));
CREATE MACRO trino.in_list(b, e) AS CASE WHEN e IS NULL THEN list_contains(list_transform(b, lambda z: z IS NULL), true) ELSE list_contains(b, e) END;
CREATE MACRO trino.array_intersect(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN trino.array_distinct(list_filter(a, lambda e: trino.in_list(b, e))) END;
CREATE MACRO trino.array_except(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN trino.array_distinct(list_filter(a, lambda e: NOT trino.in_list(b, e))) END;
CREATE MACRO trino.arrays_overlap(a, b) AS CASE WHEN list_has_any(a, b) THEN true WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(list_filter(list_concat(a, b), lambda e: e IS NULL)) > 0 THEN NULL ELSE false END;
CREATE MACRO trino.slice(a, s, n) AS CASE
    WHEN s = 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1')
    WHEN n < 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'length must be greater than or equal to 0')
    WHEN s < 0 AND -s > len(a) THEN a[1:0]
    ELSE a[(CASE WHEN s > 0 THEN s ELSE len(a) + s + 1 END):((CASE WHEN s > 0 THEN s ELSE len(a) + s + 1 END) + n - 1)] END;
CREATE MACRO trino.flatten(a) AS flatten(a);
CREATE MACRO trino.repeat(x, n) AS list_transform(range(trino.repeat_count(CAST(n AS BIGINT))), lambda i: x);
CREATE MACRO trino.repeat_count(n) AS CASE
    WHEN n < 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'count argument of repeat function must be greater than or equal to 0')
    WHEN n > 10000 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'count argument of repeat function must be less than or equal to 10000')
    ELSE n END;
CREATE MACRO trino.reverse(x) AS reverse(x);
CREATE MACRO trino.array_reverse(x) AS list_reverse(x);
CREATE MACRO trino.ngrams(a, n) AS CASE WHEN len(a) <= n THEN [a] ELSE list_transform(range(1, len(a) - n + 2), lambda i: a[i:(i + n - 1)]) END;
CREATE MACRO trino.sequence(a, b) AS trino.checked_sequence(CAST(a AS BIGINT), CAST(b AS BIGINT), CAST(CASE WHEN a <= b THEN 1 ELSE -1 END AS BIGINT)),
    (a, b, s) AS trino.checked_sequence(CAST(a AS BIGINT), CAST(b AS BIGINT), CAST(s AS BIGINT));
CREATE MACRO trino.checked_sequence(a, b, s) AS generate_series(a, trino.sequence_end(a, b, s), s);
CREATE MACRO trino.sequence_end(a, b, s) AS CASE
    WHEN s = 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'step must not be zero')
    WHEN (s > 0 AND b < a) OR (s < 0 AND b > a) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start')
    WHEN abs(CAST(b AS HUGEINT) - CAST(a AS HUGEINT)) // abs(CAST(s AS HUGEINT)) >= 10000 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'result of sequence function must not have more than 10000 entries')
    ELSE b END;
CREATE MACRO trino.date_sequence(a, b) AS list_transform(generate_series(CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP), CASE WHEN a <= b THEN INTERVAL 1 DAY ELSE INTERVAL (-1) DAY END), lambda d: CAST(d AS DATE)),
    (a, b, s) AS list_transform(generate_series(CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP), s), lambda d: CAST(d AS DATE));
CREATE MACRO trino.time_sequence(a, b, s) AS generate_series(a, b, s);
CREATE MACRO trino.map() AS MAP {}, (k, v) AS map(k, v);
CREATE MACRO trino.map_keys(m) AS map_keys(m);
CREATE MACRO trino.map_values(m) AS map_values(m);
CREATE MACRO trino.map_entries(m) AS list_transform(map_entries(m), lambda e: {'field0': e.key, 'field1': e.value});
CREATE MACRO trino.map_from_entries(a) AS map(list_transform(a, lambda e: e[1]), list_transform(a, lambda e: e[2]));
CREATE MACRO trino.map_agg_entries(l) AS map_from_entries(list_filter(l, lambda e, i: e.k IS NOT NULL AND list_position(list_transform(l, lambda z: z.k), e.k) = i));
-- numbers
CREATE MACRO trino.mod(a, b) AS a % b;
CREATE MACRO trino.e() AS CAST(2.718281828459045 AS DOUBLE);
CREATE MACRO trino.infinity() AS CAST('Infinity' AS DOUBLE);
CREATE MACRO trino.nan() AS CAST('NaN' AS DOUBLE);
CREATE MACRO trino.log(b, x) AS ln(x) / ln(b);
CREATE MACRO trino.rand() AS random(), (n) AS CAST(floor(random() * n) AS BIGINT), (m, n) AS CAST(m + floor(random() * (n - m)) AS BIGINT);
CREATE MACRO trino.round(x) AS round(x), (x, n) AS round(x, CAST(n AS INTEGER));
CREATE MACRO trino.truncate(x) AS trunc(x), (x, n) AS trunc(x * pow(10, n)) / pow(10, n);
CREATE MACRO trino.sign(x) AS CASE WHEN isnan(CAST(x AS DOUBLE)) THEN x WHEN x > 0 THEN 1 WHEN x < 0 THEN -1 WHEN x = 0 THEN 0 END;
CREATE MACRO trino.cosh(x) AS (exp(x) + exp(-x)) / 2;
CREATE MACRO trino.sinh(x) AS (exp(x) - exp(-x)) / 2;
CREATE MACRO trino.tanh(x) AS (exp(2 * x) - 1) / (exp(2 * x) + 1);
CREATE MACRO trino.bitwise_and(a, b) AS CAST(a AS BIGINT) & CAST(b AS BIGINT);
CREATE MACRO trino.bitwise_or(a, b) AS CAST(a AS BIGINT) | CAST(b AS BIGINT);
CREATE MACRO trino.bitwise_xor(a, b) AS xor(CAST(a AS BIGINT), CAST(b AS BIGINT));
CREATE MACRO trino.bitwise_not(a) AS ~CAST(a AS BIGINT);
CREATE MACRO trino.bitwise_left_shift(a, b) AS CAST(CAST(a AS HUGEINT) * CAST(pow(2, b) AS HUGEINT) AS BIGINT);
CREATE MACRO trino.bitwise_right_shift(a, b) AS a >> CAST(b AS INTEGER);
CREATE MACRO trino.bit_count(x, bits) AS CAST(CASE WHEN bits = 64 THEN bit_count(CAST(x AS BIGINT)) ELSE bit_count(CAST(x AS BIGINT) & (CAST(pow(2, bits) AS BIGINT) - 1)) END AS BIGINT);
CREATE MACRO trino.width_bucket(x, low, high, n) AS CAST(CASE WHEN x < low THEN 0 WHEN x >= high THEN n + 1 ELSE floor((x - low) * n / (high - low)) + 1 END AS BIGINT);
CREATE MACRO trino.from_base(s, b) AS CAST(list_reduce(list_prepend(CAST(0 AS BIGINT), list_transform(string_split(lower(s), ''), lambda c: CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1 AS BIGINT))), lambda acc, d: acc * CAST(b AS BIGINT) + d) AS BIGINT);
CREATE MACRO trino.to_base(n, b) AS lower(to_base(CAST(n AS BIGINT), CAST(b AS INTEGER)));
-- text
CREATE MACRO trino.chr(n) AS chr(CAST(n AS INTEGER));
CREATE MACRO trino.codepoint(s) AS unicode(s);
CREATE MACRO trino.ends_with(s, t) AS suffix(s, t);
CREATE MACRO trino.trim(s) AS regexp_replace(s, '^\s+|\s+$', '', 'g');
CREATE MACRO trino.strpos(s, t) AS CAST(strpos(s, t) AS BIGINT);
CREATE MACRO trino.substr(s, i) AS CASE WHEN i = 0 OR (i < 0 AND -i > length(s)) THEN (CASE WHEN s IS NOT NULL THEN '' END) ELSE substring(s, CAST(i AS BIGINT)) END,
    (s, i, n) AS CASE WHEN i = 0 OR n <= 0 OR (i < 0 AND -i > length(s)) THEN (CASE WHEN s IS NOT NULL THEN '' END) ELSE substring(s, CAST(i AS BIGINT), CAST(n AS BIGINT)) END;
CREATE MACRO trino.pad_length(n) AS CASE WHEN n < 0 OR n > 1000000 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Target length must be in the range [0..1000000]') ELSE n END;
CREATE MACRO trino.pad_text(p) AS CASE WHEN p = '' THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Padding string must not be empty') ELSE p END;
CREATE MACRO trino.lpad(s, n, p) AS trino.lpad_checked(s, trino.pad_length(CAST(n AS BIGINT)), trino.pad_text(p));
CREATE MACRO trino.lpad_checked(s, n, p) AS CASE WHEN length(s) >= n THEN left(s, n) ELSE lpad(s, CAST(n AS INTEGER), p) END;
CREATE MACRO trino.rpad(s, n, p) AS trino.rpad_checked(s, trino.pad_length(CAST(n AS BIGINT)), trino.pad_text(p));
CREATE MACRO trino.rpad_checked(s, n, p) AS CASE WHEN length(s) >= n THEN left(s, n) ELSE rpad(s, CAST(n AS INTEGER), p) END;
CREATE MACRO trino.split(s, d) AS string_split(s, d),
    (s, d, n) AS CASE WHEN len(string_split(s, d)) <= n THEN string_split(s, d) ELSE list_append(string_split(s, d)[1:CAST(n - 1 AS BIGINT)], array_to_string(string_split(s, d)[CAST(n AS BIGINT):], d)) END;
CREATE MACRO trino.split_part(s, d, i) AS CASE WHEN i < 1 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Index must be greater than zero') ELSE string_split(s, d)[CAST(i AS BIGINT)] END;
CREATE MACRO trino.split_to_map(s, d, k) AS map_from_entries(list_transform(string_split(s, d), lambda e: {'k': string_split(e, k)[1], 'v': string_split(e, k)[2]}));
CREATE MACRO trino.levenshtein_distance(a, b) AS CAST(levenshtein(a, b) AS BIGINT);
CREATE MACRO trino.hamming_distance(a, b) AS CAST(hamming(a, b) AS BIGINT);
CREATE MACRO trino.regexp_like(s, p) AS regexp_matches(s, p);
CREATE MACRO trino.regexp_extract(s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END,
    (s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, CAST(g AS INTEGER)) END;
CREATE MACRO trino.regexp_extract_all(s, p) AS regexp_extract_all(s, p), (s, p, g) AS regexp_extract_all(s, p, CAST(g AS INTEGER));
CREATE MACRO trino.regexp_replace(s, p) AS regexp_replace(s, p, '', 'g'), (s, p, r) AS regexp_replace(s, p, r, 'g');
CREATE MACRO trino.regexp_split(s, p) AS regexp_split_to_array(s, p);
CREATE MACRO trino.regexp_count(s, p) AS CAST(len(regexp_extract_all(s, p)) AS BIGINT);
CREATE MACRO trino.regexp_position(s, p) AS CASE WHEN s IS NULL OR p IS NULL THEN NULL WHEN regexp_matches(s, p) THEN CAST(strpos(s, regexp_extract(s, p)) AS INTEGER) ELSE -1 END;
CREATE MACRO trino.url_extract_protocol(u) AS nullif(regexp_extract(u, '^([A-Za-z][A-Za-z0-9+.-]*):', 1), '');
CREATE MACRO trino.url_extract_host(u) AS nullif(regexp_extract(u, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/:?#]*)', 1), '');
CREATE MACRO trino.url_extract_port(u) AS TRY_CAST(nullif(regexp_extract(u, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?[^/:?#]*:(\d+)', 1), '') AS BIGINT);
CREATE MACRO trino.url_extract_path(u) AS regexp_extract(u, '^(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)', 1);
CREATE MACRO trino.url_extract_query(u) AS nullif(regexp_extract(u, '^[^?#]*\?([^#]*)', 1), '');
CREATE MACRO trino.url_extract_fragment(u) AS nullif(regexp_extract(u, '#(.*)$', 1), '');
CREATE MACRO trino.url_extract_parameter(u, n) AS trino.url_parameter(list_filter(string_split(regexp_extract(u, '^[^?#]*\?([^#]*)', 1), '&'), lambda p: string_split(p, '=')[1] = n)[1]);
CREATE MACRO trino.url_parameter(p) AS url_decode(replace(CASE WHEN contains(p, '=') THEN substring(p, strpos(p, '=') + 1) WHEN p IS NOT NULL THEN '' END, '+', ' '));
CREATE MACRO trino.url_encode(s) AS replace(url_encode(s), '%20', '+');
CREATE MACRO trino.url_decode(s) AS url_decode(replace(s, '+', ' '));
CREATE MACRO trino.to_utf8(s) AS encode(s);
CREATE MACRO trino.from_utf8(b) AS decode(b);
CREATE MACRO trino.to_hex(b) AS hex(b);
CREATE MACRO trino.from_hex(s) AS unhex(s);
CREATE MACRO trino.to_base64(b) AS base64(b);
CREATE MACRO trino.from_base64(s) AS from_base64(s);
CREATE MACRO trino.md5(b) AS unhex(md5(b));
CREATE MACRO trino.sha1(b) AS unhex(sha1(b));
CREATE MACRO trino.sha256(b) AS unhex(sha256(b));
-- JSON
CREATE MACRO trino.json_parse(s) AS CASE WHEN s IS NULL THEN NULL WHEN json_valid(s) THEN json(s)
    ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Cannot convert value to JSON: ''' || s || '''') END;
CREATE MACRO trino.json_format(j) AS CAST(j AS VARCHAR);
CREATE MACRO trino.json_extract(j, p) AS json_extract(CASE WHEN json_valid(j) THEN CAST(j AS JSON) END, p);
CREATE MACRO trino.json_extract_scalar(j, p) AS trino.json_scalar(json_extract(CASE WHEN json_valid(j) THEN CAST(j AS JSON) END, p));
CREATE MACRO trino.json_scalar(j) AS CASE WHEN j IS NULL OR json_type(j) IN ('OBJECT', 'ARRAY', 'NULL') THEN NULL ELSE json_extract_string(j, '$') END;
CREATE MACRO trino.json_size(j, p) AS trino.json_length(json_extract(CASE WHEN json_valid(j) THEN CAST(j AS JSON) END, p));
CREATE MACRO trino.json_length(j) AS CAST(CASE json_type(j) WHEN 'ARRAY' THEN json_array_length(j) WHEN 'OBJECT' THEN len(json_keys(j)) ELSE (CASE WHEN j IS NOT NULL THEN 0 END) END AS BIGINT);
CREATE MACRO trino.json_array_length(j) AS CASE WHEN json_valid(j) AND json_type(j) = 'ARRAY' THEN CAST(json_array_length(j) AS BIGINT) END;
CREATE MACRO trino.json_array_contains(j, v) AS CASE WHEN json_valid(j) AND json_type(j) = 'ARRAY' THEN list_contains(list_transform(json_extract(j, '$[*]'), lambda e: CAST(e AS VARCHAR)), CAST(to_json(v) AS VARCHAR)) END;
CREATE MACRO trino.json_array_get(j, i) AS CASE WHEN json_valid(j) THEN json_extract(j, CAST(i AS BIGINT)) END;
CREATE MACRO trino.is_json_scalar(j) AS CASE WHEN j IS NOT NULL THEN json_type(j) NOT IN ('OBJECT', 'ARRAY') END;
-- dates and times
CREATE MACRO trino.now() AS date_trunc('millisecond', now());
CREATE MACRO trino.current_timezone() AS 'UTC';
CREATE MACRO trino.date(x) AS CAST(x AS DATE);
CREATE MACRO trino.text_date(s) AS trino.text_to_date(s);
CREATE MACRO trino.unit(u) AS CASE WHEN lower(u) IN ('millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year') THEN lower(u)
    ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', '''' || u || ''' is not a valid Timestamp field') END;
CREATE MACRO trino.date_trunc(u, d) AS date_trunc(trino.unit(u), d);
CREATE MACRO trino.day_trunc(u, d) AS CAST(date_trunc(trino.unit(u), d) AS DATE);
CREATE MACRO trino.span(u, n) AS CASE lower(u) WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'second' THEN to_seconds(n) WHEN 'minute' THEN to_minutes(CAST(n AS BIGINT))
    WHEN 'hour' THEN to_hours(CAST(n AS BIGINT)) WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'week' THEN to_days(CAST(n * 7 AS INTEGER)) WHEN 'month' THEN to_months(CAST(n AS INTEGER))
    WHEN 'quarter' THEN to_months(CAST(n * 3 AS INTEGER)) WHEN 'year' THEN to_years(CAST(n AS INTEGER))
    ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', '''' || u || ''' is not a valid Timestamp field') END;
CREATE MACRO trino.date_add(u, n, d) AS d + trino.span(u, n);
CREATE MACRO trino.day_add(u, n, d) AS CAST(d + trino.span(u, n) AS DATE);
CREATE MACRO trino.date_diff(u, a, b) AS date_sub(trino.unit(u), a, b);
CREATE MACRO trino.year(d) AS CAST(year(d) AS BIGINT);
CREATE MACRO trino.quarter(d) AS CAST(quarter(d) AS BIGINT);
CREATE MACRO trino.month(d) AS CAST(month(d) AS BIGINT);
CREATE MACRO trino.week(d) AS CAST(week(d) AS BIGINT);
CREATE MACRO trino.day(d) AS CAST(day(d) AS BIGINT);
CREATE MACRO trino.hour(d) AS CAST(hour(d) AS BIGINT);
CREATE MACRO trino.minute(d) AS CAST(minute(d) AS BIGINT);
CREATE MACRO trino.second(d) AS CAST(second(d) AS BIGINT);
CREATE MACRO trino.millisecond(d) AS CAST(millisecond(d) % 1000 AS BIGINT);
CREATE MACRO trino.day_of_week(d) AS CAST(isodow(d) AS BIGINT);
CREATE MACRO trino.day_of_year(d) AS CAST(dayofyear(d) AS BIGINT);
CREATE MACRO trino.year_of_week(d) AS CAST(isoyear(d) AS BIGINT);
CREATE MACRO trino.last_day_of_month(d) AS last_day(d);
CREATE MACRO trino.date_format(d, f) AS strftime(d, f);
CREATE MACRO trino.format_datetime(d, f) AS strftime(d, f);
CREATE MACRO trino.date_parse(s, f) AS CASE WHEN s IS NULL OR try_strptime(s, f) IS NOT NULL THEN CAST(strptime(s, f) AS TIMESTAMP)
    ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Invalid format: "' || s || '"') END;
CREATE MACRO trino.parse_datetime(s, f) AS timezone('UTC', CAST(trino.date_parse(s, f) AS TIMESTAMP));
CREATE MACRO trino.from_iso8601_timestamp(s) AS CASE WHEN s IS NULL OR (regexp_full_match(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]*(Z|[+-][0-9]{2}(:?[0-9]{2})?)?)?') AND TRY_CAST(trino.iso_zone(s) AS TIMESTAMPTZ) IS NOT NULL) THEN date_trunc('millisecond', CAST(trino.iso_zone(s) AS TIMESTAMPTZ))
    ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Invalid format: "' || s || '"') END;
CREATE MACRO trino.iso_zone(s) AS CASE WHEN regexp_matches(s, '[+-][0-9]{4}$') AND contains(s, 'T') THEN regexp_replace(s, '([0-9]{2})$', ':\1') ELSE s END;
CREATE MACRO trino.from_iso8601_date(s) AS CASE WHEN s IS NULL OR (regexp_full_match(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}') AND TRY_CAST(s AS DATE) IS NOT NULL) THEN CAST(s AS DATE)
    ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Invalid format: "' || s || '"') END;
CREATE MACRO trino.to_iso8601(d) AS strftime(d, '%Y-%m-%dT%H:%M:%S.%g');
CREATE MACRO trino.date_to_iso8601(d) AS CAST(d AS VARCHAR);
CREATE MACRO trino.from_unixtime(x) AS to_timestamp(CAST(x AS DOUBLE)), (x, z) AS to_timestamp(CAST(x AS DOUBLE));
CREATE MACRO trino.to_unixtime(d) AS CAST(epoch(d) AS DOUBLE);
CREATE MACRO trino.to_milliseconds(i) AS CAST(epoch(i) * 1000 AS BIGINT);
CREATE MACRO trino.zoned_from_text(s) AS CAST(regexp_replace(s, ' ([+-]\d\d:\d\d)$', '\1') AS TIMESTAMPTZ);
