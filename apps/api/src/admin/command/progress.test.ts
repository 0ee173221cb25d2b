import { expect, it } from 'vitest'
import { createProgress } from './progress.ts'

/** A terminal, and what was written to it. */
function openTerminal({ isTTY = true } = {}) {
  const written: string[] = []
  const write = (text: string | Uint8Array): boolean => {
    written.push(String(text))
    return true
  }
  return { isTTY, write, written }
}

it('shows one line at a terminal, and writes nothing elsewhere', () => {
  const terminal = openTerminal()
  const progress = createProgress(terminal)
  progress.show('1 line')
  // Too soon after the first one.
  progress.show('2 lines')
  progress.end()
  expect(terminal.written).toEqual(['\r1 line\u001b[K', '\n'])
  const file = openTerminal({ isTTY: false })
  const silent = createProgress(file)
  silent.show('1 line')
  silent.clear()
  silent.end()
  expect(file.written).toEqual([])
})

it('goes out of the way of a line of the report', () => {
  const terminal = openTerminal()
  const progress = createProgress(terminal)
  progress.clear()
  progress.show('1 line')
  progress.clear()
  progress.clear()
  progress.end()
  expect(terminal.written).toEqual(['\r1 line\u001b[K', '\r\u001b[K'])
})
