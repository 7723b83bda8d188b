-- Words of the grammar in the place of functions, listagg, joins of UNNEST.
SELECT x FROM (VALUES 1) t(x) WHERE UNNEST(ARRAY[1]) = 1
SELECT concat_ws(','), 1
SELECT concat_ws(',', ARRAY['a', NULL, 'b']), concat_ws(NULL, 'a', 'b'), concat_ws(',', 'a', CAST(NULL AS varchar))
SELECT k, listagg(x) WITHIN GROUP (ORDER BY x) FILTER (WHERE x <> 'b'), listagg(x, '; ') WITHIN GROUP (ORDER BY k, x DESC) FROM (VALUES ('p', 'a'), ('p', 'b'), ('q', NULL)) t(k, x) GROUP BY k
SELECT listagg(x, 123) WITHIN GROUP (ORDER BY x) FROM (VALUES 'a') t(x)
SELECT listagg(x, k) WITHIN GROUP (ORDER BY x) FROM (VALUES ('a', ',')) t(x, k)
SELECT id, x FROM (VALUES (1, ARRAY[3, 4])) t(id, xs) RIGHT JOIN UNNEST(xs) u(x) ON true
SELECT id, x FROM (VALUES 1) t(id) RIGHT JOIN UNNEST(ARRAY[5, 6]) u(x) ON true
SELECT id, x FROM (VALUES 1) t(id) FULL JOIN UNNEST(ARRAY[5, 6]) u(x) ON true
SELECT array_join(ARRAY(SELECT 1), ',')
SELECT count(*) FILTER (WHERE nosuch > 1) FROM (VALUES 1) t(x)
SELECT nofunction(x) OVER () FROM (VALUES 1) t(x)
