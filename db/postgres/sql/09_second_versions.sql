-- A second version of an entry: same id, other bytes.  It is kept beside the first, in its place in the batch, with the
-- id and the words that every store gives it (db.append.disputed_entry).

CREATE FUNCTION turned(word bigint, by integer) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$
  SELECT ((word << by) | (word >> (32 - by))) & 4294967295
$$;
COMMENT ON FUNCTION turned IS 'Return 32 bits turned to the left.';

CREATE FUNCTION sha1(message bytea) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  padded bytea := message || '\x80'::bytea || decode(repeat('00', (119 - length(message) % 64) % 64), 'hex')
                  || int8send(length(message)::bigint * 8);
  h bigint[] := ARRAY[1732584193, 4023233417, 2562383102, 271733878, 3285377520];
  v bigint[];
  w bigint[];
  mixed bigint;
  turn bigint;
BEGIN
  FOR block IN 0 .. length(padded) / 64 - 1 LOOP
    FOR i IN 0 .. 15 LOOP
      w[i] := 0;
      FOR part IN 0 .. 3 LOOP
        w[i] := w[i] << 8 | get_byte(padded, block * 64 + i * 4 + part);
      END LOOP;
    END LOOP;
    FOR i IN 16 .. 79 LOOP
      w[i] := turned(w[i - 3] # w[i - 8] # w[i - 14] # w[i - 16], 1);
    END LOOP;
    v := h;
    FOR i IN 0 .. 79 LOOP
      CASE i / 20
        WHEN 0 THEN mixed := (v[2] & v[3]) | (~v[2] & v[4]); turn := 1518500249;
        WHEN 1 THEN mixed := v[2] # v[3] # v[4]; turn := 1859775393;
        WHEN 2 THEN mixed := (v[2] & v[3]) | (v[2] & v[4]) | (v[3] & v[4]); turn := 2400959708;
        ELSE mixed := v[2] # v[3] # v[4]; turn := 3395469782;
      END CASE;
      v := ARRAY[(turned(v[1], 5) + (mixed & 4294967295) + v[5] + turn + w[i]) & 4294967295,
                 v[1], turned(v[2], 30), v[3], v[4]];
    END LOOP;
    FOR i IN 1 .. 5 LOOP
      h[i] := (h[i] + v[i]) & 4294967295;
    END LOOP;
  END LOOP;
  RETURN int4send((h[1] - (h[1] >> 31 << 32))::integer) || int4send((h[2] - (h[2] >> 31 << 32))::integer)
      || int4send((h[3] - (h[3] >> 31 << 32))::integer) || int4send((h[4] - (h[4] >> 31 << 32))::integer)
      || int4send((h[5] - (h[5] >> 31 << 32))::integer);
END
$$;
COMMENT ON FUNCTION sha1 IS 'SHA-1 (FIPS 180-4), which UUIDs of version 5 are made with and PostgreSQL has not; nothing is guarded by it.';

CREATE FUNCTION uuid5(namespace uuid, named text) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  made bytea := substring(sha1(uuid_send(namespace) || convert_to(named, 'UTF8')) FOR 16);
BEGIN
  made := set_byte(made, 6, get_byte(made, 6) & 15 | 80);
  made := set_byte(made, 8, get_byte(made, 8) & 63 | 128);
  RETURN encode(made, 'hex')::uuid;
END
$$;
COMMENT ON FUNCTION uuid5 IS 'Return the UUID of version 5 of a name (RFC 9562).';

CREATE FUNCTION ascii_json(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  made text := '';
  one text;
  code integer;
BEGIN
  FOREACH one IN ARRAY string_to_array(words, NULL) LOOP
    code := ascii(one);
    made := made || CASE
      WHEN one IN ('"', '\') THEN '\' || one
      WHEN code BETWEEN 32 AND 126 THEN one
      WHEN code < 65536 THEN '\u' || lpad(to_hex(code), 4, '0')
      ELSE '\u' || to_hex(55296 + ((code - 65536) >> 10)) || '\u' || to_hex(56320 + ((code - 65536) & 1023))
    END;
  END LOOP;
  RETURN '"' || made || '"';
END
$$;
COMMENT ON FUNCTION ascii_json IS 'Return words without control characters as a JSON string in ASCII, as every body is written.';

CREATE FUNCTION keep_second(e entry, body text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  whole text := '{"body":' || body || ',"expects":' || ascii_json(e.expects) || ',"id":' || ascii_json(e.id::text)
    || ',"kind":' || ascii_json(e.kind) || ',"made_at":"'
    || to_char(timestamp 'epoch' + (e.made_at / 1000000) * interval '1 second'
               + (e.made_at % 1000000) * interval '1 microsecond', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    || '","replaces":' || ascii_json(coalesce(e.replaces::text, '')) || ',"slot":' || ascii_json(e.slot) || '}';
BEGIN
  e.id := uuid5('d5230f50-5a48-541a-98a8-f0e0f7eb605d', concat_ws(E'\n', 'disputed', e.id, e.stream_kind || ':' || e.stream_id, e.kind, e.slot,
                                       e.body_sha256));
  IF EXISTS (SELECT 1 FROM entry k WHERE k.id = e.id) THEN
    RETURN;
  END IF;
  e.kind := 'system.disputed';
  -- No slot: a disputed entry decides nothing, and must not pass by what an exclusive act expects.
  e.slot := '';
  e.expects := '';
  e.replaces := NULL;
  e.corrects := NULL;
  e.body_sha256 := sha(whole);
  PERFORM put(e, whole);
END
$$;
COMMENT ON FUNCTION keep_second IS 'Keep a second version of an id beside the first, once however often it is offered.';
