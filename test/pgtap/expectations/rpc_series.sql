-- RPCs of series: who may book, move and cancel one booking may do it with a series.

INSERT INTO proof.calls (operation, label, statement)
SELECT operation, side, format('SELECT public.%s(%s)', operation, replace(arguments, '$id', quote_literal(k.id)))
FROM unnest('{own,other,foreign}'::text[]) AS side
JOIN proof.keys AS k ON k.name = side || ' series'
CROSS JOIN (VALUES
  ('move_series', '$id, ''all'', ''2031-06-02 10:00Z'', ''2031-06-03 10:00'''),
  ('cancel_series', '$id')
) AS t (operation, arguments);

INSERT INTO proof.calls (operation, label, statement)
SELECT 'book_series', label, format('SELECT public.book_series(%L, %L, ''FREQ=WEEKLY;COUNT=2'', ''2031-06-05 10:00'', duration_minutes => 60)',
  proof.id(specialist), proof.id(client))
FROM (VALUES
  ('own', 'specialist', 'client'),
  ('other', 'other specialist', 'other client'),
  ('mixed', 'specialist', 'other client'),
  ('archived', 'specialist', 'archived client'),
  ('inactive', 'inactive specialist', 'client'),
  ('foreign_client', 'specialist', 'foreign client'),
  ('foreign_specialist', 'foreign specialist', 'client'),
  ('foreign', 'foreign specialist', 'foreign client')
) AS t (label, specialist, client);

SELECT proof.expect_calls($$
                                   anon stranger client client2 archived specialist former hr  admin super super@1 service plain admin2 client@2 specialist@2 admin@2
  own                move_series   -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  own                cancel_series -    404      1      404     404      1          404    404 1     403   1       1       1     404    404      404          404
  other              move_series   -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  other              cancel_series -    404      404    1       404      404        404    404 1     403   1       1       1     404    404      404          404
  foreign            move_series   -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  foreign            cancel_series -    404      404    404     404      404        404    404 404   403   404     404     404   1      404      404          404
  own                book_series   -    403      1      403     403      1          403    403 1     403   1       1       1     404    403      403          403
  other              book_series   -    403      403    1       403      403        403    403 1     403   1       1       1     404    403      403          403
  mixed              book_series   -    403      403    403     403      403        403    403 1     403   1       1       1     404    403      403          403
  archived           book_series   -    403      403    403     403      404        403    403 404   403   404     404     404   404    403      403          403
  inactive           book_series   -    403      404    403     403      403        403    403 404   403   404     404     404   404    403      403          403
  foreign_client     book_series   -    403      403    403     403      404        403    403 404   403   404     404     404   404    403      403          403
  foreign_specialist book_series   -    403      404    403     403      403        403    403 404   403   404     404     404   404    403      403          403
  foreign            book_series   -    403      403    403     403      403        403    403 404   403   404     404     404   1      403      403          403
$$);
