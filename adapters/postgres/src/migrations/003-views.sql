-- What BI tools ask. No personal data is in these views but in `lead_body`, which has a right of its own. A time is a
-- timestamptz, money a numeric, a day of the plan's zone a date; the columns are described in docs/postgres.md.

-- What was sold, each buyer by itself.
CREATE VIEW sales AS
SELECT o.tenant, o.id AS delivery, o.source, o.lead, o.n, o.buyer, o.contract, o.price::numeric / 10000 AS price,
  to_timestamp(i.at / 1000.0) AS sold_at, o.state AS delivery_state
FROM outbox o LEFT JOIN decided i ON i.tenant = o.tenant AND i.lead = o.lead AND i.source = o.source AND i.n = o.n;

-- What was decided, one row a decision.
CREATE VIEW leads AS
SELECT tenant, seq, source, lead, n, outcome, to_timestamp(at / 1000.0) AS decided_at,
  to_timestamp(requested_at / 1000.0) AS requested_at, plan, digest, inner_hash IS NOT NULL AS erased, at AS at_ms
FROM decision;

-- The lead as it came and what was decided about it, as JSON: personal data.
CREATE VIEW lead_body AS
SELECT tenant, seq, source, lead, n, at AS at_ms, convert_from(input, 'UTF8') AS input, convert_from(body, 'UTF8') AS body
FROM decision;

-- What is to be delivered, and how far it is.
CREATE VIEW deliveries AS
SELECT tenant, id AS delivery, key, source, lead, n, buyer, contract, price::numeric / 10000 AS price, state, attempts,
  to_timestamp(since / 1000.0) AS since, to_timestamp(due_at / 1000.0) AS due_at,
  to_timestamp(claimed_until / 1000.0) AS claimed_until
FROM outbox;

-- Each attempt to deliver.
CREATE VIEW delivery_attempts AS
SELECT tenant, outbox AS delivery, n AS attempt, to_timestamp(started_at / 1000.0) AS started_at,
  to_timestamp(ended_at / 1000.0) AS ended_at, (ended_at - started_at)::numeric / 1000 AS seconds, class, status,
  to_timestamp(retry_at / 1000.0) AS retry_at, started_at AS started_at_ms
FROM attempt;

-- Reports by day. A lead is a row of its source and outcome without a contract, a sale one of its contract: so each column
-- can be summed. `date` is the same as `day` as a text, and found by an index.
CREATE VIEW report_day AS
SELECT tenant, date, date::date AS day, source, outcome, nullif(contract, '') AS contract,
  CASE contract WHEN '' THEN leads ELSE 0 END AS leads, CASE contract WHEN '' THEN 0 ELSE leads END AS sales,
  CASE contract WHEN '' THEN 0 ELSE revenue::numeric / 10000 END AS revenue,
  CASE contract WHEN '' THEN 0 ELSE payout::numeric / 10000 END AS payout,
  CASE contract WHEN '' THEN 0 ELSE (revenue - payout)::numeric / 10000 END AS margin
FROM rollup_day;

-- The same by quarter of an hour of the plan's zone.
CREATE VIEW report_quarter AS
SELECT tenant, date, date::date AS day, date::timestamp + slot * interval '15 minutes' AS quarter, source, outcome,
  nullif(contract, '') AS contract,
  CASE contract WHEN '' THEN leads ELSE 0 END AS leads, CASE contract WHEN '' THEN 0 ELSE leads END AS sales,
  CASE contract WHEN '' THEN 0 ELSE revenue::numeric / 10000 END AS revenue,
  CASE contract WHEN '' THEN 0 ELSE payout::numeric / 10000 END AS payout,
  CASE contract WHEN '' THEN 0 ELSE (revenue - payout)::numeric / 10000 END AS margin
FROM rollup;

-- The error ledger: shapes, and no values.
CREATE VIEW problems AS
SELECT tenant, fingerprint, code, path, source, severity::json #>> '{}' AS severity, count,
  to_timestamp(first_at / 1000.0) AS first_at, to_timestamp(last_at / 1000.0) AS last_at, state, shape, expected, said_by,
  reason
FROM problem_group;

-- The money ledger, by day. A debit above zero is owed to us, one below zero by us.
CREATE VIEW money_day AS
SELECT tenant, account, date::date AS day, kind, nullif(contract, '') AS contract, nullif(source, '') AS source, count,
  debit::numeric / 10000 AS debit
FROM ledger_day;

-- What caps have counted, where a count is not zero.
CREATE VIEW caps_used AS SELECT tenant, key, used FROM counter WHERE used <> 0;

-- Leads that wait to be decided again.
CREATE VIEW waiting_leads AS
SELECT tenant, source, lead, n, why, tries, to_timestamp(since / 1000.0) AS since, to_timestamp(due / 1000.0) AS due,
  to_timestamp(until / 1000.0) AS until
FROM waiting;
