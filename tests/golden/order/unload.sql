UNLOAD (
SELECT "event_id", "event_time", "order_id", "customer", "items", "total", "labels", "billing", "day"
FROM "shop"."curated"
)
TO 's3://bucket/out/'
WITH (format = 'PARQUET', compression = 'ZSTD', partitioned_by = ARRAY['day'])
