-- RPCs of the audit log: for admins of the organization and services.

SELECT holdfast_private.job_seal_audit();
INSERT INTO proof.calls (operation, label, statement)
SELECT 'prove_audit_log', side, format('SELECT public.prove_audit_log(%L)', k.id)
FROM unnest('{own,foreign}'::text[]) AS side JOIN proof.keys AS k ON k.name = side || ' log'
UNION ALL
SELECT 'undo_change', side, format('SELECT public.undo_change(%L)', k.id)
FROM unnest('{own,foreign}'::text[]) AS side JOIN proof.keys AS k ON k.name = side || ' setting log'
UNION ALL VALUES
  ('search_audit_logs', 'organization', 'SELECT public.search_audit_logs()'),
  ('export_chain_head', 'organization', 'SELECT public.export_chain_head()');

SELECT proof.expect_calls($$
                                 anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  organization search_audit_logs -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  organization export_chain_head -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  own          prove_audit_log   -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign      prove_audit_log   -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own          undo_change       -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign      undo_change       -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
$$);
