/** For pages that show courses: status and seats stay true while the page is open. */
import { watchStatus } from './status.ts';

watchStatus();
