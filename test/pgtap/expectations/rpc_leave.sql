-- RPCs of leave: the specialist's own, and who may manage specialists; only the latter reject. To everybody else neither the
-- specialist nor the leave exists.

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, side, format('SELECT public.%s(%s)', operation,
         replace(arguments, '$id', quote_literal(proof.id(CASE WHEN arguments = '$id' THEN side || ' leave' ELSE specialist END))))
FROM (VALUES ('own', 'specialist'), ('other', 'other specialist'), ('foreign', 'foreign specialist')) AS t (side, specialist)
CROSS JOIN (VALUES
  ('plan_leave', '$id, ''2032-02-01 00:00Z'', ''2032-02-02 00:00Z'''),
  ('request_leave', '$id, ''2032-02-01 00:00Z'', ''2032-02-02 00:00Z'''),
  ('approve_leave', '$id'),
  ('reject_leave', '$id'),
  ('cancel_leave', '$id')
) AS o (operation, arguments);

SELECT proof.expect_calls($$
                        anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own     plan_leave    -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own     request_leave -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own     approve_leave -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own     reject_leave  -    404      404    404     404      403        404    404 1     403   1       1       1     404    404      404          404
  own     cancel_leave  -    404      404    404     404      1          404    404 1     403   1       1       1     404    404      404          404
  other   plan_leave    -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other   request_leave -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other   approve_leave -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other   reject_leave  -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  other   cancel_leave  -    404      404    404     404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign plan_leave    -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign request_leave -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign approve_leave -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign reject_leave  -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign cancel_leave  -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
$$);
