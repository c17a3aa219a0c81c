-- Subscriptions that were there before the module.
SELECT holdfast_private.sync_company_quota(s.organization_id, s.company_id)
FROM @api@.company_subscriptions AS s
WHERE s.status <> 'cancelled'
ORDER BY s.organization_id, s.company_id;
