SELECT holdfast_private.grant_table('@api@.specialist_weights', p, 'authenticated')
FROM unnest(ARRAY['SELECT', 'INSERT (organization_id, specialist_id, weight)', 'UPDATE (weight)']) AS p;
SELECT holdfast_private.grant_service('@api@.specialist_weights');
