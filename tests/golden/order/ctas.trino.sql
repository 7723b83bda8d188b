CREATE TABLE "shop"."curated" WITH (
  format = 'PARQUET',
  external_location = 's3://bucket/curated/',
  partitioned_by = ARRAY['day'],
  write_compression = 'ZSTD'
) AS
SELECT
  "source"."event_id" AS "event_id",
  IF(NOT regexp_like(upper("source"."event_time"), 'T.*[+-](1[5-9]|2[0-9]|14:?0?[1-9])'), TRY(CAST(at_timezone(from_iso8601_timestamp(upper("source"."event_time")), 'UTC') AS timestamp(3)))) AS "event_time",
  "source"."order_id" AS "order_id",
  IF("source"."customer" IS NULL, NULL, CAST(ROW("source"."customer"."id", TRY_CAST("source"."customer"."birthdate" AS date), "source"."customer"."address") AS row("id" bigint, "birthdate" date, "address" row("street" varchar, "city" varchar)))) AS "customer",
  transform("source"."items", e1 -> IF(e1 IS NULL, NULL, CAST(ROW(e1."sku", e1."quantity", TRY_CAST(e1."price" AS decimal(9,2)), transform(e1."discounts", e2 -> IF(e2 IS NULL, NULL, CAST(ROW(e2."code", IF(NOT regexp_like(upper(e2."granted"), 'T.*[+-](1[5-9]|2[0-9]|14:?0?[1-9])'), TRY(CAST(at_timezone(from_iso8601_timestamp(upper(e2."granted")), 'UTC') AS timestamp(3))))) AS row("code" varchar, "granted" timestamp(3))))), e1."tags") AS row("sku" varchar, "quantity" bigint, "price" decimal(9,2), "discounts" array(row("code" varchar, "granted" timestamp(3))), "tags" array(varchar))))) AS "items",
  TRY_CAST("source"."total" AS decimal(9,2)) AS "total",
  "source"."labels" AS "labels",
  "source"."billing" AS "billing",
  "source"."day" AS "day"
FROM "shop"."events" AS "source"
WHERE "source"."day" IN ('2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-06', '2024-01-07', '2024-01-08', '2024-01-09', '2024-01-10', '2024-01-11', '2024-01-12', '2024-01-13', '2024-01-14', '2024-01-15', '2024-01-16', '2024-01-17', '2024-01-18', '2024-01-19', '2024-01-20', '2024-01-21', '2024-01-22', '2024-01-23', '2024-01-24', '2024-01-25', '2024-01-26', '2024-01-27', '2024-01-28', '2024-02-01', '2024-02-02', '2024-02-03', '2024-02-04', '2024-02-05', '2024-02-06', '2024-02-07', '2024-02-08', '2024-02-09', '2024-02-10', '2024-02-11', '2024-02-12', '2024-02-13', '2024-02-14', '2024-02-15', '2024-02-16', '2024-02-17', '2024-02-18', '2024-02-19', '2024-02-20', '2024-02-21', '2024-02-22', '2024-02-23', '2024-02-24', '2024-02-25', '2024-02-26', '2024-02-27', '2024-02-28', '2024-03-01', '2024-03-02', '2024-03-03', '2024-03-04', '2024-03-05', '2024-03-06', '2024-03-07', '2024-03-08', '2024-03-09', '2024-03-10', '2024-03-11', '2024-03-12', '2024-03-13', '2024-03-14', '2024-03-15', '2024-03-16', '2024-03-17', '2024-03-18', '2024-03-19', '2024-03-20', '2024-03-21', '2024-03-22', '2024-03-23', '2024-03-24', '2024-03-25', '2024-03-26', '2024-03-27', '2024-03-28', '2024-04-01', '2024-04-02', '2024-04-03', '2024-04-04', '2024-04-05', '2024-04-06', '2024-04-07', '2024-04-08', '2024-04-09', '2024-04-10', '2024-04-11', '2024-04-12', '2024-04-13', '2024-04-14', '2024-04-15', '2024-04-16')
