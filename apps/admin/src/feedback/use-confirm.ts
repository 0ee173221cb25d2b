import { App } from 'antd'

interface ConfirmOptions {
  readonly title: string
  /** What the action does. */
  readonly content: string
  /** Text of the confirm button, the verb of the action. */
  readonly okText: string
  /** True (the default) for an action that takes something away: red button, focus on Cancel. */
  readonly isDanger?: boolean
  /** Performs the action. It reports its errors itself. */
  readonly onConfirm: () => Promise<unknown>
}

/** Returns a function that asks for confirmation and then runs the action. */
export function useConfirm(): (options: ConfirmOptions) => void {
  const { modal } = App.useApp()
  return ({ title, content, okText, isDanger = true, onConfirm }) => {
    modal.confirm({
      title,
      content,
      okText,
      okButtonProps: { danger: isDanger },
      // Enter pressed without reading must not confirm a dangerous action.
      focusable: { autoFocusButton: isDanger ? 'cancel' : 'ok' },
      onOk: () => onConfirm().catch(() => undefined),
    })
  }
}
