-- Trino's functions as macros of DuckDB; macros.py makes each when it is first used.
-- text of values
CREATE MACRO trino.java_double(x) AS CASE
    WHEN x = 0 OR (abs(x) >= 1e-3 AND abs(x) < 1e7) THEN CAST(x AS VARCHAR)
    ELSE trino.scientific(x) END;
CREATE MACRO trino.e_text(t) AS
    regexp_replace(rtrim(split_part(t, 'e', 1), '0'), '\.$', '.0') || 'E' || CAST(CAST(split_part(t, 'e', 2) AS INTEGER) AS VARCHAR);
CREATE MACRO trino.java_real(x) AS CASE
    WHEN x IS NULL OR isnan(x) OR isinf(x) OR abs(x) < 1e7 THEN trino.java_double(x)
    -- DuckDB writes such numbers with all digits before the point, also those that say nothing.
    WHEN CAST(printf('%.6e', x) AS FLOAT) = x THEN trino.e_text(printf('%.6e', x))
    WHEN CAST(printf('%.7e', x) AS FLOAT) = x THEN trino.e_text(printf('%.7e', x))
    ELSE trino.e_text(printf('%.8e', x)) END;
CREATE MACRO trino.real_scientific(x) AS CASE
    WHEN x IS NULL OR isnan(x) OR isinf(x) OR x = 0 THEN trino.scientific(x)
    ELSE trino.e_text(printf('%.6e', x)) END;
-- Functions that look for characters, for patterns take several times as long to plan and to run.
CREATE MACRO trino.scientific(x) AS CASE
    WHEN isfinite(x) THEN (CASE WHEN x < 0 OR CAST(x AS VARCHAR) = '-0.0' THEN '-' ELSE '' END) || trino.scientific_text(CAST(abs(x) AS VARCHAR))
    WHEN isnan(x) THEN 'NaN' WHEN x > 0 THEN 'Infinity' WHEN x < 0 THEN '-Infinity' END;
CREATE MACRO trino.scientific_text(t) AS CASE
    WHEN contains(t, 'e') THEN (CASE WHEN contains(t, '.') THEN split_part(t, 'e', 1) WHEN t = '5e-324' THEN '4.9' ELSE split_part(t, 'e', 1) || '.0' END)
        || 'E' || CAST(split_part(t, 'e', 2) AS INTEGER)
    WHEN t = '0.0' THEN '0E0'
    ELSE trino.scientific_digits(trim(replace(t, '.', ''), '0'))
        || 'E' || (CASE WHEN t < '1' THEN length(ltrim(replace(t, '.', ''), '0')) - length(t) + 1 ELSE strpos(t, '.') - 2 END) END;
CREATE MACRO trino.scientific_digits(d) AS left(d, 1) || '.' || greatest(substring(d, 2), '0');
CREATE MACRO trino.timestamp_text(x, p) AS trino.signed_year(x, left(strftime(x, '%Y-%m-%d %H:%M:%S.%f'), CASE WHEN p = 0 THEN -7 WHEN p < 6 THEN p - 6 ELSE 99 END));
CREATE MACRO trino.signed_year(x, t) AS CASE WHEN x >= TIMESTAMP '10000-01-01' THEN '+' || t WHEN x < TIMESTAMP '0001-01-01 (BC)' THEN '-' || trino.year_text(-year(x)) || substr(t, 1 + length(CAST(year(x) AS VARCHAR))) ELSE t END;
CREATE MACRO trino.time_text(x, p) AS left(strftime(CAST('1970-01-01' AS DATE) + x, '%H:%M:%S.%f'), CASE WHEN p = 0 THEN 8 ELSE 9 + p END);
CREATE MACRO trino.rounded_time(x, unit) AS make_timestamp(CAST(floor(epoch_us(x) / unit + 0.5) * unit AS BIGINT));
CREATE MACRO trino.rounded_instant(x, unit) AS make_timestamptz(epoch_us(trino.rounded_time(x, unit)));
CREATE MACRO trino.rounded_clock(x, unit) AS CAST(trino.rounded_time(CAST('1970-01-01' AS DATE) + x, unit) AS TIME);
CREATE MACRO trino.double_digits(x) AS CASE WHEN isnan(x) OR isinf(x) THEN trino.refuse('INVALID_CAST_ARGUMENT', 'Cannot cast DOUBLE ''' || trino.java_double(x) || ''' to DECIMAL') ELSE CAST(x AS VARCHAR) END;
CREATE MACRO trino.joined_keys(a, b) AS list_concat(map_keys(a), list_filter(map_keys(b), lambda k__: NOT list_contains(map_keys(a), k__)));
CREATE MACRO trino.interval_months(x) AS CAST(datepart('year', x) * 12 + datepart('month', x) AS BIGINT);
CREATE MACRO trino.interval_milliseconds(x) AS CAST(datepart('day', x) * 86400000 + datepart('hour', x) * 3600000 + datepart('minute', x) * 60000 + datepart('millisecond', x) AS BIGINT);
CREATE MACRO trino.interval_factor(x, word) AS CASE WHEN isnan(x) OR (x = 0 AND word = 'divide') THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Cannot ' || word || ' by double ' || trino.java_double(x)) ELSE x END;
CREATE MACRO trino.months_interval(n) AS to_months(CAST(trunc(n) AS INTEGER));
CREATE MACRO trino.milliseconds_interval(n) AS to_milliseconds(CAST(trunc(n) AS BIGINT));
CREATE MACRO trino.time_between(a, b) AS to_milliseconds(trino.rounded_milliseconds(date_diff('microsecond', b, a)));
CREATE MACRO trino.rounded_milliseconds(n) AS CASE WHEN n < 0 THEN (n - 499) // 1000 ELSE (n + 500) // 1000 END;
CREATE MACRO trino.whole_days(i) AS CASE WHEN trino.interval_milliseconds(i) % 86400000 <> 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Cannot add hour, minutes or seconds to a date') ELSE to_days(CAST(trino.interval_milliseconds(i) // 86400000 AS INTEGER)) END;
CREATE MACRO trino.months_text(x) AS trino.months_text_of(trino.interval_months(x));
CREATE MACRO trino.months_text_of(n) AS (CASE WHEN n < 0 THEN '-' ELSE '' END) || (abs(n) // 12) || '-' || (abs(n) % 12);
CREATE MACRO trino.interval_text(x) AS trino.day_interval_text(trino.interval_milliseconds(x));
CREATE MACRO trino.day_interval_text(ms) AS
    (CASE WHEN ms < 0 THEN '-' ELSE '' END) || (abs(ms) // 86400000) || ' ' || lpad(CAST(abs(ms) // 3600000 % 24 AS VARCHAR), 2, '0') || ':'
    || lpad(CAST(abs(ms) // 60000 % 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(ms) // 1000 % 60 AS VARCHAR), 2, '0') || '.' || lpad(CAST(abs(ms) % 1000 AS VARCHAR), 3, '0');
-- casts
-- A cast that fails, and whose error holds the words: to DuckDB error() is volatile, so no filter goes past an expression that
-- may refuse, no window orders by one, and TRY takes none. The CASE has no type of its own, as error() has none.
CREATE MACRO trino.refuse(name, message) AS CASE WHEN CAST(name || ': ' || message AS BOOLEAN) THEN NULL END;
-- whether a NULL stands in one of two arrays before the first elements that differ
CREATE MACRO trino.arrays_are_open(a, b) AS list_any_value(list_transform(list_zip(a, b, true), lambda p__: CASE WHEN p__[1] IS NULL OR p__[2] IS NULL THEN true WHEN p__[1] <> p__[2] THEN false END));
CREATE MACRO trino.date_text(d) AS CASE WHEN d < DATE '0001-01-01' THEN trino.old_date_text(d) ELSE CAST(d AS VARCHAR) END;
CREATE MACRO trino.text_to_integer(s, kind) AS CASE WHEN s IS NULL OR regexp_full_match(s, '[+-]?[0-9]+') THEN s
    ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || s || ''' to ' || replace(kind, 'INTEGER', 'INT')) END;
CREATE MACRO trino.text_to_double(s) AS CASE WHEN regexp_full_match(s, '-?[0-9]+(\.[0-9]+)?') THEN s
    WHEN s IS NULL OR regexp_full_match(trim(s), '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[dDfF]?|[+-]?(Infinity|NaN)') THEN replace(replace(rtrim(trim(s), 'dDfF'), '+N', 'N'), '-N', 'N')
    ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || s || ''' to DOUBLE') END;
CREATE MACRO trino.text_to_decimal(s, kind) AS CASE WHEN s IS NULL OR regexp_full_match(s, '[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?') THEN s
    ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Cannot cast VARCHAR ''' || s || ''' to ' || kind || '. Value is not a number.') END;
CREATE MACRO trino.text_to_boolean(s) AS CASE lower(s) WHEN 'true' THEN true WHEN 't' THEN true WHEN '1' THEN true WHEN 'false' THEN false WHEN 'f' THEN false WHEN '0' THEN false
    ELSE (CASE WHEN s IS NULL THEN NULL ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || s || ''' to BOOLEAN') END) END;
CREATE MACRO trino.date_digits(s) AS ltrim(regexp_extract(s, '^\s*(\+?[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|-?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2})\s*$', 1), '+');
CREATE MACRO trino.text_to_date(s) AS CASE WHEN s IS NULL OR TRY_CAST(trino.date_digits(s) AS DATE) IS NOT NULL THEN CAST(trino.date_digits(s) AS DATE)
    ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Value cannot be cast to date: ' || s) END;
CREATE MACRO trino.text_to_timestamp(s) AS CASE WHEN regexp_full_match(s, '[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,3})?)?') THEN s
    WHEN s IS NULL OR regexp_full_match(trim(s), '[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}(\.[0-9]+)?)?( ?[+-](0?[0-9]|1[0-4])(:?[0-9]{2})?| [A-Za-z]+(/[A-Za-z_]+)*([+-][0-9]{1,2})?)?)?') THEN trino.padded_time(regexp_extract(trim(s), '^[0-9]+-[0-9]+-[0-9]+( [0-9:.]+)?'))
    ELSE trino.refuse('INVALID_CAST_ARGUMENT', 'Value cannot be cast to timestamp: ' || s) END;
CREATE MACRO trino.text_to_time(s) AS CASE WHEN regexp_matches(s, '^\s*24:') THEN trino.refuse('INVALID_CAST_ARGUMENT', 'Value cannot be cast to time: ' || s) ELSE s END;
CREATE MACRO trino.padded_time(s) AS CASE WHEN regexp_full_match(s, '.* [0-9]+:[0-9]+') THEN s || ':00' ELSE s END;
CREATE MACRO trino.double_to_integer(x, kind, low, high) AS CASE WHEN isnan(x) THEN trino.refuse(CASE WHEN kind = 'bigint' THEN 'INVALID_CAST_ARGUMENT' ELSE 'INVALID_CAST_ARGUMENT' END, 'Cannot cast NaN to ' || kind)
    WHEN NOT (trino.half_up(x) >= low AND trino.half_up(x) <= high) THEN trino.refuse(CASE WHEN kind = 'bigint' THEN 'INVALID_CAST_ARGUMENT' ELSE 'NUMERIC_VALUE_OUT_OF_RANGE' END, CASE WHEN kind = 'bigint' THEN 'Unable to cast ' || trino.java_double(x) || ' to bigint' ELSE 'Out of range for ' || kind || ': ' || trino.java_double(x) END) ELSE trino.half_up(x) END;
CREATE MACRO trino.real_to_bigint(x) AS CASE WHEN isnan(x) THEN CAST(trino.double_to_integer(x, 'bigint', 0, 0) AS BIGINT)
    WHEN x >= 9223372036854775808 THEN 9223372036854775807 WHEN x <= -9223372036854775808 THEN -9223372036854775807 - 1 ELSE CAST(trino.half_up(x) AS BIGINT) END;
CREATE MACRO trino.half_above(x) AS floor(x + 0.5);
CREATE MACRO trino.half_up(x) AS CASE WHEN isinf(x) THEN x ELSE round(x) END;
CREATE MACRO trino.text_to_address(s) AS py_text_to_address(s);
CREATE MACRO trino.bytes_to_uuid(b) AS CASE WHEN octet_length(b) <> 16 THEN trino.refuse('INVALID_CAST_ARGUMENT', 'Invalid UUID binary length: ' || octet_length(b)) ELSE CAST(hex(b) AS UUID) END;
CREATE MACRO trino.bytes_to_address(b) AS py_bytes_to_address(b);
CREATE MACRO trino.address_text(b) AS py_address_text(b);
CREATE MACRO trino.network_contains(network, b) AS py_network_contains(network, b);
-- containers
CREATE MACRO trino.array_subscript(a, i) AS CASE
    WHEN a IS NULL OR i IS NULL THEN NULL
    WHEN i = 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1')
    WHEN i < 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Array subscript is negative: ' || i)
    WHEN i > len(a) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Array subscript must be less than or equal to array length: ' || i || ' > ' || len(a))
    ELSE a[i] END;
CREATE MACRO trino.map_subscript(m, k) AS CASE
    WHEN m IS NULL OR k IS NULL OR map_contains(m, k) THEN m[k]
    ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Key not present in map: ' || CAST(k AS VARCHAR)) END;
CREATE MACRO trino.map_subscript_double(m, k) AS CASE WHEN isnan(k) AND m IS NOT NULL THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Key not present in map: NaN') ELSE trino.map_subscript(m, k) END;
CREATE MACRO trino.map_element_double(m, k) AS CASE WHEN NOT isnan(k) THEN m[k] END;
CREATE MACRO trino.element_at(a, i) AS a[i];
CREATE MACRO trino.array_element_at(a, i) AS CASE WHEN i = 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1') ELSE a[i] END;
CREATE MACRO trino.cardinality(x) AS CAST(len(x) AS BIGINT);
CREATE MACRO trino.map_cardinality(m) AS CAST(len(map_keys(m)) AS BIGINT);
CREATE MACRO trino.contains(a, x) AS CASE WHEN list_contains(a, x) THEN true WHEN a IS NULL OR x IS NULL THEN NULL WHEN len(list_filter(a, lambda e__: e__ IS NULL)) > 0 THEN NULL ELSE false END;
CREATE MACRO trino.array_distinct(a) AS list_filter(a, lambda e__, i__: trino.first_place(a, e__) = i__);
CREATE MACRO trino.first_place(a, e) AS CASE WHEN e IS NULL THEN list_position(list_transform(a, lambda z__: z__ IS NULL), true) ELSE list_position(a, e) END;
CREATE MACRO trino.array_join(a, d) AS array_to_string(list_transform(list_filter(a, lambda e__: e__ IS NOT NULL), lambda e__: CAST(e__ AS VARCHAR)), d),
    (a, d, n) AS array_to_string(list_transform(a, lambda e__: coalesce(CAST(e__ AS VARCHAR), n)), d);
CREATE MACRO trino.array_sort(a) AS list_sort(a, 'ASC', 'NULLS LAST');
CREATE MACRO trino.array_max(a) AS CASE WHEN len(list_filter(a, lambda e__: e__ IS NULL)) > 0 THEN NULL ELSE list_max(a) END;
CREATE MACRO trino.array_min(a) AS CASE WHEN len(list_filter(a, lambda e__: e__ IS NULL)) > 0 THEN NULL ELSE list_min(a) END;
CREATE MACRO trino.array_sum(a) AS list_sum(a);
CREATE MACRO trino.array_average(a) AS list_avg(a);
CREATE MACRO trino.array_position(a, x) AS CASE WHEN a IS NULL OR x IS NULL THEN NULL ELSE CAST(coalesce(list_position(a, x), 0) AS BIGINT) END;
CREATE MACRO trino.array_remove(a, x) AS CASE WHEN a IS NOT NULL AND x IS NOT NULL THEN list_filter(a, lambda e__: e__ IS DISTINCT FROM x) END;
CREATE MACRO trino.array_union(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN trino.array_distinct(list_concat(a, b)) END;
CREATE MACRO trino.contains_double(a, x) AS CASE WHEN isnan(x) THEN CASE WHEN len(list_filter(a, lambda e__: e__ IS NULL)) = 0 THEN false END ELSE trino.contains(a, x) END;
CREATE MACRO trino.array_position_double(a, x) AS CASE WHEN isnan(x) THEN CASE WHEN a IS NOT NULL THEN 0 END ELSE trino.array_position(a, x) END;
CREATE MACRO trino.array_remove_double(a, x) AS CASE WHEN isnan(x) THEN a ELSE trino.array_remove(a, x) END;
CREATE MACRO trino.in_list(b, e) AS CASE WHEN e IS NULL THEN list_contains(list_transform(b, lambda z__: z__ IS NULL), true) ELSE list_contains(b, e) END;
CREATE MACRO trino.array_intersect(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN trino.array_distinct(list_filter(a, lambda e__: trino.in_list(b, e__))) END;
CREATE MACRO trino.array_except(a, b) AS CASE WHEN len(b) = 0 THEN a WHEN a IS NOT NULL AND b IS NOT NULL THEN trino.array_distinct(list_filter(a, lambda e__: NOT trino.in_list(b, e__))) END;
CREATE MACRO trino.arrays_overlap(a, b) AS CASE WHEN len(a) = 0 OR len(b) = 0 THEN (CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN false END) WHEN list_has_any(a, b) THEN true WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(list_filter(list_concat(a, b), lambda e__: e__ IS NULL)) > 0 THEN NULL ELSE false END;
CREATE MACRO trino.slice(a, s, n) AS CASE
    WHEN s = 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'SQL array indices start at 1')
    WHEN n < 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'length must be greater than or equal to 0')
    WHEN s < 0 AND -s > len(a) THEN a[1:0]
    ELSE a[(CASE WHEN s > 0 THEN s ELSE len(a) + s + 1 END):((CASE WHEN s > 0 THEN s ELSE len(a) + s + 1 END) + n - 1)] END;
CREATE MACRO trino.flatten(a) AS flatten(a);
CREATE MACRO trino.repeat(x, n) AS list_transform(range(trino.repeat_count(CAST(n AS BIGINT))), lambda i__: x);
CREATE MACRO trino.repeat_count(n) AS CASE
    WHEN n < 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'count argument of repeat function must be greater than or equal to 0')
    WHEN n > 10000 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'count argument of repeat function must be less than or equal to 10000')
    ELSE n END;
