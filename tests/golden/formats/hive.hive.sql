CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`hive` (
  `id` string,
  `userid` bigint,
  `user_agent` string,
  `payload` struct<`a_b`:boolean>,
  `anything` string
)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
STORED AS TEXTFILE
LOCATION 's3://bucket/hive/'
TBLPROPERTIES (
  'classification' = 'json'
)
