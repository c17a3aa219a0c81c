-- One hot account, and its twin for the statements written by hand.
SELECT holdfast.create_quota('bench.quota'), holdfast.create_quota('bench.by_hand');
SELECT holdfast.set_quota(q, '0a000000-0000-4000-8000-000000000001', '0c000000-0000-4000-8000-000000000001', 1000000000)
FROM unnest('{bench.quota,bench.by_hand}'::regclass[]) AS q;
