ALTER TABLE `shop`.`registered` ADD IF NOT EXISTS
  PARTITION (`region` = 'it\'s', `year` = 2024, `day` = '2024-02-29', `customer` = 'a\\b') LOCATION 's3://bucket/elsewhere/'
  PARTITION (`region` = 'it\'s', `year` = 2025, `day` = '2024-02-29', `customer` = 'a\\b')
