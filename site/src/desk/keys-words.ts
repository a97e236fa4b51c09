/** Sentences of the section 「鍵」. Pure. */
import type { Pinned, Standing, StepFault } from '../sealing.ts';

export const stepFaultSentence: Readonly<Record<StepFault, string>> = {
  not_signed:
    'この職員の鍵は、まだ署名されていないか、署名のあとで変わりました。開き直して、数字を見くらべてから署名してください。',
  desk_closed:
    'あなたがこの窓口を開けないので、できません。開けられる人に頼むか、新しい鍵で始めてください。',
  no_recovery: '復旧の鍵が名簿にないので、できません。',
  nobody_left: '開けられる人が、だれもいなくなります。先に、ほかの人に許可してください。',
};

export const standingName: Readonly<Record<Standing, string>> = {
  signed: '署名ずみ',
  waiting: '署名を待っています',
  gone: '離れました',
};

/** A list of names as it is said: 「A、Bの2人」. */
export function peopleName(names: readonly string[]): string {
  return names.length === 0 ? 'だれもいません' : `${names.join('、')}の${names.length}人`;
}

/** What goes into the settings of a deployment, once a centre is set up or its key was changed. */
export function pinnedText({ centreKey, line }: Required<Pinned>): string {
  return [
    'pinned: {',
    `  centreKey: '${centreKey}',`,
    `  line: { seq: ${line.seq}, hash: '${line.hash}' },`,
    '},',
  ].join('\n');
}

/** What the figures of a pin are made from: the line as well as the key, since a fork may name the same key. */
export const pinFigures = ({ centreKey, line }: Required<Pinned>): string =>
  `${centreKey} ${line.seq} ${line.hash}`;

/** The recipient of the offline command, as somebody pasted it. */
export function readRecipient(text: string): string | undefined {
  return /^age1[a-z0-9]{58}$/.exec(text.trim())?.[0];
}
