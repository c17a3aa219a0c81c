-- The platform's keyring: sealing by column and row, registration, resealing by the job, rotation once a year, without a key.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
SELECT count(*) > 0 AS installed FROM holdfast.install('public', 'keys');
CREATE SCHEMA t_keys;
GRANT USAGE ON SCHEMA t_keys TO holdfast_owner;
RESET client_min_messages;

CREATE TABLE t_keys.notes (
    organization_id uuid DEFAULT 'aaaaaaaa-0000-4000-8000-000000000000', id uuid DEFAULT holdfast.uuid_v7(), n int, body bytea, PRIMARY KEY (organization_id, id));
ALTER TABLE t_keys.notes OWNER TO holdfast_owner;
CREATE FUNCTION t_keys.add(n int, subject uuid) RETURNS void LANGUAGE sql AS $$
    INSERT INTO t_keys.notes (n, id, body)
    SELECT add.n, i.id, holdfast_private.seal_value('notes.body', 'aaaaaaaa-0000-4000-8000-000000000000', i.id, 'note ' || add.n, add.subject)
    FROM (SELECT holdfast.uuid_v7() AS id) AS i
$$;
CREATE FUNCTION t_keys.said(expression text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_result text;
BEGIN
    EXECUTE format('SELECT (%s)::text', expression) INTO v_result;
    RETURN coalesce(v_result, 'null');
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
CREATE VIEW t_keys.sealed AS
SELECT n.n, k.key_type, k.key_version, holdfast_private.unseal_value('notes.body', n.organization_id, n.id, n.body) AS body
FROM t_keys.notes AS n JOIN holdfast_private.keyring AS k ON k.id = holdfast.sealed_key(n.body);

SELECT t_keys.add(n, CASE n % 2 WHEN 0 THEN 'bbbbbbbb-0000-4000-8000-000000000000'::uuid END) FROM generate_series(1, 4) AS n;
SELECT n, key_type, body FROM t_keys.sealed ORDER BY n;
-- In another row, column or tenant it does not open.
SELECT t_keys.said(format('holdfast_private.unseal_value(%L, %L, %L, %L)', c, o, id, body)) FROM t_keys.notes,
    (VALUES ('notes.title', 'aaaaaaaa-0000-4000-8000-000000000000'), ('notes.body', 'cccccccc-0000-4000-8000-000000000000')) AS v (c, o) WHERE n = 1;
SELECT t_keys.said(format('holdfast_private.unseal_value(%L, %L, %L, %L)', 'notes.body', a.organization_id, a.id, b.body))
FROM t_keys.notes AS a, t_keys.notes AS b WHERE a.n = 1 AND b.n = 3;

SELECT holdfast_private.register_sealed_column('t_keys.notes', 'body', 'notes.body');
SELECT t_keys.said($$holdfast_private.register_sealed_column('t_keys.notes', 'body', 'notes.again')$$),
       t_keys.said($$holdfast_private.register_sealed_column('t_keys.notes', 'nothing', 'notes.nothing')$$),
       t_keys.said($$holdfast_private.register_sealed_column('t_keys.notes', 'n', 'notes.n')$$);

-- The job has nothing to do, until somebody rotates.
SELECT holdfast_private.run_job('job_reseal_columns'), holdfast_private.run_job('job_rotate_keys');
SELECT max(key_version) AS before FROM holdfast_private.keyring WHERE key_type = 'data' \gset
SELECT (holdfast_private.rotate_encryption_keys() ->> 'key_version')::int - :before AS one_more;
SELECT t_keys.add(5, NULL);
SELECT n, key_type, key_version - :before AS newer, body FROM t_keys.sealed ORDER BY n;
SELECT holdfast_private.reseal_encrypted_columns(3);
SELECT holdfast_private.run_job('job_reseal_columns'), holdfast_private.run_job('job_reseal_columns');
SELECT n, key_type, key_version - :before AS newer, body FROM t_keys.sealed ORDER BY n;
SELECT t_keys.said('holdfast_private.reseal_encrypted_columns(0)'), t_keys.said('holdfast_private.reseal_encrypted_columns(NULL)');
-- The column counts as done only when the rotation is long ago: somebody might still commit a value that is older.
SELECT resealed_version > :before AS done FROM holdfast_private.sealed_columns WHERE context = 'notes.body';
SET holdfast.now = '2030-01-01 00:00Z';
SELECT holdfast_private.run_job('job_reseal_columns');
SELECT resealed_version > :before AS done FROM holdfast_private.sealed_columns WHERE context = 'notes.body';

-- Once a year.
SELECT holdfast_private.run_job('job_rotate_keys'), holdfast_private.run_job('job_rotate_keys');
SELECT holdfast_private.run_job('job_reseal_columns');
SELECT n, key_version - :before AS newer, body FROM t_keys.sealed ORDER BY n;
RESET holdfast.now;

-- What admins are told: never a key, and of persons' keys nothing.
SELECT attname FROM pg_attribute WHERE attrelid = 'public.encryption_keys'::regclass AND attnum > 0 ORDER BY attnum;
SELECT key_type, key_version - :before AS version, algorithm, rotated_at IS NOT NULL AS rotated FROM public.encryption_keys WHERE key_version >= :before ORDER BY 1, 2;

-- Without a root key the module installs, and works up to what needs a key; jobs say so, and only when they have something to do.
ALTER SYSTEM SET holdfast.root_key_file = '';
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o
\c -
\set VERBOSITY terse
SELECT count(*) > 0 AS listed FROM public.encryption_keys;
SELECT t_keys.said($$holdfast_private.rotate_encryption_keys()$$), t_keys.said($$t_keys.add(6, NULL)$$);
SET holdfast.now = '2040-01-01 00:00Z';
SELECT holdfast_private.run_job('job_reseal_columns'), holdfast_private.run_job('job_rotate_keys');
SELECT job, last_error FROM holdfast_private.job_heartbeats WHERE job IN ('job_reseal_columns', 'job_rotate_keys') ORDER BY 1;
RESET holdfast.now;
ALTER SYSTEM RESET holdfast.root_key_file;
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o

SET client_min_messages = warning;
DELETE FROM holdfast_private.sealed_columns WHERE context = 'notes.body';
DELETE FROM holdfast_private.keyring WHERE key_version > :before OR subject = 'bbbbbbbb-0000-4000-8000-000000000000';
DELETE FROM holdfast_private.job_heartbeats WHERE job IN ('job_reseal_columns', 'job_rotate_keys');
DROP SCHEMA t_keys CASCADE;