CREATE MACRO trino.reverse(x) AS reverse(x);
CREATE MACRO trino.array_reverse(x) AS list_reverse(x);
CREATE MACRO trino.ngrams(a, n) AS CASE WHEN n <= 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'N must be positive') WHEN len(a) <= n THEN [a] ELSE list_transform(range(1, len(a) - n + 2), lambda i__: a[i__:(i__ + n - 1)]) END;
CREATE MACRO trino.sequence(a, b) AS trino.checked_sequence(CAST(a AS BIGINT), CAST(b AS BIGINT), CAST(CASE WHEN a <= b THEN 1 ELSE -1 END AS BIGINT)),
    (a, b, s) AS trino.checked_sequence(CAST(a AS BIGINT), CAST(b AS BIGINT), CAST(s AS BIGINT));
CREATE MACRO trino.checked_sequence(a, b, s) AS generate_series(a, trino.sequence_end(a, b, s), s);
CREATE MACRO trino.sequence_end(a, b, s) AS CASE
    WHEN s = 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'step must not be zero')
    WHEN (s > 0 AND b < a) OR (s < 0 AND b > a) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start')
    WHEN abs(CAST(b AS HUGEINT) - CAST(a AS HUGEINT)) // abs(CAST(s AS HUGEINT)) >= 10000 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'result of sequence function must not have more than 10000 entries')
    ELSE b END;
CREATE MACRO trino.sequence_count(n) AS CASE WHEN n > 10000 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'result of sequence function must not have more than 10000 entries') ELSE n <= 10000 END;
CREATE MACRO trino.date_sequence(a, b) AS list_transform(generate_series(CAST(a AS TIMESTAMP), CASE WHEN trino.sequence_count(abs(b - a) + 1) THEN CAST(b AS TIMESTAMP) END, CASE WHEN a <= b THEN INTERVAL 1 DAY ELSE INTERVAL (-1) DAY END), lambda d__: CAST(d__ AS DATE)),
    (a, b, s) AS list_transform(trino.time_sequence(CAST(a AS TIMESTAMP), CAST(b AS TIMESTAMP), s), lambda d__: CAST(d__ AS DATE));
