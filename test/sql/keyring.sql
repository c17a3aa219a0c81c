-- Keyrings and sealed values: seal, unseal, contexts, subjects, rotation, resealing, rewrapping, shredding, blind indexes.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_keyring;
RESET client_min_messages;
SET search_path = t_keyring;
\set one '''00000000-0000-7000-8000-000000000003'''
\set two '''00000000-0000-7000-8000-000000000004'''

CREATE FUNCTION shell(command text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- what the program does not read would be an error
    EXECUTE format('COPY (SELECT) TO PROGRAM %L', 'cat > /dev/null; ' || command);
END $$;
CREATE FUNCTION said(expression text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_result text;
    v_detail text;
BEGIN
    EXECUTE format('SELECT (%s)::text', expression) INTO v_result;
    RETURN coalesce(v_result, 'null');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL;
    RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, nullif(v_detail, ''));
END $$;
SELECT regexp_replace(current_setting('data_directory'), '/[^/]*$', '') || '/t_keyring' AS dir \gset
SELECT shell(format('rm -rf %1$L; mkdir -m 700 %1$L; umask 077; printf %%064d 7 > %1$L/root; printf %%064d 8 > %1$L/next', :'dir'));

ALTER SYSTEM SET holdfast.root_key_file = '';
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o

-- Without a root key: a keyring can be made, and everything that needs a key says so.
SELECT holdfast.create_keyring('t_keyring.ring');
SELECT f, said(f) FROM unnest(ARRAY[
    $$holdfast.seal('ring', 'text', 'c')$$, $$holdfast.seal('ring', 'text', 'c', gen_random_uuid())$$, $$holdfast.blind_index('v', 'c')$$,
    $$holdfast.blind_index('v', 'c', 'ring')$$, $$holdfast.rotate_keys('ring')$$, $$holdfast.rewrap_keys('ring')$$]) AS f;
SELECT count(*) FROM ring;

-- With it.
\set file :dir '/root'
ALTER SYSTEM SET holdfast.root_key_file = :'file';
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o
\c -
SET search_path = t_keyring;
SELECT holdfast.keys_available();

-- What was sealed, wrapped and indexed by another implementation of the formats opens here, and for ever.
SELECT holdfast.create_keyring('t_keyring.golden');
SELECT count(*) AS made_with_it FROM golden;
TRUNCATE golden;
DO $$
DECLARE
    v_trigger record;
BEGIN
    FOR v_trigger IN SELECT tgname, pg_get_triggerdef(oid) AS def FROM pg_trigger WHERE tgrelid = 't_keyring.golden'::regclass LOOP
        EXECUTE format('DROP TRIGGER %I ON t_keyring.golden', v_trigger.tgname);
        EXECUTE regexp_replace(v_trigger.def, '''[-0-9a-f]{36}''', '''00000000-0000-7000-8000-000000000001''');
        EXECUTE format('ALTER TABLE t_keyring.golden ENABLE ALWAYS TRIGGER %I', v_trigger.tgname);
    END LOOP;
END $$;
INSERT INTO golden (id, key_type, key_version, algorithm, subject, root_key, wrapped, created_at) VALUES
    ('00000000-0000-7000-8000-000000000002', 'subject', 3, 'xchacha20-poly1305', :one, '\x341a910b32a8680b',
     '\x000102030405060708090a0b0c0d0e0f101112131415161772d783878627a39f07fbbaef5ecea42a332a72c8fc1b8a56ec9a8aa083b5ff797402cd027db0cf5f518dcc73b5660670', now());
\set value '''\\x0100000000000070008000000000000002000102030405060708090a0b0c0d0e0f1011121314151617bea602d56bf874634a9943214dfe0e7c10691395a141b5'''
SELECT holdfast.unseal('golden', :value, 'notes.body/1');
SELECT holdfast.blind_index('value', 'c');
-- A key whose row says something else does not unwrap, nor does one in another keyring.
BEGIN;
UPDATE golden SET subject = :two;
SELECT said(format('holdfast.unseal(''golden'', %L, ''notes.body/1'')', :value));
ROLLBACK;
BEGIN;
UPDATE golden SET key_version = 4;
SELECT said(format('holdfast.unseal(''golden'', %L, ''notes.body/1'')', :value));
ROLLBACK;
BEGIN;
UPDATE golden SET wrapped = set_byte(wrapped, 70, get_byte(wrapped, 70) # 1);
SELECT said(format('holdfast.unseal(''golden'', %L, ''notes.body/1'')', :value));
ROLLBACK;
BEGIN;
INSERT INTO ring SELECT * FROM golden;
SELECT said(format('holdfast.unseal(''ring'', %L, ''notes.body/1'')', :value));
ROLLBACK;
SELECT holdfast.unseal('golden', :value, 'notes.body/1');

-- Round trips: lengths, languages, null.
SELECT count(*) AS tried, count(*) FILTER (WHERE holdfast.unseal('ring', s, 'c') = t) AS opened, bool_and(length(s) = octet_length(t) + 57) AS lengths
FROM (SELECT t, holdfast.seal('ring', t, 'c') AS s FROM unnest(ARRAY['', 'a', 'grüße 予約 ' || chr(128274), repeat('x', 100000)]) AS t) AS v;
SELECT holdfast.seal('ring', NULL, 'c') IS NULL AS null_stays, holdfast.unseal('ring', NULL, 'c') IS NULL, holdfast.try_unseal('ring', NULL, 'c') IS NULL,
    holdfast.blind_index(NULL, 'c') IS NULL, holdfast.sealed_key(NULL) IS NULL;
SELECT holdfast.seal('ring', 'a', 'c') <> holdfast.seal('ring', 'a', 'c') AS never_the_same_twice;
SELECT f, said(f) FROM unnest(ARRAY[
    $$holdfast.seal(NULL, 'text', 'c')$$, $$holdfast.seal('ring', 'text', NULL)$$, $$holdfast.seal('ring', 'text', '')$$,
    $$holdfast.unseal('ring', '\x01', 'c')$$, $$holdfast.unseal('ring', '', 'c')$$, $$holdfast.unseal('ring', decode(repeat('01', 57), 'hex'), 'c')$$,
    $$holdfast.sealed_key('\x0102')$$, $$holdfast.seal('pg_class', 'text', 'c')$$, $$holdfast.rewrap_keys('ring', 0)$$,
    $$holdfast.shred('ring', NULL)$$, $$holdfast.blind_index('v', '')$$, $$holdfast.create_keyring(NULL)$$,
    $$holdfast.seal(1, 'text', 'c')$$]) AS f;

-- A value opens where it belongs, and every bit of it counts.
CREATE TABLE note (id int PRIMARY KEY, body bytea, of_whom uuid);
INSERT INTO note SELECT n, holdfast.seal('ring', 'note ' || n, 'note.body/' || n, CASE n % 3 WHEN 1 THEN :one WHEN 2 THEN :two END::uuid), CASE n % 3 WHEN 1 THEN :one WHEN 2 THEN :two END::uuid
FROM generate_series(1, 9) AS n;
SELECT key_type, key_version, subject, count(*), bool_and(length(wrapped) = 72) AS wrapped, count(rotated_at) AS rotated, count(destroyed_at) AS destroyed
FROM ring GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
SELECT id, holdfast.unseal('ring', body, 'note.body/' || id) FROM note ORDER BY id;
SELECT said($$holdfast.unseal('ring', (SELECT body FROM note WHERE id = 1), 'note.body/2')$$);
SELECT DISTINCT said(format($$holdfast.unseal('ring', %L, 'note.body/3')$$, set_byte(body, n, get_byte(body, n) # 128)))
FROM note, generate_series(0, length(body) - 1) AS n WHERE id = 3;
SELECT DISTINCT said(format($$holdfast.unseal('ring', %L, 'note.body/3')$$, substr(body, 1, n))) FROM note, generate_series(0, length(body) - 1) AS n WHERE id = 3;
-- One subject's key is not another's.
SELECT count(DISTINCT holdfast.sealed_key(body)) FROM note;

-- Rotation: new values under the new key, old ones readable, resealing in batches until nothing is left.
SELECT holdfast.rotate_keys('ring');
INSERT INTO note SELECT n, holdfast.seal('ring', 'note ' || n, 'note.body/' || n, CASE WHEN n = 11 THEN :one END::uuid), NULL FROM generate_series(10, 11) AS n;
SELECT key_type, key_version, subject, rotated_at IS NOT NULL AS rotated FROM ring ORDER BY 1, 2, 3;
SELECT bool_and(holdfast.unseal('ring', body, 'note.body/' || id) = 'note ' || id) AS all_readable FROM note;
SELECT holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}', 4);
SELECT holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}', 4);
SELECT holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}', 4);
SELECT holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}', 4);
SELECT n.id, k.key_type, k.key_version, n.of_whom IS NOT DISTINCT FROM k.subject AS whose, holdfast.unseal('ring', n.body, 'note.body/' || n.id)
FROM note AS n JOIN ring AS k ON k.id = holdfast.sealed_key(n.body) WHERE n.id < 10 ORDER BY 1;
SELECT said($$holdfast.reseal('ring', 'note', NULL, 'note.body', '{id}', 4)$$), said($$holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}', 0)$$);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT said($$holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}', 4)$$);
ROLLBACK;
-- A wrong context changes nothing.
SELECT holdfast.rotate_keys('ring');
SELECT said($$holdfast.reseal('ring', 'note', 'body', 'other', '{id}')$$);
SELECT holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}'), holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}');

