/** What is inside the seal of a letter, as a schema that a browser can carry (zod/mini). */
import * as z from 'zod/mini';

/** From the young person or parent to the centre, and back. */
export const Direction = z.enum(['in', 'out']);
export type Direction = z.infer<typeof Direction>;

/** Text lengths in characters. 64 KiB hold some 21,000 of them; a letter on a phone has 300. */
export const LONGEST_TEXT = 16_000;
export const MOST_ATTACHMENTS = 4;

const Key = z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/));
const Recipient = z.string().check(z.regex(/^age1[a-z0-9]{58}$/));
const Hash = Key;
const Numbered = z.int().check(z.minimum(1), z.maximum(100_000));

/** A letter by its place and the hash of its sealed bytes. */
export const NamedLetter = z.strictObject({ number: Numbered, hash: Hash });
export type NamedLetter = z.infer<typeof NamedLetter>;

/** A picture that was sealed by itself and sent in parts. Name and type are known inside only. */
export const Attachment = z.strictObject({
  id: z.string().check(z.regex(/^[A-Za-z0-9_-]{22}$/)),
  name: z.string().check(z.maxLength(120)),
  type: z.enum(['image/jpeg', 'image/png', 'image/webp']),
  /** Bytes of the picture. */
  size: z.int().check(z.minimum(1), z.maximum(20_000_000)),
  parts: z.int().check(z.minimum(1), z.maximum(32)),
  /** Of the sealed bytes, all parts joined. */
  hash: Hash,
});
export type Attachment = z.infer<typeof Attachment>;

const common = {
  v: z.literal(1),
  /** The mailbox that the conversation belongs to. */
  mailbox: Key,
  number: Numbered,
  /** As the writer's clock had it, RFC 3339. */
  statedAt: z.string().check(z.maxLength(30)),
  /** The desk that is written to, or that answers. */
  desk: z.string().check(z.regex(/^[a-z_]{1,20}$/)),
  /** The newest letter that the writer had from each side. */
  before: z.strictObject({ in: z.nullable(NamedLetter), out: z.nullable(NamedLetter) }),
  text: z.string().check(z.maxLength(LONGEST_TEXT)),
  attachments: z.array(Attachment).check(z.maxLength(MOST_ATTACHMENTS)),
};

export const LetterContent = z.discriminatedUnion('direction', [
  z.strictObject({
    ...common,
    direction: z.literal('in'),
    /** Replies are sealed for these, never for what a server says. */
    keys: z.strictObject({ verify: Key, recipient: Recipient }),
    /** Number of an earlier conversation whose words were lost. */
    quotes: z.optional(z.string().check(z.maxLength(20))),
    /** 来てほしいとき: where, and who; as much as the writer wants to say. */
    reach: z.optional(
      z.strictObject({
        where: z.string().check(z.maxLength(500)),
        who: z.string().check(z.maxLength(200)),
      }),
    ),
  }),
  z.strictObject({
    ...common,
    direction: z.literal('out'),
    /** Epoch of the desk's key that signed it. */
    epoch: z.int().check(z.minimum(1), z.maximum(10_000)),
  }),
]);
export type LetterContent = z.infer<typeof LetterContent>;

/** What staff write for each other about a conversation. */
export const DeskContent = z.strictObject({
  v: z.literal(1),
  /** `kept` stays in the tab of who is writing it, until it becomes one of the others or a report. */
  kind: z.enum(['draft', 'note', 'kept']),
  mailbox: Key,
  desk: common.desk,
  epoch: z.int().check(z.minimum(1), z.maximum(10_000)),
  text: common.text,
  /** Of a draft: the letter that it is to become. */
  round: z.optional(Numbered),
  number: z.optional(Numbered),
  attachments: z.optional(common.attachments),
});
export type DeskContent = z.infer<typeof DeskContent>;
