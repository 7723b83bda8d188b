DROP TABLE IF EXISTS `shop`.`registered`
