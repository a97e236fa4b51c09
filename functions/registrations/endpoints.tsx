/** The HTTP face of registrations: declarations only. */
import renderToString from 'preact-render-to-string';
import * as z from 'zod';
import { courseCalendar } from '../courses/calendar-file.ts';
import { PhoneNumber } from '../persons/model.ts';
import type { ApiDeps } from '../platform/deps.ts';
import { type Context, endpoint, type Reply } from '../platform/endpoint.ts';
import type { Refused } from '../platform/refusals.ts';
import { ApplyView } from './apply-view.tsx';
import { BookingView } from './booking-view.tsx';
import { changeRegistration } from './change.ts';
import { BookingNumber, BookingSecret, RegistrationRequest, RegistrationSummary } from './model.ts';
import { statusOf } from './places.ts';
import { register, type SeenRegistration } from './register.ts';
import { bookingNumberName, confirmedSessions } from './rules.ts';
import { courseToApplyFor, findBooking, type SeenBooking, seeBooking } from './see.ts';
import { LookupView, MessageView } from './views.tsx';
import type { Happened } from './words.ts';

const BookingParams = z.strictObject({ secret: BookingSecret });

/** Path of a booking's own page. */
function bookingPath(secret: string, happened?: Happened): string {
  return `/bookings/${secret}${happened === undefined ? '' : `?done=${happened}`}`;
}

const registerForCourse = endpoint({
  operation: 'registerForCourse',
  method: 'POST',
  path: '/api/registrations',
  access: 'public',
  summary: 'Apply as a household: seats and childcare places, a wait, a part in a draw, or why not',
  body: RegistrationRequest,
  output: RegistrationSummary,
  refuses: [
    'course_not_found',
    'course_not_bookable_online',
    'course_cancelled',
    'window_not_open',
    'window_closed',
    'session_required',
    'not_eligible',
    'answer_missing',
    'course_full',
    'childcare_full',
    'already_applied',
    'idempotency_key_reused',
  ],
  async handle({ body }, { deps, now, idempotencyKey, rawBody }) {
    const seen = await register(deps, body, { scriptKey: idempotencyKey, rawBody }, now);
    if ('refused' in seen) return seen;
    const path = bookingPath(seen.registration.secret, 'applied');
    return { status: 201, json: summaryOf(seen, path), seeOther: path };
  },
  refusalPage: applyPage,
});

const findBookingByNumber = endpoint({
  operation: 'findBooking',
  method: 'POST',
  path: '/api/bookings/find',
  access: 'public',
  summary: 'Open a booking by its number and telephone number, five tries an hour',
  body: z.strictObject({ bookingNumber: BookingNumber, phone: PhoneNumber }),
  output: z.strictObject({ path: z.string() }),
  refuses: ['booking_not_found', 'too_many_tries'],
  async handle({ body }, { deps, now }) {
    const found = await findBooking(deps, body.bookingNumber, body.phone, now);
    if ('refused' in found) return found;
    const path = bookingPath(found.secret);
    return { json: { path }, seeOther: path };
  },
  async refusalPage(refused, typed, { deps }) {
    const { centre } = deps;
    return deps.templates.fill('booking', {
      title: '予約の確認',
      main: renderToString(<LookupView centre={centre} typed={typed} {...problemsOf(refused)} />),
    });
  },
});

const showBooking = endpoint({
  operation: 'showBooking',
  method: 'GET',
  path: '/bookings/{secret}',
  access: 'public',
  summary: 'The page of a booking. Changes nothing: mail scanners open links',
  params: BookingParams,
  query: z.object({
    done: z.enum(['applied', 'cancelled', 'accepted', 'declined']).optional().catch(undefined),
  }),
  output: 'page',
  refuses: ['booking_not_found'],
  async handle({ params, query }, { deps, now }): Promise<Reply | BookingNotFound> {
    const seen = await seeBooking(deps, params.secret);
    if ('refused' in seen) return seen;
    return { html: bookingPage(deps, seen, now, query.done) };
  },
});

