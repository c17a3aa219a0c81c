-- Messages that are due, and the same for the statements written by hand.
SELECT holdfast.create_outbox('bench.outbox'), holdfast.create_outbox('bench.by_hand');
INSERT INTO bench.outbox (organization_id, id, topic, payload, due_at, created_at)
SELECT '0a000000-0000-4000-8000-000000000001', holdfast.uuid_v7(), 'mail', '{"to": "somebody", "template": "confirmation"}',
    now() - interval '1 day' + n * interval '1 ms', now()
FROM generate_series(1, :blocks) AS n;
INSERT INTO bench.by_hand SELECT * FROM bench.outbox;
