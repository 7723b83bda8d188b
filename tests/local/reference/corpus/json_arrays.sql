SELECT json_array_get('["a", 1]', 0), CAST(json_array_get('["a", 1]', 1) AS integer)
SELECT CAST(json_array_get('["a", 1]', 0) AS varchar)
SELECT TRY(CAST(json_array_get('["a", 1]', 0) AS varchar))
SELECT json_extract_scalar(json_array_get('["a", "{\"b\": 2}"]', 1), '$.b')
SELECT json_extract_scalar(json_array_get('["a", 1]', 0), '$'), json_format(json_array_get('["a", 1]', 0)), json_extract_scalar(json_array_get('[{"n": "x"}]', 0), '$.n')
SELECT json_array_get('["a", 1]', 0) = JSON '"a"', json_array_get('["a"]', 0) = json_array_get('["a", 2]', -2)
SELECT x, json_array_get(x, 0), json_array_get(x, -1) FROM (VALUES '["p", "q"]', '[]', NULL, 'bad', '[null, {"a": "b"}]') t(x)
SELECT ARRAY[json_array_get('["a", 1]', 0)], MAP(ARRAY['k'], ARRAY[json_array_get('["a", 1]', 0)]), ROW(json_array_get('["a", 1]', 0))
SELECT json_array_length(json_array_get('["[1,2]", 1]', 0)), is_json_scalar(json_array_get('["1"]', 0))
SELECT count(*), json_array_get(x, 0) FROM (VALUES '["p", "q"]', '["p"]', '["r"]') t(x) GROUP BY 2 ORDER BY 2
SELECT DISTINCT json_array_get(x, 0) FROM (VALUES '["p", "q"]', '["p"]', '["r"]') t(x)
SELECT coalesce(json_array_get('["a"]', 0), JSON '1'), json_array_get('["a"]', 0) IS NULL, IF(true, json_array_get('["a"]', 0))
SELECT CAST(json_array_get('["a"]', 0) AS json), typeof(json_array_get('["a"]', 0))
SELECT element_at(CAST(json_parse('["a", "b"]') AS array(varchar)), 1), json_query('["a"]', 'lax $[0]'), json_value('["a"]', 'lax $[0]')
SELECT CAST(json_array_get('["a", 1]', 0) AS varchar)
SELECT count(*), json_array_get(x, 0) FROM (VALUES '["p", "q"]', '["p"]', '["r"]') t(x) GROUP BY 2 ORDER BY 2
SELECT MAP(ARRAY[1], ARRAY[2]), 3 ORDER BY 2, 1
SELECT x FROM (VALUES 2, 1) t(x) ORDER BY 1 DESC
