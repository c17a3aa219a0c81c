-- Ids and times are not for clients to choose; nothing is deleted, only no longer offered.
SELECT holdfast_private.grant_table('@api@.pillars', p, 'authenticated')
FROM unnest(ARRAY['SELECT',
    'INSERT (organization_id, code, name, description, sort_order, is_active)',
    'UPDATE (code, name, description, sort_order, is_active)']) AS p;
SELECT holdfast_private.grant_table('@api@.session_types', p, 'authenticated')
FROM unnest(ARRAY['SELECT',
    'INSERT (organization_id, pillar_id, name, description, default_duration_minutes, approval, is_active)',
    'UPDATE (pillar_id, name, description, default_duration_minutes, approval, is_active)']) AS p;

SELECT holdfast_private.grant_service('@api@.pillars');
SELECT holdfast_private.grant_service('@api@.session_types');
