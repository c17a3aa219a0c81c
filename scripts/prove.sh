# run_prove NAME PROVE-ARGUMENT ...: runs TAP programs under prove, prints what failed, and leaves the count of single
# tests in $passed and $failed. A program that dies, or runs other than the tests it planned, is one failure more.
run_prove() {
    local out=$work/$1.tap status=0
    shift
    prove --nocolor --verbose --merge "$@" > "$out" 2>&1 || status=$?
    # Of the tests that passed, the summary lines of their files are enough.
    grep -vE '^\s*ok [0-9]+|^[0-9]+\.\.[0-9]+|^\s*$|^All tests successful|^Files=|^Result: PASS' "$out" || true
    passed=$(grep -cE '^ok [0-9]+' "$out" || true)
    failed=$(grep -cE '^not ok [0-9]+' "$out" || true)
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
}
