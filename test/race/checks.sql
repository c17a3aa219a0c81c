-- What the history and the final rows prove. Fills race.finding: one row for each check, with the number of
-- violations and one example. Nothing here calls holdfast, save the last check, which compares verify_calendar with
-- the plain self-join.
--
-- Terms. A claim is what one successful request for time made; it has one or more occurrences. Every event happened
-- at some moment between its invocation and its return. So there are two views of an occurrence's life:
--   certain    the time in which it surely stood: from the return of what made it, or kept it, to its expiry or to
--              the invocation of the first thing that may have ended it;
--   possible   the time in which it may have stood: from the first invocation to the return of what surely ended it.
-- Two certain lives on the same time of the same resource are a double booking even when the table looks fine now;
-- a refusal that no possible life explains is a spurious one.
\set QUIET on
\pset tuples_only on
SET client_min_messages = warning;
SET work_mem = '256MB';

DROP TABLE IF EXISTS race.finding, race.request, race.ending, race.life, race.certain,
    race.occupied, race.claimed CASCADE;
CREATE UNLOGGED TABLE race.finding (name text, found bigint, example text);

CREATE INDEX IF NOT EXISTS history_holder ON race.history (holder);
CREATE INDEX IF NOT EXISTS history_replaces ON race.history (replaces);
ANALYZE race.history, race.calendar_0, race.calendar_1;

-- Whether the request did something. One whose answer was lost counts by what was found after its backend had gone; a
-- release or unblock that answers 0 did nothing.
CREATE OR REPLACE VIEW race.happened AS
SELECT *,
       CASE outcome
           WHEN 'ok' THEN op NOT IN ('release', 'unblock') OR rows > 0
           WHEN 'unknown' THEN CASE
               WHEN op IN ('hold', 'try_hold', 'block', 'extend') THEN rows > 0
               WHEN op = 'confirm' THEN busy > 0
               WHEN op IN ('release', 'unblock') THEN rows = 0
           END
           ELSE false
       END AS done
FROM race.history;

-- One row for each occurrence of each request for time that may have held something.
CREATE UNLOGGED TABLE race.request AS
SELECT h.id AS holder, o.n::int AS n, h.keys[o.n] AS key, h.op, h.done, h.calendar, h.organization_id,
       h.resources, o.during, h.invoked, h.returned, h.expires_at, cardinality(h.occurrences) AS count,
       h.replaces, h.replaced_occurrence
FROM race.happened h, unnest(h.occurrences) WITH ORDINALITY o(during, n)
WHERE h.op IN ('hold', 'try_hold', 'block') AND h.outcome <> 'refused';
CREATE INDEX ON race.request (holder);
ANALYZE race.request;

-- What ended an occurrence: a release ends all of the claim, an unblock one; so does the confirm of another claim that
-- takes its place.
CREATE UNLOGGED TABLE race.ending AS
SELECT holder, n, min(invoked) AS first_invoked, min(returned) AS first_returned
FROM (
    SELECT r.holder, r.n, e.invoked, e.returned
    FROM race.request r
    JOIN race.happened e ON e.holder = r.holder
        AND (e.op = 'release' OR e.op = 'unblock' AND (r.op = 'block' OR e.occurrence = r.n))
    WHERE e.done
    UNION ALL
    SELECT e.replaces, e.replaced_occurrence, e.invoked, e.returned
    FROM race.happened e
    WHERE e.op = 'confirm' AND e.done AND e.replaces IS NOT NULL) endings
GROUP BY holder, n;

CREATE UNLOGGED TABLE race.life AS
SELECT r.*, e.first_invoked, e.first_returned,
       k.confirmed_by IS NOT NULL AS confirmed, k.confirmed_by,
       greatest(r.expires_at, k.extended_to) AS expires_last,
       tstzrange(r.invoked, greatest(r.invoked, CASE
           WHEN NOT r.done THEN r.returned
           ELSE least(e.first_returned,
                      CASE WHEN r.op = 'block' OR k.confirmed_by IS NOT NULL THEN 'infinity'
                           ELSE greatest(r.expires_at, k.extended_to) END)
       END), '[]') AS possible
FROM race.request r
LEFT JOIN race.ending e USING (holder, n)
LEFT JOIN (
    SELECT holder, min(returned) FILTER (WHERE op = 'confirm') AS confirmed_by,
           max(expires_at) FILTER (WHERE op = 'extend') AS extended_to
    FROM race.happened
    WHERE done AND op IN ('confirm', 'extend')
    GROUP BY holder) k USING (holder);
CREATE INDEX ON race.life (holder);
ANALYZE race.life;

