// npm install @nestjs/core @nestjs/common @nestjs/platform-express rxjs reflect-metadata jose
// MIANMI=https://id.example APP_ID=wx… MIANMI_KEY=mk_… nest start
import 'reflect-metadata'
import process from 'node:process'
import { Controller, Get, HttpCode, Module, Post, Req, UseGuards } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ActiveSessionGuard, MianmiGuard, openidOf } from './nest-guard.ts'

@Controller()
@UseGuards(MianmiGuard)
class ShopController {
  @Get('orders')
  orders(@Req() { userId }: { userId: string }) {
    return { user: userId }
  }

  @Post('pay')
  @HttpCode(200)
  @UseGuards(ActiveSessionGuard)
  async pay(@Req() { userId }: { userId: string }) {
    return { openid: await openidOf(userId) }
  }
}

@Module({ controllers: [ShopController] })
class ShopModule {}

const { PORT: port = '4000' } = process.env
const app = await NestFactory.create(ShopModule, { logger: ['error'] })
await app.listen(Number(port))
