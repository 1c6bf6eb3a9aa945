/** What a contact was promised: the waits that were expected, and at which number it is called back. */
export interface Promised {
  promised_seconds?: number | null;
  callback_promised_seconds?: number | null;
  /** The time that was chosen for it. */
  callback_at?: string | null;
  /** The one that the customer has given, where it is not the one that called. */
  callback_number?: string | null;
}