CREATE MACRO trino.time_sequence(a, b, s) AS CASE WHEN trino.interval_months(s) = 0 AND trino.interval_milliseconds(s) = 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'interval must not be zero')
    WHEN (a + s > a AND b < a) OR (a + s < a AND b > a) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start')
    WHEN trino.interval_months(s) = 0 THEN CASE WHEN trino.sequence_count(abs(epoch_ms(b) - epoch_ms(a)) // abs(trino.interval_milliseconds(s)) + 1) THEN generate_series(a, b, s) END
    WHEN trino.sequence_count(abs(date_diff('month', a, b)) // abs(trino.interval_months(s)) + 1) THEN list_filter(list_transform(range(0, CAST(abs(date_diff('month', a, b)) // abs(trino.interval_months(s)) + 1 AS BIGINT)), lambda i__: a + to_months(CAST(i__ * trino.interval_months(s) AS INTEGER))), lambda d__: CASE WHEN trino.interval_months(s) > 0 THEN d__ <= b ELSE d__ >= b END) END;
CREATE MACRO trino.map() AS MAP {}, (k, v) AS map(k, v);
CREATE MACRO trino.map_keys(m) AS map_keys(m);
CREATE MACRO trino.map_values(m) AS map_values(m);
CREATE MACRO trino.map_entries(m) AS list_transform(map_entries(m), lambda e__: {'field0': e__.key, 'field1': e__.value});
CREATE MACRO trino.map_from_entries(a) AS map_from_entries(trino.known_entries(a));
CREATE MACRO trino.known_entries(a) AS CASE WHEN len(list_filter(a, lambda e__: e__ IS NULL)) > 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'map entry cannot be null') ELSE a END;
-- Of keys that all differ the entries are the map: to look for each among all takes time by their square.
CREATE MACRO trino.map_agg_entries(l) AS CASE len(list_distinct(list_transform(l, lambda z__: z__.k))) WHEN 0 THEN NULL WHEN len(l) THEN map_from_entries(l)
    ELSE map_from_entries(list_filter(l, lambda e__, i__: e__.k IS NOT NULL AND list_position(list_transform(l, lambda z__: z__.k), e__.k) = i__)) END;
CREATE MACRO trino.members(l) AS list_transform(l, lambda e__: e__.v);
CREATE MACRO trino.most_frequent(h, n) AS map_from_entries(list_transform(list_sort(list_transform(map_entries(h), lambda e__: {'c': -CAST(e__.value AS BIGINT), 'k': e__.key}))[1:CASE WHEN n > 1 THEN n ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', 'approx_most_frequent bucket count must be greater than one') END], lambda e__: {'k': e__.k, 'v': -e__.c}));
CREATE MACRO trino.most_numbers(l, others, n) AS CASE WHEN l IS NOT NULL OR len(list_filter(others, lambda e__: e__ IS NOT NULL)) > 0 THEN list_concat(coalesce(l, []), list_filter(others, lambda e__: e__ IS NOT NULL))[1:n] END;
-- numbers
CREATE MACRO trino.mod(a, b) AS a % b;
CREATE MACRO trino.e() AS CAST(2.718281828459045 AS DOUBLE);
CREATE MACRO trino.infinity() AS CAST('Infinity' AS DOUBLE);
CREATE MACRO trino.nan() AS CAST('NaN' AS DOUBLE);
CREATE MACRO trino.log(b, x) AS ln(x) / ln(b);
CREATE MACRO trino.rand() AS random(), (n) AS CASE WHEN n <= 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'bound must be positive') ELSE CAST(floor(random() * n) AS BIGINT) END,
    (m, n) AS CASE WHEN m >= n THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'start value must be less than stop value') ELSE CAST(m + floor(random() * (CAST(n AS DOUBLE) - m)) AS BIGINT) END;
CREATE MACRO trino.round(x) AS round(x), (x, n) AS round(x, CAST(n AS INTEGER));
-- As Java reckons it, where DuckDB rounds the decimal digits: 4.35 to one digit is 4.4.
CREATE MACRO trino.round_double(x, n) AS CASE WHEN n <= -324 AND isfinite(x) THEN CAST('NaN' AS DOUBLE)
    WHEN isfinite(x * pow(10, n)) THEN round(x * pow(10, n)) / pow(10, n) WHEN n IS NOT NULL THEN x END;
CREATE MACRO trino.round_integer(x, n) AS CASE WHEN n >= 0 THEN x WHEN n < -18 THEN trino.refuse('NUMERIC_VALUE_OUT_OF_RANGE', 'numerical overflow: ' || x)
    ELSE trino.rounded_integer(CAST(x AS HUGEINT), CAST(pow(10, -n) AS HUGEINT), x) END;
CREATE MACRO trino.rounded_integer(x, unit, given) AS CASE WHEN abs((x + sign(x) * (unit // 2)) // unit * unit) > 9223372036854775807 THEN trino.refuse('NUMERIC_VALUE_OUT_OF_RANGE', 'numerical overflow: ' || given)
    ELSE (x + sign(x) * (unit // 2)) // unit * unit END;
CREATE MACRO trino.fitting_integer(x, kind, low, high) AS CASE WHEN x < low OR x > high THEN trino.refuse('NUMERIC_VALUE_OUT_OF_RANGE', 'Out of range for ' || kind || ': ' || x) ELSE x END;
CREATE MACRO trino.truncate(x) AS trunc(x), (x, n) AS trunc(x * pow(10, n)) / pow(10, n);
CREATE MACRO trino.sign(x) AS CASE WHEN isnan(CAST(x AS DOUBLE)) THEN x WHEN x > 0 THEN 1 WHEN x < 0 THEN -1 WHEN x = 0 THEN 0 END;
CREATE MACRO trino.cosh(x) AS cosh(x);
CREATE MACRO trino.sinh(x) AS sinh(x);
CREATE MACRO trino.tanh(x) AS tanh(x);
CREATE MACRO trino.bitwise_and(a, b) AS CAST(a AS BIGINT) & CAST(b AS BIGINT);
CREATE MACRO trino.bitwise_or(a, b) AS CAST(a AS BIGINT) | CAST(b AS BIGINT);
CREATE MACRO trino.bitwise_xor(a, b) AS xor(CAST(a AS BIGINT), CAST(b AS BIGINT));
CREATE MACRO trino.bitwise_not(a) AS ~CAST(a AS BIGINT);
CREATE MACRO trino.bitwise_left_shift(a, n) AS trino.wrapped(CAST(a AS HUGEINT) * CASE WHEN n >= 64 THEN 0 ELSE CAST(pow(2, n) AS HUGEINT) END);
CREATE MACRO trino.wrapped(x) AS CAST(CASE WHEN x & 18446744073709551615 >= 9223372036854775808 THEN (x & 18446744073709551615) - 18446744073709551616 ELSE x & 18446744073709551615 END AS BIGINT);
CREATE MACRO trino.bitwise_right_shift(a, n) AS trino.wrapped((CAST(a AS HUGEINT) & 18446744073709551615) // CASE WHEN n >= 64 THEN 18446744073709551616 ELSE CAST(pow(2, n) AS HUGEINT) END);
CREATE MACRO trino.bit_count(x, bits) AS CASE WHEN bits <= 1 OR bits > 64 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Bits specified in bit_count must be between 2 and 64, got ' || bits)
    WHEN bits < 64 AND (x > CAST(pow(2, bits - 1) AS BIGINT) - 1 OR x < -CAST(pow(2, bits - 1) AS BIGINT)) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Number must be representable with the bits specified. ' || x || ' can not be represented with ' || bits || ' bits')
    ELSE CAST(CASE WHEN bits = 64 THEN bit_count(CAST(x AS BIGINT)) ELSE bit_count(CAST(x AS BIGINT) & (CAST(pow(2, bits) AS BIGINT) - 1)) END AS BIGINT) END;
CREATE MACRO trino.width_bucket(x, bins) AS py_width_bucket_of(CAST(x AS DOUBLE), CAST(bins AS DOUBLE[])), (x, low, high, n) AS CASE WHEN n <= 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'bucketCount must be greater than 0')
    WHEN isnan(x) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'operand must not be NaN')
    WHEN isnan(CAST(low AS DOUBLE)) OR isinf(CAST(low AS DOUBLE)) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'first bound must be finite')
    WHEN isnan(CAST(high AS DOUBLE)) OR isinf(CAST(high AS DOUBLE)) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'second bound must be finite')
    WHEN low = high THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'bounds cannot equal each other')
    WHEN low > high THEN trino.bucket(low - x, low - high, n) ELSE trino.bucket(x - low, high - low, n) END;
CREATE MACRO trino.bucket(distance, width, n) AS CAST(CASE WHEN distance < 0 THEN 0 WHEN distance >= width THEN n + 1 ELSE floor(n * distance / width) + 1 END AS BIGINT);
CREATE MACRO trino.from_base(a, b) AS py_from_base(CAST(a AS VARCHAR), CAST(b AS BIGINT));
CREATE MACRO trino.to_base(a, b) AS py_to_base(CAST(a AS BIGINT), CAST(b AS BIGINT));
CREATE MACRO trino.unscaled(x) AS CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT);
-- a lambda, so that an argument stands there once: nested quotients would grow beyond measure
CREATE MACRO trino.decimal_quotient(a, b) AS list_transform([[a, b]], lambda q__: CASE WHEN q__[2] = 0 THEN trino.refuse('DIVISION_BY_ZERO', 'Division by zero')
    ELSE (CASE WHEN (q__[1] < 0) <> (q__[2] < 0) THEN -1 ELSE 1 END) * ((abs(q__[1]) + abs(q__[2]) // 2) // abs(q__[2])) END)[1];
CREATE MACRO trino.decimal_rest(a, b) AS CASE WHEN b = 0 THEN trino.refuse('DIVISION_BY_ZERO', 'Division by zero') ELSE a % b END;
CREATE MACRO trino.arrays_equal(a, b, results) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) <> len(b) OR list_contains(results, false) THEN false WHEN len(list_filter(results, lambda r__: r__ IS NULL)) > 0 THEN NULL ELSE true END;
-- text
CREATE MACRO trino.chr(n) AS CASE WHEN n < 0 OR n > 1114111 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Not a valid Unicode code point: ' || n) ELSE chr(CAST(n AS INTEGER)) END;
CREATE MACRO trino.codepoint(s) AS CASE WHEN s = '' THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Input string must be a single character string') ELSE unicode(s) END;
CREATE MACRO trino.strpos(s, t) AS CAST(strpos(s, t) AS BIGINT), (s, t, n) AS CASE WHEN s IS NULL OR t IS NULL OR n IS NULL THEN NULL WHEN n > 0 THEN trino.nth_place(string_split(s, t), t, n) WHEN n = 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', '''instance'' must be a positive or negative number.') ELSE trino.nth_place(string_split(s, t), t, len(string_split(s, t)) + n) END;
CREATE MACRO trino.nth_place(parts, t, n) AS CASE WHEN n < 1 OR n >= len(parts) THEN CAST(0 AS BIGINT) ELSE CAST(list_sum(list_transform(parts[1:n], lambda p__: length(p__))) + (n - 1) * length(t) + 1 AS BIGINT) END;
CREATE MACRO trino.substr(s, i) AS CASE WHEN i = 0 OR (i < 0 AND -i > length(s)) THEN (CASE WHEN s IS NOT NULL THEN '' END) ELSE substring(s, CAST(i AS BIGINT)) END,
    (s, i, n) AS CASE WHEN i = 0 OR n <= 0 OR (i < 0 AND -i > length(s)) THEN (CASE WHEN s IS NOT NULL THEN '' END) ELSE substring(s, CAST(i AS BIGINT), CAST(n AS BIGINT)) END;
CREATE MACRO trino.pad_length(n) AS CASE WHEN n < 0 OR n > 1000000 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Target length must be in the range [0..1000000]') ELSE n END;
CREATE MACRO trino.pad_text(p) AS CASE WHEN p = '' THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Padding string must not be empty') ELSE p END;
CREATE MACRO trino.lpad(s, n, p) AS trino.lpad_checked(s, trino.pad_length(CAST(n AS BIGINT)), trino.pad_text(p));
CREATE MACRO trino.lpad_checked(s, n, p) AS CASE WHEN p IS NULL THEN NULL WHEN length(s) >= n THEN left(s, n) ELSE lpad(s, CAST(n AS INTEGER), p) END;
CREATE MACRO trino.rpad(s, n, p) AS trino.rpad_checked(s, trino.pad_length(CAST(n AS BIGINT)), trino.pad_text(p));
CREATE MACRO trino.rpad_checked(s, n, p) AS CASE WHEN p IS NULL THEN NULL WHEN length(s) >= n THEN left(s, n) ELSE rpad(s, CAST(n AS INTEGER), p) END;
CREATE MACRO trino.split(s, d) AS CASE WHEN d IS NOT NULL THEN trino.split_all(s, d) END,
    (s, d, n) AS CASE WHEN d IS NULL OR n IS NULL THEN NULL WHEN n <= 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Limit must be positive') WHEN n > 2147483647 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Limit is too large') WHEN len(trino.split_all(s, d)) <= n THEN trino.split_all(s, d) ELSE list_append(trino.split_all(s, d)[1:CAST(n - 1 AS BIGINT)], array_to_string(trino.split_all(s, d)[CAST(n AS BIGINT):], d)) END;
CREATE MACRO trino.split_all(s, d) AS CASE WHEN d = '' THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'The delimiter may not be the empty string') ELSE string_split(s, d) END;
CREATE MACRO trino.split_part(s, d, i) AS CASE WHEN i < 1 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Index must be greater than zero') ELSE string_split(s, d)[CAST(i AS BIGINT)] END;
CREATE MACRO trino.split_to_map(s, d, k) AS CASE WHEN s IS NULL OR d IS NULL OR k IS NULL THEN NULL
    WHEN d = '' THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'entryDelimiter is empty') WHEN k = '' THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'keyValueDelimiter is empty')
    WHEN d = k THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'entryDelimiter and keyValueDelimiter must not be the same')
    ELSE trino.split_pairs(trino.entries_of(s, d), k) END;
