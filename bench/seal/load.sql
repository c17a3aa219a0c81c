\i seal/log.sql
\i hold/calendar.sql
