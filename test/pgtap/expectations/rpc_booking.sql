-- RPCs of booking: the client, the specialist, admins and services, each as far as it is theirs. To everybody else a
-- booking or a hold does not exist.

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, side, format('SELECT public.%s(%s)', operation, replace(arguments, '$id', quote_literal(k.id)))
FROM unnest('{own,other,foreign}'::text[]) AS side
CROSS JOIN (VALUES
  ('get_booking', 'booking', '$id'),
  ('cancel_booking', 'booking', '$id'),
  ('reschedule_booking', 'booking', '$id, ''2031-05-15 10:00Z'', ''2031-05-15 11:00Z'''),
  ('decline_booking', 'booking', '$id'),
  ('accept_booking', 'pending booking', '$id'),
  ('complete_booking', 'begun booking', '$id'),
  ('mark_no_show', 'begun booking', '$id, ''client'''),
  ('confirm_booking', 'hold', '$id'),
  ('extend_hold', 'hold', '$id, 600'),
  ('cancel_hold', 'hold', '$id'),
  ('sessions_confirm', 'hold', 'json_build_object(''hold_key'', $id, ''session'', json_build_object())'),
  ('sessions_cancel', 'hold', 'json_build_object(''hold_key'', $id)')
) AS t (operation, name, arguments)
JOIN proof.keys AS k ON k.name = side || ' ' || t.name;

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, label, format('SELECT public.%s(%s)', operation, replace(replace(arguments,
         '$specialist', quote_literal(proof.id(specialist))), '$client', quote_literal(proof.id(client))))
FROM (VALUES
  ('own', 'specialist', 'client'),
  ('other', 'other specialist', 'other client'),
  ('mixed', 'specialist', 'other client'),
  ('archived', 'specialist', 'archived client'),
  ('inactive', 'inactive specialist', 'client'),
  ('foreign_client', 'specialist', 'foreign client'),
  ('foreign_specialist', 'foreign specialist', 'client'),
  ('foreign', 'foreign specialist', 'foreign client')
) AS t (label, specialist, client)
CROSS JOIN (VALUES
  ('request_hold', '$specialist, $client, ''2031-05-20 10:00Z'', ''2031-05-20 11:00Z'''),
  ('sessions_hold', 'json_build_object(''therapist_id'', $specialist, ''client_id'', $client,
     ''start_time'', ''2031-05-20T10:00:00Z'', ''end_time'', ''2031-05-20T11:00:00Z'')')
) AS o (operation, arguments);

INSERT INTO proof.calls (operation, label, statement)
SELECT 'company_usage', label, format('SELECT public.company_usage(%L)', proof.id(company))
FROM (VALUES ('own', 'company'), ('other', 'other company'), ('foreign', 'foreign company')) AS t (label, company);

SELECT proof.expect_calls($$
                                        anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                get_booking        -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                cancel_booking     -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                reschedule_booking -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                decline_booking    -    404      403    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                accept_booking     -    404      403    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                complete_booking   -    404      403    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                mark_no_show       -    404      403    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                confirm_booking    -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                extend_hold        -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                cancel_hold        -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                sessions_confirm   -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                sessions_cancel    -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  other              get_booking        -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  other              cancel_booking     -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  other              reschedule_booking -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  other              decline_booking    -    404      404    403     404      404        404    404 1     403   1       1       1     404    404      404          404
  other              accept_booking     -    404      404    403     404      404        404    404 1     403   1       1       1     404    404      404          404
  other              complete_booking   -    404      404    403     404      404        404    404 1     403   1       1       1     404    404      404          404
  other              mark_no_show       -    404      404    403     404      404        404    404 1     403   1       1       1     404    404      404          404
  other              confirm_booking    -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  other              extend_hold        -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  other              cancel_hold        -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  other              sessions_confirm   -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  other              sessions_cancel    -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign            get_booking        -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            cancel_booking     -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            reschedule_booking -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            decline_booking    -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            accept_booking     -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            complete_booking   -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            mark_no_show       -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            confirm_booking    -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            extend_hold        -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            cancel_hold        -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            sessions_confirm   -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            sessions_cancel    -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own                request_hold       -    403      1      403     403      1          403    403 1     403   1       1       1     404    403      403          403
  own                sessions_hold      -    403      1      403     403      1          403    403 1     403   1       1       1     404    403      403          403
  other              request_hold       -    403      403    1       403      403        403    403 1     403   1       1       1     404    403      403          403
  other              sessions_hold      -    403      403    1       403      403        403    403 1     403   1       1       1     404    403      403          403
  mixed              request_hold       -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  mixed              sessions_hold      -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  archived           request_hold       -    403      403    403     403      404        403    403 404   403   404     404     404   404    403      403          403
  archived           sessions_hold      -    403      403    403     403      404        403    403 404   403   404     404     404   404    403      403          403
  inactive           request_hold       -    403      404    403     403      403        403    403 404   403   404     404     404   404    403      403          403
  inactive           sessions_hold      -    403      404    403     403      403        403    403 404   403   404     404     404   404    403      403          403
  foreign_client     request_hold       -    403      403    403     403      404        403    403 404   403   404     404     404   404    403      403          403
  foreign_client     sessions_hold      -    403      403    403     403      404        403    403 404   403   404     404     404   404    403      403          403
  foreign_specialist request_hold       -    403      404    403     403      403        403    403 404   403   404     404     404   404    403      403          403
  foreign_specialist sessions_hold      -    403      404    403     403      403        403    403 404   403   404     404     404   404    403      403          403
  foreign            request_hold       -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  foreign            sessions_hold      -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
  own                company_usage      -    404      404    404     404      404        404    1   1     403   1       1       1     404    404      404          404
  other              company_usage      -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign            company_usage      -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
$$);
