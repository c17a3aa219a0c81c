-- What a DBA runs once per database.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pg_cron;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
SELECT holdfast.install();
