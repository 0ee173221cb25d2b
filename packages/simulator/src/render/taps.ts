import { dispatchFrom } from './dispatch.ts'

/**
 * Dispatches gestures and knows when a tap's handlers run: WeChat opens the settings, for example,
 * only from there.
 */
export function createTaps(): { dispatch: typeof dispatchFrom; isTapping(): boolean } {
  let isTapping = false
  return {
    isTapping: () => isTapping,
    dispatch(target, type, detail, extraFields) {
      isTapping = type === 'tap'
      try {
        dispatchFrom(target, type, detail, extraFields)
      } finally {
        isTapping = false
      }
    },
  }
}
