-- Outbox: messages that are delivered after their transaction has committed (src/outbox*.c).

CREATE FUNCTION create_outbox(name text)
RETURNS regclass
AS 'MODULE_PATHNAME', 'hf_create_outbox'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION create_outbox(text) IS
'Makes an outbox, a table of messages under the given name (with or without a schema), and returns it. Row security is on and the table belongs to the caller; the functions that work on it do so with their caller''s rights, so an RPC that uses them is SECURITY DEFINER and belongs to the table''s owner.';
REVOKE ALL ON FUNCTION create_outbox(text) FROM PUBLIC;

CREATE FUNCTION enqueue(
    outbox regclass, topic text, payload jsonb, due_at timestamptz DEFAULT NULL, dedupe_key text DEFAULT NULL,
    organization_id uuid DEFAULT org_id())
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_enqueue_message'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION enqueue(regclass, text, jsonb, timestamptz, text, uuid) IS
'Writes a message, in the caller''s transaction: it is delivered when that commits, not before due_at (null: at once), and not at all when it does not. Returns its id. dedupe_key: when a message of the organization and topic with this key is there, open, dead, or done and not yet purged, nothing is written and its id is returned. Topic and key have at most 255 characters. organization_id: default, that of the request. Errors: invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION enqueue(regclass, text, jsonb, timestamptz, text, uuid) FROM PUBLIC;

CREATE FUNCTION cancel_message(outbox regclass, organization_id uuid, topic text, dedupe_key text)
RETURNS boolean
AS 'MODULE_PATHNAME', 'hf_cancel_message'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION cancel_message(regclass, uuid, text, text) IS
'Deletes a message that is open and that no worker has at this moment, and says whether there was one. Its key can be used again: to move a message, cancel it and write it anew. Errors: invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION cancel_message(regclass, uuid, text, text) FROM PUBLIC;

CREATE FUNCTION lease(
    outbox regclass, topic text, worker text, batch int DEFAULT 10, lease_for interval DEFAULT '1 minute',
    max_attempts int DEFAULT 25)
RETURNS TABLE (
    organization_id uuid, id uuid, payload jsonb, attempts int, due_at timestamptz, leased_until timestamptz)
AS 'MODULE_PATHNAME', 'hf_lease_messages'
LANGUAGE C VOLATILE ROWS 10;
COMMENT ON FUNCTION lease(regclass, text, text, int, interval, int) IS
'Gives a worker at most batch (to 1000) messages of a topic that are due, those due first, for lease_for (to a day). Commit, do the work, then call ack or fail; when neither comes in time, others get the message. worker is a name that no other process has. Never waits: what others are working on is skipped. attempts counts this one. A message that was leased max_attempts times without an answer becomes a dead letter. Errors: invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION lease(regclass, text, text, int, interval, int) FROM PUBLIC;

CREATE FUNCTION extend_lease(outbox regclass, ids uuid[], worker text, lease_for interval)
RETURNS TABLE (id uuid, extended boolean)
AS 'MODULE_PATHNAME', 'hf_extend_lease'
LANGUAGE C VOLATILE ROWS 10;
COMMENT ON FUNCTION extend_lease(regclass, uuid[], text, interval) IS
'Lets the worker''s leases on at most 1000 messages run lease_for from now, and says of each whether it did; false: it is no longer the worker''s. Errors: invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION extend_lease(regclass, uuid[], text, interval) FROM PUBLIC;

CREATE FUNCTION ack(outbox regclass, ids uuid[], worker text)
RETURNS TABLE (id uuid, acknowledged boolean)
AS 'MODULE_PATHNAME', 'hf_ack_messages'
LANGUAGE C VOLATILE ROWS 10;
COMMENT ON FUNCTION ack(regclass, uuid[], text) IS
'Says that the worker is done with at most 1000 messages; they are never delivered again. One row for each id, in the order given: acknowledged is false when the message is not the worker''s (any more), because the lease was over and another took it, or because it was acknowledged before. An acknowledgement that comes late, but before another took the message, counts. Errors: invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION ack(regclass, uuid[], text) FROM PUBLIC;

CREATE FUNCTION fail(
    outbox regclass, id uuid, worker text, error text DEFAULT NULL, max_attempts int DEFAULT 10,
    backoff interval DEFAULT '30 seconds', max_backoff interval DEFAULT '6 hours')
RETURNS TABLE (accepted boolean, attempts int, due_at timestamptz, dead boolean)
AS 'MODULE_PATHNAME', 'hf_fail_message'
LANGUAGE C VOLATILE ROWS 1;
COMMENT ON FUNCTION fail(regclass, uuid, text, text, int, interval, interval) IS
'Says that an attempt failed. The message is due again after backoff, twice as long after each further attempt, at most max_backoff, of which a random part between half and all is waited; after max_attempts it is a dead letter (1: at once) until requeue. accepted is false, and all else null, when the message is not the worker''s (any more). error is kept (2000 bytes of it): write no personal data into it. Errors: invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION fail(regclass, uuid, text, text, int, interval, interval) FROM PUBLIC;

