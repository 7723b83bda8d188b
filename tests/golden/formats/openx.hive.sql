CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`openx` (
  `id` string,
  `userid` bigint,
  `user_agent` string,
  `payload` struct<`a_b`:boolean>,
  `anything` string
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES (
  'mapping.user_agent' = 'user-agent',
  'mapping.a_b' = 'a.b'
)
STORED AS TEXTFILE
LOCATION 's3://bucket/openx/'
TBLPROPERTIES (
  'classification' = 'json'
)