-- In a partitioned table rows of two parts may lie at the same place; what is no sealed value, or null, is left alone.
CREATE TABLE part (id int, body bytea) PARTITION BY HASH (id);
CREATE TABLE part_0 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE part_1 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO part SELECT n, CASE n % 5 WHEN 0 THEN '\x01'::bytea WHEN 1 THEN NULL ELSE holdfast.seal('ring', n::text, 'part/' || n) END FROM generate_series(1, 50) AS n;
SELECT holdfast.rotate_keys('ring') > 0 AS rotated;
SELECT holdfast.reseal('ring', 'part', 'body', 'part', '{id}', 20), holdfast.reseal('ring', 'part', 'body', 'part', '{id}', 20), holdfast.reseal('ring', 'part', 'body', 'part', '{id}', 20);
SELECT count(*) FROM part WHERE holdfast.unseal('ring', CASE WHEN length(body) > 1 THEN body END, 'part/' || id) = id::text;
SELECT holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}');

-- A blind index finds, per context; a rotation leaves it.
SELECT holdfast.blind_index('ana@x.pt', 'email', 'ring') AS before \gset
SELECT holdfast.blind_index('ana@x.pt', 'email', 'ring') = :'before' AS same, length(:'before'::bytea),
    holdfast.blind_index('ana@x.pt', 'phone', 'ring') = :'before' AS other_context, holdfast.blind_index('ana@x.pt', 'email', 'golden') = :'before' AS other_ring,
    holdfast.blind_index('ana@x.pt', 'email') = :'before' AS of_the_root_key;
