-- The tables of the record as they were when Nightdesk first served a team: frozen, and never edited.
-- What came after is in the steps with higher numbers; what a function does is in the files beside this folder.

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

-- Folded names are compared letter by letter, as in every other store, and found by where they begin.
ALTER TABLE person_name ALTER family TYPE varchar(120) COLLATE "C", ALTER given TYPE varchar(120) COLLATE "C";
ALTER TABLE person ALTER sort_name TYPE varchar(200) COLLATE "C";
ALTER TABLE agency ALTER key TYPE varchar(300) COLLATE "C";

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

CREATE TYPE told AS (
  seq bigint, id uuid, stream_kind varchar(16), stream_id uuid, kind varchar(40), author varchar(80), role varchar(40),
  station varchar(80), made_at bigint, stored_at bigint, slot varchar(120), expects varchar(36), replaces uuid,
  corrects uuid, on_behalf_of varchar(80), body_sha256 varchar(64), digest varchar(64), readable text
);
COMMENT ON TYPE told IS 'An envelope with its words, or without them where the worker may not read them.';

CREATE TYPE card AS (
  stream_kind varchar(16), stream_id uuid, line text, reducers integer, details text, upto bigint, version bigint,
  opened_at bigint, closed_at bigint
);

CREATE TABLE listed (
  ticket uuid NOT NULL REFERENCES access (id),
  person uuid NOT NULL,
  PRIMARY KEY (ticket, person)
);
COMMENT ON TABLE listed IS 'Whom a search found: only these are shown for its ticket.';

CREATE TYPE proven AS (
  seq bigint, id uuid, stream_kind varchar(16), stream_id uuid, kind varchar(40), author varchar(80), role varchar(40),
  station varchar(80), made_at bigint, stored_at bigint, slot varchar(120), expects varchar(36), replaces uuid,
  corrects uuid, on_behalf_of varchar(80), body_sha256 varchar(64), digest varchar(64),
  found_sha256 text, erased boolean, structural text
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'nightdesk: rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'ND002';
END
$$;

CREATE TRIGGER entry_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER access_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON access
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER erasure_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON erasure
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER ticket_used_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON ticket_used
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY);