-- Certain spells, joined where they touch.
CREATE UNLOGGED TABLE race.certain AS
SELECT holder, n, unnest(range_agg(tstzrange(from_time, to_time))) AS spell
FROM (
    SELECT l.holder, l.n, s.from_time, least(s.to_time, l.first_invoked) AS to_time
    FROM race.life l
    CROSS JOIN LATERAL (
        SELECT l.returned, CASE WHEN l.op = 'block' THEN 'infinity' ELSE l.expires_at END
        UNION ALL
        SELECT h.returned, CASE WHEN h.op = 'confirm' THEN 'infinity' ELSE h.expires_at END
        FROM race.happened h
        WHERE h.holder = l.holder AND h.op IN ('confirm', 'extend') AND h.done) AS s(from_time, to_time)
    WHERE l.done) spells
WHERE from_time < to_time
GROUP BY holder, n;
CREATE INDEX ON race.certain (holder);

-- What each occurrence occupies: its resources, buffers included.
CREATE UNLOGGED TABLE race.occupied AS
SELECT l.holder, l.replaces, l.replaced_occurrence, coalesce(l.confirmed_by, 'infinity') AS confirmed_by, l.n, l.key, l.done, l.possible, l.calendar, l.organization_id, i.id AS resource_id, r.capacity,
       CASE WHEN l.op = 'block' THEN l.during
            ELSE tstzrange(lower(l.during) - r.before, upper(l.during) + r.after) END AS occupied
FROM race.life l, unnest(l.resources) AS i(id), race.resource r
WHERE r.number = race.resource_number(i.id);
CREATE INDEX ON race.occupied (holder);
ANALYZE race.occupied;

-- The same, with the time of the booking whose place the claim is to take.
CREATE UNLOGGED TABLE race.claimed AS
SELECT o.*, m.occupied AS moved_from
FROM race.occupied o
LEFT JOIN race.occupied m ON m.holder = o.replaces AND m.n = o.replaced_occurrence AND m.resource_id = o.resource_id;
CREATE INDEX ON race.claimed (holder);
ANALYZE race.certain, race.claimed;

-- I1: no double booking ---------------------------------------------------------------------------------------------

INSERT INTO race.finding
SELECT 'I1 no two rows overlap at the end', count(*), min(o::text) FROM race.overlap o;

INSERT INTO race.finding
SELECT 'I1 no two rows overlapped while the clients ran', coalesce(sum(found), 0), min(at)::text
FROM race.watched WHERE found > 0;

INSERT INTO race.finding
SELECT 'I1 no row is in a lane that its resource does not have', count(*), min(b.hold_key::text)
FROM race.block b
JOIN race.resource r ON r.number = race.resource_number(b.resource_id)
WHERE (CASE WHEN b.kind = 'busy-tentative' AND b.replaces IS NOT NULL AND b.lane < 0 THEN -1 - b.lane ELSE b.lane END
       BETWEEN 0 AND r.capacity - 1) IS NOT TRUE;

-- Sweep over time, for every quarter of an hour of every resource: +1 where a certain spell begins, -1 where it ends.
-- A claim that is to take the place of a booking counts on the booking's own time only from its confirm on.
INSERT INTO race.finding
SELECT 'I1 at no moment did more claims stand than the resource holds', count(*), min(holder)::text
FROM (
    SELECT holder, capacity, step,
           sum(step) OVER (PARTITION BY calendar, organization_id, resource_id, cell ORDER BY at, step
                           ROWS UNBOUNDED PRECEDING) AS standing
    FROM race.claimed
    JOIN race.certain USING (holder, n)
    CROSS JOIN generate_series(lower(occupied), upper(occupied) - interval '1 minute', interval '15 minutes') AS cell
    CROSS JOIN LATERAL (
        SELECT CASE WHEN cell <@ moved_from THEN greatest(lower(spell), confirmed_by) ELSE lower(spell) END AS begins) b
    CROSS JOIN LATERAL (VALUES (1, begins), (-1, upper(spell))) AS events(step, at)
    WHERE begins < upper(spell)) sweep
WHERE step = 1 AND standing > capacity;

-- I2: an answer says what happened ----------------------------------------------------------------------------------

INSERT INTO race.finding
SELECT 'I2 every granted request returned one new key for each occurrence', count(*), min(id)::text
FROM (
    SELECT id, rows = cardinality(occurrences) AND cardinality(keys) = rows AS complete,
           count(*) OVER (PARTITION BY keys[1]) = 1 AS new
    FROM race.history
    WHERE op IN ('hold', 'try_hold') AND outcome IN ('ok', 'undone')) granted
WHERE NOT (complete AND new);

