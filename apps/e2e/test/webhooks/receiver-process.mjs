import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import process from 'node:process'
import { Webhook } from 'standardwebhooks'

/**
 * A receiver as a process that a test can kill. It verifies each call with the library of Standard Webhooks, and appends a
 * line to a file before it answers, so that a line is there for each call that it may have acknowledged.
 */
const [port, file, secret] = process.argv.slice(2)
const webhook = new Webhook(secret)

const server = createServer(async (request, reply) => {
  const body = (await request.toArray()).join('')
  let event
  try {
    event = webhook.verify(body, request.headers)
  } catch (error) {
    appendFileSync(file, `${JSON.stringify({ error: String(error) })}\n`)
    return reply.writeHead(400).end()
  }
  appendFileSync(file, `${JSON.stringify({ id: request.headers['webhook-id'], ...event })}\n`)
  return reply.writeHead(204).end()
})
server.listen(Number(port), '127.0.0.1', () => console.log('listening'))