CREATE MACRO trino.entries_of(s, d) AS CASE WHEN s = '' THEN CAST([] AS VARCHAR[]) WHEN suffix(s, d) THEN string_split(left(s, length(s) - length(d)), d) ELSE string_split(s, d) END;
CREATE MACRO trino.split_pairs(parts, k) AS CASE WHEN len(list_filter(parts, lambda e__: strpos(e__, k) = 0 OR strpos(substring(e__, strpos(e__, k) + length(k)), k) > 0)) > 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Key-value delimiter must appear exactly once in each entry. Bad input: ' || list_filter(parts, lambda e__: strpos(e__, k) = 0 OR strpos(substring(e__, strpos(e__, k) + length(k)), k) > 0)[1])
    WHEN len(list_distinct(list_transform(parts, lambda e__: left(e__, strpos(e__, k) - 1)))) < len(parts) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Duplicate keys are not allowed')
    ELSE map_from_entries(list_transform(parts, lambda e__: {'k': left(e__, strpos(e__, k) - 1), 'v': substring(e__, strpos(e__, k) + length(k))})) END;
CREATE MACRO trino.levenshtein_distance(a, b) AS CAST(levenshtein(a, b) AS BIGINT);
CREATE MACRO trino.hamming_distance(a, b) AS CASE WHEN a = '' AND b = '' THEN CAST(0 AS BIGINT) ELSE CAST(hamming(a, b) AS BIGINT) END;
CREATE MACRO trino.regexp_like(s, p) AS regexp_matches(s, p);
-- An empty text may also mean that the group is no part of the match; Python tells.
CREATE MACRO trino.regexp_extract(s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END,
    (s, p, g) AS coalesce(nullif(regexp_extract(s, p, g), ''), CASE WHEN regexp_matches(s, p) THEN py_regexp_extract(s, p, g) END);
CREATE MACRO trino.any_regexp_extract_all(s, p) AS py_regexp_extract_all(s, p, 0), (s, p, g) AS py_regexp_extract_all(s, p, CAST(g AS BIGINT));
CREATE MACRO trino.regexp_extract_all(s, p) AS regexp_extract_all(s, p),
    (s, p, g) AS CASE WHEN list_contains(list_transform(regexp_extract_all(s, p, g), lambda e__: coalesce(e__, '')), '') THEN py_regexp_extract_all(s, p, CAST(g AS BIGINT)) ELSE regexp_extract_all(s, p, g) END;
CREATE MACRO trino.regexp_replace(s, p) AS regexp_replace(s, p, '', 'g'), (s, p, r) AS regexp_replace(s, p, r, 'g');
CREATE MACRO trino.regexp_split(s, p) AS CASE WHEN p IS NOT NULL THEN string_split_regex(s, p) END;
CREATE MACRO trino.any_regexp_split(s, p) AS py_regexp_split(s, p);
CREATE MACRO trino.regexp_count(s, p) AS CAST(len(regexp_extract_all(s, p)) AS BIGINT);
CREATE MACRO trino.any_regexp_count(s, p) AS py_regexp_count(s, p);
CREATE MACRO trino.regexp_position(s, p) AS py_regexp_position(s, p, 1, 1), (s, p, i) AS py_regexp_position(s, p, CAST(i AS INTEGER), 1), (s, p, i, n) AS py_regexp_position(s, p, CAST(i AS INTEGER), CAST(n AS INTEGER));
CREATE MACRO trino.url_extract_protocol(a) AS py_url_extract_protocol(CAST(a AS VARCHAR));
CREATE MACRO trino.is_plain_url(u) AS regexp_full_match(u, '[a-z]+://([A-Za-z0-9]+(-[A-Za-z0-9]+)*\.)*[A-Za-z][A-Za-z0-9]*(/[\w.~/-]*)?(\?[\w.-]+=[\w.~-]*(&[\w.-]+=[\w.~-]*)*)?');
CREATE MACRO trino.url_extract_host(u) AS CASE WHEN trino.is_plain_url(u) THEN regexp_extract(u, '//([^/?]*)', 1) ELSE py_url_extract_host(CAST(u AS VARCHAR)) END;
CREATE MACRO trino.url_extract_port(a) AS py_url_extract_port(CAST(a AS VARCHAR));
CREATE MACRO trino.url_extract_path(u) AS CASE WHEN trino.is_plain_url(u) THEN regexp_extract(u, '//[^/?]*([^?]*)', 1) ELSE py_url_extract_path(CAST(u AS VARCHAR)) END;
CREATE MACRO trino.url_extract_query(a) AS py_url_extract_query(CAST(a AS VARCHAR));
CREATE MACRO trino.url_extract_fragment(a) AS py_url_extract_fragment(CAST(a AS VARCHAR));
CREATE MACRO trino.url_extract_parameter(u, n) AS CASE WHEN trino.is_plain_url(u) THEN trino.parameter_by(u, '[?&]' || regexp_escape(n) || '=([^&]*)') ELSE py_url_extract_parameter(CAST(u AS VARCHAR), CAST(n AS VARCHAR)) END;
CREATE MACRO trino.parameter_by(u, p) AS CASE WHEN regexp_matches(u, p) THEN regexp_extract(u, p, 1) END;
CREATE MACRO trino.url_encode(a) AS py_url_encode(CAST(a AS VARCHAR));
CREATE MACRO trino.url_decode(a) AS py_url_decode(CAST(a AS VARCHAR));
CREATE MACRO trino.to_utf8(s) AS encode(s);
CREATE MACRO trino.from_utf8(b) AS py_from_utf8(b), (b, r) AS py_from_utf8_with(b, r);
CREATE MACRO trino.to_hex(b) AS hex(b);
CREATE MACRO trino.from_hex(a) AS py_from_hex(CAST(a AS VARCHAR));
CREATE MACRO trino.to_base64(b) AS base64(b);
CREATE MACRO trino.from_base64(a) AS py_from_base64(CAST(a AS VARCHAR));
CREATE MACRO trino.md5(b) AS unhex(md5(b));
CREATE MACRO trino.sha1(b) AS unhex(sha1(b));
CREATE MACRO trino.sha256(b) AS unhex(sha256(b));
-- JSON
CREATE MACRO trino.json_parse(s) AS CAST(py_json_parse(s) AS JSON);
CREATE MACRO trino.json_format(j) AS CAST(j AS VARCHAR);
-- JSON that DuckDB reads as Trino does; it takes more for JSON than that is.
-- Three patterns that each begin with one letter are searched for in half the time of one that begins with any of them.
CREATE MACRO trino.is_strict_json(s) AS json_valid(s) AND NOT (regexp_matches(s, ',\s*(-?(?i:nan|inf)|[}\]])')
    OR regexp_matches(s, ':\s*-?(?i:nan|inf)') OR regexp_matches(s, '\[\s*-?(?i:nan|inf)'));
CREATE MACRO trino.plain_json_extract_scalar(j, p) AS trino.json_scalar_at(CAST(j AS VARCHAR), p);
CREATE MACRO trino.json_scalar_at(s, p) AS CASE WHEN NOT trino.is_strict_json(s) THEN py_json_extract_scalar(s, p)
    WHEN json_type(s, p) IN ('VARCHAR', 'UBIGINT', 'BOOLEAN') THEN json_extract_string(s, p)
    WHEN json_type(s, p) NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN py_json_extract_scalar(s, p) END;
CREATE MACRO trino.indexed_json_extract_scalar(j, p) AS trino.json_scalar_in(CAST(j AS VARCHAR), p);
CREATE MACRO trino.json_scalar_in(s, p) AS CASE WHEN NOT trino.is_strict_json(s) THEN py_json_extract_scalar(s, p)
    WHEN json_type(s, p) IN ('VARCHAR', 'UBIGINT', 'BOOLEAN') THEN json_extract_string(s, p)
    WHEN json_type(s, p) IS NULL OR json_type(s, p) NOT IN ('OBJECT', 'ARRAY') THEN py_json_extract_scalar(s, p) END;
CREATE MACRO trino.indexed_json_extract(j, p) AS trino.json_in(CAST(j AS VARCHAR), p);
CREATE MACRO trino.json_in(s, p) AS CASE WHEN NOT trino.is_strict_json(s) OR json_type(s, p) IS NULL THEN CAST(py_json_extract(s, p) AS JSON) ELSE trino.json_at(s, p) END;
CREATE MACRO trino.plain_json_extract(j, p) AS trino.json_at(CAST(j AS VARCHAR), p);
CREATE MACRO trino.json_at(s, p) AS CASE WHEN NOT trino.is_strict_json(s) THEN CAST(py_json_extract(s, p) AS JSON)
    WHEN json_type(s, p) IN ('UBIGINT', 'BOOLEAN', 'NULL') OR NOT regexp_matches(CAST(json_extract(s, p) AS VARCHAR), '\\|[0-9][.eE]|[0-9]{18}|[\x{10000}-\x{10FFFF}]') THEN json_extract(s, p)
    WHEN json_type(s, p) IS NOT NULL THEN CAST(py_json_extract(s, p) AS JSON) END;
CREATE MACRO trino.json_extract(j, p) AS CAST(py_json_extract(CAST(j AS VARCHAR), p) AS JSON);
CREATE MACRO trino.json_extract_scalar(a, b) AS py_json_extract_scalar(CAST(a AS VARCHAR), CAST(b AS VARCHAR));
CREATE MACRO trino.json_scalar(j) AS py_json_cast(CAST(j AS VARCHAR), 'string');
CREATE MACRO trino.plain_json_size(j, p) AS trino.json_size_at(CAST(j AS VARCHAR), p);
CREATE MACRO trino.json_size_at(s, p) AS CASE WHEN NOT trino.is_strict_json(s) THEN py_json_size(s, p)
    WHEN json_type(s, p) = 'OBJECT' THEN CAST(len(json_keys(s, p)) AS BIGINT) WHEN json_type(s, p) = 'ARRAY' THEN CAST(json_array_length(s, p) AS BIGINT)
    WHEN json_type(s, p) IS NOT NULL THEN 0 END;
CREATE MACRO trino.json_size(a, b) AS py_json_size(CAST(a AS VARCHAR), CAST(b AS VARCHAR));
CREATE MACRO trino.json_array_length(j) AS trino.json_length_of(CAST(j AS VARCHAR));
CREATE MACRO trino.json_length_of(s) AS CASE WHEN NOT trino.is_strict_json(s) THEN py_json_array_length(s)
    WHEN json_type(s) = 'ARRAY' THEN CAST(json_array_length(s) AS BIGINT) END;
CREATE MACRO trino.json_array_get(j, i) AS py_json_array_get(CAST(j AS VARCHAR), CAST(i AS BIGINT));
CREATE MACRO trino.is_json_scalar(a) AS py_is_json_scalar(CAST(a AS VARCHAR));
-- dates and times
CREATE MACRO trino.now() AS date_trunc('millisecond', now());
CREATE MACRO trino.rounded_now(unit) AS make_timestamptz(CAST(round(epoch_us(now()) / unit) * unit AS BIGINT));
CREATE MACRO trino.current_timezone() AS 'UTC';
CREATE MACRO trino.date(x) AS CAST(x AS DATE);
CREATE MACRO trino.text_date(s) AS trino.text_to_date(s);
CREATE MACRO trino.unit(u) AS CASE WHEN lower(u) IN ('millisecond', 'second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year') THEN lower(u)
    ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', '''' || u || ''' is not a valid Timestamp field') END;
CREATE MACRO trino.date_trunc(u, d) AS date_trunc(trino.unit(u), d);
CREATE MACRO trino.day_trunc(u, d) AS CAST(date_trunc(trino.day_field(u), d) AS DATE);
CREATE MACRO trino.span(u, n) AS CASE lower(u) WHEN 'millisecond' THEN to_milliseconds(n) WHEN 'second' THEN to_seconds(n) WHEN 'minute' THEN to_minutes(CAST(n AS BIGINT))
    WHEN 'hour' THEN to_hours(CAST(n AS BIGINT)) WHEN 'day' THEN to_days(CAST(n AS INTEGER)) WHEN 'week' THEN to_days(CAST(n * 7 AS INTEGER)) WHEN 'month' THEN to_months(CAST(n AS INTEGER))
    WHEN 'quarter' THEN to_months(CAST(n * 3 AS INTEGER)) WHEN 'year' THEN to_years(CAST(n AS INTEGER))
    ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', '''' || u || ''' is not a valid Timestamp field') END;
CREATE MACRO trino.date_add(u, n, d) AS d + trino.span(u, n);
CREATE MACRO trino.day_add(u, n, d) AS CAST(d + trino.span(trino.day_field(u), n) AS DATE);
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
-- Texts that are alike are read without Python, which takes a hundred times as long; what else there is goes to it.
CREATE MACRO trino.date_parse(s, f) AS py_date_parse(CAST(s AS VARCHAR), CAST(f AS VARCHAR)), (s, f, alike, p) AS coalesce(trino.alike_time(s, alike, p), py_date_parse(s, f));
CREATE MACRO trino.alike_time(s, alike, p) AS CASE WHEN regexp_full_match(s, alike) THEN try_strptime(s, p) END;
-- Instants with a zone each: a row of the instant and the name of the zone.
CREATE MACRO trino.zone_offset(z) AS to_minutes(CASE WHEN z[1] = '-' THEN -1 ELSE 1 END * (60 * CAST(z[2:3] AS INTEGER) + CAST(z[5:6] AS INTEGER)));
CREATE MACRO trino.clock_in(t, z) AS CASE WHEN z[1] IN ('+', '-') THEN make_timestamp(epoch_us(t)) + trino.zone_offset(z) ELSE timezone(z, t) END;
CREATE MACRO trino.instant_in(c, z) AS CASE WHEN z[1] IN ('+', '-') THEN make_timestamptz(epoch_us(CAST(c AS TIMESTAMP) - trino.zone_offset(z))) ELSE timezone(z, CAST(c AS TIMESTAMP)) END;
-- A clock moved from that of an instant keeps its offset where the zone has it then too, as Joda does.
CREATE MACRO trino.moved_instant(t, old, new, z) AS CASE WHEN trino.clock_in(t + (new - old), z) = new THEN t + (new - old) ELSE trino.instant_in(new, z) END;
CREATE MACRO trino.zone_clock(v) AS trino.clock_in(v.t, v.z);
CREATE MACRO trino.zoned_value(t, z) AS CASE WHEN t IS NOT NULL AND z IS NOT NULL THEN {'t': t, 'z': z} END;
CREATE MACRO trino.zoned_clock(c, z) AS trino.zoned_value(trino.instant_in(c, z), z);
CREATE MACRO trino.zoned_text(s) AS trino.zoned_value(make_timestamptz(epoch_us(CAST(s[1:26] AS TIMESTAMP))), s[28:]);
CREATE MACRO trino.own_from_iso8601_timestamp(s) AS CASE WHEN trino.plain_instant(s) IS NOT NULL THEN {'t': trino.plain_instant(s), 'z': 'UTC'}
    ELSE trino.zoned_text(py_own_from_iso8601_timestamp(s)) END;
CREATE MACRO trino.own_from_iso8601_timestamp_nanos(s) AS trino.zoned_text(py_own_from_iso8601_timestamp_nanos(s));
CREATE MACRO trino.own_parse_datetime(s, f) AS trino.zoned_text(py_own_parse_datetime(s, f)),
    (s, f, alike, p) AS CASE WHEN trino.alike_time(s, alike, p) IS NOT NULL THEN {'t': make_timestamptz(epoch_us(trino.alike_time(s, alike, p))), 'z': 'UTC'}
    ELSE trino.zoned_text(py_own_parse_datetime(s, f)) END;
CREATE MACRO trino.own_from_text(s) AS trino.zoned_text(py_own_from_text(s));
CREATE MACRO trino.clock_trunc(u, c) AS CASE WHEN lower(u) IN ('millisecond', 'second', 'minute', 'hour') THEN CAST(date_trunc(u, DATE '1970-01-01' + c) AS TIME)
    WHEN u IS NOT NULL THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', chr(39) || u || chr(39) || ' is not a valid TIME field') END;
CREATE MACRO trino.known_zone(z) AS py_known_zone(z);
CREATE MACRO trino.from_iso8601_timestamp_nanos(s) AS make_timestamptz(epoch_us(py_from_iso8601_timestamp_nanos(s)));
CREATE MACRO trino.order_of(m) AS py_order_of(m);
CREATE MACRO trino.comparison(c) AS CASE WHEN c IN (-1, 0, 1) THEN c ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Lambda comparator must return either -1, 0, or 1') END;
CREATE MACRO trino.places(a) AS range(1, len(a) + 1);
CREATE MACRO trino.regexp_pieces(s, p) AS CAST(CAST(py_regexp_pieces(s, p) AS JSON) AS STRUCT(b VARCHAR, g VARCHAR[])[]);
CREATE MACRO trino.joined_pieces(l) AS CASE WHEN len(list_filter(l, lambda e__: e__ IS NULL)) = 0 THEN array_to_string(l, '') END;
CREATE MACRO trino.parse_datetime(s, f) AS make_timestamptz(epoch_us(py_parse_datetime(s, f))), (s, f, alike, p) AS make_timestamptz(epoch_us(coalesce(trino.alike_time(s, alike, p), py_parse_datetime(s, f))));
-- The usual forms of RFC 3339 are read without Python, which takes several times as long; what is not among them goes there.
CREATE MACRO trino.plain_instant(s) AS CASE WHEN regexp_full_match(s, '([1-8]\d{3}|9[0-8]\d\d)-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?Z') THEN TRY_CAST(s AS TIMESTAMPTZ) END;
CREATE MACRO trino.from_iso8601_timestamp(s) AS coalesce(trino.plain_instant(s), make_timestamptz(epoch_us(py_from_iso8601_timestamp(s))));
CREATE MACRO trino.from_iso8601_date(s) AS coalesce(CASE WHEN regexp_full_match(s, '[1-9]\d{3}-\d\d-\d\d') THEN TRY_CAST(s AS DATE) END, py_from_iso8601_date(CAST(s AS VARCHAR)));
CREATE MACRO trino.to_iso8601(d, p) AS replace(trino.timestamp_text(d, p), ' ', 'T');
CREATE MACRO trino.date_to_iso8601(d) AS trino.date_text(d);
CREATE MACRO trino.from_unixtime(x) AS trino.unix_instant(CAST(x AS DOUBLE)), (x, z) AS trino.unix_instant(CAST(x AS DOUBLE));
CREATE MACRO trino.unix_instant(x) AS CASE WHEN isnan(x) THEN make_timestamptz(0::BIGINT) WHEN abs(x) < 9e12 THEN make_timestamptz(CAST(floor(x * 1000 + 0.5) AS BIGINT) * 1000) ELSE to_timestamp(x) END;
CREATE MACRO trino.to_unixtime(d) AS CAST(epoch(d) AS DOUBLE);
CREATE MACRO trino.to_milliseconds(i) AS trino.interval_milliseconds(i);
CREATE MACRO trino.zoned_from_text(s) AS CAST(regexp_replace(s, ' ([+-]\d\d:\d\d)$', '\1') AS TIMESTAMPTZ);
CREATE MACRO trino.hive_hash(a) AS py_hive_hash(CAST(a AS VARCHAR));
CREATE MACRO trino.luhn_check(a) AS py_luhn_check(CAST(a AS VARCHAR));
CREATE MACRO trino.normal_cdf(a, b, c) AS CASE WHEN isnan(CAST(a AS DOUBLE) + CAST(c AS DOUBLE)) AND b > 0 THEN CAST('NaN' AS DOUBLE) ELSE py_normal_cdf(CAST(a AS DOUBLE), CAST(b AS DOUBLE), CAST(c AS DOUBLE)) END;
CREATE MACRO trino.beta_cdf(a, b, c) AS py_beta_cdf(CAST(a AS DOUBLE), CAST(b AS DOUBLE), CAST(c AS DOUBLE));
CREATE MACRO trino.inverse_normal_cdf(a, b, c) AS py_inverse_normal_cdf(CAST(a AS DOUBLE), CAST(b AS DOUBLE), CAST(c AS DOUBLE));
CREATE MACRO trino.wilson_interval_lower(a, b, c) AS py_wilson_interval_lower(CAST(a AS BIGINT), CAST(b AS BIGINT), CAST(c AS DOUBLE));
CREATE MACRO trino.wilson_interval_upper(a, b, c) AS py_wilson_interval_upper(CAST(a AS BIGINT), CAST(b AS BIGINT), CAST(c AS DOUBLE));
CREATE MACRO trino.from_base64url(a) AS py_from_base64url(CAST(a AS VARCHAR));
CREATE MACRO trino.to_base64url(a) AS py_to_base64url(CAST(a AS BLOB));
CREATE MACRO trino.to_base32(a) AS py_to_base32(CAST(a AS BLOB));
CREATE MACRO trino.from_base32(a) AS py_from_base32(CAST(a AS VARCHAR));
CREATE MACRO trino.from_big_endian_32(a) AS py_from_big_endian_32(CAST(a AS BLOB));
CREATE MACRO trino.from_big_endian_64(a) AS py_from_big_endian_64(CAST(a AS BLOB));
CREATE MACRO trino.to_big_endian_32(a) AS py_to_big_endian_32(CAST(a AS INTEGER));
CREATE MACRO trino.to_big_endian_64(a) AS py_to_big_endian_64(CAST(a AS BIGINT));
-- DuckDB takes NaN from Python for NULL.
CREATE MACRO trino.from_ieee754_32(a) AS CASE WHEN octet_length(a) = 4 THEN coalesce(py_from_ieee754_32(CAST(a AS BLOB)), CAST('NaN' AS FLOAT)) ELSE py_from_ieee754_32(CAST(a AS BLOB)) END;
CREATE MACRO trino.from_ieee754_64(a) AS CASE WHEN octet_length(a) = 8 THEN coalesce(py_from_ieee754_64(CAST(a AS BLOB)), CAST('NaN' AS DOUBLE)) ELSE py_from_ieee754_64(CAST(a AS BLOB)) END;
CREATE MACRO trino.to_ieee754_32(a) AS py_to_ieee754_32(CAST(a AS FLOAT));
CREATE MACRO trino.to_ieee754_64(a) AS py_to_ieee754_64(CAST(a AS DOUBLE));
CREATE MACRO trino.crc32(a) AS py_crc32(CAST(a AS BLOB));
CREATE MACRO trino.sha512(a) AS py_sha512(CAST(a AS BLOB));
CREATE MACRO trino.hmac_md5(a, b) AS py_hmac_md5(CAST(a AS BLOB), CAST(b AS BLOB));
CREATE MACRO trino.hmac_sha1(a, b) AS py_hmac_sha1(CAST(a AS BLOB), CAST(b AS BLOB));
CREATE MACRO trino.hmac_sha256(a, b) AS py_hmac_sha256(CAST(a AS BLOB), CAST(b AS BLOB));
CREATE MACRO trino.hmac_sha512(a, b) AS py_hmac_sha512(CAST(a AS BLOB), CAST(b AS BLOB));
CREATE MACRO trino.xxhash64(a) AS py_xxhash64(CAST(a AS BLOB));
CREATE MACRO trino.murmur3(a) AS py_murmur3(CAST(a AS BLOB));
CREATE MACRO trino.normalize(a, b) AS py_normalize(CAST(a AS VARCHAR), CAST(b AS VARCHAR));
CREATE MACRO trino.word_stem(a, language := 'en') AS py_word_stem(CAST(a AS VARCHAR), language);
CREATE MACRO trino.soundex(a) AS py_soundex(CAST(a AS VARCHAR));
CREATE MACRO trino.human_readable_seconds(a) AS py_human_readable_seconds(CAST(a AS DOUBLE));
CREATE MACRO trino.json_cast(j, t) AS py_json_cast(CAST(j AS VARCHAR), t), (j, t, plain) AS CASE WHEN regexp_full_match(CAST(j AS VARCHAR), plain) THEN trim(CAST(j AS VARCHAR), '"') ELSE py_json_cast(CAST(j AS VARCHAR), t) END;
CREATE MACRO trino.json_array_contains_text(j, v) AS py_json_array_contains_text(CAST(j AS VARCHAR), CAST(v AS VARCHAR));
CREATE MACRO trino.json_array_contains_long(j, v) AS py_json_array_contains_long(CAST(j AS VARCHAR), CAST(v AS BIGINT));
CREATE MACRO trino.json_array_contains_double(j, v) AS py_json_array_contains_double(CAST(j AS VARCHAR), CAST(v AS DOUBLE));
CREATE MACRO trino.json_array_contains_boolean(j, v) AS py_json_array_contains_boolean(CAST(j AS VARCHAR), CAST(v AS BOOLEAN));
CREATE MACRO trino.any_regexp_like(s, p) AS py_regexp_like(s, p);
CREATE MACRO trino.any_regexp_extract(s, p) AS py_regexp_extract(s, p, 0), (s, p, g) AS py_regexp_extract(s, p, CAST(g AS BIGINT));
CREATE MACRO trino.any_regexp_replace(s, p) AS py_regexp_replace(s, p, ''), (s, p, r) AS py_regexp_replace(s, p, r);
CREATE MACRO trino.like_escape(s, p, e) AS py_like(s, p, e);
CREATE MACRO trino.code_from_utf8(b, r) AS py_from_utf8_with(b, chr(CAST(r AS INTEGER)));
CREATE MACRO trino.format_number(x) AS py_format_number(CAST(x AS VARCHAR));
CREATE MACRO trino.parse_data_size(s) AS CAST(py_parse_data_size(s) AS DECIMAL(38, 0));
CREATE MACRO trino.parse_duration(s) AS to_milliseconds(py_parse_duration(s));
CREATE MACRO trino.format(p, v) AS py_formatted(p, v);
CREATE MACRO trino.parse_datetime_anywhere(s, f) AS make_timestamptz(epoch_us(py_parse_datetime_anywhere(s, f))), (s, f, alike, p) AS trino.parse_datetime(s, f, alike, p);
CREATE MACRO trino.from_iso8601_timestamp_anywhere(s) AS coalesce(CASE WHEN regexp_full_match(s, '([1-8]\d{3}|9[0-8]\d\d)-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?(Z|[+-](0\d|1[0-3]):[0-5]\d)') THEN TRY_CAST(s AS TIMESTAMPTZ) END, make_timestamptz(epoch_us(py_from_iso8601_timestamp_anywhere(s))));
CREATE MACRO trino.any_date_format(d, f) AS py_date_format(CAST(d AS TIMESTAMP), f);
CREATE MACRO trino.any_format_datetime(d, f, z) AS py_format_datetime(CAST(d AS TIMESTAMP), f, z);
CREATE MACRO trino.contains_sequence(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(b) = 0 THEN true ELSE len(list_filter(range(1, len(a) - len(b) + 2), lambda i__: a[i__:(i__ + len(b) - 1)] = b)) > 0 END;
CREATE MACRO trino.trim_array(a, n) AS CASE WHEN n < 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'size must not be negative: ' || n)
    WHEN n > len(a) THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'size must not exceed array cardinality ' || len(a) || ': ' || n) ELSE a[1:(len(a) - n)] END;
