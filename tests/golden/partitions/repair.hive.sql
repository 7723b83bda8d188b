MSCK REPAIR TABLE `shop`.`registered`
