// npm install express express-oauth2-jwt-bearer. MIANMI=https://id.example APP_ID=wx… MIANMI_KEY=mk_… node express.mjs
import process from 'node:process'
import express from 'express'
import { auth } from 'express-oauth2-jwt-bearer'

const { MIANMI: issuer, APP_ID: audience, MIANMI_KEY: key, PORT = '4000' } = process.env

/** Local verification, by the metadata at `issuer`. `strict` also wants `typ: at+jwt` and the claims of RFC 9068. */
const verify = auth({ issuerBaseURL: issuer, audience, strict: true })

async function ask(path, options = {}) {
  const headers = { authorization: `Bearer ${key}` }
  const reply = await fetch(`${issuer}/v1${path}`, { ...options, headers })
  if (!reply.ok) throw Object.assign(new Error('mianmi refused'), { status: 502 })
  return reply.json()
}

/** Asks mianmi: an ended session is refused at once. For what costs money. */
async function introspect(request, response, next) {
  const body = new URLSearchParams({ token: request.auth.token })
  const found = await ask('/introspect', { method: 'POST', body })
  if (found.active) return next()
  response.sendStatus(401)
}

const app = express()
app.get('/orders', verify, ({ auth: { payload } }, response) => {
  response.json({ user: payload.sub })
})
app.post('/pay', verify, introspect, async ({ auth: { payload } }, response) => {
  const { identities } = await ask(`/users/${encodeURIComponent(payload.sub)}`)
  response.json({ openid: identities.find(({ appId }) => appId === audience)?.openid ?? null })
})
app.listen(Number(PORT))
