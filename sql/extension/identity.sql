-- Identity: who calls, as the request's claims say. Read by src/identity/claims.c and src/identity/request.c.

CREATE FUNCTION uid()
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_get_uid'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION uid() IS
'The caller: the claim sub. NULL without claims or without sub. Malformed claims raise not_authenticated, here and in every function that reads claims: a text that is not a JSON object, longer than 64 kB or nested deeper than 32 levels, a claim that counts given twice, a sub, organization or act.sub that is not a UUID (the nil UUID is none). Use it bare in a policy; it becomes an index condition.';
REVOKE ALL ON FUNCTION uid() FROM PUBLIC;

CREATE FUNCTION org_id()
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_get_org_id'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION org_id() IS
'The organization that the request works in: the claim organization_id, else app_metadata.organization_id, else app_metadata.org_id, else org_id; NULL when there is none. user_metadata never counts. A caller whose claim role is service_role, or who is super_admin in the table of roles (the one that the setting holdfast.roles_table names, else the installed platform''s, else public.user_roles; a row of the nil organization, read live), names another organization in the header X-Organization-Id; anybody else''s header is ignored. Raises not_authenticated for malformed claims, invalid_input for a header that counts and is not a UUID.';
REVOKE ALL ON FUNCTION org_id() FROM PUBLIC;

CREATE FUNCTION actor_id()
RETURNS uuid
AS 'MODULE_PATHNAME', 'hf_get_actor_id'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION actor_id() IS
'The person who really acts: while somebody is impersonated the claim act.sub (RFC 8693), else the same as uid(). Raises not_authenticated for malformed claims, which an act without sub is too.';
REVOKE ALL ON FUNCTION actor_id() FROM PUBLIC;

CREATE FUNCTION jwt_role()
RETURNS text
AS 'MODULE_PATHNAME', 'hf_get_jwt_role'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION jwt_role() IS
'The claim role, such as authenticated, anon or service_role; NULL without one. It names the database role that PostgREST switched to, not a role of has_role(). Raises not_authenticated for malformed claims.';
REVOKE ALL ON FUNCTION jwt_role() FROM PUBLIC;

CREATE FUNCTION jwt()
RETURNS jsonb
AS 'MODULE_PATHNAME', 'hf_get_jwt'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION jwt() IS
'All claims of the request; NULL without claims. Raises not_authenticated for malformed claims. Never decide about access by user_metadata: users edit it themselves.';
REVOKE ALL ON FUNCTION jwt() FROM PUBLIC;

CREATE FUNCTION claim(path text)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_get_claim'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION claim(text) IS
'One claim as text, by its dotted path, such as app_metadata.plan or amr.0.method; NULL when there is no such claim. A name that itself has a dot is out of reach; read it from jwt(). Raises not_authenticated for malformed claims.';
REVOKE ALL ON FUNCTION claim(text) FROM PUBLIC;

CREATE FUNCTION request_header(name text)
RETURNS text
AS 'MODULE_PATHNAME', 'hf_get_request_header'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION request_header(text) IS
'A header of the HTTP request, its name in any case of letters; NULL when it was not sent, and outside of a request. Raises invalid_input when the setting request.headers is not a JSON object of at most 128 strings, or names one twice.';
REVOKE ALL ON FUNCTION request_header(text) FROM PUBLIC;

CREATE FUNCTION request_ip()
RETURNS inet
AS 'MODULE_PATHNAME', 'hf_get_request_ip'
LANGUAGE C STABLE PARALLEL SAFE;
COMMENT ON FUNCTION request_ip() IS
'The client''s address, from the header X-Forwarded-For. Each proxy appends the address it was called from, and a client may send a list of its own, so only the end of the list is to be trusted: the entry taken is the n-th from the end, n being the setting holdfast.trusted_proxies (1: the last entry, written by the one proxy before PostgREST; 0: none). NULL when the list is shorter, the entry is no address, or outside of a request. An IPv4 address inside IPv6 is returned as IPv4.';
REVOKE ALL ON FUNCTION request_ip() FROM PUBLIC;
