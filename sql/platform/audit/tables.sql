-- The log, its seals, and the key of its redaction digests. Written by the kernel as the owner.
SELECT holdfast.create_audit_log('holdfast_private.audit_log');
