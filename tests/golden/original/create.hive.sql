CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`events` (
  `eid` string COMMENT 'An explanation about the purpose of this instance.',
  `documentnumber` string,
  `name` string,
  `age` bigint,
  `address` struct<`street`:string,`number`:bigint,`mailaddress`:boolean>
)
COMMENT 'The root schema comprises the entire JSON document.'
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
STORED AS TEXTFILE
LOCATION 's3://bucket/events/'
TBLPROPERTIES (
  'classification' = 'json'
)
