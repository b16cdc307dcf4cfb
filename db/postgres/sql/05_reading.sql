-- Reading the record: envelopes for everybody in the service, words by the class of their stream.

CREATE FUNCTION reads_stream(s stream, me text, on_shift boolean, at_us bigint) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF NOT on_shift OR s.class = 'restricted' THEN RETURN false; END IF;
  IF s.class = 'shift' THEN RETURN true; END IF;
  RETURN EXISTS (SELECT 1 FROM stream_member m
                  WHERE m.stream_kind = s.stream_kind AND m.stream_id = s.stream_id AND m.worker = me)
      OR EXISTS (SELECT 1 FROM stream_link l JOIN stream_member m USING (stream_kind, stream_id)
                  WHERE l.other_kind = s.stream_kind AND l.other_id = s.stream_id AND m.worker = me)
      OR EXISTS (SELECT 1 FROM stream_subject u JOIN access a ON a.person = u.person
                  WHERE u.stream_kind = s.stream_kind AND u.stream_id = s.stream_id AND a.worker = me
                    AND a.action IN ('opened', 'opened_offline') AND a.at > at_us - 43200000000
                    AND NOT is_restricted(u.person));
END
$$;
COMMENT ON FUNCTION reads_stream IS
  'Say whether a worker reads all of a stream (db.reading.may_read_stream).  In plpgsql, which keeps its plans: it is '
  'asked for every stream of a page.';

CREATE FUNCTION envelopes(after_seq bigint, at_most integer) RETURNS SETOF entry
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN QUERY
  SELECT e.* FROM entry e WHERE e.seq > after_seq AND EXISTS (SELECT 1 FROM whoami())
  ORDER BY e.seq LIMIT least(at_most, 5000);
END
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
   WHERE e.id = ANY (ids[1:2000]) AND s.class <> 'restricted'
     AND (e.author = me OR e.on_behalf_of = me OR reads_stream(s, me, works_a_shift(as_role), at_us));
END
$$;
COMMENT ON FUNCTION bodies IS 'Door: return the words that this worker may read; the others are simply absent.';

CREATE FUNCTION news(as_role text, after_seq bigint, at_most integer) RETURNS SETOF told
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  me text := reading_as(as_role);
  on_shift boolean := works_a_shift(as_role);
  at_us bigint := now_us();
BEGIN
  RETURN QUERY
  WITH page AS MATERIALIZED (SELECT y FROM entry y WHERE y.seq > after_seq ORDER BY y.seq LIMIT least(at_most, 5000)),
       -- Once for a stream, not for each of its entries.
       about AS MATERIALIZED (
         SELECT s.stream_kind, s.stream_id, s.class <> 'restricted' AS own, reads_stream(s, me, on_shift, at_us) AS whole
           FROM stream s
          WHERE (s.stream_kind, s.stream_id) IN (SELECT (y).stream_kind, (y).stream_id FROM page))
  SELECT (y).*, CASE WHEN a.whole OR (a.own AND ((y).author = me OR (y).on_behalf_of = me)) THEN b.body END
    FROM page
    JOIN about a ON a.stream_kind = (y).stream_kind AND a.stream_id = (y).stream_id
    LEFT JOIN entry_body b ON b.id = (y).id
   ORDER BY (y).seq;
END
$$;
COMMENT ON FUNCTION news IS 'Door: return entries after a seq, in order, with the words this worker may read.';

CREATE FUNCTION stream_of(as_role text, of_kind text, of_id uuid) RETURNS SETOF told
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  me text := reading_as(as_role);
  s stream;
  whole boolean;
BEGIN
  SELECT * INTO s FROM stream t WHERE t.stream_kind = of_kind AND t.stream_id = of_id;
  whole := reads_stream(s, me, works_a_shift(as_role), now_us());
  RETURN QUERY
  SELECT e.*, CASE WHEN whole OR (s.class <> 'restricted' AND (e.author = me OR e.on_behalf_of = me)) THEN b.body END
    FROM entry e LEFT JOIN entry_body b ON b.id = e.id
   WHERE e.stream_kind = of_kind AND e.stream_id = of_id
   ORDER BY e.seq;
END
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
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN QUERY
  SELECT h.seq, h.digest::text, now_us(), h.schema,
         (SELECT max(k.seq) FROM unnest(seqs, digests) AS k (seq, digest)
           WHERE (k.seq = 0) OR EXISTS (SELECT 1 FROM entry e WHERE e.seq = k.seq AND e.digest = k.digest))
    FROM head h WHERE h.id = 1 AND EXISTS (SELECT 1 FROM whoami());
END
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
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM whoami()) THEN RETURN NULL; END IF;
  RETURN coalesce((SELECT min(s.tick) - 1 FROM seen s WHERE s.seq > after_seq), (SELECT max(s.tick) FROM seen s), 0);
END
$$;
COMMENT ON FUNCTION first_tick IS 'Door: return the tick from which all marks beyond a seq will be told.';

CREATE FUNCTION seen_since(after_tick bigint)
RETURNS TABLE (worker varchar, stream_kind varchar, stream_id uuid, seq bigint, tick bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
  RETURN QUERY
  SELECT s.worker, s.stream_kind, s.stream_id, s.seq, s.tick FROM seen s
   WHERE s.tick > after_tick AND EXISTS (SELECT 1 FROM whoami()) ORDER BY s.tick;
END
$$;
COMMENT ON FUNCTION seen_since IS 'Door: return the marks that moved since a tick.';
