ALTER TABLE `shop`.`registered` DROP IF EXISTS
  PARTITION (`region` = 'it\'s', `year` = 2024, `day` = '2024-02-29', `customer` = 'a\\b'),
  PARTITION (`region` = 'it\'s', `year` = 2025, `day` = '2024-02-29', `customer` = 'a\\b')
