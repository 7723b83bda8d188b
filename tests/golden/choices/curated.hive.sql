CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`events` (
  `eventtime` timestamp,
  `birthdate` date,
  `tinynumber` bigint,
  `intnumber` bigint,
  `bignumber` bigint,
  `hugenumber` decimal(20,0),
  `anynumber` bigint,
  `price` decimal(7,2),
  `ratio` double,
  `free` string,
  `open` struct<`a`:string>,
  `untyped` string COMMENT 'Anything.',
  `httpstatus` bigint,
  `httpstatus_2` bigint,
  `tree` struct<`left`:struct<`left`:struct<`left`:string>>>,
  `mixed` string
)
STORED AS ORC
LOCATION 's3://bucket/events/'
TBLPROPERTIES (
  'classification' = 'orc'
)
