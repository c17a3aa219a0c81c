-- The calendar on the direct way of writing.
SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS holdfast;
CREATE EXTENSION IF NOT EXISTS holdfast SCHEMA holdfast CASCADE;
RESET client_min_messages;
\getenv srcdir PG_ABS_SRCDIR
\set semantics :srcdir '/shared/calendar.sql'
SET holdfast.direct_insert = on;
\i :semantics
