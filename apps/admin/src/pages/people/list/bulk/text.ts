/** Texts of what is done to many people at once. Grouped by action, which `texts` cannot express. */
export const bulkText = {
  zh: {
    selected: (count: string) => `已选择 ${count} 人`,
    unselect: '取消选择',
    title: { disable: '停用所选人员？', endSessions: '吊销所选人员的会话？' },
    confirm: { disable: '停用', endSessions: '吊销会话' },
    effect: {
      disable: (people: string, sessions: string) =>
        `将停用 ${people} 人，并结束 ${sessions} 个会话。停用期间无法登录，可以随时重新启用。`,
      endSessions: (people: string, sessions: string) =>
        `将结束 ${people} 人的 ${sessions} 个会话。小程序下次打开时会自动重新登录。`,
    },
    skipped: (count: string, why: string) => `跳过 ${count} 人：${why}`,
    why: {
      not_found: '人员已不存在',
      administrator: '是管理员，请在人员页面单独处理',
      disabled: '已经停用',
      no_sessions: '没有进行中的会话',
    },
    reason: '原因',
    reasonHint: '会作为备注写在每个人的页面上',
    done: (people: string, sessions: string) => `已处理 ${people} 人，结束 ${sessions} 个会话`,
  },
  en: {
    selected: (count: string) => `${count} selected`,
    unselect: 'Clear selection',
    title: { disable: 'Disable the selected people?', endSessions: 'Revoke their sessions?' },
    confirm: { disable: 'Disable', endSessions: 'Revoke sessions' },
    effect: {
      disable: (people: string, sessions: string) =>
        `People to disable: ${people}; sessions that end: ${sessions}. They cannot sign in until they are enabled again.`,
      endSessions: (people: string, sessions: string) =>
        `People: ${people}; sessions that end: ${sessions}. The mini programs sign in again when they are opened.`,
    },
    skipped: (count: string, why: string) => `Skipped: ${count}, ${why}`,
    why: {
      not_found: 'no longer there',
      administrator: 'administrators, who are dealt with on their own page',
      disabled: 'disabled already',
      no_sessions: 'without an open session',
    },
    reason: 'Reason',
    reasonHint: 'Kept as a note on each person',
    done: (people: string, sessions: string) =>
      `Done: ${people} people, ${sessions} sessions ended`,
  },
}
