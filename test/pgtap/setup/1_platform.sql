-- What a DBA runs. The roles of PostgREST are there already (scripts/postgrest roles).
SET client_min_messages = warning;
CREATE SCHEMA holdfast;
CREATE EXTENSION holdfast SCHEMA holdfast CASCADE;
SELECT holdfast.install();
