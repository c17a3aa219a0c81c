// Reporter for node --test: one line for each test, the reason under each failure, and the count that scripts/check reads.
// A describe block and a file count through the tests in them, or as one failure when they break by themselves.
export default async function * reporter (source) {
  let passed = 0
  let failed = 0
  for await (const { type, data } of source) {
    if (type === 'test:diagnostic' || (type !== 'test:pass' && type !== 'test:fail')) continue
    const error = data.details?.error
    const group = data.details?.type === 'suite' || data.name.endsWith('.mjs')
    if (group && (type === 'test:pass' || error?.failureType === 'subtestsFailed')) continue
    if (data.skip || data.todo) continue
    if (type === 'test:pass') {
      passed++
      yield `ok ${data.name} (${Math.round(data.details.duration_ms)} ms)\n`
    } else {
      failed++
      const cause = error?.cause ?? error
      yield `not ok ${data.name}\n${String(cause?.stack ?? cause).replace(/^/gm, '    ')}\n`
    }
  }
  yield `${passed} passed, ${failed} failed\n`
}
