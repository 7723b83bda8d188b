CREATE OR REPLACE VIEW "shop"."events_flat" AS
SELECT
  "source"."event_id" AS "event_id",
  IF(NOT regexp_like(upper("source"."event_time"), 'T.*[+-](1[5-9]|2[0-9]|14:?0?[1-9])'), TRY(CAST(at_timezone(from_iso8601_timestamp(upper("source"."event_time")), 'UTC') AS timestamp(3)))) AS "event_time",
  "source"."order_id" AS "order_id",
  "source"."customer"."id" AS "customer_id",
  TRY_CAST("source"."customer"."birthdate" AS date) AS "customer_birthdate",
  "source"."customer"."address"."street" AS "customer_address_street",
  "source"."customer"."address"."city" AS "customer_address_city",
  transform("source"."items", e1 -> IF(e1 IS NULL, NULL, CAST(ROW(e1."sku", e1."quantity", TRY_CAST(e1."price" AS decimal(9,2)), transform(e1."discounts", e2 -> IF(e2 IS NULL, NULL, CAST(ROW(e2."code", IF(NOT regexp_like(upper(e2."granted"), 'T.*[+-](1[5-9]|2[0-9]|14:?0?[1-9])'), TRY(CAST(at_timezone(from_iso8601_timestamp(upper(e2."granted")), 'UTC') AS timestamp(3))))) AS row("code" varchar, "granted" timestamp(3))))), e1."tags") AS row("sku" varchar, "quantity" bigint, "price" decimal(9,2), "discounts" array(row("code" varchar, "granted" timestamp(3))), "tags" array(varchar))))) AS "items",
  TRY_CAST("source"."total" AS decimal(9,2)) AS "total",
  "source"."labels" AS "labels",
  "source"."billing"."street" AS "billing_street",
  "source"."billing"."city" AS "billing_city",
  "source"."day" AS "day"
FROM "shop"."events" AS "source"
