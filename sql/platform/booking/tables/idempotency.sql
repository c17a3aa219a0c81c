-- The answers kept for repeated requests.
SELECT holdfast.create_idempotency('holdfast_private.idempotency');