SELECT holdfast.rotate_keys('ring');
SELECT holdfast.blind_index('ana@x.pt', 'email', 'ring') = :'before' AS still_the_same;

-- A key that was made in a transaction that is rolled back seals nothing afterwards.
CREATE TABLE kept (s bytea);
BEGIN;
SELECT length(holdfast.seal('ring', 'gone', 'c', '00000000-0000-7000-8000-00000000000a'));
SELECT length(holdfast.seal('ring', 'the key is found again', 'c', '00000000-0000-7000-8000-00000000000a'));
ROLLBACK;
INSERT INTO kept SELECT holdfast.seal('ring', 'stays', 'c', '00000000-0000-7000-8000-00000000000a');
BEGIN;
SAVEPOINT s;
SELECT holdfast.rotate_keys('ring') > 0 AS rotated;
SELECT length(holdfast.seal('ring', 'gone', 'c')), length(holdfast.seal('ring', 'gone', 'c', '00000000-0000-7000-8000-00000000000a'));
ROLLBACK TO s;
INSERT INTO kept SELECT holdfast.seal('ring', 'stays', 'c', '00000000-0000-7000-8000-00000000000a') UNION ALL SELECT holdfast.seal('ring', 'stays', 'c');
COMMIT;
\c -
SET search_path = t_keyring;
SELECT holdfast.unseal('ring', s, 'c') FROM kept;

