"""The tables and queries of Athena's guide for the logs of AWS services, over a line or two of each."""

import gzip
import json

import pytest


@pytest.fixture(scope="module")
def logs(athena):
    athena.run("CREATE DATABASE logs")
    return athena


REGEX = (
    "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe' "
    "WITH SERDEPROPERTIES ('serialization.format' = '1', 'input.regex' = "
)
OPENX = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'"
IGNORE_KEY = "OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'"
TEXT = f"STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat' {IGNORE_KEY}"


# https://docs.aws.amazon.com/athena/latest/ug/vpc-flow-logs-partition-projection.html
def test_vpc_flow_logs(logs):
    logs.put(
        "vpc/AWSLogs/1/vpcflowlogs/us-east-1/2021/01/20/a.log.gz",
        gzip.compress(
            b"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action status\n"
            b"2 1 eni-1 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK\n"
            b"2 1 eni-1 10.0.0.1 172.31.9.12 49761 3389 6 20 4250 1418530010 1418530070 REJECT OK\n"
            b"2 1 eni-1 - - - - - - - 1431280876 1431280934 - NODATA\n"
        ),
    )
    logs.run(
        """CREATE EXTERNAL TABLE IF NOT EXISTS logs.vpc (
  version int, account_id string, interface_id string, srcaddr string, dstaddr string, srcport int, dstport int,
  protocol bigint, packets bigint, bytes bigint, start bigint, `end` bigint, action string, log_status string
)
PARTITIONED BY (accid string, region string, day string)
ROW FORMAT DELIMITED
FIELDS TERMINATED BY ' '
LOCATION 's3://lake/vpc/AWSLogs/'
TBLPROPERTIES
(
"skip.header.line.count"="1",
"projection.enabled" = "true",
"projection.accid.type" = "enum",
"projection.accid.values" = "1,2",
"projection.region.type" = "enum",
"projection.region.values" = "us-east-1,us-west-2",
"projection.day.type" = "date",
"projection.day.range" = "2021/01/01,2021/02/01",
"projection.day.format" = "yyyy/MM/dd",
"storage.location.template" = "s3://lake/vpc/AWSLogs/${accid}/vpcflowlogs/${region}/${day}"
)"""
    )
    where = "WHERE day BETWEEN '2021/01/20' AND '2021/01/21'"
    assert logs.rows(
        f'SELECT action, sum(bytes), max(from_unixtime("end")) FROM logs.vpc {where} GROUP BY action ORDER BY 2 DESC NULLS LAST'
    ) == [
        ("REJECT", "4250", "2014-12-14 04:07:50.000 UTC"),
        ("ACCEPT", "4249", "2014-12-14 04:07:50.000 UTC"),
        ("-", None, "2015-05-10 18:02:14.000 UTC"),
    ]
    assert logs.rows(
        f"SELECT srcaddr, contains('10.0.0.0/8', TRY_CAST(srcaddr AS ipaddress)) FROM logs.vpc {where} ORDER BY start, 1"
    ) == [("10.0.0.1", "true"), ("172.31.16.139", "false"), ("-", None)]


# https://docs.aws.amazon.com/athena/latest/ug/elasticloadbalancer-classic-logs.html
def test_classic_load_balancer_logs(logs):
    logs.put(
        "clb/a.log",
        "2015-05-13T23:39:43.945958Z my-loadbalancer 192.168.131.39:2817 10.0.0.1:80 0.000073 0.001048 0.000057 200 200 0 29 "
        '"GET http://www.example.com:80/ HTTP/1.1" "curl/7.38.0" - -\n',
    )
    logs.run(
        r"""CREATE EXTERNAL TABLE IF NOT EXISTS logs.clb (
 timestamp string, elb_name string, request_ip string, request_port int, backend_ip string, backend_port int,
 request_processing_time double, backend_processing_time double, client_response_time double, elb_response_code string,
 backend_response_code string, received_bytes bigint, sent_bytes bigint, request_verb string, url string, protocol string,
 user_agent string, ssl_cipher string, ssl_protocol string
)
"""
        + REGEX
        + r"""'([^ ]*) ([^ ]*) ([^ ]*):([0-9]*) ([^ ]*)[:-]([0-9]*) ([-.0-9]*) ([-.0-9]*) """
        + r"""([-.0-9]*) (|[-0-9]*) (-|[-0-9]*) ([-0-9]*) ([-0-9]*)"""
        + r""" \\\"([^ ]*) ([^ ]*) (- |[^ ]*)\\\" (\"[^\"]*\") ([A-Z0-9-]+) ([A-Za-z0-9.-]*)$'
)
LOCATION 's3://lake/clb/';"""
    )
    assert logs.rows(
        "SELECT timestamp, backend_ip, backend_processing_time, request_verb, user_agent FROM logs.clb"
    ) == [("2015-05-13T23:39:43.945958Z", "10.0.0.1", "0.001048", "GET", '"curl/7.38.0"')]


