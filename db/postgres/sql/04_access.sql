-- Who looked at what: the second chain, and tickets.

CREATE FUNCTION write_access(new_id uuid, at_us bigint, me text, as_role text, at_station text, done text, whom uuid,
                             of_call uuid, why text, asked text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  last head;
  made text;
BEGIN
  SELECT * INTO last FROM head WHERE id = 1 FOR UPDATE;
  made := sha(array_to_string(ARRAY[
    last.access_digest, (last.access_seq + 1)::text, new_id::text, at_us::text, sha(me), as_role, sha(at_station), done,
    whom::text, of_call::text, sha(why), sha(asked)
  ], E'\n', ''));
  INSERT INTO access (seq, id, at, worker, role, station, action, person, call, reason, question, digest)
  VALUES (last.access_seq + 1, new_id, at_us, me, as_role, at_station, done, whom, of_call, why, asked, made);
  UPDATE head SET access_seq = last.access_seq + 1, access_digest = made WHERE id = 1;
END
$$;

CREATE FUNCTION is_restricted(whom uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM person p WHERE p.id = whom AND p.restricted)
      OR EXISTS (SELECT 1 FROM stream s WHERE s.stream_kind = 'person' AND s.stream_id = whom AND s.class = 'restricted')
$$;

CREATE FUNCTION relatives_with_numbers(whom uuid, today date) RETURNS SETOF uuid
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT r.other FROM relationship r JOIN person_on_line o ON o.person = r.other
   WHERE r.person = whom AND (o.until IS NULL OR o.until > today) AND NOT is_restricted(r.other)
   ORDER BY r.other
$$;
COMMENT ON FUNCTION relatives_with_numbers IS 'Whose numbers a record shows beside its own.';

CREATE FUNCTION listed_with(opening uuid) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT '{"opened":"' || opening::text || '"}' $$;
COMMENT ON FUNCTION listed_with IS 'The question of a row for a relative, whose number is shown with the record that was opened.';

CREATE FUNCTION ask(as_role text, at_station text, done text, whom uuid, of_call uuid, why text, asked text)
RETURNS TABLE (id uuid, action text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  me text := acting(as_role);
  new_id uuid := gen_random_uuid();
BEGIN
  IF NOT works_a_shift(as_role) THEN
    RAISE EXCEPTION 'nightdesk: this role does not look people up' USING ERRCODE = 'ND004';
  END IF;
  IF done NOT IN ('listed', 'opened') OR (of_call IS NULL AND btrim(why) = '')
     OR length(asked) > 30000 OR length(at_station) > 80 THEN
    RAISE EXCEPTION 'nightdesk: a look without a reason' USING ERRCODE = 'ND005';
  END IF;
  IF done = 'opened' AND is_restricted(whom) THEN
    done := 'refused';
  END IF;
  PERFORM write_access(new_id, now_us(), me, as_role, at_station, done, whom, of_call, left(btrim(why), 2000), asked);
  INSERT INTO ticket VALUES (new_id, pg_current_xact_id());
  IF done = 'opened' THEN
    PERFORM write_access(gen_random_uuid(), now_us(), me, as_role, at_station, 'listed', other, of_call,
                         left(btrim(why), 2000), listed_with(new_id))
       FROM relatives_with_numbers(whom, (now() AT TIME ZONE 'Europe/London')::date) AS other;
  END IF;
  RETURN QUERY SELECT new_id, done;
END
$$;
COMMENT ON FUNCTION ask IS 'Door: write down that somebody looks, and return the ticket to do it with in a later transaction.';

CREATE FUNCTION take_ticket(which uuid, done text, as_role text) RETURNS access
LANGUAGE plpgsql AS $$
DECLARE
  me text := acting(as_role);
  found access;
BEGIN
  IF pg_current_xact_id_if_assigned() IS NOT NULL THEN
    RAISE EXCEPTION 'nightdesk: a ticket is used in a transaction of its own' USING ERRCODE = 'ND006';
  END IF;
  SELECT a.* INTO found FROM access a JOIN ticket t ON t.id = a.id
   WHERE a.id = which AND a.action = done AND a.worker = me AND abs(now_us() - a.at) <= 120000000
     -- Given in this very transaction, the row would be gone with a ROLLBACK while the client has read.
     AND t.given_in <> pg_current_xact_id()
     AND NOT EXISTS (SELECT 1 FROM ticket_used u WHERE u.id = a.id);
  IF found.id IS NULL THEN
    RAISE EXCEPTION 'nightdesk: no fresh ticket' USING ERRCODE = 'ND006';
  END IF;
  INSERT INTO ticket_used VALUES (which, now_us());
  RETURN found;
EXCEPTION WHEN unique_violation THEN
  RAISE EXCEPTION 'nightdesk: no fresh ticket' USING ERRCODE = 'ND006';
END
$$;
COMMENT ON FUNCTION take_ticket IS 'Use a ticket up and return what it was given for; ND006 where it is not good now.';
