import process from 'node:process'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Shows nothing of what is typed. */
const silence = new Writable({ write: (_chunk, _encoding, done) => done() })

/** Asks on the terminal without showing the answer, or takes the first line of what is piped in. */
export async function askPassword(question: string): Promise<string> {
  const { stdin: input, stderr } = process
  const terminal = input.isTTY === true
  // From here on the terminal itself shows nothing either.
  const lines = createInterface({ input, output: silence, terminal })
  if (terminal) stderr.write(question)
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (terminal) stderr.write('\n')
  }
}
