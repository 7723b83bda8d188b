CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`projected` (
  `id` string,
  `n` double
)
PARTITIONED BY (
  `region` string,
  `year` int,
  `day` date,
  `customer` string
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
STORED AS TEXTFILE
LOCATION 's3://bucket/projected/'
TBLPROPERTIES (
  'classification' = 'json',
  'projection.enabled' = 'true',
  'projection.region.type' = 'enum',
  'projection.region.values' = 'eu,us west',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2020,2030',
  'projection.year.digits' = '4',
  'projection.day.type' = 'date',
  'projection.day.range' = 'NOW-3YEARS,NOW',
  'projection.day.format' = 'yyyy-MM-dd',
  'projection.day.interval' = '1',
  'projection.day.interval.unit' = 'DAYS',
  'projection.customer.type' = 'injected'
)
