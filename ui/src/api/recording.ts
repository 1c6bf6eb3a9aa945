/** What is kept of the sound: of a call now, and of a recording afterwards. */
export interface RecordingNow {
  state: "on" | "paused" | "off";
  may_start: boolean;
  pause_ends_at: string | null;
  /** The last pause was ended by its limit. */
  pause_expired: boolean;
}

/** Seconds of a recording in which nothing was kept; `paused` by an agent, else the queue does not record by itself. */
export interface Silence {
  begins: number;
  ends: number | null;
  paused: boolean;
}
