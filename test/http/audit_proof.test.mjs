// examples/verify-audit: every row of a sealed log is proved by every head that was kept since, and nothing else is.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { verify } from '../../examples/verify-audit/verify.mjs'
import { digestOf } from '../../examples/verify-audit/hashes.mjs'
import { jsonText } from '../../examples/verify-audit/json.mjs'
import { isError, ok, rpc } from './lib/api.mjs'
import { makeClinic } from './lib/clinic.mjs'
import { exec, rows, value } from './lib/db.mjs'

// Batches of 1, 2, 3 … rows, with all that JSON and text can hold.
const BATCHES = 9
exec(`
  CREATE SCHEMA proofs;
  SELECT holdfast.create_audit_log('proofs.log');
  SELECT holdfast.create_audit_log('proofs.other');
  CREATE PROCEDURE proofs.fill(log regclass, batches int) LANGUAGE plpgsql AS $$
  DECLARE v_end xid8;
  BEGIN
    FOR b IN 1 .. batches LOOP
      PERFORM holdfast.record_entry(log, jsonb_build_object('organization_id', '00000000-0000-0000-0000-0000000000a1', 'action', 'thing.seen',
        'entity_id', b || '-' || n, 'user_agent', CASE n % 3 WHEN 0 THEN 'Zoë "Z" \\ 予約 😀' WHEN 1 THEN '' END, 'details', CASE n % 4 WHEN 0 THEN NULL ELSE
        jsonb_build_object('n', n, 'price', 1.50, 'big', 123456789012345678901234567890.10, 'small', -0.000000001, 'text', E'a\\tb\\u0001"\\\\/é😀', 'null', NULL,
          'list', jsonb_build_array(true, false, '[]'::jsonb, '{}'::jsonb, jsonb_build_object('bb', 1, 'a', 2, '', 3))) END))
      FROM generate_series(1, b) AS n;
      COMMIT;
      v_end := pg_snapshot_xmax(pg_current_snapshot());
      WHILE pg_snapshot_xmin(pg_current_snapshot()) < v_end LOOP COMMIT; PERFORM pg_sleep(0.01); END LOOP;
      PERFORM holdfast.seal_audit(log);
      COMMIT;
    END LOOP;
  END $$;
  CALL proofs.fill('proofs.log', ${BATCHES});
  CALL proofs.fill('proofs.other', 1);
`)
const heads = Object.fromEntries(rows(`SELECT batch, (holdfast.audit_head('proofs.log') - 'sealed_at' || jsonb_build_object('batch', batch, 'head', encode(head, 'hex'),
  'sealed_at', to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')))::text AS head FROM proofs.log_seals`).map(({ batch, head }) => [batch, Buffer.from(head)]))
const proofs = rows(`SELECT s.batch, h.batch AS head, holdfast.audit_proof('proofs.log', l.id, h.batch, organization_id => l.organization_id)::text AS proof, l.entity_id
  FROM proofs.log AS l JOIN proofs.log_seals AS s ON l.transaction_id >= s.from_transaction AND l.transaction_id < s.to_transaction
  JOIN proofs.log_seals AS h ON h.batch >= s.batch ORDER BY l.transaction_id, l.id, h.batch`)
const one = proofs.find(({ batch, head, entity_id: id }) => batch === 5 && head === 8 && id === '5-3')
const proof = JSON.parse(one.proof)
const head = heads[8]

// changed is the proof with something done to it, as a file.
const changed = (change, from = proof) => {
  const copy = structuredClone(from)
  change(copy)
  return Buffer.from(JSON.stringify(copy))
}
const refused = (file, reason, against = head) => {
  const result = verify(file, against)
  assert.equal(result.ok, false)
  assert.match(result.reason, reason)
}

test('every row is proved by the head of its batch and of every later one', () => {
  assert.equal(proofs.length, 9 * 10 * 11 / 6)
  for (const { proof: file, head: batch, entity_id: id } of proofs) {
    const result = verify(Buffer.from(file), heads[batch])
    assert.ok(result.ok, `${id} by ${batch}: ${result.reason}`)
    assert.equal(result.row.entity_id, id)
    assert.equal(result.shown, true)
  }
  assert.equal(verify(Buffer.from(one.proof)).ok, true)
  assert.deepEqual(JSON.parse(value("SELECT holdfast.audit_head('proofs.log')::text")).head, JSON.parse(heads[BATCHES]).head)
})

test('a proof that went through a JSON library is still one', () => {
  assert.ok(verify(Buffer.from(JSON.stringify(proof, null, 2)), head).ok)
})

