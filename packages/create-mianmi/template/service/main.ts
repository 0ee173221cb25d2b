import { mkdirSync } from 'node:fs'
import process from 'node:process'
import { createApp } from './app.ts'

const { MIANMI_URL = 'http://127.0.0.1:3000', ISSUER = MIANMI_URL } = process.env
const { APP_ID = '%appid%', HOST = '127.0.0.1', PORT = '3200' } = process.env

mkdirSync('.data', { recursive: true })
const app = createApp({
  issuer: ISSUER,
  url: MIANMI_URL,
  appId: APP_ID,
  database: process.env.DATABASE ?? '.data/notes.db',
})
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => void app.close().then(() => process.exit(0)))
console.log(`service: ${await app.listen({ host: HOST, port: Number(PORT) })}`)
