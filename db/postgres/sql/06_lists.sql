-- Lists: whitelisted cards of streams, for display only (db/lists.py).

CREATE FUNCTION versions_of(cards jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN (
    SELECT coalesce(jsonb_object_agg(c.stream_kind || ':' || c.stream_id::text, coalesce(s.version, 0)), '{}')
      FROM jsonb_to_recordset(cards) AS c (stream_kind text, stream_id uuid)
      LEFT JOIN stream s ON s.stream_kind = c.stream_kind AND s.stream_id = c.stream_id);
END
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
    CONTINUE WHEN s.stream_id IS NULL OR NOT reads_stream(s, me, works_a_shift(as_role), at_us) OR c.reducers < s.reducers;
    UPDATE stream t
       SET line = left(regexp_replace(c.line, '[[:cntrl:]]', ' ', 'g'), 200),
           details = (SELECT coalesce(jsonb_object_agg(d.key, left(d.value, 200)), '{}')::text
                        FROM jsonb_each_text(c.details) AS d
                       WHERE d.key IN ('ref', 'type', 'rank', 'authority', 'service', 'outcome', 'state', 'owner', 'lead',
                                       'received', 'call', 'coordinator', 'paired', 'rationale', 'telling')),
           reducers = c.reducers,
           upto = CASE WHEN c.upto >= (before ->> (c.stream_kind || ':' || c.stream_id::text))::bigint THEN s.version
                       ELSE least(c.upto, s.version) END
     WHERE t.stream_kind = c.stream_kind AND t.stream_id = c.stream_id;
  END LOOP;
END
$$;
COMMENT ON FUNCTION put_cards IS 'Store display folds handed in by a writer; they change nothing in the log.';

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
