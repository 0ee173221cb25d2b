import { describe, expect, it, vi } from 'vitest'
import {
  AbortControllerPolyfill,
  AbortSignalPolyfill,
  installAbortController,
} from './abort-controller.ts'

describe('AbortControllerPolyfill', () => {
  it('aborts once, with the first reason', () => {
    const { signal, abort } = bound(new AbortControllerPolyfill())
    expect(signal.aborted).toBe(false)
    abort('first')
    abort('second')
    expect([signal.aborted, signal.reason]).toEqual([true, 'first'])
  })

  it('gives an AbortError as the reason where none is told', () => {
    const controller = new AbortControllerPolyfill()
    controller.abort()
    expect(controller.signal.reason).toMatchObject({ name: 'AbortError' })
    expect(() => controller.signal.throwIfAborted()).toThrow(controller.signal.reason as Error)
  })

  it('tells every listener once, in the order they came', () => {
    const controller = new AbortControllerPolyfill()
    const heard: string[] = []
    const twice = () => heard.push('function')
    controller.signal.onabort = () => heard.push('onabort')
    controller.signal.addEventListener('abort', twice)
    controller.signal.addEventListener('abort', twice)
    controller.signal.addEventListener('abort', { handleEvent: (e) => heard.push(e.type) })
    controller.signal.addEventListener('other', () => heard.push('other'))
    controller.signal.addEventListener('abort', null)
    controller.abort()
    controller.abort()
    expect(heard).toEqual(['onabort', 'function', 'abort'])
  })

  it('does not tell a listener that was removed, even by an earlier listener', () => {
    const { signal, abort } = bound(new AbortControllerPolyfill())
    const gone = vi.fn()
    signal.addEventListener('abort', () => signal.removeEventListener('abort', gone))
    signal.addEventListener('abort', gone, { once: true })
    abort()
    expect(gone).not.toHaveBeenCalled()
  })

  it('tells all listeners although one throws, and reports the error later', () => {
    vi.useFakeTimers()
    const { signal, abort } = bound(new AbortControllerPolyfill())
    const after = vi.fn()
    signal.addEventListener('abort', () => {
      throw new Error('a listener broke')
    })
    signal.addEventListener('abort', after)
    abort()
    expect(after).toHaveBeenCalledWith({ type: 'abort', target: signal })
    expect(() => vi.runAllTimers()).toThrow('a listener broke')
    vi.useRealTimers()
  })
})

describe('AbortSignalPolyfill', () => {
  it('can be born aborted', () => {
    const signal = AbortSignalPolyfill.abort('why')
    expect([signal.aborted, signal.reason]).toEqual([true, 'why'])
  })

  it('can abort by the clock', () => {
    vi.useFakeTimers()
    const signal = AbortSignalPolyfill.timeout(50)
    vi.advanceTimersByTime(49)
    expect(signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
    vi.useRealTimers()
  })
})

describe('installAbortController', () => {
  it('fills what is absent and leaves what is there', () => {
    const bare: Record<string, unknown> = {}
    installAbortController(bare)
    expect(bare).toEqual({
      AbortController: AbortControllerPolyfill,
      AbortSignal: AbortSignalPolyfill,
    })
    const modern = { AbortController }
    installAbortController(modern)
    expect(modern).toEqual({ AbortController })
  })

  it('leaves a runtime that has one as it is', () => {
    const before = AbortController
    installAbortController()
    expect(AbortController).toBe(before)
  })
})

function bound(controller: AbortControllerPolyfill) {
  return { signal: controller.signal, abort: (reason?: string) => controller.abort(reason) }
}
