-- For the few tables that clients write directly: what a constraint would refuse is refused before, in our words.

CREATE FUNCTION holdfast_private.check_row()
RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    v_constraint record;
    v_column name;
    v_violated boolean;
BEGIN
    -- Whom the policies refuse, which come after this, must not learn anything from it.
    IF NOT holdfast_private.can(TG_ARGV[0])
       OR NEW.organization_id IS DISTINCT FROM holdfast.org_id() AND NOT holdfast_private.is_system()
    THEN
        RETURN NEW;
    END IF;
    FOR v_column IN
        SELECT a.attname FROM pg_attribute AS a
        WHERE a.attrelid = TG_RELID AND a.attnum > 0 AND a.attnotnull AND to_jsonb(NEW) ->> a.attname::text IS NULL
        ORDER BY a.attnum
    LOOP
        PERFORM holdfast_private.raise_violation('', v_column);
    END LOOP;
    FOR v_constraint IN
        SELECT c.conname AS name,
               CASE c.contype
                   WHEN 'c' THEN format('NOT (SELECT %s FROM (SELECT ($1).*) AS t)', pg_get_expr(c.conbin, c.conrelid))
                   WHEN 'f' THEN format('num_nulls(%s) = 0 AND NOT EXISTS (SELECT FROM %s AS t WHERE %s)',
                       k.new_values, c.confrelid::regclass, k.equal)
                   ELSE format('EXISTS (SELECT FROM %s AS t WHERE %s AND t.id <> ($1).id)', c.conrelid::regclass, k.equal)
               END AS violated
        FROM pg_constraint AS c
        CROSS JOIN LATERAL (
            SELECT string_agg(format('t.%I = ($1).%I', b.attname, a.attname), ' AND ') AS equal,
                   string_agg(format('($1).%I', a.attname), ', ') AS new_values
            FROM unnest(c.conkey, coalesce(c.confkey, c.conkey)) AS n (here, there)
            JOIN pg_attribute AS a ON a.attrelid = c.conrelid AND a.attnum = n.here
            JOIN pg_attribute AS b ON b.attrelid = coalesce(nullif(c.confrelid, 0), c.conrelid) AND b.attnum = n.there) AS k
        WHERE c.conrelid = TG_RELID AND c.contype IN ('c', 'f', 'u', 'p')
        ORDER BY c.contype, c.conname
    LOOP
        EXECUTE 'SELECT ' || v_constraint.violated INTO v_violated USING NEW;
        IF v_violated THEN
            PERFORM holdfast_private.raise_violation(v_constraint.name, '');
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION holdfast_private.check_row() IS
'Trigger (permission): checks a row that somebody with the permission writes against the table''s constraints, and raises what raise_violation() says. The table has organization_id and id. The constraints stay the proof: two writers at once meet them.';
REVOKE ALL ON FUNCTION holdfast_private.check_row() FROM PUBLIC;

CREATE FUNCTION holdfast_private.refuse_write()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM holdfast.raise_error('forbidden');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION holdfast_private.refuse_write() IS
'Trigger of views that nobody writes: so that trying is 403, as for a table without the right, and not 500.';
REVOKE ALL ON FUNCTION holdfast_private.refuse_write() FROM PUBLIC;
