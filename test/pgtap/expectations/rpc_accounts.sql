-- RPCs of accounts: token flows are for anybody, whose token it is for nobody else; the rest is for who manages members.

INSERT INTO proof.calls (operation, label, statement) VALUES
  ('request_email_verification', 'own', format('SELECT public.request_email_verification(''own@example.org'', %L)', proof.id('clinic'))),
  ('verify_email', 'unknown', 'SELECT public.verify_email(''hfverify_0'')'),
  ('peek_token', 'unknown', 'SELECT public.peek_token(''hfverify_0'')'),
  ('check_login', 'own', 'SELECT public.check_login()'),
  ('pending_tokens', 'all', 'SELECT public.pending_tokens()'),
  ('accept_invitation', 'unknown', 'SELECT public.accept_invitation(''hfinvite_0'')'),
  ('reject_invitation', 'unknown', 'SELECT public.reject_invitation(''hfinvite_0'')'),
  ('invite_member', 'new', 'SELECT public.invite_member(''new@example.org'', ''client'')'),
  ('invite_member', 'admin', 'SELECT public.invite_member(''new@example.org'', ''admin'')'),
  ('set_account_settings', 'own', 'SELECT public.set_account_settings(''{"max_sessions": 3}'')'),
  ('allow_ip', 'own', 'SELECT public.allow_ip(''192.0.2.0/24'')'),
  ('block_ip', 'own', 'SELECT public.block_ip(''192.0.2.0/24'')');
INSERT INTO proof.calls (operation, label, statement)
SELECT operation, side, format(statement, operation, k.id)
FROM unnest('{own,other,foreign}'::text[]) AS side
CROSS JOIN (VALUES ('issue_token', 'email_verification token', 'SELECT public.%s(%L)'), ('resend_invitation', 'invitation token', 'SELECT public.%s(%L)'),
                   ('revoke_invitation', 'invitation token', 'SELECT public.%s(%L)'), ('forget_ip', 'address', 'SELECT public.%s(%L)')) AS t (operation, thing, statement)
JOIN proof.keys AS k ON k.name = side || ' ' || thing
UNION ALL
SELECT operation, side, format(statement, operation, proof.id('user ' || CASE side WHEN 'own' THEN 'client' ELSE side || ' client' END))
FROM unnest('{own,other,foreign}'::text[]) AS side
CROSS JOIN (VALUES ('suspend_account', 'SELECT public.%s(%L, ''x'')'), ('reinstate_account', 'SELECT public.%s(%L)'), ('unlock_account', 'SELECT public.%s(%L)')) AS t (operation, statement);

SELECT proof.expect_calls($$
                                            anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  unknown       accept_invitation           1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  own           allow_ip                    -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  own           block_ip                    -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  own           check_login               1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  foreign       forget_ip                   -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  other         forget_ip                   -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  own           forget_ip                   -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  admin         invite_member               -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  new           invite_member               -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  foreign       issue_token                 -    403      403    403     403      403        403    403 403   403   403     404     404   403    403      403          403
  other         issue_token                 -    403      403    403     403      403        403    403 403   403   403     1       1     403    403      403          403
  own           issue_token                 -    403      403    403     403      403        403    403 403   403   403     1       1     403    403      403          403
  unknown       peek_token                  400  400      400    400     400      400        400    400 400   400   400     400     400   400    400      400          400
  all           pending_tokens              -    403      403    403     403      403        403    403 403   403   403     1       1     403    403      403          403
  foreign       reinstate_account           -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  other         reinstate_account           -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  own           reinstate_account           -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  unknown       reject_invitation           1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  own           request_email_verification  1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  foreign       resend_invitation           -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  other         resend_invitation           -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  own           resend_invitation           -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign       revoke_invitation           -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  other         revoke_invitation           -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  own           revoke_invitation           -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  own           set_account_settings        -    403      403    403     403      403        403    403 1     403   1       1       1     1      403      403          403
  foreign       suspend_account             -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  other         suspend_account             -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  own           suspend_account             -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  foreign       unlock_account              -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  other         unlock_account              -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  own           unlock_account              -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  unknown       verify_email                1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
$$);
