# org_id() in a policy, over a table without an index on it.
create_template bench_claims claims/table.sql -v rows="$SCAN"
scan() {
    run_psql -d bench_claims -c "SELECT set_config('request.jwt.claims', '$(cat claims/claims.json)', false)" \
        -c "SET ROLE bench_$1" -c 'SELECT bench.scan()' | tail -n 1
}
for ((round = 0; round < SCANS; round++)); do
    for variant in $(shuffled constant bare initplan supabase_initplan); do add "scan_$variant" "$(scan "$variant")"; done
    # Five seconds each: three tell enough.
    [ "$round" -ge 3 ] || add scan_supabase "$(scan supabase)"
done
compare "\`org_id()\` in a policy, $SCAN rows" 'a constant' ≤ 1.5 "$(ratio scan_bare scan_constant)" \
    "org_id() $(all scan_bare); constant $(all scan_constant) ms"
compare '`(select org_id())` in a policy' 'a constant' ≤ 1.1 "$(ratio scan_initplan scan_constant)" \
    "(select org_id()) $(all scan_initplan) ms"
compare '`org_id()` in a policy, how much faster' "Supabase's \`auth.uid()\`, unwrapped" ≥ 40 \
    "$(ratio scan_supabase scan_bare)" "auth.uid() $(all scan_supabase) ms"
result '`org_id()` in a policy' "Supabase's \`(select auth.uid())\`" '' '' "$(ratio scan_bare scan_supabase_initplan)×" \
    "(select auth.uid()) $(all scan_supabase_initplan) ms"
