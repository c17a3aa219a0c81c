# The functions that policies call, over a scan of a table without an index.
create_template bench_identity identity/setup.sql -v rows="$SCAN"
run_psql -d bench_identity -c "SELECT bench.measure($SCANS)" > /dev/null
while IFS='|' read -r variant ms; do add "scan_$variant" "$ms"; done \
    < <(run_psql -d bench_identity -c 'SELECT variant, ms FROM bench.timing')
compare "\`org_id()\` in a policy, $SCAN rows" 'a constant' ≤ 1.5 "$(ratio scan_org_id scan_constant)" \
    "org_id() $(all scan_org_id); constant $(all scan_constant) ms"
compare '`(select org_id())` in a policy' 'a constant' ≤ 1.1 "$(ratio scan_org_id_wrapped scan_constant)" \
    "(select org_id()) $(all scan_org_id_wrapped) ms"
compare '`uid()` in a policy, how much faster' "Supabase's \`auth.uid()\`, unwrapped" ≥ 40 \
    "$(ratio scan_auth_uid scan_uid)" "auth.uid() $(all scan_auth_uid); uid() $(all scan_uid) ms"
result '`uid()` in a policy' "Supabase's \`(select auth.uid())\`" '' '' "$(ratio scan_uid scan_auth_uid_wrapped)×" \
    "(select auth.uid()) $(all scan_auth_uid_wrapped) ms"
result '`subject_id()` in a policy' 'a constant' '' '' "$(ratio scan_subject_id scan_constant_user)×" \
    "subject_id() $(all scan_subject_id); constant $(all scan_constant_user) ms"
result '`has_role()` in a policy' 'a constant of the same shape' '' '' "$(ratio scan_has_role scan_constant_or)×" \
    "has_role() $(all scan_has_role); constant $(all scan_constant_or) ms"
