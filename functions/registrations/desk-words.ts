/** What the desk calls things. Pure and without zod. */
import type { Channel } from './model.ts';

/** How an application came in. */
export const channelName: Readonly<Record<Channel, string>> = {
  web: 'ウェブ',
  phone: '電話',
  counter: '窓口',
};
