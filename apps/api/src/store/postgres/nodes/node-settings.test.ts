import { expect, it } from 'vitest'
import { describeDifferences, nodeName } from './node-settings.ts'

const node = { issuer: 'https://id.example', appIds: ['wx1', 'wx2'] }

it('nodes with the same settings have the same name, whatever the order of the apps', () => {
  expect(nodeName({ ...node, appIds: ['wx2', 'wx1'] })).toBe(nodeName(node))
  expect(describeDifferences(node, nodeName(node))).toEqual([])
})

it('names the variable that differs, and the host of the other issuer', () => {
  const other = nodeName({ ...node, issuer: 'https://old.example' })
  expect(describeDifferences(node, other)).toEqual([
    expect.stringMatching(/^ISSUER is https:\/\/id\.example here.*host old\.example/),
  ])
  const apps = nodeName({ ...node, appIds: ['wx1'] })
  expect(describeDifferences(node, apps)).toEqual([
    expect.stringMatching(/^WECHAT_APPS has the appids wx1, wx2 here/),
  ])
})

it('a name fits into the column of PostgreSQL, and still tells issuers apart', () => {
  const long = (last: string) => ({ ...node, issuer: `https://${'a'.repeat(60)}.${last}` })
  expect(nodeName(long('x'))).toHaveLength(63)
  expect(describeDifferences(long('x'), nodeName(long('y')))).toHaveLength(1)
})

it.each(['mianmi', 'psql', 'mianmi x y z', ''])('the name %j is of no node', (name) => {
  expect(describeDifferences(node, name)).toEqual([])
})
