CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`parquet` (
  `id` string,
  `userid` bigint,
  `user_agent` string,
  `payload` struct<`a_b`:boolean>,
  `anything` string
)
STORED AS PARQUET
LOCATION 's3://bucket/parquet/'
TBLPROPERTIES (
  'classification' = 'parquet'
)
