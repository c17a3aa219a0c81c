-- One table of ten columns, audited in each of the ways; every way writes the same to a log with the same indexes.
CREATE FUNCTION bench.make_table(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE bench.%I (
        organization_id uuid NOT NULL, id uuid NOT NULL, user_id uuid NOT NULL, name text, email text, status text,
        amount numeric, starts_at timestamptz, attributes jsonb, counter int NOT NULL, PRIMARY KEY (organization_id, id))
        WITH (fillfactor = 70)', name);
END
$$;
SELECT bench.make_table(t) FROM unnest('{none,statement,per_row,trigger}'::text[]) AS t;
CREATE VIEW bench.source AS
SELECT uuid '0a000000-0000-4000-8000-000000000001' AS organization_id, lpad(to_hex(n), 32, '0')::uuid AS id,
       lpad(to_hex(n % 1000), 32, '7')::uuid AS user_id, 'Somebody ' || n AS name, 'somebody' || n || '@example.org' AS email,
       'active' AS status, n / 100.0 AS amount, timestamptz '2031-05-01 10:00Z' + n * interval '1 minute' AS starts_at,
       jsonb_build_object('source', 'web', 'n', n, 'tags', '["a", "b"]'::jsonb) AS attributes, n AS counter
FROM generate_series(1, current_setting('bench.rows')::int) AS n;

SELECT holdfast.create_audit_log('bench.log');
-- What a team would write by hand to: the same columns and indexes, without salt and digest.
CREATE TABLE bench.log_by_hand (LIKE bench.log INCLUDING INDEXES);
ALTER TABLE bench.log_by_hand DROP COLUMN salt, DROP COLUMN digest;
SELECT holdfast.enable_audit('bench.statement', 'bench.log', per_row => false);
SELECT holdfast.enable_audit('bench.per_row', 'bench.log', per_row => true);

CREATE FUNCTION bench.by_hand() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO bench.log_by_hand (organization_id, id, occurred_at, user_id, actor_id, role, category, action, entity_type, entity_id,
        subject_id, old_values, new_values, status, ip_address, user_agent, transaction_id, cluster)
    VALUES (NEW.organization_id, holdfast.uuid_v7(), clock_timestamp(), holdfast.uid(), holdfast.actor_id(), holdfast.jwt_role(),
        'data', lower(TG_OP), TG_TABLE_NAME, NEW.id::text, NEW.user_id, CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END,
        to_jsonb(NEW), 'success', holdfast.request_ip(), holdfast.request_header('user-agent'), pg_current_xact_id(), 1);
    RETURN NULL;
END
$$;
CREATE TRIGGER audit AFTER INSERT OR UPDATE ON bench.trigger FOR EACH ROW EXECUTE FUNCTION bench.by_hand();

CREATE TABLE bench.timing (variant text, work text, us double precision);
CREATE PROCEDURE bench.time_it(variant text, work text, statement text) LANGUAGE plpgsql AS $$
DECLARE
    v_start timestamptz := clock_timestamp();
    v_end timestamptz;
BEGIN
    EXECUTE statement;
    v_end := clock_timestamp();
    INSERT INTO bench.timing
    VALUES (variant, work, extract(epoch FROM v_end - v_start) * 1e6 / current_setting('bench.rows')::int);
    COMMIT;
END
$$;

-- One round: each way inserts all rows, then updates two columns of each, under the claims of somebody.
CREATE PROCEDURE bench.measure_audit() LANGUAGE plpgsql AS $$
DECLARE
    v_variant text;
    v_columns CONSTANT text := 'organization_id, id, occurred_at, user_id, actor_id, role, category, action, entity_type, entity_id,'
        ' subject_id, old_values, new_values, status, ip_address, user_agent, transaction_id, cluster';
    v_values CONSTANT text := 'n.organization_id, holdfast.uuid_v7(), c.at, c.uid, c.actor, c.role, ''data'', %L, ''none'', n.id::text,'
        ' n.user_id, %s, %s, ''success'', c.ip, c.agent, c.xid, 1 FROM bench.none AS n,'
        ' (SELECT clock_timestamp() AS at, holdfast.uid() AS uid, holdfast.actor_id() AS actor, holdfast.jwt_role() AS role,'
        '  holdfast.request_ip() AS ip, holdfast.request_header(''user-agent'') AS agent, pg_current_xact_id() AS xid OFFSET 0) AS c';
BEGIN
    ALTER TABLE bench.log DISABLE TRIGGER ALL;
    TRUNCATE bench.log, bench.log_by_hand;
    ALTER TABLE bench.log ENABLE ALWAYS TRIGGER keep_rows, ENABLE ALWAYS TRIGGER keep_table;
    COMMIT;
    FOR v_variant IN SELECT t FROM unnest('{none,statement,per_row,trigger}'::text[]) AS t ORDER BY random() LOOP
        EXECUTE format('ALTER TABLE bench.%I DISABLE TRIGGER ALL; TRUNCATE bench.%1$I; ALTER TABLE bench.%1$I ENABLE TRIGGER ALL', v_variant);
        COMMIT;
        CALL bench.time_it(v_variant, 'insert', format('INSERT INTO bench.%I SELECT * FROM bench.source', v_variant));
        CALL bench.time_it(v_variant, 'update', format('UPDATE bench.%I SET status = ''closed'', counter = counter + 1', v_variant));
    END LOOP;
    CALL bench.time_it('by_hand', 'insert', format('INSERT INTO bench.log_by_hand (%s) SELECT ' || v_values, v_columns, 'insert', 'NULL', 'to_jsonb(n)'));
    CALL bench.time_it('by_hand', 'update', format('INSERT INTO bench.log_by_hand (%s) SELECT ' || v_values, v_columns, 'update',
        'jsonb_build_object(''status'', ''active'', ''counter'', n.counter - 1)', 'jsonb_build_object(''status'', n.status, ''counter'', n.counter)'));
END
$$;
