import { useSyncExternalStore } from 'react'

/** Whether the system wishes what the media query names, now and as it changes. */
export function useMediaQuery(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const wish = matchMedia(query)
      wish.addEventListener('change', listener)
      return () => wish.removeEventListener('change', listener)
    },
    () => matchMedia(query).matches,
  )
}
