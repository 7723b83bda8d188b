CREATE EXTERNAL TABLE `shop`.`registered` (
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
LOCATION 's3://bucket/registered/'
TBLPROPERTIES (
  'classification' = 'json'
)
