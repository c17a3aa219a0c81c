-- A function that spoils a history or its rows in the way a check is there to notice. The suite calls it for each
-- check in a transaction that it rolls back, so that no check can be silent because it is broken.
\set QUIET on
CREATE FUNCTION race.tamper(name text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    -- A confirmed claim of several rows that nothing has ended or was to replace.
    v_claim race.life := (
        SELECT l FROM race.life l
        WHERE l.confirmed AND l.first_returned IS NULL AND cardinality(l.resources) > 1 AND l.calendar = 0
          AND NOT EXISTS (SELECT FROM race.history u WHERE u.holder = l.holder AND u.op = 'unblock')
          AND NOT EXISTS (SELECT FROM race.history u WHERE u.replaces = l.holder AND u.op = 'confirm')
        ORDER BY l.holder, l.n LIMIT 1);
BEGIN
    CASE name
    WHEN 'I1 no two rows overlap at the end' THEN
        INSERT INTO race.calendar_0
        SELECT (jsonb_populate_record(c, jsonb_build_object('hold_key', holdfast.uuid_v7()))).*
        FROM race.calendar_0 c WHERE hold_key = v_claim.key;
    WHEN 'I1 no two rows overlapped while the clients ran' THEN
        INSERT INTO race.watched (found) VALUES (1);
    WHEN 'I1 no row is in a lane that its resource does not have' THEN
        UPDATE race.calendar_0 SET lane = 5 WHERE hold_key = v_claim.key;
    WHEN 'I1 at no moment did more claims stand than the resource holds' THEN
        -- Everybody who was refused says they were granted.
        UPDATE race.history
        SET outcome = 'ok', expires_at = 'infinity', keys = array_fill(holdfast.uuid_v7(), ARRAY[cardinality(occurrences)])
        WHERE op = 'hold' AND outcome = 'refused';
    WHEN 'I2 every granted request returned one new key for each occurrence' THEN
        UPDATE race.history SET keys = ARRAY[v_claim.key] WHERE op = 'hold' AND outcome = 'ok';
    WHEN 'I2 granted: exactly its rows; ended or undone: none' THEN
        UPDATE race.calendar_0 SET during = tstzrange(lower(during), upper(during) + interval '1 minute')
        WHERE hold_key = v_claim.key;
    WHEN 'I2 no row that nobody was granted' THEN
        UPDATE race.history SET outcome = 'refused' WHERE id = v_claim.holder;
    WHEN 'I2 all or nothing at the end' THEN
        DELETE FROM race.calendar_0 WHERE hold_key = v_claim.key AND resource_id = v_claim.resources[1];
    WHEN 'I2 all or nothing in every look and after every lost answer' THEN
        UPDATE race.history SET rows = 1 WHERE op = 'look' AND cardinality(resources) > 1;
    WHEN 'I2 a look finds what surely stands' THEN
        UPDATE race.history SET rows = 0 WHERE op = 'look';
    WHEN 'I2 nothing that has ended is confirmed or extended' THEN
        UPDATE race.history SET invoked = invoked + interval '1 hour', returned = returned + interval '1 hour'
        WHERE op = 'extend' AND outcome = 'ok';
    WHEN 'I2 no hold outlives the maximal life' THEN
        UPDATE race.history SET expires_at = expires_at + interval '1 day' WHERE op = 'extend' AND outcome = 'ok';
    WHEN 'I4 every refused occurrence met a claim that may have stood' THEN
        UPDATE race.history SET resources = ARRAY['0fffffff-0000-4000-8000-000000000000']::uuid[]
        WHERE op = 'hold' AND outcome = 'refused';
    WHEN 'I4 nothing that surely stood was called gone' THEN
        UPDATE race.history SET outcome = 'refused', sqlstate = 'PT404', word = 'hold_not_found'
        WHERE op = 'confirm' AND outcome = 'ok';
    WHEN 'I4 nothing was called confirmed that was not' THEN
        UPDATE race.history SET outcome = 'refused', sqlstate = 'PT409', word = 'invalid_transition'
        WHERE op = 'extend' AND outcome = 'ok';
    WHEN 'every refusal is a word of the contract that belongs there' THEN
        UPDATE race.history SET sqlstate = '40001' WHERE word = 'slot_conflict';
    WHEN 'every slot_conflict names the occurrences and when to come back' THEN
        UPDATE race.history SET detail = '{}' WHERE word = 'slot_conflict';
    ELSE
        NULL; -- the runs without a lock show the others
    END CASE;
END
$$;
