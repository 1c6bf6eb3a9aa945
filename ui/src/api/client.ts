/** One way to the server: same-origin JSON with the session cookie; every refusal becomes an `ApiError`. */
import { i18n } from "@lingui/core";

export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
    readonly field: string | null = null,
    readonly seconds: number | null = null,
    /** What else the server said beside it. */
    readonly more: Record<string, unknown> = {},
  ) {
    super(message);
  }

  /** The server could not be reached at all. */
  get offline(): boolean {
    return this.status === 0;
  }
}

type SessionOver = () => void;
let sessionOver: SessionOver = () => undefined;

/** Called once at start: what to do when the server says the session is over. */
export function onSessionOver(listener: SessionOver): void {
  sessionOver = listener;
}

export function reportSessionOver(): void {
  sessionOver();
}

async function refusal(response: Response): Promise<ApiError> {
  try {
    const { error } = (await response.json()) as {
      error: { code: string; message: string; field?: string | null; seconds?: number } & Record<string, unknown>;
    };
    return new ApiError(error.code, response.status, error.message, error.field ?? null, error.seconds ?? null, error);
  } catch {
    return new ApiError("unreadable", response.status, `HTTP ${response.status}`);
  }
}

function headers(method: string, content: string, version: number | undefined): Record<string, string> {
  return {
    "Accept-Language": i18n.locale,
    ...(method === "GET" ? {} : { "X-Otklik": "1" }),
    ...(content === "" ? {} : { "Content-Type": "application/json" }),
    ...(version === undefined ? {} : { "If-Match": `"${version}"` }),
  };
}

/** `version`: what is changed must still be this one. `signal`: whoever lets go of the question lets the server drop it. */
export async function call<T = undefined>(method: string, path: string, body?: object, version?: number, signal?: AbortSignal): Promise<T> {
  const content = body === undefined ? "" : JSON.stringify(body);
  return ask<T>(path, {
    method,
    // What was asked for last must arrive also when the page is reloaded or closed at that moment.
    // Browsers take at most 64 KiB that way.
    keepalive: method !== "GET" && signal === undefined && content.length < 60_000,
    headers: headers(method, content, version),
    ...(content === "" ? {} : { body: content }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** A file, as it is. */
export const send = <T>(method: string, path: string, file: Blob): Promise<T> =>
  ask<T>(path, { method, headers: { ...headers(method, "", undefined), "Content-Type": file.type || "application/octet-stream" }, body: file });

async function ask<T>(path: string, wanted: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...wanted });
  } catch {
    throw new ApiError("offline", 0, "");
  }
  if (!response.ok) {
    const error = await refusal(response);
    if (error.status === 401 && error.code === "not_signed_in" && path !== "/api/session") sessionOver();
    throw error;
  }
  return (response.status === 204 ? undefined : await response.json()) as T;
}
