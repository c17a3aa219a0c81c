-- Values to work on: :rows tokens and notes, sealed by holdfast and by pgcrypto, whose functions lie in schema holdfast.
SELECT holdfast.create_keyring('bench.ring');
CREATE TABLE bench.value AS
SELECT n, t.token, holdfast.token_hash(t.token) AS token_hash, t.note, md5('s' || n % 100)::uuid AS subject
FROM generate_series(1, :rows) AS n,
     LATERAL (SELECT holdfast.token('bench') AS token, repeat('A note of some length. ', 8) || n AS note) AS t;
ALTER TABLE bench.value ADD COLUMN sealed bytea, ADD COLUMN of_a_person bytea, ADD COLUMN pgp bytea;
UPDATE bench.value SET sealed = holdfast.seal('bench.ring', note, 'c'), of_a_person = holdfast.seal('bench.ring', note, 'c', subject);
UPDATE bench.value SET pgp = holdfast.pgp_sym_encrypt(note, 'a pass phrase') WHERE n <= :slow;
CREATE UNIQUE INDEX ON bench.value (token_hash);
CREATE INDEX ON bench.value (n);

-- us is what one call costs beyond reading the row, in microseconds: the expression over so many rows, the best of three.
CREATE FUNCTION bench.us(expression text, most int) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    c_from CONSTANT text := ' FROM (SELECT * FROM bench.value WHERE n <= $1 OFFSET 0) AS v';
    v_start timestamptz;
    v_bare float8 := 'infinity';
    v_all float8 := 'infinity';
BEGIN
    FOR v_turn IN 1 .. 3 LOOP
        v_start := clock_timestamp();
        EXECUTE 'SELECT count(token || note)' || c_from USING most;
        v_bare := least(v_bare, extract(epoch FROM clock_timestamp() - v_start));
        v_start := clock_timestamp();
        EXECUTE 'SELECT count(' || expression || ')' || c_from USING most;
        v_all := least(v_all, extract(epoch FROM clock_timestamp() - v_start));
    END LOOP;
    RETURN greatest(v_all - v_bare, 0) * 1e6 / most;
END $$;

-- look_up is what a body does that redeems a token, the same for one that exists and one that does not.
CREATE FUNCTION bench.look_up(token text) RETURNS boolean LANGUAGE sql AS $$
    SELECT holdfast.token_matches(look_up.token, (SELECT v.token_hash FROM bench.value AS v WHERE v.token_hash = holdfast.token_hash(look_up.token)))
$$;
-- The same in the platform, where a token says where its row is: wrong secrets for places that exist, and for places that do not.
DO $$ BEGIN PERFORM holdfast.install('public', 'accounts'); END $$;
CREATE TABLE bench.place AS
SELECT n, gen_random_uuid() AS id, holdfast.token('hfbench') AS secret FROM generate_series(1, :rows) AS n;
INSERT INTO holdfast_private.token_secrets (organization_id, token_id, token_hash, expires_at)
SELECT '0a000000-0000-4000-8000-000000000001', p.id, holdfast.token_hash(holdfast.token('hfbench')), now() + interval '1 day' FROM bench.place AS p;
CREATE INDEX ON bench.place (n);

-- tokens makes those that a turn looks up, before the clock runs.
CREATE FUNCTION bench.tokens(way text, known boolean, low int, high int) RETURNS text[] LANGUAGE sql VOLATILE AS $$
    SELECT CASE way
        WHEN 'hash' THEN (
            SELECT array_agg(CASE WHEN known THEN v.token ELSE holdfast.token('bench') END)
            FROM bench.value AS v WHERE v.n BETWEEN low AND high)
        ELSE (
            SELECT array_agg(holdfast_private.placed_token(p.secret, '0a000000-0000-4000-8000-000000000001',
                CASE WHEN known THEN p.id ELSE gen_random_uuid() END))
            FROM bench.place AS p WHERE p.n BETWEEN low AND high)
    END
$$;

-- Known and unknown tokens, twenty at a time, in turns, and the unknown ones once more for the noise; nanoseconds each, medians.
CREATE FUNCTION bench.pairs(way text, most int, OUT known float8, OUT unknown float8, OUT noise float8) LANGUAGE plpgsql AS $$
DECLARE
    c_batch CONSTANT int := 20;
    v_start timestamptz;
    v_tokens text[];
    v_times float8[] := '{}';
BEGIN
    FOR v_turn IN 0 .. most - 1 LOOP
        FOR v_step IN 1 .. 3 LOOP
            v_tokens := bench.tokens(way, v_step = 1, v_turn * c_batch + 1, (v_turn + 1) * c_batch);
            v_start := clock_timestamp();
            IF way = 'hash' THEN
                PERFORM bench.look_up(t) FROM unnest(v_tokens) AS t;
            ELSE
                PERFORM holdfast_private.find_secret(t, 'hfbench') FROM unnest(v_tokens) AS t;
            END IF;
            v_times := v_times || extract(epoch FROM clock_timestamp() - v_start)::float8 * 1e9 / c_batch;
        END LOOP;
    END LOOP;
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FILTER (WHERE i % 3 = 1),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FILTER (WHERE i % 3 = 2),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY t) FILTER (WHERE i % 3 = 0)
    INTO known, unknown, noise FROM unnest(v_times) WITH ORDINALITY AS v (t, i);
END $$;
