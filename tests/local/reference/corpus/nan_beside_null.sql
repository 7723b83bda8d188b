SELECT x < y, x > y, x <= y, x >= y, x = y, x <> y, NOT (x < y), NOT (x = y), NOT (x > y) FROM (VALUES (nan(), nan()), (1e0, nan()), (nan(), 1e0), (NULL, nan()), (nan(), NULL), (0e0, -0e0), (1e0, 2e0)) t(x, y)
SELECT x FROM (VALUES nan(), 1e0, NULL) t(x) WHERE NOT (x > CAST(NULL AS double))
SELECT x FROM (VALUES (nan(), NULL), (1e0, nan()), (NULL, nan()), (2e0, 3e0)) t(x, y) WHERE NOT (x = y) ORDER BY x
SELECT CASE WHEN x > y THEN 'gt' WHEN NOT x > y THEN 'not' ELSE 'null' END FROM (VALUES (nan(), CAST(NULL AS double)), (1e0, nan()), (NULL, nan())) t(x, y)
SELECT ARRAY[nan()] = ARRAY[nan()], ARRAY[nan()] <> ARRAY[nan()], ARRAY[nan(), NULL] = ARRAY[nan(), NULL], ARRAY[1e0, NULL] = ARRAY[1e0, NULL], ARRAY[x] = ARRAY[y], ROW(x) = ROW(y), ROW(x, 1) = ROW(y, 1) FROM (VALUES (nan(), nan()), (1e0, 1e0), (NULL, nan())) t(x, y)
SELECT MAP(ARRAY[1], ARRAY[x]) = MAP(ARRAY[1], ARRAY[y]) FROM (VALUES (nan(), nan()), (1e0, 1e0), (NULL, nan())) t(x, y)
SELECT ARRAY[CAST(nan() AS real)] = ARRAY[CAST(nan() AS real)], ARRAY[REAL '1'] = ARRAY[1e0], ROW(REAL '1', 'x') = ROW(1e0, 'x')
SELECT count(*) FROM (VALUES nan(), 1e0, NULL) t(x) JOIN (VALUES nan(), 1e0, NULL) u(y) ON x = y
SELECT count(*) FROM (VALUES nan(), 1e0, NULL) t(x) LEFT JOIN (VALUES nan(), 1e0, NULL) u(y) ON x < y OR x = y
SELECT x IN (y, 1e0), x NOT IN (y), x IN (SELECT nan()), ARRAY[x] IN (ARRAY[y]), x BETWEEN y AND 5e0, NOT (x BETWEEN y AND 5e0) FROM (VALUES (nan(), nan()), (1e0, nan()), (NULL, nan())) t(x, y)
SELECT array_distinct(ARRAY[ARRAY[nan()], ARRAY[nan()]]), array_position(ARRAY[ARRAY[1e0]], ARRAY[1e0]), contains(ARRAY[ROW(1e0)], ROW(1e0))
SELECT nullif(ARRAY[nan()], ARRAY[nan()]), CASE ARRAY[1e0] WHEN ARRAY[1e0] THEN 'eq' END, ARRAY[nan()] IS DISTINCT FROM ARRAY[nan()]
SELECT x < y, x = y, x <> y, x IS DISTINCT FROM y, x BETWEEN y AND y, coalesce(x = y, false) FROM (VALUES (nan(), nan()), (1e0, nan()), (NULL, nan()), (0e0, -0e0), (infinity(), infinity())) t(x, y)
SELECT array_sort(ARRAY[1e0, nan(), -1e0, NULL, infinity()]), array_max(ARRAY[1e0, nan()]), array_min(ARRAY[1e0, nan()]), array_distinct(ARRAY[nan(), nan(), 0e0, -0e0]), contains(ARRAY[nan()], nan()), array_position(ARRAY[nan()], nan()), array_union(ARRAY[nan()], ARRAY[nan()]), array_remove(ARRAY[nan(), 1e0], nan()), ARRAY[nan()] = ARRAY[nan()], MAP(ARRAY[1], ARRAY[nan()]) = MAP(ARRAY[1], ARRAY[nan()])
SELECT truncate(x, 1), truncate(x, 2), truncate(x), format('%.2f', x), format('%.1f', x), format('%.0f', x), CAST(x AS decimal(10, 2)), CAST(x AS decimal(10, 1)), CAST(x AS decimal(10,0)) FROM (VALUES 4.35e0, 2.675e0, 1.005e0, -4.35e0, 0.285e0, 1.15e0, 100.675e0, 8.345e0, 0.5e0, 1.5e0, 2.5e0, -0.5e0, 1.25e0, 0.125e0) t(x)
SELECT truncate(CAST(x AS real), 1), CAST(CAST(x AS real) AS decimal(10, 2)), CAST(CAST(x AS real) AS double), CAST(CAST(x AS real) AS varchar) FROM (VALUES 4.35e0, 2.675e0, 1.005e0, -4.35e0, 100.675e0, 16777217e0) t(x)
SELECT avg(x), sum(x), round(avg(x), 2), round(sum(x) / count(*), 3), round(1e2 * sum(x) / 7, 1) FROM (VALUES 4.35e0, 2.675e0, 1.005e0) t(x)
SELECT round(CAST(x AS decimal(10,3)), 2), round(CAST(x AS decimal(10,3)), 1), CAST(round(x, 2) AS varchar), round(x * 100, 1), round(x / 3, 4), x % 0.1, mod(x, 1), floor(x * 100) / 100, ceil(x * 10) / 10 FROM (VALUES 4.35e0, 2.675e0, 1.005e0) t(x)
