import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useFormat } from '../../../../language/format.ts'
import { useText } from '../../../../language/texts.ts'
import { type BulkAction, BulkDialog } from './bulk-dialog.tsx'
import { bulkText } from './text.ts'

interface SelectionBarProps {
  readonly userIds: readonly string[]
  readonly onClear: () => void
}

/** What can be done to the selected people. */
export function SelectionBar({ userIds, onClear }: SelectionBarProps): ReactNode {
  const text = useText(bulkText)
  const format = useFormat()
  const [action, setAction] = useState<BulkAction | null>(null)
  return (
    <div className="selection-bar">
      <span role="status">{text.selected(format.number(userIds.length))}</span>
      <Button size="small" onClick={() => setAction('endSessions')}>
        {text.confirm.endSessions}
      </Button>
      <Button size="small" danger onClick={() => setAction('disable')}>
        {text.confirm.disable}
      </Button>
      <Button size="small" type="link" onClick={onClear}>
        {text.unselect}
      </Button>
      {action !== null && (
        <BulkDialog
          action={action}
          userIds={userIds}
          onClose={(done) => {
            setAction(null)
            if (done) onClear()
          }}
        />
      )}
    </div>
  )
}
