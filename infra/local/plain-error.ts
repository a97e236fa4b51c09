/** An error whose message is one sentence in Japanese for whoever runs this, and needs no more. */
export class PlainError extends Error {
  override readonly name = 'PlainError';
}
