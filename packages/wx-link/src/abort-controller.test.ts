import { describe, expect, it, vi } from 'vitest'
import {
  AbortControllerPolyfill,
  AbortSignalPolyfill,
  installAbortController,
} from './abort-controller.ts'

describe('AbortControllerPolyfill', () => {
  it('aborts once, with the first reason', () => {
    const { signal, abort } = parts(new AbortControllerPolyfill())
    expect(signal.aborted).toBe(false)
    abort('first')
    abort('second')
    expect([signal.aborted, signal.reason]).toEqual([true, 'first'])
  })

  it('has an AbortError as its reason when none is given', () => {
    const controller = new AbortControllerPolyfill()
    controller.abort()
    expect(controller.signal.reason).toMatchObject({
      name: 'AbortError',
      message: 'signal is aborted',
    })
    expect(() => controller.signal.throwIfAborted()).toThrow(controller.signal.reason as Error)
  })

  it('calls each listener once, in the order of registration', () => {
    const controller = new AbortControllerPolyfill()
    const called: string[] = []
    const addedTwice = () => called.push('function')
    controller.signal.onabort = () => called.push('onabort')
    controller.signal.addEventListener('abort', addedTwice)
    controller.signal.addEventListener('abort', addedTwice)
    controller.signal.addEventListener('abort', { handleEvent: (e) => called.push(e.type) })
    controller.signal.addEventListener('other', () => called.push('other'))
    controller.signal.addEventListener('abort', null)
    controller.abort()
    controller.abort()
    expect(called).toEqual(['onabort', 'function', 'abort'])
  })

  it('does not call a listener that an earlier listener has removed', () => {
    const { signal, abort } = parts(new AbortControllerPolyfill())
    const removed = vi.fn()
    signal.addEventListener('abort', () => signal.removeEventListener('abort', removed))
    signal.addEventListener('abort', removed, { once: true })
    abort()
    expect(removed).not.toHaveBeenCalled()
  })

  it('does not remove a listener of abort when another event is named', () => {
    const { signal, abort } = parts(new AbortControllerPolyfill())
    const listener = vi.fn()
    signal.addEventListener('abort', listener)
    signal.removeEventListener('other', listener)
    signal.removeEventListener('abort', null)
    abort()
    expect(listener).toHaveBeenCalledOnce()
  })

  it('throws from throwIfAborted only when aborted', () => {
    const { signal, abort } = parts(new AbortControllerPolyfill())
    expect(() => signal.throwIfAborted()).not.toThrow()
    abort('reason')
    expect(() => signal.throwIfAborted()).toThrow('reason')
  })

  it('calls all listeners when one throws, and reports the error later', () => {
    vi.useFakeTimers()
    const { signal, abort } = parts(new AbortControllerPolyfill())
    const after = vi.fn()
    signal.addEventListener('abort', () => {
      throw new Error('listener failed')
    })
    signal.addEventListener('abort', after)
    abort()
    expect(after).toHaveBeenCalledWith({ type: 'abort', target: signal })
    expect(() => vi.runAllTimers()).toThrow('listener failed')
    vi.useRealTimers()
  })
})

describe('AbortSignalPolyfill', () => {
  it('can be created as aborted', () => {
    const signal = AbortSignalPolyfill.abort('reason')
    expect([signal.aborted, signal.reason]).toEqual([true, 'reason'])
  })

  it('aborts after the time-out', () => {
    vi.useFakeTimers()
    const signal = AbortSignalPolyfill.timeout(50)
    vi.advanceTimersByTime(49)
    expect(signal.aborted).toBe(false)
    vi.advanceTimersByTime(1)
    expect(signal.reason).toMatchObject({
      name: 'TimeoutError',
      message: 'signal timed out',
    })
    vi.useRealTimers()
  })
})

describe('installAbortController', () => {
  it('defines what is absent and keeps what exists', () => {
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

  it('does not change a runtime that has an AbortController', () => {
    const before = AbortController
    const defineProperty = vi.spyOn(Object, 'defineProperty')
    installAbortController()
    expect(defineProperty).not.toHaveBeenCalled()
    defineProperty.mockRestore()
    expect(AbortController).toBe(before)
  })

  it('leaves nothing on the prototype of objects, where it looks for the global object', () => {
    vi.stubGlobal('AbortController', undefined)
    vi.stubGlobal('AbortSignal', undefined)
    const before = Reflect.ownKeys(Object.prototype)
    installAbortController()
    expect(globalThis.AbortController).toBe(AbortControllerPolyfill)
    expect(globalThis.AbortSignal).toBe(AbortSignalPolyfill)
    expect(Reflect.ownKeys(Object.prototype)).toEqual(before)
    vi.unstubAllGlobals()
  })
})

function parts(controller: AbortControllerPolyfill) {
  return { signal: controller.signal, abort: (reason?: string) => controller.abort(reason) }
}
