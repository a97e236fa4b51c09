/** The HTTP face of letters for who writes them: declarations only. A Lambda of its own serves it. */
import * as z from 'zod';
import { endpoint } from '../platform/endpoint.ts';
import { ask } from './challenge.ts';
import { hideLetters, sayWhetherHelped } from './change.ts';
import { evenly } from './even-time.ts';
import {
  ChallengeReply,
  LetterDesk,
  OpenedMailbox,
  PostedLetter,
  SealedPart,
  SignedRequest,
} from './model.ts';
import { openMailbox } from './open.ts';
import { downloadPart, uploadPart } from './parts.ts';
import { postLetter } from './post.ts';

/** A sealed letter of 64 KiB, in base64 within JSON within JSON. */
const LETTER_BYTES = 128 * 1024;
/** A part of a sealed picture, likewise. */
const PART_BODY_BYTES = 1_250_000;

const Done = z.strictObject({ done: z.literal(true) });

const askForChallenge = endpoint({
  operation: 'askForChallenge',
  method: 'GET',
  path: '/api/letters/challenge',
  access: 'public',
  summary: 'A question to sign and, before sending, to solve; and when somebody reads next',
  query: z.strictObject({ desk: LetterDesk }),
  output: ChallengeReply,
  refuses: [],
  async handle({ query }, { deps, now }) {
    return { json: await ask(deps, query.desk, now) };
  },
});

const post = endpoint({
  operation: 'postLetter',
  method: 'POST',
  path: '/api/letters',
  access: 'public',
  summary: 'Store a sealed letter once; the same letter again gets the same answer',
  body: SignedRequest,
  bodyBytes: LETTER_BYTES,
  output: PostedLetter,
  refuses: [
    'challenge_stale',
    'challenge_unsolved',
    'challenge_used',
    'signature_wrong',
    'not_age',
    'wrong_stanzas',
    'wrong_size',
    'number_taken',
    'number_skipped',
    'attachment_missing',
    'letters_not_ready',
    'invalid_input',
  ],
  async handle({ body }, { deps, now }) {
    const posted = await evenly(() => postLetter(deps, body, now));
    return 'refused' in posted ? posted : { status: 201, json: posted };
  },
});

const open = endpoint({
  operation: 'openMailbox',
  method: 'POST',
  path: '/api/letters/open',
  access: 'public',
  summary: 'The sealed letters of a mailbox; one that does not exist answers like an empty one',
  body: SignedRequest,
  output: OpenedMailbox,
  refuses: ['challenge_stale', 'signature_wrong', 'invalid_input'],
  async handle({ body }, { deps, now }) {
    const opened = await evenly(() => openMailbox(deps, body, now));
    return 'refused' in opened ? opened : { json: opened };
  },
});

const hide = endpoint({
  operation: 'hideLetters',
  method: 'POST',
  path: '/api/letters/hide',
  access: 'public',
  summary: 'Hide what is there from the writer’s own page; the desk keeps its copy',
  body: SignedRequest,
  output: Done,
  refuses: ['challenge_stale', 'signature_wrong', 'invalid_input'],
  async handle({ body }, { deps, now }) {
    const hidden = await evenly(() => hideLetters(deps, body, now));
    return 'refused' in hidden ? hidden : { json: hidden };
  },
});

const helped = endpoint({
  operation: 'sayWhetherHelped',
  method: 'POST',
  path: '/api/letters/helped',
  access: 'public',
  summary: 'Whether the newest answer helped',
  body: SignedRequest,
  output: Done,
  refuses: ['challenge_stale', 'signature_wrong', 'invalid_input'],
  async handle({ body }, { deps, now }) {
    const said = await evenly(() => sayWhetherHelped(deps, body, now));
    return 'refused' in said ? said : { json: said };
  },
});

const upload = endpoint({
  operation: 'uploadPart',
  method: 'POST',
  path: '/api/letters/parts',
  access: 'public',
  summary: 'Put away a part of a sealed picture before its letter; the same part again is the same',
  body: SignedRequest,
  bodyBytes: PART_BODY_BYTES,
  output: Done,
  refuses: [
    'challenge_stale',
    'challenge_unsolved',
    'challenge_used',
    'signature_wrong',
    'not_age',
    'wrong_stanzas',
    'wrong_size',
    'part_taken',
    'invalid_input',
  ],
  async handle({ body }, { deps, now }) {
    const stored = await evenly(() => uploadPart(deps, body, now));
    return 'refused' in stored ? stored : { json: stored };
  },
});

const download = endpoint({
  operation: 'downloadPart',
  method: 'POST',
  path: '/api/letters/parts/open',
  access: 'public',
  summary: 'A part of a sealed picture that a letter of the mailbox names',
  body: SignedRequest,
  output: SealedPart,
  refuses: ['challenge_stale', 'signature_wrong', 'attachment_missing', 'invalid_input'],
  async handle({ body }, { deps, now }) {
    const part = await evenly(() => downloadPart(deps, body, now));
    return 'refused' in part ? part : { json: part };
  },
});

export const letterEndpoints = [askForChallenge, post, open, hide, helped, upload, download];
