-- The root key: where its file may be, who may reach it, what it may hold; and the database without it.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_rootkey;
RESET client_min_messages;
SET search_path = t_rootkey;

CREATE FUNCTION shell(command text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- what the program does not read would be an error
    EXECUTE format('COPY (SELECT) TO PROGRAM %L', 'cat > /dev/null; ' || command);
END $$;
-- said runs an expression; folders are of this machine, so they are cut out.
CREATE FUNCTION said(expression text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_result text;
BEGIN
    EXECUTE format('SELECT (%s)::text', expression) INTO v_result;
    RETURN coalesce(regexp_replace(v_result, '"/.*/', '".../', 'g'), 'null');
EXCEPTION WHEN OTHERS THEN
    RETURN concat_ws(' | ', SQLSTATE, regexp_replace(SQLERRM, '"/.*/', '".../', 'g'));
END $$;
-- Beside the data directory, which is the server's own.
SELECT regexp_replace(current_setting('data_directory'), '/[^/]*$', '') || '/t_rootkey' AS dir \gset
SELECT shell(format('rm -rf %1$L; mkdir -m 700 %1$L', :'dir'));

-- Without one. (The server of the tests has one, beside its data directory.)
SELECT holdfast.keys_available(), holdfast.root_key_problem();
ALTER SYSTEM SET holdfast.root_key_file = '';
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o
SELECT current_setting('holdfast.root_key_file') = '' AS unset, holdfast.keys_available(), holdfast.root_key_problem();
SELECT said('holdfast.generate_root_key()');

-- Made at the place that is configured; then it counts, at once.
\set file :dir '/root.key'
ALTER SYSTEM SET holdfast.root_key_file = :'file';
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o
\c -
SET search_path = t_rootkey;
SELECT holdfast.keys_available(), said('holdfast.root_key_problem()');
SELECT holdfast.generate_root_key() ~ '^[0-9a-f]{16}$' AS named;
SELECT holdfast.keys_available(), holdfast.root_key_problem();
SELECT size, (pg_read_file(:'file') ~ '^[0-9a-f]{64}\n$') AS hexadecimal FROM pg_stat_file(:'file');
SELECT shell(format('test "$(stat -c %%a %L)" = 600', :'file'));
-- A key is never overwritten.
SELECT said('holdfast.generate_root_key()');
SELECT left(said(format('holdfast.generate_root_key(%L)', path)), 100) AS said
FROM unnest(ARRAY[:'file', 'relative.key', current_setting('data_directory') || '/root.key', current_setting('data_directory') || '/base/root.key',
    :'dir' || '/missing/root.key', :'dir' || '/' || repeat('x', 1024)]) AS path;
-- Another place, for a change of keys; another key.
SELECT holdfast.generate_root_key(:'dir' || '/new.key') ~ '^[0-9a-f]{16}$' AS named;
SELECT pg_read_file(:'file') <> pg_read_file(:'dir' || '/new.key') AS another;

-- What makes a file unusable, and what does not.
CREATE FUNCTION problem_of(command text, dir text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_dir text := dir || '/case';
BEGIN
    PERFORM t_rootkey.shell(format('rm -rf %1$L; mkdir -m 700 %1$L; cd %1$L; umask 077; printf %%064d 7 > key; %2$s', v_dir, command));
    RETURN t_rootkey.said(format('holdfast.root_key_problem(%L)', v_dir || '/key'));
END $$;
\pset format unaligned
\pset tuples_only on
SELECT what, problem_of(command, :'dir') FROM (VALUES
    ('64 digits', ''),
    ('mode 0400', 'chmod 400 key'),
    ('capital digits', 'printf %064d 7 | tr 07 AF > key'),
    ('base64', 'head -c 32 /dev/urandom | base64 > key'),
    ('base64 without padding', 'head -c 32 /dev/urandom | base64 | tr -d = > key'),
    ('base64url', 'head -c 32 /dev/urandom | base64 | tr +/ -_ > key'),
    ('a line end of Windows', 'printf "%064d\r\n" 7 > key'),
    ('a sticky folder', 'chmod 1777 .'),
    ('readable by the group', 'chmod 640 key'),
    ('readable by all', 'chmod 604 key'),
    ('writable by all', 'chmod 602 key'),
    ('a symbolic link', 'mv key real; ln -s real key'),
    ('a hard link', 'ln key second'),
    ('a directory', 'rm key; mkdir key'),
    ('a FIFO', 'rm key; mkfifo key'),
    ('missing', 'rm key'),
    ('a folder that others may write to', 'chmod 777 .'),
    ('a folder that the group may write to', 'chmod 770 .'),
    ('empty', ': > key'),
    ('a digit short', 'printf %063d 7 > key'),
    ('a digit more', 'printf %065d 7 > key'),
    ('a letter', 'printf %064d 7 | tr 7 g > key'),
    ('two line ends', 'printf "%064d\n\n" 7 > key'),
    ('all zeros', 'printf %064d 0 > key'),
    ('31 bytes in base64', 'head -c 31 /dev/urandom | base64 > key'),
    ('33 bytes in base64', 'head -c 33 /dev/urandom | base64 > key'),
    ('a long file', 'seq 1000 > key')) AS c (what, command);
-- Folders above count as well: whoever may rename one puts another in its place.
SELECT mode, shell(format('rm -rf %1$L; mkdir -p %1$L/a/b; umask 077; printf %%064d 7 > %1$L/a/b/key; chmod 700 %1$L/a/b %1$L/a; chmod %2$s %1$L', :'dir' || '/deep', mode)),
    said(format('holdfast.root_key_problem(%L)', :'dir' || '/deep/a/b/key'))
FROM unnest('{700,755,770,777,1777}'::text[]) AS mode;
SELECT said('holdfast.root_key_problem(''relative'')'), said('holdfast.root_key_problem('''')');
\pset format aligned
\pset tuples_only off

-- A link in the folder's path is followed before it is judged: the data directory has no back door.
SELECT shell(format('ln -s %L %L', current_setting('data_directory'), :'dir' || '/back'));
SELECT said(format('holdfast.generate_root_key(%L)', :'dir' || '/back/root.key'));

-- A session that has read the key keeps it until a reload; then a bad file shows, and a good one again.
SELECT holdfast.keys_available();
SELECT shell(format('chmod 604 %L', :'file'));
SELECT holdfast.keys_available();
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o
SELECT holdfast.keys_available(), said('holdfast.root_key_problem()');
SELECT shell(format('chmod 600 %L', :'file'));
SELECT holdfast.keys_available(), said('holdfast.root_key_problem()');

-- Neither the key nor its place is for others, even with EXECUTE.
CREATE ROLE regress_rootkey_user;
GRANT USAGE ON SCHEMA holdfast, t_rootkey TO regress_rootkey_user;
SET ROLE regress_rootkey_user;
SELECT said('holdfast.keys_available()'), said('holdfast.generate_root_key()'), left(said($$current_setting('holdfast.root_key_file')$$), 5) AS setting;
RESET ROLE;
GRANT EXECUTE ON FUNCTION holdfast.keys_available(), holdfast.generate_root_key(text), holdfast.root_key_problem(text) TO regress_rootkey_user;
SET ROLE regress_rootkey_user;
SELECT said('holdfast.keys_available()');
SELECT said('holdfast.generate_root_key()');
SELECT said('holdfast.generate_root_key(''/tmp/x'')');
SELECT said('holdfast.root_key_problem()');
RESET ROLE;
REVOKE ALL ON FUNCTION holdfast.keys_available(), holdfast.generate_root_key(text), holdfast.root_key_problem(text) FROM regress_rootkey_user;
REVOKE ALL ON SCHEMA holdfast, t_rootkey FROM regress_rootkey_user;
DROP ROLE regress_rootkey_user;

-- As it was.
ALTER SYSTEM RESET holdfast.root_key_file;
\o /dev/null
SELECT pg_reload_conf();
SELECT pg_sleep(1);
\o
SELECT holdfast.keys_available();
SELECT shell(format('rm -rf %L', :'dir'));
SET client_min_messages = warning;
DROP SCHEMA t_rootkey CASCADE;
