import type { PictureType } from '../src/index.ts'

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from([...hex.matchAll(/../g)].map(([digits]) => Number.parseInt(digits, 16)))

/** Small pictures that libvips made, by kind. */
export const testPictures: Readonly<
  Record<
    | 'jpeg'
    | 'progressive'
    | 'webp'
    | 'lossless'
    | 'grouped'
    | 'indexed'
    | 'transparent'
    | 'animated',
    Uint8Array
  >
> = {
  jpeg: bytesOf(
    'ffd8ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e2931302e292d2c333a4a3e' +
      '333646372c2d405741464c4e525352323e5a615a50604a51524fffc0000b080011001801011100ffc400170001' +
      '00030000000000000000000000000006010507ffc4003110000201020401070d00000000000000000102030411' +
      '00051221f00613223132347233414251617481a1b1b2c3d1e1ffda0008010100003f003396d342b4e364d5a7d8' +
      '49247cb8f82ea0a5802aa0e6f7205c58f9faefc7ed04ec94396bd4414cf3c89d98e08b9d6bf50d811a85c8245c' +
      '6c0e066590814c02063d0f454fab7bf1fd5d410ae80006d170090a6d6be287968eb04d5d235751217a714b1c51' +
      'b93517668d8ab00a088f4a39b127b677e900232beeb1f81fe830ba8bc9af817eec64753dcb22f75fcd363fffd9',
  ),
  /** Colours at half the resolution, ten scans. */
  progressive: bytesOf(
    'ffd8ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e2931302e292d2c333a4a3e' +
      '333646372c2d405741464c4e525352323e5a615a50604a51524fffdb0043010e0e0e131113261515264f352d35' +
      '4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f' +
      '4f4f4f4f4fffc20011080011001803012200021101031101ffc400180001000301000000000000000000000000' +
      '0002040503ffc4001801000301010000000000000000000000000203050104ffda000c03010002100310000001' +
      'a1af0960f76289ba948e7640559bffc4001b10000300030101000000000000000000000102030012331321ffda' +
      '00080101000105029cc6a931957f39a0015abae32fd3cdba8cffc4001c11000202020300000000000000000000' +
      '00000201030411122131ffda0008010301013f01ae19e7a1dd6a9e3ad98437a7ffc4001b110002020301000000' +
      '00000000000000000001020311213132ffda0008010201013f019d89697485526b2d947a623fffc4001d100002' +
      '0104030000000000000000000000000102101171c1122141ffda0008010100063f023c24d4714b716ba2ed8b3b' +
      '279d913fffc4002010010002010207000000000000000000000100112131c11041518191a1b1ffda0008010100' +
      '013f212682ea55a8a3b10078cb3b0aa3da870d451e58e92c40cf99e87e38436f79ffda000c0301000200030000' +
      '0010f7ff0042ffc4001c11000201050100000000000000000000000001b111213151f061ffda0008010301013f' +
      '10a28dae372f4c5f6889423fffc4001c1100010305000000000000000000000000000111315181a1c1f0ffda00' +
      '08010201013f105b6de88eb134464ae881ffc400221001000201030305000000000000000000011121310041a1' +
      '71b1f010618191d1ffda0008010100013f1019c22aa71e7c1c02c8543be67cfdbe010a5e4a378a61cc3b68dd40' +
      '04e2daeee86c60329c490b10eb9348b66aaca961ba98a7efdfd0af23ddac7a347fffd9',
  ),
  webp: bytesOf(
    '524946462601000057454250565038201a0100003008009d012a180011003eed62ab5029a523a2b0180801301d' +
      '896c009d32e2c77366df0aeb3e33d9c5ce2bd400f433fd80eb63ae014807ba810641f29c6d83a559809fed79ae' +
      'fd475b6000feea346b112596953549f695671118a74285856ec48d5a0fae9340b6877decf28e75e5e281da64e1' +
      '72fa114e7db023dced56dc2b9fb2e5dcafbd1fc5b903a44cf926ca69f177d47a5a19ecd1ba4e082040fc5c228e' +
      '974a7f955ebd24829255afbd4cd89237e66c0450d113fa0e55cb6666a9f0c57a41f14e162e80a5459271aa3e4c' +
      '21d33973362aa6c7fe8c16caa6df6038a36699ce6228785a7f495d2e3f4033d4558e6dcb5a04558e6d5d9f8dc8' +
      '53e73d2ebea0fd7eecdcc808251041b7c0cdf92bbc0ac65fc76bb63d02b40000',
  ),
  lossless: bytesOf(
    '52494646b4000000574542505650384ca80000002f17000400cd9521a2ffb18b88fe87c38d24dbaaf27177d903' +
      '449a53647fedb83b19ab20bdf7bef79670f97666df40dab6a16cfb4381db364a760cc35f680957297fce12bba6' +
      'bfdb0918814f0018359de0041a680093a60fba041d3c1c860b9a02703dfe41d84eb6704d55ac8a768051c365d3' +
      '60805dd1017d0260483025b02afac234cde05e9886373e4584518b220f5585ce01c471e05830a3a22ac0025b1d' +
      'b72003d06784f910',
  ),
  /** Lossless, with a palette. */
  indexed: bytesOf(
    '5249464636000000574542505650384c2a0000002f27c0090017305aa3355af31f7807810061d2a4560111fd0f' +
      'd002bd6881d6a5400b2ea0057ad102ad0b',
  ),
  /** Lossless, with two groups of codes and a colour cache. */
  grouped: bytesOf(
    '524946462e030000574542505650384c210300002f37c005000d286823493946ff8aefd14144ff2700d7a93336' +
      'f4a5d77f066c1a497254fcd11d848170a10dcd1b044a1a49920a0edcfb0f9e7f7d27c048db48f3aff060253c7a' +
      'dcff09a07d95bc0ab4e475283f049882db21a604b40872f45fb2829080e0ff6dc982889800da5e2c6935922448' +
      'b20ed842b87befd1780c0e42031a0843ae19b85c0120143ff555925830d99bbf661062c16410f96bf6c6044072' +
      'db48926439aa8ff3ffd74ef91b854e74e6ec6bef5d40416edb489024a9f777f9677b5346d0b66d928c3fe4bf11' +
      'ffdd5fbe3c7ca0f8039bc6558e0df8f4f72774ecfecf598f695423771fb692e9f7aa2af8391de57f1416ecfef5' +
      'c3349d93d8d5300fe9875fc87eb3e106dc2080ee0567784e450248a23d16f8fb8b6cec73fa5b676c21d9d90ca9' +
      '093fe48e3ca4b9e7b269641d9951f7e3004fede299499a07eeb89949fb5c79add7b7be142398c23c100aa46cfd' +
      '00d243d3997e748e0c358752d20c0b64e9db389a35c52b9731b91721e57bd8babf74fd00dcad61977d39aeb31e' +
      'fd1105124c6ba05d3553ca6d5d83ccc61a1191075150f88379f8051feee67aeae99cb9814a9663dad170a4af17' +
      'a1e9b04fc33c0b436f00ba473cac079f2c605f5c14403ef810d6d48373d1f1e6cf7872d14d0a39037d8db70cc3' +
      'a6080c515bcf6675a079604c3fd0d4288c14967881574b3c366d3d4d2b1abbaaad8ed1b4eb2a1a321d24f4bbb2' +
      '2fa61f7e13a07306435319e25b663a182543b5121ae60935816650d8c61e140d7325f578807cd9dd6617c72594' +
      'd360820c5b02b424ac7f3255c42b4ff921343365d06bbc55f0037d75e19ebbf8c098b0dd986e7e0112fbc34534' +
      '3f95315c3468cc92369505098891697a1490c57ec817ba14cc2e1f2e934144627ce5fa613a945e03b1ac72f417' +
      '484bf45007608f7d5961056c5f1e02929206ee0765a3ff376f6e770634bba7ebc1dd8184577590cb29292946b3' +
      '7aba97e6b11c8a31341453f2d61173cf3d05974b46b74679b70e39dc730f85e11a30f49d0d1b7aeac84dc9e0b2' +
      'c9cbbab9dd412a306453ce3b0ad1cd14c944b3067d678da369a09c1b378ae72eef746c772091dc6307e9d6bdc3' +
      '20eec62833d8ec1e99ef0000',
  ),
  /** Lossy, with a transparency that is lossless. */
  transparent: bytesOf(
    '524946463c01000057454250565038580a00000010000000170000100000414c504831000000116fa0a06d1b36' +
      '5406dd7144444a8b96c234242b0a4fe1293c851852482185545248218598fa8ee87f80328fac9ebdff01005650' +
      '3820e40000001007009d012a180011003ee55ca64da92523a2300c01201c896c009d3283bbbde28f01825792bb' +
      'fa01d66de9cc05115170e82686f84bbaafea6a10eca94039968000feec95930aa2ddfd7f14e32ae444a7efdd80' +
      'f5abcfef8fa3992edfb5f8720fd04f7d251abc96097006b0fa0f87bec19167a9b111f3053c80629e1673fcf337' +
      'e13634ba271bb0cfa6882672cc5c06987bfd5fee40d9dc5552217253ca0561dd7e8c7af7faffcc07919ef3eb1e' +
      'a1165ecc2df911c9471e666f5d99ea881cccdebb33d508c1374c61e7c8ecc5cf8d09d1a0750691234d93224816' +
      '9ef966dda7e83bc000',
  ),
  /** Three frames of 8 × 8. */
  animated: bytesOf(
    '524946460c01000057454250565038580a00000002000000070000070000414e494d06000000ffffffff010041' +
      '4e4d463e000000000000000000070000070000640000025650382026000000d001009d012a0800080004006825' +
      'a400029dcc20d9dc0000feefa089705194a9b5c530000000414e4d464e00000000000000000007000007000064' +
      '0000005650382036000000b401009d012a0800080000006825a400025c45f244a000fed2a3a4ff28052a8e59cd' +
      'dea99f9fe93e5f687233fb86671e3e79431d0000414e4d46440000000000000000000700000700006400000056' +
      '5038202c0000009401009d012a0800080000006825a400029d46534000fe4fc3bab6fca2be99e1ad25d559b860' +
      'bdcc40000000',
  ),
}