CREATE MACRO trino.array_histogram(a) AS CASE WHEN a IS NOT NULL THEN trino.histogram_of(list_distinct(a), a) END;
CREATE MACRO trino.histogram_of(keys, a) AS map(keys, list_transform(keys, lambda k__: CAST(len(list_filter(a, lambda e__: e__ = k__)) AS BIGINT)));
CREATE MACRO trino.shuffle(a) AS list_transform(list_sort(list_transform(a, lambda e__, i__: {'r': random(), 'i': i__})), lambda s__: a[s__.i]);
CREATE MACRO trino.zip(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN list_transform(range(1, greatest(len(a), len(b)) + 1), lambda i__: {'field0': a[i__], 'field1': b[i__]}) END, (a, b, c) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL AND c IS NOT NULL THEN list_transform(range(1, greatest(len(a), len(b), len(c)) + 1), lambda i__: {'field0': a[i__], 'field1': b[i__], 'field2': c[i__]}) END, (a, b, c, d) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL AND c IS NOT NULL AND d IS NOT NULL THEN list_transform(range(1, greatest(len(a), len(b), len(c), len(d)) + 1), lambda i__: {'field0': a[i__], 'field1': b[i__], 'field2': c[i__], 'field3': d[i__]}) END, (a, b, c, d, e) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL AND c IS NOT NULL AND d IS NOT NULL AND e IS NOT NULL THEN list_transform(range(1, greatest(len(a), len(b), len(c), len(d), len(e)) + 1), lambda i__: {'field0': a[i__], 'field1': b[i__], 'field2': c[i__], 'field3': d[i__], 'field4': e[i__]}) END;
CREATE MACRO trino.combinations(a, n) AS CASE WHEN n < 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'combination size must not be negative: ' || n)
    WHEN n > 5 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'combination size must not exceed 5: ' || n)
    WHEN a IS NOT NULL THEN list_transform(trino.index_combinations(len(a), n), lambda c__: list_transform(c__, lambda i__: a[i__])) END;
