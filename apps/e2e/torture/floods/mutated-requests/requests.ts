import { brotliCompressSync, gzipSync } from 'node:zlib'
import { appRouter } from '@mianmi/contracts'
import { adminRouter } from '@mianmi/contracts/admin'
import * as rest from '@mianmi/contracts/rest-schemas'
import fc from 'fast-check'
import type { HttpMessage, RawRequest } from '../../harness/raw-http.ts'
import { toBytes } from '../../harness/raw-http.ts'
import { hostileJson, mutatedJson } from './hostile-json.ts'
import { arbitraryOf, type SchemaNode } from './schema-arbitrary.ts'

/** The valid tokens that a request may carry. */
export interface ValidTokens {
  readonly accessToken: string
  readonly refreshToken: string
}

interface Procedure {
  readonly _def: { readonly type: string; readonly inputs: readonly unknown[] }
}

/** Left out: they would end the session that the other calls need. */
const excluded = ['account.delete', 'session.signOut']

/** Random inputs for the procedures of a router. */
function callsOf(prefix: string, router: { readonly _def: { readonly procedures: unknown } }) {
  const procedures = Object.entries(router._def.procedures as Record<string, Procedure>)
  const inputs = procedures
    .filter(([path]) => !excluded.includes(path))
    .map(([path, { _def }]) => {
      const [schema] = _def.inputs as SchemaNode[]
      const json = schema === undefined ? hostileJson : mutatedJson(arbitraryOf(schema))
      const isQuery = fc.constant(_def.type === 'query')
      return fc.record({ path: fc.constant(path), json, isQuery })
    })
  return { prefix, input: fc.oneof(...inputs) }
}

const routers = [callsOf('/trpc', appRouter), callsOf('/admin/trpc', adminRouter)]

const contentType = fc.oneof(
  { weight: 6, arbitrary: fc.constant('application/json') },
  fc.constantFrom(
    'application/json; charset=utf-8',
    'application/json; charset=utf-16le',
    'application/json; charset=nonsense',
    'application/json;charset="',
    'APPLICATION/JSON',
    'application/jsonp',
    'text/plain',
    'text/html; charset=gbk',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    'application/json, text/plain',
    '/',
    ';',
    '',
  ),
)

const unusualHeaders = fc.constantFrom<string[]>(
  [],
  ['expect: 100-continue'],
  ['expect: something-else'],
  ['cookie: sid=; sid=x; =; ;;'],
  ['sid: x', 'sid: y'],
  ['authorization: Bearer', 'authorization: Basic x'],
  ['authorization: Bearer \u00ff\u00fe'],
  ['origin: null', 'referer: http://['],
  ['x-forwarded-for: 1.1.1.1, ::1, x', 'x-forwarded-proto: y'],
  ['trpc-accept: application/jsonl'],
  ['trpc-batch-mode: stream', 'accept: text/event-stream'],
  ['x-http-method-override: DELETE'],
  ['upgrade: websocket', 'connection: upgrade', 'sec-websocket-key: x'],
  ['upgrade: h2c', 'connection: upgrade, http2-settings', 'http2-settings: x'],
  ['range: bytes=0-1', 'if-none-match: *'],
  ['connection: close'],
  ['host: elsewhere'],
  Array.from({ length: 150 }, (_, index) => `x-flood-${index}: ${index}`),
  [`x-long: ${'x'.repeat(20_000)}`],
)

const method = fc.oneof(
  { weight: 6, arbitrary: fc.constant(null) },
  fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND'),
)

const encoding = fc.oneof(
  { weight: 8, arbitrary: fc.constant('none' as const) },
  fc.constantFrom('gzip' as const, 'br' as const, 'broken' as const, 'notUtf8' as const),
)

function encode(text: string, how: 'none' | 'gzip' | 'br' | 'broken' | 'notUtf8') {
  const body = Buffer.from(text)
  if (how === 'gzip') return { body: gzipSync(body), headers: ['content-encoding: gzip'] }
  if (how === 'br') return { body: brotliCompressSync(body), headers: ['content-encoding: br'] }
  if (how === 'broken') return { body, headers: ['content-encoding: gzip'] }
  if (how === 'notUtf8')
    return { body: Buffer.concat([body, Buffer.from([0xff, 0xfe, 0xc0, 0x22])]), headers: [] }
  return { body, headers: [] }
}

interface HttpCall {
  readonly target: string
  readonly method: string
  readonly json: string
}

const queryOf = (json: string) => encodeURIComponent(Buffer.from(json).toString()).slice(0, 12_000)

const singleCall: fc.Arbitrary<HttpCall> = fc.oneof(
  ...routers.map(({ prefix, input }) =>
    input.map(({ path, json, isQuery }) =>
      isQuery
        ? { target: `${prefix}/${path}?input=${queryOf(json)}`, method: 'GET', json: '' }
        : { target: `${prefix}/${path}`, method: 'POST', json },
    ),
  ),
)

const batchKeys = fc.constantFrom('0', '1', '-1', '__proto__', '99999999999', 'x')

const batchCall: fc.Arbitrary<HttpCall> = fc.oneof(
  ...routers.map(({ prefix, input }) =>
    fc
      .tuple(fc.array(input, { minLength: 1, maxLength: 12 }), fc.boolean(), batchKeys)
      .map(([calls, isQuery, key]) => {
        const names = calls.map(({ path }) => path).join(',')
        const json = `{${calls.map((call, index) => `"${index}":${call.json || 'null'}`).join(',')},"${key}":1}`
        const target = `${prefix}/${names}?batch=1`
        return isQuery
          ? { target: `${target}&input=${queryOf(json)}`, method: 'GET', json: '' }
          : { target, method: 'POST', json }
      }),
  ),
)

