-- Which steps a database has taken.  Before this one there was only alembic_version, which stays for older programs.

CREATE TABLE upgrade_step (
  number   integer PRIMARY KEY,
  name     varchar(60) NOT NULL,
  begun_at bigint NOT NULL,
  done_at  bigint
);
COMMENT ON TABLE upgrade_step IS 'The steps this database has taken (db/postgres/steps.py); done_at is empty while one is still being filled.';
INSERT INTO upgrade_step
SELECT 1, 'record', at, at FROM (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint) AS now (at);

-- Databases made before row security was there: the same tables, names compared by the server's language, and three
-- functions of other arguments.  A call of the old append with four arguments finds the new one.
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_attribute a JOIN pg_collation c ON c.oid = a.attcollation
              WHERE a.attrelid = 'person_name'::regclass AND a.attname = 'family' AND c.collname <> 'C') THEN
    ALTER TABLE person_name ALTER family TYPE varchar(120) COLLATE "C", ALTER given TYPE varchar(120) COLLATE "C";
    ALTER TABLE person ALTER sort_name TYPE varchar(200) COLLATE "C";
    ALTER TABLE agency ALTER key TYPE varchar(300) COLLATE "C";
  END IF;
END
$$;
DROP FUNCTION IF EXISTS append(text, integer, jsonb, jsonb);
DROP FUNCTION IF EXISTS reads_stream(stream, text, text, bigint);
DROP FUNCTION IF EXISTS reads_entry(entry, stream, text, text, bigint);
