-- Three roles, each with what it needs. Whoever may create roles runs this once before the tables are made, and again after
-- every change of the tables' version; it may be run as often as one likes. Passwords are set afterwards (\password), or a
-- login of yours becomes a member: GRANT leadwright_writer TO router1.
--
--   leadwright_owner    makes and changes the tables, and keeps them: opens with `migrate`, runs `store keep`
--   leadwright_writer   decides, delivers, operates, forgets: no DDL, and deletes only what is meant to be deleted
--   leadwright_reader   reports, events and views: nothing of a person. Who may see leads: GRANT SELECT ON lead_body TO …
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['leadwright_owner', 'leadwright_writer', 'leadwright_reader'] LOOP
    BEGIN
      EXECUTE format('CREATE ROLE %I LOGIN', role);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END LOOP;
END $$;
CREATE SCHEMA IF NOT EXISTS leadwright AUTHORIZATION leadwright_owner;
GRANT USAGE ON SCHEMA leadwright TO leadwright_writer, leadwright_reader;

DO $$
BEGIN
  IF to_regclass('leadwright.migration') IS NULL THEN
    RAISE NOTICE 'the tables are not there yet: open the store as leadwright_owner, then run this again';
    RETURN;
  END IF;
  SET LOCAL search_path = leadwright;

  GRANT SELECT ON migration TO leadwright_writer;
  GRANT SELECT, INSERT ON plan, decided, event, ledger_entry, statement TO leadwright_writer;
  GRANT SELECT, INSERT, DELETE ON claim, request_key TO leadwright_writer;
  GRANT SELECT, INSERT, UPDATE ON clock, decision, counter, moment, turn_group, outbox, attempt, dead_letter, subscriber,
    rollup, rollup_day, problem_group, reservation, ledger_day, cap_budget, cap_lease, cap_purse TO leadwright_writer;
  GRANT SELECT, INSERT, UPDATE, DELETE ON setting, waiting TO leadwright_writer;

  GRANT SELECT ON migration, plan, clock, counter, moment, turn_group, outbox, attempt, dead_letter, event, subscriber,
    setting, waiting, rollup, rollup_day, problem_group, reservation, ledger_day, ledger_entry, statement,
    cap_budget, cap_lease, cap_purse TO leadwright_reader;
  GRANT SELECT (tenant, seq, at, source, lead, n, requested_at, seed, plan, outcome, digest, inner_hash) ON decision
    TO leadwright_reader;
  GRANT SELECT (tenant, lead, source, n, at, seq) ON decided TO leadwright_reader;
  GRANT SELECT ON sales, leads, deliveries, delivery_attempts, report_day, report_quarter, problems, money_day, caps_used,
    waiting_leads TO leadwright_reader;
END $$;
