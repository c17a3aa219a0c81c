-- What must hold after a fault: one line for each check that finds something, with how often and an example; none when all is
-- well. :journal is the file with the lines of all clients (client.c), :moved are the runs in which the clock was
-- moved. Each run books two days of its own, so that what is in them tells the run.
\set QUIET 1
SET faults.moved = :'moved';
SET client_min_messages = warning;
SET timezone = 'UTC';
SET max_parallel_workers_per_gather = 0;
SET work_mem = '256MB';
CREATE TEMP TABLE journal (client int, request text, operation text, specialist int, person int, start int, hold_key uuid,
  asked bigint, answered bigint, outcome text, state text, word text);
COPY journal FROM :'journal';
CREATE INDEX ON journal (specialist, start) WHERE operation = 'hold' AND outcome IN ('ok', 'unknown');
CREATE INDEX ON journal (person, start) WHERE operation = 'hold' AND outcome IN ('ok', 'unknown');
CREATE INDEX ON journal (hold_key);
-- Whether it can be said of a time in the calendar when a hold on it lapsed.
CREATE FUNCTION pg_temp.steady(starts timestamptz) RETURNS boolean LANGUAGE sql STABLE
RETURN floor(extract(epoch FROM starts - timestamptz '2031-01-01Z') / 172800)::int <> ALL (current_setting('faults.moved')::int[]);
CREATE TEMP TABLE done AS
SELECT DISTINCT request, operation, hold_key, format('00000000-0000-0000-0000-0000000b%s', lpad(specialist::text, 4, '0'))::uuid AS specialist_id,
       format('00000000-0000-0000-0000-0000000c%s', lpad(person::text, 4, '0'))::uuid AS client_id,
       timestamptz '2031-01-01Z' + start * interval '1 minute' AS start_time
FROM journal WHERE outcome = 'ok';
CREATE INDEX ON done (operation, hold_key);
CREATE TEMP TABLE booked AS SELECT b.*, status NOT IN ('cancelled', 'declined') AS live FROM public.bookings AS b;
CREATE INDEX ON booked (id);
CREATE TEMP TABLE blocks AS
SELECT hold_key, kind, count(*) AS count, min(expires_at) AS expires_at, min(starts_at) AS starts_at FROM holdfast_private.calendar GROUP BY hold_key, kind;
CREATE INDEX ON blocks (hold_key);
ANALYZE journal; ANALYZE done; ANALYZE booked; ANALYZE blocks;
CREATE TEMP TABLE finding (title text, example text);

INSERT INTO finding
SELECT 'an acknowledged confirmation is not there', d.request
FROM done AS d LEFT JOIN booked AS b ON b.id = d.hold_key
WHERE d.operation = 'confirm' AND (b.id IS NULL
  OR (b.specialist_id, b.client_id, b.start_time, b.notes) IS DISTINCT FROM (d.specialist_id, d.client_id, d.start_time, d.request)
  OR (NOT b.live AND NOT EXISTS (SELECT FROM journal AS j WHERE j.operation = 'cancel' AND j.hold_key = d.hold_key AND j.outcome <> 'refused')))
UNION ALL
SELECT 'an acknowledged cancellation is not there', d.request
FROM done AS d LEFT JOIN booked AS b ON b.id = d.hold_key
WHERE d.operation = 'cancel' AND b.live IS NOT FALSE
UNION ALL
SELECT 'an acknowledged hold is not there', d.request
FROM done AS d LEFT JOIN holdfast_private.booking_holds AS h USING (hold_key)
WHERE d.operation = 'hold' AND (h.specialist_id, h.client_id, h.start_time) IS DISTINCT FROM (d.specialist_id, d.client_id, d.start_time)
UNION ALL
SELECT 'a live hold is not in the calendar', h.hold_key::text
FROM holdfast_private.booking_holds AS h LEFT JOIN blocks AS c USING (hold_key)
WHERE h.outcome IS NULL AND h.expires_at > holdfast.clock() AND pg_temp.steady(h.start_time) AND (c.kind, c.count) IS DISTINCT FROM ('busy-tentative', 2)
UNION ALL
SELECT 'an acknowledged release is not there', d.request
FROM done AS d JOIN blocks AS c USING (hold_key) WHERE d.operation = 'release'

