/** The one error of the codec: bytes that are not the record they should be, or a record that its schema cannot hold. */
export class CodecError extends Error {
  override readonly name = "CodecError";
}