CREATE MACRO trino.index_combinations(size, n) AS py_index_combinations(CAST(size AS BIGINT), CAST(n AS BIGINT));
CREATE MACRO trino.map_concat_pair(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN map_from_entries(list_concat(map_entries(b), list_filter(map_entries(a), lambda e__: NOT list_contains(map_keys(b), e__.key)))) END;
CREATE MACRO trino.multimap_agg_entries(l) AS trino.multimap_of(list_distinct(list_transform(l, lambda e__: e__.k)), l);
CREATE MACRO trino.multimap_of_known(l) AS CASE WHEN len(list_distinct(list_transform(l, lambda z__: z__.k))) > 0 THEN trino.multimap_agg_entries(l) END;
CREATE MACRO trino.multimap_of(keys, l) AS map(keys, list_transform(keys, lambda k__: list_transform(list_filter(l, lambda e__: e__.k = k__), lambda e__: e__.v)));
CREATE MACRO trino.multimap_from_entries(l) AS trino.multimap_of(trino.array_distinct(list_transform(l, lambda e__: e__.k)), l);
CREATE MACRO trino.split_to_multimap(s, d, k) AS CASE WHEN d = k THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'entryDelimiter and keyValueDelimiter must not be the same') ELSE trino.split_multimap_pairs(s, d, k) END;
CREATE MACRO trino.split_multimap_pairs(s, d, k) AS trino.multimap_agg_entries(list_transform(trino.whole_pairs(trino.entries_of(s, d), k), lambda e__: {'k': left(e__, strpos(e__, k) - 1), 'v': substring(e__, strpos(e__, k) + length(k))}));
CREATE MACRO trino.whole_pairs(parts, k) AS CASE WHEN len(list_filter(parts, lambda e__: len(string_split(e__, k)) <> 2)) > 0 THEN trino.refuse('INVALID_FUNCTION_ARGUMENT', 'Key-value delimiter must appear exactly once in each entry. Bad input: ' || list_filter(parts, lambda e__: len(string_split(e__, k)) <> 2)[1]) ELSE parts END;
CREATE MACRO trino.map_union_entries(l) AS CASE len(list_distinct(list_transform(l, lambda z__: z__.key))) WHEN 0 THEN NULL WHEN len(l) THEN map_from_entries(l)
    ELSE map_from_entries(list_filter(l, lambda e__, i__: list_position(list_transform(l, lambda z__: z__.key), e__.key) = i__)) END;
