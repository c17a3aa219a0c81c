-- RPCs of sign_in: for anybody who has not signed in yet, and then for themselves; admins end sessions and factors of others.

INSERT INTO proof.calls (operation, label, statement) VALUES
  ('sign_in', 'wrong', format('SELECT public.sign_in(''own@example.org'', ''wrong'', NULL, %L)', proof.id('clinic'))),
  ('sign_up', 'closed', format('SELECT public.sign_up(''own@example.org'', ''some long enough words'', NULL, NULL, %L)', proof.id('clinic'))),
  ('refresh_session', 'unknown', 'SELECT public.refresh_session(''hfrefresh_0'')'),
  ('request_password_reset', 'own', format('SELECT public.request_password_reset(''own@example.org'', %L)', proof.id('clinic'))),
  ('complete_password_reset', 'unknown', 'SELECT public.complete_password_reset(''hfreset_0'', ''some long enough words'')'),
  ('change_password', 'own', 'SELECT public.change_password(''wrong'', ''some long enough words'')'),
  ('enroll_second_factor', 'own', 'SELECT public.enroll_second_factor()'),
  ('confirm_second_factor', 'own', 'SELECT public.confirm_second_factor(''abc'')'),
  ('new_backup_codes', 'own', 'SELECT public.new_backup_codes(''000000'')'),
  ('disable_second_factor', 'own', 'SELECT public.disable_second_factor(''wrong'', ''000000'')'),
  ('sign_out_others', 'own', 'SELECT public.sign_out_others()');
INSERT INTO proof.calls (operation, label, statement)
SELECT 'sign_out', side, format('SELECT public.sign_out(%L)', proof.id('session ' || proof.id('user ' || CASE side WHEN 'own' THEN 'client' ELSE side || ' client' END)))
FROM unnest('{own,other,foreign}'::text[]) AS side
UNION ALL
SELECT 'reset_second_factor', side, format('SELECT public.reset_second_factor(%L, ''lost'')', proof.id('user ' || CASE side WHEN 'own' THEN 'client' ELSE side || ' client' END))
FROM unnest('{own,other,foreign}'::text[]) AS side;

SELECT proof.expect_calls($$
                                            anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own           change_password             -    403      1      1       403      403        403    403 403   403   403     401     401   403    403      403          403
  unknown       complete_password_reset     1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  own           confirm_second_factor       -    403      1      1       403      403        403    403 403   403   403     401     401   403    403      403          403
  own           disable_second_factor       -    403      404    404     403      403        403    403 403   403   403     401     401   403    403      403          403
  own           enroll_second_factor        -    403      1      1       403      403        403    403 403   403   403     401     401   403    403      403          403
  own           new_backup_codes            -    403      404    404     403      403        403    403 403   403   403     401     401   403    403      403          403
  unknown       refresh_session             1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  own           request_password_reset      1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  foreign       reset_second_factor         -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  other         reset_second_factor         -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  own           reset_second_factor         -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  wrong         sign_in                     1    1        1      1       1        1          1      1   1     1     1       1       1     1      1        1            1
  foreign       sign_out                    -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  other         sign_out                    -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  own           sign_out                    -    404      1      404     404      404        404    404 1     403   1       1       1     404    404      404          404
  own           sign_out_others             -    1        1      1       1        1          1      1   1     403   1       401     401   1      1        1            1
  closed        sign_up                     403  403      403    403     403      403        403    403 403   403   403     403     403   403    403      403          403
$$);