test('no byte of a proof or of a head can be changed', () => {
  const files = [Buffer.from(one.proof), head]
  for (const [which, file] of files.entries()) {
    for (let at = 0; at < file.length; at++) {
      for (const bit of [1, 4, 16, 32, 128]) {
        const copy = Buffer.from(file)
        copy[at] ^= bit
        const result = which === 0 ? verify(copy, head) : verify(files[0], copy)
        assert.equal(result.ok, false, `byte ${at} of file ${which}: ${copy.subarray(Math.max(0, at - 20), at + 10)}`)
      }
    }
  }
})

test('a head is that of one log and one batch', () => {
  refused(Buffer.from(one.proof), /head_batch => 9/, heads[9])
  refused(Buffer.from(one.proof), /head_batch => 5/, heads[5])
  const other = Buffer.from(value("SELECT holdfast.audit_head('proofs.other')::text"))
  refused(Buffer.from(one.proof), /another log/, other)
  refused(Buffer.from(one.proof), /written anew/, Buffer.from(JSON.stringify({ ...JSON.parse(head), head: '0'.repeat(64) })))
  refused(Buffer.from(one.proof), /another time/, Buffer.from(JSON.stringify({ ...JSON.parse(head), sealed_at: '2020-01-01T00:00:00+00:00' })))
  refused(Buffer.from(one.proof), /another format/, Buffer.from(JSON.stringify({ ...JSON.parse(head), format: 'x' })))
})

test('values may be withheld, and are not believed without the salt', () => {
  const none = { salt: null, old_values: null, new_values: null, details: null }
  const result = verify(changed((p) => Object.assign(p.row, none)), head)
  assert.ok(result.ok)
  assert.equal(result.shown, false)
  refused(changed((p) => { p.row.salt = null }), /without the salt/)
  refused(changed((p) => Object.assign(p.row, none, { details: '{}' })), /without the salt/)
  refused(changed((p) => { p.row.details = null }), /not those that the digest/)
  refused(changed((p) => { p.row.details = p.row.details.replace('1.50', '1.5') }), /not those that the digest/)
  refused(changed((p) => { p.row.details = JSON.parse(p.row.details) }), /not a JSON text/)
  for (const text of ['', '{', '[1', '{"a"}', '{"a": 1,}', '01', '1 2', '"\u0001"', 'nul', '1e5']) refused(changed((p) => { p.row.details = text }), /not JSON/)
})

test('what somebody computes anew does not lead to the head', () => {
  // another value with its own digest
  const salt = Buffer.from(proof.row.salt, 'hex')
  const content = Buffer.concat([Buffer.from([1]), Buffer.from('--'), jsonText('{"n": 4}')])
  refused(changed((p) => { p.row.details = '{"n": 4}'; p.row.digest = digestOf(salt, content).toString('hex') }), /not the one that was sealed/)
  // a row in another place, a path that was cut or made longer
  refused(changed((p) => { p.in_batch.index++ }), /root of the batch/)
  refused(changed((p) => { p.in_batch.count++ }), /not in this batch/)
  refused(changed((p) => { p.in_batch.index = 5 }), /beyond its tree/)
  refused(changed((p) => { p.in_batch.path.pop() }), /too short/)
  refused(changed((p) => { p.in_batch.path.push('0'.repeat(64)) }), /too long/)
  refused(changed((p) => { p.in_batch.path = 'x' }), /not a list/)
  refused(changed((p) => { p.in_history.index++ }), /place in history/)
  refused(changed((p) => { p.in_history.count++ }), /place in history/)
  refused(changed((p) => { p.in_history.path[0] = '0'.repeat(64) }), /history of the later/)
  // a batch of its own: sound in itself, but not in the history
  const own = (p) => {
    p.in_batch = { index: 0, count: 1, path: [] }
    p.batch.root = p.leaf
    p.batch.row_count = 1
    const bytes = Buffer.concat([Buffer.from('holdfast audit seal 1'), Buffer.from(p.batch.log.replaceAll('-', ''), 'hex'),
      ...[p.batch.batch, p.batch.cluster, p.batch.sealed_by, p.batch.from_transaction, p.batch.to_transaction, p.batch.row_count,
        BigInt(Date.parse(p.batch.sealed_at.slice(0, 19) + 'Z')) * 1000n + BigInt(p.batch.sealed_at.slice(20, -6).padEnd(6, '0'))]
        .map((number) => { const eight = Buffer.alloc(8); eight.writeBigUInt64BE(BigInt.asUintN(64, BigInt(number))); return eight }),
      ...['root', 'history', 'previous'].map((name) => Buffer.from(p.batch[name], 'hex'))])
    p.batch.head = createHash('sha256').update(bytes).digest('hex')
  }
  refused(changed(own), /history of the later/)
  const alone = (p) => { own(p); delete p.later; delete p.in_history }
  assert.ok(verify(changed(alone)).ok)
  refused(changed(alone), /head_batch => 8/)
  refused(changed(alone), /written anew/, heads[5])
  // the row of another batch, or of another cluster, in this one
  refused(changed((p) => { own(p); p.row.cluster = '7' }), /not the one that was sealed/)
  for (const [name, text] of [['from_transaction', '999999'], ['to_transaction', '1'], ['cluster', '7']]) {
    refused(changed((p) => { p.batch[name] = text; own(p) }), name === 'cluster' ? /another cluster/ : /does not belong/)
  }
  refused(changed((p) => { p.batch.log = '00000000-0000-0000-0000-000000000000'; own(p) }), /another log/)
  refused(changed((p) => { p.batch.previous = '0'.repeat(64); own(p) }), /wrong place in the chain/)
  refused(changed((p) => { p.batch.batch = 0; own(p) }), /no number/)
  refused(changed((p) => { p.batch.batch = 4; own(p) }), /place in history/)
})

