-- Frozen: a database of a team as Nightdesk made it before row security was there; @OWNER@ is its owner.
CREATE SCHEMA nightdesk;
SET LOCAL search_path = nightdesk;

CREATE TABLE access (
  seq BIGINT NOT NULL,
  id UUID NOT NULL,
  at BIGINT NOT NULL,
  worker VARCHAR(80) NOT NULL,
  role VARCHAR(40) NOT NULL,
  station VARCHAR(80) NOT NULL,
  action VARCHAR(24) NOT NULL,
  person UUID,
  call UUID,
  reason TEXT NOT NULL,
  question TEXT NOT NULL,
  digest VARCHAR(64) NOT NULL,
  CONSTRAINT pk_access PRIMARY KEY (seq),
  CONSTRAINT uq_access_id UNIQUE (id)
);
CREATE INDEX ix_access_opened ON access (person, worker, at);

CREATE TABLE address (
  id UUID NOT NULL,
  lines TEXT NOT NULL,
  postcode VARCHAR(16) NOT NULL,
  postcode_key VARCHAR(16) NOT NULL,
  authority VARCHAR(40) NOT NULL,
  access TEXT NOT NULL,
  CONSTRAINT pk_address PRIMARY KEY (id)
);
CREATE INDEX ix_address_postcode ON address (postcode_key);

CREATE TABLE agency (
  id UUID NOT NULL,
  key VARCHAR(300) NOT NULL,
  name VARCHAR(120) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  area VARCHAR(80) NOT NULL,
  number VARCHAR(20) NOT NULL,
  verified_on DATE,
  verified_by VARCHAR(80) NOT NULL,
  CONSTRAINT pk_agency PRIMARY KEY (id),
  CONSTRAINT uq_agency_key UNIQUE (key)
);

CREATE TABLE entry (
  seq BIGINT NOT NULL,
  id UUID NOT NULL,
  stream_kind VARCHAR(16) NOT NULL,
  stream_id UUID NOT NULL,
  kind VARCHAR(40) NOT NULL,
  author VARCHAR(80) NOT NULL,
  role VARCHAR(40) NOT NULL,
  station VARCHAR(80) NOT NULL,
  made_at BIGINT NOT NULL,
  stored_at BIGINT NOT NULL,
  slot VARCHAR(120) NOT NULL,
  expects VARCHAR(36) NOT NULL,
  replaces UUID,
  corrects UUID,
  on_behalf_of VARCHAR(80) NOT NULL,
  body_sha256 VARCHAR(64) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  CONSTRAINT pk_entry PRIMARY KEY (seq),
  CONSTRAINT uq_entry_id UNIQUE (id)
);
CREATE INDEX ix_entry_stored_at ON entry (stored_at, seq);
CREATE INDEX ix_entry_stream ON entry (stream_kind, stream_id, seq);

CREATE TABLE head (
  id INTEGER NOT NULL,
  service UUID NOT NULL,
  schema INTEGER NOT NULL,
  invented BOOLEAN NOT NULL,
  created_at BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  digest VARCHAR(64) NOT NULL,
  access_seq BIGINT NOT NULL,
  access_digest VARCHAR(64) NOT NULL,
  CONSTRAINT pk_head PRIMARY KEY (id),
  CONSTRAINT ck_head_one_row CHECK (id = 1)
);

CREATE TABLE line (
  e164 VARCHAR(20) NOT NULL,
  kind VARCHAR(24) NOT NULL,
  place VARCHAR(200) NOT NULL,
  safe_to_call VARCHAR(80) NOT NULL,
  calls_before INTEGER NOT NULL,
  last_call_at BIGINT,
  CONSTRAINT pk_line PRIMARY KEY (e164)
);

CREATE TABLE line_call (
  e164 VARCHAR(20) NOT NULL,
  call UUID NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_line_call PRIMARY KEY (e164, call)
);

CREATE TABLE marker (
  id UUID NOT NULL,
  subject VARCHAR(16) NOT NULL,
  subject_id UUID NOT NULL,
  kind VARCHAR(40) NOT NULL,
  rank VARCHAR(24) NOT NULL,
  text TEXT NOT NULL,
  source VARCHAR(200) NOT NULL,
  set_on DATE NOT NULL,
  set_by VARCHAR(80) NOT NULL,
  authorised_by VARCHAR(80) NOT NULL,
  review_on DATE NOT NULL,
  ends_on DATE,
  origin VARCHAR(40) NOT NULL,
  CONSTRAINT pk_marker PRIMARY KEY (id)
);
CREATE INDEX ix_marker_subject ON marker (subject_id);

CREATE TABLE person (
  id UUID NOT NULL,
  family VARCHAR(80) NOT NULL,
  given VARCHAR(80) NOT NULL,
  sort_name VARCHAR(200) NOT NULL,
  born DATE,
  dob_certainty VARCHAR(16) NOT NULL,
  claimed_age INTEGER,
  gender VARCHAR(40) NOT NULL,
  reference VARCHAR(40) NOT NULL,
  reference_key VARCHAR(40) NOT NULL,
  authority VARCHAR(40) NOT NULL,
  language VARCHAR(80) NOT NULL,
  interpreter BOOLEAN NOT NULL,
  communication VARCHAR(200) NOT NULL,
  plan VARCHAR(24) NOT NULL,
  plan_as_at DATE,
  plan_source VARCHAR(80) NOT NULL,
  deceased_on DATE,
  restricted BOOLEAN NOT NULL,
  source VARCHAR(40) NOT NULL,
  CONSTRAINT pk_person PRIMARY KEY (id)
);
CREATE INDEX ix_person_born ON person (born);
CREATE INDEX ix_person_reference ON person (reference_key);

CREATE TABLE seen (
  worker VARCHAR(80) NOT NULL,
  stream_kind VARCHAR(16) NOT NULL,
  stream_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  tick BIGINT NOT NULL,
  CONSTRAINT pk_seen PRIMARY KEY (worker, stream_kind, stream_id),
  CONSTRAINT uq_seen_tick UNIQUE (tick)
);
CREATE INDEX ix_seen_stream ON seen (stream_kind, stream_id);

CREATE TABLE slot (
  stream_kind VARCHAR(16) NOT NULL,
  stream_id UUID NOT NULL,
  slot VARCHAR(120) NOT NULL,
  head UUID NOT NULL,
  seq BIGINT NOT NULL,
  author VARCHAR(80) NOT NULL,
  stored_at BIGINT NOT NULL,
  CONSTRAINT pk_slot PRIMARY KEY (stream_kind, stream_id, slot)
);

CREATE TABLE stream (
  stream_kind VARCHAR(16) NOT NULL,
  stream_id UUID NOT NULL,
  class VARCHAR(16) NOT NULL,
  begun BIGINT NOT NULL,
  version BIGINT NOT NULL,
  opened_at BIGINT,
  closed_at BIGINT,
  line TEXT NOT NULL,
  details TEXT NOT NULL,
  reducers INTEGER NOT NULL,
  upto BIGINT NOT NULL,
  CONSTRAINT pk_stream PRIMARY KEY (stream_kind, stream_id)
);
CREATE INDEX ix_stream_open ON stream (stream_kind, closed_at, begun);
CREATE INDEX ix_stream_version ON stream (version);

CREATE TABLE stream_link (
  stream_kind VARCHAR(16) NOT NULL,
  stream_id UUID NOT NULL,
  other_kind VARCHAR(16) NOT NULL,
  other_id UUID NOT NULL,
  CONSTRAINT pk_stream_link PRIMARY KEY (stream_kind, stream_id, other_kind, other_id)
);
CREATE INDEX ix_stream_link_other ON stream_link (other_kind, other_id);

CREATE TABLE stream_member (
  stream_kind VARCHAR(16) NOT NULL,
  stream_id UUID NOT NULL,
  worker VARCHAR(80) NOT NULL,
  CONSTRAINT pk_stream_member PRIMARY KEY (stream_kind, stream_id, worker)
);
CREATE INDEX ix_stream_member_worker ON stream_member (worker);

CREATE TABLE stream_subject (
  stream_kind VARCHAR(16) NOT NULL,
  stream_id UUID NOT NULL,
  person UUID NOT NULL,
  CONSTRAINT pk_stream_subject PRIMARY KEY (stream_kind, stream_id, person)
);
CREATE INDEX ix_stream_subject_person ON stream_subject (person);

CREATE TABLE entry_body (
  id UUID NOT NULL,
  body TEXT NOT NULL,
  CONSTRAINT pk_entry_body PRIMARY KEY (id),
  CONSTRAINT fk_entry_body_id FOREIGN KEY(id) REFERENCES entry (id)
);

CREATE TABLE erasure (
  id UUID NOT NULL,
  at BIGINT NOT NULL,
  by VARCHAR(80) NOT NULL,
  ground TEXT NOT NULL,
  CONSTRAINT pk_erasure PRIMARY KEY (id),
  CONSTRAINT fk_erasure_id FOREIGN KEY(id) REFERENCES entry (id)
);

