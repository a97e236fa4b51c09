/** The centre itself (子ども家庭支援センター): names, telephone numbers, opening hours. */
import * as z from 'zod';
import { ClockTime, IsoDate } from '../calendar/model.ts';

/** What a deployment states about its centre. Names and roles differ by city, so they are data. */
export const Centre = z.strictObject({
  name: z.string(),
  nickname: z.string(),
  /** Short name for a mail's sender, where the full one would say too much to a shared phone. */
  neutralName: z.string(),
  municipality: z.string(),
  operator: z.string(),
  department: z.string(),
  address: z.strictObject({
    postalCode: z.string(),
    text: z.string(),
    building: z.string(),
  }),
  phones: z.strictObject({ main: z.string(), consultation: z.string(), teens: z.string() }),
  fax: z.string(),
  email: z.string(),
  /** Weekdays on which the centre is open (0 = Sunday), and the hours in Tokyo. */
  openWeekdays: z.array(z.int().min(0).max(6)),
  opens: ClockTime,
  closes: ClockTime,
  hoursNote: z.string(),
  /** Closed every year on these days, `MM-DD` (年末年始). */
  closedEachYear: z.array(z.string().regex(/^\d{2}-\d{2}$/)),
  /** Closed once (臨時休館). */
  closedDays: z.array(IsoDate),
  closedNote: z.string(),
  mission: z.string(),
  booking: z.strictObject({
    /** Hours that a waitlist offer stays open before it is moved into opening hours. */
    offerHours: z.int().positive(),
    /** Least time to answer an offer, and between its end and the session. */
    offerMinimumHours: z.number().positive(),
    /** Bookings can be cancelled until this time of the day before the first session. */
    cancelUntil: ClockTime,
    /** Time of the day before a session at which families are reminded of it. */
    remindAt: ClockTime,
    /** Waitlist places of a course that states none. */
    defaultWaitlist: z.int().nonnegative(),
    audienceNote: z.string(),
    cancelRule: z.string(),
    childcareRule: z.string(),
    /** 利用目的 (個人情報保護法62条), shown with every form. */
    purposeNotice: z.string(),
    /** Days after the last session until telephone numbers, addresses and wishes are deleted. */
    contactsDays: z.int().positive(),
    /** Days after the last session until the names and birth dates of a booking are deleted. */
    retentionDays: z.int().positive(),
    /** Days after the last session that the counts of a booking are kept, for the yearly reports. */
    countsDays: z.int().positive(),
  }),
});
export type Centre = z.infer<typeof Centre>;
