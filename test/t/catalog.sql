-- One line for everything that a dump or an upgrade must bring about, in an order of its own and without any OID:
-- compare two databases by comparing the lines.
SET search_path = pg_catalog;
SET client_min_messages = warning;
SET timezone = 'UTC';

CREATE TEMP VIEW ours AS
SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'cron');

-- Privileges, sorted: the order of grants is no matter.
CREATE FUNCTION pg_temp.acl(acl aclitem[], kind "char", owner oid) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(format('%s:%s%s', coalesce(grantee::regrole::text, '?'), privilege_type,
                           CASE WHEN is_grantable THEN '*' ELSE '' END), ',' ORDER BY grantee::regrole::text, privilege_type)
  FROM aclexplode(coalesce(acl, acldefault(kind, owner)))
$$;

SELECT replace(line, E'\n', '\n') FROM (
  SELECT format('schema %s owner %s acl %s comment %s', nspname, nspowner::regrole, pg_temp.acl(nspacl, 'n', nspowner),
                obj_description(oid, 'pg_namespace'))
  FROM pg_namespace WHERE oid IN (SELECT oid FROM ours)
  UNION ALL
  SELECT format('extension %s %s in %s', extname, extversion, extnamespace::regnamespace) FROM pg_extension
  UNION ALL
  SELECT format('member of %s: %s', extname, pg_describe_object(d.classid, d.objid, 0))
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
  UNION ALL
  SELECT format('marked to go with %s: %s', extname, pg_describe_object(d.classid, d.objid, 0))
  FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
  WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'
  UNION ALL
  SELECT format('relation %s kind %s %s owner %s acl %s rls %s %s identity %s options %s comment %s', oid::regclass, relkind,
                relpersistence, relowner::regrole,
                pg_temp.acl(relacl, CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner), relrowsecurity,
                relforcerowsecurity, relreplident, reloptions, obj_description(oid, 'pg_class'))
  FROM pg_class WHERE relnamespace IN (SELECT oid FROM ours) AND relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  UNION ALL
  SELECT format('column %s.%s %s. type %s null %s default %s generated %s%s storage %s %s acl %s statistics %s comment %s', attrelid::regclass,
                attname, row_number() OVER (PARTITION BY attrelid ORDER BY a.attnum),
                format_type(atttypid, atttypmod), NOT attnotnull, pg_get_expr(adbin, adrelid), attgenerated, attidentity,
                attstorage, attcompression,
                CASE WHEN attacl IS NOT NULL THEN pg_temp.acl(attacl, 'c', relowner) END,
                attstattarget, col_description(attrelid, a.attnum))
  FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
  LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum
  WHERE relnamespace IN (SELECT oid FROM ours) AND relkind IN ('r', 'p', 'v', 'm') AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT format('view %s %s', oid::regclass, pg_get_viewdef(oid))
  FROM pg_class WHERE relnamespace IN (SELECT oid FROM ours) AND relkind = 'v'
  UNION ALL
  SELECT format('index %s valid %s clustered %s identity %s %s', pg_get_indexdef(indexrelid), indisvalid, indisclustered, indisreplident,
                obj_description(indexrelid, 'pg_class'))
  FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace IN (SELECT oid FROM ours)
  UNION ALL
  -- BETWEEN comes back as two comparisons with other brackets, which mean the same.
  SELECT format('constraint %s on %s%s %s validated %s comment %s', conname, nullif(conrelid, 0)::regclass, nullif(contypid, 0)::regtype, regexp_replace(pg_get_constraintdef(oid), '[()]', '', 'g'), convalidated,
                obj_description(oid, 'pg_constraint'))
  FROM pg_constraint WHERE connamespace IN (SELECT oid FROM ours)
  UNION ALL
  SELECT format('trigger %s enabled %s comment %s', pg_get_triggerdef(t.oid), tgenabled, obj_description(t.oid, 'pg_trigger'))
  FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE NOT tgisinternal AND relnamespace IN (SELECT oid FROM ours)
  UNION ALL
  -- Foreign keys, too, are triggers, which can be disabled.
  SELECT format('triggers of constraint %s on %s: %s', conname, tgrelid::regclass, string_agg(tgenabled::text, '' ORDER BY tgtype, tgfoid))
  FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_constraint n ON n.oid = tgconstraint
  WHERE tgisinternal AND relnamespace IN (SELECT oid FROM ours)
  GROUP BY conname, tgrelid
  UNION ALL
  SELECT format('rule %s', pg_get_ruledef(r.oid))
  FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class WHERE relnamespace IN (SELECT oid FROM ours) AND rulename <> '_RETURN'
  UNION ALL
  SELECT format('statistics %s', pg_get_statisticsobjdef(oid)) FROM pg_statistic_ext WHERE stxnamespace IN (SELECT oid FROM ours)
  UNION ALL
  SELECT format('publication %s %s', pubname, array_to_string(ARRAY(
    SELECT prrelid::regclass::text FROM pg_publication_rel WHERE prpubid = p.oid ORDER BY 1), ','))
  FROM pg_publication p
  UNION ALL
  SELECT format('event trigger %s %s %s', evtname, evtevent, evtenabled) FROM pg_event_trigger
  UNION ALL
  SELECT format('sequence %s %s', schemaname || '.' || sequencename, to_jsonb(s) - '{schemaname,sequencename}'::text[])
  FROM pg_sequences s WHERE quote_ident(schemaname)::regnamespace IN (SELECT oid FROM ours)
  UNION ALL
  SELECT format('security label %s %s', objtype, label) FROM pg_seclabels
  UNION ALL
  SELECT format('policy %s on %s %s %s to %s using %s check %s comment %s', polname, polrelid::regclass, polcmd, polpermissive,
                (SELECT string_agg(r::regrole::text, ',' ORDER BY r::regrole::text) FROM unnest(polroles) r),
                pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid), obj_description(p.oid, 'pg_policy'))
  FROM pg_policy p
  UNION ALL
  SELECT format('function %s owner %s acl %s comment %s %s', p.oid::regprocedure, proowner::regrole,
                pg_temp.acl(proacl, 'f', proowner), obj_description(p.oid, 'pg_proc'),
                CASE WHEN prokind = 'a' THEN '' ELSE pg_get_functiondef(p.oid) END)
  FROM pg_proc p WHERE pronamespace IN (SELECT oid FROM ours)
  UNION ALL
  SELECT format('type %s %s owner %s %s', oid::regtype, typtype, typowner::regrole, obj_description(oid, 'pg_type'))
  FROM pg_type WHERE typnamespace IN (SELECT oid FROM ours) AND typcategory <> 'A'
  UNION ALL
  SELECT format('enum %s %s %s', enumtypid::regtype, enumlabel, row_number() OVER (PARTITION BY enumtypid ORDER BY enumsortorder))
  FROM pg_enum
  UNION ALL
  SELECT format('default privileges of %s in %s %s %s', defaclrole::regrole, nullif(defaclnamespace, 0)::regnamespace, defaclobjtype, pg_temp.acl(defaclacl, 'f', defaclrole))
  FROM pg_default_acl
) AS t (line)
ORDER BY line COLLATE "C";

-- The rows of every table, as one digest.
SELECT format('SELECT ''rows of %1$s: '' || count(*) || '' '' || coalesce(md5(string_agg(t::text, E''\n'' ORDER BY t::text COLLATE "C")), '''') FROM %1$s AS t;',
              c.oid::regclass)
FROM pg_class c
WHERE relnamespace IN (SELECT oid FROM ours) AND relkind = 'r'
ORDER BY c.oid::regclass::text COLLATE "C"
\gexec
