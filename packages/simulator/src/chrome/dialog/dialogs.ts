import type { Modal, SettingItem } from '../../screen-host.ts'
import { type ActionItem, createActionSheet } from './action-sheet.ts'
import { type Dialog, openDialog } from './dialog.ts'
import { createModal } from './modal.ts'
import { createRequestSheet, type PermissionRequest } from './request-sheet.ts'
import { createSettingsPage } from './settings-page.ts'

/** WeChat's own dialogs over the pages. */
export interface Dialogs {
  /** Whether the user confirmed. */
  showModal(modal: Modal): Promise<boolean>
  /** The index of the chosen item, -1 when cancelled. */
  showActionSheet(items: ActionItem[], label?: string): Promise<number>
  /** Whether the user allows it. */
  showRequest(request: Omit<PermissionRequest, 'appName'>): Promise<boolean>
  /** Scope → granted, when the user leaves the page. */
  showSettings(items: SettingItem[]): Promise<Record<string, boolean>>
  /** Closes the open dialog without a result. */
  close(): void
}

/**
 * Creates the dialogs over `parent`. One is open at a time; a new dialog waits for the previous one.
 *
 * @param appName the mini program's name
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