CREATE FUNCTION requeue(outbox regclass, organization_id uuid, ids uuid[])
RETURNS int
AS 'MODULE_PATHNAME', 'hf_requeue_messages'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION requeue(regclass, uuid, uuid[]) IS
'Makes dead letters of an organization due again, with all their attempts before them, and returns how many of the ids that were. Errors: invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION requeue(regclass, uuid, uuid[]) FROM PUBLIC;

CREATE FUNCTION purge_outbox(outbox regclass, keep interval DEFAULT '7 days', batch int DEFAULT 1000)
RETURNS int
AS 'MODULE_PATHNAME', 'hf_purge_outbox'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION purge_outbox(regclass, interval, int) IS
'Deletes at most batch messages that were done longer than keep ago, the oldest first, and returns how many. keep is also how long a dedupe_key is remembered. Dead letters stay. Errors: invalid_input, request_in_progress.';
REVOKE ALL ON FUNCTION purge_outbox(regclass, interval, int) FROM PUBLIC;

CREATE FUNCTION outbox_status(outbox regclass)
RETURNS TABLE (topic text, waiting bigint, due bigint, leased bigint, dead bigint, oldest_due_at timestamptz)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF outbox_status.outbox IS NULL THEN
        PERFORM holdfast.raise_error('invalid_input', '{"field": "outbox", "reason": "is null"}');
    END IF;
    RETURN QUERY EXECUTE format($sql$
        SELECT m.topic,
               count(*) FILTER (WHERE m.dead_at IS NULL AND m.due_at > $1),
               count(*) FILTER (WHERE m.dead_at IS NULL AND m.due_at <= $1 AND coalesce(m.leased_until <= $1, true)),
               count(*) FILTER (WHERE m.dead_at IS NULL AND m.leased_until > $1),
               count(*) FILTER (WHERE m.dead_at IS NOT NULL),
               min(m.due_at) FILTER (WHERE m.dead_at IS NULL AND m.due_at <= $1 AND coalesce(m.leased_until <= $1, true))
        FROM (SELECT o.topic, o.due_at, o.leased_until, o.dead_at FROM %1$s AS o WHERE o.done_at IS NULL AND o.dead_at IS NULL
              UNION ALL
              SELECT o.topic, o.due_at, o.leased_until, o.dead_at FROM %1$s AS o WHERE o.dead_at IS NOT NULL) AS m
        GROUP BY m.topic
        ORDER BY m.topic
    $sql$, outbox_status.outbox)
    USING holdfast.clock();
END
$$;
COMMENT ON FUNCTION outbox_status(regclass) IS
'For each topic: messages that are not due yet, that are due and nobody has, that a worker has, that were given up, and since when the oldest of those due waits. What to watch. Errors: invalid_input.';
REVOKE ALL ON FUNCTION outbox_status(regclass) FROM PUBLIC;

CREATE FUNCTION outbox_wakeup()
RETURNS trigger
AS 'MODULE_PATHNAME', 'hf_outbox_wakeup'
LANGUAGE C VOLATILE;
COMMENT ON FUNCTION outbox_wakeup() IS
'The trigger that enable_wakeup makes.';
REVOKE ALL ON FUNCTION outbox_wakeup() FROM PUBLIC;

CREATE FUNCTION enable_wakeup(outbox regclass, channel name DEFAULT 'holdfast_outbox', pause interval DEFAULT '200 ms')
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_pause bigint := round(extract(epoch FROM enable_wakeup.pause) * 1000);
BEGIN
    IF enable_wakeup.outbox IS NULL OR enable_wakeup.channel IS NULL OR enable_wakeup.channel = '' THEN
        PERFORM holdfast.raise_error('invalid_input', '{"field": "outbox", "reason": "or channel is null"}');
    END IF;
    IF v_pause IS NULL OR v_pause NOT BETWEEN 0 AND 3600000 THEN
        PERFORM holdfast.raise_error('invalid_input', '{"field": "pause", "reason": "is not between 0 and an hour"}');
    END IF;
    PERFORM holdfast.disable_wakeup(enable_wakeup.outbox);
    EXECUTE format('CREATE TRIGGER holdfast_wakeup AFTER INSERT ON %s FOR EACH STATEMENT EXECUTE FUNCTION holdfast.outbox_wakeup(%L, %L)',
        enable_wakeup.outbox, enable_wakeup.channel, v_pause);
END
$$;
COMMENT ON FUNCTION enable_wakeup(regclass, name, interval) IS
'Has NOTIFY wake up workers that LISTEN on the channel when messages are written, at most once per pause (0 to an hour) for the whole outbox: every NOTIFY makes commits wait for one another. It is a hint, and may be missed or come before the message that follows it: workers look for work every few seconds all the same. Off by default. Errors: invalid_input.';
REVOKE ALL ON FUNCTION enable_wakeup(regclass, name, interval) FROM PUBLIC;

CREATE FUNCTION disable_wakeup(outbox regclass)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_trigger AS t WHERE t.tgrelid = disable_wakeup.outbox AND t.tgname = 'holdfast_wakeup') THEN
        EXECUTE format('DROP TRIGGER holdfast_wakeup ON %s', disable_wakeup.outbox);
    END IF;
END
$$;
COMMENT ON FUNCTION disable_wakeup(regclass) IS
'Takes back what enable_wakeup did.';
REVOKE ALL ON FUNCTION disable_wakeup(regclass) FROM PUBLIC;
