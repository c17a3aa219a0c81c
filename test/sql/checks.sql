-- is_time_zone() and is_email(): what columns are checked by
\set ECHO none
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\set ECHO all
\pset format unaligned
\pset tuples_only on

SELECT z, holdfast.is_time_zone(z) FROM unnest('{UTC,Europe/Lisbon,America/Argentina/Buenos_Aires,America/Port-au-Prince,Etc/UTC,Etc/GMT+12,Etc/GMT-14,Etc/GMT}'::text[]) z;
-- abbreviations, POSIX rules, paths, and offsets that no zone has
SELECT z, holdfast.is_time_zone(z) FROM unnest('{EST,WET,EST5EDT,UTC+3,Europe/Nowhere,Europe/Lisbon+3,Etc/Foo+3,Etc/GMT+13,Etc/GMT-15,Etc/GMT+,Etc/GMT+1x,Etc/GMT+001,localtime,../etc/passwd,/etc/localtime,Europe/,""," "}'::text[]) z;
SELECT holdfast.is_time_zone(repeat('a/', 1000)), holdfast.is_time_zone(NULL) IS NULL;

SELECT e, holdfast.is_email(e) FROM unnest('{a@b.co,first.last+tag@sub.example.org,ü@x.de,a@xn--p1ai.de}'::text[]) e;
SELECT e, holdfast.is_email(e) FROM unnest('{"",a,a@b,a@b.c,@b.co,a@@b.co,a@b@c.de,A@b.co,a@B.co,a b@c.de," a@b.co",a@b.co.,a@-b.co,a@b-.co,"a@b.co
",<a@b.co>,a@[127.0.0.1],a@b.123}'::text[]) e;
SELECT holdfast.is_email(repeat('a', 65) || '@b.co'), holdfast.is_email('a@' || repeat('b.', 126) || 'co'), holdfast.is_email(NULL) IS NULL;
