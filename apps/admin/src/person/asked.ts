import { App } from 'antd'

interface Question {
  readonly title: string
  /** What happens, in words. */
  readonly warning: string
  /** What the button that does it says. */
  readonly verb: string
  readonly isDanger?: boolean
  /** Refusals are told by whoever does it. */
  readonly act: () => Promise<unknown>
}

/** Asks before something is done; it is done where the operator agrees. */
export function useAsked(): (question: Question) => void {
  const { modal } = App.useApp()
  return ({ title, warning, verb, isDanger = true, act }) => {
    modal.confirm({
      title,
      content: warning,
      okText: verb,
      okButtonProps: { danger: isDanger },
      // Whoever presses Enter without reading does no harm.
      autoFocusButton: isDanger ? 'cancel' : 'ok',
      onOk: () => act().catch(() => undefined),
    })
  }
}