# https://docs.aws.amazon.com/athena/latest/ug/waf-logs.html
def test_waf_logs(logs):
    event = {
        "timestamp": 1592425200000,
        "action": "BLOCK",
        "httpRequest": {
            "clientIp": "192.0.2.1",
            "headers": [{"name": "Host", "value": "localhost"}, {"name": "X", "value": ""}],
        },
        "labels": [],
    }
    logs.put("waf/a.json", json.dumps(event))
    logs.run(
        f"""CREATE EXTERNAL TABLE logs.waf (`timestamp` bigint, `action` string,
        `httprequest` struct<clientip:string,headers:array<struct<name:string,value:string>>>, labels array<struct<name:string>>)
        {OPENX} {TEXT} LOCATION 's3://lake/waf/'"""
    )
    assert logs.rows(
        """WITH test_dataset AS (SELECT header FROM logs.waf CROSS JOIN UNNEST(httprequest.headers) AS t(header))
        SELECT COUNT(*) FROM test_dataset WHERE LOWER(header.name)='host' AND header.value LIKE '%local%'"""
    ) == [("1",)]
    assert logs.rows(
        """SELECT label_items.name AS label, from_unixtime(timestamp/1000, 'America/New_York') FROM logs.waf CROSS JOIN UNNEST(
        CASE WHEN cardinality(labels) >= 1 THEN labels ELSE array[cast(row('NOLABEL') as row(name varchar))] END
        ) AS u (label_items)"""
    ) == [("NOLABEL", "2020-06-17 16:20:00.000 America/New_York")]


# https://docs.aws.amazon.com/athena/latest/ug/cloudtrail-logs.html
@pytest.mark.parametrize(
    "serde", ["org.apache.hive.hcatalog.data.JsonSerDe", "com.amazon.emr.hive.serde.CloudTrailSerde"]
)
def test_cloudtrail_logs(logs, serde):
    record = {
        "userIdentity": {"arn": "arn:alice", "sessionContext": {"attributes": {"mfaAuthenticated": "false"}}},
        "eventTime": "2014-03-06T21:22:54Z",
        "eventName": "StartInstances",
        "requestParameters": {"instancesSet": {"items": [{"instanceId": "i-1"}]}},
        "resources": [{"ARN": "arn:bucket", "accountId": "1", "type": "AWS::S3::Bucket"}],
    }
    logs.put(
        "trail/a.json.gz", gzip.compress(json.dumps({"Records": [record, record | {"eventName": "Login"}]}).encode())
    )
    logs.run("DROP TABLE IF EXISTS logs.trail")
    logs.run(
        f"""CREATE EXTERNAL TABLE logs.trail (
        useridentity STRUCT<arn: STRING, sessioncontext: STRUCT<attributes: STRUCT<mfaauthenticated: STRING>>>,
        eventtime STRING, eventname STRING, requestparameters STRING,
        resources ARRAY<STRUCT<arn: STRING, accountid: STRING, type: STRING>>)
        ROW FORMAT SERDE '{serde}' STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'
        OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat' LOCATION 's3://lake/trail/'"""
    )
    assert logs.rows(
        """SELECT useridentity.arn, useridentity.sessioncontext.attributes.mfaauthenticated, from_iso8601_timestamp(eventtime),
        json_extract_scalar(requestparameters, '$.instancesSet.items[0].instanceId'), r.type
        FROM logs.trail CROSS JOIN UNNEST(resources) AS t(r) WHERE eventname = 'Login'"""
    ) == [("arn:alice", "false", "2014-03-06 21:22:54.000 UTC", "i-1", "AWS::S3::Bucket")]
