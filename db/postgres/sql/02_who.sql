-- Who is asking, and what time it is.
-- What every call goes through is in plpgsql, which keeps its plans from call to call: before PostgreSQL 18 a function
-- in plain SQL with a pinned search path is planned anew each time, and that was half the cost of an append.

CREATE FUNCTION now_us() RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint;
END
$$;
COMMENT ON FUNCTION now_us IS 'Whole microseconds since 1970 UTC, by this server''s clock.';

CREATE FUNCTION sha(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
  RETURN encode(sha256(convert_to(words, 'UTF8')), 'hex');
END
$$;

CREATE FUNCTION acting(as_role text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
  found text;
BEGIN
  -- session_user: inside a definer's function current_user is the owner.
  SELECT w.worker INTO found FROM worker w
   WHERE w.login = session_user AND w.gone_at IS NULL AND as_role = ANY (w.roles);
  IF found IS NULL THEN
    RAISE EXCEPTION 'nightdesk: this log-in does not work in that role' USING ERRCODE = 'ND001';
  END IF;
  RETURN found;
END
$$;
COMMENT ON FUNCTION acting IS 'Return the worker whose log-in this is; ND001 where it has no such role here.';

CREATE FUNCTION reading_as(as_role text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  -- What a transaction wrote itself (a look, a membership) opens no words in it: a ROLLBACK would take the row
  -- back after the words were read (reliability.md 0.5).
  IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
    RAISE EXCEPTION 'nightdesk: words are read in a transaction that wrote nothing' USING ERRCODE = 'ND008';
  END IF;
  RETURN acting(as_role);
END
$$;
COMMENT ON FUNCTION reading_as IS 'As acting, for doors that give words; ND008 in a transaction that has written.';

CREATE FUNCTION works_a_shift(as_role text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM shift_role WHERE role = as_role);
END
$$;

CREATE FUNCTION is_manager(as_role text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN as_role IN ('assistant_team_manager', 'duty_manager', 'on_call_manager');
END
$$;
COMMENT ON FUNCTION is_manager IS 'Say whether a role answers for the night (console.domain.roles.MANAGERS).';

CREATE FUNCTION whoami() RETURNS TABLE (worker text, name text, roles text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN QUERY
  SELECT w.worker::text, w.name::text, w.roles::text[] FROM worker w WHERE w.login = session_user AND w.gone_at IS NULL;
END
$$;
COMMENT ON FUNCTION whoami IS 'Door: return the worker, name and roles of this log-in.';

CREATE FUNCTION ring() RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM whoami()) THEN
    PERFORM pg_notify('nightdesk', (SELECT h.seq::text FROM head h WHERE h.id = 1));
  END IF;
END
$$;
COMMENT ON FUNCTION ring IS 'Door: the doorbell, called in a transaction of its own; it carries a number and no word.';

CREATE FUNCTION steps() RETURNS TABLE (number integer, done boolean)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT s.number, s.done_at IS NOT NULL FROM upgrade_step s ORDER BY s.number
$$;
COMMENT ON FUNCTION steps IS 'Door: which steps of upgrading this record has taken, and whether each is done.';

CREATE FUNCTION is_invented() RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN (SELECT h.invented FROM head h WHERE h.id = 1 AND EXISTS (SELECT 1 FROM whoami()));
END
$$;
COMMENT ON FUNCTION is_invented IS 'Door: say whether the record is for invented people; NULL to nobody of it.';

CREATE FUNCTION refuse_change() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'nightdesk: rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'ND002';
END
$$;
COMMENT ON FUNCTION refuse_change IS 'Keeps the log append-only, whoever would change it.';
