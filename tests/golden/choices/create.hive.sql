CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`events` (
  `event_time` timestamp,
  `birth_date` date,
  `tiny_number` tinyint,
  `int_number` int,
  `big_number` bigint,
  `huge_number` string,
  `any_number` bigint,
  `price` decimal(7,2),
  `ratio` double,
  `free` map<string,string>,
  `open` string,
  `untyped` string,
  `http_status` bigint,
  `http_status_2` bigint,
  `tree` struct<`left`:string>,
  `mixed` string
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES (
  'ignore.malformed.json' = 'true',
  'case.insensitive' = 'false',
  'mapping.event_time' = 'eventTime',
  'mapping.birth_date' = 'birthDate',
  'mapping.tiny_number' = 'tinyNumber',
  'mapping.int_number' = 'intNumber',
  'mapping.big_number' = 'bigNumber',
  'mapping.huge_number' = 'hugeNumber',
  'mapping.any_number' = 'anyNumber',
  'mapping.http_status' = 'HTTPStatus',
  'mapping.http_status_2' = 'httpStatus'
)
STORED AS TEXTFILE
LOCATION 's3://bucket/events/'
TBLPROPERTIES (
  'classification' = 'json'
)
