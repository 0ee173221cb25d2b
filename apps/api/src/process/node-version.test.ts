import { expect, it } from 'vitest'
import { requireNode } from './node-version.ts'

it.each(['22.15.0', '22.16.3', '23.0.0', '24.21.0', '100.0.0'])(
  'Node %s is new enough',
  (version) => {
    expect(() => requireNode(version)).not.toThrow()
  },
)

it.each(['22.14.0', '22.9.9', '20.20.2', '18.0.0', '9.99.0'])('Node %s is refused', (version) => {
  expect(() => requireNode(version)).toThrow(`Node >=22.15 is needed, and this is ${version}`)
})
