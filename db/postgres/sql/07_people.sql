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
  -- What a worker has confirmed is no longer the file's to end.
  DO UPDATE SET confirmed_on = greatest(person_on_line.confirmed_on, excluded.confirmed_on), until = NULL,
                source = CASE WHEN excluded.confirmed_on IS NULL THEN person_on_line.source ELSE excluded.source END;
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
    PERFORM put_find_words(e.stream_id, learned ->> 'find');
  ELSIF NOT EXISTS (SELECT 1 FROM person p WHERE p.id = e.stream_id) THEN
    RAISE EXCEPTION 'nightdesk: nobody by that id' USING ERRCODE = 'ND002';
  END IF;
  IF e.kind = 'person.restricted' THEN
    UPDATE person SET restricted = true WHERE id = e.stream_id;
    UPDATE person_find SET words = whole_words(words) WHERE person = e.stream_id;
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
  SELECT a.* FROM agency a WHERE EXISTS (SELECT 1 FROM whoami()) ORDER BY a.key
$$;
COMMENT ON FUNCTION agencies IS 'Door: return the directory of agencies.';

CREATE FUNCTION pack(ids uuid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  shown uuid[] := ARRAY(SELECT i FROM unnest(ids) AS i WHERE NOT is_restricted(i));
BEGIN
  -- Of a restricted person a password and a line of SQL see no more than the screen.  Of the others they see more: the
  -- words of all who fit a search, by which a console puts them in order (found_people bounds how many), and these rows
  -- of fifty of them.
  RETURN jsonb_build_object(
    'people', coalesce((SELECT jsonb_agg(CASE WHEN p.id = ANY (shown) THEN to_jsonb(p)
                                              ELSE jsonb_build_object('id', p.id, 'restricted', true) END)
                          FROM person p WHERE p.id = ANY (ids)), '[]'),
    'closed', coalesce((SELECT jsonb_agg(s.stream_id) FROM stream s
                         WHERE s.stream_kind = 'person' AND s.class = 'restricted' AND s.stream_id = ANY (ids)), '[]'),
    'homes', coalesce((SELECT jsonb_agg(to_jsonb(a) || to_jsonb(l) || CASE
                                WHEN l.do_not_disclose OR EXISTS (
                                  SELECT 1 FROM marker m WHERE m.subject_id = l.person AND m.kind = 'do_not_disclose_address')
                                THEN '{"lines": "", "postcode": "", "postcode_key": "", "authority": "", "access": "",
                                       "do_not_disclose": true}'::jsonb
                                ELSE '{}' END)
                         FROM person_address l JOIN address a ON a.id = l.address WHERE l.person = ANY (shown)), '[]'),
    'markers', coalesce((SELECT jsonb_agg(to_jsonb(m)) FROM marker m WHERE m.subject_id = ANY (shown)), '[]'),
    'before', coalesce((SELECT jsonb_agg(jsonb_build_array(c.person, c.last)) FROM (
                          SELECT c.person, max(c."on") AS last FROM past_contact c WHERE c.person = ANY (shown) GROUP BY c.person
                        ) AS c), '[]'),
    'tonight', coalesce((SELECT jsonb_agg(jsonb_build_array(t.person, t.last)) FROM (
                           SELECT u.person, max(s.opened_at) AS last FROM stream_subject u
                             JOIN stream s USING (stream_kind, stream_id)
                            WHERE u.person = ANY (shown) AND u.stream_kind = 'contact' AND s.opened_at IS NOT NULL
                            GROUP BY u.person) AS t), '[]'));
END
$$;
COMMENT ON FUNCTION pack IS
  'What is shown of some people, as rows by table; Python makes candidates of it.  A restricted one is an id and no more.';

