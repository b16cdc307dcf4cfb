-- For nd_verify: both chains, what the words' digests really are, and what stands of streams and slots.
-- Of words it reads only those of structural entries: ids and states, from which the rest is derived again.

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
