-- One keyring for all tenants: a value is bound to its row, which names the tenant, and a person's to that person's own key.
SELECT holdfast.create_keyring('holdfast_private.keyring');
