-- Search: the words by which people are found, and the words one slip away from a typed one.  Filled beside live work.

CREATE TABLE person_find (
  person uuid PRIMARY KEY REFERENCES person (id),
  words tsvector NOT NULL
);
COMMENT ON TABLE person_find IS 'The words by which a person is found (console/domain/find_words.py); no word of an address that may not be told.';

-- What an import adds is looked through word by word until it is filed; half a megabyte takes no millisecond.
CREATE INDEX person_find_words ON person_find USING gin (words) WITH (gin_pending_list_limit = 512);

CREATE TABLE near_word (
  key  varchar(40) NOT NULL,
  word varchar(40) NOT NULL,
  CONSTRAINT pk_near_word PRIMARY KEY (key, word)
);
COMMENT ON TABLE near_word IS 'Words of names and streets by themselves and by what is left of them without each letter; they belong to nobody here.';
