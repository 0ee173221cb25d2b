import { App } from 'antd'

interface ConfirmOptions {
  readonly title: string
  /** What happens, in words. */
  readonly content: string
  /** What the button that does it says. */
  readonly okText: string
  readonly isDanger?: boolean
  /** Refusals are told by whoever does it. */
  readonly onConfirm: () => Promise<unknown>
}

/** Asks before something is done; it is done where the operator agrees. */
export function useConfirm(): (options: ConfirmOptions) => void {
  const { modal } = App.useApp()
  return ({ title, content, okText, isDanger = true, onConfirm }) => {
    modal.confirm({
      title,
      content,
      okText,
      okButtonProps: { danger: isDanger },
      // Whoever presses Enter without reading does no harm.
      autoFocusButton: isDanger ? 'cancel' : 'ok',
      onOk: () => onConfirm().catch(() => undefined),
    })
  }
}
