-- What everybody on the desk reads beside the record: the rota, and what was said of the directory's numbers.

CREATE FUNCTION rota_between(since bigint, until bigint) RETURNS SETOF rota
LANGUAGE sql STABLE SECURITY DEFINER AS $$
  SELECT r.* FROM rota r
   WHERE r.withdrawn_at IS NULL AND r.ends > since AND r.begins < until AND EXISTS (SELECT 1 FROM whoami())
   ORDER BY r.begins, r.ends, r.name, r.id LIMIT 5000
$$;
COMMENT ON FUNCTION rota_between IS 'Door: return who is on the rota at some time between two moments.';

CREATE FUNCTION agency_checks(as_role text)
RETURNS TABLE (agency uuid, author varchar, made_at bigint, body text)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
  me text := reading_as(as_role);
  on_shift boolean := works_a_shift(as_role);
  at_us bigint := now_us();
BEGIN
  RETURN QUERY
  SELECT s.stream_id, e.author, e.made_at, b.body
    FROM slot s
    JOIN entry e ON e.id = s.head
    JOIN entry_body b ON b.id = s.head
    JOIN stream t ON t.stream_kind = s.stream_kind AND t.stream_id = s.stream_id
   WHERE s.stream_kind = 'agency' AND s.slot = 'check' AND e.kind = 'agency.checked'
     AND reads_stream(t, me, on_shift, at_us);
END
$$;
COMMENT ON FUNCTION agency_checks IS
  'Door: return the newest word of a worker on each agency''s number, where this worker may read it.';
