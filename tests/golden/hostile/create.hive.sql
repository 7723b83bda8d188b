CREATE EXTERNAL TABLE IF NOT EXISTS `shop`.`events` (
  `drop_table_x` string COMMENT '\'); DROP TABLE x; --',
  `it_s` string COMMENT 'a \\ b \\u0041 \\\'',
  `quoted` boolean,
  `back_slash_n` boolean,
  `line_break` string,
  `tab_here` string,
  `nul` string,
  `key` string,
  `key_2` string,
  `key_3` string,
  `e` string,
  `e_2` string,
  `select` string,
  `_id` string,
  `12` string,
  `a_b_2` string,
  `a_b_3` string,
  `a_b` string,
  `a_b_4` string,
  `a_b_5` string,
  `day` string,
  `nested` struct<`from`:string,`a_b_2`:bigint,`x_y_z_int`:string,`comment_x`:string>,
  `xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx` string COMMENT 'üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü…'
)
COMMENT 'It\'s `hostile`; -- DROP TABLE x\n/* \\u0027 */'
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES (
  'case.insensitive' = 'false',
  'mapping.drop_table_x' = '`); DROP TABLE x; --',
  'mapping.it_s' = 'it\'s',
  'mapping.quoted' = '"quoted"',
  'mapping.back_slash_n' = 'back\\slash\\n',
  'mapping.line_break' = 'line\nbreak',
  'mapping.tab_here' = 'tab\there',
  'mapping.nul' = 'nul\0',
  'mapping.key' = '',
  'mapping.key_2' = ' ',
  'mapping.key_3' = '😀',
  'mapping.e' = 'é',
  'mapping.e_2' = 'É',
  'mapping.a_b_2' = 'a-b',
  'mapping.a_b_3' = 'a.b',
  'mapping.a_b_4' = 'A_B',
  'mapping.a_b_5' = 'a|b',
  'mapping.day' = '${day}',
  'mapping.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
  'mapping.x_y_z_int' = 'x,y:z<int>',
  'mapping.comment_x' = 'COMMENT \'x\''
)
STORED AS TEXTFILE
LOCATION 's3://bucket/events/'
TBLPROPERTIES (
  'classification' = 'json'
)
