CREATE TABLE "shop"."iceberg" WITH (
  table_type = 'ICEBERG',
  is_external = false,
  location = 's3://bucket/iceberg/',
  format = 'PARQUET',
  partitioning = ARRAY['day(event_time)', 'bucket(16, order_id)']
) AS
SELECT
  "source"."event_id" AS "event_id",
  IF(NOT regexp_like(upper("source"."event_time"), 'T.*[+-](1[5-9]|2[0-9]|14:?0?[1-9])'), TRY(CAST(at_timezone(from_iso8601_timestamp(upper("source"."event_time")), 'UTC') AS timestamp(6)))) AS "event_time",
  "source"."order_id" AS "order_id",
  IF("source"."customer" IS NULL, NULL, CAST(ROW("source"."customer"."id", TRY_CAST("source"."customer"."birthdate" AS date), "source"."customer"."address") AS row("id" bigint, "birthdate" date, "address" row("street" varchar, "city" varchar)))) AS "customer",
  transform("source"."items", e1 -> IF(e1 IS NULL, NULL, CAST(ROW(e1."sku", e1."quantity", TRY_CAST(e1."price" AS decimal(9,2)), transform(e1."discounts", e2 -> IF(e2 IS NULL, NULL, CAST(ROW(e2."code", IF(NOT regexp_like(upper(e2."granted"), 'T.*[+-](1[5-9]|2[0-9]|14:?0?[1-9])'), TRY(CAST(at_timezone(from_iso8601_timestamp(upper(e2."granted")), 'UTC') AS timestamp(6))))) AS row("code" varchar, "granted" timestamp(6))))), e1."tags") AS row("sku" varchar, "quantity" bigint, "price" decimal(9,2), "discounts" array(row("code" varchar, "granted" timestamp(6))), "tags" array(varchar))))) AS "items",
  TRY_CAST("source"."total" AS decimal(9,2)) AS "total",
  "source"."labels" AS "labels",
  "source"."billing" AS "billing"
FROM "shop"."events" AS "source"
