/** The door for pages that seal and open letters: age, signatures and words. Loaded only when needed. */

export {
  ableTo,
  beginEpoch,
  changeRecovery,
  claimedPin,
  desksOf,
  endKeyholder,
  epochBeganAt,
  grantDesk,
  type Hand,
  keyholdersOf,
  LEAST_ABLE,
  makeKeyholder,
  memberLeaves,
  openHand,
  type Standing,
  type Step,
  type StepFault,
  setUp,
  signMember,
  standingOf,
  thinDesks,
  withdrawDesk,
} from '../../functions/keys/ceremony.ts';
export {
  append,
  currentEpoch,
  type DeskEpoch,
  type KeyList,
  type ListFault,
  type Pinned,
  readKeyList,
  type SignedLine,
  type Statement,
} from '../../functions/keys/key-list.ts';
export {
  combineShares,
  drawSet,
  readShare,
  type Share,
  type ShareFault,
  writeShares,
} from '../../functions/keys/shares.ts';
export {
  type CentreSecret,
  type DeskSecrets,
  fingerprintOf,
  type MemberKey,
  newDeskSecrets,
  newMemberKey,
  openCentre,
  openGrant,
  openVault,
  sealCentre,
  sealGrant,
  sealVault,
} from '../../functions/keys/vault.ts';
export type {
  Attachment,
  DeskContent,
  Direction,
  LetterContent,
} from '../../functions/letters/content.ts';
export { LONGEST_TEXT } from '../../functions/letters/content.ts';
export type {
  ChallengeReply,
  LetterHeader,
  OpenedMailbox,
  PostedLetter,
  ReadingTimes,
  SealedPart,
} from '../../functions/letters/model.ts';
export {
  type OpenedPicture,
  openPicture,
  type Picture,
  type PictureFault,
  type PictureType,
  type SealedPicture,
  sealPicture,
  splitSealed,
} from '../../functions/letters/picture-sealing.ts';
export {
  completionsOf,
  drawWords,
  isWord,
  type Mailbox,
  mailboxOf,
  RECEIPT_WORDS,
  readKana,
  readWords,
  WORDS,
} from '../../functions/letters/receipt.ts';
export {
  type ConversationFault,
  type HeldLetter,
  type LetterFault,
  type Newest,
  openForDesk,
  openWith,
  type ReadConversation,
  type ReadLetter,
  readConversation,
  sealFor,
  sealForDesk,
  sealLetter,
  TooLong,
} from '../../functions/letters/sealing.ts';
export {
  conversationNumber,
  fromBase64,
  hashOf,
  type MailboxAction,
  signRequest,
  toBase64,
} from '../../functions/letters/signing.ts';
