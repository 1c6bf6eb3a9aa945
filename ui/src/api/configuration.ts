/** The set-up as a file: what the server says of its versions, and of a change to it. */
export interface ConfigurationVersion {
  version: number;
  made_at: string;
  by: string | null;
  comment: string;
}

export interface ConfigurationText extends ConfigurationVersion {
  text: string;
}

export interface ConfigurationPlan {
  version: number;
  changes: { kind: "+" | "-" | "~"; place: string; before: unknown; after: unknown }[];
  faults: { place: string; line: number | null; code: string; warning: boolean; message: string }[];
}