CREATE FUNCTION name_is(names text, wanted jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_array_length(wanted) > 0 AND NOT EXISTS (
    SELECT 1 FROM jsonb_array_elements(wanted) AS w WHERE (w ->> 0) <> ALL (string_to_array(names, ' ')))
$$;
COMMENT ON FUNCTION name_is IS 'Say whether each wanted word is a whole name of a restricted person, and there is one.';

CREATE FUNCTION said(wanted jsonb) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(string_agg(w ->> 0, ' '), '') FROM jsonb_array_elements(wanted) AS w
$$;
COMMENT ON FUNCTION said IS 'The words that somebody typed: what stands in the place of a restricted person''s name.';

CREATE FUNCTION near_today(today date) RETURNS date
LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN abs(today - d.here) <= 1 THEN today ELSE d.here END
    FROM (SELECT to_timestamp(now_us() / 1000000)::date AS here) AS d
$$;
COMMENT ON FUNCTION near_today IS 'A console''s day in London, unless that is far from ours: what is over is not shown.';

CREATE FUNCTION line_pack(numbers text[], but_call uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object(
    'e164', n.e164,
    'line', (SELECT to_jsonb(l) FROM line l WHERE l.e164 = n.e164),
    'untils', coalesce((SELECT jsonb_agg(o.until) FROM person_on_line o WHERE o.e164 = n.e164), '[]'),
    'calls', (SELECT jsonb_build_array(count(*), max(c.at)) FROM line_call c
               WHERE c.e164 = n.e164 AND c.call IS DISTINCT FROM but_call),
    'recent', coalesce((SELECT jsonb_agg(r.at ORDER BY r.at DESC)
                          FROM (SELECT c.at FROM line_call c
                                 WHERE c.e164 = n.e164 AND c.call IS DISTINCT FROM but_call
                                 ORDER BY c.at DESC LIMIT 20) AS r), '[]'))), '[]')
    FROM unnest(numbers) AS n (e164)
$$;

-- said, found_names and family_names serve consoles of the version before, whose questions have no plan.
CREATE FUNCTION found_names(keys jsonb) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  k record;
  hits person_name[];
  whole jsonb;
  high constant text := U&'\FFFF';
BEGIN
  -- A key: the family name begins or is, the given name begins or is one of a table's forms (db/people_find.py).
  -- One plain query for each kind of key: with "or" in it none of them would use an index.
  FOR k IN SELECT * FROM jsonb_to_recordset(keys)
             AS j (place integer, family text, family_is text, given text, forms text[], words jsonb)
  LOOP
    hits := NULL;
    IF k.family_is IS NOT NULL THEN
      SELECT array_agg(f.n) INTO hits FROM (SELECT n FROM person_name n WHERE n.family = k.family_is LIMIT 1500) AS f;
    ELSIF k.forms IS NOT NULL AND k.family IS NOT NULL THEN
      SELECT array_agg(f.n) INTO hits FROM (SELECT n FROM person_name n
       WHERE n.family >= k.family AND n.family < k.family || high AND n.given = ANY (k.forms) LIMIT 1500) AS f;
    ELSIF k.forms IS NOT NULL THEN
      SELECT array_agg(f.n) INTO hits FROM (SELECT n FROM person_name n WHERE n.given = ANY (k.forms) LIMIT 1500) AS f;
    ELSIF k.family IS NOT NULL AND k.given IS NOT NULL THEN
      SELECT array_agg(f.n) INTO hits FROM (SELECT n FROM person_name n
       WHERE n.family >= k.family AND n.family < k.family || high
         AND n.given >= k.given AND n.given < k.given || high LIMIT 1500) AS f;
    ELSIF k.family IS NOT NULL THEN
      SELECT array_agg(f.n) INTO hits FROM (SELECT n FROM person_name n
       WHERE n.family >= k.family AND n.family < k.family || high LIMIT 1500) AS f;
    ELSIF k.given IS NOT NULL THEN
      SELECT array_agg(f.n) INTO hits FROM (SELECT n FROM person_name n
       WHERE n.given >= k.given AND n.given < k.given || high LIMIT 1500) AS f;
    END IF;
    k.words := coalesce(k.words, '[]');
    -- The key itself may be a beginning, which is no whole name.
    whole := k.words || coalesce((SELECT jsonb_agg(jsonb_build_array(w))
                                    FROM string_to_table(concat_ws(' ', k.family, k.given), ' ') AS w WHERE w <> ''), '[]');
    RETURN QUERY
    SELECT CASE WHEN x.closed
                THEN jsonb_build_array(k.place, x.person, '', '', coalesce(k.family_is, ''), said(k.words), '', true)
                ELSE jsonb_build_array(k.place, x.person, x.kind, x.shown, x.family, x.given, x.sort_name, false) END
      FROM (SELECT h.person, h.kind, h.shown, h.family, h.given, p.sort_name,
                   p.restricted OR EXISTS (SELECT 1 FROM stream s WHERE s.stream_kind = 'person' AND s.stream_id = p.id
                                              AND s.class = 'restricted') AS closed
              FROM unnest(hits) AS h JOIN person p ON p.id = h.person) AS x
     -- The name of a restricted one is not sent, so whether it fits is said here.
     WHERE NOT x.closed
        OR name_is(concat_ws(' ', x.family, x.given, x.sort_name), whole);
  END LOOP;
