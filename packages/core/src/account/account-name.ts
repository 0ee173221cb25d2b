/**
 * The form under which an account name is unique: compatibility characters folded and case
 * removed, so that `Ａｌｉｃｅ`, `ALICE` and `alice` are one principal (RFC 8265 §3.3, UsernameCaseMapped,
 * with NFKC in place of NFC because full-width input is everyday in Chinese input methods).
 */
export function accountKey(name: string): string {
  // Lower-casing can leave a string that NFKC would change again, hence the second pass.
  return name.normalize('NFKC').toLowerCase().normalize('NFKC')
}