const restCall: fc.Arbitrary<HttpCall> = fc.oneof(
  mutatedJson(arbitraryOf(rest.miniLoginBody as unknown as SchemaNode)).map((json) =>
    post('miniLogin', json),
  ),
  mutatedJson(arbitraryOf(rest.bindBody as unknown as SchemaNode)).map((json) =>
    post('bind', json),
  ),
  mutatedJson(arbitraryOf(rest.refreshBody as unknown as SchemaNode)).map((json) =>
    post('refresh', json),
  ),
  fc.constant({ target: '/auth/queryUserNow', method: 'GET', json: '' }),
)

function post(action: string, json: string): HttpCall {
  return { target: `/auth/${action}`, method: 'POST', json }
}

/** Calls to unusual or unknown addresses. */
const unusualCall: fc.Arbitrary<HttpCall> = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(
        '/trpc/%',
        '/trpc/%00',
        '/trpc/%ff%fe',
        '/trpc/__proto__',
        '/trpc/constructor.name',
        '/trpc/me,me,,',
        '/trpc/',
        '/admin/trpc',
        '/admin/trpc/x/y',
        '/trpc//me',
        '/trpc/../healthz',
        '/trpc/%2e%2e/%2e%2e/etc/passwd',
        '/auth/%E0%A4%A',
        '/auth/../trpc/me',
        '/auth//bind',
        '//127.0.0.1/x',
        'http://127.0.0.1:1/healthz',
        'http://[/',
        '*',
        '/docs/../../package.json',
        '/openapi.json?x[]=1&x[__proto__]=2',
        '/.well-known/jwks.json/',
        '/metrics;x',
        '/trpc/me?batch=1&batch=0&input=1&input=2',
        '/trpc/me?input=%7B%22__proto__%22%3A1%7D&connectionParams=%7B%7D',
        `/trpc/${'me,'.repeat(2_000)}`,
        `/${'a/'.repeat(3_000)}`,
      ),
      fc.webPath({ size: 'medium' }),
      fc.webQueryParameters().map((query) => `/trpc/me?${query}`),
      fc.string({ unit: 'binary', maxLength: 30 }).map((text) => `/${encodeURI(wellFormed(text))}`),
    ),
    fc.constantFrom('GET', 'POST'),
    hostileJson,
  )
  .map(([target, verb, json]) => ({ target: target || '/', method: verb, json }))

const wellFormed = (text: string) => Buffer.from(text).toString()

/** A request with valid HTTP framing and arbitrary content. */
function framed(call: fc.Arbitrary<HttpCall>, tokens: ValidTokens): fc.Arbitrary<HttpMessage> {
  const token = fc.constantFrom(
    [`authorization: Bearer ${tokens.accessToken}`],
    [`cookie: sid=${tokens.accessToken}`],
    [`sid: ${tokens.accessToken}`],
    [`authorization: Bearer ${tokens.refreshToken}`],
    [],
  )
  return fc
    .record({
      call,
      contentType,
      extra: fc.option(unusualHeaders, { freq: 4 }),
      method,
      encoding,
      token,
    })
    .chain(
      ({ call: { target, json, ...rest }, contentType: type, extra, method: verb, ...more }) => {
        const encoded = encode(json, more.encoding)
        return fc.constantFrom('length' as const, 'length' as const, 'chunked' as const).map(
          (framing): HttpMessage => ({
            method: verb ?? rest.method,
            target,
            headers: [`content-type: ${type}`, ...more.token, ...encoded.headers, ...(extra ?? [])],
            body: encoded.body,
            framing: rest.method === 'GET' && json === '' ? 'none' : framing,
          }),
        )
      },
    )
}

/** Changes up to six places of a request, so that it may no longer be valid HTTP. */
function corrupt(bytes: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  return fc
    .tuple(
      bytes,
      fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(3)), { minLength: 1, maxLength: 6 }),
    )
    .map(([whole, changes]) => {
      let result = whole
      for (const [place, byte, kind] of changes) {
        const at = place % Math.min(result.length, 600)
        const [before, after] = [result.subarray(0, at), result.subarray(at)]
        const put = Buffer.from(kind === 0 ? '\r\n' : [byte])
        result = Buffer.concat([before, put, after.subarray(kind === 1 ? 1 : kind === 2 ? 20 : 0)])
      }
      return result
    })
}

/** Requests of every kind, serialised. */
export function mutatedRequests(tokens: ValidTokens): fc.Arbitrary<RawRequest> {
  const parts = fc.oneof(
    { weight: 4, arbitrary: framed(singleCall, tokens) },
    { weight: 2, arbitrary: framed(batchCall, tokens) },
    { weight: 3, arbitrary: framed(restCall, tokens) },
    { weight: 2, arbitrary: framed(unusualCall, tokens) },
  )
  const isHead = ({ method }: HttpMessage): boolean => method === 'HEAD'
  const one = parts.map((part) => ({ bytes: toBytes(part), bodiless: [isHead(part)] }))
  const pipelined = fc.array(parts, { minLength: 2, maxLength: 6 }).map((several) => ({
    bytes: Buffer.concat(several.map(toBytes)),
    bodiless: several.map(isHead),
    // One of them may close the connection, so the number of replies is unknown.
    count: Number.POSITIVE_INFINITY,
    final: true,
  }))
  const corrupted = corrupt(parts.map(toBytes)).map((bytes) => ({ bytes, final: true }))
  return fc.oneof(
    { weight: 8, arbitrary: one },
    { weight: 1, arbitrary: pipelined },
    { weight: 2, arbitrary: corrupted },
  )
}