CREATE MACRO trino.cosine_similarity(a, b) AS CASE WHEN NOT list_contains(list_transform(list_concat(map_values(a), map_values(b)), lambda v__: v__ IS NULL), true) THEN trino.cosine(list_sum(list_transform(map_keys(a), lambda k__: coalesce(a[k__] * b[k__], 0))), list_sum(list_transform(map_values(a), lambda v__: v__ * v__)), list_sum(list_transform(map_values(b), lambda v__: v__ * v__))) END;
CREATE MACRO trino.cosine(d, a, b) AS d / sqrt(a) / sqrt(b);
CREATE MACRO trino.array_concat(a, b) AS CASE WHEN a IS NOT NULL AND b IS NOT NULL THEN list_concat(a, b) END;
CREATE MACRO trino.array_append(a, x) AS CASE WHEN a IS NOT NULL AND x IS NOT NULL THEN list_append(a, x) END;
CREATE MACRO trino.array_prepend(x, a) AS CASE WHEN a IS NOT NULL AND x IS NOT NULL THEN list_prepend(x, a) END;
CREATE MACRO trino.any_of(results) AS CASE WHEN results IS NULL THEN NULL WHEN list_contains(results, true) THEN true WHEN len(list_filter(results, lambda r__: r__ IS NULL)) > 0 THEN NULL ELSE false END;
CREATE MACRO trino.all_of(results) AS CASE WHEN results IS NULL THEN NULL WHEN list_contains(results, false) THEN false WHEN len(list_filter(results, lambda r__: r__ IS NULL)) > 0 THEN NULL ELSE true END;
CREATE MACRO trino.greatest_of(l) AS CASE WHEN len(list_filter(l, lambda e__: e__ IS NULL)) = 0 THEN list_max(l) END;
CREATE MACRO trino.least_of(l) AS CASE WHEN len(list_filter(l, lambda e__: e__ IS NULL)) = 0 THEN list_min(l) END;
CREATE MACRO trino.greatest_double(l) AS CASE WHEN len(list_filter(l, lambda e__: e__ IS NULL)) = 0 THEN coalesce(list_max(list_filter(l, lambda e__: NOT isnan(e__))), CAST('NaN' AS DOUBLE)) END;
CREATE MACRO trino.least_double(l) AS CASE WHEN len(list_filter(l, lambda e__: e__ IS NULL)) = 0 THEN coalesce(list_min(list_filter(l, lambda e__: NOT isnan(e__))), CAST('NaN' AS DOUBLE)) END;
CREATE MACRO trino.int_right_shift(a, n) AS trino.int_wrapped((CAST(a AS BIGINT) & 4294967295) // CASE WHEN n >= 32 THEN 4294967296 ELSE CAST(pow(2, n) AS BIGINT) END);
CREATE MACRO trino.int_left_shift(a, n) AS trino.int_wrapped(CAST((CAST(a AS HUGEINT) * CASE WHEN n >= 32 THEN 0 ELSE CAST(pow(2, n) AS HUGEINT) END) & 4294967295 AS BIGINT));
CREATE MACRO trino.int_wrapped(x) AS CAST(CASE WHEN (x & 4294967295) >= 2147483648 THEN (x & 4294967295) - 4294967296 ELSE x & 4294967295 END AS INTEGER);
CREATE MACRO trino.smallint_right_shift(a, n) AS trino.smallint_wrapped((CAST(a AS BIGINT) & 65535) // CASE WHEN n >= 16 THEN 65536 ELSE CAST(pow(2, n) AS BIGINT) END);
CREATE MACRO trino.smallint_left_shift(a, n) AS trino.smallint_wrapped(CAST((CAST(a AS HUGEINT) * CASE WHEN n >= 16 THEN 0 ELSE CAST(pow(2, n) AS HUGEINT) END) & 65535 AS BIGINT));
CREATE MACRO trino.smallint_wrapped(x) AS CAST(CASE WHEN (x & 65535) >= 32768 THEN (x & 65535) - 65536 ELSE x & 65535 END AS SMALLINT);
CREATE MACRO trino.tinyint_right_shift(a, n) AS trino.tinyint_wrapped((CAST(a AS BIGINT) & 255) // CASE WHEN n >= 8 THEN 256 ELSE CAST(pow(2, n) AS BIGINT) END);
CREATE MACRO trino.tinyint_left_shift(a, n) AS trino.tinyint_wrapped(CAST((CAST(a AS HUGEINT) * CASE WHEN n >= 8 THEN 0 ELSE CAST(pow(2, n) AS HUGEINT) END) & 255 AS BIGINT));
CREATE MACRO trino.tinyint_wrapped(x) AS CAST(CASE WHEN (x & 255) >= 128 THEN (x & 255) - 256 ELSE x & 255 END AS TINYINT);
CREATE MACRO trino.bitwise_right_shift_arithmetic(a, n) AS CASE WHEN n >= 64 THEN (CASE WHEN a < 0 THEN -1 ELSE 0 END) ELSE a >> CAST(n AS INTEGER) END;
CREATE MACRO trino.is_nan(x) AS isnan(x);
CREATE MACRO trino.length(s) AS length(s);
CREATE MACRO trino.bytes_length(b) AS octet_length(b);
CREATE MACRO trino.bytes_reverse(b) AS unhex(array_to_string(list_reverse(regexp_extract_all(hex(b), '..')), ''));
CREATE MACRO trino.bytes_substr(b, i) AS unhex(trino.substr(hex(b), CASE WHEN i < 0 THEN 2 * i ELSE 2 * i - (CASE WHEN i = 0 THEN 0 ELSE 1 END) END)), (b, i, n) AS unhex(trino.substr(hex(b), CASE WHEN i < 0 THEN 2 * i ELSE 2 * i - (CASE WHEN i = 0 THEN 0 ELSE 1 END) END, 2 * n));
CREATE MACRO trino.bytes_pad_left(b, n, p) AS unhex(trino.lpad(hex(b), 2 * n, hex(p)));
CREATE MACRO trino.bytes_pad_right(b, n, p) AS unhex(trino.rpad(hex(b), 2 * n, hex(p)));
CREATE MACRO trino.concat_ws(d, l) AS CASE WHEN d IS NOT NULL THEN array_to_string(list_filter(l, lambda e__: e__ IS NOT NULL), d) END;
CREATE MACRO trino.translate(s, a, b) AS translate(s, a, b);
-- What neither begins nor ends with a space, of which there are many, is told in a hundredth of the time.
CREATE MACRO trino.trim(s) AS CASE WHEN s[1] > ' ' AND s[1] < chr(5760) AND s[-1] > ' ' AND s[-1] < chr(5760) THEN s ELSE trim(s, ' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(28) || chr(29) || chr(30) || chr(31) || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196) || chr(8197) || chr(8198) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233) || chr(8287) || chr(12288)) END, (s, c) AS trim(s, c);
CREATE MACRO trino.ltrim(s) AS CASE WHEN s[1] > ' ' AND s[1] < chr(5760) THEN s ELSE ltrim(s, ' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(28) || chr(29) || chr(30) || chr(31) || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196) || chr(8197) || chr(8198) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233) || chr(8287) || chr(12288)) END, (s, c) AS ltrim(s, c);
CREATE MACRO trino.rtrim(s) AS CASE WHEN s[-1] > ' ' AND s[-1] < chr(5760) THEN s ELSE rtrim(s, ' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(28) || chr(29) || chr(30) || chr(31) || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196) || chr(8197) || chr(8198) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233) || chr(8287) || chr(12288)) END, (s, c) AS rtrim(s, c);
CREATE MACRO trino.day_part(i) AS CAST(trino.interval_milliseconds(i) // 86400000 AS BIGINT);
CREATE MACRO trino.hour_part(i) AS CAST(trino.interval_milliseconds(i) // 3600000 % 24 AS BIGINT);
CREATE MACRO trino.minute_part(i) AS CAST(trino.interval_milliseconds(i) // 60000 % 60 AS BIGINT);
CREATE MACRO trino.second_part(i) AS CAST(trino.interval_milliseconds(i) // 1000 % 60 AS BIGINT);
CREATE MACRO trino.millisecond_part(i) AS CAST(trino.interval_milliseconds(i) % 1000 AS BIGINT);
CREATE MACRO trino.year_part(i) AS CAST(trino.interval_months(i) // 12 AS BIGINT);
CREATE MACRO trino.month_part(i) AS CAST(trino.interval_months(i) % 12 AS BIGINT);
CREATE MACRO trino.zone_minutes(local, d) AS date_diff('minute', make_timestamp(epoch_us(d)), local);
CREATE MACRO trino.timezone_hour(local, d) AS CAST(trunc(trino.zone_minutes(local, d) / 60.0) AS BIGINT);
CREATE MACRO trino.timezone_minute(local, d) AS CAST(trino.zone_minutes(local, d) % 60 AS BIGINT);
CREATE MACRO trino.from_unixtime_nanos(n) AS CASE WHEN n % 1000 <> 0 THEN trino.refuse('NOT_SUPPORTED', 'the local Athena keeps microseconds, and ' || n || ' has nanoseconds') ELSE make_timestamptz(CAST(n // 1000 AS BIGINT)) END;
CREATE MACRO trino.count_if(x) AS coalesce(count_if(x), 0);
CREATE MACRO trino.integer_to_integer(x, kind, low, high) AS CASE WHEN x < low OR x > high THEN trino.refuse('NUMERIC_VALUE_OUT_OF_RANGE', 'Out of range for ' || kind || ': ' || x) ELSE x END;
CREATE MACRO trino.decimal_to_integer(x, kind, low, high) AS CASE WHEN round(x) < low OR round(x) > high THEN trino.refuse('INVALID_CAST_ARGUMENT', 'Cannot cast ''' || x || ''' to ' || upper(kind)) ELSE round(x) END;
CREATE MACRO trino.fitting(s, n, kind) AS CASE WHEN length(s) > n THEN trino.refuse('INVALID_CAST_ARGUMENT', 'Value ' || s || ' cannot be represented as varchar(' || n || ')') ELSE s END;
CREATE MACRO trino.char_text(s, n) AS left(rtrim(s, ' '), n);
CREATE MACRO trino.padded_char(s, n) AS CASE WHEN length(s) < n THEN rpad(s, n, ' ') ELSE s END;
CREATE MACRO trino.json_quoted(s) AS CASE WHEN regexp_matches(s, '[\x{10000}-\x{10FFFF}]') THEN py_json_quoted(s) ELSE CAST(to_json(CAST(s AS VARCHAR)) AS VARCHAR) END;
CREATE MACRO trino.json_double(x) AS CASE WHEN isnan(x) OR isinf(x) THEN '"' || trino.java_double(x) || '"' ELSE trino.java_double(x) END;
CREATE MACRO trino.fraction_text(t) AS CASE WHEN t LIKE '.%' THEN '0' || t WHEN t LIKE '-.%' THEN '-0' || substring(t, 2) ELSE t END;
CREATE MACRO trino.shown_date(d) AS CASE WHEN d > DATE '9999-12-31' THEN '+' || CAST(d AS VARCHAR) ELSE trino.date_text(d) END;
CREATE MACRO trino.year_text(y) AS CASE WHEN y < 1000 THEN lpad(CAST(y AS VARCHAR), 4, '0') ELSE CAST(y AS VARCHAR) END;
CREATE MACRO trino.old_date_text(d) AS CASE WHEN year(d) < 0 THEN '-' ELSE '' END || trino.year_text(abs(year(d))) || strftime(d, '-%m-%d');
CREATE MACRO trino.upper(s) AS replace(upper(s), 'ẞ', 'ß');
CREATE MACRO trino.replace(s, t) AS replace(s, t, ''), (s, t, r) AS CASE WHEN t = '' THEN r || array_to_string(list_transform(string_split(s, ''), lambda c__: c__ || r), '') ELSE replace(s, t, r) END;
CREATE MACRO trino.maps_equal(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN list_sort(map_keys(a)) <> list_sort(map_keys(b)) THEN false ELSE trino.all_of(list_transform(map_keys(a), lambda k__: a[k__] = b[k__])) END;
CREATE MACRO trino.float_maps_equal(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN list_sort(map_keys(a)) <> list_sort(map_keys(b)) THEN false ELSE trino.all_of(list_transform(map_keys(a), lambda k__: a[k__] = b[k__] AND (NOT isnan(a[k__]) OR b[k__] IS NULL))) END;
CREATE MACRO trino.double_to_real(x) AS CASE WHEN abs(x) > 3.4028235677973366e38 AND NOT isnan(x) THEN (CASE WHEN x > 0 THEN CAST('Infinity' AS FLOAT) ELSE CAST('-Infinity' AS FLOAT) END) ELSE CAST(x AS FLOAT) END;
CREATE MACRO trino.zone_suffix(m) AS CASE WHEN m = 0 THEN 'Z' ELSE (CASE WHEN m < 0 THEN '-' ELSE '+' END) || lpad(CAST(abs(m) // 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(m) % 60 AS VARCHAR), 2, '0') END;
CREATE MACRO trino.day_field(u) AS CASE WHEN lower(u) IN ('day', 'week', 'month', 'quarter', 'year') THEN lower(u) ELSE trino.refuse('INVALID_FUNCTION_ARGUMENT', '''' || u || ''' is not a valid DATE field') END;
CREATE MACRO trino.day_diff(u, a, b) AS date_sub(trino.day_field(u), a, b);
CREATE MACRO trino.population_skewness(s, n) AS CASE WHEN n < 3 THEN NULL ELSE s * (n - 2) / sqrt(n * (n - 1)) END;
CREATE MACRO trino.finite(x) AS CASE WHEN isnan(x) OR isinf(x) THEN NULL ELSE x END;
CREATE MACRO trino.utc_from_text(s) AS CASE WHEN regexp_matches(s, '(^[^ ]* ?[^ ]*[0-9]|UTC|Z)$') AND NOT regexp_matches(s, '[0-9] ?[+-][0-9]{2}:?[0-9]{2}$') THEN trino.zoned_from_text(regexp_replace(s, ' ?(UTC|Z)$', '+00')) WHEN s IS NULL THEN NULL ELSE trino.refuse('NOT_SUPPORTED', 'the local Athena keeps no zone for each value, as ''' || s || ''' has one; use at_timezone on it') END;
-- error() is volatile, so that the column of steps is reckoned though nobody reads it
CREATE MACRO trino.recursion_step(n) AS CASE WHEN n >= 10 THEN error('NOT_SUPPORTED: Recursion depth limit exceeded (10). Use ''max_recursion_depth'' session property to modify the limit.') ELSE n + 1 END;
CREATE MACRO trino.sql_json_exists(j, p, v, e) AS py_json_exists(j, p, v, e);
CREATE MACRO trino.sql_json_value(j, p, v, t, m, e) AS py_json_value(j, p, v, t, m, e);
CREATE MACRO trino.sql_json_query(j, p, v, w, q, m, e) AS py_json_query(j, p, v, w, q, m, e);
CREATE MACRO trino.sql_json_object(m, n, u) AS py_json_object(m, n, u);
CREATE MACRO trino.sql_json_array(m, n) AS py_json_array(m, n);
-- sketches and check sums
CREATE MACRO trino.hyperloglog_of_bigints(l) AS py_hyperloglog_of_bigints(l);
CREATE MACRO trino.hyperloglog_of_doubles(l) AS py_hyperloglog_of_doubles(l);
CREATE MACRO trino.hyperloglog_of_texts(l) AS py_hyperloglog_of_texts(l);
CREATE MACRO trino.hyperloglog_cardinality(h) AS py_hyperloglog_cardinality(h);
CREATE MACRO trino.empty_approx_set() AS unhex('020C0000');
CREATE MACRO trino.merged_hyperloglogs(l) AS py_merged_hyperloglogs(l);
CREATE MACRO trino.merged_tdigests(l) AS py_merged_tdigests(l);
CREATE MACRO trino.merged_qdigests(l) AS py_merged_qdigests(l);
CREATE MACRO trino.tdigest_of(l) AS py_tdigest_of(list_transform(l, lambda e__: CAST(e__.v AS DOUBLE)), list_transform(l, lambda e__: CAST(e__.w AS DOUBLE)));
CREATE MACRO trino.tdigest_value(d, q) AS py_tdigest_value(d, q);
CREATE MACRO trino.digested_percentile(d, q) AS py_tdigest_value(d, CAST(q AS DOUBLE));
CREATE MACRO trino.digested_percentiles(d, q) AS list_transform([{'d': d, 'q': q}], lambda p__: CASE WHEN p__.d IS NOT NULL THEN list_transform(p__.q, lambda q__: py_tdigest_value(p__.d, CAST(q__ AS DOUBLE))) END)[1];
CREATE MACRO trino.tdigest_values(d, q) AS py_tdigest_values(d, q);
CREATE MACRO trino.qdigest_of_bigints(l, a) AS py_qdigest_of_bigints(list_transform(l, lambda e__: CAST(e__.v AS BIGINT)), list_transform(l, lambda e__: CAST(e__.w AS BIGINT)), CAST(a AS DOUBLE));
CREATE MACRO trino.qdigest_of_doubles(l, a) AS py_qdigest_of_doubles(list_transform(l, lambda e__: CAST(e__.v AS DOUBLE)), list_transform(l, lambda e__: CAST(e__.w AS BIGINT)), CAST(a AS DOUBLE));
CREATE MACRO trino.qdigest_bigint(d, q) AS py_qdigest_bigint(d, q);
CREATE MACRO trino.qdigest_double(d, q) AS py_qdigest_double(d, q);
CREATE MACRO trino.qdigest_bigints(d, q) AS py_qdigest_bigints(d, q);
CREATE MACRO trino.qdigest_doubles(d, q) AS py_qdigest_doubles(d, q);
CREATE MACRO trino.quantile_at_bigint(d, x) AS py_quantile_at_bigint(d, x);
CREATE MACRO trino.quantile_at_double(d, x) AS py_quantile_at_double(d, CAST(x AS DOUBLE));
CREATE MACRO trino.numeric_histogram(n, l) AS trino.map_of_lists(py_numeric_histogram(n, list_transform(l, lambda e__: CAST(e__.v AS DOUBLE)), list_transform(l, lambda e__: CAST(e__.w AS DOUBLE))));
CREATE MACRO trino.matched_rows(m, p, s) AS py_matched_rows(m, p, s);
-- all pairs of rows of a partition are tried
CREATE MACRO trino.few_rows(n) AS CASE WHEN n > 10000 THEN error('NOT_SUPPORTED: the local Athena does not support MATCH_RECOGNIZE whose conditions speak of another row of the match in partitions of more than 10,000 rows') ELSE 0 END;
CREATE MACRO trino.map_of_lists(l) AS map(l[1], l[2]);
CREATE MACRO trino.weighted_percentile(l, q) AS trino.weighted_value(list_sort(list_filter(l, lambda e__: e__.v IS NOT NULL AND e__.w IS NOT NULL)), q);
CREATE MACRO trino.weighted_value(s, q) AS s[py_weighted_place(list_transform(s, lambda e__: CAST(e__.w AS DOUBLE)), CAST(q AS DOUBLE))].v;
CREATE MACRO trino.weighted_percentiles(l, qs) AS list_transform([{'l': l, 'q': qs}], lambda p__: list_transform(p__.q, lambda q__: trino.weighted_percentile(p__.l, q__)))[1];
CREATE MACRO trino.hash_of_bytes(x) AS py_hash_of_bytes(x);
CREATE MACRO trino.hash_of_text(x) AS py_hash_of_text(x);
CREATE MACRO trino.hash_of_number(x) AS py_hash_of_number(x);
CREATE MACRO trino.hash_of_long(x) AS py_hash_of_long(x);
CREATE MACRO trino.hash_of_double(x) AS py_hash_of_double(x);
CREATE MACRO trino.hash_of_float(x) AS py_hash_of_float(x);
CREATE MACRO trino.hash_of_array(x) AS py_hash_of_array(x);
CREATE MACRO trino.hash_of_map(x) AS py_hash_of_map(x);
CREATE MACRO trino.checksum_of(x) AS py_checksum_of(x);
