import { type Reason, reasons } from '@mianmi/core'
import { expect, it } from 'vitest'
import { chinese } from './chinese.ts'
import { type ReasonDoc, readReasons } from './read-reasons.ts'
import { renderErrors } from './render.ts'

const documented = readReasons() as Record<Reason, ReasonDoc>

it('each reason says what it means, when it happens and what a client does, in both languages', () => {
  expect(Object.keys(documented)).toEqual([...reasons])
  for (const docs of [documented, chinese])
    for (const reason of reasons)
      for (const [part, text] of Object.entries(docs[reason]))
        expect([reason, part, text]).toEqual([reason, part, expect.stringMatching(/^\S.+[.。]$/s)])
})

// `docs:errors` in package.json writes the pages again.
it.each([
  ['errors.md', 'english', documented],
  ['errors.zh-CN.md', 'chinese', chinese],
] as const)('docs/%s is up to date', async (file, language, docs) => {
  await expect(renderErrors(language, docs)).toMatchFileSnapshot(`../../../../docs/${file}`)
})