-- Exactly the rows asked for, as far as the claim surely stands; none where it surely does not.
INSERT INTO race.finding
WITH expected AS (
    SELECT c.holder, c.n, c.key, c.resource_id, c.calendar, c.organization_id, c.occupied,
           s.holder IS NOT NULL AS stands,
           NOT c.done OR upper(c.possible) < stopped.at AND l.first_returned IS NOT NULL AS gone
    FROM race.claimed c
    CROSS JOIN race.stopped
    JOIN race.life l USING (holder, n)
    LEFT JOIN race.certain s ON s.holder = c.holder AND s.n = c.n AND s.spell @> stopped.at)
SELECT 'I2 granted: exactly its rows; ended or undone: none', count(*), min(e.holder)::text
FROM expected e
LEFT JOIN race.block b ON b.calendar = e.calendar AND b.organization_id = e.organization_id
    AND b.resource_id = e.resource_id AND e.key IN (b.hold_key, b.reference) AND b.during = e.occupied
WHERE e.stands AND b.hold_key IS NULL OR e.gone AND b.hold_key IS NOT NULL;

INSERT INTO race.finding
SELECT 'I2 no row that nobody was granted', count(*), min(b.hold_key::text)
FROM race.block b
LEFT JOIN race.claimed c ON c.calendar = b.calendar AND c.organization_id = b.organization_id
    AND c.resource_id = b.resource_id AND c.done
    AND CASE WHEN race.is_guard(b.kind, b.hold_key) THEN c.key = b.batch_key AND c.occupied @> b.during
             ELSE c.key IN (b.hold_key, b.reference) AND c.occupied = b.during END
WHERE c.holder IS NULL;

-- A claim is there whole or not at all, batches and lost answers included; an unblock, or a booking that takes its place,
-- takes one occurrence out, and what is left of a lapsed hold goes as it gets in somebody's way.
CREATE OR REPLACE VIEW race.whole_claim AS
SELECT holder, calendar, organization_id, cardinality(resources) * count AS rows,
       CASE WHEN confirmed OR op = 'block' THEN 'infinity' ELSE coalesce(expires_last, 'infinity') END AS lapses_at
FROM race.life
WHERE n = 1 AND NOT EXISTS (SELECT FROM race.history u WHERE u.holder = life.holder AND u.op = 'unblock')
  AND NOT EXISTS (SELECT FROM race.history u WHERE u.replaces = life.holder AND u.op = 'confirm');

INSERT INTO race.finding
SELECT 'I2 all or nothing at the end', count(*), min(holder)::text
FROM (
    SELECT w.holder, w.rows, count(b.hold_key) AS found
    FROM race.whole_claim w
    JOIN race.life l USING (holder)
    CROSS JOIN LATERAL unnest(l.resources) AS i(id)
    LEFT JOIN race.block b ON b.calendar = l.calendar AND b.organization_id = l.organization_id
        AND b.resource_id = i.id AND l.key IN (b.hold_key, b.reference)
    WHERE w.lapses_at > (SELECT at FROM race.stopped)
    GROUP BY w.holder, w.rows) claims
WHERE found NOT IN (0, rows);

INSERT INTO race.finding
SELECT 'I2 all or nothing in every look and after every lost answer', count(*), min(h.id)::text
FROM race.history h
JOIN race.whole_claim w USING (holder)
WHERE (h.op = 'look' OR h.outcome = 'unknown') AND h.returned < w.lapses_at
  AND (h.rows NOT IN (0, w.rows) OR h.busy NOT IN (0, w.rows));

INSERT INTO race.finding
SELECT 'I2 a look finds what surely stands', count(*), min(h.id)::text
FROM race.history h
JOIN race.certain s ON s.holder = h.holder AND s.n = 1 AND s.spell @> tstzrange(h.invoked, h.returned, '[]')
WHERE h.op = 'look' AND h.outcome = 'ok' AND h.rows = 0;

INSERT INTO race.finding
SELECT 'I2 nothing that has ended is confirmed or extended', count(*), min(h.id)::text
FROM race.happened h
JOIN race.life l ON l.holder = h.holder AND l.n = 1
WHERE h.op IN ('confirm', 'extend') AND h.outcome = 'ok' AND l.op <> 'block'
  AND (upper(l.possible) < h.invoked AND l.first_returned < h.invoked
       OR NOT EXISTS (SELECT FROM race.happened c
                      WHERE c.holder = h.holder AND c.op = 'confirm' AND c.done AND c.id <> h.id
                        AND c.invoked < h.returned)
          AND greatest(l.expires_at, (SELECT max(x.expires_at) FROM race.happened x
                                      WHERE x.holder = h.holder AND x.op = 'extend' AND x.done AND x.id <> h.id
                                        AND x.invoked < h.returned)) < h.invoked);

INSERT INTO race.finding
SELECT 'I2 no hold outlives the maximal life', count(*), min(h.id)::text
FROM race.happened h
JOIN race.life l ON l.holder = h.holder AND l.n = 1
WHERE h.op = 'extend' AND h.done
  AND h.expires_at > l.returned + current_setting('holdfast.max_hold_life')::interval;

