CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`events` (
  `event_id` string,
  `event_time` string COMMENT 'When the order was confirmed.',
  `order_id` bigint,
  `customer` struct<`id`:bigint,`birthdate`:string,`address`:struct<`street`:string,`city`:string>>,
  `items` array<struct<`sku`:string,`quantity`:bigint,`price`:double,`discounts`:array<struct<`code`:string,`granted`:string>>,`tags`:array<string>>>,
  `total` double,
  `labels` map<string,string>,
  `billing` struct<`street`:string,`city`:string>
)
COMMENT 'One order, as the customer confirmed it.\nIts amounts are in the order\'s currency.'
PARTITIONED BY (
  `day` string
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
STORED AS TEXTFILE
LOCATION 's3://bucket/events/'
TBLPROPERTIES (
  'classification' = 'json',
  'projection.enabled' = 'true',
  'projection.day.type' = 'date',
  'projection.day.range' = '2024-01-01,NOW',
  'projection.day.format' = 'yyyy-MM-dd',
  'storage.location.template' = 's3://bucket/events/${day}/'
)
