// What the language itself gives, present on every phone of base library 3.0.0 (iOS 11, Chrome
// 66). Intl, WeakRef and the like are left out: phones exist that lack them.
const LANGUAGE = new Set(
  `Object Array String Number Boolean Symbol BigInt Math JSON Date RegExp Map Set WeakMap WeakSet
   Promise Proxy Reflect Error EvalError RangeError ReferenceError SyntaxError TypeError URIError
   ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array
   Uint32Array Float32Array Float64Array parseInt parseFloat isNaN isFinite encodeURI decodeURI
   encodeURIComponent decodeURIComponent escape unescape undefined NaN Infinity Function`.split(
    /\s+/,
  ),
)

// Named because the host may lack some of them, or hide them from enumeration.
const ALWAYS_ABSENT = `window document fetch XMLHttpRequest AbortController AbortSignal URL
  URLSearchParams Headers Request Response FormData Blob File TextEncoder TextDecoder crypto
  localStorage sessionStorage indexedDB navigator location globalThis global self top parent frames
  process Buffer WebSocket ReadableStream WritableStream structuredClone queueMicrotask
  requestAnimationFrame performance alert Intl eval require module exports`.split(/\s+/)

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

/** Every global name of this host that a phone does not have. */
export function shadowedNames(): string[] {
  const names = new Set(ALWAYS_ABSENT)
  for (let scope: unknown = globalThis; scope; scope = Object.getPrototypeOf(scope)) {
    for (const name of Object.getOwnPropertyNames(scope)) {
      if (IDENTIFIER.test(name) && !LANGUAGE.has(name)) names.add(name)
    }
  }
  return [...names]
}

/** Stands for `Function`: still good for `instanceof`, but it makes no code from text. */
function RefusedFunction(): never {
  throw new EvalError('a mini program cannot make code from text')
}
RefusedFunction.prototype = Function.prototype

let shadowed: string[] | undefined

/**
 * Runs `source` as the body of a strict function that sees the language and `scope`, nothing else.
 *
 * An outer function shadows every other global of the host with `undefined`: as it is not the one
 * that holds the code, the code may declare the same names itself. `eval` is shadowed and
 * `Function` refuses. What stays open is `(() => {}).constructor`, closed on phones: this is a
 * simulator, not a prison for hostile code.
 */
export function evaluate(source: string, file: string, scope: Record<string, unknown>): unknown {
  shadowed ??= shadowedNames()
  const outer = new Function(
    'Function',
    ...shadowed,
    `return function(${Object.keys(scope).join(',')}){"use strict";${source}
}
//# sourceURL=miniprogram://${file}`,
  )
  return outer(RefusedFunction).apply(undefined, Object.values(scope))
}
