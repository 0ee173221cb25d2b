// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { start } from './launch.ts'

test('a page shows its data, and a tap changes it', async () => {
  const { find, tap } = await start()
  expect(find('title').textContent).toBe('<heLLo>')
  tap('add')
  expect(find('count').textContent).toBe('1')
})
