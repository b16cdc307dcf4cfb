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
