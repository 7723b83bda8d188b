CREATE TABLE IF NOT EXISTS `shop`.`iceberg` (
  `event_id` string,
  `event_time` timestamp COMMENT 'When the order was confirmed.',
  `order_id` bigint,
  `customer` struct<`id`:bigint,`birthdate`:date,`address`:struct<`street`:string,`city`:string>>,
  `items` array<struct<`sku`:string,`quantity`:bigint,`price`:decimal(9,2),`discounts`:array<struct<`code`:string,`granted`:timestamp>>,`tags`:array<string>>>,
  `total` decimal(9,2),
  `labels` map<string,string>,
  `billing` struct<`street`:string,`city`:string>
)
PARTITIONED BY (
  day(`event_time`),
  bucket(16, `order_id`)
)
LOCATION 's3://bucket/iceberg/'
TBLPROPERTIES (
  'table_type' = 'ICEBERG',
  'format' = 'parquet'
)
