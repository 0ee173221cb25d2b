import { texts } from '../../../../language/texts.ts'

export const exportText = texts({
  zh: {
    title: '导出人员',
    export: '导出',
    cancel: '取消',
    close: '关闭',
    what: '把符合当前条件的人员导出为 CSV 文件，按列表的顺序。时间为 UTC。',
    phones: '包含完整手机号',
    phonesWarning:
      '每个显示了号码的人员都会在审计日志中留下一条「查看完整手机号」。请妥善保管文件，用完即删。',
    progress: (count: string) => `已读取 ${count} 人…`,
    exported: (count: string, file: string) => `已导出 ${count} 人，文件名为 ${file}。`,
    columns: '用户 ID,账号,昵称,手机号,外部 ID,角色,小程序,注册时间,最近活动,停用时间',
  },
  en: {
    title: 'Export people',
    export: 'Export',
    cancel: 'Cancel',
    close: 'Close',
    what: 'Exports the people that match the current filters as a CSV file, in the order of the list. Times are in UTC.',
    phones: 'Include full phone numbers',
    phonesWarning:
      'Each person whose number is shown gets an entry “Revealed a phone number” in the audit log. Keep the file safe, and delete it after use.',
    progress: (count: string) => `${count} people read…`,
    exported: (count: string, file: string) => `${count} people exported to ${file}.`,
    columns:
      'User ID,Account,Nickname,Phone,External ID,Role,Mini programs,Joined,Last seen,Disabled',
  },
})
