-- The kernel of holdfast: functions, types and settings, and no table.
-- Every function is revoked from PUBLIC where it is made; grant_api_roles() says who may call what.
\echo Use "CREATE EXTENSION holdfast" to load this file. \quit
