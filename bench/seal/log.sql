-- An audit log with :rows rows, a hundred to a transaction, of which none is sealed; and the chain that a team writes by hand.
SELECT holdfast.create_audit_log('bench.log');
CREATE TABLE bench.bookings (
    organization_id uuid NOT NULL, id uuid NOT NULL DEFAULT holdfast.uuid_v7(), client_id uuid NOT NULL, starts_at timestamptz NOT NULL,
    status text NOT NULL, notes text, PRIMARY KEY (organization_id, id));
SELECT holdfast.enable_audit('bench.bookings', 'bench.log');
CREATE PROCEDURE bench.fill(count int) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1 .. count / 100 LOOP
        INSERT INTO bench.bookings (organization_id, client_id, starts_at, status, notes)
        SELECT '0a000000-0000-4000-8000-000000000001', gen_random_uuid(), now() + n * interval '1 hour', 'confirmed', 'a note of some length'
        FROM generate_series(1, 100) AS n;
        COMMIT;
    END LOOP;
END
$$;
CALL bench.fill(:rows);
-- The same columns, row by row, in PL/pgSQL: each row's hash covers the one before.
CREATE FUNCTION bench.hash_chain(max_rows int) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    v_row record;
    v_hash bytea := '\x00';
    v_count bigint := 0;
BEGIN
    FOR v_row IN SELECT l.* FROM bench.log AS l ORDER BY l.cluster, l.transaction_id, l.id LIMIT max_rows LOOP
        v_hash := sha256(v_hash || convert_to(concat_ws('|', v_row.organization_id, v_row.id, v_row.occurred_at, v_row.user_id, v_row.actor_id,
            v_row.role, v_row.category, v_row.action, v_row.entity_type, v_row.entity_id, v_row.subject_id, v_row.status, v_row.error_message,
            v_row.ip_address, v_row.user_agent, v_row.request_id, v_row.transaction_id, v_row.cluster, v_row.digest), 'UTF8'));
        v_count := v_count + 1;
    END LOOP;
    RETURN v_count;
END
$$;
-- How long a statement takes, in milliseconds; it is rolled back.
CREATE FUNCTION bench.elapsed(statement text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    v_start timestamptz := clock_timestamp();
    v_time numeric;
BEGIN
    BEGIN
        EXECUTE statement;
        v_time := extract(epoch FROM clock_timestamp() - v_start) * 1000;
        RAISE EXCEPTION 'undo';
    EXCEPTION WHEN raise_exception THEN
        RETURN v_time;
    END;
END
$$;