CREATE TABLE imported (
  person UUID NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  run UUID NOT NULL,
  line INTEGER NOT NULL,
  CONSTRAINT pk_imported PRIMARY KEY (person),
  CONSTRAINT fk_imported_person FOREIGN KEY(person) REFERENCES person (id)
);

CREATE TABLE past_contact (
  id UUID NOT NULL,
  person UUID NOT NULL,
  "on" DATE NOT NULL,
  text TEXT NOT NULL,
  authority VARCHAR(40) NOT NULL,
  source VARCHAR(40) NOT NULL,
  CONSTRAINT pk_past_contact PRIMARY KEY (id),
  CONSTRAINT fk_past_contact_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE INDEX ix_past_contact_person ON past_contact (person, "on");

CREATE TABLE person_address (
  person UUID NOT NULL,
  address UUID NOT NULL,
  kind VARCHAR(24) NOT NULL,
  as_at DATE,
  until DATE,
  do_not_disclose BOOLEAN NOT NULL,
  source VARCHAR(40) NOT NULL,
  CONSTRAINT pk_person_address PRIMARY KEY (person, address, kind),
  CONSTRAINT fk_person_address_person FOREIGN KEY(person) REFERENCES person (id),
  CONSTRAINT fk_person_address_address FOREIGN KEY(address) REFERENCES address (id)
);
CREATE INDEX ix_person_address_address ON person_address (address);

CREATE TABLE person_helper (
  person UUID NOT NULL,
  role VARCHAR(80) NOT NULL,
  name VARCHAR(120) NOT NULL,
  number VARCHAR(20) NOT NULL,
  CONSTRAINT pk_person_helper PRIMARY KEY (person, role),
  CONSTRAINT fk_person_helper_person FOREIGN KEY(person) REFERENCES person (id)
);

CREATE TABLE person_name (
  person UUID NOT NULL,
  kind VARCHAR(16) NOT NULL,
  shown VARCHAR(80) NOT NULL,
  family VARCHAR(120) NOT NULL,
  given VARCHAR(120) NOT NULL,
  CONSTRAINT pk_person_name PRIMARY KEY (person, kind, shown),
  CONSTRAINT fk_person_name_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE INDEX ix_person_name_family ON person_name (family, given);
CREATE INDEX ix_person_name_given ON person_name (given, family);

CREATE TABLE person_on_line (
  e164 VARCHAR(20) NOT NULL,
  person UUID NOT NULL,
  confirmed_on DATE,
  until DATE,
  source VARCHAR(40) NOT NULL,
  CONSTRAINT pk_person_on_line PRIMARY KEY (e164, person),
  CONSTRAINT fk_person_on_line_e164 FOREIGN KEY(e164) REFERENCES line (e164),
  CONSTRAINT fk_person_on_line_person FOREIGN KEY(person) REFERENCES person (id)
);
CREATE INDEX ix_person_on_line_person ON person_on_line (person);

CREATE TABLE relationship (
  person UUID NOT NULL,
  other UUID NOT NULL,
  kind VARCHAR(40) NOT NULL,
  parental_responsibility BOOLEAN,
  contact_rule VARCHAR(24) NOT NULL,
  order_ref VARCHAR(80) NOT NULL,
  next_of_kin BOOLEAN NOT NULL,
  CONSTRAINT pk_relationship PRIMARY KEY (person, other, kind),
  CONSTRAINT fk_relationship_person FOREIGN KEY(person) REFERENCES person (id),
  CONSTRAINT fk_relationship_other FOREIGN KEY(other) REFERENCES person (id)
);

CREATE TABLE ticket_used (
  id UUID NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT pk_ticket_used PRIMARY KEY (id),
  CONSTRAINT fk_ticket_used_id FOREIGN KEY(id) REFERENCES access (id)
);
-- What PostgreSQL has beside the portable tables of db/schema.py: who may log in, who may write what,
-- and in which transaction a ticket was given.  Everything here belongs to the owner, who cannot log in.

CREATE TABLE worker (
  login    name PRIMARY KEY,
  worker   varchar(80) NOT NULL UNIQUE,
  name     varchar(80) NOT NULL,
  roles    varchar(40)[] NOT NULL CHECK (cardinality(roles) > 0),
  added_at bigint NOT NULL,
  gone_at  bigint
);
COMMENT ON TABLE worker IS 'One row for each log-in: which worker that is, and in which roles.';

CREATE TABLE kind_right (
  kind varchar(40) NOT NULL,
  role varchar(40) NOT NULL,
  PRIMARY KEY (kind, role)
);
COMMENT ON TABLE kind_right IS 'domain.md 8.3 as data, written by the program that makes or upgrades the database.';

CREATE TABLE decision_right (
  decision varchar(40) NOT NULL,
  role     varchar(40) NOT NULL,
  PRIMARY KEY (decision, role)
);
COMMENT ON TABLE decision_right IS 'Decisions that not every shift role may take; a decision not named here is any shift role''s.';

CREATE TABLE shift_role (role varchar(40) PRIMARY KEY);
COMMENT ON TABLE shift_role IS 'The roles that work a shift: they read shift streams and look people up.';

CREATE TABLE ticket (
  id       uuid PRIMARY KEY REFERENCES access (id),
  given_in xid8 NOT NULL
);
COMMENT ON TABLE ticket IS 'In which transaction a ticket was given: it is good only in a later one (reliability.md 0.5).';
-- Who is asking, and what time it is.

CREATE FUNCTION now_us() RETURNS bigint
LANGUAGE sql VOLATILE AS $$
  SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint
$$;
COMMENT ON FUNCTION now_us IS 'Whole microseconds since 1970 UTC, by this server''s clock.';

CREATE FUNCTION sha(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT encode(sha256(convert_to(words, 'UTF8')), 'hex')
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
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT 1 FROM shift_role WHERE role = as_role)
$$;

CREATE FUNCTION whoami() RETURNS TABLE (worker text, name text, roles text[])
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT w.worker::text, w.name::text, w.roles::text[] FROM worker w WHERE w.login = session_user AND w.gone_at IS NULL
$$;
COMMENT ON FUNCTION whoami IS 'Door: return the worker, name and roles of this log-in.';

CREATE FUNCTION ring() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
  SELECT pg_notify('nightdesk', (SELECT h.seq::text FROM head h WHERE h.id = 1)) WHERE EXISTS (SELECT 1 FROM whoami())
$$;
COMMENT ON FUNCTION ring IS 'Door: the doorbell, called in a transaction of its own; it carries a number and no word.';
-- append: the one way in.  One call, one transaction, the lock never held across a network trip
-- (architecture.md 4).  Python's db/append.py is the reference; the contract suite holds both to it.

CREATE FUNCTION chain(previous text, at_seq bigint, e entry) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT sha(array_to_string(ARRAY[
    previous, at_seq::text, e.id::text, e.stream_kind || ':' || e.stream_id::text, e.kind, e.author, e.role,
    e.made_at::text, e.stored_at::text, e.body_sha256, e.station, e.on_behalf_of, e.slot, e.expects,
    e.replaces::text, e.corrects::text
  ], E'\n', ''))
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
LANGUAGE sql IMMUTABLE AS $$
  SELECT words IN ('call', 'contact', 'incident', 'help', 'signals', 'person', 'shift', 'handover', 'visit')
$$;

CREATE FUNCTION is_sound(e entry, body text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  -- Whatever gets in is in for ever, and read by every console: it must be what a console can read.
  SELECT coalesce(
    body ~ '^[ -~]*$' AND is_object(body) AND is_stream_kind(e.stream_kind)
    AND e.made_at BETWEEN 0 AND 253402300799999999
    AND (e.expects IN ('', 'none') OR as_uuid(e.expects) IS NOT NULL) AND (e.expects = '' OR e.slot <> '')
    AND length(e.author) <= 80 AND length(e.station) <= 80 AND length(e.on_behalf_of) <= 80 AND length(e.slot) <= 120
    AND concat(e.author, e.station, e.on_behalf_of, e.slot) !~ '[[:cntrl:]]', false)
$$;
COMMENT ON FUNCTION is_sound IS 'Say whether an entry is written as Nightdesk writes entries (db.append.is_sound).';

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
  RETURN '';
END
$$;
COMMENT ON FUNCTION why_not IS 'Return a word for why an entry may not be stored, or nothing; Python has the sentences.';

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
          CASE WHEN e.stream_kind IN ('call', 'shift', 'help', 'signals') THEN 'shift' ELSE 'case' END,
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
      INSERT INTO stream_member
      VALUES (e.stream_kind, e.stream_id, CASE WHEN e.on_behalf_of <> '' THEN e.on_behalf_of ELSE e.author END)
      ON CONFLICT DO NOTHING;
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
      over := content ->> 'state' IN ('completed', 'failed', 'cancelled');
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
    RETURN jsonb_build_object('id', e.id, 'verdict', 'differs', 'won_by', known.author, 'won_at', known.stored_at);
  END IF;
  IF e.expects <> '' THEN
    SELECT * INTO now_head FROM slot s
     WHERE s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id AND s.slot = e.slot;
    IF coalesce(now_head.head::text, 'none') <> e.expects THEN
      RETURN jsonb_build_object('id', e.id, 'verdict', 'moved', 'head', now_head.head, 'won_by', now_head.author,
                                'won_at', now_head.stored_at);
    END IF;
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

CREATE FUNCTION append(as_role text, wanted_schema integer, entries jsonb, cards jsonb) RETURNS jsonb
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
     OR length(given ->> 'body') > 250000 OR NOT is_sound(e, given ->> 'body') THEN
    RAISE EXCEPTION 'nightdesk: not a disputed entry' USING ERRCODE = 'ND002';
  END IF;
  SELECT * INTO first FROM entry k WHERE k.id = as_uuid((given ->> 'body')::json ->> 'id');
  IF first.id IS NULL OR first.stream_kind <> e.stream_kind OR first.stream_id <> e.stream_id THEN
    RAISE EXCEPTION 'nightdesk: nothing is disputed' USING ERRCODE = 'ND002';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM entry k WHERE k.id = e.id) THEN
    PERFORM put(e, given ->> 'body');
  END IF;
END
$$;
COMMENT ON FUNCTION dispute IS 'Door: keep a second version of an id beside the first, once however often it is offered.';
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
     OR length(asked) > 8000 OR length(at_station) > 80 THEN
    RAISE EXCEPTION 'nightdesk: a look without a reason' USING ERRCODE = 'ND005';
  END IF;
  IF done = 'opened' AND is_restricted(whom) THEN
    done := 'refused';
  END IF;
  PERFORM write_access(new_id, now_us(), me, as_role, at_station, done, whom, of_call, left(btrim(why), 2000), asked);
  INSERT INTO ticket VALUES (new_id, pg_current_xact_id());
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
-- Reading the record: envelopes for everybody in the service, words by the class of their stream.

CREATE FUNCTION reads_stream(s stream, me text, as_role text, at_us bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT works_a_shift(as_role) AND s.class <> 'restricted' AND (
    s.class = 'shift'
    OR EXISTS (SELECT 1 FROM stream_member m
                WHERE m.stream_kind = s.stream_kind AND m.stream_id = s.stream_id AND m.worker = me)
    OR EXISTS (SELECT 1 FROM stream_link l JOIN stream_member m USING (stream_kind, stream_id)
                WHERE l.other_kind = s.stream_kind AND l.other_id = s.stream_id AND m.worker = me)
    OR EXISTS (SELECT 1 FROM stream_subject u JOIN access a ON a.person = u.person
                WHERE u.stream_kind = s.stream_kind AND u.stream_id = s.stream_id AND a.worker = me
                  AND a.action IN ('opened', 'opened_offline') AND a.at > at_us - 43200000000
                  AND NOT is_restricted(u.person)))
$$;
COMMENT ON FUNCTION reads_stream IS 'Say whether a worker reads all of a stream (db.reading.may_read_stream).';

CREATE FUNCTION reads_entry(e entry, s stream, me text, as_role text, at_us bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT s.class <> 'restricted' AND (e.author = me OR e.on_behalf_of = me OR reads_stream(s, me, as_role, at_us))
$$;

CREATE FUNCTION envelopes(after_seq bigint, at_most integer) RETURNS SETOF entry
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT e.* FROM entry e WHERE e.seq > after_seq AND EXISTS (SELECT 1 FROM whoami())
  ORDER BY e.seq LIMIT least(at_most, 5000)
$$;
COMMENT ON FUNCTION envelopes IS 'Door: return envelopes after a seq, in order; no words.';

CREATE FUNCTION bodies(as_role text, ids uuid[]) RETURNS TABLE (id uuid, body text)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  me text := reading_as(as_role);
  at_us bigint := now_us();
BEGIN
  RETURN QUERY
  SELECT e.id, b.body FROM entry e
    JOIN stream s ON s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id
    JOIN entry_body b ON b.id = e.id
   WHERE e.id = ANY (ids[1:2000]) AND reads_entry(e, s, me, as_role, at_us);
END
$$;
COMMENT ON FUNCTION bodies IS 'Door: return the words that this worker may read; the others are simply absent.';

CREATE TYPE told AS (
  seq bigint, id uuid, stream_kind varchar(16), stream_id uuid, kind varchar(40), author varchar(80), role varchar(40),
  station varchar(80), made_at bigint, stored_at bigint, slot varchar(120), expects varchar(36), replaces uuid,
  corrects uuid, on_behalf_of varchar(80), body_sha256 varchar(64), digest varchar(64), readable text
);
COMMENT ON TYPE told IS 'An envelope with its words, or without them where the worker may not read them.';

CREATE FUNCTION news(as_role text, after_seq bigint, at_most integer) RETURNS SETOF told
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  WITH asking AS MATERIALIZED (SELECT reading_as(as_role) AS me, now_us() AS at_us)
  SELECT (e).*, CASE WHEN reads_entry(e, s, me, as_role, at_us) THEN b.body END
    FROM asking,
         (SELECT y FROM entry y WHERE y.seq > after_seq ORDER BY y.seq LIMIT least(at_most, 5000)) AS x (e)
    JOIN stream s ON s.stream_kind = (e).stream_kind AND s.stream_id = (e).stream_id
    LEFT JOIN entry_body b ON b.id = (e).id
   ORDER BY (e).seq
$$;
COMMENT ON FUNCTION news IS 'Door: return entries after a seq, in order, with the words this worker may read.';

CREATE FUNCTION stream_of(as_role text, of_kind text, of_id uuid) RETURNS SETOF told
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  WITH asking AS MATERIALIZED (SELECT reading_as(as_role) AS me, now_us() AS at_us)
  SELECT (e).*, CASE WHEN reads_entry(e, s, me, as_role, at_us) THEN b.body END
    FROM asking,
         (SELECT y FROM entry y WHERE y.stream_kind = of_kind AND y.stream_id = of_id) AS x (e)
    JOIN stream s ON s.stream_kind = (e).stream_kind AND s.stream_id = (e).stream_id
    LEFT JOIN entry_body b ON b.id = (e).id
   ORDER BY (e).seq
$$;
COMMENT ON FUNCTION stream_of IS 'Door: return one whole stream, in order, with the words this worker may read.';

CREATE FUNCTION open_streams(kinds text[]) RETURNS TABLE (stream_kind varchar, stream_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT s.stream_kind, s.stream_id FROM stream s
   WHERE s.stream_kind = ANY (kinds) AND s.closed_at IS NULL AND EXISTS (SELECT 1 FROM whoami())
   ORDER BY s.begun
$$;
COMMENT ON FUNCTION open_streams IS 'Door: return streams that are not closed, oldest first.';

CREATE FUNCTION seq_at(moment_us bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT coalesce((SELECT e.seq FROM entry e WHERE e.stored_at < moment_us
                    ORDER BY e.stored_at DESC, e.seq DESC LIMIT 1), 0)
   WHERE EXISTS (SELECT 1 FROM whoami())
$$;
COMMENT ON FUNCTION seq_at IS 'Door: return the last seq stored before a moment, 0 where there is none.';

CREATE FUNCTION heartbeat(seqs bigint[], digests text[])
RETURNS TABLE (seq bigint, digest text, at_us bigint, schema integer, agreed bigint)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT h.seq, h.digest::text, now_us(), h.schema,
         (SELECT max(k.seq) FROM unnest(seqs, digests) AS k (seq, digest)
           WHERE (k.seq = 0) OR EXISTS (SELECT 1 FROM entry e WHERE e.seq = k.seq AND e.digest = k.digest))
    FROM head h WHERE h.id = 1 AND EXISTS (SELECT 1 FROM whoami())
$$;
COMMENT ON FUNCTION heartbeat IS
  'Door: head, this server''s time, schema, and the newest of the given cursors that lies on this history.';

CREATE FUNCTION mark_seen(as_role text, marks jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  me text := acting(as_role);
  tick_now bigint;
  one record;
BEGIN
  IF jsonb_array_length(marks) > 1000 THEN
    RAISE EXCEPTION 'nightdesk: too many marks at once' USING ERRCODE = 'ND002';
  END IF;
  -- Ticks have one order for everybody, as seqs have; a lock of its own, so that no word waits for a mark.
  PERFORM pg_advisory_xact_lock(hashtext('nightdesk seen'));
  SELECT coalesce(max(tick), 0) INTO tick_now FROM seen;
  FOR one IN SELECT * FROM jsonb_to_recordset(marks) AS m (stream_kind text, stream_id uuid, seq bigint)
              -- Beyond the head: made on a history that this record does not hold.
              WHERE m.seq BETWEEN 1 AND (SELECT h.seq FROM head h WHERE h.id = 1) AND is_stream_kind(m.stream_kind) LOOP
    INSERT INTO seen (worker, stream_kind, stream_id, seq, tick)
    VALUES (me, one.stream_kind, one.stream_id, one.seq, tick_now + 1)
    ON CONFLICT (worker, stream_kind, stream_id)
    DO UPDATE SET seq = excluded.seq, tick = excluded.tick WHERE seen.seq < excluded.seq;
    IF FOUND THEN
      tick_now := tick_now + 1;
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION mark_seen IS 'Door: move this worker''s cursors on; they never move back.';

CREATE FUNCTION seen_of(ids uuid[]) RETURNS TABLE (worker varchar, stream_kind varchar, stream_id uuid, seq bigint)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT s.worker, s.stream_kind, s.stream_id, s.seq FROM seen s
   WHERE s.stream_id = ANY (ids) AND EXISTS (SELECT 1 FROM whoami())
$$;
COMMENT ON FUNCTION seen_of IS 'Door: return every worker''s cursor on these streams.';

CREATE FUNCTION first_tick(after_seq bigint) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT coalesce((SELECT min(s.tick) - 1 FROM seen s WHERE s.seq > after_seq), (SELECT max(s.tick) FROM seen s), 0)
   WHERE EXISTS (SELECT 1 FROM whoami())
$$;
COMMENT ON FUNCTION first_tick IS 'Door: return the tick from which all marks beyond a seq will be told.';

CREATE FUNCTION seen_since(after_tick bigint)
RETURNS TABLE (worker varchar, stream_kind varchar, stream_id uuid, seq bigint, tick bigint)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT s.worker, s.stream_kind, s.stream_id, s.seq, s.tick FROM seen s
   WHERE s.tick > after_tick AND EXISTS (SELECT 1 FROM whoami()) ORDER BY s.tick
$$;
COMMENT ON FUNCTION seen_since IS 'Door: return the marks that moved since a tick.';
-- Lists: whitelisted cards of streams, for display only (db/lists.py).

CREATE FUNCTION versions_of(cards jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT coalesce(jsonb_object_agg(c.stream_kind || ':' || c.stream_id::text, coalesce(s.version, 0)), '{}')
    FROM jsonb_to_recordset(cards) AS c (stream_kind text, stream_id uuid)
    LEFT JOIN stream s ON s.stream_kind = c.stream_kind AND s.stream_id = c.stream_id
$$;
COMMENT ON FUNCTION versions_of IS 'How far the streams of some cards had come before a batch is written.';

CREATE FUNCTION put_cards(me text, as_role text, cards jsonb, before jsonb, at_us bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  c record;
  s stream;
BEGIN
  FOR c IN SELECT * FROM jsonb_to_recordset(cards)
             AS k (stream_kind text, stream_id uuid, line text, details jsonb, reducers integer, upto bigint) LOOP
    SELECT * INTO s FROM stream t WHERE t.stream_kind = c.stream_kind AND t.stream_id = c.stream_id;
    CONTINUE WHEN s.stream_id IS NULL OR NOT reads_stream(s, me, as_role, at_us) OR c.reducers < s.reducers;
    UPDATE stream t
       SET line = left(regexp_replace(c.line, '[[:cntrl:]]', ' ', 'g'), 200),
           details = (SELECT coalesce(jsonb_object_agg(d.key, left(d.value, 200)), '{}')::text
                        FROM jsonb_each_text(c.details) AS d
                       WHERE d.key IN ('ref', 'type', 'rank', 'authority', 'service', 'outcome', 'state', 'owner', 'lead',
                                       'received', 'call', 'coordinator', 'paired', 'rationale')),
           reducers = c.reducers,
           upto = CASE WHEN c.upto >= (before ->> (c.stream_kind || ':' || c.stream_id::text))::bigint THEN s.version
                       ELSE least(c.upto, s.version) END
     WHERE t.stream_kind = c.stream_kind AND t.stream_id = c.stream_id;
  END LOOP;
END
$$;
COMMENT ON FUNCTION put_cards IS 'Store display folds handed in by a writer; they change nothing in the log.';

CREATE TYPE card AS (
  stream_kind varchar(16), stream_id uuid, line text, reducers integer, details text, upto bigint, version bigint,
  opened_at bigint, closed_at bigint
);

CREATE FUNCTION cards(as_role text, in_order text, kinds text[], of_person uuid, at_most integer) RETURNS SETOF card
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT s.stream_kind, s.stream_id, s.line, s.reducers, s.details, s.upto, s.version, s.opened_at, s.closed_at
    FROM stream s
   WHERE acting(as_role) IS NOT NULL AND works_a_shift(as_role) AND s.stream_kind = ANY (kinds) AND s.class <> 'restricted'
     AND CASE in_order
           WHEN 'open' THEN s.closed_at IS NULL
           WHEN 'of person' THEN
             EXISTS (SELECT 1 FROM stream_subject u WHERE u.stream_kind = s.stream_kind AND u.stream_id = s.stream_id
                        AND u.person = of_person)
             AND NOT is_restricted(of_person)
           ELSE true
         END
   ORDER BY CASE WHEN in_order = 'recent' THEN s.version ELSE s.begun END DESC
   LIMIT least(at_most, 1000)
$$;
COMMENT ON FUNCTION cards IS 'Door: return whitelisted cards for a list, newest first.';
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

CREATE TABLE listed (
  ticket uuid NOT NULL REFERENCES access (id),
  person uuid NOT NULL,
  PRIMARY KEY (ticket, person)
);
COMMENT ON TABLE listed IS 'Whom a search found: only these are shown for its ticket.';

CREATE FUNCTION pack(ids uuid[]) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  shown uuid[] := ARRAY(SELECT i FROM unnest(ids) AS i WHERE NOT is_restricted(i));
BEGIN
  -- What a console hides is not even sent: a password and a line of SQL see no more than the screen.
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

CREATE FUNCTION name_fits(names text, wanted jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT NOT EXISTS (
    SELECT 1 FROM jsonb_array_elements(wanted) AS w
     WHERE NOT EXISTS (SELECT 1 FROM string_to_table(names, ' ') AS have
                        WHERE starts_with(have, w ->> 0) OR w ? have))
$$;
COMMENT ON FUNCTION name_fits IS
  'Say whether each wanted word (a list: it, and its other forms) begins a name or is one; as db.people_find does.';

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
               WHERE c.e164 = n.e164 AND c.call IS DISTINCT FROM but_call))), '[]')
    FROM unnest(numbers) AS n (e164)
$$;

CREATE FUNCTION found_names(keys jsonb) RETURNS SETOF jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  k record;
  high constant text := U&'\FFFF';
BEGIN
  -- A key: the family name begins or is, the given name begins or is one of a table's forms (db/people_find.py).
  FOR k IN SELECT * FROM jsonb_to_recordset(keys)
             AS j (place integer, family text, family_is text, given text, forms text[], words jsonb)
  LOOP
    k.words := coalesce(k.words, '[]');
    RETURN QUERY
    SELECT CASE WHEN x.closed
                THEN jsonb_build_array(k.place, x.person, '', '', coalesce(k.family_is, ''), said(k.words), '', true)
                ELSE jsonb_build_array(k.place, x.person, x.kind, x.shown, x.family, x.given, x.sort_name, false) END
      FROM (
    SELECT n.person, n.kind, n.shown, n.family, n.given, p.sort_name,
           p.restricted OR EXISTS (SELECT 1 FROM stream s WHERE s.stream_kind = 'person' AND s.stream_id = p.id
                                      AND s.class = 'restricted') AS closed
      FROM person_name n JOIN person p ON p.id = n.person
     WHERE (k.family IS NULL OR (n.family COLLATE "C" >= k.family AND n.family COLLATE "C" < k.family || high))
       AND (k.family_is IS NULL OR n.family = k.family_is)
       AND (k.given IS NULL OR (n.given COLLATE "C" >= k.given AND n.given COLLATE "C" < k.given || high))
       AND (k.forms IS NULL OR n.given = ANY (k.forms))
     LIMIT 1500) AS x
     -- The name of a restricted one is not sent, so whether it fits is said here.  Where only the spelling is near,
     -- it is shown to exist whatever the given name: a call to the manager too many does less harm than one too few.
     WHERE NOT x.closed OR k.family_is IS NOT NULL
        OR name_fits(concat_ws(' ', x.family, x.given, x.sort_name), k.words);
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
    SELECT count(*), (array_agg(x.person ORDER BY x.closed, CASE WHEN NOT x.closed THEN x.sort_name END COLLATE "C",
                                                  x.person))[1:50] INTO total, ids
      FROM (SELECT o.person, is_restricted(p.id) AS closed, p.sort_name FROM person_on_line o JOIN person p ON p.id = o.person
             WHERE o.e164 = q ->> 'e164' AND (o.until IS NULL OR o.until > today)) AS x;
    RETURN answer || pack(ids) || jsonb_build_object(
      'total', total,
      'on_line', coalesce((SELECT jsonb_agg(jsonb_build_array(
                                      o.person, CASE WHEN NOT is_restricted(o.person) THEN o.confirmed_on END) ORDER BY array_position(ids, o.person))
                             FROM person_on_line o WHERE o.e164 = q ->> 'e164' AND o.person = ANY (ids)), '[]'),
      'lines', line_pack(ARRAY[q ->> 'e164'], a.call));
  END IF;
  IF q ->> 'reference' <> '' THEN
    answer := answer || jsonb_build_object('references', coalesce((
      SELECT jsonb_agg(jsonb_build_array(p.id, p.reference)) FROM person p
       WHERE p.reference_key = q ->> 'reference_key' AND p.reference_key <> ''), '[]'));
    INSERT INTO listed SELECT which, (r ->> 0)::uuid FROM jsonb_array_elements(answer -> 'references') AS r
    ON CONFLICT DO NOTHING;
  ELSIF q ->> 'born' <> '' THEN
    answer := answer || jsonb_build_object('births', coalesce((
      SELECT jsonb_agg(CASE WHEN NOT x.closed THEN jsonb_build_array(x.id, x.sort_name, x.family, x.given)
                            WHEN name_fits(concat_ws(' ', x.family, x.given), wanted)
                            THEN jsonb_build_array(x.id, '', '', said(wanted))
                            ELSE jsonb_build_array(x.id, '', '', '') END
                       ORDER BY x.closed, CASE WHEN NOT x.closed THEN x.sort_name END COLLATE "C", x.id)
        FROM (SELECT p.id, p.sort_name, is_restricted(p.id) AS closed, n.family, n.given
                FROM person p JOIN person_name n ON n.person = p.id
               WHERE p.born = (q ->> 'born')::date LIMIT 5000) AS x), '[]'));
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
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  me text := acting(as_role);
BEGIN
  IF NOT EXISTS (SELECT 1 FROM access a JOIN ticket_used u ON u.id = a.id
                  WHERE a.id = which AND a.worker = me AND a.action = 'listed' AND abs(now_us() - u.at) <= 120000000) THEN
    RAISE EXCEPTION 'nightdesk: no fresh ticket' USING ERRCODE = 'ND006';
  END IF;
  RETURN pack(ARRAY(SELECT l.person FROM listed l WHERE l.ticket = which AND l.person = ANY (ids[1:50])));
END
$$;
COMMENT ON FUNCTION show IS 'Door: return what is shown of people that a search has found, for its ticket.';

CREATE FUNCTION family_names() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  WITH RECURSIVE each_name (name) AS (
    SELECT min(n.family COLLATE "C") FROM person_name n WHERE EXISTS (SELECT 1 FROM whoami())
    UNION ALL
    SELECT (SELECT min(n.family COLLATE "C") FROM person_name n WHERE n.family COLLATE "C" > each_name.name)
      FROM each_name WHERE each_name.name IS NOT NULL
  )
  SELECT name FROM each_name WHERE name IS NOT NULL
$$;
COMMENT ON FUNCTION family_names IS 'Door: the distinct family names, among which a misspelt one is looked for; they belong to nobody here.';

CREATE FUNCTION open(as_role text, which uuid, today date) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
  a access := take_ticket(which, 'opened', as_role);
  numbers text[];
BEGIN
  IF a.person IS NULL OR is_restricted(a.person) THEN
    RAISE EXCEPTION 'nightdesk: restricted' USING ERRCODE = 'ND007';
  END IF;
  today := near_today(today);
  SELECT coalesce(array_agg(o.e164 ORDER BY o.confirmed_on DESC NULLS LAST, o.e164), '{}') INTO numbers
    FROM person_on_line o WHERE o.person = a.person AND (o.until IS NULL OR o.until > today);
  RETURN pack(ARRAY[a.person]) || jsonb_build_object(
    'person', a.person,
    'numbers', numbers,
    'lines', line_pack(numbers, NULL),
    'relations', coalesce((
      SELECT jsonb_agg(CASE WHEN x.closed THEN jsonb_build_object('other', (x.r).other, 'restricted', true)
                            ELSE to_jsonb(x.r) || jsonb_build_object('family', x.family, 'given', x.given, 'born', x.born,
                                                                     'restricted', false) END
                       ORDER BY (x.r).next_of_kin DESC, CASE WHEN NOT x.closed THEN x.sort_name END COLLATE "C",
                                (x.r).other)
        FROM (SELECT r, p.family, p.given, p.born, p.sort_name, is_restricted(p.id) AS closed
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
-- For nd_verify: both chains, what the words' digests really are, and what stands of streams and slots.
-- Of words it reads only those of structural entries: ids and states, from which the rest is derived again.

CREATE TYPE proven AS (
  seq bigint, id uuid, stream_kind varchar(16), stream_id uuid, kind varchar(40), author varchar(80), role varchar(40),
  station varchar(80), made_at bigint, stored_at bigint, slot varchar(120), expects varchar(36), replaces uuid,
  corrects uuid, on_behalf_of varchar(80), body_sha256 varchar(64), digest varchar(64),
  found_sha256 text, erased boolean, structural text
);

CREATE FUNCTION verify_entries(after_seq bigint, at_most integer) RETURNS SETOF proven
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT (e).*, sha(b.body), EXISTS (SELECT 1 FROM erasure r WHERE r.id = (e).id),
         CASE WHEN (e).kind IN ('contact.subject_added', 'contact.wrong_person', 'contact.taken', 'incident.opened',
                                'incident.linked', 'incident.joined', 'incident.left', 'help.changed') THEN b.body
              WHEN b.id IS NOT NULL THEN '{}' END
    FROM (SELECT y FROM entry y WHERE y.seq > after_seq ORDER BY y.seq LIMIT least(at_most, 20000)) AS x (e)
    LEFT JOIN entry_body b ON b.id = (e).id
   ORDER BY (e).seq
$$;
COMMENT ON FUNCTION verify_entries IS 'Door of nd_verify: envelopes in order, and the digest of each body as it stands now.';

CREATE FUNCTION verify_accesses(after_seq bigint, at_most integer) RETURNS SETOF access
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT a.* FROM access a WHERE a.seq > after_seq ORDER BY a.seq LIMIT least(at_most, 20000)
$$;
COMMENT ON FUNCTION verify_accesses IS 'Door of nd_verify: the access log in order.';

CREATE FUNCTION verify_head()
RETURNS TABLE (seq bigint, digest varchar, access_seq bigint, access_digest varchar)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT h.seq, h.digest, h.access_seq, h.access_digest FROM head h WHERE h.id = 1
$$;
COMMENT ON FUNCTION verify_head IS 'Door of nd_verify: what the counter row says of both chains.';

CREATE FUNCTION verify_streams()
RETURNS TABLE (stream_kind varchar, stream_id uuid, class varchar, begun bigint, version bigint, opened_at bigint,
               closed_at bigint, subjects uuid[], members varchar[], links text[])
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT s.stream_kind, s.stream_id, s.class, s.begun, s.version, s.opened_at, s.closed_at,
         ARRAY(SELECT u.person FROM stream_subject u WHERE u.stream_kind = s.stream_kind AND u.stream_id = s.stream_id),
         ARRAY(SELECT m.worker FROM stream_member m WHERE m.stream_kind = s.stream_kind AND m.stream_id = s.stream_id),
         ARRAY(SELECT l.other_kind || ':' || l.other_id FROM stream_link l
                WHERE l.stream_kind = s.stream_kind AND l.stream_id = s.stream_id)
    FROM stream s
$$;
COMMENT ON FUNCTION verify_streams IS 'Door of nd_verify: what each stream is said to be.';

CREATE FUNCTION verify_slots()
RETURNS TABLE (stream_kind varchar, stream_id uuid, slot varchar, head uuid, seq bigint)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT s.stream_kind, s.stream_id, s.slot, s.head, s.seq FROM slot s
$$;
COMMENT ON FUNCTION verify_slots IS 'Door of nd_verify: the newest entry of each slot.';
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'nightdesk: rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'ND002'; END $$;
CREATE TRIGGER entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER access_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON access FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER erasure_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON erasure FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ticket_used_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ticket_used FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- @PIN: here every function's search path was pinned.
REVOKE ALL ON SCHEMA nightdesk FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA nightdesk FROM PUBLIC;
ALTER DEFAULT PRIVILEGES REVOKE ALL ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA "nightdesk" TO "nd_worker";
GRANT USAGE ON SCHEMA "nightdesk" TO "nd_witness";
GRANT USAGE ON SCHEMA "nightdesk" TO "nd_import";
GRANT USAGE ON SCHEMA "nightdesk" TO "nd_verify";
GRANT EXECUTE ON FUNCTION whoami() TO nd_worker;
GRANT EXECUTE ON FUNCTION append(text, integer, jsonb, jsonb) TO nd_worker;
GRANT EXECUTE ON FUNCTION dispute(text, jsonb) TO nd_worker;
GRANT EXECUTE ON FUNCTION ring() TO nd_worker;
GRANT EXECUTE ON FUNCTION envelopes(bigint, integer) TO nd_worker;
GRANT EXECUTE ON FUNCTION bodies(text, uuid[]) TO nd_worker;
GRANT EXECUTE ON FUNCTION news(text, bigint, integer) TO nd_worker;
GRANT EXECUTE ON FUNCTION stream_of(text, text, uuid) TO nd_worker;
GRANT EXECUTE ON FUNCTION open_streams(text[]) TO nd_worker;
GRANT EXECUTE ON FUNCTION seq_at(bigint) TO nd_worker;
GRANT EXECUTE ON FUNCTION heartbeat(bigint[], text[]) TO nd_worker;
GRANT EXECUTE ON FUNCTION mark_seen(text, jsonb) TO nd_worker;
GRANT EXECUTE ON FUNCTION seen_of(uuid[]) TO nd_worker;
GRANT EXECUTE ON FUNCTION first_tick(bigint) TO nd_worker;
GRANT EXECUTE ON FUNCTION seen_since(bigint) TO nd_worker;
GRANT EXECUTE ON FUNCTION cards(text, text, text[], uuid, integer) TO nd_worker;
GRANT EXECUTE ON FUNCTION agencies() TO nd_worker;
GRANT EXECUTE ON FUNCTION ask(text, text, text, uuid, uuid, text, text) TO nd_worker;
GRANT EXECUTE ON FUNCTION look(text, uuid, date) TO nd_worker;
GRANT EXECUTE ON FUNCTION show(text, uuid, uuid[]) TO nd_worker;
GRANT EXECUTE ON FUNCTION family_names() TO nd_worker;
GRANT EXECUTE ON FUNCTION open(text, uuid, date) TO nd_worker;
GRANT EXECUTE ON FUNCTION whoami() TO nd_witness;
GRANT EXECUTE ON FUNCTION append(text, integer, jsonb, jsonb) TO nd_witness;
GRANT EXECUTE ON FUNCTION dispute(text, jsonb) TO nd_witness;
GRANT EXECUTE ON FUNCTION ring() TO nd_witness;
GRANT EXECUTE ON FUNCTION envelopes(bigint, integer) TO nd_witness;
GRANT EXECUTE ON FUNCTION bodies(text, uuid[]) TO nd_witness;
GRANT EXECUTE ON FUNCTION news(text, bigint, integer) TO nd_witness;
GRANT EXECUTE ON FUNCTION stream_of(text, text, uuid) TO nd_witness;
GRANT EXECUTE ON FUNCTION open_streams(text[]) TO nd_witness;
GRANT EXECUTE ON FUNCTION seq_at(bigint) TO nd_witness;
GRANT EXECUTE ON FUNCTION heartbeat(bigint[], text[]) TO nd_witness;
GRANT EXECUTE ON FUNCTION mark_seen(text, jsonb) TO nd_witness;
GRANT EXECUTE ON FUNCTION seen_of(uuid[]) TO nd_witness;
GRANT EXECUTE ON FUNCTION first_tick(bigint) TO nd_witness;
GRANT EXECUTE ON FUNCTION seen_since(bigint) TO nd_witness;
GRANT EXECUTE ON FUNCTION cards(text, text, text[], uuid, integer) TO nd_witness;
GRANT EXECUTE ON FUNCTION agencies() TO nd_witness;
GRANT EXECUTE ON FUNCTION ask(text, text, text, uuid, uuid, text, text) TO nd_witness;
GRANT EXECUTE ON FUNCTION look(text, uuid, date) TO nd_witness;
GRANT EXECUTE ON FUNCTION show(text, uuid, uuid[]) TO nd_witness;
GRANT EXECUTE ON FUNCTION family_names() TO nd_witness;
GRANT EXECUTE ON FUNCTION open(text, uuid, date) TO nd_witness;
GRANT EXECUTE ON FUNCTION verify_entries(bigint, integer) TO nd_verify;
GRANT EXECUTE ON FUNCTION verify_accesses(bigint, integer) TO nd_verify;
GRANT EXECUTE ON FUNCTION verify_head() TO nd_verify;
GRANT EXECUTE ON FUNCTION verify_streams() TO nd_verify;
GRANT EXECUTE ON FUNCTION verify_slots() TO nd_verify;
DELETE FROM kind_right;
DELETE FROM decision_right;
DELETE FROM shift_role;
INSERT INTO kind_right VALUES ('call.seen', 'support_worker'), ('call.seen', 'amhp'), ('call.seen', 'social_worker_adults'), ('call.seen', 'duty_manager'), ('call.seen', 'on_call_manager'), ('call.seen', 'social_worker_children'), ('call.seen', 'assistant_team_manager'), ('call.seen', 'service_adviser'), ('call.seen', 'witness'), ('call.number', 'support_worker'), ('call.number', 'amhp'), ('call.number', 'social_worker_adults'), ('call.number', 'duty_manager'), ('call.number', 'on_call_manager'), ('call.number', 'social_worker_children'), ('call.number', 'assistant_team_manager'), ('call.number', 'service_adviser'), ('call.number', 'witness'), ('call.queued', 'support_worker'), ('call.queued', 'amhp'), ('call.queued', 'social_worker_adults'), ('call.queued', 'duty_manager'), ('call.queued', 'on_call_manager'), ('call.queued', 'social_worker_children'), ('call.queued', 'assistant_team_manager'), ('call.queued', 'service_adviser'), ('call.queued', 'witness'), ('call.offered', 'support_worker'), ('call.offered', 'amhp'), ('call.offered', 'social_worker_adults'), ('call.offered', 'duty_manager'), ('call.offered', 'on_call_manager'), ('call.offered', 'social_worker_children'), ('call.offered', 'assistant_team_manager'), ('call.offered', 'service_adviser'), ('call.offered', 'witness'), ('call.answered', 'support_worker'), ('call.answered', 'amhp'), ('call.answered', 'social_worker_adults'), ('call.answered', 'duty_manager'), ('call.answered', 'on_call_manager'), ('call.answered', 'social_worker_children'), ('call.answered', 'assistant_team_manager'), ('call.answered', 'service_adviser'), ('call.answered', 'witness'), ('call.leg_ended', 'support_worker'), ('call.leg_ended', 'amhp'), ('call.leg_ended', 'social_worker_adults'), ('call.leg_ended', 'duty_manager'), ('call.leg_ended', 'on_call_manager'), ('call.leg_ended', 'social_worker_children'), ('call.leg_ended', 'assistant_team_manager'), ('call.leg_ended', 'service_adviser'), ('call.leg_ended', 'witness'), ('call.held', 'support_worker'), ('call.held', 'amhp'), ('call.held', 'social_worker_adults'), ('call.held', 'duty_manager'), ('call.held', 'on_call_manager'), ('call.held', 'social_worker_children'), ('call.held', 'assistant_team_manager'), ('call.held', 'service_adviser'), ('call.held', 'witness'), ('call.joined', 'support_worker'), ('call.joined', 'amhp'), ('call.joined', 'social_worker_adults'), ('call.joined', 'duty_manager'), ('call.joined', 'on_call_manager'), ('call.joined', 'social_worker_children'), ('call.joined', 'assistant_team_manager'), ('call.joined', 'service_adviser'), ('call.joined', 'witness'), ('call.left', 'support_worker'), ('call.left', 'amhp'), ('call.left', 'social_worker_adults'), ('call.left', 'duty_manager'), ('call.left', 'on_call_manager'), ('call.left', 'social_worker_children'), ('call.left', 'assistant_team_manager'), ('call.left', 'service_adviser'), ('call.left', 'witness'), ('call.transferred', 'support_worker'), ('call.transferred', 'amhp'), ('call.transferred', 'social_worker_adults'), ('call.transferred', 'duty_manager'), ('call.transferred', 'on_call_manager'), ('call.transferred', 'social_worker_children'), ('call.transferred', 'assistant_team_manager'), ('call.transferred', 'service_adviser'), ('call.transferred', 'witness'), ('call.alias', 'support_worker'), ('call.alias', 'amhp'), ('call.alias', 'social_worker_adults'), ('call.alias', 'duty_manager'), ('call.alias', 'on_call_manager'), ('call.alias', 'social_worker_children'), ('call.alias', 'assistant_team_manager'), ('call.alias', 'service_adviser'), ('call.alias', 'witness'), ('call.emergency', 'support_worker'), ('call.emergency', 'amhp'), ('call.emergency', 'social_worker_adults'), ('call.emergency', 'duty_manager'), ('call.emergency', 'on_call_manager'), ('call.emergency', 'social_worker_children'), ('call.emergency', 'assistant_team_manager'), ('call.emergency', 'service_adviser'), ('call.emergency', 'witness'), ('call.ended', 'support_worker'), ('call.ended', 'amhp'), ('call.ended', 'social_worker_adults'), ('call.ended', 'duty_manager'), ('call.ended', 'on_call_manager'), ('call.ended', 'social_worker_children'), ('call.ended', 'assistant_team_manager'), ('call.ended', 'service_adviser'), ('call.ended', 'witness'), ('call.claimed', 'support_worker'), ('call.claimed', 'amhp'), ('call.claimed', 'social_worker_adults'), ('call.claimed', 'duty_manager'), ('call.claimed', 'on_call_manager'), ('call.claimed', 'social_worker_children'), ('call.claimed', 'assistant_team_manager'), ('call.claimed', 'service_adviser'), ('contact.opened', 'support_worker'), ('contact.opened', 'amhp'), ('contact.opened', 'social_worker_adults'), ('contact.opened', 'duty_manager'), ('contact.opened', 'on_call_manager'), ('contact.opened', 'social_worker_children'), ('contact.opened', 'assistant_team_manager'), ('contact.opened', 'service_adviser'), ('contact.note', 'support_worker'), ('contact.note', 'amhp'), ('contact.note', 'social_worker_adults'), ('contact.note', 'duty_manager'), ('contact.note', 'on_call_manager'), ('contact.note', 'social_worker_children'), ('contact.note', 'assistant_team_manager'), ('contact.note', 'service_adviser'), ('contact.field', 'support_worker'), ('contact.field', 'amhp'), ('contact.field', 'social_worker_adults'), ('contact.field', 'duty_manager'), ('contact.field', 'on_call_manager'), ('contact.field', 'social_worker_children'), ('contact.field', 'assistant_team_manager'), ('contact.field', 'service_adviser'), ('contact.prompt', 'support_worker'), ('contact.prompt', 'amhp'), ('contact.prompt', 'social_worker_adults'), ('contact.prompt', 'duty_manager'), ('contact.prompt', 'on_call_manager'), ('contact.prompt', 'social_worker_children'), ('contact.prompt', 'assistant_team_manager'), ('contact.prompt', 'service_adviser'), ('contact.subject_added', 'support_worker'), ('contact.subject_added', 'amhp'), ('contact.subject_added', 'social_worker_adults'), ('contact.subject_added', 'duty_manager'), ('contact.subject_added', 'on_call_manager'), ('contact.subject_added', 'social_worker_children'), ('contact.subject_added', 'assistant_team_manager'), ('contact.subject_added', 'service_adviser'), ('contact.identity', 'support_worker'), ('contact.identity', 'amhp'), ('contact.identity', 'social_worker_adults'), ('contact.identity', 'duty_manager'), ('contact.identity', 'on_call_manager'), ('contact.identity', 'social_worker_children'), ('contact.identity', 'assistant_team_manager'), ('contact.identity', 'service_adviser'), ('contact.wrong_person', 'support_worker'), ('contact.wrong_person', 'amhp'), ('contact.wrong_person', 'social_worker_adults'), ('contact.wrong_person', 'duty_manager'), ('contact.wrong_person', 'on_call_manager'), ('contact.wrong_person', 'social_worker_children'), ('contact.wrong_person', 'assistant_team_manager'), ('contact.wrong_person', 'service_adviser'), ('contact.decision', 'support_worker'), ('contact.decision', 'amhp'), ('contact.decision', 'social_worker_adults'), ('contact.decision', 'duty_manager'), ('contact.decision', 'on_call_manager'), ('contact.decision', 'social_worker_children'), ('contact.decision', 'assistant_team_manager'), ('contact.decision', 'service_adviser'), ('contact.handover', 'support_worker'), ('contact.handover', 'amhp'), ('contact.handover', 'social_worker_adults'), ('contact.handover', 'duty_manager'), ('contact.handover', 'on_call_manager'), ('contact.handover', 'social_worker_children'), ('contact.handover', 'assistant_team_manager'), ('contact.handover', 'service_adviser'), ('contact.kept', 'support_worker'), ('contact.kept', 'amhp'), ('contact.kept', 'social_worker_adults'), ('contact.kept', 'duty_manager'), ('contact.kept', 'on_call_manager'), ('contact.kept', 'social_worker_children'), ('contact.kept', 'assistant_team_manager'), ('contact.kept', 'service_adviser'), ('contact.completed', 'support_worker'), ('contact.completed', 'amhp'), ('contact.completed', 'social_worker_adults'), ('contact.completed', 'duty_manager'), ('contact.completed', 'on_call_manager'), ('contact.completed', 'social_worker_children'), ('contact.completed', 'assistant_team_manager'), ('contact.completed', 'service_adviser'), ('contact.taken', 'support_worker'), ('contact.taken', 'amhp'), ('contact.taken', 'social_worker_adults'), ('contact.taken', 'duty_manager'), ('contact.taken', 'on_call_manager'), ('contact.taken', 'social_worker_children'), ('contact.taken', 'assistant_team_manager'), ('contact.taken', 'service_adviser'), ('contact.call_added', 'support_worker'), ('contact.call_added', 'amhp'), ('contact.call_added', 'social_worker_adults'), ('contact.call_added', 'duty_manager'), ('contact.call_added', 'on_call_manager'), ('contact.call_added', 'social_worker_children'), ('contact.call_added', 'assistant_team_manager'), ('contact.call_added', 'service_adviser'), ('incident.opened', 'support_worker'), ('incident.opened', 'amhp'), ('incident.opened', 'social_worker_adults'), ('incident.opened', 'duty_manager'), ('incident.opened', 'on_call_manager'), ('incident.opened', 'social_worker_children'), ('incident.opened', 'assistant_team_manager'), ('incident.opened', 'service_adviser'), ('incident.linked', 'support_worker'), ('incident.linked', 'amhp'), ('incident.linked', 'social_worker_adults'), ('incident.linked', 'duty_manager'), ('incident.linked', 'on_call_manager'), ('incident.linked', 'social_worker_children'), ('incident.linked', 'assistant_team_manager'), ('incident.linked', 'service_adviser'), ('incident.joined', 'support_worker'), ('incident.joined', 'amhp'), ('incident.joined', 'social_worker_adults'), ('incident.joined', 'duty_manager'), ('incident.joined', 'on_call_manager'), ('incident.joined', 'social_worker_children'), ('incident.joined', 'assistant_team_manager'), ('incident.joined', 'service_adviser'), ('incident.left', 'support_worker'), ('incident.left', 'amhp'), ('incident.left', 'social_worker_adults'), ('incident.left', 'duty_manager'), ('incident.left', 'on_call_manager'), ('incident.left', 'social_worker_children'), ('incident.left', 'assistant_team_manager'), ('incident.left', 'service_adviser'), ('incident.swapped', 'support_worker'), ('incident.swapped', 'amhp'), ('incident.swapped', 'social_worker_adults'), ('incident.swapped', 'duty_manager'), ('incident.swapped', 'on_call_manager'), ('incident.swapped', 'social_worker_children'), ('incident.swapped', 'assistant_team_manager'), ('incident.location', 'support_worker'), ('incident.location', 'amhp'), ('incident.location', 'social_worker_adults'), ('incident.location', 'duty_manager'), ('incident.location', 'on_call_manager'), ('incident.location', 'social_worker_children'), ('incident.location', 'assistant_team_manager'), ('incident.location', 'service_adviser'), ('incident.fact', 'support_worker'), ('incident.fact', 'amhp'), ('incident.fact', 'social_worker_adults'), ('incident.fact', 'duty_manager'), ('incident.fact', 'on_call_manager'), ('incident.fact', 'social_worker_children'), ('incident.fact', 'assistant_team_manager'), ('incident.fact', 'service_adviser'), ('incident.hazard', 'support_worker'), ('incident.hazard', 'amhp'), ('incident.hazard', 'social_worker_adults'), ('incident.hazard', 'duty_manager'), ('incident.hazard', 'on_call_manager'), ('incident.hazard', 'social_worker_children'), ('incident.hazard', 'assistant_team_manager'), ('incident.hazard', 'service_adviser'), ('incident.risk', 'support_worker'), ('incident.risk', 'amhp'), ('incident.risk', 'social_worker_adults'), ('incident.risk', 'duty_manager'), ('incident.risk', 'on_call_manager'), ('incident.risk', 'social_worker_children'), ('incident.risk', 'assistant_team_manager'), ('incident.risk', 'service_adviser'), ('incident.note', 'support_worker'), ('incident.note', 'amhp'), ('incident.note', 'social_worker_adults'), ('incident.note', 'duty_manager'), ('incident.note', 'on_call_manager'), ('incident.note', 'social_worker_children'), ('incident.note', 'assistant_team_manager'), ('incident.note', 'service_adviser'), ('incident.stood_down', 'support_worker'), ('incident.stood_down', 'amhp'), ('incident.stood_down', 'social_worker_adults'), ('incident.stood_down', 'duty_manager'), ('incident.stood_down', 'on_call_manager'), ('incident.stood_down', 'social_worker_children'), ('incident.stood_down', 'assistant_team_manager'), ('incident.stood_down', 'service_adviser'), ('incident.debrief', 'support_worker'), ('incident.debrief', 'amhp'), ('incident.debrief', 'social_worker_adults'), ('incident.debrief', 'duty_manager'), ('incident.debrief', 'on_call_manager'), ('incident.debrief', 'social_worker_children'), ('incident.debrief', 'assistant_team_manager'), ('incident.debrief', 'service_adviser'), ('signals.summons', 'support_worker'), ('signals.summons', 'amhp'), ('signals.summons', 'social_worker_adults'), ('signals.summons', 'duty_manager'), ('signals.summons', 'on_call_manager'), ('signals.summons', 'social_worker_children'), ('signals.summons', 'assistant_team_manager'), ('signals.summons', 'service_adviser'), ('signals.accepted', 'support_worker'), ('signals.accepted', 'amhp'), ('signals.accepted', 'social_worker_adults'), ('signals.accepted', 'duty_manager'), ('signals.accepted', 'on_call_manager'), ('signals.accepted', 'social_worker_children'), ('signals.accepted', 'assistant_team_manager'), ('signals.accepted', 'service_adviser'), ('signals.sent', 'support_worker'), ('signals.sent', 'amhp'), ('signals.sent', 'social_worker_adults'), ('signals.sent', 'duty_manager'), ('signals.sent', 'on_call_manager'), ('signals.sent', 'social_worker_children'), ('signals.sent', 'assistant_team_manager'), ('signals.sent', 'service_adviser'), ('signals.answered', 'support_worker'), ('signals.answered', 'amhp'), ('signals.answered', 'social_worker_adults'), ('signals.answered', 'duty_manager'), ('signals.answered', 'on_call_manager'), ('signals.answered', 'social_worker_children'), ('signals.answered', 'assistant_team_manager'), ('signals.answered', 'service_adviser'), ('signals.message', 'support_worker'), ('signals.message', 'amhp'), ('signals.message', 'social_worker_adults'), ('signals.message', 'duty_manager'), ('signals.message', 'on_call_manager'), ('signals.message', 'social_worker_children'), ('signals.message', 'assistant_team_manager'), ('signals.message', 'service_adviser'), ('help.drafted', 'support_worker'), ('help.drafted', 'amhp'), ('help.drafted', 'social_worker_adults'), ('help.drafted', 'duty_manager'), ('help.drafted', 'on_call_manager'), ('help.drafted', 'social_worker_children'), ('help.drafted', 'assistant_team_manager'), ('help.drafted', 'service_adviser'), ('help.changed', 'support_worker'), ('help.changed', 'amhp'), ('help.changed', 'social_worker_adults'), ('help.changed', 'duty_manager'), ('help.changed', 'on_call_manager'), ('help.changed', 'social_worker_children'), ('help.changed', 'assistant_team_manager'), ('help.changed', 'service_adviser'), ('help.taken', 'support_worker'), ('help.taken', 'amhp'), ('help.taken', 'social_worker_adults'), ('help.taken', 'duty_manager'), ('help.taken', 'on_call_manager'), ('help.taken', 'social_worker_children'), ('help.taken', 'assistant_team_manager'), ('help.taken', 'service_adviser'), ('help.updated', 'support_worker'), ('help.updated', 'amhp'), ('help.updated', 'social_worker_adults'), ('help.updated', 'duty_manager'), ('help.updated', 'on_call_manager'), ('help.updated', 'social_worker_children'), ('help.updated', 'assistant_team_manager'), ('help.updated', 'service_adviser'), ('help.told', 'support_worker'), ('help.told', 'amhp'), ('help.told', 'social_worker_adults'), ('help.told', 'duty_manager'), ('help.told', 'on_call_manager'), ('help.told', 'social_worker_children'), ('help.told', 'assistant_team_manager'), ('help.told', 'service_adviser'), ('person.created', 'support_worker'), ('person.created', 'amhp'), ('person.created', 'social_worker_adults'), ('person.created', 'duty_manager'), ('person.created', 'on_call_manager'), ('person.created', 'social_worker_children'), ('person.created', 'assistant_team_manager'), ('person.created', 'service_adviser'), ('person.line', 'support_worker'), ('person.line', 'amhp'), ('person.line', 'social_worker_adults'), ('person.line', 'duty_manager'), ('person.line', 'on_call_manager'), ('person.line', 'social_worker_children'), ('person.line', 'assistant_team_manager'), ('person.line', 'service_adviser'), ('person.restricted', 'duty_manager'), ('person.restricted', 'assistant_team_manager'), ('person.restricted', 'on_call_manager'), ('shift.signed_in', 'support_worker'), ('shift.signed_in', 'day_team_reader'), ('shift.signed_in', 'amhp'), ('shift.signed_in', 'social_worker_adults'), ('shift.signed_in', 'duty_manager'), ('shift.signed_in', 'auditor'), ('shift.signed_in', 'administrator'), ('shift.signed_in', 'on_call_manager'), ('shift.signed_in', 'social_worker_children'), ('shift.signed_in', 'assistant_team_manager'), ('shift.signed_in', 'service_adviser'), ('shift.signed_out', 'support_worker'), ('shift.signed_out', 'day_team_reader'), ('shift.signed_out', 'amhp'), ('shift.signed_out', 'social_worker_adults'), ('shift.signed_out', 'duty_manager'), ('shift.signed_out', 'auditor'), ('shift.signed_out', 'administrator'), ('shift.signed_out', 'on_call_manager'), ('shift.signed_out', 'social_worker_children'), ('shift.signed_out', 'assistant_team_manager'), ('shift.signed_out', 'service_adviser'), ('shift.state', 'support_worker'), ('shift.state', 'amhp'), ('shift.state', 'social_worker_adults'), ('shift.state', 'duty_manager'), ('shift.state', 'on_call_manager'), ('shift.state', 'social_worker_children'), ('shift.state', 'assistant_team_manager'), ('shift.state', 'service_adviser'), ('shift.unsent', 'support_worker'), ('shift.unsent', 'day_team_reader'), ('shift.unsent', 'amhp'), ('shift.unsent', 'social_worker_adults'), ('shift.unsent', 'duty_manager'), ('shift.unsent', 'auditor'), ('shift.unsent', 'administrator'), ('shift.unsent', 'on_call_manager'), ('shift.unsent', 'social_worker_children'), ('shift.unsent', 'assistant_team_manager'), ('shift.unsent', 'service_adviser'), ('shift.alert', 'support_worker'), ('shift.alert', 'amhp'), ('shift.alert', 'social_worker_adults'), ('shift.alert', 'duty_manager'), ('shift.alert', 'on_call_manager'), ('shift.alert', 'social_worker_children'), ('shift.alert', 'assistant_team_manager'), ('shift.alert', 'service_adviser'), ('shift.alert', 'witness'), ('access.offline', 'support_worker'), ('access.offline', 'amhp'), ('access.offline', 'social_worker_adults'), ('access.offline', 'duty_manager'), ('access.offline', 'on_call_manager'), ('access.offline', 'social_worker_children'), ('access.offline', 'assistant_team_manager'), ('access.offline', 'service_adviser');
INSERT INTO decision_right VALUES ('threshold', 'social_worker_children'), ('threshold', 'assistant_team_manager'), ('threshold', 'amhp'), ('threshold', 'social_worker_adults'), ('threshold', 'duty_manager'), ('threshold', 'on_call_manager'), ('s47', 'social_worker_children'), ('s47', 'assistant_team_manager'), ('s47', 'amhp'), ('s47', 'social_worker_adults'), ('s47', 'duty_manager'), ('s47', 'on_call_manager'), ('emergency_power', 'social_worker_children'), ('emergency_power', 'assistant_team_manager'), ('emergency_power', 'amhp'), ('emergency_power', 'social_worker_adults'), ('emergency_power', 'duty_manager'), ('emergency_power', 'on_call_manager'), ('accommodate', 'social_worker_children'), ('accommodate', 'assistant_team_manager'), ('accommodate', 'amhp'), ('accommodate', 'social_worker_adults'), ('accommodate', 'duty_manager'), ('accommodate', 'on_call_manager'), ('placement', 'social_worker_children'), ('placement', 'assistant_team_manager'), ('placement', 'amhp'), ('placement', 'social_worker_adults'), ('placement', 'duty_manager'), ('placement', 'on_call_manager'), ('close', 'social_worker_children'), ('close', 'assistant_team_manager'), ('close', 'amhp'), ('close', 'social_worker_adults'), ('close', 'duty_manager'), ('close', 'on_call_manager'), ('decline_service', 'duty_manager'), ('decline_service', 'assistant_team_manager'), ('decline_service', 'on_call_manager');
INSERT INTO shift_role VALUES
  ('support_worker'), ('amhp'), ('social_worker_adults'), ('duty_manager'),
  ('on_call_manager'), ('social_worker_children'), ('assistant_team_manager'), ('service_adviser');
INSERT INTO head (id, service, schema, invented, created_at, seq, digest, access_seq, access_digest) VALUES (1, gen_random_uuid(), 1, true, now_us(), 0, '0000000000000000000000000000000000000000000000000000000000000000', 0, '0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);
INSERT INTO alembic_version VALUES ('0003_references');
