-- Everything that occupies the time of a specialist or a client, and the answers kept for repeated requests.
SELECT holdfast.create_calendar('holdfast_private.calendar');
SELECT holdfast.create_idempotency('holdfast_private.idempotency');
