-- One table of a million rows, and a role for each way of writing the same policy.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
DROP SCHEMA IF EXISTS bench_identity CASCADE;
CREATE SCHEMA bench_identity;
SET search_path = bench_identity;

CREATE TABLE rows (organization_id uuid NOT NULL, user_id uuid NOT NULL, n int NOT NULL);
INSERT INTO rows SELECT md5('o' || n % 10)::uuid, md5('u' || n % 1000)::uuid, n FROM generate_series(1, 1000000) AS n;
VACUUM (ANALYZE, FREEZE) rows;
ALTER TABLE rows ENABLE ROW LEVEL SECURITY;

SELECT holdfast.create_roles('bench_identity.staff');
INSERT INTO staff (organization_id, user_id, role) VALUES (md5('o7')::uuid, md5('u7')::uuid, 'admin');
CREATE TABLE clients (organization_id uuid, id uuid, user_id uuid, PRIMARY KEY (organization_id, id));
SELECT holdfast.track_subjects('clients');
INSERT INTO clients VALUES (md5('o7')::uuid, md5('u7')::uuid, md5('u7')::uuid);

-- What Supabase has as auth.uid().
CREATE FUNCTION auth_uid() RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
                    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;

CREATE TABLE variants (n int GENERATED ALWAYS AS IDENTITY, variant text PRIMARY KEY, policy text NOT NULL, rows bigint NOT NULL);
INSERT INTO variants (variant, policy, rows) VALUES
    ('constant', format('organization_id = %L::uuid', md5('o7')::uuid), 100000),
    ('org_id', 'organization_id = holdfast.org_id()', 100000),
    ('org_id_wrapped', 'organization_id = (SELECT holdfast.org_id())', 100000),
    ('constant_user', format('user_id = %L::uuid', md5('u7')::uuid), 1000),
    ('uid', 'user_id = holdfast.uid()', 1000),
    ('uid_wrapped', 'user_id = (SELECT holdfast.uid())', 1000),
    ('auth_uid', 'user_id = bench_identity.auth_uid()', 1000),
    ('auth_uid_wrapped', 'user_id = (SELECT bench_identity.auth_uid())', 1000),
    ('subject_id', 'user_id = holdfast.subject_id(''bench_identity.clients'')', 1000),
    ('constant_or', format('organization_id = %L::uuid AND (user_id = %L::uuid OR n > 0)', md5('o7')::uuid, md5('u7')::uuid), 100000),
    ('has_role', 'organization_id = holdfast.org_id() AND (user_id = holdfast.uid() OR holdfast.has_role(''bench_identity.staff'', ''admin'', ''super_admin''))', 100000);

DO $$
DECLARE v record;
BEGIN
    FOR v IN SELECT * FROM bench_identity.variants LOOP
        EXECUTE format('DROP ROLE IF EXISTS %I', 'bench_identity_' || v.variant);
        EXECUTE format('CREATE ROLE %I', 'bench_identity_' || v.variant);
        EXECUTE format('GRANT USAGE ON SCHEMA bench_identity, holdfast TO %I', 'bench_identity_' || v.variant);
        EXECUTE format('GRANT SELECT ON bench_identity.rows TO %I', 'bench_identity_' || v.variant);
        EXECUTE format('GRANT EXECUTE ON FUNCTION holdfast.uid(), holdfast.org_id(), holdfast.subject_id(regclass), holdfast.has_role(regclass, text[]) TO %I', 'bench_identity_' || v.variant);
        EXECUTE format('CREATE POLICY %I ON bench_identity.rows FOR SELECT TO %I USING (%s)', v.variant, 'bench_identity_' || v.variant, v.policy);
    END LOOP;
END $$;

-- measure scans the table once for each variant and round, in turn, under claims of usual length.
CREATE FUNCTION measure(rounds int) RETURNS TABLE (variant text, median_ms numeric, ratio numeric, ns_per_row numeric, best_ms numeric, best_ratio numeric) LANGUAGE plpgsql AS $$
DECLARE
    v record;
    v_started timestamptz;
    v_rows bigint;
BEGIN
    PERFORM set_config('max_parallel_workers_per_gather', '0', true), set_config('jit', 'off', true);
    PERFORM set_config('request.jwt.claims', json_build_object('iss', 'https://project.example.com/auth/v1', 'sub', md5('u7')::uuid, 'aud', 'authenticated', 'exp', 1999999999, 'iat', 1700000000,
        'email', 'somebody@example.com', 'phone', '', 'app_metadata', json_build_object('provider', 'email', 'providers', json_build_array('email'), 'organization_id', md5('o7')::uuid),
        'user_metadata', json_build_object('name', repeat('x', 100)), 'role', 'authenticated', 'aal', 'aal1', 'amr', json_build_array(json_build_object('method', 'password', 'timestamp', 1700000000)),
        'session_id', md5('s')::uuid, 'is_anonymous', false)::text, true);
    PERFORM set_config('request.headers', json_build_object('host', 'localhost', 'user-agent', 'bench', 'accept', '*/*', 'authorization', 'Bearer ' || repeat('x', 600), 'x-forwarded-for', '203.0.113.7')::text, true);
    CREATE TEMP TABLE timings (variant text, ms numeric) ON COMMIT DROP;
    FOR round IN 0..rounds LOOP
        FOR v IN SELECT * FROM bench_identity.variants ORDER BY random() LOOP
            CONTINUE WHEN v.variant LIKE 'auth\_uid' AND round > (rounds + 1) / 2;
            PERFORM set_config('role', 'bench_identity_' || v.variant, true);
            v_started := clock_timestamp();
            EXECUTE 'SELECT count(*) FROM bench_identity.rows' INTO v_rows;
            PERFORM set_config('role', 'none', true);
            IF v_rows <> v.rows THEN
                RAISE EXCEPTION '% saw % rows, not %', v.variant, v_rows, v.rows;
            END IF;
            -- the first round only warms up
            IF round > 0 THEN
                INSERT INTO timings VALUES (v.variant, extract(epoch FROM clock_timestamp() - v_started) * 1000);
            END IF;
        END LOOP;
    END LOOP;
    RETURN QUERY
        WITH medians AS (SELECT t.variant, percentile_cont(0.5) WITHIN GROUP (ORDER BY t.ms) AS ms, min(t.ms) AS best FROM timings AS t GROUP BY t.variant),
             based AS (SELECT m.*, s.n, b.ms AS base, b.best AS best_base FROM medians AS m JOIN bench_identity.variants AS s USING (variant)
                       JOIN medians AS b ON b.variant = CASE WHEN m.variant IN ('constant', 'org_id', 'org_id_wrapped') THEN 'constant' WHEN m.variant IN ('constant_or', 'has_role') THEN 'constant_or' ELSE 'constant_user' END)
        SELECT b.variant, round(b.ms::numeric, 1), round((b.ms / b.base)::numeric, 2), round(b.ms::numeric - b.base::numeric, 1),
            round(b.best, 1), round(b.best / b.best_base, 2) FROM based AS b ORDER BY b.n;
END $$;
