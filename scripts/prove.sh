# run_prove NAME PROVE-ARGUMENT ...: runs TAP programs under prove, and prints what failed and the count of single
# tests. A program that dies, or runs other than the tests it planned, counts as one failure more.
run_prove() {
    local out=$work/$1.tap status=0 ok bad
    shift
    prove --nocolor --verbose --merge "$@" > "$out" 2>&1 || status=$?
    # Of the passed tests only the files' summary lines are of interest.
    grep -vE '^\s*ok [0-9]+|^[0-9]+\.\.[0-9]+|^\s*$|^All tests successful|^Files=|^Result: PASS' "$out" || true
    ok=$(grep -cE '^ok [0-9]+' "$out" || true)
    bad=$(grep -cE '^not ok [0-9]+' "$out" || true)
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
    say "$ok passed, $bad failed"
}
