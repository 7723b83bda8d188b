CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`events` (
  `eventtime` string,
  `birthdate` string,
  `tinynumber` string,
  `intnumber` string,
  `bignumber` string,
  `hugenumber` string,
  `anynumber` string,
  `price` string,
  `ratio` string,
  `free` string,
  `open` struct<`a`:string>,
  `httpstatus` string,
  `httpstatus_2` string,
  `tree` struct<`left`:struct<`left`:struct<`left`:string>>>
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES (
  'case.insensitive' = 'false',
  'mapping.eventtime' = 'eventTime',
  'mapping.birthdate' = 'birthDate',
  'mapping.tinynumber' = 'tinyNumber',
  'mapping.intnumber' = 'intNumber',
  'mapping.bignumber' = 'bigNumber',
  'mapping.hugenumber' = 'hugeNumber',
  'mapping.anynumber' = 'anyNumber',
  'mapping.httpstatus' = 'HTTPStatus',
  'mapping.httpstatus_2' = 'httpStatus'
)
STORED AS TEXTFILE
LOCATION 's3://bucket/events/'
TBLPROPERTIES (
  'classification' = 'json'
)
