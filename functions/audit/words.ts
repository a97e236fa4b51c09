/** What a line of the audit says to a person. Pure and without zod. */
import type { AuditAction } from './model.ts';

export const auditActionName: Readonly<Record<AuditAction, string>> = {
  roster_read: '名簿を見た',
  roster_exported: '名簿を表に保存した',
  attendance_read: '出欠の名簿を見た',
  attendance_marked: '出欠を付けた',
  call_list_read: '電話をかける方の一覧を見た',
  call_made: '電話連絡を書きとめた',
  draw_read: '抽選の下見や結果を見た',
  search: '申し込みを探した',
  booking_read: '申し込みを見た',
  booking_entered: '申し込みを入れた',
  booking_cancelled: '申し込みを取り消した',
  booking_accepted: 'ご案内に「参加」と答えた',
  booking_declined: 'ご案内に「見送り」と答えた',
  booking_moved: '回を移した',
  booking_noted: 'メモを書いた',
  audit_read: 'この記録を見た',
};
