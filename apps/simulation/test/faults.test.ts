import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { faults } from '../src/faults/index.ts'
import { patchSource } from '../src/product/patch.ts'
import { serviceFaults } from '../src/slow/faults/index.ts'

const root = new URL('../../../', import.meta.url)

it.each([...faults, ...serviceFaults].map((fault) => [fault.name, fault] as const))(
  'the sources still have the text of: %s',
  (_name, { patches }) => {
    for (const patch of patches) {
      const source = readFileSync(new URL(patch.file, root), 'utf8')
      expect(patchSource(source, patch)).not.toBe(source)
    }
  },
)

it('a patch whose text is gone is an error, not a fault that is never found', () => {
  const patch = { file: 'a.ts', find: 'gone', replace: '' }
  expect(() => patchSource('const a = 1', patch)).toThrow('the text of a patch is there 0 times')
  expect(() => patchSource('gone gone', patch)).toThrow('the text of a patch is there 2 times')
})
