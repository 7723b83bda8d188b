CREATE DATABASE IF NOT EXISTS `shop` COMMENT 'It\'s ours' LOCATION 's3://bucket/shop/'
