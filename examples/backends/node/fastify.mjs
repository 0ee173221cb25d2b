// A backend beside mianmi: npm install fastify jose. MIANMI=https://id.example APP_ID=wx… MIANMI_KEY=mk_… node fastify.mjs
import process from 'node:process'
import fastify from 'fastify'
import { createRemoteJWKSet, jwtVerify } from 'jose'

const { MIANMI: issuer, APP_ID: audience, MIANMI_KEY: key, PORT = '4000' } = process.env
const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
const bearer = ({ headers }) => headers.authorization?.match(/^Bearer (\S+)$/i)?.[1] ?? ''
const refuse = (statusCode) => Object.assign(new Error('refused'), { statusCode })
const tokenFault = /_(JW[ST]|NOT?)_/ // in the code of an error; keys that cannot be fetched are none
/** Local: no call to mianmi. A session that was ended is noticed when the token expires, after 15 minutes at most. */
async function verify(request) {
  const rules = { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] }
  const verified = await jwtVerify(bearer(request), keys, rules).catch(({ code }) => {
    throw refuse(tokenFault.test(code) ? 401 : 502)
  })
  return verified.payload.sub
}
async function ask(path, options = {}) {
  const headers = { authorization: `Bearer ${key}` }
  const reply = await fetch(`${issuer}/v1${path}`, { ...options, headers })
  if (!reply.ok) throw refuse(reply.status === 404 ? 404 : 502)
  return reply.json()
}
/** Asks mianmi: an ended session is refused at once. For what costs money. */
async function introspect(request) {
  const body = new URLSearchParams({ token: bearer(request) })
  const found = body.get('token') && (await ask('/introspect', { method: 'POST', body }))
  if (!found?.active || found.aud !== audience) throw refuse(401)
  return found
}

const app = fastify()
app.get('/orders', async (request) => ({ user: await verify(request) }))
app.post('/pay', async (request) => {
  const { sub } = await introspect(request)
  const { identities } = await ask(`/users/${encodeURIComponent(sub)}`)
  return { openid: identities.find(({ appId }) => appId === audience)?.openid ?? null }
})
await app.listen({ port: Number(PORT) })
