-- A message names what it is about and nothing else: what it says is made when a worker takes it, so that it is true
-- then, and so that the outbox holds nothing personal and no secret.
SELECT holdfast.create_outbox('holdfast_private.outbox');
