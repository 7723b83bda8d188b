SELECT
  count(*) AS "rows",
  count_if("event"."id" IS NULL AND "event"."who" IS NULL AND "event"."tags" IS NULL) AS "unreadable",
  count("event"."id") - count(DISTINCT "event"."id") AS "duplicates",
  count_if("event"."id" < 1) AS "check_0",
  min(CASE WHEN "event"."id" < 1 THEN "$path" END) AS "where_0",
  count_if("event"."who" NOT IN ('it''s')) AS "check_1",
  min(CASE WHEN "event"."who" NOT IN ('it''s') THEN "$path" END) AS "where_1",
  count_if(cardinality(array_distinct("event"."tags")) < cardinality("event"."tags")) AS "check_2",
  min(CASE WHEN cardinality(array_distinct("event"."tags")) < cardinality("event"."tags") THEN "$path" END) AS "where_2",
  count_if(any_match("event"."tags", v1 -> NOT regexp_like(v1, '\A[0-9]{1,}\z'))) AS "check_3",
  min(CASE WHEN any_match("event"."tags", v1 -> NOT regexp_like(v1, '\A[0-9]{1,}\z')) THEN "$path" END) AS "where_3",
  count_if("event"."id" IS NULL) AS "check_4",
  min(CASE WHEN "event"."id" IS NULL THEN "$path" END) AS "where_4"
FROM "audits"."t" AS "event"
WHERE "event"."dt" >= '2026-03-01'