/** A zlib stream of uncompressed blocks (RFC 1951, §3.2.4). */
export function storedStream(bytes: readonly number[]): number[] {
  const blocks: number[] = []
  let at = 0
  do {
    const part = bytes.slice(at, at + 0xffff)
    const length = part.length
    at += length
    const size = [length & 255, length >> 8, ~length & 255, (~length >> 8) & 255]
    blocks.push(at < bytes.length ? 0 : 1, ...size, ...part)
  } while (at < bytes.length)
  let [low, high] = [1, 0]
  for (const byte of bytes) {
    low = (low + byte) % 65_521
    high = (high + low) % 65_521
  }
  return [0x78, 1, ...blocks, high >> 8, high & 255, low >> 8, low & 255]
}

const fourBytes = (value: number): number[] => [
  ...[(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255],
]

/** Bit by bit, as the annex of W3C PNG defines it. */
function checkSum(bytes: readonly number[]): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

/** A chunk of a PNG with its check sum. */
export function pngChunk(type: string, data: readonly number[]): number[] {
  const named = [...[...type].map((letter) => letter.charCodeAt(0)), ...data]
  return [...fourBytes(data.length), ...named, ...fourBytes(checkSum(named))]
}

export const pngSignature: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

interface TestPngOptions {
  readonly width?: number
  readonly height?: number
  /** The bits and type of its colours, compression, filter and interlace; default grey of 8 bits. */
  readonly format?: readonly number[]
  /** The rows with their filter bytes; default: black. */
  readonly rows?: readonly number[]
  /** Chunks before and after the pixels. */
  readonly before?: readonly number[]
  readonly after?: readonly number[]
}

/** A PNG that is not compressed. */
export function testPng(options: TestPngOptions = {}): Uint8Array {
  const { width = 3, height = 2, format = [8, 0, 0, 0, 0], before = [], after = [] } = options
  const rows = options.rows ?? Array.from({ length: height * (1 + width) }, () => 0)
  return Uint8Array.from([
    ...pngSignature,
    ...pngChunk('IHDR', [...fourBytes(width), ...fourBytes(height), ...format]),
    ...before,
    ...pngChunk('IDAT', storedStream(rows)),
    ...after,
    ...pngChunk('IEND', []),
  ])
}

/** One picture of each type. */
export const pictureOfType: Readonly<Record<PictureType, Uint8Array>> = {
  jpg: testPictures.jpeg,
  png: testPng(),
  webp: testPictures.webp,
}
