import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeProgram, read, run } from './examples.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-unit-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const unit = read('deploy/mianmi.service')

/** The unit with the Node of this machine, in a file. */
function writeUnit(): string {
  const path = join(folder, 'mianmi.service')
  expect(unit).toContain('ExecStart=/usr/bin/node ')
  writeFileSync(path, unit.replace('/usr/bin/node ', `${process.execPath} `))
  return path
}

describeProgram('systemd-analyze', '--version')('the unit for systemd', () => {
  it('is valid', () => {
    const path = writeUnit()
    const verified = run('systemd-analyze', 'verify', '--man=no', path)
    // Units of the machine itself may have faults, which the command prints too.
    const lines = verified.output.split('\n').filter((line) => line.includes('mianmi'))
    expect(lines).toEqual([])
  })

  it('exposes little of the machine', () => {
    // In tenths: 0 is a process that can do nothing, 100 one without any limit.
    const args = ['security', '--offline=true', '--threshold=20', writeUnit()]
    const judged = run('systemd-analyze', ...args)
    expect(judged, judged.output).toMatchObject({ code: 0 })
  })

  it('leaves the service more time to stop than it takes', () => {
    const seconds = Number(unit.match(/^TimeoutStopSec=(\d+)$/m)?.[1])
    const drain = Number(read('apps/api/src/main.ts').match(/drainMs = (\d+)_000/)?.[1])
    expect(seconds).toBeGreaterThan(drain)
  })
})
