import process from 'node:process'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'

/** Discards the echo of what is typed. */
const discard = new Writable({ write: (_chunk, _encoding, done) => done() })

/** Reads a password from the terminal without echo, or the first line of piped input. */
export async function askPassword(question: string): Promise<string> {
  const { stdin: input, stderr } = process
  const terminal = input.isTTY === true
  // In terminal mode readline also turns off the terminal's own echo.
  const lines = createInterface({ input, output: discard, terminal })
  if (terminal) stderr.write(question)
  try {
    for await (const line of lines) return line
    return ''
  } finally {
    lines.close()
    if (terminal) stderr.write('\n')
  }
}
