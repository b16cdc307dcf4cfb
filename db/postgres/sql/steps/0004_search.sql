-- Search: the words by which people are found, and the words one slip away from a typed one.  Filled beside live work.

CREATE TABLE person_find (
  person uuid PRIMARY KEY REFERENCES person (id),
  words tsvector NOT NULL
);
COMMENT ON TABLE person_find IS 'The words by which a person is found (console/domain/find_words.py); no word of an address that may not be told.';

-- What an import adds is looked through word by word until it is filed; half a megabyte takes no millisecond.
CREATE INDEX person_find_words ON person_find USING gin (words) WITH (gin_pending_list_limit = 512);

-- Whoever writes, and whatever they bring: of a restricted person only whole names are kept.
CREATE OR REPLACE FUNCTION close_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  IF is_restricted(NEW.person) THEN
    NEW.words := whole_words(NEW.words);
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION close_words IS 'Leave of the words of a restricted person nothing but whole names (console.domain.find_words.whole_words).';
CREATE TRIGGER person_find_closed BEFORE INSERT OR UPDATE ON person_find FOR EACH ROW EXECUTE FUNCTION close_words();

CREATE TABLE near_word (
  key  varchar(40) NOT NULL,
  word varchar(40) NOT NULL,
  CONSTRAINT pk_near_word PRIMARY KEY (key, word)
);
COMMENT ON TABLE near_word IS 'Words of names and streets by themselves and by what is left of them without each letter; they belong to nobody here.';
