import { AbortControllerPolyfill } from '@mianmi/wx-link'

const present = typeof AbortController === 'undefined' ? undefined : AbortController
const Controller = present ?? AbortControllerPolyfill

/** The phone's own where it has one. The build binds the bare name in tRPC's client to this. */
export { Controller as AbortController }
