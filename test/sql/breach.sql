-- The list of breached passwords, made by its importer from files as the public service has them.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
CREATE SCHEMA t_breach;
RESET client_min_messages;
SET search_path = t_breach;
CREATE FUNCTION caught(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_detail text;
    v_hint text;
    v_result text;
BEGIN
    EXECUTE statement INTO v_result;
    RETURN coalesce(v_result, 'null');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS v_detail = PG_EXCEPTION_DETAIL, v_hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE || ' ' || SQLERRM, nullif(v_detail, ''), v_hint);
END $$;
CREATE FUNCTION sh(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('COPY (SELECT 1) TO PROGRAM %L', 'cat > /dev/null; ' || command);
    RETURN 'done';
END $$;
CREATE FUNCTION put(query text, command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('COPY (%s) TO PROGRAM %L', query, command);
    RETURN 'written';
END $$;
CREATE FUNCTION import(folder text, arguments text, source text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM t_breach.sh(format('cd %s && { %s/holdfast-breach-import %s list %s 2>&1; true; } > said', folder, (SELECT setting FROM pg_config WHERE name = 'BINDIR'), arguments, source));
    RETURN rtrim(pg_read_file(folder || '/said'), E'\n');
END $$;
SELECT current_setting('data_directory') || '/holdfast_breach' AS folder, current_setting('data_directory') || '/holdfast_breach/list' AS list \gset
SELECT holdfast.password_breached('password') AS without_a_list;
SELECT sh(format('rm -rf %1$s && mkdir %1$s && mkdir %1$s/ranges', :'folder'));

-- 2,000 passwords, "breached-1" seen once and so on: as range files with their line ends, some padded, one empty; and as one file.
CREATE TABLE hashes AS SELECT n, upper(encode(holdfast.digest(convert_to('breached-' || n, 'UTF8'), 'sha1'), 'hex')) AS hash FROM generate_series(1, 2000) AS n
UNION ALL SELECT 9, upper(encode(holdfast.digest(convert_to('Zoë', 'UTF8'), 'sha1'), 'hex'));
SELECT put($$SELECT left(hash, 5) || ' ' || substr(hash, 6) || ':' || n FROM t_breach.hashes ORDER BY hash COLLATE "C"$$,
    format($$cd %s/ranges && awk '{ f = (NR %% 2 ? $1 : tolower($1) ".txt"); if ($1 == last) f = lastf; printf "%%s%%s\r\n", (NR %% 3 || f == lastf ? "" : "00000000000000000000000000000000000:0\r\n"), $2 >> f; close(f); last = $1; lastf = f }' && printf '' > FFFFF && echo no > notes$$, :'folder'));
SELECT put($$SELECT hash || ':' || n FROM t_breach.hashes ORDER BY hash COLLATE "C"$$, format('cat > %s/ordered', :'folder'));
SELECT import(:'folder', '', 'ordered');
SELECT sh(format('mv %1$s/list %1$s/from_one', :'folder'));
SELECT import(:'folder', '', 'ranges');
SELECT sh(format('cmp %1$s/list %1$s/from_one', :'folder')) AS same_file;

ALTER SYSTEM SET holdfast.breach_file = :'list';
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET search_path = t_breach;
SELECT bool_and(holdfast.password_breached('breached-' || n)) AS all_found FROM generate_series(1, 2000) AS n;
SELECT bool_or(holdfast.password_breached('breached-' || n)) AS any_other FROM generate_series(2001, 4000) AS n;
SELECT holdfast.password_breached('Zoë') AS utf8, holdfast.password_breached('zoë') AS other_case, holdfast.password_breached('') AS empty, holdfast.password_breached(NULL) AS no_password;
-- SHA-1 itself, over the lengths at which a block ends.
SELECT put($$SELECT hash FROM (SELECT upper(encode(holdfast.digest(repeat('a', n), 'sha1'), 'hex')) AS hash FROM generate_series(1, 200) AS n) AS h ORDER BY hash COLLATE "C"$$, format('cat > %s/lengths', :'folder'));
SELECT import(:'folder', '', 'lengths');
SELECT count(*) FILTER (WHERE holdfast.password_breached(repeat('a', n))) AS found FROM generate_series(1, 201) AS n;
SELECT import(:'folder', '--at-least=1500', 'ranges');
SELECT holdfast.password_breached('breached-1499') AS rare, holdfast.password_breached('breached-1500') AS often;

-- A strong password that is on the list is refused.
SELECT put($$SELECT upper(encode(holdfast.digest('purple-lamp-river-42', 'sha1'), 'hex'))$$, format('cat > %s/one', :'folder'));
SELECT import(:'folder', '', 'one');
SELECT p, acceptable, reasons FROM unnest(ARRAY['purple-lamp-river-42', 'purple-lamp-river-43']) AS p, holdfast.password_strength(p);

-- Many entries have a larger index; one that is there is found all the same.
SELECT put($$SELECT hash || ':' || n FROM (SELECT n, upper(encode(holdfast.digest(n::text, 'sha1'), 'hex')) AS hash FROM generate_series(1, 60000) AS n) AS h ORDER BY hash COLLATE "C"$$, format('cat > %s/many', :'folder'));
SELECT import(:'folder', '', 'many');
SELECT bool_and(holdfast.password_breached(n::text)) AS all_found FROM generate_series(1, 60000, 7) AS n;
SELECT bool_or(holdfast.password_breached(n::text)) AS any_other FROM generate_series(60001, 68000) AS n;

-- What the importer refuses; the list that was there stays.
SELECT sh(format($$cd %s && mkdir d1 d2 && printf '%%040d\n%%040d\n' 2 1 > disorder && printf '%%039d:1\n' 0 > short && printf 'password\n' > plain && printf '%%040d:x\n' 0 > count && touch d1/00000 d1/00000.txt d2/range$$, :'folder'));
SELECT arguments, source, import(:'folder', arguments, source)
FROM (VALUES (1, '', 'disorder'), (2, '', 'short'), (3, '', 'plain'), (4, '', 'count'), (5, '', 'd1'), (6, '', 'd2'), (7, '--fast', 'one'), (8, '', 'nowhere'), (9, '', 'one two')) AS c (n, arguments, source) ORDER BY n;
SELECT holdfast.password_breached('1') AS still_there, count(*) AS left_behind FROM pg_ls_dir('holdfast_breach') AS f WHERE f LIKE 'list.%';

-- A list that cannot be used is an error that names no path.
CREATE FUNCTION with_file(command text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM t_breach.sh(format('cd %s/holdfast_breach && rm -rf list && { %s; }', current_setting('data_directory'), command));
    RETURN t_breach.caught($c$SELECT holdfast.password_breached('breached-1')$c$);
END $$;
SELECT command, with_file(command)
FROM unnest(ARRAY['cp from_one list', 'true', 'mkdir list', 'mkfifo list', 'printf "" > list', 'head -c 31 from_one > list', 'head -c 32 from_one > list', 'head -c -1 from_one > list', '{ cat from_one; echo; } > list', 'head -c 4096 /dev/zero > list', 'cp ordered list',
    '{ head -c 8 from_one; printf "\002"; tail -c +10 from_one; } > list', '{ head -c 9 from_one; printf "\020"; tail -c +11 from_one; } > list', '{ head -c 10 from_one; printf "\004"; tail -c +12 from_one; } > list',
    '{ head -c 16 from_one; printf "\377\377\377\377\377\377\377\377"; tail -c +25 from_one; } > list', '{ head -c 32 from_one; head -c 2056 /dev/zero | tr "\000" "\377"; tail -c +2089 from_one; } > list', 'cp from_one list && chmod 0 list']) WITH ORDINALITY AS c (command, n) ORDER BY n;
SELECT caught($$SELECT holdfast.password_strength('breached-1')$$) AS strength_too;
SELECT sh('rm -rf holdfast_breach');
ALTER SYSTEM RESET holdfast.breach_file;
\o /dev/null
SELECT pg_reload_conf();
\o
\c -
SET client_min_messages = warning;
DROP SCHEMA t_breach CASCADE;