-- Shredding: what is of the subject is gone, all else stays, and the subject gets no key again.
SELECT count(*) AS keys_of_one FROM ring WHERE subject = :one;
SELECT holdfast.shred('ring', :one);
SELECT holdfast.shred('ring', :one);
SELECT count(*), count(wrapped) AS wrapped, count(root_key) AS root_key, count(destroyed_at) AS destroyed FROM ring WHERE subject = :one;
SELECT id, said(format('holdfast.unseal(''ring'', %L, ''note.body/'' || %s)', body, id)) FROM note WHERE id < 4 ORDER BY id;
SELECT id, holdfast.try_unseal('ring', body, 'note.body/' || id) FROM note WHERE id < 4 ORDER BY id;
SELECT said(format('holdfast.seal(''ring'', ''again'', ''c'', %L)', :one));
SELECT said(format('holdfast.try_unseal(''ring'', %L, ''wrong'')', body)) FROM note WHERE id = 2;
-- Resealing passes over what is gone.
SELECT holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}') AS resealed, count(*) AS not_of_one FROM note WHERE of_whom IS DISTINCT FROM :one AND id <> 11;
SELECT holdfast.reseal_value('ring', body, 'note.body/1') = body AS stays FROM note WHERE id = 1;
-- Somebody who had no key yet gets none either.
SELECT holdfast.shred('ring', '00000000-0000-7000-8000-00000000000b');
SELECT said($$holdfast.seal('ring', 'x', 'c', '00000000-0000-7000-8000-00000000000b')$$);
-- A shredding that is rolled back destroyed nothing.
BEGIN;
SELECT holdfast.shred('ring', :two);
SELECT said(format('holdfast.unseal(''ring'', %L, ''note.body/2'')', body)) FROM note WHERE id = 2;
ROLLBACK;
SELECT holdfast.unseal('ring', body, 'note.body/2') FROM note WHERE id = 2;

-- More keys than the cache has room for.
SELECT count(*) AS opened FROM (
    SELECT s.n, holdfast.seal('ring', s.n::text, 'c', s.subject) AS sealed
    FROM (SELECT n, md5((n % 300)::text)::uuid AS subject FROM generate_series(1, 900) AS n) AS s) AS v
WHERE holdfast.unseal('ring', v.sealed, 'c') = v.n::text;
CREATE TABLE many AS SELECT n, holdfast.seal('ring', n::text, 'c', md5((n % 300)::text)::uuid) AS sealed FROM generate_series(1, 900) AS n;
SELECT bool_and(holdfast.unseal('ring', sealed, 'c') = n::text) AS first_time FROM many;
SELECT bool_and(holdfast.unseal('ring', sealed, 'c') = n::text) AS second_time FROM many;

