import { dispatchFrom } from './dispatch.ts'

/**
 * Dispatches gestures and records whether the handlers of a tap are running, because some APIs, such
 * as `wx.openSetting`, work only then.
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
