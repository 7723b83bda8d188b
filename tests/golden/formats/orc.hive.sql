CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`orc` (
  `id` string,
  `userid` bigint,
  `user_agent` string,
  `payload` struct<`a_b`:boolean>,
  `anything` string
)
STORED AS ORC
LOCATION 's3://bucket/orc/'
TBLPROPERTIES (
  'classification' = 'orc'
)
