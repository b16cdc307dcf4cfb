-- An incident seen again: a look is written first, then a ticket gives its entries, and who looked at whom around it.

CREATE FUNCTION ask_replay(as_role text, at_station text, of_incident uuid, why text) RETURNS TABLE (id uuid, action text)
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  me text := acting(as_role);
  new_id uuid := gen_random_uuid();
BEGIN
  IF as_role NOT IN ('assistant_team_manager', 'duty_manager', 'on_call_manager', 'auditor') THEN
    RAISE EXCEPTION 'nightdesk: a replay is for managers and auditors' USING ERRCODE = 'ND010';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM stream s WHERE s.stream_kind = 'incident' AND s.stream_id = of_incident) THEN
    RAISE EXCEPTION 'nightdesk: no such incident' USING ERRCODE = 'ND011';
  END IF;
  IF btrim(coalesce(why, '')) = '' OR length(at_station) > 80 THEN
    RAISE EXCEPTION 'nightdesk: a look without a reason' USING ERRCODE = 'ND005';
  END IF;
  PERFORM write_access(new_id, now_us(), me, as_role, at_station, 'replayed', NULL, NULL, left(btrim(why), 2000),
                       'incident:' || of_incident::text);
  INSERT INTO ticket VALUES (new_id, pg_current_xact_id());
  RETURN QUERY SELECT new_id, 'replayed'::text;
END
$$;
COMMENT ON FUNCTION ask_replay IS 'Door: write down that somebody sees an incident again, and return the ticket for it.';

CREATE FUNCTION replayed_streams(of_incident uuid) RETURNS SETOF stream
LANGUAGE sql STABLE AS $$
  WITH linked AS (SELECT l.other_kind, l.other_id FROM stream_link l
                   WHERE l.stream_kind = 'incident' AND l.stream_id = of_incident),
       near AS (SELECT of_incident AS id UNION SELECT l.other_id FROM linked l WHERE l.other_kind = 'contact'),
       core AS (SELECT s.* FROM stream s
                 WHERE (s.stream_kind = 'incident' AND s.stream_id = of_incident)
                    OR (s.stream_kind, s.stream_id) IN (SELECT l.other_kind, l.other_id FROM linked l)
                    OR (s.stream_kind = 'signals' AND s.stream_id IN (SELECT n.id FROM near n))),
       -- A request names what it is for in its words, and no table says it again.
       helped AS (SELECT DISTINCT e.stream_id FROM entry e JOIN entry_body b ON b.id = e.id
                   WHERE e.kind = 'help.drafted' AND e.seq >= (SELECT min(c.begun) FROM core c)
                     AND EXISTS (SELECT 1 FROM near n WHERE strpos(b.body, n.id::text) > 0))
  SELECT * FROM core
  UNION ALL
  SELECT s.* FROM stream s JOIN helped h ON s.stream_kind = 'help' AND s.stream_id = h.stream_id
$$;
COMMENT ON FUNCTION replayed_streams IS 'The streams of an incident: itself, what it links, signals, requests for help.';

CREATE FUNCTION replayed_people(of_incident uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT u.person FROM replayed_streams(of_incident) s
    JOIN stream_subject u ON u.stream_kind = s.stream_kind AND u.stream_id = s.stream_id
$$;

CREATE FUNCTION replay(as_role text, which uuid) RETURNS SETOF told
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  me text := acting(as_role);
  given access := take_ticket(which, 'replayed', as_role);
  incident uuid := substr(given.question, 10)::uuid;
  around stream[];
  hidden boolean;
  first_us bigint;
  last_us bigint;
BEGIN
  SELECT array_agg(s) INTO around FROM replayed_streams(incident) s;
  SELECT min(e.stored_at), max(e.stored_at) INTO first_us, last_us
    FROM unnest(around) s JOIN entry e ON e.stream_kind = s.stream_kind AND e.stream_id = s.stream_id;
  hidden := EXISTS (SELECT 1 FROM unnest(around) s WHERE s.class = 'restricted')
         OR EXISTS (SELECT 1 FROM replayed_people(incident) p WHERE is_restricted(p));
  SELECT around || coalesce(array_agg(s), '{}') INTO around FROM stream s
   WHERE s.stream_kind = 'person' AND s.stream_id IN (SELECT p FROM replayed_people(incident) p);
  RETURN QUERY
  WITH found AS (
    SELECT e AS y, s.class <> 'restricted'
                   AND (s.class <> 'case' OR NOT hidden OR e.author = me OR e.on_behalf_of = me) AS open
      FROM unnest(around) s JOIN entry e ON e.stream_kind = s.stream_kind AND e.stream_id = s.stream_id
    UNION ALL
    SELECT e, true FROM entry e
     WHERE e.kind IN ('shift.signed_in', 'shift.signed_out')
       AND e.stored_at BETWEEN first_us - 57600000000 AND last_us)
  SELECT (f.y).*, CASE WHEN f.open THEN b.body END
    FROM found f LEFT JOIN entry_body b ON b.id = (f.y).id ORDER BY (f.y).seq;
END
$$;
COMMENT ON FUNCTION replay IS
  'Door: return the entries of an incident for a ticket.  Words about somebody restricted are left out.';

CREATE FUNCTION replay_looks(as_role text, which uuid)
RETURNS TABLE (at bigint, worker varchar, action varchar, person uuid, call uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  me text := reading_as(as_role);
  incident uuid;
  first_us bigint;
  last_us bigint;
BEGIN
  SELECT substr(a.question, 10)::uuid INTO incident FROM access a JOIN ticket_used t ON t.id = a.id
   WHERE a.id = which AND a.action = 'replayed' AND a.worker = me AND abs(now_us() - a.at) <= 120000000;
  IF incident IS NULL THEN
    RAISE EXCEPTION 'nightdesk: no fresh ticket' USING ERRCODE = 'ND006';
  END IF;
  SELECT min(e.stored_at), max(e.stored_at) INTO first_us, last_us
    FROM replayed_streams(incident) s JOIN entry e ON e.stream_kind = s.stream_kind AND e.stream_id = s.stream_id;
  RETURN QUERY
  SELECT a.at, a.worker, a.action, a.person, a.call FROM access a
   WHERE a.at BETWEEN first_us - 43200000000 AND last_us + 3600000000
     AND a.action IN ('listed', 'opened', 'opened_offline', 'refused')
     AND (a.call IN (SELECT s.stream_id FROM replayed_streams(incident) s WHERE s.stream_kind = 'call')
          -- Whoever was ever chosen, the wrong person too.
          OR EXISTS (SELECT 1 FROM replayed_streams(incident) s
                       JOIN entry e ON e.stream_kind = s.stream_kind AND e.stream_id = s.stream_id
                       JOIN entry_body b ON b.id = e.id
                      WHERE e.kind = 'contact.subject_added' AND strpos(b.body, a.person::text) > 0))
   ORDER BY a.seq;
END
$$;
COMMENT ON FUNCTION replay_looks IS
  'Door: return who looked at the people of an incident that was just replayed: when, whom, how; no reason, no question.';