const downloadCalendar = endpoint({
  operation: 'downloadCalendar',
  method: 'GET',
  path: '/bookings/{secret}/calendar.ics',
  access: 'public',
  summary: 'Every session that is confirmed, as one calendar file',
  params: BookingParams,
  output: 'calendar',
  refuses: ['booking_not_found'],
  async handle({ params }, { deps }): Promise<Reply | BookingNotFound> {
    const seen = await seeBooking(deps, params.secret);
    if ('refused' in seen) return seen;
    return {
      file: {
        name: 'koza.ics',
        type: 'text/calendar',
        text: courseCalendar(
          seen.course,
          confirmedSessions(seen.course, seen.registration.places),
          deps.centre,
        ),
      },
    };
  },
});

const cancelBooking = changeOf('cancel', 'cancelled', 'Cancel a booking, or leave the waitlist');
const acceptOffer = changeOf('accept', 'accepted', 'Accept an offered seat');
const declineOffer = changeOf('decline', 'declined', 'Decline an offered seat');

type BookingNotFound = Refused & { readonly refused: 'booking_not_found' };

/** A button on a booking's page: a form post, answered by a redirect back to the page. */
function changeOf(action: 'cancel' | 'accept' | 'decline', done: Happened, summary: string) {
  return endpoint({
    operation: `${action}Booking`,
    method: 'POST',
    path: `/bookings/{secret}/${action}`,
    access: 'public',
    summary,
    params: BookingParams,
    body: z.strictObject({ poolKey: z.string().max(16).optional() }),
    output: 'page',
    refuses: ['booking_not_found', 'not_possible_now', 'cancel_deadline_passed', 'offer_expired'],
    async handle({ params, body }, { deps, now }) {
      const seen = await seeBooking(deps, params.secret);
      if ('refused' in seen) return seen;
      const { registrationId, secret } = seen.registration;
      const changed = await changeRegistration(
        deps,
        registrationId,
        { action, poolKey: body.poolKey, by: 'family' },
        now,
      );
      if ('refused' in changed) return changed;
      return { seeOther: bookingPath(secret, done) };
    },
  });
}

export const registrationEndpoints = [
  registerForCourse,
  findBookingByNumber,
  showBooking,
  downloadCalendar,
  cancelBooking,
  acceptOffer,
  declineOffer,
];

function summaryOf({ registration, course }: SeenRegistration, path: string): RegistrationSummary {
  const { registrationId, places } = registration;
  return {
    bookingNumber: bookingNumberName(registrationId),
    status: statusOf(places),
    courseId: course.courseId,
    title: course.title,
    path,
  };
}

function bookingPage(
  deps: ApiDeps,
  { registration, course, waitPositions }: SeenBooking,
  now: Date,
  happened: Happened | undefined,
): string {
  return deps.templates.fill('booking', {
    title: '予約の確認',
    main: renderToString(
      <BookingView
        registration={registration}
        course={course}
        waitPositions={waitPositions}
        happened={happened}
        centre={deps.centre}
        now={now}
      />,
    ),
  });
}

/** The form again, with everything that was typed and a sentence at each field that needs one. */
async function applyPage(
  refused: Refused,
  typed: unknown,
  { deps, now }: Context,
): Promise<string> {
  const courseId = RegistrationRequest.shape.courseId.safeParse(
    (typed as { courseId?: unknown } | undefined)?.courseId,
  );
  const seen = courseId.success ? await courseToApplyFor(deps, courseId.data) : undefined;
  if (!seen) {
    return messagePage({ title: '受け付けられませんでした', sentence: refused.sentence }, deps);
  }
  return deps.templates.fill('apply', {
    title: `${seen.course.title}の申し込み`,
    main: renderToString(
      <ApplyView
        course={seen.course}
        pools={seen.pools}
        centre={deps.centre}
        now={now}
        typed={typed}
        {...problemsOf(refused)}
      />,
    ),
  });
}

/** A refusal as the views take it: sentences at fields, or one for the whole. */
function problemsOf({ field, fields, sentence }: Refused) {
  if (fields !== undefined) return { problems: fields };
  return field === undefined ? { refusal: sentence } : { problems: [{ field, sentence }] };
}

/** The page for a refusal or fault that has no page of its own. */
export function messagePage(
  { title, sentence }: { readonly title: string; readonly sentence: string },
  deps: ApiDeps,
): string {
  return deps.templates.fill('page', {
    title,
    main: renderToString(<MessageView title={title} sentence={sentence} centre={deps.centre} />),
  });
}