-- Another root key: wrapped anew without touching what is sealed; the old one alone opens nothing any more.
\set file :dir '/next'
ALTER SYSTEM SET holdfast.root_key_file = :'file';
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o
\c -
SET search_path = t_keyring;
SELECT said(format('holdfast.unseal(''ring'', %L, ''note.body/2'')', body)) FROM note WHERE id = 2;
SELECT said('holdfast.rewrap_keys(''ring'')');
\set file :dir '/root'
ALTER SYSTEM SET holdfast.previous_root_key_file = :'file';
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o
SELECT holdfast.unseal('ring', body, 'note.body/2') AS readable_before FROM note WHERE id = 2;
SELECT count(*) > 300 AS to_do FROM ring WHERE wrapped IS NOT NULL \gset
SELECT :'to_do' AS to_do, holdfast.rewrap_keys('ring', 200) AS first_batch;
SELECT holdfast.rewrap_keys('ring', 100000) > 0 AS the_rest;
SELECT holdfast.rewrap_keys('ring'), count(DISTINCT root_key) AS root_keys FROM ring WHERE wrapped IS NOT NULL;
ALTER SYSTEM RESET holdfast.previous_root_key_file;
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o
\c -
SET search_path = t_keyring;
SELECT holdfast.unseal('ring', body, 'note.body/2') AS readable_after FROM note WHERE id = 2;
SELECT bool_and(holdfast.unseal('ring', sealed, 'c') = n::text) AS all_readable FROM many;
SELECT holdfast.blind_index('ana@x.pt', 'email', 'ring') = :'before' AS index_stays;

-- Rights: EXECUTE is nobody's; with it, the keyring must be one's own; and what a definer unlocked in this session serves nobody else.
SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'holdfast'::regnamespace
    AND p.proname ~ '^(seal|unseal|try_unseal|sealed_key|reseal|reseal_value|rotate_keys|rewrap_keys|shred|blind_index|create_keyring)$'
    AND (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) AS a WHERE a.grantee = 0));
CREATE ROLE regress_keyring_user;
GRANT USAGE ON SCHEMA holdfast, t_keyring TO regress_keyring_user;
GRANT ALL ON ALL TABLES IN SCHEMA t_keyring TO regress_keyring_user;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA holdfast TO regress_keyring_user;
SET ROLE regress_keyring_user;
SELECT f, said(f) FROM unnest(ARRAY[
    $$holdfast.seal('ring', 'text', 'c')$$, $$holdfast.unseal('ring', (SELECT body FROM note WHERE id = 2), 'note.body/2')$$,
    $$holdfast.try_unseal('ring', (SELECT body FROM note WHERE id = 2), 'note.body/2')$$,
    $$holdfast.rotate_keys('ring')$$, $$holdfast.rewrap_keys('ring')$$, $$holdfast.shred('ring', gen_random_uuid())$$,
    $$holdfast.blind_index('v', 'c', 'ring')$$, $$holdfast.reseal('ring', 'note', 'body', 'note.body', '{id}')$$]) AS f;
SELECT count(*) AS rows_seen FROM ring;
RESET ROLE;
CREATE FUNCTION read_note(id int) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT holdfast.unseal('t_keyring.ring', n.body, 'note.body/' || n.id) FROM t_keyring.note AS n WHERE n.id = read_note.id $$;
SET ROLE regress_keyring_user;
SELECT read_note(2);
SELECT said($$holdfast.unseal('ring', (SELECT body FROM note WHERE id = 2), 'note.body/2')$$);
RESET ROLE;
DROP OWNED BY regress_keyring_user;
DROP ROLE regress_keyring_user;

-- A keyring by another name, in another schema, is the same; without its triggers it is none.
ALTER TABLE ring RENAME TO renamed;
SELECT holdfast.unseal('renamed', body, 'note.body/2') FROM note WHERE id = 2;
ALTER TABLE renamed DISABLE TRIGGER holdfast_keys_changed;
ALTER TABLE renamed DISABLE TRIGGER holdfast_keys_rotated;
ALTER TABLE renamed DISABLE TRIGGER holdfast_keys_truncated;
SELECT said($$holdfast.seal('renamed', 'text', 'c')$$);

-- As it was.
ALTER SYSTEM RESET holdfast.root_key_file;
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o
SELECT shell(format('rm -rf %L', :'dir'));
SET client_min_messages = warning;
DROP SCHEMA t_keyring CASCADE;
