import type { Modal, SettingItem } from '../../screen-host.ts'
import { type ActionItem, createActionSheet } from './action-sheet.ts'
import { type Dialog, openDialog } from './dialog.ts'
import { createModal } from './modal.ts'
import { createRequestSheet, type PermissionRequest } from './request-sheet.ts'
import { createSettingsPage } from './settings-page.ts'

export interface Dialogs {
  showModal(modal: Modal): Promise<boolean>
  /** The index of the chosen item, -1 when cancelled. */
  showActionSheet(items: ActionItem[], label?: string): Promise<number>
  /** Whether the person allows it. */
  showRequest(request: Omit<PermissionRequest, 'appName'>): Promise<boolean>
  /** Scope → granted, when the page is left. */
  showSettings(items: SettingItem[]): Promise<Record<string, boolean>>
  /** Closes whatever is open, unanswered. */
  close(): void
}

/**
 * Everything that is asked over `parent`. One at a time: a new dialog waits for the last.
 *
 * @param asker the mini program's name
 */
export function createDialogs(parent: HTMLElement, appName: string): Dialogs {
  const document = parent.ownerDocument
  let last: Promise<unknown> = Promise.resolve()
  let closeOpen = (): void => undefined

  const ask = <T>(dialog: Dialog<T>): Promise<T> => {
    const answer = last.then(
      () =>
        new Promise<T>((resolve) => {
          closeOpen = openDialog(parent, dialog, resolve)
        }),
    )
    last = answer
    return answer
  }

  return {
    showModal: (modal) => ask(createModal(document, modal)),
    showActionSheet: (items, label) => ask(createActionSheet(document, items, label)),
    showRequest: (request) => ask(createRequestSheet(document, { ...request, appName })),
    showSettings: (items) => ask(createSettingsPage(document, appName, items)),
    close() {
      closeOpen()
      last = Promise.resolve()
    },
  }
}
