import type { User } from '@mianmi/contracts'
import { displayName } from '../../account/display-name.ts'
import { createNicknameReview, type NicknameReviewResult } from '../../account/nickname-review.ts'
import { readPicture, UnusablePictureError } from '../../account/read-picture.ts'
import {
  describeFailure,
  describePhoneRefusal,
  describeWith,
  noFailure,
} from '../../failure/failure.ts'
import { type Guard, guardedData, guardPage } from '../../session/guarded-page.ts'
import { privacy } from '../../session/privacy.ts'
import { api, session } from '../../session/session.ts'
import { textScale } from '../../session/text-scale.ts'

type PhoneEvent = WechatMiniprogram.CustomEvent<{ code?: string; errMsg?: string; errno?: number }>
type AvatarEvent = WechatMiniprogram.CustomEvent<{ avatarUrl?: string; errMsg?: string }>
type ProfileField = 'avatar' | 'nickname' | 'phone'

type FieldEvent = WechatMiniprogram.CustomEvent<{ value: string }>

const refusedText = '微信没有通过这个昵称，请换一个'

/** WeChat's review has refused the nickname. */
class RefusedNicknameError extends Error {}

const noErrors = {
  avatarFailure: noFailure,
  phoneFailure: noFailure,
  failure: noFailure,
  nicknameError: '',
}

Page({
  data: {
    ...guardedData,
    ...noErrors,
    scale: textScale,
    user: null as User | null,
    name: '',
    saving: '' as '' | ProfileField,
  },
  guard: null as Guard | null,
  nickname: '',
  review: createNicknameReview(),

  onLoad() {
    this.review = createNicknameReview()
    this.guard = guardPage(this, async () => this.viewOf((await api.me.query()).user))
  },
  onShow() {
    this.guard?.shown()
  },
  onUnload() {
    this.guard?.stop()
  },
  retry() {
    this.guard?.retry()
  },
  viewOf(user: User) {
    this.nickname = user.nickname ?? ''
    return { user, name: displayName(user) }
  },

  agree(event: WechatMiniprogram.CustomEvent<{ buttonId: string }>) {
    privacy.agree(event.detail.buttonId)
  },
  async useAvatar({ detail }: AvatarEvent) {
    const { avatarUrl } = detail
    if (!avatarUrl) {
      this.setData({ avatarFailure: describeFailure(detail) })
      return
    }
    // A file of this phone, which other devices cannot show; an https address in old WeChat versions.
    const change = async () =>
      avatarUrl.startsWith('https://')
        ? api.account.updateProfile.mutate({ avatarUrl })
        : api.account.setAvatar.mutate({ image: await readPicture(avatarUrl) })
    const error = await this.save('avatar', change)
    const texts = { invalid_input: '头像只能是 JPEG、PNG 或 WebP 图片，请换一张' }
    if (error instanceof UnusablePictureError)
      this.setData({ avatarFailure: { ...noFailure, text: error.message } })
    else if (error) this.setData({ avatarFailure: describeWith(texts, error) })
  },
  typeNickname({ detail }: FieldEvent) {
    this.nickname = detail.value
    // A field that is empty, also because WeChat has refused its text, keeps the reason.
    if (detail.value && this.data.nicknameError) this.setData({ nicknameError: '' })
  },
  focusNickname() {
    this.review.focus()
  },
  blurNickname({ detail }: FieldEvent) {
    this.review.blur(detail.value)
  },
  endReview({ detail }: WechatMiniprogram.CustomEvent<NicknameReviewResult>) {
    if (!this.review.end(detail, this.nickname)) return
    this.nickname = ''
    this.setData({ nicknameError: refusedText })
  },
  async saveNickname() {
    const nickname = this.nickname.trim()
    if (nickname === '') {
      this.setData({ nicknameError: '请输入昵称' })
      return
    }
    const change = async () => {
      if (await this.review.isRefused(nickname)) throw new RefusedNicknameError()
      return api.account.updateProfile.mutate({ nickname })
    }
    const error = await this.save('nickname', change)
    const texts = { invalid_input: '昵称最多 32 个字，不能有特殊符号' }
    if (error instanceof RefusedNicknameError) this.setData({ nicknameError: refusedText })
    else if (error) this.setData({ failure: describeWith(texts, error) })
  },
  async usePhone({ detail }: PhoneEvent) {
    const { code } = detail
    if (!code) {
      this.setData({ phoneFailure: describePhoneRefusal(detail, '没有使用手机号').failure })
      return
    }
    const error = await this.save('phone', () => api.account.bindPhone.mutate({ code }))
    const texts = {
      account_taken: '这个手机号已绑定其他账号',
      phone_rejected: '微信没有给出这个手机号，请再试一次',
    }
    if (error) this.setData({ phoneFailure: describeWith(texts, error) })
  },
  /** Makes one change at a time. Returns what it has thrown, or null. */
  async save(saving: ProfileField, change: () => Promise<{ user: User }>): Promise<unknown> {
    if (this.data.saving) return null
    this.setData({ ...noErrors, saving })
    try {
      const { user } = await change()
      await session.updateUser(user)
      this.setData(this.viewOf(user))
      wx.showToast({ title: '已保存', icon: 'success' })
      return null
    } catch (error) {
      return error
    } finally {
      this.setData({ saving: '' })
    }
  },
})
