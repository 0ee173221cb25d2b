import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const model = fileURLToPath(new URL('../../../packages/core/model/session.pml', import.meta.url))
/** Upper limit of the memory that a check takes, in MiB. */
const memory = 1_500

const hasSpin = ['spin', 'gcc'].every((tool) => spawnSync(tool, ['--version']).error === undefined)

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (error !== undefined || status !== 0)
    throw error ?? new Error(`${command} ended with ${status}: ${stdout}${stderr}`)
  return stdout
}

/** Checks every state of the model that these definitions select. */
function check(optimisation: '-O1' | '-O2', ...definitions: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-model-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  run('spin', ['-a', ...definitions.map((name) => `-D${name}`), model], folder)
  run('gcc', [optimisation, '-w', '-DSAFETY', `-DMEMLIM=${memory}`, '-o', 'pan', 'pan.c'], folder)
  // A process that waits for ever is no fault here: -E. The depth is far above what is reached. -w: a larger hash table.
  const output = run(join(folder, 'pan'), ['-E', '-m1000000', '-w23'], folder)
  const numberOf = (pattern: RegExp) => Number(pattern.exec(output)?.[1])
  return {
    errors: numberOf(/errors: (\d+)/),
    states: numberOf(/(\d+) states, stored/),
    depth: numberOf(/depth reached (\d+)/),
    isComplete: !/Search not completed|search depth too small|MEMLIM/i.test(output),
  }
}

/** By the processes, as `session.pml` describes them. The least number of states shows that the model moves. */
const models = [
  ['THEFT', 'a thief who copied one token is noticed within 5 refreshes of its owner', 1_000_000],
  ['LOSS', 'loss signs no client out, and what was ended stays ended', 1_000_000],
  ['PARALLEL', 'parallel calls sign no client out, and have one successor', 15_000],
] as const

const faults = [
  ['THEFT', 'FAULT_NO_VARIANTS', 'a repeat in a run gets the same token'],
  ['THEFT', 'FAULT_SHORT_RUN', 'a run is over after one generation without a repeat'],
  ['THEFT', 'FAULT_FORGIVE_ALWAYS', 'each second variant is forgiven'],
  ['THEFT', 'FAULT_LATE_REPEATS', 'each late request in a run gets a variant'],
  ['THEFT', 'FAULT_OVERLAP_UNREAD', 'a repeat counts as an overlapping call'],
  ['THEFT', 'FAULT_OVERLAP_ANY_VARIANT', 'an overlapping call may present another variant'],
  ['THEFT', 'NOTICED_WITHIN=4', 'the thief has one use less'],
  ['LOSS', 'FAULT_END_ON_REPEAT', 'a repeat ends the session'],
  ['LOSS', 'FAULT_NO_GRACE', 'a late request ends the session'],
  ['LOSS', 'FAULT_TWO_TRANSACTIONS', 'a node writes the session that it has read before'],
  ['PARALLEL', 'FAULT_NEVER_FORGIVE', 'no second variant is forgiven'],
  ['PARALLEL', 'FAULT_NO_OVERLAP', 'calls that overlap on two nodes are repeats'],
] as const

const needed = hasSpin ? '' : ' (skipped: needs spin and gcc)'

describe.skipIf(!hasSpin)(`the model of the session protocol${needed}`, () => {
  it.each(models)('%s: %s, in every state', (processes, _what, leastStates) => {
    const { errors, states, depth, isComplete } = check('-O2', processes)
    console.info(`${processes}: ${states} states, depth ${depth}`)
    expect(isComplete).toBe(true)
    expect(errors).toBe(0)
    expect(states).toBeGreaterThan(leastStates)
  })

  it.each(faults)('%s: finds %s: %s', (processes, fault) => {
    expect(check('-O1', processes, fault).errors).toBeGreaterThan(0)
  })
})