END
$$;

CREATE FUNCTION look(as_role text, which uuid, today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  a access := take_ticket(which, 'listed', as_role);
  q jsonb := a.question::jsonb;
  answer jsonb := jsonb_build_object('question', q, 'call', a.call);
  ids uuid[];
  total integer;
  wanted jsonb := coalesce(q -> 'wanted', '[]');
BEGIN
  today := near_today(today);
  IF q ->> 'e164' <> '' THEN
    -- Restricted ones last, in no order of names.
    SELECT count(*), (array_agg(x.person ORDER BY x.closed, CASE WHEN NOT x.closed THEN x.sort_name END,
                                                  x.person))[1:50] INTO total, ids
      FROM (SELECT o.person, is_restricted(p.id) AS closed, p.sort_name FROM person_on_line o JOIN person p ON p.id = o.person
             WHERE o.e164 = q ->> 'e164' AND (o.until IS NULL OR o.until > today)) AS x;
    RETURN answer || pack(ids) || jsonb_build_object(
      'total', total,
      'hits', hits_of(ids),
      'on_line', coalesce((SELECT jsonb_agg(jsonb_build_array(
                                      o.person, CASE WHEN NOT is_restricted(o.person) THEN o.confirmed_on END) ORDER BY array_position(ids, o.person))
                             FROM person_on_line o WHERE o.e164 = q ->> 'e164' AND o.person = ANY (ids)), '[]'),
      'lines', line_pack(ARRAY[q ->> 'e164'], a.call));
  END IF;
  IF q ->> 'reference' <> '' THEN
    answer := answer || jsonb_build_object('references', coalesce((
      -- The reference whole, then its digits; a restricted person only by the whole one.
      SELECT jsonb_agg(jsonb_build_array(p.id, p.reference)) FROM (
        SELECT p.id, p.reference FROM person p
         WHERE p.reference_key = ANY (ARRAY(
                 SELECT k FROM jsonb_array_elements_text(coalesce(q -> 'reference_keys', jsonb_build_array(q -> 'reference_key')))
                          WITH ORDINALITY AS r (k, place) WHERE place <= 2))
           AND p.reference_key <> ''
           AND (NOT is_restricted(p.id)
                OR p.reference_key = coalesce(q -> 'reference_keys' ->> 0, q ->> 'reference_key'))
         ORDER BY p.id LIMIT 50) AS p), '[]'));
    ids := ARRAY(SELECT (r ->> 0)::uuid FROM jsonb_array_elements(answer -> 'references') AS r);
    INSERT INTO listed SELECT which, i FROM unnest(ids) AS i ON CONFLICT DO NOTHING;
    IF ids <> '{}' OR NOT q ? 'plan' THEN
      RETURN answer || jsonb_build_object('hits', hits_of(ids));
    END IF;
  END IF;
  IF q ? 'plan' THEN
    IF NOT EXISTS (SELECT 1 FROM upgrade_step s WHERE s.number = 4 AND s.done_at IS NOT NULL) THEN
      -- Who is not found yet may be on record: nobody is to be written down a second time for that.
      RETURN answer || '{"preparing": true}';
    END IF;
    -- A reference that is nobody's is something else typed: by the rest no restricted person is found.
    answer := answer || found_people(CASE WHEN q ->> 'reference' <> '' THEN (q -> 'plan') - 'whole' ELSE q -> 'plan' END,
                                     (q ->> 'limit')::integer, nullif(q ->> 'born', '')::date);
    INSERT INTO listed SELECT which, (r ->> 0)::uuid FROM jsonb_array_elements(answer -> 'hits') AS r
    ON CONFLICT DO NOTHING;
  ELSIF q ->> 'born' <> '' THEN
    answer := answer || jsonb_build_object('births', coalesce((
      SELECT jsonb_agg(CASE WHEN NOT x.closed THEN jsonb_build_array(x.id, x.sort_name, x.family, x.given)
                            ELSE jsonb_build_array(x.id, '', '', said(wanted)) END
                       ORDER BY x.closed, CASE WHEN NOT x.closed THEN x.sort_name END, x.id)
        FROM (SELECT p.id, p.sort_name, is_restricted(p.id) AS closed, n.family, n.given
                FROM person p JOIN person_name n ON n.person = p.id
               WHERE p.born = (q ->> 'born')::date LIMIT 5000) AS x
       WHERE NOT x.closed OR name_is(concat_ws(' ', x.family, x.given), wanted)), '[]'));
    INSERT INTO listed SELECT DISTINCT which, (r ->> 0)::uuid FROM jsonb_array_elements(answer -> 'births') AS r
    ON CONFLICT DO NOTHING;
  ELSE
    answer := answer || jsonb_build_object('names', coalesce((
      SELECT jsonb_agg(n) FROM found_names(coalesce(q -> 'keys', '[]')) AS n), '[]'));
    INSERT INTO listed SELECT DISTINCT which, (r ->> 1)::uuid FROM jsonb_array_elements(answer -> 'names') AS r
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN answer;
END
$$;
COMMENT ON FUNCTION look IS 'Door: answer the question a ticket was given for, once.';

CREATE FUNCTION show(as_role text, which uuid, ids uuid[]) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  me text := acting(as_role);
BEGIN
  IF NOT EXISTS (SELECT 1 FROM access a JOIN ticket_used u ON u.id = a.id
                  WHERE a.id = which AND a.worker = me AND a.action = 'listed' AND abs(now_us() - u.at) <= 120000000) THEN
    RAISE EXCEPTION 'nightdesk: no fresh ticket' USING ERRCODE = 'ND006';
  END IF;
  -- Who is shown first is all that the ticket shows: asked again, it gives these and nobody more.
  PERFORM pg_advisory_xact_lock(hashtextextended(which::text, 0));
  DELETE FROM listed l WHERE l.ticket = which AND NOT EXISTS (SELECT 1 FROM unnest(ids[1:50]) AS i WHERE i = l.person);
  RETURN pack(ARRAY(SELECT l.person FROM listed l WHERE l.ticket = which));
END
$$;
COMMENT ON FUNCTION show IS 'Door: return what is shown of people that a search has found, for its ticket.';

CREATE FUNCTION family_names() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  WITH RECURSIVE each_name (name) AS (
    (SELECT n.family FROM person_name n WHERE EXISTS (SELECT 1 FROM whoami()) AND NOT is_restricted(n.person)
      ORDER BY n.family LIMIT 1)
    UNION ALL
    SELECT (SELECT n.family FROM person_name n WHERE n.family > each_name.name AND NOT is_restricted(n.person)
             ORDER BY n.family LIMIT 1)
      FROM each_name WHERE each_name.name IS NOT NULL
  )
  SELECT name FROM each_name
   WHERE name IS NOT NULL AND EXISTS (SELECT 1 FROM person_name n WHERE n.family = name AND NOT is_restricted(n.person))
$$;
COMMENT ON FUNCTION family_names IS
  'Door: the distinct family names of those who are not restricted, among which a misspelt one is looked for.';

CREATE FUNCTION numbers_of(whom uuid, today date) RETURNS text[]
LANGUAGE sql STABLE AS $$
  SELECT coalesce(array_agg(o.e164 ORDER BY o.confirmed_on DESC NULLS LAST, o.e164), '{}')
    FROM person_on_line o WHERE o.person = whom AND (o.until IS NULL OR o.until > today)
$$;
COMMENT ON FUNCTION numbers_of IS 'A person''s numbers now, the latest confirmed first.';

CREATE FUNCTION open(as_role text, which uuid, today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  a access := take_ticket(which, 'opened', as_role);
  numbers text[];
  theirs text[];
  listed uuid[];
BEGIN
  IF a.person IS NULL OR is_restricted(a.person) THEN
    RAISE EXCEPTION 'nightdesk: restricted' USING ERRCODE = 'ND007';
  END IF;
  today := near_today(today);
  numbers := numbers_of(a.person, today);
  -- Whoever came in after the opening was written down is shown without a number: the next opening lists them.
  listed := ARRAY(SELECT x.person FROM access x WHERE x.seq > a.seq AND x.question = listed_with(a.id));
  SELECT coalesce(array_agg(DISTINCT o.e164), '{}') INTO theirs
    FROM relationship r JOIN person_on_line o ON o.person = r.other
   WHERE r.person = a.person AND r.other = ANY (listed) AND (o.until IS NULL OR o.until > today)
     AND NOT is_restricted(r.other);
  RETURN pack(ARRAY[a.person]) || jsonb_build_object(
    'person', a.person,
    'numbers', numbers,
    'lines', line_pack(ARRAY(SELECT unnest(numbers) UNION SELECT unnest(theirs)), NULL),
    'relations', coalesce((
      SELECT jsonb_agg(CASE WHEN x.closed THEN jsonb_build_object('other', (x.r).other, 'restricted', true)
                            ELSE to_jsonb(x.r) || jsonb_build_object(
                              'family', x.family, 'given', x.given, 'born', x.born, 'deceased_on', x.deceased_on,
                              'restricted', false, 'numbers',
                              CASE WHEN (x.r).other = ANY (listed) THEN numbers_of((x.r).other, today) ELSE '{}' END,
                              'not_to_ring', EXISTS (
                                SELECT 1 FROM marker m WHERE m.subject_id = (x.r).other AND m.kind = 'do_not_call_back'
                                   AND (m.ends_on IS NULL OR m.ends_on >= today))) END
                       ORDER BY (x.r).next_of_kin DESC, CASE WHEN NOT x.closed THEN x.sort_name END,
                                (x.r).other)
        FROM (SELECT r, p.family, p.given, p.born, p.deceased_on, p.sort_name, is_restricted(p.id) AS closed
                FROM relationship r JOIN person p ON p.id = r.other WHERE r.person = a.person) AS x), '[]'),
    'history', coalesce((SELECT jsonb_agg(to_jsonb(h) ORDER BY h."on" DESC, h.id DESC) FROM (
                           SELECT * FROM past_contact c WHERE c.person = a.person ORDER BY c."on" DESC, c.id DESC LIMIT 200
                         ) AS h), '[]'),
    'known_as', coalesce((SELECT jsonb_agg(n.shown) FROM person_name n
                           WHERE n.person = a.person AND n.kind = 'known_as'), '[]'),
    'helpers', coalesce((SELECT jsonb_agg(to_jsonb(h)) FROM person_helper h WHERE h.person = a.person), '[]'));
END
$$;
COMMENT ON FUNCTION open IS 'Door: return one person''s record for a ticket, once.';