test('a file is a proof as a whole or not at all', () => {
  const members = (object, path = []) => Object.entries(object).flatMap(([name, member]) => [[...path, name],
    ...(member !== null && typeof member === 'object' && !Array.isArray(member) ? members(member, [...path, name]) : [])])
  for (const path of members(proof)) {
    const parent = (p) => path.slice(0, -1).reduce((object, name) => object[name], p)
    refused(changed((p) => { delete parent(p)[path.at(-1)] }), /no member|unknown member/)
    if (proof.row !== parent(proof) || parent(proof)[path.at(-1)] !== null) refused(changed((p) => { parent(p)[path.at(-1)] = null }), /./)
    for (const other of [[], {}, 1.5, -1, true, 'x']) refused(changed((p) => { parent(p)[path.at(-1)] = other }), /./)
    refused(changed((p) => { parent(p).more = 1 }), /unknown member/)
  }
  for (const text of ['', 'null', '1', '[]', '{}', '"x"', one.proof + 'x', '\ufeff' + one.proof]) refused(Buffer.from(text), /./)
  refused(Buffer.from(one.proof.replace('holdfast-audit-proof-1', 'holdfast-audit-proof-2')), /another format/)
  for (const time of ['2026-02-31T00:00:00+00:00', '2026-13-01T00:00:00+00:00', '2026-01-01T00:00:00Z', '2026-01-01 00:00:00+00:00', '2026-01-01T00:00:00.1234567+00:00']) {
    refused(changed((p) => { p.row.occurred_at = time }), /time/)
  }
})

test('an admin proves a row to somebody who kept a head', async () => {
  const clinic = makeClinic({ name: 'Proofs', specialists: [{ name: 'Ada', time_zone: 'UTC' }], clients: ['Mia'] })
  const seal = async () => {
    // what else runs on this server may hold it up for a moment
    for (let left = 1; left > 0;) {
      exec("SELECT holdfast_private.run_job('job_seal_audit')")
      left = value(`SELECT count(*)::int AS n FROM holdfast_private.audit_log WHERE cluster = (SELECT system_identifier FROM pg_control_system())
        AND transaction_id >= (SELECT to_transaction FROM holdfast_private.audit_log_seals ORDER BY batch DESC LIMIT 1)`)
    }
    return (await ok(clinic.admin, 'export_chain_head')).head
  }
  const { logs: [row] } = await ok(clinic.admin, 'search_audit_logs', { entity_type: 'clients', max_count: 1 })
  const kept = await seal()
  await ok(clinic.admin, 'search_audit_logs')
  const newest = await seal()
  assert.ok(newest.batch > kept.batch)
  const file = (json) => Buffer.from(JSON.stringify(json))
  const toNewest = await ok(clinic.admin, 'prove_audit_log', { audit_id: row.id })
  const toKept = await ok(clinic.admin, 'prove_audit_log', { audit_id: row.id, head_batch: kept.batch })
  for (const [proof, head] of [[toNewest, newest], [toKept, kept]]) {
    const result = verify(file(proof), file(head))
    assert.ok(result.ok, result.reason)
    assert.equal(result.row.id, row.id)
  }
  assert.equal(verify(file(toNewest), file(kept)).ok, false)
  assert.equal(value("SELECT count(*)::int AS n FROM holdfast_private.audit_log WHERE action = 'read' AND entity_id = :'id'", { id: row.id }), 2)
  isError(await rpc(clinic.admin, 'prove_audit_log', { audit_id: row.id, head_batch: 0 }), 400, 'invalid_input', ['field', 'reason'])
  isError(await rpc(clinic.clients[0], 'prove_audit_log', { audit_id: row.id }), 403, 'forbidden')
})
