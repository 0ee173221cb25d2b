const mark = 'data-sim-focus'

/** Focuses a control; one of a page that is not shown yet, when it is shown. A browser focuses nothing that is hidden. */
export function focusWhenShown(control: HTMLElement): void {
  control.focus()
  control.toggleAttribute(mark, control.ownerDocument.activeElement !== control)
}

/** The control no longer waits for its page. */
export function forgetFocus(control: HTMLElement): void {
  control.removeAttribute(mark)
}

/** Focuses the control that has waited for this page; the last one, as where all are shown. */
export function giveFirstFocus(frame: Element): void {
  const waiting = [...frame.querySelectorAll<HTMLElement>(`[${mark}]`)]
  for (const control of waiting) forgetFocus(control)
  waiting.at(-1)?.focus()
}