-- I1
UNION ALL
SELECT 'I1 the calendar overlaps', v::text FROM holdfast.verify_calendar('holdfast_private.calendar') AS v
UNION ALL
SELECT 'I1 two bookings of one ' || who, id::text
FROM (SELECT who, id, start_time, max(end_time) OVER (PARTITION BY who, key ORDER BY start_time, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
      FROM booked, LATERAL (VALUES ('specialist', specialist_id), ('client', client_id)) AS k (who, key) WHERE live) AS t
WHERE start_time < before

-- I2
UNION ALL
SELECT 'I2 a request was done twice', notes FROM booked GROUP BY notes HAVING count(*) > 1
UNION ALL
SELECT 'I2 a request has two answers', request FROM done GROUP BY request HAVING count(*) > 1
UNION ALL
SELECT 'I2 a refused request was done', j.request
FROM journal AS j JOIN booked AS b ON b.notes = j.request WHERE j.operation = 'confirm' AND j.outcome = 'refused'
  AND NOT EXISTS (SELECT FROM done AS d WHERE d.request = j.request)
UNION ALL
SELECT 'I2 a request is without an answer', request FROM journal GROUP BY request HAVING bool_and(outcome = 'unknown')
UNION ALL
SELECT 'I2 a booking has not its two blocks', b.id::text
FROM booked AS b LEFT JOIN blocks AS c ON c.hold_key = b.id AND c.kind = 'busy' WHERE coalesce(c.count, 0) <> CASE WHEN b.live THEN 2 ELSE 0 END
UNION ALL
SELECT 'I2 blocks of no booking', c.hold_key::text
FROM blocks AS c LEFT JOIN booked AS b ON b.id = c.hold_key AND b.live
WHERE CASE c.kind WHEN 'busy' THEN b.id IS NULL ELSE b.id IS NOT NULL END
   OR c.kind <> 'busy' AND c.count <> 2 AND c.expires_at > holdfast.clock() AND pg_temp.steady(c.starts_at)

-- I3
UNION ALL
SELECT 'I3 the quota does not add up', v::text FROM holdfast.verify_quota('faults.credits') AS v
UNION ALL
SELECT 'I3 the quota has not counted the live bookings', c.id::text
FROM public.clients AS c
WHERE 1000000 - holdfast.balance('faults.credits', c.organization_id, c.id) <> (SELECT count(*) FROM booked AS b WHERE b.client_id = c.id AND b.live)
UNION ALL
SELECT 'I3 audit rows are not the committed bookings', coalesce(b.id::text, l.entity_id)
FROM booked AS b
FULL JOIN (SELECT entity_id, count(*) FILTER (WHERE action = 'insert') AS made, bool_or(new_values ->> 'status' = 'cancelled') AS cancelled
           FROM holdfast_private.audit_log WHERE entity_type = 'public.bookings' GROUP BY entity_id) AS l ON l.entity_id = b.id::text
WHERE l.made IS DISTINCT FROM 1 OR coalesce(l.cancelled, false) IS DISTINCT FROM (b.status = 'cancelled')
UNION ALL
-- By its steps, not by their times: the clock may have been set back between two.
SELECT 'I3 the history does not lead to the state', b.id::text
FROM booked AS b
LEFT JOIN (SELECT h.booking_id, array_agg(h.new_status) AS reached, array_agg(h.old_status) AS left_again, count(*) FILTER (WHERE h.old_status IS NULL) AS begun
           FROM public.booking_status_history AS h GROUP BY h.booking_id) AS h ON h.booking_id = b.id
WHERE h.begun IS DISTINCT FROM 1 OR b.status <> ALL (h.reached) OR b.status = ANY (h.left_again) OR cardinality(h.reached) <> 1 + (b.status = 'cancelled')::int
UNION ALL
SELECT 'I3 messages are not of the committed bookings', coalesce(b.id::text, m.booking_id)
FROM booked AS b FULL JOIN (SELECT DISTINCT payload ->> 'booking_id' AS booking_id FROM holdfast_private.outbox WHERE payload ? 'booking_id') AS m
  ON m.booking_id = b.id::text
WHERE b.id IS NULL OR m.booking_id IS NULL;

SELECT holdfast.seal_audit('holdfast_private.audit_log') \g /dev/null
INSERT INTO finding
SELECT 'I3 the audit log is not sound', v::text FROM holdfast.verify_audit('holdfast_private.audit_log') AS v;

-- I4: who was refused a slot was told so because somebody else had, or might have had, time in it.
CREATE TEMP TABLE refusals AS
SELECT DISTINCT ON (request) * FROM journal WHERE operation = 'hold' AND outcome = 'refused' AND word = 'slot_conflict';
-- whether a hold o could be in the way of a refusal j
CREATE FUNCTION pg_temp.was_there(o journal, j refusals) RETURNS boolean LANGUAGE sql STABLE
RETURN o.request <> j.request AND o.asked < j.answered
  AND (o.answered + 62000000 > j.asked OR NOT pg_temp.steady(timestamptz '2031-01-01Z' + o.start * interval '1 minute')
       OR EXISTS (SELECT FROM journal AS c WHERE c.hold_key = o.hold_key AND c.operation = 'confirm' AND c.outcome IN ('ok', 'unknown')))
  AND NOT EXISTS (SELECT FROM journal AS e
                  WHERE e.hold_key = o.hold_key AND e.operation IN ('release', 'cancel') AND e.outcome = 'ok' AND e.answered < j.asked);
INSERT INTO finding
SELECT 'I4 a slot was refused that nobody had', j.request
FROM refusals AS j
WHERE NOT EXISTS (SELECT FROM journal AS o WHERE o.operation = 'hold' AND o.outcome IN ('ok', 'unknown')
                    AND o.specialist = j.specialist AND o.start BETWEEN j.start - 49 AND j.start + 49 AND pg_temp.was_there(o, j))
  AND NOT EXISTS (SELECT FROM journal AS o WHERE o.operation = 'hold' AND o.outcome IN ('ok', 'unknown')
                    AND o.person = j.person AND o.start BETWEEN j.start - 49 AND j.start + 49 AND pg_temp.was_there(o, j));
INSERT INTO finding
SELECT 'an answer that is none of the contract', concat_ws(' ', operation, outcome, state, word)
FROM journal
WHERE (outcome = 'refused' AND word NOT IN ('slot_conflict', 'hold_expired', 'request_in_progress'))
   OR (outcome = 'failed' AND state ~ '^(XX|40|23|42|22|0A)');

-- Storage: every btree against its table, every table's pages, and every block through the index of the exclusion constraint.
CREATE FUNCTION pg_temp.storage() RETURNS SETOF finding LANGUAGE plpgsql AS $$
DECLARE
  v_relation regclass;
BEGIN
  FOR v_relation IN
    SELECT i.indexrelid FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS a ON a.oid = c.relam
    WHERE a.amname = 'btree' AND i.indisvalid AND c.relkind = 'i' AND c.relpersistence = 'p'
  LOOP
    BEGIN
      PERFORM public.bt_index_check(v_relation, true);
    EXCEPTION WHEN OTHERS THEN
      RETURN NEXT ROW('amcheck: an index is damaged'::text, v_relation || ': ' || sqlerrm);
    END;
  END LOOP;
  RETURN QUERY
    SELECT 'amcheck: a table is damaged', c.oid::regclass || ': ' || v.msg
    FROM pg_class AS c, public.verify_heapam(c.oid) AS v
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p'
      AND c.relnamespace::regnamespace::text IN ('public', 'holdfast_private', 'faults');
  SET LOCAL enable_seqscan = off;
  SET LOCAL enable_bitmapscan = off;
  RETURN QUERY
    SELECT 'a block is not in the index of the constraint', c.hold_key::text
    FROM holdfast_private.calendar AS c
    WHERE NOT EXISTS (SELECT FROM holdfast_private.calendar AS i
      WHERE i.organization_id = c.organization_id AND i.resource_id = c.resource_id AND i.lane = c.lane AND i.during && c.during
        AND i.ctid = c.ctid);
END $$;
INSERT INTO finding SELECT * FROM pg_temp.storage();

INSERT INTO finding SELECT 'the limiter does not count', r::text FROM holdfast.rate_limit('faults', gen_random_uuid()::text, 5, '1 minute') AS r
WHERE r.remaining IS DISTINCT FROM 4
UNION ALL
SELECT 'a lock is forgotten', '' WHERE holdfast.is_locked('faults', 'somebody') IS NULL;

SELECT format('%s: %s, e.g. %s', title, count(*), min(left(example, 200))) FROM finding GROUP BY title ORDER BY title;
SELECT format('# %s answers, %s bookings, %s refused, %s failed, %s unknown',
  count(*) FILTER (WHERE outcome = 'ok'), (SELECT count(*) FROM done WHERE operation = 'confirm'), count(*) FILTER (WHERE outcome = 'refused'),
  count(*) FILTER (WHERE outcome = 'failed'), count(*) FILTER (WHERE outcome = 'unknown'))
FROM journal;
