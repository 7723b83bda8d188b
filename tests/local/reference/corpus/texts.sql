-- Strings: padding, code points, searching, regular expressions with functions, binary.
SELECT length('héllo'), upper('straße'), lower('ÀÉ'), reverse('añb'), substr('héllo', 2, 3), substr('abc', -2), substr('abc', 0), substr('abc', 5), substring('abcdef', 2), position('é' IN 'héllo'), strpos('abcabc', 'c', 2), strpos('abcabc', 'c', -1)
SELECT lpad('abc', 5, '*'), rpad('abc', 2, 'x'), lpad('', 3, 'ab'), trim('  a '), trim(LEADING 'x' FROM 'xxaxx'), trim(TRAILING FROM ' a '), ltrim('xxa', 'x'), rtrim('axx', 'x'), trim('axa', 'a')
SELECT split('a,b,,c', ','), split('a,b,c', ',', 2), split_part('a,b,c', ',', 3), split_part('a,b', ',', 5), split('', ','), split('abc', 'x')
SELECT split_part('a', ',', 0)
SELECT split('a', '')
SELECT concat('a', 'b', 'c'), concat_ws('-', 'a', NULL, 'b'), concat_ws(',', ARRAY['x', NULL, 'y']), 'a' || 'b' || 'c', concat('a', NULL)
SELECT replace('banana', 'an', 'AN'), replace('banana', 'a'), translate('abcd', 'bd', 'x'), starts_with('abc', 'ab'), levenshtein_distance('abc', 'axc'), hamming_distance('abc', 'abd'), soundex('Smith'), luhn_check('4242424242424242'), chr(8364), codepoint('€')
SELECT 'abc' LIKE 'a%', 'abc' LIKE '_b_', 'a%c' LIKE 'a\%c' ESCAPE '\', 'ABC' LIKE 'abc', NULL LIKE 'a', 'a' NOT LIKE 'b%', 'x_y' LIKE 'x#_y' ESCAPE '#'
SELECT 'abc' LIKE 'a%' ESCAPE 'xx'
SELECT 'abc' LIKE 'a#bc' ESCAPE '#'
SELECT 'a' ILIKE 'A'
SELECT CAST('ab' AS char(4)), length(CAST('ab' AS char(4))), CAST('ab' AS char(4)) || 'x', CAST('ab' AS char(4)) = 'ab', CAST('ab' AS char(4)) = CAST('ab  ' AS char(6)), CAST(CAST('ab' AS char(4)) AS varchar), CAST('abcdef' AS char(3)), CAST('abcdef' AS varchar(3)), concat(CAST('a' AS char(2)), CAST('b' AS char(2)))
SELECT typeof(CAST('ab' AS char(4))), typeof(CAST('ab' AS char(4)) || CAST('b' AS char(2))), typeof('abc'), typeof('abc' || 'de'), typeof(upper('abc')), typeof(substr('abc', 1, 1)), typeof(concat('a', 'b')), typeof(CAST('a' AS varchar(10))), typeof(replace('a', 'b')), typeof(split('a', ',')), typeof(trim('a')), typeof(lower(CAST('a' AS varchar(5)))), typeof(coalesce('a', 'bcd')), typeof(lpad('a', 3, 'b')), typeof(reverse('abc'))
SELECT CASE WHEN true THEN 'a' ELSE 'bcd' END, typeof(CASE WHEN true THEN 'a' ELSE 'bcd' END), typeof(IF(true, 'a')), typeof(nullif('a', 'b')), typeof(max(x)), typeof(array_agg(x)), typeof(min_by(x, 1)) FROM (VALUES 'a', 'bcd') t(x)
SELECT regexp_like('Hello', '^h'), regexp_like('Hello', '(?i)^h'), regexp_extract('a1b22', '\d+'), regexp_extract('a1b22', '([a-z])(\d+)', 2), regexp_extract_all('a1b22', '([a-z])(\d+)', 1), regexp_extract('abc', 'x'), regexp_split('a, b;c', '[,;]\s*'), regexp_count('banana', 'an'), regexp_position('banana', 'na'), regexp_position('banana', 'na', 4), regexp_position('banana', 'na', 1, 2)
SELECT regexp_replace('2024-08-09', '(\d+)-(\d+)-(\d+)', '$2/$3/$1'), regexp_replace('aaa', 'a', 'b'), regexp_replace('abc', '[bc]'), regexp_replace('a.b', '\.', '\$'), regexp_replace('price 5', '(?<n>\d)', '<${n}>'), regexp_replace('x', '', '-')
SELECT regexp_replace('new york city', '(\w)(\w*)', m -> upper(m[1]) || lower(m[2])), regexp_replace('a1b2', '(\d)', m -> CAST(CAST(m[1] AS integer) * 2 AS varchar)), regexp_replace('abc', 'b', m -> 'x')
SELECT regexp_replace(s, '([aeiou])', m -> upper(m[1])) FROM (VALUES 'hello', 'sky', NULL) t(s)
SELECT regexp_replace('abc', '(b)', m -> NULL)
SELECT regexp_replace('abc', '(b)', m -> m[2])
SELECT regexp_replace('abc', '(x)?b', m -> coalesce(m[1], '?'))
SELECT regexp_extract('abc', '(')
SELECT regexp_replace('abc', '(b)', '$2')
SELECT regexp_like('a', NULL), regexp_like('foobar', 'foo(?=bar)'), regexp_like('price: $5', '\$\d'), regexp_extract('k=v;x=y', 'x=(\w+)', 1), regexp_like('aa', '^(a)\1$')
SELECT url_extract_host('https://user@example.com:8080/p/a?q=1&r=a%20b#f'), url_extract_port('https://example.com:8080/p'), url_extract_path('https://example.com/p/a?q'), url_extract_query('https://example.com/p?q=1&r=2'), url_extract_parameter('https://example.com/p?q=1&r=a%20b', 'r'), url_extract_fragment('http://x/#f'), url_extract_protocol('ftp://x'), url_encode('a b&c/ü'), url_decode('a+b%26')
SELECT to_utf8('héé'), to_hex(to_utf8('abc')), from_hex('616263'), from_utf8(from_hex('616263')), to_base64(to_utf8('hello')), from_utf8(from_base64('aGVsbG8=')), md5(to_utf8('a')), to_hex(sha1(to_utf8('a'))), crc32(to_utf8('abc')), to_hex(xxhash64(to_utf8('abc'))), X'6869', length(X'6869'), X'61' || X'62', to_base64url(X'ffef')
SELECT from_utf8(X'ff'), from_utf8(X'ff', '?'), CAST(X'6869' AS varchar)
SELECT X'616'
SELECT reverse(X'0102'), substr(X'010203', 2), concat(X'01', X'02'), X'01' = X'01', X'01' < X'02', typeof(X'01'), lpad(X'01', 3, X'00'), hmac_sha256(to_utf8('a'), to_utf8('k')), to_big_endian_64(1), from_big_endian_64(to_big_endian_64(258))
SELECT normalize('é', NFD) = 'é', length(normalize('é', NFD)), U&'\00e9', U&'d\0061t\+000061', 'it''s'
SELECT U&'x#00e9' UESCAPE '#'
SELECT word_stem('running'), word_stem('generously'), word_stem('cities'), word_stem('flies', 'en')
SELECT substr('abc', 'b')
SELECT upper('a', 'b')
SELECT lower()
SELECT nosuchfunction('a')
SELECT regexp_like('a')
SELECT date_format('2024', '%Y')
SELECT split('a,b', 5)
SELECT length(NULL), upper(NULL), NULL || 'a', concat_ws(NULL, 'a')
SELECT 'a' < 'B', 'a' < 'b', '' < 'a', 'é' > 'z', 'abc' BETWEEN 'abb' AND 'abd', 'a' IN ('b', 'a'), greatest('a', 'B')
SELECT x FROM (VALUES 'b', 'a', NULL, 'C', 'é', '') t(x) ORDER BY x NULLS FIRST
SELECT listagg(x, ', ') WITHIN GROUP (ORDER BY x), listagg(x) WITHIN GROUP (ORDER BY length(x) DESC, x) FROM (VALUES 'b', 'aa', NULL) t(x)
SELECT listagg(DISTINCT x, '-') WITHIN GROUP (ORDER BY x) FROM (VALUES 'b', 'a', 'b') t(x)
SELECT listagg(x, ',') WITHIN GROUP (ORDER BY x) FILTER (WHERE x <> 'b') FROM (VALUES 'b', 'a', 'c') t(x)
SELECT listagg(x, ',' ON OVERFLOW ERROR) WITHIN GROUP (ORDER BY x) FROM (VALUES 'b', 'a') t(x)
SELECT listagg(x, ',' ON OVERFLOW TRUNCATE '…' WITHOUT COUNT) WITHIN GROUP (ORDER BY x) FROM (VALUES 'b', 'a') t(x)
SELECT listagg(x, ',') FROM (VALUES 'b') t(x)
SELECT max(x), min(x), max_by(x, length(x)), count(DISTINCT lower(x)) FROM (VALUES 'b', 'B', 'ccc') t(x)
SELECT json_extract_scalar(j, '$.a') || '!' FROM (VALUES '{"a": "x"}', '{}') t(j) ORDER BY 1
SELECT UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59', CAST('12151fd2-7586-11e9-8f9e-2a86e4085a59' AS uuid) = UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59', typeof(uuid())
SELECT IPADDRESS '10.0.0.1', CAST('2001:db8::1' AS ipaddress), contains('10.0.0.0/8', CAST(ip AS ipaddress)) FROM (VALUES '10.1.2.3', '192.168.1.1') t(ip) ORDER BY 3
SELECT CAST(ip AS varchar), ip FROM (VALUES IPADDRESS '10.0.0.2', IPADDRESS '10.0.0.1', IPADDRESS '::1') t(ip) ORDER BY ip
