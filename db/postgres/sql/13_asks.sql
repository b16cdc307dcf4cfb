-- What is asked of a witness: the one kind of words that its log-in reads (docs/decisions/0042-asking-a-witness.md).

CREATE FUNCTION is_asked(entry_id uuid) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM entry e WHERE e.id = entry_id AND e.kind = 'shift.asked');
END
$$;
COMMENT ON FUNCTION is_asked IS 'Say whether an entry asks something of a witness; row security asks it too.';

CREATE FUNCTION asked(ids uuid[]) RETURNS TABLE (id uuid, body text)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  PERFORM reading_as('witness');
  RETURN QUERY
  SELECT e.id, b.body FROM entry e JOIN entry_body b ON b.id = e.id
   WHERE e.id = ANY (ids[1:2000]) AND e.kind = 'shift.asked';
END
$$;
COMMENT ON FUNCTION asked IS 'Door: return what was asked of witnesses; to a witness only, and no other words.';

CREATE FUNCTION sits_there(e entry, body text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
DECLARE
  telephone text := coalesce(body::json ->> 'extension', '');
BEGIN
  RETURN telephone <> '' AND EXISTS (
    SELECT 1 FROM slot s JOIN entry k ON k.id = s.head
     WHERE s.stream_kind = e.stream_kind AND s.stream_id = e.stream_id AND s.slot = 'extension:' || telephone
       AND s.author = writer(e) AND k.kind = 'shift.signed_in'
       AND NOT EXISTS (  -- nobody else sat down there in a shift begun since
         SELECT 1 FROM stream mine
           JOIN stream since ON since.stream_kind = mine.stream_kind AND since.begun > mine.begun
           JOIN slot o ON o.stream_kind = since.stream_kind AND o.stream_id = since.stream_id AND o.slot = s.slot
           JOIN entry l ON l.id = o.head
          WHERE mine.stream_kind = e.stream_kind AND mine.stream_id = e.stream_id
            AND o.author <> writer(e) AND l.made_at > k.made_at));
END
$$;
COMMENT ON FUNCTION sits_there IS
  'Say whether who asks something of a telephone is signed in with it, in that shift and nobody else since (db.reach.sits_there).';
