-- decimals: averages, quotients, products, and what is made of them
select avg(x)*DECIMAL '1.2', avg(x), avg(distinct x), avg(x) filter (where x > 3) from (values DECIMAL '1.25', DECIMAL '2.11', DECIMAL '3.11') t(x)
select sum(x)/DECIMAL '1.2', avg(x) over (order by x) from (values DECIMAL '1.25', DECIMAL '2.11') t(x) group by x
select avg(sum(x)) over (partition by y), avg(sum(x)) over () from (values (1,DECIMAL '1.25'), (1,DECIMAL '2.11'),(2,DECIMAL '-2.11')) t(y,x) group by y, x
select avg(x) from (values DECIMAL '1.25') t(x) where x > 4
select avg(x), avg(-x) from (values DECIMAL '1', DECIMAL '2', null) t(x)
select try(avg(x)*DECIMAL '1.2') from (values DECIMAL '1.25') t(x)
select DECIMAL '99999999999999999999' * DECIMAL '99999999999999999999'
select DECIMAL '12.5' * 3, DECIMAL '12.5' * smallint '3' , -DECIMAL '1' * DECIMAL '0.001'
select DECIMAL '1' / DECIMAL '3', DECIMAL '2' / 3, -DECIMAL '2.5' / DECIMAL '0.3', DECIMAL '0.1' / DECIMAL '-7'
select DECIMAL '12345678901234567890.123456789' / DECIMAL '0.000001'
select DECIMAL '12345678901234567890123456789012345678' / DECIMAL '0.1'
select DECIMAL '0.00000000000000000001' * DECIMAL '0.00000000000000000001'
select DECIMAL '0.00000000000000000001' * DECIMAL '1.00000000000000000'
select DECIMAL '1' / DECIMAL '0'
select try(DECIMAL '1' / DECIMAL '0'), try(DECIMAL '1' % DECIMAL '0')
select x / DECIMAL '7' / DECIMAL '3' / DECIMAL '11' / DECIMAL '3.5' / 7 / 9 from (values DECIMAL '123456.78') t(x)
select transform(array[DECIMAL '1.5', DECIMAL '2.25'], x -> x / 3 * DECIMAL '1.1')
select x / y as z, count(*) from (values (DECIMAL '1.5', DECIMAL '0.5'), (DECIMAL '3', DECIMAL '1')) t(x, y) group by x / y order by x / y
select rank() over (partition by y / 2 order by sum(x) / sum(y) desc), sum(x) / sum(y) from (values (DECIMAL '1.5', DECIMAL '0.5'), (DECIMAL '3', DECIMAL '1.0'), (DECIMAL '3', DECIMAL '2')) t(x, y) group by y order by 1, 2
select rank() over (order by x / y) from (values (1, 1), (2, 0)) t(x, y)
select rank() over (order by cast(x as integer), date(x) ) from (values '1', '2') t(x)
select row_number() over (order by cast(x as integer) desc) from (values '1', '2') t(x)
select row_number() over (order by cast(x as integer) desc) from (values '1', 'a') t(x)
select sum(cast(x as integer)) over (partition by cast(y as date) order by date_parse(y, '%Y-%m-%d') ) from (values ('1', '2024-01-01'), ('3', '2024-01-01')) t(x, y)
select avg(x) from (values DECIMAL '10.005', DECIMAL '10.006', DECIMAL '-10.000') t(x)
select array_agg(x order by x / y) from (values (DECIMAL '1.5', DECIMAL '0.5'), (DECIMAL '3', DECIMAL '2')) t(x, y)
select y from (values (DECIMAL '1.5', 1), (DECIMAL '3', 2)) t(x, y) group by y having avg(x) / 2 > DECIMAL '1' order by avg(x) / 3
select y, avg(x) over (partition by y) / 2 from (values (DECIMAL '1.5', 1), (DECIMAL '3', 2)) t(x, y) order by x / 2
select avg(x) from (values (DECIMAL '1.5', 1), (DECIMAL '3', 2)) t(x, y) having avg(x) > (select avg(z) / 2 from (values DECIMAL '1.0') u(z))
SELECT DECIMAL '9999999999.99' * DECIMAL '9999999999.99', typeof(DECIMAL '9999999999.99' * 10)
SELECT i, TRY(x * x) FROM (VALUES (0, DECIMAL '0.00'), (4, DECIMAL '12345678.99'), (5, NULL)) t(i, x) ORDER BY i
select x / DECIMAL '1.0', x / y, avg(x) over () from (values (DECIMAL '12345678901.234567', DECIMAL '0.000007')) t(x, y)
select sum(x) * DECIMAL '1.5', sum(x) * 2, sum(x) * sum(x), sum(x) / count(*) from (values DECIMAL '12345678901.234567') t(x)
-- what may refuse a row, beside conditions that leave it out
select v from (values ('1', 3), ('x', 9)) t(v, n) where n < 5 and cast(v as integer) > 0
select x from unnest(sequence(1, 10)) t(x) where x < 5 and case when x > 5 then cast('a' || cast(x as varchar) as integer) else 1 end > 0
select x from unnest(sequence(1, 10)) t(x) where x <> 5 and 10 / (x - 5) > 0
select a.v from (values ('1', 3), ('x', 9)) a(v, n), (values 1) b(w) where a.n < 5 and cast(a.v as integer) = b.w
select v from (values ('1', 3), ('x', 9)) t(v, n) where n < 5 or cast(v as integer) > 0
with g as (select * from (values ('1', 3), ('x', 9)) t(v, n) where n < 5) select cast(v as integer) i from g where cast(v as integer) = 1
select try(cast(v as integer)), coalesce(try(cast(v as integer)), -1), try(cast(v as integer) + 1) from (values '1', 'x') t(v)
select try(json_parse(v)), try(date_parse(v, '%Y')), try(v || cast(cast(v as integer) as varchar)) from (values '1', 'x') t(v)
select cast('it''s "a"' as integer)
-- as reports over several tables have them: comma joins, correlated averages, lags of sums, windows over groups
WITH i(id, category, price) AS (VALUES (1, 'a', DECIMAL '10.50'), (2, 'a', DECIMAL '2.25'), (3, 'b', DECIMAL '7.00'), (4, 'b', DECIMAL '7.10')), s(item, day, paid) AS (VALUES (1, DATE '2024-01-01', DECIMAL '9.99'), (1, DATE '2024-02-01', DECIMAL '19.99'), (3, DATE '2024-01-15', DECIMAL '6.50'), (4, DATE '2024-03-01', DECIMAL '7.10')) SELECT i.category, count(*) cnt FROM s, i WHERE s.item = i.id AND s.day >= CAST('2024-01-01' AS date) AND i.price > DECIMAL '1.2' * (SELECT avg(j.price) FROM i j WHERE j.category = i.category) GROUP BY i.category ORDER BY cnt, i.category
WITH s(item, day, paid) AS (VALUES (1, DATE '2024-01-01', DECIMAL '9.99'), (1, DATE '2024-02-01', DECIMAL '19.99'), (1, DATE '2024-03-01', DECIMAL '4.00'), (3, DATE '2024-01-15', DECIMAL '6.50'), (3, DATE '2024-02-01', DECIMAL '7.10')), v1 AS (SELECT item, month(day) m, sum(paid) total, avg(sum(paid)) OVER (PARTITION BY item) mean, rank() OVER (PARTITION BY item ORDER BY month(day)) rn FROM s GROUP BY item, month(day)) SELECT v1.item, v1.m, v1.mean, v1.total, before.total psum, after.total nsum FROM v1, v1 before, v1 after WHERE v1.item = before.item AND v1.item = after.item AND v1.rn = before.rn + 1 AND v1.rn = after.rn - 1 AND CASE WHEN v1.mean > 0 THEN abs(v1.total - v1.mean) / v1.mean ELSE NULL END > DECIMAL '0.1' ORDER BY 1, 2
WITH s(cat, cls, net, paid) AS (VALUES ('a', 'x', DECIMAL '1.10', DECIMAL '9.99'), ('a', 'y', DECIMAL '-2.00', DECIMAL '19.99'), ('b', 'x', DECIMAL '0.50', DECIMAL '4.00')) SELECT sum(net) / sum(paid) margin, cat, cls, grouping(cat, cls) lochierarchy, rank() OVER (PARTITION BY grouping(cat, cls), CASE WHEN grouping(cls) = 0 THEN cat END ORDER BY sum(net) / sum(paid) ASC) place FROM s GROUP BY ROLLUP (cat, cls) ORDER BY lochierarchy DESC, CASE WHEN grouping(cat, cls) = 0 THEN cat END, place, cat, cls
WITH a(k, n) AS (VALUES ('x', 10), ('y', 20)), b(k, n) AS (VALUES ('x', 11), ('y', 40)), c(k, n) AS (VALUES ('x', 9), ('y', 30)) SELECT a.k, a.n / (DECIMAL '1.0' * (a.n + b.n + c.n)) / 3 * 100 da, b.n / ((a.n + b.n + c.n) / DECIMAL '3.0') * 100 db, (a.n + b.n + c.n) / DECIMAL '3.0' mean FROM a, b, c WHERE a.k = b.k AND a.k = c.k AND a.n BETWEEN DECIMAL '0.9' * b.n AND DECIMAL '1.1' * b.n AND a.n BETWEEN DECIMAL '0.9' * c.n AND DECIMAL '1.2' * c.n ORDER BY a.k
SELECT "t"."region" AS "region", date_trunc('month', "t"."day") AS "day", sum("t"."paid") AS "sum", count(DISTINCT "t"."who") AS "count" FROM (SELECT "source"."region" AS "region", "source"."day" AS "day", "source"."paid" AS "paid", "source"."who" AS "who" FROM (VALUES ('eu', DATE '2024-01-05', DECIMAL '1.50', 'a'), ('eu', DATE '2024-01-09', DECIMAL '2.50', 'b'), ('us', DATE '2024-02-01', DECIMAL '3.00', 'a')) AS "source" ("region", "day", "paid", "who")) AS "t" WHERE "t"."day" >= CAST('2024-01-01' AS date) AND "t"."region" IN ('eu', 'us', 'jp') GROUP BY "t"."region", date_trunc('month', "t"."day") ORDER BY "t"."region" ASC, date_trunc('month', "t"."day") ASC LIMIT 1048575
SELECT CAST('2024-02-29' AS date), CAST('2024-02-29 01:02:03.5' AS timestamp), CAST('2024-02-29 01:02:03.123456' AS timestamp(6)), CAST('2024-02-29' AS timestamp), CAST('-12' AS integer), CAST('+7' AS bigint), CAST('1.50' AS double), CAST('2024-02-29 01:02:03.123456' AS timestamp(0))
SELECT CAST('2023-02-29' AS date)
