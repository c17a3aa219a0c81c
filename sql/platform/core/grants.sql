SELECT holdfast_private.record_grant('SCHEMA', '@api@', 'USAGE', '{anon,authenticated,service_role}');
