-- One table of :rows rows, and for each way to write a policy a role of its own: so all variants read the same pages.
-- There is no index; this is about the cost for each row.
CREATE TABLE bench.rows (organization_id uuid NOT NULL, user_id uuid NOT NULL, n int NOT NULL);
INSERT INTO bench.rows
SELECT md5('o' || n % 10)::uuid, md5('u' || n % 1000)::uuid, n FROM generate_series(1, :rows) AS n;
ALTER TABLE bench.rows ENABLE ROW LEVEL SECURITY;

SELECT holdfast.create_roles('bench.staff');
INSERT INTO bench.staff (organization_id, user_id, role) VALUES (md5('o7')::uuid, md5('u7')::uuid, 'admin');
CREATE TABLE bench.clients (organization_id uuid, id uuid, user_id uuid, PRIMARY KEY (organization_id, id));
SELECT holdfast.track_subjects('bench.clients');
INSERT INTO bench.clients VALUES (md5('o7')::uuid, md5('u7')::uuid, md5('u7')::uuid);

-- What Supabase has as auth.uid().
CREATE FUNCTION bench.auth_uid() RETURNS uuid
LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
                    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;

-- The constant that a variant is compared with is that of the same condition.
CREATE TABLE bench.variants (
    variant text PRIMARY KEY, constant text NOT NULL, policy text NOT NULL, rows bigint NOT NULL);
INSERT INTO bench.variants VALUES
    ('constant', 'constant', format('organization_id = %L::uuid', md5('o7')::uuid), :rows / 10),
    ('org_id', 'constant', 'organization_id = holdfast.org_id()', :rows / 10),
    ('org_id_wrapped', 'constant', 'organization_id = (SELECT holdfast.org_id())', :rows / 10),
    ('constant_user', 'constant_user', format('user_id = %L::uuid', md5('u7')::uuid), :rows / 1000),
    ('uid', 'constant_user', 'user_id = holdfast.uid()', :rows / 1000),
    ('uid_wrapped', 'constant_user', 'user_id = (SELECT holdfast.uid())', :rows / 1000),
    ('auth_uid', 'constant_user', 'user_id = bench.auth_uid()', :rows / 1000),
    ('auth_uid_wrapped', 'constant_user', 'user_id = (SELECT bench.auth_uid())', :rows / 1000),
    ('subject_id', 'constant_user', 'user_id = holdfast.subject_id(''bench.clients'')', :rows / 1000),
    ('constant_or', 'constant_or', format(
        'organization_id = %L::uuid AND (user_id = %L::uuid OR n > 0)', md5('o7')::uuid, md5('u7')::uuid), :rows / 10),
    ('has_role', 'constant_or',
     'organization_id = holdfast.org_id() AND (user_id = holdfast.uid()
          OR holdfast.has_role(''bench.staff'', ''admin'', ''super_admin''))', :rows / 10);

DO $$
DECLARE
    v_variant record;
    v_role text;
BEGIN
    FOR v_variant IN SELECT * FROM bench.variants LOOP
        v_role := 'bench_' || v_variant.variant;
        EXECUTE format('CREATE ROLE %I', v_role);
        EXECUTE format('GRANT USAGE ON SCHEMA bench, holdfast TO %I', v_role);
        EXECUTE format('GRANT SELECT ON bench.rows TO %I', v_role);
        EXECUTE format('GRANT EXECUTE ON FUNCTION holdfast.uid(), holdfast.org_id(), holdfast.subject_id(regclass),
                                                  holdfast.has_role(regclass, text[]) TO %I', v_role);
        EXECUTE format('CREATE POLICY %I ON bench.rows FOR SELECT TO %I USING (%s)',
                       v_variant.variant, v_role, v_variant.policy);
    END LOOP;
END
$$;

-- Scans the table once for each variant and round, in turn, under claims and headers of usual length.
CREATE TABLE bench.timing (variant text, ms numeric);
CREATE FUNCTION bench.measure(rounds int) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_variant record;
    v_started timestamptz;
    v_rows bigint;
BEGIN
    PERFORM set_config('request.jwt.claims', json_build_object(
        'iss', 'https://project.example.com/auth/v1', 'sub', md5('u7')::uuid, 'aud', 'authenticated',
        'exp', 1999999999, 'iat', 1700000000, 'email', 'somebody@example.com', 'phone', '',
        'app_metadata', json_build_object(
            'provider', 'email', 'providers', json_build_array('email'), 'organization_id', md5('o7')::uuid),
        'user_metadata', json_build_object('name', repeat('x', 100)), 'role', 'authenticated', 'aal', 'aal1',
        'amr', json_build_array(json_build_object('method', 'password', 'timestamp', 1700000000)),
        'session_id', md5('s')::uuid, 'is_anonymous', false)::text, true);
    PERFORM set_config('request.headers', json_build_object(
        'host', 'localhost', 'user-agent', 'bench', 'accept', '*/*', 'authorization', 'Bearer ' || repeat('x', 600),
        'x-forwarded-for', '203.0.113.7')::text, true);
    -- The first round only warms up.
    FOR round IN 0..rounds LOOP
        FOR v_variant IN SELECT * FROM bench.variants ORDER BY random() LOOP
            -- Five seconds each; three tell enough.
            CONTINUE WHEN v_variant.variant = 'auth_uid' AND round > 3;
            PERFORM set_config('role', 'bench_' || v_variant.variant, true);
            v_started := clock_timestamp();
            EXECUTE 'SELECT count(*) FROM bench.rows' INTO v_rows;
            PERFORM set_config('role', 'none', true);
            IF v_rows <> v_variant.rows THEN
                RAISE EXCEPTION '% saw % rows, not %', v_variant.variant, v_rows, v_variant.rows;
            END IF;
            IF round > 0 THEN
                INSERT INTO bench.timing
                VALUES (v_variant.variant, round(extract(epoch FROM clock_timestamp() - v_started) * 1000, 2));
            END IF;
        END LOOP;
    END LOOP;
END
$$;
