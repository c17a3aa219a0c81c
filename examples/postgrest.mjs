// supabase-js against PostgREST alone, without Supabase around it: for trying things out and for tests.
//
//   import { createClient } from '@supabase/supabase-js'
//   const supabase = createClient(restUrl, 'no key needed', connection(token))
import { createHmac } from 'node:crypto'

// plainPostgrest is a fetch for supabase-js. Supabase's gateway serves PostgREST under /rest/v1 and supabase-js
// insists on that path; PostgREST itself serves at the root. Only the path is changed; headers and body are not.
export const plainPostgrest = (baseFetch = globalThis.fetch) => (input, init) => {
  const url = new URL(input)
  url.pathname = url.pathname.replace(/^\/rest\/v1(?=\/|$)/, '')
  return baseFetch(url, init)
}

// connection is the third argument of createClient: who speaks, and how to reach a PostgREST without a gateway.
export const connection = (token, baseFetch) => ({
  accessToken: async () => token,
  global: { fetch: plainPostgrest(baseFetch) }
})

// signToken makes the JWT that Supabase Auth would: HS256, claims {role, sub, organization_id, exp, ...}.
export function signToken (secret, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
