CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`ion` (
  `id` string,
  `userid` bigint,
  `user_agent` string,
  `payload` struct<`a_b`:boolean>,
  `anything` string
)
ROW FORMAT SERDE 'com.amazon.ionhiveserde.IonHiveSerDe'
WITH SERDEPROPERTIES (
  'ion.user_agent.path_extractor' = '(\'user-agent\')'
)
STORED AS INPUTFORMAT 'com.amazon.ionhiveserde.formats.IonInputFormat'
OUTPUTFORMAT 'com.amazon.ionhiveserde.formats.IonOutputFormat'
LOCATION 's3://bucket/ion/'
TBLPROPERTIES (
  'classification' = 'ion'
)
