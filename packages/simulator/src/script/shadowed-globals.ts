// Globals of the language that exist on every phone with base library 3.0.0 (iOS 11, Chrome 66).
// Intl, WeakRef and others are missing on some of these phones.
const LANGUAGE = new Set(
  `Object Array String Number Boolean Symbol BigInt Math JSON Date RegExp Map Set WeakMap WeakSet
   Promise Proxy Reflect Error EvalError RangeError ReferenceError SyntaxError TypeError URIError
   ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array
   Uint32Array Float32Array Float64Array parseInt parseFloat isNaN isFinite encodeURI decodeURI
   encodeURIComponent decodeURIComponent escape unescape undefined NaN Infinity Function`.split(
    /\s+/,
  ),
)

// Listed explicitly, because the host may lack them or hide them from enumeration.
const ALWAYS_ABSENT = `window document fetch XMLHttpRequest AbortController AbortSignal URL
  URLSearchParams Headers Request Response FormData Blob File TextEncoder TextDecoder crypto
  localStorage sessionStorage indexedDB navigator location globalThis global self top parent frames
  process Buffer WebSocket ReadableStream WritableStream structuredClone queueMicrotask
  requestAnimationFrame performance alert Intl eval require module exports`.split(/\s+/)

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

/** The names of all globals of this host that a phone does not have. */
export function shadowedNames(): string[] {
  const names = new Set(ALWAYS_ABSENT)
  for (let scope: unknown = globalThis; scope; scope = Object.getPrototypeOf(scope)) {
    for (const name of Object.getOwnPropertyNames(scope)) {
      if (IDENTIFIER.test(name) && !LANGUAGE.has(name)) names.add(name)
    }
  }
  return [...names]
}

/** Replaces `Function`: `instanceof` still works, but it does not compile code from text. */
function RefusedFunction(): never {
  throw new EvalError('a mini program cannot make code from text')
}
RefusedFunction.prototype = Function.prototype

let shadowed: string[] | undefined

/**
 * Runs `source` as the body of a strict function with only the language and `scope` in scope.
 *
 * An outer function shadows every other global of the host with `undefined`. It is not the function
 * that contains the code, so the code may declare the same names. `eval` is undefined and `Function`
 * throws. `(() => {}).constructor` still compiles code, unlike on phones: this does not isolate
 * untrusted code.
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