-- I4: every refusal has a reason ------------------------------------------------------------------------------------

-- As many claims as the resource holds may have stood on the refused time, at some moment of the request.
INSERT INTO race.finding
WITH refused AS (
    SELECT h.id, h.calendar, h.organization_id, o.n, i.id AS resource_id, r.capacity, h.replaces, h.replaced_occurrence,
           tstzrange(h.invoked, h.returned, '[]') AS at,
           CASE WHEN h.op = 'block' THEN o.during
                ELSE tstzrange(lower(o.during) - r.before, upper(o.during) + r.after) END AS occupied
    FROM race.history h, unnest(h.occurrences) WITH ORDINALITY o(during, n), unnest(h.resources) AS i(id), race.resource r
    WHERE h.outcome = 'refused' AND h.word IN ('slot_conflict', 'conflict') AND h.op IN ('hold', 'try_hold', 'block')
      AND r.number = race.resource_number(i.id)
      AND (h.op = 'block' OR o.n - 1 IN (SELECT (c ->> 'index')::int
                                         FROM jsonb_array_elements(h.detail::jsonb -> 'conflicts') c))),
reasons AS (
    SELECT f.id, f.n, f.resource_id, f.capacity, count(DISTINCT (c.holder, c.n)) FILTER (WHERE c.holder IS NOT NULL) AS standing
    FROM refused f
    LEFT JOIN race.claimed c ON c.calendar = f.calendar AND c.organization_id = f.organization_id
        AND c.resource_id = f.resource_id AND c.occupied && f.occupied AND c.possible && f.at AND c.holder <> f.id
        AND (c.holder, c.n) IS DISTINCT FROM (f.replaces, f.replaced_occurrence)
    GROUP BY f.id, f.n, f.resource_id, f.capacity)
SELECT 'I4 every refused occurrence met a claim that may have stood', count(*), min(id)::text
FROM (SELECT id, n FROM reasons GROUP BY id, n HAVING NOT bool_or(standing >= capacity)) unexplained;

INSERT INTO race.finding
SELECT 'I4 nothing that surely stood was called gone', count(*), min(h.id)::text
FROM race.happened h
JOIN race.certain s ON s.holder = h.holder AND s.n = h.occurrence AND s.spell @> tstzrange(h.invoked, h.returned, '[]')
WHERE h.word IN ('hold_not_found', 'hold_expired') OR h.op = 'release' AND h.outcome = 'ok' AND NOT h.done;

INSERT INTO race.finding
SELECT 'I4 nothing was called confirmed that was not', count(*), min(h.id)::text
FROM race.history h
WHERE h.word = 'invalid_transition'
  AND NOT EXISTS (SELECT FROM race.happened c
                  WHERE c.holder = h.holder AND c.op = 'confirm' AND c.done AND c.invoked < h.returned);

-- Errors ------------------------------------------------------------------------------------------------------------

INSERT INTO race.finding
SELECT 'every refusal is a word of the contract that belongs there', count(*), min(concat_ws(' ', op, sqlstate, word))
FROM race.history
WHERE outcome = 'refused'
  AND (concat_ws(' ', sqlstate, word) IN ('PT409 slot_conflict', 'conflict') AND op IN ('hold', 'try_hold', 'block')
       OR concat_ws(' ', sqlstate, word) IN ('PT404 hold_not_found', 'PT410 hold_expired') AND op IN ('confirm', 'extend')
       OR concat_ws(' ', sqlstate, word) = 'PT409 invalid_transition' AND op IN ('confirm', 'extend', 'release'))
      IS NOT TRUE;

INSERT INTO race.finding
SELECT 'every slot_conflict names the occurrences and when to come back', count(*), min(detail)
FROM race.history
WHERE op = 'hold' AND word = 'slot_conflict'
  AND (jsonb_array_length(detail::jsonb -> 'conflicts') > 0
       AND detail::jsonb ? 'retry_after_seconds'
       AND jsonb_typeof(detail::jsonb -> 'alternatives') = 'array') IS NOT TRUE;

INSERT INTO race.finding
SELECT 'no deadlock', deadlocks, NULL FROM pg_stat_database WHERE datname = current_database();

INSERT INTO race.finding
SELECT 'verify_calendar agrees with the self-join', abs(a.found - b.found), a.found || ' against ' || b.found
FROM (SELECT count(*) AS found FROM holdfast.verify_calendar('race.calendar_0')) a0,
     LATERAL (SELECT a0.found + count(*) AS found FROM holdfast.verify_calendar('race.calendar_1')) a,
     (SELECT count(*) AS found FROM race.overlap) b;
