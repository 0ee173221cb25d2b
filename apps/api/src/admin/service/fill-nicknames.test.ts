import { expect, it, vi } from 'vitest'
import { fillNicknames } from './fill-nicknames.ts'

it('steps follow each other until nothing is left, also after an error', async () => {
  const onError = vi.fn()
  const pauses: number[] = []
  const step = vi
    .fn<() => Promise<'more' | 'busy' | 'done'>>()
    .mockResolvedValueOnce('more')
    .mockRejectedValueOnce(new Error('away'))
    .mockResolvedValueOnce('busy')
    .mockResolvedValueOnce('done')
  const pause = async (ms: number) => void pauses.push(ms)
  fillNicknames({ fill: { step }, onError, pause })
  await vi.waitFor(() => expect(step).toHaveBeenCalledTimes(4))
  expect(onError).toHaveBeenCalledOnce()
  expect(pauses).toEqual([20, 60_000, 60_000])
})

it('no step follows the stop', async () => {
  const step = vi.fn(async () => 'more' as const)
  const stop = fillNicknames({ fill: { step }, onError: () => {} })
  stop()
  await vi.waitFor(() => expect(step).toHaveBeenCalledOnce())
})
