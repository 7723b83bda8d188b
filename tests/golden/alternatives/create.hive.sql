CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`events` (
  `nullable` bigint,
  `widened` double,
  `mixed` string,
  `object_or_text` string,
  `merged` struct<`kind`:string,`size`:double,`name`:string>,
  `all` struct<`id`:string,`extra`:boolean>,
  `conditional` struct<`country`:string,`zip`:string,`postcode`:string>,
  `recursive` struct<`value`:string,`children`:array<struct<`value`:string,`children`:array<struct<`value`:string,`children`:array<string>>>>>>,
  `tuple` array<double>,
  `mixed_tuple` array<string>,
  `list` array<string>,
  `free` string,
  `map` map<string,bigint>,
  `patterns` map<string,string>,
  `open` struct<`a`:string>,
  `untyped` string,
  `enum` string,
  `enum_mixed` string,
  `const` struct<`a`:boolean>,
  `huge` string,
  `nothing` string,
  `dependent` struct<`a`:bigint,`b`:bigint>
)
COMMENT 'Every way in which a schema offers a choice.'
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
STORED AS TEXTFILE
LOCATION 's3://bucket/events/'
TBLPROPERTIES (
  'classification' = 'json'
)
