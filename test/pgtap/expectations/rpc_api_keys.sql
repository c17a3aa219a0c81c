-- RPCs of API keys: everybody with an account has their own; admins revoke those of others, and see no secret of them.

INSERT INTO proof.calls (operation, label, statement) VALUES
  ('create_api_key', 'own', 'SELECT public.create_api_key(''x'')'),
  ('exchange_api_key', 'unknown', 'SELECT public.exchange_api_key(''hfkey_0'')');
INSERT INTO proof.calls (operation, label, statement)
SELECT operation, side, format('SELECT public.%s(%L)', operation, k.id)
FROM unnest('{own,other,foreign}'::text[]) AS side CROSS JOIN unnest('{rotate_api_key,revoke_api_key}'::text[]) AS operation
JOIN proof.keys AS k ON k.name = side || ' api key';

SELECT proof.expect_calls($$
                                            anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own           create_api_key              -    403      1      1       403      1          403    1   1     403   403     401     401   1      403      403          403
  unknown       exchange_api_key            1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  foreign       revoke_api_key              -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  other         revoke_api_key              -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  own           revoke_api_key              -    404      1      404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign       rotate_api_key              -    404      404    404     404      404        404    404 404   403   404     404     404   403    404      404          404
  other         rotate_api_key              -    404      404    1       404      404        404    404 403   403   403     403     403   404    404      404          404
  own           rotate_api_key              -    404      1      404     404      404        404    404 403   403   403     403     403   404    404      404          404
$$);
