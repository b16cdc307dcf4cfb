-- append: the one way in.  One call, one transaction, the lock never held across a network trip
-- (architecture.md 4).  Python's db/append.py is the reference; the contract suite holds both to it.

CREATE FUNCTION chain(previous text, at_seq bigint, e entry) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN sha(array_to_string(ARRAY[
    previous, at_seq::text, e.id::text, e.stream_kind || ':' || e.stream_id::text, e.kind, e.author, e.role,
    e.made_at::text, e.stored_at::text, e.body_sha256, e.station, e.on_behalf_of, e.slot, e.expects,
    e.replaces::text, e.corrects::text
  ], E'\n', ''));
END
$$;
COMMENT ON FUNCTION chain IS 'The digest that ties an entry to everything before it (console.domain.record.chain_digest).';

CREATE FUNCTION is_object(body text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  -- As jsonb, which refuses what no console could take apart again: NUL, and halves of characters.
  RETURN jsonb_typeof(body::jsonb) = 'object';
EXCEPTION WHEN OTHERS THEN
  RETURN false;
END
$$;

CREATE FUNCTION as_uuid(words text) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN words::uuid;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION as_uuid IS 'Return an id, or nothing where the words are none.';

CREATE FUNCTION is_stream_kind(words text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN words IN ('call', 'contact', 'incident', 'help', 'signals', 'person', 'shift', 'handover', 'visit', 'agency');
END
$$;

CREATE FUNCTION has_its_place(of_kind text, in_stream text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN NOT is_stream_kind(split_part(of_kind, '.', 1)) OR split_part(of_kind, '.', 1) = in_stream;
END
$$;
COMMENT ON FUNCTION has_its_place IS
  'Say whether an entry is about what its kind says: a fact of a call closes no contact (db.append.has_its_place).';

CREATE FUNCTION is_decided(e entry, body text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  in_role text;
BEGIN
  IF e.stream_kind = 'incident' AND e.slot = 'roles' THEN RETURN e.expects <> ''; END IF;
  IF e.stream_kind = 'signals' AND starts_with(e.slot, 'summons:') THEN
    RETURN e.kind = 'signals.accepted' AND e.expects = 'none';
  END IF;
  IF e.kind = 'incident.joined' THEN
    in_role := coalesce(body::json ->> 'role', '');
    RETURN in_role NOT IN ('lead', 'coordinator') OR (in_role = 'lead' AND e.slot = '');
  END IF;
  RETURN e.kind NOT IN ('incident.swapped', 'signals.accepted');
END
$$;
COMMENT ON FUNCTION is_decided IS
  'Say whether an act that one worker of several may win names what it was decided on (db.append.is_decided).';

CREATE FUNCTION is_sound(e entry, body text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  -- Whatever gets in is in for ever, and read by every console: it must be what a console can read.
  RETURN coalesce(
    body ~ '^[ -~]*$' AND is_object(body) AND is_stream_kind(e.stream_kind)
    AND e.made_at BETWEEN 0 AND 253402300799999999
    AND (e.expects IN ('', 'none') OR as_uuid(e.expects) IS NOT NULL) AND (e.expects = '' OR e.slot <> '')
    AND length(e.author) <= 80 AND length(e.station) <= 80 AND length(e.on_behalf_of) <= 80 AND length(e.slot) <= 120
    AND concat(e.author, e.station, e.on_behalf_of, e.slot) !~ '[[:cntrl:]]'
    AND has_its_place(e.kind, e.stream_kind) AND CASE WHEN is_object(body) THEN is_decided(e, body) END, false);
END
$$;
COMMENT ON FUNCTION is_sound IS 'Say whether an entry is written as Nightdesk writes entries (db.append.is_sound).';

CREATE FUNCTION writer(e entry) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
  RETURN CASE WHEN e.on_behalf_of <> '' THEN e.on_behalf_of ELSE e.author END;
END
$$;
COMMENT ON FUNCTION writer IS 'Return whose words an entry holds, also where a colleague delivered them.';

CREATE FUNCTION why_not(e entry, body text, me text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF length(body) > 200000 THEN RETURN 'too_long'; END IF;
  IF NOT is_sound(e, body) THEN RETURN 'not_sound'; END IF;
  IF e.author <> me THEN RETURN 'not_author'; END IF;
  IF NOT EXISTS (SELECT 1 FROM worker w WHERE w.worker = me AND w.login = session_user AND e.role = ANY (w.roles))
     OR NOT EXISTS (SELECT 1 FROM kind_right r WHERE r.kind = e.kind AND r.role = e.role) THEN
    RETURN 'no_right';
  END IF;
  IF e.kind = 'contact.decision'
     AND EXISTS (SELECT 1 FROM decision_right d WHERE d.decision = body::json ->> 'kind')
     AND NOT EXISTS (SELECT 1 FROM decision_right d WHERE d.decision = body::json ->> 'kind' AND d.role = e.role) THEN
    RETURN 'no_right';
  END IF;
  IF e.kind = 'contact.decision' AND NOT works_a_shift(e.role) THEN RETURN 'no_right'; END IF;
  IF e.kind = 'shift.relief' AND coalesce(body::json ->> 'worker', '') <> writer(e) THEN RETURN 'not_theirs'; END IF;
  RETURN '';
END
$$;
COMMENT ON FUNCTION why_not IS 'Return a word for why an entry may not be stored, or nothing; Python has the sentences.';

CREATE FUNCTION stands_inside(e entry, of_kind text, of_id uuid, at_us bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN is_manager(e.role) OR EXISTS (
    SELECT 1 FROM stream s WHERE s.stream_kind = of_kind AND s.stream_id = of_id
       AND reads_stream(s, writer(e), works_a_shift(e.role), at_us));
END
$$;
COMMENT ON FUNCTION stands_inside IS 'Say whether the writer of an entry reads a stream, or comes in as a manager.';

CREATE FUNCTION takes_what_nobody_has(taking entry) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  before entry;
BEGIN
  IF taking.slot <> 'owner' THEN RETURN false; END IF;
  SELECT * INTO before FROM entry k WHERE k.id = as_uuid(taking.expects) AND k.kind = 'contact.taken'
     AND k.stream_kind = taking.stream_kind AND k.stream_id = taking.stream_id;
  RETURN before.id IS NOT NULL AND stands_inside(before, before.stream_kind, before.stream_id, taking.stored_at)
     AND coalesce((SELECT b.body::json ->> 'worker' FROM entry_body b WHERE b.id = before.id), '') = '';
END
$$;
COMMENT ON FUNCTION takes_what_nobody_has IS
  'Say whether somebody who reads a contact put it down for anybody, and this act was decided on that.';

CREATE FUNCTION was_called(e entry, contact_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT 1 FROM slot s JOIN entry k ON k.id = as_uuid(substr(s.slot, 9)) AND k.id::text = substr(s.slot, 9)
     WHERE s.stream_kind = 'signals' AND s.stream_id = contact_id AND s.author = writer(e)
       AND starts_with(s.slot, 'summons:') AND k.kind = 'signals.summons'
       AND k.stream_kind = 'signals' AND k.stream_id = contact_id
       AND stands_inside(k, 'contact', contact_id, e.stored_at));
END
$$;
COMMENT ON FUNCTION was_called IS
  'Say whether a writer accepted a call for a second worker by somebody who reads the contact.';

CREATE FUNCTION may_open(e entry, of_kind text, of_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF of_kind IN ('call', 'shift', 'help', 'signals', 'agency') THEN RETURN true; END IF;
  IF stands_inside(e, of_kind, of_id, e.stored_at) THEN RETURN true; END IF;
  IF of_kind <> 'contact' THEN RETURN false; END IF;
  -- Not known yet: of a record that went back, whose writers offer their entries again in any order.
  RETURN NOT EXISTS (SELECT 1 FROM stream s WHERE s.stream_kind = of_kind AND s.stream_id = of_id)
      OR was_called(e, of_id);
END
$$;
COMMENT ON FUNCTION may_open IS 'Say whether what a stream says may be tied to another by this entry''s writer (db.reach).';

CREATE FUNCTION opens_what_is_not_read(e entry, body text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  other text;
BEGIN
  CASE e.kind
    WHEN 'contact.opened', 'contact.taken', 'contact.subject_added', 'person.created' THEN
      RETURN EXISTS (SELECT 1 FROM stream s WHERE s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id)
         AND NOT stands_inside(e, e.stream_kind, e.stream_id, e.stored_at)
         AND NOT (e.kind = 'contact.taken' AND takes_what_nobody_has(e));
    WHEN 'incident.opened' THEN
      -- The call that it names is read by the whole shift.
      RETURN as_uuid(body::json ->> 'contact') IS NOT NULL
         AND NOT may_open(e, 'contact', as_uuid(body::json ->> 'contact'));
    WHEN 'incident.linked' THEN
      other := coalesce(body::json ->> 'stream', '');
      RETURN is_stream_kind(split_part(other, ':', 1)) AND as_uuid(split_part(other, ':', 2)) IS NOT NULL
         AND NOT may_open(e, split_part(other, ':', 1), as_uuid(split_part(other, ':', 2)));
    ELSE
      RETURN false;
  END CASE;
END
$$;
COMMENT ON FUNCTION opens_what_is_not_read IS
  'Say whether an entry would open words to somebody, by a writer who does not read them (db.reach).';

CREATE FUNCTION derive(e entry, body text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  content json;
  person_named uuid;
  worker_named text;
  other text;
  over boolean;
BEGIN
  INSERT INTO stream (stream_kind, stream_id, class, begun, version, opened_at, closed_at, line, details, reducers, upto)
  VALUES (e.stream_kind, e.stream_id,
          CASE WHEN e.stream_kind IN ('call', 'shift', 'help', 'signals', 'agency') THEN 'shift' ELSE 'case' END,
          e.seq, e.seq, NULL, NULL, '', '{}', 0, 0)
  ON CONFLICT (stream_kind, stream_id) DO UPDATE SET version = e.seq;
  IF e.stream_kind = 'person' THEN
    INSERT INTO stream_subject VALUES (e.stream_kind, e.stream_id, e.stream_id) ON CONFLICT DO NOTHING;
  END IF;
  IF e.kind NOT IN ('call.seen', 'call.ended', 'contact.opened', 'contact.subject_added', 'contact.wrong_person',
                    'contact.taken', 'contact.completed', 'incident.opened', 'incident.linked', 'incident.joined',
                    'incident.left', 'incident.stood_down', 'help.drafted', 'help.changed', 'person.created',
                    'person.restricted') THEN
    RETURN;
  END IF;
  content := body::json;
  CASE e.kind
    WHEN 'call.seen', 'help.drafted' THEN
      UPDATE stream s SET opened_at = coalesce(s.opened_at, e.made_at)
       WHERE s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id;
    WHEN 'call.ended', 'contact.completed', 'incident.stood_down' THEN
      UPDATE stream s SET closed_at = coalesce(s.closed_at, e.made_at)
       WHERE s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id;
    WHEN 'contact.opened', 'incident.opened', 'person.created' THEN
      UPDATE stream s SET opened_at = coalesce(s.opened_at, e.made_at)
       WHERE s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id;
      INSERT INTO stream_member VALUES (e.stream_kind, e.stream_id, writer(e)) ON CONFLICT DO NOTHING;
      IF e.kind = 'incident.opened' THEN
        INSERT INTO stream_link
        SELECT e.stream_kind, e.stream_id, of_kind, as_uuid(content ->> of_kind)
          FROM unnest(ARRAY['contact', 'call']) AS of_kind WHERE as_uuid(content ->> of_kind) IS NOT NULL
        ON CONFLICT DO NOTHING;
      END IF;
    WHEN 'contact.subject_added' THEN
      person_named := as_uuid(content ->> 'person');
      IF person_named IS NOT NULL THEN
        INSERT INTO stream_subject VALUES (e.stream_kind, e.stream_id, person_named) ON CONFLICT DO NOTHING;
      END IF;
    WHEN 'contact.wrong_person' THEN
      DELETE FROM stream_subject s WHERE s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id
         AND s.person = as_uuid(content ->> 'person');
    WHEN 'contact.taken', 'incident.joined' THEN
      worker_named := left(coalesce(content ->> 'worker', ''), 80);
      IF worker_named <> '' THEN
        INSERT INTO stream_member VALUES (e.stream_kind, e.stream_id, worker_named) ON CONFLICT DO NOTHING;
      END IF;
    WHEN 'incident.left' THEN
      DELETE FROM stream_member m WHERE m.stream_kind = e.stream_kind AND m.stream_id = e.stream_id
         AND m.worker = content ->> 'worker';
    WHEN 'incident.linked' THEN
      other := coalesce(content ->> 'stream', '');
      IF is_stream_kind(split_part(other, ':', 1)) AND as_uuid(split_part(other, ':', 2)) IS NOT NULL THEN
        INSERT INTO stream_link
        VALUES (e.stream_kind, e.stream_id, split_part(other, ':', 1), as_uuid(split_part(other, ':', 2)))
        ON CONFLICT DO NOTHING;
      END IF;
    WHEN 'help.changed' THEN
      over := content ->> 'state' IN ('completed', 'cancelled');
      UPDATE stream s SET closed_at = CASE WHEN over THEN coalesce(s.closed_at, e.made_at) END
       WHERE s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id;
    WHEN 'person.restricted' THEN
      UPDATE stream s SET class = 'restricted' WHERE s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id;
  END CASE;
END
$$;
COMMENT ON FUNCTION derive IS 'What a stream becomes by one entry (console.domain.streams.advance).';

CREATE FUNCTION put(e entry, body text) RETURNS entry
LANGUAGE plpgsql AS $$
DECLARE
  previous text;
BEGIN
  UPDATE head SET seq = seq + 1 WHERE id = 1 RETURNING seq, digest INTO e.seq, previous;
  e.digest := chain(previous, e.seq, e);
  UPDATE head SET digest = e.digest WHERE id = 1;
  INSERT INTO entry SELECT (e).*;
  INSERT INTO entry_body VALUES (e.id, body);
  IF e.slot <> '' THEN
    INSERT INTO slot VALUES (e.stream_kind, e.stream_id, e.slot, e.id, e.seq, e.author, e.stored_at)
    ON CONFLICT (stream_kind, stream_id, slot)
    DO UPDATE SET head = excluded.head, seq = excluded.seq, author = excluded.author, stored_at = excluded.stored_at;
  END IF;
  PERFORM derive(e, body);
  RETURN e;
END
$$;
COMMENT ON FUNCTION put IS 'Give an entry its place in the chain and store it; the counter row is locked already.';

CREATE FUNCTION read_entry(given jsonb, at_us bigint) RETURNS entry
LANGUAGE plpgsql AS $$
DECLARE
  e entry;
BEGIN
  e.seq := 0;
  e.id := (given ->> 'id')::uuid;
  e.stream_kind := given ->> 'stream_kind';
  e.stream_id := (given ->> 'stream_id')::uuid;
  e.kind := left(given ->> 'kind', 40);
  e.author := given ->> 'author';
  e.role := left(given ->> 'role', 40);
  e.station := given ->> 'station';
  e.made_at := (given ->> 'made_at')::bigint;
  e.stored_at := at_us;
  e.slot := given ->> 'slot';
  e.expects := given ->> 'expects';
  e.replaces := (given ->> 'replaces')::uuid;
  e.corrects := (given ->> 'corrects')::uuid;
  e.on_behalf_of := given ->> 'on_behalf_of';
  e.body_sha256 := sha(given ->> 'body');
  e.digest := '';
  RETURN e;
END
$$;
COMMENT ON FUNCTION read_entry IS 'Return an entry as a client sent it, not yet in the chain.';

CREATE FUNCTION take_one(given jsonb, me text, at_us bigint) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  e entry;
  body text := given ->> 'body';
  known entry;
  now_head slot;
  reason text;
BEGIN
  e := read_entry(given, at_us);
  SELECT * INTO known FROM entry k WHERE k.id = e.id;
  IF known.id IS NOT NULL AND known.stream_kind = e.stream_kind AND known.stream_id = e.stream_id
     AND known.kind = e.kind AND known.slot = e.slot AND known.body_sha256 = e.body_sha256 THEN
    RETURN jsonb_build_object('id', e.id, 'verdict', 'already', 'seq', known.seq, 'stored_at', known.stored_at,
                              'digest', known.digest);
  END IF;
  reason := why_not(e, body, me);
  IF reason <> '' THEN
    RETURN jsonb_build_object('id', e.id, 'verdict', 'refused', 'reason', reason);
  END IF;
  IF known.id IS NOT NULL THEN
    PERFORM keep_second(e, body);
    RETURN jsonb_build_object('id', e.id, 'verdict', 'differs', 'won_by', known.author, 'won_at', known.stored_at,
                              'kept', true);
  END IF;
  IF e.expects <> '' THEN
    SELECT * INTO now_head FROM slot s
     WHERE s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id AND s.slot = e.slot;
    IF coalesce(now_head.head::text, 'none') <> e.expects THEN
      RETURN jsonb_build_object('id', e.id, 'verdict', 'moved', 'head', now_head.head, 'won_by', now_head.author,
                                'won_at', now_head.stored_at);
    END IF;
  END IF;
  IF e.kind = 'shift.asked' AND NOT sits_there(e, body) THEN
    RETURN jsonb_build_object('id', e.id, 'verdict', 'refused', 'reason', 'not_their_telephone');
  END IF;
  IF opens_what_is_not_read(e, body) THEN
    RETURN jsonb_build_object('id', e.id, 'verdict', 'refused', 'reason', 'not_read');
  END IF;
  IF e.kind IN ('person.created', 'person.line', 'person.restricted', 'call.number')
     AND NOT learn(e, given) AND e.kind <> 'call.number' THEN
    RETURN jsonb_build_object('id', e.id, 'verdict', 'refused', 'reason', 'not_learned');
  END IF;
  e := put(e, body);
  IF e.kind = 'access.offline' THEN
    PERFORM write_access(e.id, at_us, me, e.role, e.station, 'opened_offline', as_uuid(body::json ->> 'person'), NULL,
                         left(coalesce(body::json ->> 'reason', ''), 2000), '');
  END IF;
  RETURN jsonb_build_object('id', e.id, 'verdict', 'stored', 'seq', e.seq, 'stored_at', e.stored_at,
                            'digest', e.digest);
END
$$;

CREATE FUNCTION append(as_role text, wanted_schema integer, entries jsonb, cards jsonb,
                       after_seq bigint DEFAULT NULL, after_digest text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  me text := acting(as_role);
  at_us bigint;
  before jsonb;
  answers jsonb := '[]';
  one jsonb;
BEGIN
  IF jsonb_array_length(entries) > 5000 OR pg_column_size(entries) > 20000000 THEN
    RAISE EXCEPTION 'nightdesk: too many entries at once' USING ERRCODE = 'ND002';
  END IF;
  -- The lock: everything below happens for one writer after the other.
  PERFORM 1 FROM head WHERE id = 1 AND schema = wanted_schema FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'nightdesk: another schema' USING ERRCODE = 'ND003';
  END IF;
  -- The newest place that the writer knows must be of this history, or something new went in before what was lost.
  IF after_seq > 0 AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.seq = after_seq AND e.digest = after_digest) THEN
    RAISE EXCEPTION 'nightdesk: another history' USING ERRCODE = 'ND009';
  END IF;
  at_us := now_us();
  before := versions_of(cards);
  FOR one IN SELECT * FROM jsonb_array_elements(entries) LOOP
    answers := answers || take_one(one, me, at_us);
  END LOOP;
  PERFORM put_cards(me, as_role, cards, before, at_us);
  RETURN answers;
END
$$;
COMMENT ON FUNCTION append IS 'Door: write entries in order, each accepted or refused by itself; safe to repeat.';

CREATE FUNCTION dispute(as_role text, given jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  me text := acting(as_role);
  e entry;
  first entry;
BEGIN
  PERFORM 1 FROM head WHERE id = 1 FOR UPDATE;
  e := read_entry(given, now_us());
  -- No slot: a disputed entry decides nothing, and must not pass by what an exclusive act expects.
  IF e.kind <> 'system.disputed' OR e.author <> me OR e.role <> as_role OR e.slot <> '' OR e.expects <> ''
     OR e.replaces IS NOT NULL OR e.corrects IS NOT NULL
     -- Who may not write a kind may not dispute one either.
     OR NOT EXISTS (SELECT 1 FROM kind_right r WHERE r.role = as_role AND r.kind = (given ->> 'body')::json ->> 'kind')
     OR NOT has_its_place((given ->> 'body')::json ->> 'kind', e.stream_kind)
     OR length(given ->> 'body') > 250000 OR NOT is_sound(e, given ->> 'body') THEN
    RAISE EXCEPTION 'nightdesk: not a disputed entry' USING ERRCODE = 'ND002';
  END IF;
  SELECT * INTO first FROM entry k WHERE k.id = as_uuid((given ->> 'body')::json ->> 'id');
  -- The second version may be about another stream: it is kept there.
  IF first.id IS NULL THEN
    RAISE EXCEPTION 'nightdesk: nothing is disputed' USING ERRCODE = 'ND002';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM entry k WHERE k.id = e.id) THEN
    PERFORM put(e, given ->> 'body');
  END IF;
END
$$;
COMMENT ON FUNCTION dispute IS
  'Door: keep a second version of an id, for consoles from before append kept it itself; once, however often offered.';
