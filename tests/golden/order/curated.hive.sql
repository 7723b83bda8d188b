CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`curated` (
  `event_id` string,
  `event_time` timestamp COMMENT 'When the order was confirmed.',
  `order_id` bigint,
  `customer` struct<`id`:bigint,`birthdate`:date,`address`:struct<`street`:string,`city`:string>>,
  `items` array<struct<`sku`:string,`quantity`:bigint,`price`:decimal(9,2),`discounts`:array<struct<`code`:string,`granted`:timestamp>>,`tags`:array<string>>>,
  `total` decimal(9,2),
  `labels` map<string,string>,
  `billing` struct<`street`:string,`city`:string>
)
COMMENT 'One order, as the customer confirmed it.\nIts amounts are in the order\'s currency.'
PARTITIONED BY (
  `day` string
)
STORED AS PARQUET
LOCATION 's3://bucket/curated/'
TBLPROPERTIES (
  'classification' = 'parquet'
)
