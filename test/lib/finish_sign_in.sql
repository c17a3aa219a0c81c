ALTER SYSTEM RESET holdfast.jwt_secret_file;
SELECT pg_reload_conf() \g /dev/null
SELECT t.shell(format('rm -rf %L', dir)) FROM t.dir \g /dev/null
\c -
