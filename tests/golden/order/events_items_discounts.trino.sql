CREATE OR REPLACE VIEW "shop"."events_items_discounts" AS
SELECT
  "source"."event_id" AS "event_id",
  IF(NOT regexp_like(upper("source"."event_time"), 'T.*[+-](1[5-9]|2[0-9]|14:?0?[1-9])'), TRY(CAST(at_timezone(from_iso8601_timestamp(upper("source"."event_time")), 'UTC') AS timestamp(3)))) AS "event_time",
  "source"."order_id" AS "order_id",
  "source"."customer"."id" AS "customer_id",
  TRY_CAST("source"."customer"."birthdate" AS date) AS "customer_birthdate",
  "source"."customer"."address"."street" AS "customer_address_street",
  "source"."customer"."address"."city" AS "customer_address_city",
  TRY_CAST("source"."total" AS decimal(9,2)) AS "total",
  "source"."billing"."street" AS "billing_street",
  "source"."billing"."city" AS "billing_city",
  "source"."day" AS "day",
  "u1"."index" AS "items_index",
  "u1"."element"[1]."sku" AS "items_sku",
  "u1"."element"[1]."quantity" AS "items_quantity",
  TRY_CAST("u1"."element"[1]."price" AS decimal(9,2)) AS "items_price",
  "u2"."index" AS "items_discounts_index",
  "u2"."element"[1]."code" AS "items_discounts_code",
  IF(NOT regexp_like(upper("u2"."element"[1]."granted"), 'T.*[+-](1[5-9]|2[0-9]|14:?0?[1-9])'), TRY(CAST(at_timezone(from_iso8601_timestamp(upper("u2"."element"[1]."granted")), 'UTC') AS timestamp(3)))) AS "items_discounts_granted"
FROM "shop"."events" AS "source"
CROSS JOIN UNNEST(transform("source"."items", e -> ARRAY[e])) WITH ORDINALITY AS "u1" ("element", "index")
CROSS JOIN UNNEST(transform("u1"."element"[1]."discounts", e -> ARRAY[e])) WITH ORDINALITY AS "u2" ("element", "index")
