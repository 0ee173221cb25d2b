import { createPanel, type Dialog, textButton } from './dialog.ts'

/** A row of an action sheet. */
export interface ActionItem {
  /** The label. */
  text: string
  /** The `data-testid` of the row. */
  testid?: string
}

/** Resolves with the index of the chosen item, or -1. */
export function createActionSheet(
  document: Document,
  items: ActionItem[],
  label = '操作菜单',
): Dialog<number> {
  const buttons = [...items, { text: '取消', testid: undefined }].map(
    ({ text, testid }, index) => ({
      button: textButton(document, text, testid),
      answer: index < items.length ? index : -1,
    }),
  )
  const panel = createPanel(document, {
    name: 'sim-sheet',
    label,
    children: buttons.map(({ button }) => button),
  })
  return { panel, buttons, enterAnswer: -1, escapeAnswer: -1, place: 'bottom', closesOutside: true }
}
