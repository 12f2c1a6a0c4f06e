-- Caps that several stores share. At home stand the budget and who has which part of it; the purse of a holder stands where
-- it decides, and is changed in the transactions of its decisions. What the functions do is core's `limits::lease`, row by
-- row; each is one statement of a transaction of its own, but for `cap_take`, which is part of a decision.

CREATE TABLE cap_budget(
  account text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  most bigint NOT NULL,
  used bigint NOT NULL DEFAULT 0,
  leased bigint NOT NULL DEFAULT 0 CHECK(leased >= 0),
  PRIMARY KEY(account, key)
) WITH (fillfactor = 50);

-- `due_at` is when it may be asked whether the lease is over: a hint, by the clock of home.
CREATE TABLE cap_lease(
  account text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  holder text COLLATE "C" NOT NULL,
  fence bigint NOT NULL,
  granted bigint NOT NULL CHECK(granted >= 0),
  due_at bigint NOT NULL,
  PRIMARY KEY(account, key, holder)
) WITH (fillfactor = 50);

-- By the clock of this database nothing is taken from `until` on.
CREATE TABLE cap_purse(
  tenant text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  fence bigint NOT NULL,
  granted bigint NOT NULL,
  spent bigint NOT NULL,
  back bigint NOT NULL,
  until bigint NOT NULL,
  is_open boolean NOT NULL,
  CHECK(spent <= granted OR NOT is_open),
  PRIMARY KEY(tenant, key)
) WITH (fillfactor = 10, autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0);

CREATE FUNCTION cap_now() RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint
$$;

-- Grants a part to a holder: a quarter of what would be its share, at least the grain, in the end what there is. No row
-- where nothing is free.
CREATE FUNCTION cap_grant(whose text, what text, who text, new_most bigint, grain bigint, due bigint)
RETURNS TABLE(fence bigint, granted bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  free bigint;
  part bigint;
BEGIN
  -- The row of the budget is locked first, here and in `cap_settle`.
  UPDATE cap_budget SET most = new_most WHERE account = whose AND key = what
    RETURNING most - used - leased INTO free;
  IF NOT FOUND THEN
    INSERT INTO cap_budget(account, key, most) VALUES (whose, what, new_most)
      ON CONFLICT (account, key) DO UPDATE SET most = excluded.most RETURNING most - used - leased INTO free;
  END IF;
  IF free <= 0 THEN
    RETURN;
  END IF;
  SELECT least(free, greatest(grain, free / (4 * (count(*) + 1)))) INTO part
    FROM cap_lease WHERE account = whose AND key = what AND holder <> who AND granted > 0;
  UPDATE cap_budget SET leased = leased + part WHERE account = whose AND key = what;
  RETURN QUERY INSERT INTO cap_lease AS l(account, key, holder, fence, granted, due_at)
    VALUES (whose, what, who, 1, part, cap_now() + due)
    ON CONFLICT (account, key, holder) DO UPDATE
    SET fence = l.fence + (l.granted = 0)::int, granted = l.granted + excluded.granted, due_at = excluded.due_at
    RETURNING l.fence, l.granted;
END $$;

-- Takes back what a closed lease has left.
CREATE FUNCTION cap_settle(whose text, what text, who text, of_fence bigint, took bigint)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  out bigint;
BEGIN
  PERFORM 1 FROM cap_budget WHERE account = whose AND key = what FOR UPDATE;
  SELECT granted INTO out FROM cap_lease
    WHERE account = whose AND key = what AND holder = who AND fence = of_fence AND granted > 0 FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE cap_lease SET granted = 0 WHERE account = whose AND key = what AND holder = who;
  UPDATE cap_budget SET used = used + took, leased = leased - out WHERE account = whose AND key = what;
  RETURN true;
END $$;

-- Puts a grant into the purse. No row where the lease is closed, or older than the purse.
CREATE FUNCTION cap_put(who text, what text, of_fence bigint, all_granted bigint, lasts bigint)
RETURNS TABLE(fence bigint, remaining bigint) LANGUAGE sql VOLATILE AS $$
  INSERT INTO cap_purse AS p(tenant, key, fence, granted, spent, back, until, is_open)
    VALUES (who, what, of_fence, all_granted, 0, 0, cap_now() + lasts, true)
    ON CONFLICT (tenant, key) DO UPDATE SET
      granted = CASE WHEN p.fence = excluded.fence THEN greatest(p.granted, excluded.granted) ELSE excluded.granted END,
      spent = CASE WHEN p.fence = excluded.fence THEN p.spent ELSE -p.back END,
      back = CASE WHEN p.fence = excluded.fence THEN p.back ELSE 0 END,
      fence = excluded.fence, until = excluded.until, is_open = true
    WHERE (p.fence = excluded.fence AND p.is_open) OR (p.fence < excluded.fence AND NOT p.is_open)
    RETURNING p.fence, p.granted - p.spent
$$;

-- Lets a lease last longer. No row where it is closed.
CREATE FUNCTION cap_renew(who text, what text, of_fence bigint, lasts bigint)
RETURNS TABLE(fence bigint, remaining bigint) LANGUAGE sql VOLATILE AS $$
  UPDATE cap_purse SET until = cap_now() + lasts
    WHERE tenant = who AND key = what AND fence = of_fence AND is_open
    RETURNING fence, granted - spent
$$;

-- Closes a lease whose time is over, or whose holder wishes it, also one that never came. No row where it goes on.
CREATE FUNCTION cap_close(who text, what text, of_fence bigint, wished boolean)
RETURNS TABLE(fence bigint, spent bigint) LANGUAGE sql VOLATILE AS $$
  INSERT INTO cap_purse AS p(tenant, key, fence, granted, spent, back, until, is_open)
    VALUES (who, what, of_fence, 0, 0, 0, 0, false)
    ON CONFLICT (tenant, key) DO UPDATE SET
      granted = CASE WHEN p.fence = excluded.fence THEN p.granted ELSE 0 END,
      spent = CASE WHEN p.fence = excluded.fence THEN p.spent ELSE -p.back END,
      back = CASE WHEN p.fence = excluded.fence THEN p.back ELSE 0 END,
      fence = excluded.fence, is_open = false
    WHERE (p.fence = excluded.fence AND (NOT p.is_open OR p.until <= cap_now() OR wished))
      OR (p.fence < excluded.fence AND NOT p.is_open)
    RETURNING p.fence, p.spent
$$;

-- Takes from the purse what a decision sells, and gives back what it takes back. A transaction that looked at another lease,
-- or comes too late, or wants more than there is, fails as a whole.
CREATE FUNCTION cap_take(who text, what text, of_fence bigint, much bigint)
RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  IF much > 0 THEN
    UPDATE cap_purse SET spent = spent + much
      WHERE tenant = who AND key = what AND fence = of_fence AND is_open AND granted - spent >= much AND until > cap_now();
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the lease of a cap is over' USING ERRCODE = 'LW001';
    END IF;
  ELSIF much < 0 THEN
    INSERT INTO cap_purse AS p(tenant, key, fence, granted, spent, back, until, is_open)
      VALUES (who, what, 0, 0, 0, -much, 0, false)
      ON CONFLICT (tenant, key) DO UPDATE SET
        spent = p.spent + CASE WHEN p.is_open THEN much ELSE 0 END,
        back = p.back - CASE WHEN p.is_open THEN 0 ELSE much END;
  END IF;
  RETURN much;
END $$;
