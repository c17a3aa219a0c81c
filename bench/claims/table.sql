-- :rows rows of 10 organizations and 10 people, and one policy for each way to write it, each for a role of its own:
-- so all variants read the same pages of one table. There is no index: this is about the cost for each row.
CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid
LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
                    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;

CREATE TABLE bench.note (
    id bigint, organization_id uuid NOT NULL, user_id uuid NOT NULL, body text);
INSERT INTO bench.note
SELECT n, ('0a000000-0000-4000-8000-00000000000' || n % 10)::uuid, ('0b000000-0000-4000-8000-00000000000' || n % 10)::uuid,
       'some text of some length'
FROM generate_series(1, :rows) n;

ALTER TABLE bench.note ENABLE ROW LEVEL SECURITY;
CREATE POLICY constant ON bench.note TO bench_constant
    USING (organization_id = '0a000000-0000-4000-8000-000000000001');
CREATE POLICY bare ON bench.note TO bench_bare USING (organization_id = holdfast.org_id());
CREATE POLICY initplan ON bench.note TO bench_initplan USING (organization_id = (SELECT holdfast.org_id()));
CREATE POLICY supabase ON bench.note TO bench_supabase USING (user_id = auth.uid());
CREATE POLICY supabase_initplan ON bench.note TO bench_supabase_initplan USING (user_id = (SELECT auth.uid()));

GRANT USAGE ON SCHEMA bench, auth TO bench_constant, bench_bare, bench_initplan, bench_supabase, bench_supabase_initplan;
GRANT SELECT ON bench.note TO bench_constant, bench_bare, bench_initplan, bench_supabase, bench_supabase_initplan;
GRANT EXECUTE ON FUNCTION holdfast.org_id() TO bench_bare, bench_initplan;

-- Milliseconds for a count over the table, after one that warms the session up.
CREATE FUNCTION bench.scan() RETURNS numeric
LANGUAGE plpgsql AS $$
DECLARE
    v_start timestamptz;
    v_count bigint;
BEGIN
    PERFORM FROM bench.note LIMIT 1;
    v_start := clock_timestamp();
    SELECT count(*) INTO v_count FROM bench.note;
    RETURN CASE WHEN v_count > 0 THEN round(extract(epoch FROM clock_timestamp() - v_start) * 1000, 2) END;
END
$$;
