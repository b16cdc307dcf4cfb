-- Search: the words by which people are found, and what the door look gives for the plan of a question.
-- db/people_seek.py is found_people in Python, for files: change both or neither.

CREATE FUNCTION one_slip(one text, other text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  short text := CASE WHEN length(one) <= length(other) THEN one ELSE other END;
  long text := CASE WHEN length(one) <= length(other) THEN other ELSE one END;
  same integer := 0;
BEGIN
  IF one = other OR length(long) - length(short) > 1 THEN
    RETURN false;
  END IF;
  WHILE same < length(short) AND substr(short, same + 1, 1) = substr(long, same + 1, 1) LOOP
    same := same + 1;
  END LOOP;
  short := substr(short, same + 1);
  long := substr(long, same + 1);
  IF length(short) < length(long) THEN
    RETURN short = substr(long, 2);
  END IF;
  RETURN substr(short, 2) = substr(long, 2)
      OR (left(short, 2) = reverse(left(long, 2)) AND substr(short, 3) = substr(long, 3));
END
$$;
COMMENT ON FUNCTION one_slip IS 'Say whether one letter put in, left out, changed or swapped with the next makes one word of the other.';

CREATE FUNCTION near_keys(word text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE AS $$
  SELECT word UNION SELECT left(word, i - 1) || substr(word, i + 1) FROM generate_series(1, length(word)) AS i
$$;

CREATE FUNCTION near_words(typed text) RETURNS SETOF text
LANGUAGE sql STABLE AS $$
  SELECT w FROM (SELECT DISTINCT n.word::text COLLATE "C" AS w FROM near_word n
                  WHERE n.key IN (SELECT near_keys(typed)) AND one_slip(n.word, typed)) AS f
   ORDER BY w LIMIT 60
$$;

CREATE FUNCTION find_words_of(whom uuid) RETURNS text
LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(DISTINCT w, ' '), '') FROM (
    SELECT 'f' || left(x, 40) FROM person_name n, string_to_table(n.family, ' ') AS x WHERE n.person = whom AND x <> ''
    UNION SELECT CASE n.kind WHEN 'known_as' THEN 'k' ELSE 'g' END || left(x, 40)
      FROM person_name n, string_to_table(n.given, ' ') AS x WHERE n.person = whom AND x <> ''
    UNION SELECT x FROM person p, LATERAL (VALUES ('y' || to_char(p.born, 'YYYY')), ('b' || to_char(p.born, 'YYYYMMDD'))) AS v (x)
     WHERE p.id = whom AND p.born IS NOT NULL) AS all_words (w)
$$;
COMMENT ON FUNCTION find_words_of IS
  'The words of somebody written down by a console of the version before, which sends none: names and birth, no address.';

CREATE FUNCTION whole_words(words tsvector) RETURNS tsvector
LANGUAGE sql IMMUTABLE AS $$
  -- whole_words of console/domain/find_words.py; what is whole already stays.
  SELECT array_to_tsvector(coalesce(array_agg(DISTINCT x.word), '{}')) FROM (
    SELECT w AS word FROM unnest(tsvector_to_array(words)) AS w WHERE left(w, 1) IN ('x', 'z')
    UNION ALL SELECT 'x' || substr(w, 2) FROM unnest(tsvector_to_array(words)) AS w WHERE left(w, 1) IN ('f', 'g', 'k')
    UNION ALL SELECT left('z' || substr(b, 2) || substr(w, 2), 41)
      FROM unnest(tsvector_to_array(words)) AS w, unnest(tsvector_to_array(words)) AS b
     WHERE left(w, 1) IN ('f', 'g', 'k') AND left(b, 1) = 'b') AS x
$$;

CREATE FUNCTION put_find_words(whom uuid, sent text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  words text[] := ARRAY(SELECT left(w, 41) FROM string_to_table(coalesce(sent, find_words_of(whom)), ' ') AS w
                         WHERE w <> '' LIMIT 200);
BEGIN
  INSERT INTO person_find (person, words) VALUES (whom, array_to_tsvector(words))
  ON CONFLICT (person) DO UPDATE SET words = excluded.words;
  INSERT INTO near_word (key, word)
  -- In the order in which an import writes them, so that neither waits for the other in a ring.
  SELECT DISTINCT k COLLATE "C", substr(w, 2) COLLATE "C" FROM unnest(words) AS w, near_keys(substr(w, 2)) AS k
   WHERE left(w, 1) IN ('f', 'g', 'k', 's', 't') AND length(w) > 3 AND w !~ '[0-9]'
   ORDER BY 2, 1
  ON CONFLICT DO NOTHING;
END
$$;
COMMENT ON FUNCTION put_find_words IS 'Write down the words by which somebody new is found, as their entry brings them.';

CREATE FUNCTION find_query(parts jsonb, steps text, but integer) RETURNS text
LANGUAGE sql STABLE AS $$
  -- Every part but one (none: -1) must be met, by any of its meanings of these steps; NULL where one has none of them.
  SELECT CASE WHEN bool_and(g.either IS NOT NULL) THEN string_agg(g.either, ' & ' ORDER BY g.place) END FROM (
    SELECT p.place, (
      SELECT '(' || string_agg(quote_literal(replace(t.word, '\', '\\')) || CASE WHEN m.x[3] = '>' THEN ':*' ELSE '' END, ' | ') || ')'
        FROM jsonb_array_elements_text(p.part) AS means (said),
             LATERAL (SELECT regexp_match(said, '^(\d)([a-wy]+)([=>~])(.+)$') AS x) AS m,
             LATERAL (SELECT o.kind || w.word AS word FROM regexp_split_to_table(m.x[2], '') AS o (kind),
                        LATERAL (SELECT m.x[4] AS word WHERE m.x[3] <> '~'
                                 UNION ALL SELECT near_words(m.x[4]) WHERE m.x[3] = '~') AS w) AS t
       WHERE strpos(steps, m.x[1]) > 0) AS either
      FROM jsonb_array_elements(parts) WITH ORDINALITY AS p (part, place)
     WHERE p.place <> but + 1) AS g
$$;

CREATE FUNCTION hits_of(ids uuid[]) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  -- Of a restricted one nothing is sent but that there is one: neither its words nor which of them were met.
  SELECT coalesce(jsonb_agg(CASE WHEN x.closed THEN jsonb_build_array(x.person, '', '', true)
                                 ELSE jsonb_build_array(x.person, array_to_string(tsvector_to_array(x.words), ' '),
                                                        x.sort_name, false) END), '[]')
    FROM (SELECT f.person, f.words, p.sort_name, is_restricted(p.id) AS closed
            FROM person_find f JOIN person p ON p.id = f.person WHERE f.person = ANY (ids)) AS x
$$;

CREATE FUNCTION first_by_name(name text) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  found uuid[];
BEGIN
  IF coalesce(name, '') = '' THEN
    RETURN '{}';
  END IF;
  found := ARRAY(SELECT n.person FROM person_name n WHERE n.family = name
                  ORDER BY n.given COLLATE "C", n.person, n.kind COLLATE "C", n.shown COLLATE "C" LIMIT 200);
  IF found = '{}' THEN
    found := ARRAY(SELECT n.person FROM person_name n WHERE n.given = name
                    ORDER BY n.family COLLATE "C", n.person, n.kind COLLATE "C", n.shown COLLATE "C" LIMIT 200);
  END IF;
  RETURN ARRAY(SELECT DISTINCT i FROM unnest(found) AS i WHERE NOT is_restricted(i));
END
$$;
COMMENT ON FUNCTION first_by_name IS
  'Some of too many who have one name, by alphabet.  No restricted one is among them: its place would tell its name.';

CREATE FUNCTION closed_people(names jsonb, born date) RETURNS uuid[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  wanted text[] := ARRAY(SELECT left(n, 40) FROM jsonb_array_elements_text(names) AS n WHERE n <> '');
  query text;
BEGIN
  IF cardinality(wanted) = 0 OR cardinality(wanted) > 8 THEN
    RETURN '{}';
  END IF;
  -- Every word whole, joined by "and" alone, and the day only behind a name: nothing can be felt for.
  SELECT string_agg(quote_literal(replace(w, '\', '\\')), ' & ') INTO query
    FROM (SELECT 'x' || n AS w FROM unnest(wanted) AS n
          UNION ALL SELECT left('z' || to_char(born, 'YYYYMMDD') || wanted[1], 41) WHERE born IS NOT NULL) AS x;
  RETURN ARRAY(SELECT f.person FROM person_find f WHERE f.words @@ query::tsquery AND is_restricted(f.person)
                ORDER BY f.person LIMIT 50);
END
$$;
COMMENT ON FUNCTION closed_people IS 'The restricted people who have all of some whole names, and were born on a day; nothing else finds one.';

CREATE FUNCTION found_people(plan jsonb, enough integer, born date) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
  found uuid[] := '{}';
  these uuid[];
  closed uuid[];
  search record;
  query text;
  last text := '';
BEGIN
  -- Nobody is found by reading everybody, whatever a table without statistics promises; it holds for this look.
  PERFORM set_config('enable_seqscan', 'off', true);
  closed := closed_people(coalesce(plan -> 'whole', '[]'), born);
  -- What one question gives is bound here, whatever a program wrote into it: fifty people shown, and two hundred more
  -- among whom they are chosen, since the order is made of the words of all who fit.
  enough := least(greatest(coalesce(enough, 12), 1), 50);
  IF jsonb_array_length(plan -> 'parts') > 10 OR jsonb_array_length(plan -> 'searches') > 20 THEN
    RAISE EXCEPTION 'nightdesk: a search of too many parts' USING ERRCODE = 'ND005';
  END IF;
  FOR search IN SELECT s ->> 0 AS steps, (s ->> 1)::boolean AS if_nobody, (s ->> 2)::integer AS but
                  FROM jsonb_array_elements(plan -> 'searches') WITH ORDINALITY AS a (s, place) ORDER BY a.place
  LOOP
    CONTINUE WHEN cardinality(found) >= enough OR (search.if_nobody AND found <> '{}');
    query := find_query(plan -> 'parts', search.steps, search.but);
    CONTINUE WHEN query IS NULL OR query = last;
    last := query;
    these := ARRAY(SELECT f.person FROM person_find f WHERE f.words @@ query::tsquery LIMIT 201);
    IF cardinality(these) > 200 THEN
      IF found = '{}' AND search.but < 0 THEN
        RETURN jsonb_build_object('hits', hits_of(first_by_name(plan ->> 'name')), 'too_many', true);
      END IF;
      CONTINUE;
    END IF;
    found := found || ARRAY(SELECT i FROM unnest(these) AS i WHERE i <> ALL (found) AND NOT is_restricted(i));
  END LOOP;
  RETURN jsonb_build_object('hits', hits_of(found || closed), 'too_many', false);
END
$$;
COMMENT ON FUNCTION found_people IS 'Who fits the plan of a question (console/domain/find_plan.py), found search by search until there are enough.';
