-- People: what is learned of them at night, and what the doors look and open give.

CREATE FUNCTION put_on_line(whom uuid, number text, confirmed date, from_source text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  IF number !~ '^\+[1-9][0-9]{4,17}$' THEN
    RAISE EXCEPTION 'nightdesk: no telephone number' USING ERRCODE = 'ND002';
  END IF;
  INSERT INTO line (e164, kind, place, safe_to_call, calls_before, last_call_at)
  VALUES (number, CASE WHEN number LIKE '+447%' THEN 'mobile' ELSE 'unknown' END, '', 'not asked', 0, NULL)
  ON CONFLICT DO NOTHING;
  INSERT INTO person_on_line (e164, person, confirmed_on, until, source)
  VALUES (number, whom, confirmed, NULL, from_source)
  ON CONFLICT (e164, person)
  DO UPDATE SET confirmed_on = greatest(person_on_line.confirmed_on, excluded.confirmed_on), until = NULL;
END
$$;
COMMENT ON FUNCTION put_on_line IS 'Say that a number is a person''s now; a later day of confirming is kept, an earlier one not.';

CREATE FUNCTION learn_now(e entry, given jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  learned jsonb := coalesce(given -> 'learned', '{}');
  home jsonb := learned -> 'address';
  content json;
BEGIN
  IF e.kind = 'call.number' THEN
    content := (given ->> 'body')::json;
    IF content ->> 'presentation' = 'allowed' AND learned ->> 'e164' ~ '^\+[1-9][0-9]{4,17}$' THEN
      INSERT INTO line_call (e164, call, at)
      VALUES (learned ->> 'e164', e.stream_id, (learned ->> 'at')::bigint) ON CONFLICT DO NOTHING;
    END IF;
    RETURN;
  END IF;
  IF e.stream_kind <> 'person' THEN
    RAISE EXCEPTION 'nightdesk: not about a person' USING ERRCODE = 'ND002';
  END IF;
  IF e.kind = 'person.created' THEN
    IF EXISTS (SELECT 1 FROM person p WHERE p.id = e.stream_id) THEN
      RETURN;
    END IF;
    INSERT INTO person
    SELECT r.* FROM jsonb_populate_record(NULL::person, learned -> 'person' || jsonb_build_object(
      'id', e.stream_id, 'restricted', false, 'source', 'learned at night')) AS r;
    INSERT INTO person_name (person, kind, shown, family, given)
    SELECT e.stream_id, n.kind, n.shown, n.family, n.given
      FROM jsonb_to_recordset(learned -> 'names') AS n (kind text, shown text, family text, given text);
    IF home IS NOT NULL THEN
      INSERT INTO address SELECT r.* FROM jsonb_populate_record(NULL::address, home) AS r;
      INSERT INTO person_address (person, address, kind, as_at, until, do_not_disclose, source)
      VALUES (e.stream_id, (home ->> 'id')::uuid, 'home', (learned ->> 'day')::date, NULL, false, 'learned at night');
    END IF;
  ELSIF NOT EXISTS (SELECT 1 FROM person p WHERE p.id = e.stream_id) THEN
    RAISE EXCEPTION 'nightdesk: nobody by that id' USING ERRCODE = 'ND002';
  END IF;
  IF e.kind = 'person.restricted' THEN
    UPDATE person SET restricted = true WHERE id = e.stream_id;
  ELSIF learned ->> 'e164' IS NOT NULL THEN
    PERFORM put_on_line(e.stream_id, learned ->> 'e164', (learned ->> 'confirmed_on')::date, 'learned at night');
  ELSIF e.kind = 'person.line' THEN
    RAISE EXCEPTION 'nightdesk: no telephone number' USING ERRCODE = 'ND002';
  END IF;
END
$$;

CREATE FUNCTION learn(e entry, given jsonb) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM learn_now(e, given);
  RETURN true;
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR SQLSTATE 'ND002' THEN
  RETURN false;
END
$$;
COMMENT ON FUNCTION learn IS
  'Bring an entry into the tables of people, or leave them untouched and say false.  Folded copies of names come with '
  'the entry, made by the program that wrote it: they serve finding, and touch nobody but the person of the entry.';

CREATE FUNCTION agencies() RETURNS SETOF agency
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT a.* FROM agency a WHERE EXISTS (SELECT 1 FROM whoami()) ORDER BY a.key COLLATE "C"
$$;
COMMENT ON FUNCTION agencies IS 'Door: return the directory of agencies.';
