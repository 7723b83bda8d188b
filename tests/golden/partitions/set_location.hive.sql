ALTER TABLE `shop`.`registered` PARTITION (`region` = 'it\'s', `year` = 2024, `day` = '2024-02-29', `customer` = 'a\\b') SET LOCATION 's3://bucket/elsewhere/'
